"""The native kernels that run a program: made when first needed, kept on disk, called by address.

What a kernel is made of (a template, a gate's function, a pattern of operands) has a
fingerprint, under which its machine code is kept. So no later process and no further
network compiles it again, and a changed gate is never mistaken for the old one.

`forward`, `backward` and `descend` call kernels, instruction after instruction; their
arguments are those in `autograd.compiler.drivers`, arrays as the addresses of their numbers.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograd.compiler import machine_code
from autograd.compiler.fingerprints import fingerprint
from autograd.declaration import contribution

Function = Callable[..., Any]
"""A plain function of floats: a gate's, or an optimizer's rule."""


def elementary_kernel(function: Function, inputs: int, row: tuple[int, ...]) -> int:
    """The kernel of an elementary gate.

    inputs  how many of its arguments take a gradient
    row     for each argument, 1 where it has a number per lane
    """
    return _gate_address("elementary", gate=function, ZEROS=(0.0,) * len(row), ROW=row, INPUTS=inputs)


def weighted_sum_kernel(function: Function, shared_first: bool, own_flows: bool, checked: bool) -> int:
    """The kernel of start + Σ each(shared, own): `function` is that of `each`.

    shared_first  whether the shared number is the first argument of `each`
    own_flows     whether a gradient flows back to the lanes' own operands
    checked       whether to look for outputs that are not finite
    """
    return _gate_address(
        "weighted_sum",
        gate=function,
        WIDTH=2,
        SHARED_FIRST=shared_first,
        OWN_FLOWS=own_flows,
        CHECKED=checked,
    )


def fold_kernel(each: Function | None, finish: Function | None, width: int, shifted: bool) -> int:
    """The kernel of a fused gate with any mixture of operands."""
    return _gate_address(
        "fold",
        gate=each,
        finish=finish,
        ZEROS=(0.0,) * width,
        WIDTH=width,
        HAS_EACH=each is not None,
        HAS_FINISH=finish is not None,
        SHIFTED=shifted,
    )


def _gate_address(template: str, **names: Any) -> int:
    return _address(template, contribution=contribution, **names)


def update_kernel(rule: Function, states: int, settings: int, norm: Function | None) -> int:
    """The kernel of an optimizer's rule (parameter, gradient, *states, *settings) -> (parameter, *states).

    norm  the function of all gradients by which they are clipped, or None
    """
    return _address(
        "update",
        gate=rule,
        norm=norm,
        ZEROS=(0.0,) * (2 + states + settings),
        STATES=states,
        CLIPPED=norm is not None,
    )


# ── drivers ─────────────────────────────────────────────────────────────────────────────


def forward(*arguments: int) -> int:
    """Run instructions forward; the index of one with an infinity or NaN, or -1."""
    return _driver("forward", 7 * "a" + 3 * "i")(*arguments)


def backward(*arguments: int) -> None:
    """Run instructions backward."""
    _driver("backward", 7 * "a" + 3 * "i")(*arguments)


def descend(*arguments: Any) -> int:
    """One update for each mini-batch; how many were made. Takes arrays or their addresses."""
    driver = _driver("descend", 7 * "a" + 6 * "i" + "aaiaaai" + "iaiaaaiaifaa")
    return driver(*(address(x) if isinstance(x, np.ndarray) else x for x in arguments))


def address(array: np.ndarray) -> int:
    """Where the numbers of an array are. The array must outlive the use of it."""
    if array.dtype not in (np.float64, np.int64) or not array.flags.c_contiguous:
        raise TypeError(f"native code takes whole arrays of float64 or int64, got {array.dtype}")
    return array.ctypes.data


_KINDS = {"a": ctypes.c_void_p, "i": ctypes.c_int64, "f": ctypes.c_double}


@cache
def _driver(template: str, kinds: str) -> Callable[..., int]:
    """A driver as a function. Each of `kinds` is an address, an integer or a float."""
    return ctypes.CFUNCTYPE(ctypes.c_int64, *(_KINDS[kind] for kind in kinds))(_address(template))


# ── making kernels ──────────────────────────────────────────────────────────────────────

_addresses: dict[str, int] = {}
_kept_alive: list[Any] = []
_lock = threading.Lock()


def _address(template: str, **names: Any) -> int:
    """The address of a template compiled with `names` in place of its stand-ins."""
    key = fingerprint(_source_and_machine(), template, *sorted(names.items()))
    with _lock:
        if key is None:  # what the functions do cannot be told, so nothing can be found again
            return _compiled(None, template, names)
        if key not in _addresses:
            code = machine_code.read(key)
            address = machine_code.load(code) if code else None
            _addresses[key] = address or _compiled(key, template, names)
        return _addresses[key]


def _compiled(key: str | None, template: str, names: dict[str, Any]) -> int:
    from autograd.compiler import native

    made = native.compiled(template, names)
    code = machine_code.emitted(made.entry, made.llvm_code) if key else None
    if key and code and (address := machine_code.load(code)):
        machine_code.write(key, code)
        return address
    _kept_alive.append(made)
    return made.address


@cache
def _source_and_machine() -> tuple[bytes, str, str]:
    """What every kernel depends on: the templates, the compiler, the machine."""
    files = ("templates.py", "drivers.py", "native.py")
    source = b"".join(Path(__file__).with_name(file).read_bytes() for file in files)
    return source, importlib.metadata.version("numba"), machine_code.machine()
