"""NumPy beside Values: scalars, arrays, its functions and matrix products, in both directions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, logsumexp, no_grad, total
from tests.autograd import test_gates, test_value


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "int64", "int8", "uint8", "bool_"])
def test_a_scalar_is_a_real_number(kind: str) -> None:
    number = getattr(np, kind)(1)
    test_gates.test_gates_take_every_kind_of_real_number(number)
    test_value.test_every_kind_of_real_number_works_on_either_side(number)
    test_value.test_data_and_gradients_are_floats(number)


@pytest.mark.parametrize("thing", [np.complex128(2j), np.array([2.0]), np.array(2.0)], ids=repr)
def test_complex_numbers_and_arrays_are_not(thing: Any) -> None:
    test_gates.test_gates_refuse_what_is_not_one_real_number(thing)
    test_value.test_what_is_not_one_real_number_is_neither_data_nor_a_gradient(thing)


def test_scalars_are_compared_with_the_data() -> None:
    a = Value(1.0)
    assert np.float64(0.5) < a
    assert a <= np.float32(1.0)


def test_numpy_scalars_and_arrays_beside_a_value() -> None:
    v = Value(3.0)
    assert type(np.float64(2) * v) is Value
    assert (np.float64(2) * v).data == 6.0
    for product in (v * np.array([1.0, 2.0]), np.array([1.0, 2.0]) * v):
        assert isinstance(product, np.ndarray)
        assert [node.data for node in product] == [3.0, 6.0]
    assert (np.array([[12.0]]) / v)[0, 0].data == 4.0
    assert type(v + np.array(2.0)) is Value


# ── what NumPy does with arrays of Values ───────────────────────────────────────────────

W = np.array([[1.0, 2.0, -1.0], [4.0, 0.5, 6.0]])

# Of three numbers: the same with Values, gradients and all.
DIFFERENTIATED: dict[str, Callable[[Any], Any]] = {
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "abs", "negative")},
    **{name: getattr(np, name) for name in ("positive", "square", "reciprocal", "sum", "mean", "prod")},
    **{name: getattr(np, name) for name in ("var", "std", "median", "cumsum", "cumprod", "diff", "ptp")},
    **{name: getattr(np, name) for name in ("max", "min", "sort", "flip", "real", "trapezoid")},
    **{name: getattr(np, name) for name in ("exp2", "expm1", "log1p", "log2", "log10", "cbrt", "tan")},
    **{name: getattr(np, name) for name in ("sinh", "cosh", "arcsinh", "arctan")},
    **{f.__name__: lambda x, f=f: f(x / 3.0) for f in (np.arcsin, np.arccos, np.arctanh)},
    "arccosh": lambda x: np.arccosh(x + 1.0),
    "hypot": lambda x: np.hypot(x, x[::-1] * 2.0),
    "arctan2": lambda x: np.arctan2(x, x[::-1] - 2.0),
    "remainder": lambda x: np.mod(x, 0.6) + np.floor(x),
    "power": lambda x: np.power(x, 3),
    "a power of 2": lambda x: np.power(2.0, x),
    "std of a sample": lambda x: np.std(x, ddof=1),
    "average": lambda x: np.average(x, weights=[1.0, 2.0, 3.0]),
    "norm": np.linalg.norm,
    "where": lambda x: np.where(x > 1.0, x * x, -x),
    "select": lambda x: np.select([x > 2.0, x > 1.0], [x, x * x], 0.5),
    "clip": lambda x: np.clip(x, 1.0, 2.0),
    "maximum": lambda x: np.maximum(x, 1.7),
    "minimum": lambda x: np.minimum(x, x[::-1]),
    "matrix times vector": lambda x: W @ x,
    "dot": lambda x: np.dot(x, x),
    "outer": lambda x: np.outer(x, x),
    "einsum": lambda x: np.einsum("ij,j,j->i", W, x, x),
    "tensordot": lambda x: np.tensordot(W, x, 1),
    "cross": lambda x: np.cross(x, [1.0, -2.0, 0.5]),
    "convolve": lambda x: np.convolve(x, [1.0, -2.0]),
    "polyval": lambda x: np.polyval([1.0, -2.0, 0.5], x),
    "concatenate": lambda x: np.concatenate([x, np.zeros(2), x * x]),
    "sign": lambda x: np.sign(x) * x,
}

POINT = np.array([0.7, 2.5, 1.4])


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_numpy_differentiates(name: str) -> None:
    f = DIFFERENTIATED[name]
    x = np.array([Value(number) for number in POINT])
    outputs = np.ravel(np.array(f(x), dtype=object))
    expected = np.ravel(f(POINT))
    assert [getattr(y, "data", y) for y in outputs] == pytest.approx(list(expected), rel=1e-12)
    weights = np.arange(1.0, len(outputs) + 1.0)
    total(weights * outputs).backward()
    steps = 1e-6 * np.eye(3)
    slopes = [(np.ravel(f(POINT + h)) - np.ravel(f(POINT - h))) @ weights / 2e-6 for h in steps]
    assert [v.grad for v in x] == pytest.approx(slopes, rel=1e-7, abs=1e-7)


CHOSEN: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "argmax": (np.argmax, 1),
    "argmin": (np.argmin, 0),
    "argsort": (lambda x: np.argsort(x).tolist(), [0, 2, 1]),
    ">": (lambda x: (x > 1.0).tolist(), [False, True, True]),
    "count_nonzero": (np.count_nonzero, 3),
    "searchsorted": (lambda x: np.searchsorted([1.0, 2.0], x[1]), 2),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_numpy_chooses_by_the_data(name: str) -> None:
    f, expected = CHOSEN[name]
    assert f(np.array([Value(number) for number in POINT])) == f(POINT) == expected


LOSES_THE_GRAPH = r"write autograd\.exp for math\.exp, and v\.data for the number alone"
NOT_FOR_OBJECTS = (
    "not supported for the input types|loop of ufunc does not support|has no attribute|Cannot cast"
)
COMPARES = r"compares a node with a number: write v\.data =="

REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "array of floats": (lambda x: np.array(list(x), dtype=float), LOSES_THE_GRAPH),
    "astype": (lambda x: x.astype(float), LOSES_THE_GRAPH),
    "an item of floats": (lambda x: np.zeros(2).__setitem__(0, x[0] * x[0]), LOSES_THE_GRAPH),
    "fill": (lambda x: np.zeros(2).fill(x[0]), LOSES_THE_GRAPH),
    "float64": (lambda x: np.float64(x[0]), LOSES_THE_GRAPH),
    "+= on floats": (lambda x: np.zeros(3).__iadd__(x), NOT_FOR_OBJECTS),
    "out of floats": (lambda x: np.add(x, x, out=np.zeros(3)), NOT_FOR_OBJECTS),
    "interp": (lambda x: np.interp(x[0], [0.0, 3.0], [0.0, 1.0]), LOSES_THE_GRAPH),
    "gradient": (np.gradient, LOSES_THE_GRAPH),
    "ceil": (np.ceil, LOSES_THE_GRAPH),
    **{name: (getattr(np, name), NOT_FOR_OBJECTS) for name in ("round", "rint", "isnan", "isfinite")},
    "logaddexp": (lambda x: np.logaddexp(x, 1.0), NOT_FOR_OBJECTS),
    "det": (lambda x: np.linalg.det(np.outer(x, x)), NOT_FOR_OBJECTS),
    "fft": (np.fft.fft, NOT_FOR_OBJECTS),
    "sign of 0": (lambda x: np.sign(x - x), COMPARES),
    "== number": (lambda x: x == 1.0, COMPARES),
    "number ==": (lambda x: np.float64(1.0) == x[0], COMPARES),
    "isclose": (lambda x: np.isclose(x, 1.0), COMPARES),
    "assert_allclose": (lambda x: np.testing.assert_allclose(x, POINT), COMPARES),
    "in": (lambda x: 3.0 in x, COMPARES),
}


@pytest.mark.parametrize("name", REFUSED)
def test_numpy_refuses(name: str) -> None:
    f, message = REFUSED[name]
    with pytest.raises((TypeError, AttributeError), match=message):
        f(np.array([Value(number) for number in POINT]))


def test_inside_no_grad_values_are_numbers_for_numpy() -> None:
    x = [Value(number) for number in POINT]
    floats = np.zeros(3)
    with no_grad():
        floats[:] = x
        assert np.array(x, dtype=float).tolist() == floats.tolist() == POINT.tolist()


def test_arrays_are_sequences_for_fused_gates() -> None:
    w = np.array([Value(1.0), Value(2.0)])
    assert dot(w, np.array([3.0, 4.0])).data == 11.0
    assert total(w).data == 3.0
    assert logsumexp(np.array([0.0, 0.0])) == pytest.approx(np.log(2.0))
