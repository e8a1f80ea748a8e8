"""A fingerprint of what a function does, by which its compiled code is found again.

Two functions have one fingerprint only if they have the same code and the same constants,
and refer to the same things, down to the functions that they call. What a function is
called, and where it stands, does not count.

>>> factor = 2.0
>>> def scaled(x):
...     return factor * x
>>> before = fingerprint(scaled)
>>> factor = 3.0
>>> fingerprint(scaled) == before
False
"""

from __future__ import annotations

import builtins
import dis
import hashlib
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from autograd.declaration import Gate
from autograd.reals import kind

_LITERALS = (bool, int, float, complex, str, bytes, type(None), type(...))


def fingerprint(*things: Any) -> str:
    """A digest of functions, numbers, text, arrays, and tuples of them.

    Raises UnknownError if one of them refers to anything else.
    """
    digest = hashlib.sha256()
    for token in _tokens(things, {}):
        digest.update(b"%d:" % len(token) + token)
    return digest.hexdigest()


class UnknownError(Exception):
    """A function refers to something whose behaviour a fingerprint cannot hold."""


def _tokens(thing: Any, seen: dict[int, int]) -> Iterator[bytes]:
    if type(thing) in _LITERALS:
        yield f"{type(thing).__name__} {thing!r}".encode()
    elif type(thing) in (tuple, list):
        yield b"%d things" % len(thing)
        for item in thing:
            yield from _tokens(item, seen)
    elif isinstance(thing, frozenset):
        yield from _tokens(sorted(thing, key=repr), seen)
    elif isinstance(thing, CodeType):
        yield _of_code(thing).encode()
    elif isinstance(thing, FunctionType):
        if id(thing) in seen:
            yield b"function %d" % seen[id(thing)]
            return
        seen[id(thing)] = len(seen)
        yield from _tokens((thing.__code__, thing.__defaults__, *(thing.__kwdefaults__ or {}).items()), seen)
        for name, referred_to in references(thing):
            yield name.encode()
            try:
                yield from _tokens(referred_to, seen)
            except UnknownError as error:
                raise UnknownError(f"{name}: {error}") from None
    elif isinstance(thing, Gate):
        yield from _tokens(thing.function, seen)
    elif hasattr(thing, "dtype") and hasattr(thing, "tobytes"):  # NumPy's arrays and numbers
        yield f"{thing.dtype} {thing.shape}".encode()
        yield thing.tobytes()
    elif _is_known(thing):
        yield f"{thing.__module__}.{thing.__name__}".encode()
    else:
        raise UnknownError(kind(thing))


@cache
def _of_code(code: CodeType) -> str:
    named = code.co_names, code.co_varnames, code.co_freevars
    return fingerprint(
        code.co_code, code.co_exceptiontable, code.co_argcount, code.co_flags, code.co_consts, *named
    )


def _is_known(thing: Any) -> bool:
    """Whether its module and name say what it is, as those of Python's and NumPy's functions and types do."""
    module = str(getattr(thing, "__module__", None) or type(thing).__module__)
    ours = isinstance(thing, BuiltinFunctionType) or module.split(".")[0] in ("builtins", "numpy")
    return ours and getattr(sys.modules.get(module), getattr(thing, "__name__", ""), None) is thing


def references(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What a function's code refers to by name: globals, and the variables around it.

    What a module has stands with its dotted name, as `math.exp`. Names that stand for nothing are left out.
    """
    known = vars(builtins) | function.__globals__
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        known.pop(name, None)
        with suppress(ValueError):  # not assigned yet
            known[name] = cell.cell_contents
    for name, *attributes in _dotted_names(function.__code__):
        if name in known:
            thing = known[name]
            while isinstance(thing, ModuleType) and attributes:
                attribute = attributes.pop(0)
                name, thing = f"{name}.{attribute}", getattr(thing, attribute, None)
            yield name, thing


@cache
def _dotted_names(code: CodeType) -> list[tuple[str, ...]]:
    """The names that code, and the code inside it, loads from around it, with their attributes."""
    names: dict[tuple[str, ...], None] = {}
    path: tuple[str, ...] = ()
    for instruction in dis.get_instructions(code):
        if path and instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            path = (*path, instruction.argval)
            continue
        names[path] = None
        loads = instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF")
        path = (instruction.argval,) if loads else ()
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= dict.fromkeys(_dotted_names(constant))
    return list(filter(None, names))
