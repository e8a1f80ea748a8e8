"""Native code made of Python: a template with a gate's own function in it, compiled by numba.

It is imported when something must be compiled, and numba with it.
"""

from __future__ import annotations

import dis
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import CellType, FunctionType
from typing import Any

from numba import cfunc, njit

from autograd.compiler.drivers import DRIVERS, backward, forward
from autograd.compiler.fingerprints import fingerprint, references
from autograd.compiler.templates import TEMPLATES, pair
from autograd.declaration import Gate


@dataclass(frozen=True)
class Compiled:
    """A template compiled by numba: its address, and the optimised LLVM code that it comes from."""

    address: int
    entry: str
    llvm_code: str
    kept_alive: Any


def compiled(template: str, names: dict[str, Any]) -> Compiled:
    """A template compiled with `names` in place of its stand-ins: functions, numbers, tuples.

    Raises TypeError for a function that numba cannot compile.
    """
    known: dict[str, tuple[Any, Any]] = TEMPLATES | DRIVERS
    function, signature = known[template]
    try:
        specialised = _rebound(function, _natives(template, names))
        made = cfunc(signature, error_model="numpy", forceinline=True)(specialised)
    except Exception as error:  # numba has an error type of its own, and lets others through
        lines = [line for line in str(error).splitlines() if line and not line.startswith("Failed in")]
        culprit = getattr(names.get("gate"), "__name__", template)
        raise TypeError(_not_compiled(culprit, lines[0] if lines else type(error).__name__)) from None
    return Compiled(int(made.address), made.native_name, made.inspect_llvm(), made)


def _not_compiled(function: str, reason: str) -> str:
    needed = "it must be a plain function of floats that numba can compile"
    return f"{function} cannot be compiled: {needed} ({reason})"


def _natives(template: str, names: dict[str, Any]) -> dict[str, Any]:
    """The names that a template is specialised by, with native functions for plain ones."""
    nan = math.nan
    if template == "update":
        of_gate: Any = (nan,) * (1 + names["STATES"])
    else:
        of_gate = (nan, (nan,) * names.get("INPUTS", names.get("WIDTH", 1)))
    otherwise = {"gate": of_gate, "finish": (nan, (nan,)), "norm": nan}
    natives = {
        name: native(thing, otherwise.get(name)) if callable(thing) else thing
        for name, thing in names.items()
    }
    if template == "weighted_sum":
        natives["pair"] = _jit(pair, **natives)
    if template == "descend":
        natives |= {"forward": _jit(forward), "backward": _jit(backward)}
    return natives


def native(function: Callable[..., Any], otherwise: Any = None) -> Any:
    """A function of floats compiled as it stands, with the plain functions and gates that it calls.

    otherwise  what it gives where it raises: native code goes on, and the eager gate is asked
               about numbers that are not finite. None where it never raises

    Raises TypeError for anything but a plain function.
    """
    function = getattr(function, "py_func", function)  # which numba compiled already, otherwise
    if not isinstance(function, FunctionType):
        raise TypeError(_not_compiled(repr(function), f"it is a {type(function).__name__}"))
    made = _native(function, ())
    return _jit(_not_raising, gate=made, OTHERWISE=otherwise) if _raises(function) else made


def _native(function: FunctionType, callers: tuple[FunctionType, ...]) -> Any:
    key = None if callers else fingerprint(function)
    if key in _made:
        return _made[key]
    calls = {}
    for name, thing in references(function):
        called = thing.function if isinstance(thing, Gate) else thing
        if isinstance(called, FunctionType) and called not in (function, *callers):
            made = _native(called, (function, *callers))
            calls[name] = _jit(_output, gate=made) if isinstance(thing, Gate) else made
    native = _jit(function, **calls)
    if key:
        _made[key] = native
    return native


_made: dict[str | None, Any] = {}  # by fingerprint: a gate compiled for one kernel serves the next


def _jit(function: Callable[..., Any], **names: Any) -> Any:
    return njit(_rebound(function, names), error_model="numpy")


# Stand-ins in the two functions below, as in the templates.
gate: Any = None
OTHERWISE: Any = None


def _not_raising(*arguments):
    try:
        return gate(*arguments)
    except Exception:
        return OTHERWISE


def _output(*arguments):
    return gate(*arguments)[0]


def _raises(function: FunctionType) -> bool:
    """Whether a function, or one that it calls, has a `raise` or an `assert`."""
    seen: set[FunctionType] = set()
    waiting = [function]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        if any(instruction.opname == "RAISE_VARARGS" for instruction in dis.get_instructions(function)):
            return True
        for _, thing in references(function):
            thing = getattr(thing, "py_func", getattr(thing, "function", thing))
            if isinstance(thing, FunctionType):
                waiting.append(thing)
    return False


def _rebound(function: Callable[..., Any], names: dict[str, Any]) -> FunctionType:
    """The same function with other things for some of the names that it refers to."""
    assert isinstance(function, FunctionType)
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    closure = tuple(CellType(names[name]) if name in names else cell for name, cell in cells)
    made = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        closure,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__module__ = function.__module__
    made.__qualname__ = function.__qualname__
    return made
