"""A program's inputs as rows of numbers, and rows of results in the shape of its outputs.

A program takes one sample in the shape of its example, or a batch, with one more axis.
Either becomes an array with a row for each sample:

>>> inputs = Inputs(("x", "y"), ([0.0, 0.0], 0.0))
>>> inputs.samples(([1.0, 2.0], 3.0))
(array([[1., 2., 3.]]), False)
>>> inputs.samples(([[1.0, 2.0], [4.0, 5.0]], [3.0, 6.0]))
(array([[1., 2., 3.],
       [4., 5., 6.]]), True)

An example with parts of different shapes is given part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.reals import as_float
from autograd.shapes import is_array, tuple_like

Shape = tuple[int, ...]
Shapes = Shape | dict[Any, "Shapes"]
"""The shape of an array; for a dict, or a list whose parts differ, those of its parts by key or place."""


class Inputs:
    """What the inputs of a program look like.

    titles   what each is called in an error
    example  the one sample that the program was recorded with
    """

    def __init__(self, titles: Sequence[str], example: Sequence[Any]) -> None:
        self.titles = titles
        self._shapes = [_shapes(argument) for argument in example]

    def samples(self, inputs: Sequence[Any]) -> tuple[np.ndarray, bool]:
        """The inputs as float64, (samples, numbers in one sample), and whether they are a batch."""
        arrays, size = self.arrays(inputs, numbers)
        rows = [array.reshape(size or 1, -1) for array in arrays]
        samples = np.hstack(rows) if rows else np.empty((1, 0))
        return np.ascontiguousarray(samples), size is not None

    def arrays(self, inputs: Sequence[Any], array: Callable[[Any, str], Any]) -> tuple[list[Any], int | None]:
        """The arrays that the inputs consist of, and how many samples they have, None for one sample.

        array  makes an array of an argument, and is told what to call it in an error

        Raises TypeError for anything but real numbers, ValueError for shapes other than the
        example's and for an empty batch.
        """
        if len(inputs) != len(self._shapes):
            takes = f"{len(self._shapes)} ({', '.join(self.titles)})" if self._shapes else "none"
            raise ValueError(f"the program's inputs are {takes}, and it was given {len(inputs)}")
        parts = [
            part
            for argument, shapes, title in zip(inputs, self._shapes, self.titles, strict=True)
            for part in _parts(argument, shapes, title, array)
        ]
        sizes = {title: size for title, _, size in parts}
        size = next(iter(sizes.values()), None)
        if any(other != size for other in sizes.values()):
            written = ", ".join(f"{title}: {'one' if n is None else n}" for title, n in sizes.items())
            raise ValueError(f"the inputs differ in their number of samples ({written})")
        if size == 0:
            raise ValueError("an empty batch has no outputs and no mean: give at least one sample")
        return [array for _, array, _ in parts], size


def stacked(result: Any, outputs: np.ndarray) -> Any:
    """The outputs of a batch, (samples, outputs), in the shape of a recording's result.

    Every number becomes an array with one number for each sample, and a list of k arrays
    of one shape becomes one array, (samples, k, …).

    >>> stacked((0, [1, 2]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    (array([1., 4.]), array([[2., 3.],
           [5., 6.]]))
    """
    return in_shape(result, map(np.copy, outputs.T), (len(outputs),), partial(np.stack, axis=1))


def in_shape(
    result: Any, columns: Iterator[Any], size: tuple[int, ...], stack: Callable[[list[Any]], Any]
) -> Any:
    """Arrays of any kind, one for each output in reading order, in the shape of a recording's result.

    size   of each array: the number of samples, or nothing for one sample
    stack  makes one array of several, along the axis behind the samples
    """
    if is_array(result):
        taken = [next(columns) for _ in range(result.size)]
        return (stack(taken) if taken else np.empty(0)).reshape((*size, *result.shape))
    if isinstance(result, dict):
        return {key: in_shape(item, columns, size, stack) for key, item in result.items()}
    if not isinstance(result, (list, tuple)):
        return next(columns)
    items = [in_shape(item, columns, size, stack) for item in result]
    if isinstance(result, tuple):
        return tuple_like(result, items)
    shapes = [getattr(item, "shape", None) for item in items]
    is_one_array = shapes and None not in shapes and all(shape == shapes[0] for shape in shapes)
    return stack(items) if is_one_array else items


# ── shapes ──────────────────────────────────────────────────────────────────────────────


def _shapes(example: Any) -> Shapes:
    if isinstance(example, dict):
        return {key: _shapes(item) for key, item in example.items()}
    if not isinstance(example, (list, tuple)):
        return tuple(np.shape(example))
    shapes = list(map(_shapes, example))
    first = shapes[0] if shapes else ()
    if isinstance(first, tuple) and all(shape == first for shape in shapes):
        return (len(shapes), *first)
    return dict(enumerate(shapes))


def _parts(
    argument: Any, shapes: Shapes, title: str, as_array: Callable[[Any, str], Any]
) -> Iterator[tuple[str, Any, int | None]]:
    """The arrays of one input, each with its title and its number of samples, None for one sample."""
    if isinstance(shapes, dict):
        parts = dict(enumerate(argument)) if isinstance(argument, (list, tuple)) else argument
        if not isinstance(parts, dict) or parts.keys() != shapes.keys():
            names = ", ".join(map(repr, shapes))
            example = f"list of {len(shapes)} parts" if 0 in shapes else f"dict of {names}"
            raise ValueError(f"{title} is a {example}, as in the example")
        for key, shape in shapes.items():
            yield from _parts(parts[key], shape, f"{title}[{key!r}]", as_array)
        return
    array = as_array(argument, title)
    if array.ndim == len(shapes) and array.shape == shapes:
        yield title, array, None
    elif array.ndim == len(shapes) + 1 and array.shape[1:] == shapes:
        yield title, array, array.shape[0]
    else:
        batch = ", ".join(map(str, ("n", *shapes)))
        raise ValueError(
            f"{title} has the shape {tuple(array.shape)}; one sample has {shapes}, "
            f"a batch of n has ({batch}{',' * (not shapes)})"
        )


def numbers(argument: Any, title: str) -> np.ndarray:
    """An array of float64.

    Raises TypeError for anything but real numbers, ValueError for lists that are no array.
    """
    try:
        array = np.asarray(argument)
    except ValueError as error:  # ragged
        raise ValueError(f"{title} is not an array: {error}") from None
    if array.dtype.kind in "biuf":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind != "O":
        raise TypeError(f"{title}: expected real numbers, got {array.dtype.type.__name__}")
    try:
        return np.array([as_float(number) for number in array.flat]).reshape(array.shape)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{title}: {error}") from None
