"""Native code made of Python: a template with a gate's own function in it, compiled by numba.

It is imported when something has to be compiled, and imports numba.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

from numba import njit, typeof
from numba.core.compiler import Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher, cpu_target

from autograd.compiler import drivers, products, templates
from autograd.compiler.fingerprints import UnknownError, fingerprint, references
from autograd.compiler.signatures import FLOAT, INTEGER, TABLES, Table
from autograd.declaration import Gate


@global_compiler_lock
def compiled(template: str, names: dict[str, Any]) -> str:
    """A template or driver compiled with `names` in place of its stand-ins, as LLVM code.

    names  functions, numbers and tuples; ZERO is one of the program's numbers

    The code has a function `kernel`; it returns what the template returns, or -1 if
    something in it raised. Raises TypeError for a function that numba cannot compile.
    """
    function, table = source(template), TABLES[template]
    try:
        stand_ins = {name: native(thing) if callable(thing) else thing for name, thing in names.items()}
        signature = templates.numba_signature(table, typeof(names.get("ZERO", 0.0)))
        flags = Flags()
        flags.error_model = "numpy"  # a division by 0 is infinity
        flags.nrt = True
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        contexts = cpu_target.typing_context, cpu_target.target_context
        bound, returned = _bound(function, stand_ins, {}), signature.return_type
        code = compile_extra(*contexts, bound, signature.args, returned, flags, locals={})
    except Exception as error:  # numba has an error type of its own, and lets others through
        lines = [line for line in str(error).splitlines() if line and not line.startswith("Failed in")]
        culprit = getattr(names.get("gate"), "__name__", template)
        raise _refusal(culprit, lines[0] if lines else type(error).__name__) from None
    code.library.finalize()
    return str(code.library.get_llvm_str()) + _entry(code.fndesc.mangled_name, table)


def source(template: str) -> FunctionType:
    """The Python function of a template or driver."""
    function: FunctionType = {**vars(templates), **vars(products), **vars(drivers)}[template]
    return function


def _entry(name: str, table: Table) -> str:
    """The function `kernel` around one of numba's, which returns a status and takes room for two results."""
    kinds = {INTEGER: "i64", FLOAT: "double"}
    arguments = ", ".join(f"{kinds.get(kind, 'ptr')} %{parameter}" for parameter, kind in table.items())
    return f"""
define i64 @kernel({arguments}) {{
  %.result = alloca i64
  %.error = alloca ptr
  %.status = call i32 @"{name}"(ptr %.result, ptr %.error, {arguments})
  %.raised = icmp ne i32 %.status, 0
  %.returned = load i64, ptr %.result
  %.answer = select i1 %.raised, i64 -1, i64 %.returned
  ret i64 %.answer
}}
"""


def _refusal(function: str, reason: str) -> TypeError:
    needed = "it must be a plain function of floats that numba can compile"
    return TypeError(f"{function} cannot be compiled: {needed} ({reason})")


def _bound(function: FunctionType, stand_ins: dict[str, Any], ours: dict[FunctionType, Any]) -> FunctionType:
    """A template or driver, and those of our functions that it calls, with their stand-ins replaced.

    ours  such functions that are native already: one serves all that call it
    """
    calls = {}
    for name, thing in references(function):
        if isinstance(thing, FunctionType) and thing.__module__.startswith(__package__):
            if thing not in ours:
                ours[thing] = njit(_bound(thing, stand_ins, ours), **_OPTIONS)
            calls[name] = ours[thing]
    return _rebound(function, calls | stand_ins)


def native(function: Callable[..., Any]) -> Any:
    """A function of floats compiled as it stands, with the plain functions and gates that it calls.

    What numba compiled already stays as it is: numba froze its globals, and the eager engine
    calls the very same. Raises TypeError for anything but a function.
    """
    if isinstance(function, CPUDispatcher):
        return function
    if not isinstance(function, FunctionType):
        raise _refusal(repr(function), f"it is a {type(function).__name__}")
    return _native(function, ())


def _native(function: FunctionType, callers: tuple[FunctionType, ...]) -> Any:
    try:
        key = None if callers else fingerprint(function)
    except UnknownError:
        key = None
    if key in _natives_by_fingerprint:
        return _natives_by_fingerprint[key]
    calls = {}
    for name, thing in references(function):
        called = thing.function if isinstance(thing, Gate) else thing
        if isinstance(called, FunctionType) and called not in (function, *callers):
            callee = _native(called, (function, *callers))
            calls[name] = _inlined(_output, {"gate": callee}) if isinstance(thing, Gate) else callee
    native = _inlined(function, calls)
    if key:
        _natives_by_fingerprint[key] = native
    return native


_natives_by_fingerprint: dict[str | None, Any] = {}  # a gate compiled for one kernel serves the next

gate: Any = None  # a stand-in, as in the templates


def _output(*arguments):
    return gate(*arguments)[0]


_OPTIONS = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _inlined(function: Callable[..., Any], names: dict[str, Any]) -> Any:
    return njit(_rebound(function, names), boundscheck=True, forceinline=True, **_OPTIONS)


def _rebound(function: Callable[..., Any], names: dict[str, Any]) -> FunctionType:
    """The same function with other things for some of the names that it refers to."""
    assert isinstance(function, FunctionType)
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    closure = tuple(CellType(names[name]) if name in names else cell for name, cell in cells)
    scope = {**function.__globals__, **names}
    rebound = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, closure)
    rebound.__kwdefaults__ = function.__kwdefaults__
    return rebound
