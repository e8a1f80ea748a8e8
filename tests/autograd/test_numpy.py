"""NumPy beside Values: scalars, arrays, its functions and matrix products, in both directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, dot, logsumexp, total

REAL_NUMBERS = [np.float64(2.0), np.float32(2.0), np.int64(2), np.uint8(2), np.bool_(True)]

NOT_REAL_NUMBERS = [
    (np.complex128(2j), "complex128"),
    (np.array([2.0]), "ndarray"),
    (np.array(2.0), "ndarray"),
]


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_every_kind_of_scalar_is_a_number(number: Any) -> None:
    assert Value(number).data == float(number)
    result = autograd.multiply(number, 1.5)
    assert type(result) is float
    assert result == float(number) * 1.5


@pytest.mark.parametrize(("thing", "kind"), NOT_REAL_NUMBERS)
def test_arrays_and_complex_scalars_are_refused(thing: Any, kind: str) -> None:
    for take in (Value, autograd.exp):
        with pytest.raises(TypeError, match=f"expected one real number, got {kind}: "):
            take(thing)


def test_scalars_are_compared_with_the_data() -> None:
    a = Value(1.0)
    assert np.float64(0.5) < a
    assert a <= np.float32(1.0)


def numbers(array: Any) -> Any:
    return np.vectorize(float)(array)


def test_numpy_scalars_and_arrays_beside_a_value() -> None:
    v = Value(3.0)
    assert type(np.float64(2) * v) is Value
    assert (np.float64(2) * v).data == 6.0
    for product in (v * np.array([1.0, 2.0]), np.array([1.0, 2.0]) * v):
        assert isinstance(product, np.ndarray)
        assert [type(item) for item in product] == [Value, Value]
        assert list(numbers(product)) == [3.0, 6.0]
    assert list(numbers(np.array([[12.0]]) / v)[0]) == [4.0]
    assert type(v + np.array(2.0)) is Value


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sin", "cos", "tanh", "abs", "negative", "positive"])
def test_numpy_functions_work_on_arrays_of_values(name: str) -> None:
    data = np.array([[0.5, 1.5], [2.5, 3.5]])
    values = np.vectorize(Value)(data)
    result = getattr(np, name)(values)
    assert np.allclose(numbers(result), getattr(np, name)(data), rtol=1e-15)
    assert type(getattr(np, name)(Value(0.5))) is Value


def test_matrix_products_differentiate() -> None:
    W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    x = [Value(1.0), Value(-1.0), Value(0.5)]
    y = W @ np.array(x)
    (y @ y).backward()
    expected = 2.0 * W.T @ (W @ np.array([1.0, -1.0, 0.5]))
    assert [v.grad for v in x] == pytest.approx(list(expected))


def test_numpy_reductions_and_choices_work_on_arrays_of_values() -> None:
    v, w = Value(3.0), Value(2.0)
    assert np.sum(np.array([v, w])).data == 5.0
    assert np.mean(np.array([v, w])).data == 2.5
    assert np.max(np.array([v, w])) is v
    assert np.maximum(np.array([v, w]), 2.5)[0] is v
    assert list(np.array([v, w]) > 2.5) == [True, False]
    assert np.array([v, w], dtype=float).tolist() == [3.0, 2.0]


def test_arrays_are_sequences_for_fused_gates() -> None:
    w = np.array([Value(1.0), Value(2.0)])
    assert dot(w, np.array([3.0, 4.0])).data == 11.0
    assert total(w).data == 3.0
    assert logsumexp(np.array([0.0, 0.0])) == pytest.approx(np.log(2.0))
