"""Derivatives of plain functions against worked-out ones, and a checker that objects when it should."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    GateError,
    Value,
    dot,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    total,
    value_and_grad,
)
from autograd.derivatives.grad import gradient_by
from autograd.graph import topological_order
from tests.autograd.test_gates import REAL_NUMBERS

# ── grad and value_and_grad ─────────────────────────────────────────────────────────────


def test_one_argument_gives_a_number_and_several_a_tuple() -> None:
    assert value_and_grad(lambda x: x**3)(2.0) == (8.0, 12.0)
    assert grad(lambda a, b: a * b + a)(2.0, 3.0) == (4.0, 2.0)
    assert value_and_grad(lambda a, b: a / b)(6.0, 3.0) == (2.0, (1 / 3, -2 / 3))
    assert value_and_grad(lambda a, b: 7)(1.0, 2.0) == (7.0, (0.0, 0.0))
    assert grad(lambda x: Value(3.0))(1.0) == 0.0
    assert grad(lambda x: x)(5.0) == 1.0


def test_the_gradient_has_the_shape_of_the_arguments() -> None:
    def f(w: Any, x: Any, b: float) -> Any:
        return dot(w[0], x) * w[1][0] + b

    gradient = grad(f)([[1.0, 2.0], (3.0,)], (4.0, 5.0), 6)
    assert gradient == ([[12.0, 15.0], (14.0,)], (3.0, 6.0), 1.0)
    assert grad(lambda x: total([*x[0], 1.0]))([[2.0], []]) == [[1.0], []]


def test_arrays_give_arrays() -> None:
    W, x = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -1.0])
    dW, dx = grad(lambda W, x: np.sum((W @ x) ** 2))(W, x)
    assert dW.dtype == dx.dtype == np.float64
    assert np.allclose(dW, 2 * np.outer(W @ x, x), rtol=1e-15)
    assert np.allclose(dx, 2 * W.T @ W @ x, rtol=1e-15)
    assert grad(np.exp)(np.array(0.0)) == 1.0
    assert grad(np.sum)(np.array([1, 2])).tolist() == [1.0, 1.0]
    assert W.dtype == np.float64


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_every_kind_of_real_number_is_an_argument(number: Any) -> None:
    assert grad(lambda x: x * x)(number) == 2.0 * float(number)


@pytest.mark.parametrize("f", [math.sin, lambda x: x * math.exp(x), lambda x: float(x) * x])
def test_a_number_taken_out_of_the_graph_is_refused(f: Callable[[Any], Any]) -> None:
    for derivative in (grad(f), value_and_grad(f), lambda x: jacobian(f)(x)):
        with pytest.raises(TypeError, match=r"write autograd\.exp for math\.exp"):
            derivative(1.0)


def test_a_function_may_look_at_the_number_all_the_same() -> None:
    assert grad(lambda x: x * 2.0 if x > 3.0 else x * 5.0)(4.0) == 2.0
    assert grad(lambda x: x * x.data)(3.0) == 3.0


def test_argnums_choose_what_to_differentiate_by() -> None:
    def f(w: Any, data: Any, *, scale: float = 1.0, unit: str = "m") -> Any:
        assert (data, unit) == ("three", "km")
        return scale * w["a"] * w["b"][0] ** 2

    w = {"a": 2.0, "b": [3.0]}
    rest = {"scale": 10.0, "unit": "km"}
    # What is passed by name is data, unless it is asked for.
    assert grad(lambda x, factor=1.0: factor * x * x)(3.0, factor=2.0) == 12.0
    assert grad(f, 0)(w, "three", **rest) == {"a": 90.0, "b": [120.0]}
    assert grad(f, "scale")(w, "three", **rest) == 18.0
    assert grad(f, ("scale", 0))(w, "three", **rest) == (18.0, {"a": 90.0, "b": [120.0]})
    assert value_and_grad(f, [0])(w, "three", **rest) == (180.0, ({"a": 90.0, "b": [120.0]},))
    assert jacobian(f)(w, "three", **rest) == [[90.0, 120.0]]
    assert hessian(f)(w, "three", **rest) == [[0.0, 60.0], [60.0, 40.0]]
    for argnums, words in ((2, "there is no argument 2"), ([[0]], r"there is no argument \[0\]")):
        with pytest.raises(TypeError, match=f"{words} to differentiate by"):
            grad(f, argnums)(w, "three", **rest)
    with pytest.raises(TypeError, match=r"argnums is a list of positions and names, got float: 0\.0"):
        grad(f, 0.0)(w, "three", **rest)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="argnums has argument 0 twice"):
        grad(f, [0, 0])(w, "three", **rest)
    with pytest.raises(TypeError, match=r"argument 2: expected a number, .*got a? ?str"):
        grad(f)(w, "three", **rest)


def test_gradients_that_stand_in_the_graph_neither_count_nor_change() -> None:
    x = Value(2.0)
    y = x * x
    y.backward()
    assert gradient_by(y, [x]) == [4.0]
    assert (x.grad, y.grad) == (4.0, 1.0)


def test_has_aux_hands_on_whatever_f_returns_besides() -> None:
    seen: list[Any] = []
    assert grad(lambda x: (x * x, seen), has_aux=True)(3.0) == (6.0, seen)
    assert value_and_grad(lambda x: (x * x, seen), has_aux=True)(3.0) == ((9.0, seen), 6.0)
    with pytest.raises(TypeError, match="positional argument"):  # True would read as an argnums
        value_and_grad(lambda x: (x * x, seen), 0, True)  # type: ignore[misc]
    for result in (1.0, (1.0,), (1.0, 2.0, 3.0), [1.0, 2.0]):
        with pytest.raises(TypeError, match=r"with has_aux, f returns a pair \(number, anything\), got"):
            grad(lambda x, result=result: result, has_aux=True)(3.0)


def test_v_has_the_shape_of_x() -> None:
    assert jvp(lambda x: {"sum": x["a"] + x["b"][0]}, {"a": 1.0, "b": [2.0]}, {"a": 3.0, "b": [4.0]}) == {
        "sum": 7.0
    }
    assert hvp(lambda x: x[0] * x[1][0], (1.0, [2.0]), (3.0, [4.0])) == (4.0, [3.0])
    assert jvp(lambda x: [], [1.0], [1.0]) == []
    for product in (jvp, hvp):
        for v in ([1.0], [1.0, 2.0, 3.0]):
            with pytest.raises(
                ValueError, match=f"v has {len(v)} numbers, and x has 2: v has the shape of x"
            ):
                product(lambda x: x[0] * x[1], [1.0, 2.0], v)


def test_values_used_besides_the_arguments_keep_their_gradients() -> None:
    w = Value(3.0, "w")
    inner = w * 2.0
    loss = inner * inner
    loss.backward()
    before = [(node.data, node.grad) for node in topological_order(loss)]
    assert grad(lambda x: x * loss + w)(5.0) == 36.0
    assert [(node.data, node.grad) for node in topological_order(loss)] == before
    fresh = w * 4.0
    assert grad(lambda x: x * fresh)(5.0) == 12.0
    assert fresh.grad is None


def test_gradients_are_computed_inside_no_grad_too() -> None:
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0
        assert jacobian(lambda x: [x * x])(3.0) == [[6.0]]
        gradcheck(lambda x: x * x, 3.0)


def test_a_refused_backward_leaves_gradients_alone() -> None:
    w = Value(2.0)
    w.grad = 5.0
    with pytest.raises(GateError, match="not finite"):
        grad(lambda x: x * w * 1e308)(1e10)
    assert w.grad == 5.0


@pytest.mark.parametrize("thing", ["2", 2j, None])
def test_arguments_that_are_not_numbers_are_refused(thing: Any) -> None:
    for given in (thing, [1.0, thing]):
        with pytest.raises(TypeError, match=f"argument 3: .* got {type(thing).__name__}"):
            grad(lambda a, b, c: a)(1.0, 2.0, given)


def test_a_value_as_argument_gives_values() -> None:
    x = Value(2.0, "x")
    slope = grad(lambda x: x**3)(x)
    assert isinstance(slope, Value)
    assert slope.data == 12.0
    slope.backward()
    assert x.grad == 12.0
    assert grad(grad(lambda x: x**3))(2.0) == 12.0
    assert grad(grad(grad(lambda x: x**3)))(2.0) == 6.0
    value, (by_a, by_b) = value_and_grad(lambda a, b: a * b)(Value(2.0), 3.0)
    assert (value.data, by_a.data, by_b.data) == (6.0, 3.0, 2.0)


@pytest.mark.parametrize("arguments", [(), ([],), ([], [[]]), (np.array([]),)])
def test_nothing_to_differentiate_by_is_an_error(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="no number to differentiate by"):
        grad(lambda *_: 1.0)(*arguments)


@pytest.mark.parametrize("result", [None, "1", [1.0], (Value(1.0),), np.array([1.0]), 2j])
def test_f_must_give_one_number(result: Any) -> None:
    with pytest.raises(TypeError, match="f must return one number, a Value or a plain one, got"):
        grad(lambda x: result)(1.0)


def test_a_derivative_inside_another() -> None:
    def apart(x: Any) -> Any:
        slope = grad(lambda y: y * y)(3.0)
        assert type(slope) is float  # since nothing in it depends on x
        return x * slope

    assert grad(apart)(2.0) == 6.0
    assert jacobian(lambda x: [x * jacobian(lambda y: y * y)(3.0)[0][0]])(2.0) == [[6.0]]
    # ∂/∂y (y·x) = x, and so x·x; at y = x too, where y stands for itself alone.
    for inner in (grad, lambda f: lambda y: jacobian(f)(y)[0][0]):
        assert grad(lambda x, inner=inner: x * inner(lambda y: y * x)(3.0))(2.0) == 4.0
        assert grad(lambda x, inner=inner: x * inner(lambda y: y * x)(x))(2.0) == 4.0
        assert grad(lambda x, inner=inner: inner(lambda y: y * y * x)(x))(2.0) == 8.0  # of 2x·x
    assert grad(lambda x: jvp(lambda y: y * y * x, x, x))(2.0) == 24.0  # of 2x·x·x
    assert grad(lambda x: hvp(lambda y: y**3 * x, x, 1.0))(2.0) == 24.0  # of 6x·x
    assert grad(lambda x: hessian(lambda y: y**3 * x)(x)[0][0])(2.0) == 24.0


# ── jacobian ────────────────────────────────────────────────────────────────────────────


def test_rows_are_outputs_and_columns_inputs() -> None:
    rows = jacobian(lambda x: [x[0] * x[1], x[1] * x[1], x[0] - 3 * x[2]])([2.0, 5.0, 7.0])
    assert rows == [[5.0, 2.0, 0.0], [0.0, 10.0, 0.0], [1.0, 0.0, -3.0]]


def test_the_lectures_rules_in_numerator_layout() -> None:
    rng = random.Random(0)
    A = np.array([[rng.uniform(-1, 1) for _ in range(3)] for _ in range(3)])
    x, w = np.array([0.5, -1.0, 2.0]), np.array([3.0, 0.1, -0.7])
    assert np.allclose(jacobian(lambda v: A @ v)(x), A, rtol=1e-15)
    assert np.allclose(jacobian(lambda v: v @ x)(w), [x], rtol=1e-15)
    assert np.allclose(jacobian(lambda v: v @ A @ v)(w), [w @ (A + A.T)], rtol=1e-14)

    def f(v: Any) -> Any:
        return np.tanh(A @ v)

    def g(v: Any) -> Any:
        return A.T @ v * 0.5

    chained = np.array(jacobian(f)(g(w))) @ np.array(jacobian(g)(w))
    assert np.allclose(jacobian(lambda v: f(g(v)))(w), chained, rtol=1e-13)


def test_one_output_is_a_row_and_one_input_a_column() -> None:
    assert jacobian(lambda x: x[0] * x[1])([2.0, 3.0]) == [[3.0, 2.0]]
    assert jacobian(lambda x: [x, x * x, 5.0])(3.0) == [[1.0], [6.0], [0.0]]


def test_nested_outputs_and_inputs_are_counted_in_reading_order() -> None:
    rows = jacobian(lambda x: [[x[0][0]], [x[0][1], x[1][0] * 2]])([[1.0, 2.0], [3.0]])
    assert rows == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]
    assert jacobian(lambda x: x)(np.ones((2, 2))) == np.eye(4).tolist()


def test_a_jacobian_needs_numbers_on_both_sides() -> None:
    with pytest.raises(ValueError, match="no number to differentiate by"):
        jacobian(lambda x: x)([])
    with pytest.raises(TypeError, match="the result of f: expected a number, a list of numbers or an array"):
        jacobian(lambda x: None)([1.0])
    assert jacobian(lambda x: [])([1.0]) == []
