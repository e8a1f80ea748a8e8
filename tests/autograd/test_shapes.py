"""Taking the numbers out of nested arguments, and putting other things back in their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.shapes import flat, places, shaped

NESTED: list[tuple[Any, list[float], list[str]]] = [
    (2.0, [2.0], ["x"]),
    ([], [], []),
    ([1.0, 2], [1.0, 2], ["x[0]", "x[1]"]),
    ({"w": [1.0, 2.0], "b": {0: 3.0}}, [1.0, 2.0, 3.0], ["x['w'][0]", "x['w'][1]", "x['b'][0]"]),
    ((1.0, [2.0, (3.0,)], []), [1.0, 2.0, 3.0], ["x[0]", "x[1][0]", "x[1][1][0]"]),
    (np.array([[1.0, 2.0], [3.0, 4.0]]), [1.0, 2.0, 3.0, 4.0], ["x[0][0]", "x[0][1]", "x[1][0]", "x[1][1]"]),
    (np.array(5.0), [5.0], ["x"]),
    ([np.array([1.0]), 2.0], [1.0, 2.0], ["x[0][0]", "x[1]"]),
    (
        np.array([[1.0, 2.0], [3.0, 4.0]]).T,
        [1.0, 3.0, 2.0, 4.0],
        ["x[0][0]", "x[0][1]", "x[1][0]", "x[1][1]"],
    ),
]


@pytest.mark.parametrize(("thing", "contents", "names"), NESTED)
def test_contents_and_places_in_reading_order(thing: Any, contents: list[float], names: list[str]) -> None:
    assert flat(thing, "here") == contents
    assert places(thing, "x") == names


@pytest.mark.parametrize(("thing", "contents", "_"), NESTED)
def test_what_is_put_back_stands_where_it_was(thing: Any, contents: list[float], _: list[str]) -> None:
    (same,) = shaped((thing,), contents)
    assert type(same) is type(thing)
    assert repr(np.array(same, dtype=object).tolist()) == repr(np.array(thing, dtype=object).tolist())
    values = [Value(number) for number in contents]
    (filled,) = shaped((thing,), values)
    assert flat(filled, "here") == values


def test_arrays_of_values_stay_arrays_of_objects() -> None:
    x = [Value(1.0), Value(2.0)]
    (array,) = shaped((np.array([3, 4]),), x)
    assert (array.dtype, array.tolist()) == (object, x)
    (floats,) = shaped((np.array([3, 4]),), [0.5, 0.25])
    assert (floats.dtype, floats.tolist()) == (np.float64, [0.5, 0.25])


@pytest.mark.parametrize("thing", ["12", {1.0}, {"a": None}, None, 2j, iter([1.0]), range(3)])
def test_other_things_are_refused_by_name(thing: Any) -> None:
    with pytest.raises(
        TypeError,
        match=r"here: expected a number, .* got (set|str|NoneType|complex|list_iterator|range)$",
    ):
        flat([1.0, thing], "here")
