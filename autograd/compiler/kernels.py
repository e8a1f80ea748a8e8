"""The kernels and drivers that run a program: compiled when first needed, kept on disk, called by address.

What a kernel is made of (a template, a gate's function, a pattern of operands) has a
fingerprint, and its machine code is kept under that. So no later process and no other
network compiles it again, and a changed gate is never mistaken for the old one.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.resources
import math
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from autograd.advice import warn
from autograd.compiler import machine_code
from autograd.compiler.fingerprints import UnknownError, fingerprint
from autograd.compiler.signatures import FLOAT, INTEGER, TABLES, UPDATE, Table
from autograd.graph import contribution

Numbers = Sequence[float]
Update = Callable[[Numbers, Numbers, Sequence[Numbers], Numbers], Any]


def kernel(template: str, **names: Any) -> int:
    """The address of a template with `names` in place of its stand-ins: `templates` says what they are."""
    return _address(template, contribution=contribution, **names)


def update_kernel(
    rule: Callable[..., Any], states: int, settings: int, norm: Callable[..., float] | None
) -> int:
    """The kernel of an optimizer's rule (parameter, gradient, *states, *settings) -> (parameter, *states).

    norm  the function of all gradients by which they are clipped, or None
    """
    zeros = (0.0,) * (2 + states + settings)
    return _address("update", gate=rule, norm=norm, ZEROS=zeros, STATES=states, CLIPPED=norm is not None)


@cache
def native_update(rule: Callable[..., Any], states: int, settings: int) -> Update:
    """A rule, applied to many parameters at once: for training by hand.

    It takes numbers, gradients, states and settings and gives the new numbers and states; None if one
    of them is not finite or the rule raises. Raises TypeError for a rule that numba cannot compile.
    """
    kernel = _native(update_kernel(rule, states, settings, None), *UPDATE.values())

    def update(numbers: Numbers, gradients: Numbers, states: Sequence[Numbers], settings: Numbers) -> Any:
        before = np.array([numbers, *states])
        after, count = np.empty_like(before), len(numbers)
        arguments = {
            "numbers": before, "new_numbers": after, "gradients": np.array(gradients),
            "settings": np.array(settings), "largest_norm": math.inf, "count": count, "row": count,
        }  # fmt: skip
        refused = _call(kernel, UPDATE, arguments)
        return None if refused else (after[0].tolist(), after[1:].tolist())

    return update


def run(driver: str, dtype: Any, arguments: dict[str, Any]) -> int:
    """Call a driver on a program whose numbers are of a dtype: `drivers` says what it returns."""
    return _call(_driver(driver, dtype), TABLES[driver], arguments)


def address(array: np.ndarray, dtype: Any = np.float64) -> int:
    """Where the numbers of an array are. The array must outlive the use of it."""
    assert array.dtype in (dtype, np.float64, np.int64), array.dtype
    assert array.flags.c_contiguous
    return array.ctypes.data


def _call(function: Callable[..., int], table: Table, arguments: dict[str, Any]) -> int:
    """Call a native function. An array stands for the address of its numbers."""
    ordered = [arguments[parameter] for parameter in table]
    return function(*[address(x) if isinstance(x, np.ndarray) else x for x in ordered])


@cache
def _driver(name: str, dtype: Any) -> Callable[..., int]:
    return _native(_address(name, ZERO=dtype(0)), *TABLES[name].values())


@cache
def _native(address: int, *kinds: str) -> Callable[..., int]:
    types: dict[str, Any] = {INTEGER: ctypes.c_int64, FLOAT: ctypes.c_double}
    return ctypes.CFUNCTYPE(ctypes.c_int64, *(types.get(kind, ctypes.c_void_p) for kind in kinds))(address)


# ── compiling kernels ───────────────────────────────────────────────────────────────────

_addresses: dict[str, int] = {}


def _address(template: str, **names: Any) -> int:
    """The address of a template compiled with `names` in place of its stand-ins."""
    key = reason = ""
    try:
        key = fingerprint(_compiler_and_machine(), template, *sorted(names.items()))
    except UnknownError as error:
        reason = f"it refers to {error}"
    if key in _addresses:
        return _addresses[key]
    kept = machine_code.read(key) if key else None
    address = machine_code.load(kept) if kept else None
    if address is None:
        subject = getattr(names.get("gate"), "__name__", template)
        code = _compiled(template, names)
        address = None if code.calls_python else machine_code.load(code)
        if address is None:
            raise TypeError(f"{subject} cannot be compiled: its native code calls {', '.join(code.foreign)}")
        if code.foreign:
            reason = f"it calls {', '.join(code.foreign)}"
        if not reason and not machine_code.write(key, code):
            subject = "native code"
            reason = f"no folder for it can be written ({', '.join(map(str, machine_code.folders()))})"
        if reason:
            warn(f"{subject} is compiled anew in every process: {reason}")
    if key:
        _addresses[key] = address
    return address


def _compiled(template: str, names: dict[str, Any]) -> machine_code.MachineCode:
    _say_that_something_is_compiled()
    from autograd.compiler import native  # imports numba

    return machine_code.emitted(native.compiled(template, names))


@cache  # once in a process
def _say_that_something_is_compiled() -> None:
    if sys.stderr.isatty() or "ipykernel" in sys.modules:
        print("compiling native code; it is kept on disk for the next time", file=sys.stderr)


@cache
def _compiler_and_machine() -> str:
    """What every kernel depends on: the templates, the compiler, the machine."""
    package = importlib.resources.files("autograd.compiler")
    names = ("signatures", "products", "templates", "drivers", "native", "machine_code")
    source = b"".join((package / f"{name}.py").read_bytes() for name in names)
    return fingerprint(source, importlib.metadata.version("numba"), machine_code.machine())
