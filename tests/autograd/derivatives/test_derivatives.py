"""Derivatives of plain functions against worked-out ones, and a checker that objects when it should."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    Gate,
    GateError,
    GradientError,
    Value,
    dot,
    exp,
    gate,
    grad,
    gradcheck,
    jacobian,
    log,
    logsumexp,
    no_grad,
    relu,
    sin,
    sqrt,
    total,
    value_and_grad,
)
from autograd.graph import topological_order
from tests.autograd.test_gates import NOT_REAL_NUMBERS, REAL_NUMBERS
from tests.gate_cases import GATE_CASES, GateCase, Point
from tests.tally import tried

# ── grad and value_and_grad ─────────────────────────────────────────────────────────────


def test_one_number() -> None:
    assert grad(lambda x: x**3)(2.0) == 12.0
    assert value_and_grad(lambda x: x**3)(2.0) == (8.0, 12.0)


def test_several_arguments_give_a_tuple() -> None:
    assert grad(lambda a, b: a * b + a)(2.0, 3.0) == (4.0, 2.0)
    assert value_and_grad(lambda a, b: a / b)(6.0, 3.0) == (2.0, (1 / 3, -2 / 3))


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


def test_a_constant_function_has_gradient_0() -> None:
    assert value_and_grad(lambda a, b: 7)(1.0, 2.0) == (7.0, (0.0, 0.0))
    assert grad(lambda x: Value(3.0))(1.0) == 0.0


def test_the_identity_has_gradient_1() -> None:
    assert grad(lambda x: x)(5.0) == 1.0


@pytest.mark.parametrize("f", [math.sin, lambda x: x * math.exp(x), lambda x: float(x) * x])
def test_a_number_taken_out_of_the_graph_is_refused(f: Callable[[Any], Any]) -> None:
    for derivative in (grad(f), value_and_grad(f), lambda x: jacobian(f, x)):
        with pytest.raises(TypeError, match=r"no gradient passes: take autograd\.exp for math\.exp"):
            derivative(1.0)
    assert float(Value(2.0)) == 2.0  # outside, it is what Python's numbers do


def test_a_function_may_look_at_the_number_all_the_same() -> None:
    assert grad(lambda x: x * 2.0 if x > 3.0 else x * 5.0)(4.0) == 2.0
    assert grad(lambda x: x * 2.0 if x == 3.0 else x * 5.0)(3.0) == 2.0
    assert grad(lambda x: x * x.data)(3.0) == 3.0


def test_arguments_given_by_name_are_constants() -> None:
    def f(x: Any, factor: float = 1.0) -> Any:
        return factor * x * x

    assert grad(f)(3.0, factor=2.0) == 12.0
    assert value_and_grad(f)(3.0, factor=2.0) == (18.0, 12.0)


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
        assert jacobian(lambda x: [x * x], 3.0) == [[6.0]]
        gradcheck(lambda x: x * x, 3.0)


def test_a_refused_backward_leaves_gradients_alone() -> None:
    w = Value(2.0)
    w.grad = 5.0
    with pytest.raises(GateError, match="not finite"):
        grad(lambda x: x * w * 1e308)(1e10)
    assert w.grad == 5.0


@pytest.mark.parametrize(
    ("thing", "kind"), [case for case in NOT_REAL_NUMBERS if case[1] not in ("list", "ndarray", "complex128")]
)
def test_arguments_that_are_not_numbers_are_refused(thing: Any, kind: str) -> None:
    for given in (thing, [1.0, thing]):
        with pytest.raises(TypeError, match=f"argument 2: .* got (a )?{kind}"):
            grad(lambda a, b: a)(1.0, given)


def test_a_value_as_argument_is_refused_since_derivatives_are_plain_numbers() -> None:
    with pytest.raises(TypeError, match=r"argument 1: .*cannot be differentiated again; got a Value"):
        grad(lambda x: x)(Value(1.0))
    with pytest.raises(TypeError, match="cannot be differentiated again"):
        grad(grad(lambda x: x**3))(2.0)


@pytest.mark.parametrize("arguments", [(), ([],), ([], [[]]), (np.array([]),)])
def test_nothing_to_differentiate_by_is_an_error(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="no number to differentiate by"):
        grad(lambda *_: 1.0)(*arguments)


@pytest.mark.parametrize("result", [None, "1", [1.0], (Value(1.0),), np.array([1.0]), 2j])
def test_f_must_give_one_number(result: Any) -> None:
    with pytest.raises(TypeError, match="f must give one number, a Value or a plain one, got"):
        grad(lambda x: result)(1.0)


def test_a_derivative_inside_another_is_a_constant_or_refused() -> None:
    assert grad(lambda x: x * grad(lambda y: y * y)(3.0))(2.0) == 6.0
    assert jacobian(lambda x: [x * jacobian(lambda y: y * y, 3.0)[0][0]], 2.0) == [[6.0]]
    for inner in (grad, lambda f: lambda x: jacobian(f, x)[0][0]):
        with pytest.raises(TypeError, match="cannot depend on the inputs of that one"):
            grad(lambda x, inner=inner: x * inner(lambda y: y * x)(3.0))(2.0)  # x², where x alone is meant
    assert grad(lambda x: x * x)(3.0) == 6.0


def test_lists_may_not_be_nested_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError, match="argument 1: lists nested more than 64 deep"):
        grad(lambda x: 1.0)(endless)


# ── jacobian ────────────────────────────────────────────────────────────────────────────


def test_rows_are_outputs_and_columns_inputs() -> None:
    rows = jacobian(lambda x: [x[0] * x[1], x[1] * x[1], x[0] - 3 * x[2]], [2.0, 5.0, 7.0])
    assert rows == [[5.0, 2.0, 0.0], [0.0, 10.0, 0.0], [1.0, 0.0, -3.0]]


def test_the_lectures_rules_in_numerator_layout() -> None:
    rng = random.Random(0)
    A = np.array([[rng.uniform(-1, 1) for _ in range(3)] for _ in range(3)])
    x, w = np.array([0.5, -1.0, 2.0]), np.array([3.0, 0.1, -0.7])
    assert np.allclose(jacobian(lambda v: A @ v, x), A, rtol=1e-15)
    assert np.allclose(jacobian(lambda v: v @ x, w), [x], rtol=1e-15)
    assert np.allclose(jacobian(lambda v: v @ A @ v, w), [w @ (A + A.T)], rtol=1e-14)

    def f(v: Any) -> Any:
        return np.tanh(A @ v)

    def g(v: Any) -> Any:
        return A.T @ v * 0.5

    chained = np.array(jacobian(f, g(w))) @ np.array(jacobian(g, w))
    assert np.allclose(jacobian(lambda v: f(g(v)), w), chained, rtol=1e-13)


def test_softmax() -> None:
    def softmax(x: Any) -> Any:
        norm = logsumexp(x)
        return [exp(v - norm) for v in x]

    y = [float(v) for v in softmax([1.0, 2.0, 3.0])]
    expected = [[y[i] * ((i == j) - y[j]) for j in range(3)] for i in range(3)]
    assert np.allclose(jacobian(softmax, [1.0, 2.0, 3.0]), expected, rtol=1e-13)


def test_one_output_is_a_row_and_one_input_a_column() -> None:
    assert jacobian(lambda x: x[0] * x[1], [2.0, 3.0]) == [[3.0, 2.0]]
    assert jacobian(lambda x: [x, x * x, 5.0], 3.0) == [[1.0], [6.0], [0.0]]


def test_nested_outputs_and_inputs_are_counted_in_reading_order() -> None:
    rows = jacobian(lambda x: [[x[0][0]], [x[0][1], x[1][0] * 2]], [[1.0, 2.0], [3.0]])
    assert rows == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]
    assert jacobian(lambda x: x, np.ones((2, 2))) == np.eye(4).tolist()


def test_a_jacobian_needs_numbers_on_both_sides() -> None:
    with pytest.raises(ValueError, match="no number to differentiate by"):
        jacobian(lambda x: x, [])
    with pytest.raises(TypeError, match="the result of f: expected a number, a list of numbers or an array"):
        jacobian(lambda x: None, [1.0])
    assert jacobian(lambda x: [], [1.0]) == []


# ── gradcheck: the report ───────────────────────────────────────────────────────────────


def test_the_report_has_a_row_for_every_input() -> None:
    report = gradcheck(lambda w, x, b: dot(w, x, b).tanh(), [[0.1, -0.2], [1.0, 2.0], 0.3])
    assert [row.name for row in report.rows] == ["w[0]", "w[1]", "x[0]", "x[1]", "b"]
    slope = 1 - math.tanh(0.1 - 0.4 + 0.3) ** 2
    assert [row.analytic for row in report.rows] == pytest.approx(
        [slope, 2 * slope, 0.1 * slope, -0.2 * slope, slope]
    )
    assert [row.numeric for row in report.rows] == pytest.approx(
        [row.analytic for row in report.rows], rel=1e-10
    )
    assert all(row.agrees and row.relative_error < 1e-10 and row.note == "" for row in report.rows)


def test_the_report_prints_as_a_table() -> None:
    assert str(gradcheck(lambda x, y: x * y[0] - y[1], [2.0, [3.0, 4.0]])) == (
        "input  analytic  numeric  relative error\n"
        "x             3        3               0\n"
        "y[0]          2        2               0\n"
        "y[1]         -1       -1               0"
    )


def test_the_error_shows_the_table_and_carries_the_report() -> None:
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda x, y: x * y + (x - 1.0) * Value(float(x)), [2.0, 3.0])
    assert str(caught.value) == (
        "1 of 2 gradients disagree\n"
        "input  analytic  numeric  relative error\n"
        "x             5        6             0.2  ← disagrees\n"
        "y             2        2               0"
    )
    assert isinstance(caught.value, AssertionError)
    assert [row.agrees for row in caught.value.report.rows] == [False, True]


def test_the_error_counts_the_inputs_that_disagree() -> None:
    with pytest.raises(GradientError, match="1 of 3 gradients disagree"):
        gradcheck(lambda x, y, z: x * y * z + (x - 1.0) * Value(float(x)), [2.0, 3.0, 4.0])


def test_a_function_that_is_0_everywhere_has_the_slope_0() -> None:
    (row,) = gradcheck(lambda x: x * 0.0, 2.0).rows
    assert (row.analytic, row.numeric, row.relative_error, row.agrees) == (0.0, 0.0, 0.0, True)


def test_a_report_is_evidence_and_cannot_be_changed() -> None:
    report = gradcheck(exp, 1.0)
    for part, field in ((report, "rows"), (report.rows[0], "agrees")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, field, ())


def test_names_come_from_labels_parameters_or_places() -> None:
    def names(f: Callable[..., Any], inputs: Any) -> list[str]:
        return [row.name for row in gradcheck(f, inputs).rows]

    assert names(lambda a: a, 1.0) == ["a"]
    assert names(lambda a, *rest: a * rest[0], [1.0, 2.0]) == ["a", "input 2"]
    assert names(lambda a: a, Value(1.0, "w")) == ["w"]
    assert names(lambda a: a, Value(1.0)) == ["a"]
    assert names(lambda a: np.sum(a), np.ones((1, 2))) == ["a[0][0]", "a[0][1]"]
    assert names(max, [2.0, 1.0]) == ["input 1", "input 2"]
    assert names(exp, 1.0) == ["x"]


def test_a_function_may_show_the_numbers_it_meets() -> None:
    def f(x: Any) -> Any:
        assert f"{x:.1f}" == "3.0"
        with no_grad():
            assert (x * x).data == 9.0
        return x * x

    assert grad(f)(3.0) == 6.0


def test_values_are_checked_where_they_stand_and_put_back() -> None:
    w, b = Value(0.5, "w"), Value(-0.25, "b")
    w.grad = 7.0

    def loss() -> Value:
        return (w * 3.0 + b).tanh() ** 2

    report = gradcheck(lambda *parameters: loss(), [w, b])
    assert [row.name for row in report.rows] == ["w", "b"]
    assert (w.data, b.data, w.grad, b.grad) == (0.5, -0.25, 7.0, 0.0)


def test_values_are_put_back_when_f_fails() -> None:
    w = Value(2.0)

    def f(w: Value) -> Value:
        if w.data != 2.0:
            raise KeyError
        return w * 1.0

    with pytest.raises(KeyError):
        gradcheck(f, w)
    assert w.data == 2.0


# ── gradcheck: what it cannot check ─────────────────────────────────────────────────────


@pytest.mark.parametrize("inputs", [[], (), [[]], [[], []], np.array([])])
def test_no_inputs_is_an_error(inputs: Any) -> None:
    with pytest.raises(ValueError, match="nothing to check: there are no inputs"):
        gradcheck(lambda *_: Value(1.0), inputs)


def test_the_same_value_twice_is_an_error() -> None:
    w = Value(2.0, "w")
    with pytest.raises(ValueError, match=r"b and w are the same Value: give it once"):
        gradcheck(lambda a, b: a * b, [w, w])


def test_a_node_that_a_gate_made_is_an_error() -> None:
    with pytest.raises(TypeError, match="a was made by a gate, multiply: give leaves, which can be moved"):
        gradcheck(lambda a: a, Value(2.0) * 3.0)


def test_inputs_that_f_does_not_take_are_an_error() -> None:
    with pytest.raises(
        TypeError, match=r"f cannot be called with these 2 inputs: .*gradcheck\(f, \[\[1.0, 2.0\]\]\)"
    ):
        gradcheck(lambda x: x[0] * x[1], [1.0, 2.0])


def test_a_random_function_is_an_error() -> None:
    rng = random.Random(0)
    with pytest.raises(ValueError, match="f gives different results for the same inputs: "):
        gradcheck(lambda x: x * rng.random(), 1.0)


@pytest.mark.parametrize("drift", [1.0, -1.0])
def test_a_function_that_drifts_either_way_is_an_error(drift: float) -> None:
    calls = iter(range(9))
    with pytest.raises(
        ValueError, match=r"f gives different results for the same inputs: 1\.0, then [02]\.0"
    ):
        gradcheck(lambda x: x + drift * next(calls), 1.0)


# ── gradcheck: kinks, edges and roughness ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("f", "at", "note"),
    [
        (relu, 0.0, "a kink: slope 0 to the left, 1 to the right"),
        (lambda x: x.leaky_relu(0.1), 0.0, "a kink: slope 0.1 to the left, 1 to the right"),
        (lambda x: x.maximum(2.0) * 3.0, 2.0, "a kink: slope 0 to the left, 3 to the right"),
        (lambda x: x.minimum(-5.0), -5.0, "a kink: slope 1 to the left, 0 to the right"),
    ],
)
def test_at_a_kink_a_convention_passes_and_is_noted(f: Callable[[Any], Any], at: float, note: str) -> None:
    (row,) = gradcheck(f, at).rows
    assert (row.agrees, row.note) == (True, note)


def test_at_a_kink_a_slope_outside_the_two_sides_is_wrong() -> None:
    doubled = wrong(next(case for case in GATE_CASES if case.gate is relu), lambda slopes: (1.01,))
    with pytest.raises(GradientError, match="← a kink: slope 0 to the left, 1 to the right"):
        gradcheck(doubled, 0.0)


def bent(left: float, right: float, convention: float) -> Gate:
    """A line with a kink at 0, bent a little more beside it, so that differences meet the slopes nearly."""

    @gate(symbol="bent", formula="x", local=("1",))
    def bent(x: float) -> tuple[float, Point]:
        if x == 0.0:
            return 0.0, (convention,)
        slope = left if x < 0.0 else right
        bend = (right - left) * abs(x) / 100.0
        return (slope - bend if x > 0.0 else slope + bend) * x, (math.nan,)

    return bent


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("left", "right"), [(2.0, 5.0), (5.0, 2.0), (-5.0, -2.0), (-3.0, 4.0), (1.0, -1.0)])
def test_a_kink_takes_any_slope_from_one_side_to_the_other(left: float, right: float, scale: float) -> None:
    gap = right - left
    for convention in (left, right, left + 0.01 * gap, (left + right) / 2, right - 0.01 * gap):
        gradcheck(bent(left * scale, right * scale, convention * scale), 0.0, tolerance=1e-12)
    for convention in (left - 0.01 * gap, right + 0.01 * gap):
        with pytest.raises(GradientError, match=r"a kink: slope [-\d]"):
            gradcheck(bent(left * scale, right * scale, convention * scale), 0.0, tolerance=1e-12)


def test_conventions_that_add_up_to_a_wrong_slope_are_objected_to() -> None:
    with pytest.raises(GradientError, match=r"0 +1 +1  ← disagrees"):
        gradcheck(lambda x: relu(x) - relu(-x), 0.0)  # which is x


def test_at_the_edge_of_a_domain_there_is_no_central_difference() -> None:
    with pytest.raises(GradientError, match="← f is not defined on both sides of the input"):
        gradcheck(sqrt, 0.0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_where_f_jumps_the_numeric_derivative_is_called_uncertain(scale: float) -> None:
    with pytest.raises(GradientError, match=r"← the numeric one is uncertain by .*: f is too rough here"):
        gradcheck(lambda x: -x * scale if x < 1.0 else x * scale, 1.0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_where_f_is_smooth_it_is_not_called_rough(scale: float) -> None:
    spoilt = wrong(next(case for case in GATE_CASES if case.name == "exp"), scaled(0, 1.001))
    with pytest.raises(GradientError, match=r"← disagrees$"):
        gradcheck(lambda x: spoilt(x) * scale, 1.0)


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (exp, 700.0),
        (exp, -30.0),
        (log, 1e-308),
        (log, 1e-12),
        (sqrt, 1e-300),
        (sin, 1e-6),
        (relu, 1e-4),
        (relu, -1e-4),
        (lambda x: x**5, 0.0),
        (lambda x: 1 / x, 1e-3),
        (lambda x: x**3, 1e100),
        (lambda x: 1e10 + x, 1.0),
        (lambda x: x.cos() + 100.0, 1e-6),
        (lambda x: (x * 40.0).sigmoid(), 1.0),
        (lambda x: ((x * x + 1.0).log() * 3.0).sin().exp(), 0.7),
    ],
)
def test_well_behaved_functions_agree_to_eight_digits(f: Callable[[Any], Any], at: float) -> None:
    gradcheck(f, at, tolerance=1e-8)


def test_the_tolerance_may_be_met_exactly() -> None:
    assert gradcheck(lambda x: x * 3.0, 2.0, tolerance=0.0).rows[0].relative_error == 0.0


def test_the_tolerance_is_relative() -> None:
    def f(x: Any) -> Any:
        return x * 1e-20 + Value(float(x)) * 1e-23  # a slope of 1.001e-20, of which 1e-20 is seen

    with pytest.raises(GradientError):
        gradcheck(f, 1.0)
    gradcheck(f, 1.0, tolerance=2e-3)


# ── gradcheck: the checker checked ──────────────────────────────────────────────────────


def wrong(case: GateCase, spoil: Callable[[Point], Point]) -> Gate:
    """The gate with its local gradients spoilt."""

    def function(*arguments: float) -> tuple[float, Point]:
        output, local_grads = case.gate.function(*arguments)
        return output, spoil(local_grads)

    return dataclasses.replace(case.gate, function=function)


def scaled(position: int, factor: float) -> Callable[[Point], Point]:
    return lambda slopes: tuple(slope * factor if i == position else slope for i, slope in enumerate(slopes))


SPOILERS = {
    f"{spoiler} in input {position + 1} of {case.name}": (case, position, scaled(position, factor))
    for case in GATE_CASES
    for position in range(len(case.gate.local))
    for spoiler, factor in {"times 1.001": 1.001, "times 0.999": 0.999, "sign": -1.0, "missing": 0.0}.items()
} | {
    f"swapped in {case.name}": (case, 0, lambda slopes: slopes[::-1])
    for case in GATE_CASES
    if len(case.gate.local) == 2 and case.name != "add"  # whose slopes are both 1
}


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_the_check_objects_to_every_gate_with_a_slightly_wrong_derivative(spoiler: str) -> None:
    case, position, spoil = SPOILERS[spoiler]
    spoilt = wrong(case, spoil)
    objections = 0
    for point in case.ordinary:
        inputs, constants = point[: len(case.gate.local)], point[len(case.gate.local) :]
        _, slopes = case.gate.function(*point)
        if spoil(slopes)[position] == slopes[position] or abs(slopes[position]) < 1e-9:
            continue  # 1.001 times 0, or nearly so, is right

        def f(*values: Any, constants: Point = constants) -> Any:
            return spoilt(*values, *constants) * 3.0

        with pytest.raises(GradientError) as caught:
            gradcheck(f, inputs)
        assert not caught.value.report.rows[position].agrees
        objections += 1
        tried("wrong derivatives objected to")
    assert objections


def test_the_check_objects_to_a_wrong_gate_deep_inside() -> None:
    spoilt = wrong(next(case for case in GATE_CASES if case.name == "tanh"), scaled(0, 1.001))

    def f(w: Any, x: Any) -> Any:
        return dot(w, [spoilt(v) for v in x]).sigmoid().log()

    with pytest.raises(GradientError) as caught:
        gradcheck(f, [[0.5, -1.0], [0.3, 0.8]])
    assert [row.agrees for row in caught.value.report.rows] == [True, True, False, False]
