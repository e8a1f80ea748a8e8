"""What a program may be given, and what it gives back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.recording.batches import Inputs, stacked

PAIR_AND_NUMBER = Inputs(("x", "y"), ([0.0, 0.0], 0.0))


def rows(inputs: Inputs, *arguments: Any) -> list[list[float]]:
    samples, _ = inputs.samples(arguments)
    assert (samples.dtype, samples.flags.c_contiguous) == (np.float64, True)
    listed: list[list[float]] = samples.tolist()
    return listed


# ── inputs ──────────────────────────────────────────────────────────────────────────────


def test_one_sample_and_a_batch() -> None:
    assert PAIR_AND_NUMBER.samples(([1, 2], 3))[1] is False
    assert rows(PAIR_AND_NUMBER, [1, 2], 3) == [[1.0, 2.0, 3.0]]
    assert PAIR_AND_NUMBER.samples(([[1, 2]], [3]))[1] is True
    assert rows(PAIR_AND_NUMBER, [[1, 2], [4, 5]], [3, 6]) == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def test_parts_of_different_shapes_are_given_part_by_part() -> None:
    inputs = Inputs(("layers",), ([[0.0, 0.0], [0.0], 0.0, np.zeros((1, 2))],))
    assert rows(inputs, [[1, 2], [3], 4, [[5, 6]]]) == [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]
    batch = [[[1, 2], [7, 8]], [[3], [9]], [4, 10], [[[5, 6]], [[11, 12]]]]
    assert rows(inputs, batch) == [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [7.0, 8.0, 9.0, 10.0, 11.0, 12.0]]


@pytest.mark.parametrize("dtype", ["bool", "int8", "float32", "longdouble", "O"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_numeric_type_and_memory_order(dtype: str, order: Any) -> None:
    batch = np.array([[0, 1], [1, 1], [1, 0]]).astype(dtype, order=order)
    assert rows(Inputs(("x",), ([0.0, 0.0],)), batch) == [[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]


def test_slices_and_other_numbers() -> None:
    assert rows(Inputs((), ())) == [[]]
    A = np.arange(24.0).reshape(4, 2, 3)
    assert rows(Inputs(("A",), (A[0],)), A) == A.reshape(4, 6).tolist()
    inputs = Inputs(("x",), ([0.0, 0.0],))
    assert rows(inputs, np.arange(8.0).reshape(2, 4)[:, ::-2]) == [[3.0, 1.0], [7.0, 5.0]]
    assert rows(inputs, [Fraction(1, 2), True]) == [[0.5, 1.0]]
    assert rows(inputs, (10**20, np.float32(0.5))) == [[1e20, 0.5]]


def test_what_was_given_is_not_changed_or_shared() -> None:
    batch = np.ones((3, 2))
    samples, _ = Inputs(("x",), ([0.0, 0.0],)).samples((batch,))
    samples[:] = 7.0
    assert (batch == 1.0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2],), r"the program's inputs are 2 \(x, y\), and it was given 1"),
        (([1, 2], 3, 4), r"the program's inputs are 2 \(x, y\), and it was given 3"),
        (([1, 2, 3], 4), r"x has the shape \(3,\); one sample has \(2,\), a batch of n has \(n, 2\)"),
        (([1, 2], [[3]]), r"y has the shape \(1, 1\); one sample has \(\), a batch of n has \(n,\)"),
        ((1.0, 2.0), r"x has the shape \(\)"),
        (([[1, 2], [3, 4]], [5, 6, 7]), r"differ in their number of samples \(x: 2, y: 3\)"),
        (([[1, 2], [3, 4]], 5), r"differ in their number of samples \(x: 2, y: one\)"),
        ((np.empty((0, 2)), []), "an empty batch"),
        (([[1, 2], [3]], [4, 5]), "x is not an array"),
        (([10**400, 1], 1), "x: int too large"),
    ],
)
def test_other_shapes_are_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PAIR_AND_NUMBER.samples(arguments)


@pytest.mark.parametrize("argument", ["ab", None, [1j, 2], [Value(1.0), 2.0]], ids=repr)
def test_anything_but_real_numbers_is_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match="x: expected"):
        PAIR_AND_NUMBER.samples((argument, 1.0))


def test_a_list_of_parts_needs_all_of_them() -> None:
    layers = Inputs(("layers",), ([[0.0, 0.0], [0.0]],))
    for argument in ([[1, 2]], 5.0):
        with pytest.raises(ValueError, match="layers is a list of 2 parts, as in the example"):
            layers.samples((argument,))
    with pytest.raises(ValueError, match=r"layers\[1\] has the shape \(2,\)"):
        layers.samples(([[1, 2], [3, 4]],))


# ── outputs ─────────────────────────────────────────────────────────────────────────────

OUTPUTS = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])


def test_lists_of_lists_and_arrays_have_their_shape_behind_the_samples() -> None:
    assert stacked([[0, 1], [2, 3]], OUTPUTS).tolist() == OUTPUTS.reshape(3, 2, 2).tolist()
    table = np.array([[0, 1], [2, 3]], dtype=object)
    assert stacked(table, OUTPUTS).tolist() == OUTPUTS.reshape(3, 2, 2).tolist()
    number, pair, empty = stacked([0, [1, 2], []], OUTPUTS[:, :3])
    assert (number.shape, pair.shape, empty) == ((3,), (3, 2), [])
    assert stacked(np.empty((0, 2), dtype=object), OUTPUTS[:, :0]).shape == (3, 0, 2)


def test_dicts_of_numbers_by_their_keys() -> None:
    inputs = Inputs(("x",), ({"u": 0.0, "v": [0.0, 0.0]},))
    samples, is_batch = inputs.samples(({"v": [[1.0, 2.0], [3.0, 4.0]], "u": [5.0, 6.0]},))
    assert (samples.tolist(), is_batch) == ([[5.0, 1.0, 2.0], [6.0, 3.0, 4.0]], True)
    assert inputs.samples(({"u": 1.0, "v": [2.0, 3.0]},))[1] is False
    with pytest.raises(ValueError, match="x is a dict of 'u', 'v', as in the example"):
        inputs.samples(({"u": 1.0},))
    result = stacked({"a": 0, "b": [1]}, np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert (result["a"].tolist(), result["b"].tolist()) == ([1.0, 3.0], [[2.0], [4.0]])
