"""Argument checks: return the value in the wanted type, or raise an error that names the argument."""

from __future__ import annotations

import math
import operator
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograd.reals import as_float, is_number, kind, shortened
from autograd.value import Value

MOST = 10_000_000
"""How many neurons or points may be made at a time: each is an object, and more would fill the memory."""


def whole_number(name: str, given: Any, at_least: int = 0, at_most: int = sys.maxsize) -> int:
    """An integer as an int. Raises TypeError for anything else, 2.0 and True too, ValueError if out of range.

    >>> whole_number("batch_size", 2.5, at_least=1)
    Traceback (most recent call last):
    TypeError: batch_size is a whole number of at least 1, got float: 2.5
    """
    wanted = f"{name} is a whole number of at least {at_least}"
    try:
        if isinstance(given, bool):
            raise TypeError
        number = operator.index(given)
    except TypeError:
        raise TypeError(f"{wanted}, got {kind(given)}") from None
    if number < at_least:
        raise ValueError(f"{wanted}, got {shortened(number)}")
    if number > at_most:
        raise ValueError(f"{name} is at most {at_most:,}, got {shortened(number)}")
    return number


def real_number(
    name: str, given: Any, wanted: str = "a finite number", allowed: Callable[[float], bool] = math.isfinite
) -> float:
    """A number as a float: `wanted` says in words which are accepted, `allowed` is the condition.

    Raises TypeError for anything but a number, ValueError for one that is not allowed.
    """
    if not is_number(given):
        raise TypeError(f"{name} is {wanted}, got {kind(given)}")
    try:
        number = as_float(given)
    except ValueError as error:
        raise ValueError(f"{name} is {wanted}: {error}") from None
    if not allowed(number):
        raise ValueError(f"{name} is {wanted}, got {shortened(given)}")
    return number


def nonnegative(name: str, given: Any) -> float:
    """A finite number of at least 0 as a float. Raises as `real_number` does."""
    return real_number(name, given, "a finite number of at least 0", lambda number: 0.0 <= number < math.inf)


def positive(name: str, given: Any) -> float:
    """A finite number above 0 as a float. Raises as `real_number` does."""
    return real_number(name, given, "a finite number above 0", lambda number: 0.0 < number < math.inf)


def is_finite(thing: Any) -> bool:
    """Whether `thing` is one real number, and finite as a float."""
    try:
        return math.isfinite(as_float(thing))
    except (TypeError, ValueError):
        return False


def boolean(name: str, given: Any) -> bool:
    """True or False. Raises TypeError for anything else, whatever its truth value."""
    is_array_bool = getattr(getattr(given, "dtype", None), "kind", "") == "b" and given.ndim == 0
    if not isinstance(given, bool) and not is_array_bool:
        raise TypeError(f"{name} is True or False, got {kind(given)}")
    return bool(given)


def function(name: str, given: Any, example: str = "") -> Callable[..., Any]:
    """A function, such as the example. Raises TypeError for anything that cannot be called."""
    if not callable(given):
        raise TypeError(f"{name} is a function{f', such as {example}' if example else ''}, got {kind(given)}")
    called: Callable[..., Any] = given
    return called


def as_list(name: str, given: Any, of: str) -> list[Any]:
    """The items of an iterable. Raises TypeError for anything else, and for text, sets and dicts."""
    try:
        if isinstance(given, (str, bytes, set, frozenset, Mapping)):
            raise TypeError
        return list(given)
    except TypeError:
        raise TypeError(f"{name} is a list of {of}, got {kind(given)}") from None


def values(name: str, given: Any) -> list[Value]:
    """A list of Values. Raises TypeError for anything else."""
    listed = as_list(name, given, "Values")
    for item in listed:
        if not isinstance(item, Value):
            raise TypeError(f"{name} are Values, got {kind(item)}")
    return listed


def one_of(name: str, given: Any, choices: Iterable[str]) -> str:
    """A name that is one of the choices. Raises TypeError for anything but text, ValueError for another name.

    >>> one_of("language", "zh-tw", ["en", "zh-TW"])
    Traceback (most recent call last):
    ValueError: language is one of en, zh-TW, got 'zh-tw'; did you mean zh-TW?
    """
    choices = list(choices)
    if not isinstance(given, str):
        raise TypeError(f"{name} is one of {', '.join(choices)}, got {kind(given)}")
    if given not in choices:
        raise ValueError(
            f"{name} is one of {', '.join(choices)}, got {shortened(given)}{did_you_mean(given, choices)}"
        )
    return given


def did_you_mean(given: str, choices: Iterable[str]) -> str:
    """The end of an error: the choice that is spelt most like what was given; empty if none is like it."""
    from difflib import get_close_matches  # needed for errors alone

    alike = get_close_matches(given, list(choices), n=1)
    return f"; did you mean {alike[0]}?" if alike else ""


def counted(count: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "parameter"), counted(2, "parameter")
    ('1 parameter', '2 parameters')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def too_large(view: str, count: int, limit: int, *advice: str) -> str:
    """The error for a graph of more values than can be read: what to do instead, and how to insist.

    >>> print(too_large("walk", 900, 500, "walk a part"))
    a walk of 900 values is too large to read (limit 500): walk a part; or raise the limit with limit=900
    """
    return (
        f"a {view} of {count} values is too large to read (limit {limit}): "
        f"{'; '.join([*advice, f'or raise the limit with limit={count}'])}"
    )


def file_path(name: str, given: Any) -> Path:
    """The path of a file. Raises TypeError for anything but a path, ValueError if it names no file."""
    if not isinstance(given, (str, os.PathLike)) or isinstance(os.fspath(given), bytes):
        raise TypeError(f"{name} is the path of a file, got {kind(given)}")
    if not Path(given).name:
        raise ValueError(f"{name} is the path of a file, got {shortened(given)}")
    return Path(given)


def require_root(caller: str, given: Any) -> None:
    """Raise TypeError for anything but a Value, whose graph is to be looked at."""
    if not isinstance(given, Value):
        raise TypeError(f"{caller} needs the Value that a computation ends in, got {kind(given)}")


def require_package(package: str, message: str) -> None:
    """Raise ImportError, saying what to install, if a package is not installed."""
    if find_spec(package) is None:
        raise ImportError(message)
