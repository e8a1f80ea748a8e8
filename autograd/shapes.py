"""Arguments of any shape: numbers, (nested) lists, tuples and dicts of numbers, NumPy arrays.

Functions of such arguments are differentiated by taking their numbers out in reading order,
and putting other things (Values, gradients) back in the same places.

>>> arguments = (1.0, [2.0, (3.0, 4.0)])
>>> flat(arguments[1], "argument 2")
[2.0, 3.0, 4.0]
>>> shaped(arguments, "abcd")
('a', ['b', ('c', 'd')])
>>> places(arguments[1], "x")
['x[0]', 'x[1][0]', 'x[1][1]']
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from typing import Any

from autograd.reals import is_number


def flat(thing: Any, where: str) -> list[Any]:
    """The numbers and Values of one argument, in reading order.

    Raises TypeError, naming `where`, for anything but numbers, lists, tuples, dicts and arrays.
    """
    if is_number(thing) or hasattr(thing, "__apply_gate__"):
        return [thing]
    if is_array(thing):
        numbers: list[Any] = thing.ravel().tolist()
        return numbers
    if not isinstance(thing, (list, tuple, dict)):
        given = type(thing).__name__
        raise TypeError(f"{where}: expected a number, a list of numbers or an array, got {given}")
    items = thing.values() if isinstance(thing, dict) else thing
    return [number for item in items for number in flat(item, where)]


def shaped(arguments: tuple[Any, ...], contents: Iterable[Any]) -> tuple[Any, ...]:
    """The arguments with their numbers replaced, in reading order, by other contents.

    An array stays an array: of floats if all its contents are, of objects otherwise.
    """
    supply = iter(contents)
    return tuple(_filled(argument, supply) for argument in arguments)


def places(thing: Any, title: str) -> list[str]:
    """A name for every number of one argument: the argument's title and the indices."""
    if isinstance(thing, dict):
        return [place for key, item in thing.items() for place in places(item, f"{title}[{key!r}]")]
    if isinstance(thing, (list, tuple)) or (is_array(thing) and thing.ndim):
        return [place for i, item in enumerate(thing) for place in places(item, f"{title}[{i}]")]
    return [title]


def titles(f: Callable[..., Any], wanted: int) -> list[str]:
    """The names of the parameters that take the first arguments of f; x2, x3, … beyond those.

    >>> titles(lambda w, *rest: w, 3)
    ['w', 'x2', 'x3']
    """
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # not every callable has a signature to read
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:wanted]
    invented = (title for i in count(len(named) + 1) if (title := f"x{i}") not in named)
    return [*named, *islice(invented, wanted - len(named))]


def is_array(thing: Any) -> bool:
    return hasattr(thing, "astype") and hasattr(thing, "ravel") and not is_number(thing)


def tuple_like(thing: tuple[Any, ...], items: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of other items; a named tuple keeps its names."""
    return thing._make(items) if hasattr(thing, "_make") else tuple(items)


def _filled(thing: Any, supply: Iterator[Any]) -> Any:
    if isinstance(thing, dict):
        return {key: _filled(item, supply) for key, item in thing.items()}
    if isinstance(thing, (list, tuple)):
        items = [_filled(item, supply) for item in thing]
        return items if isinstance(thing, list) else tuple_like(thing, items)
    if is_array(thing):
        filled = thing.astype(object)
        filled.flat = [next(supply) for _ in range(thing.size)]
        return filled.astype(float) if all(isinstance(item, float) for item in filled.flat) else filled
    return next(supply)
