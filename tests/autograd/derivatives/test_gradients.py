"""The backward pass as a graph, and the forward pass: derivatives of any order against mpmath."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest
from hypothesis import assume, given
from mpmath import mp, mpf

import autograd
from autograd import (
    Gate,
    GateError,
    Value,
    dot,
    draw,
    forward_gradients,
    gate,
    grad,
    gradients,
    hessian,
    hvp,
    logsumexp,
    relu,
    total,
    walk,
    where,
)
from autograd.derivatives.local_values import local_values
from autograd.graph import leaves
from tests.gate_cases import GATE_CASES, GateCase, Point
from tests.random_graphs import Recipe, recipes
from tests.tally import tried

# ── every gate ──────────────────────────────────────────────────────────────────────────

SMOOTH = [
    (case, point)
    for case in GATE_CASES
    for point in case.ordinary
    if case.name not in ("where", "clip") and all(formula != "0" for formula in case.gate.local)
]


def applied(case: GateCase, point: Point) -> tuple[Value, list[Value]]:
    inputs = [Value(x, f"x{i}") for i, x in enumerate(point[: len(case.gate.local)])]
    return case.gate(*inputs, *point[len(inputs) :]), inputs


def repeated(output: Value, inputs: list[Value], orders: tuple[int, ...]) -> Value:
    """∂^(sum of orders) output / ∂x0^orders[0] ∂x1^orders[1] …, one gradient after the other."""
    for x, order in zip(inputs, orders, strict=True):
        for _ in range(order):
            (output,) = gradients(output, [x])
    return output


@pytest.mark.parametrize(("case", "point"), SMOOTH, ids=lambda x: str(getattr(x, "name", x)))
def test_derivatives_of_every_gate_are_those_of_mpmath(case: GateCase, point: Point) -> None:
    output, inputs = applied(case, point)
    count = len(inputs)
    at, constants = tuple(map(mpf, point[:count])), [mpf(x) for x in point[count:]]
    for orders in itertools.product(range(4), repeat=count):
        if not 1 <= sum(orders) <= 3 or (case.name, point, orders) == ("softsign", (0.0,), (3,)):
            continue  # the second derivative of softsign jumps at 0
        try:
            found = repeated(output, inputs, orders).data
        except GateError:
            assert point in ((0.0, 4.0), (0.0, 5.0), (5.0, 0.0), (0.0, 1.0), (1.0, 0.0))
            continue
        with mp.workdps(60):
            f = lambda *x: case.truth(*x, *constants)  # noqa: E731
            truth = mp.diff(f, at, orders) if count > 1 else mp.diff(f, at[0], orders[0])
        assert found == pytest.approx(float(truth), rel=1e-8, abs=1e-12), (orders, found)
        tried("derivatives of gates against mpmath")


@pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
def test_formulas_to_compute_with_are_the_gates_own_local_gradients(case: GateCase) -> None:
    for point in (*case.ordinary, *case.extreme):
        output, _ = applied(case, point)
        for later, local in zip(local_values(output), output.local_grads, strict=True):
            try:
                computed = later()
            except GateError:
                assert not math.isfinite(local) or abs(local) > 1e150 or abs(output.data) in (0.0, 1.0)
                continue
            number = computed.data if isinstance(computed, Value) else computed
            assert number == pytest.approx(local, rel=1e-12, abs=1e-300) or (number != number)


@pytest.mark.parametrize(
    ("f", "at", "slopes"),
    [
        (relu, 0.0, (0.0, 0.0)),
        (abs, 0.0, (0.0, 0.0)),
        (autograd.leaky_relu, 0.0, (1.0, 0.0)),
        (autograd.elu, 0.0, (1.0, 1.0)),
        (lambda x: x.maximum(1.0) ** 2, 1.0, (2.0, 2.0)),
        (autograd.softsign, 0.0, (1.0, 0.0)),
        (lambda x: autograd.hypot(x, 0.0), 0.0, (0.0, 0.0)),
        (lambda x: x.clip(0.0, 1.0) ** 2, 1.0, (2.0, 2.0)),
        (autograd.hardtanh, 1.0, (0.0, 0.0)),
        (autograd.floor, 1.5, (0.0, 0.0)),
        (lambda x: where(x > 0, x**2, -x), 0.0, (-1.0, 0.0)),
    ],
)
def test_a_slopes_slope_at_a_kink_is_that_of_the_side_that_the_slope_takes(
    f: Any, at: float, slopes: tuple[float, float]
) -> None:
    assert (grad(f)(at), grad(grad(f))(at)) == slopes


def test_where_a_slope_is_infinite_there_is_no_second_derivative() -> None:
    x = Value(0.0, "x")
    with pytest.raises(GateError, match=r"sqrt\(x = 0.0\) has no derivative that could be computed: divide"):
        gradients(x.sqrt(), [x])


def test_saturated_activations_keep_their_digits() -> None:
    for f in (autograd.tanh, autograd.sigmoid, autograd.softplus, autograd.log_sigmoid, autograd.gelu):
        truth = next(case.truth for case in GATE_CASES if case.gate is f)
        for z in (-15.0, -8.0, 8.0, 15.0):
            with mp.workdps(60):
                expected = [float(mp.diff(truth, mpf(z), order)) for order in (2, 3)]
            found = [grad(grad(f))(z), grad(grad(grad(f)))(z)]
            assert found == pytest.approx(expected, rel=1e-9)


# ── gates of the reader's own, fused gates ──────────────────────────────────────────────


@gate(symbol="x³", formula="x**3", local=("3*x**2",))
def cube(x: float) -> Any:
    return x * x * x, (3.0 * x * x,)


def test_a_gate_of_ones_own_is_differentiated_by_its_formula() -> None:
    assert [grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)] == [12.0, 12.0, 6.0]


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("2*x**2", r"cube\(2.0\): a local gradient is 8.0 by its formula, and its function gave 12.0"),
        ("f(x)", "its local gradient 'f\\(x\\)' uses f, which is no gate"),
        ("3*y**2", "uses y, which is no gate"),
        ("three x squared", "'three x squared' is not arithmetic"),
    ],
)
def test_a_formula_that_does_not_say_the_slope_is_refused(formula: str, error: str) -> None:
    wrong = Gate(cube.function, "x³", "x**3", (formula,))
    assert grad(wrong)(2.0) == 12.0
    with pytest.raises(TypeError, match=error):
        grad(grad(wrong))(2.0)


def test_fused_gates_are_differentiated_as_the_gates_that_they_fold() -> None:
    w, x, b = [0.5, -1.0, 2.0], [1.0, 3.0, -0.5], 0.25
    H = hessian(lambda w, x: dot(w, x, b).tanh() + total(w) ** 2, argnums=0)(w, x)
    expected = hessian(
        lambda w, x: (w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b).tanh() + (w[0] + w[1] + w[2]) ** 2
    )(w, x)
    assert [pytest.approx(row, rel=1e-12) for row in expected] == H
    z = [1.0, 2.0, 3.0]
    p = [math.exp(z_i) / sum(map(math.exp, z)) for z_i in z]
    softmax = [[p[i] * ((i == j) - p[j]) for j in range(3)] for i in range(3)]
    assert hessian(logsumexp)(z) == [pytest.approx(row, rel=1e-12) for row in softmax]
    large = [z_i + 1000.0 for z_i in z]
    assert hessian(logsumexp)(large) == [pytest.approx(row, rel=1e-9) for row in softmax]
    assert hessian(lambda v: autograd.choose(1, v) ** 2 * v[0])(z) == [[0, 4.0, 0], [4.0, 2.0, 0], [0, 0, 0]]


# ── the graph of gradients ──────────────────────────────────────────────────────────────


def test_gradients_are_gates_over_the_same_leaves() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    L = x * x * y
    before = (x.grad, y.grad, L.grad)
    by_x, by_y = gradients(L, [x, y])
    assert (by_x.data, by_y.data) == (12.0, 4.0)
    assert set(leaves(by_x)) == {x, y}
    assert (x.grad, y.grad, L.grad) == before
    assert [slope.data for slope in gradients(by_x, [x, y])] == [6.0, 4.0]
    assert gradients(L, [L, x * x, Value(1.0)])[0].data == 1.0
    inner = x * x
    assert gradients(inner * y, [inner])[0].data == 3.0


def test_gradients_can_be_drawn_walked_and_compiled() -> None:
    def slope(x: Any, y: Any) -> Any:
        return grad(lambda x: (x * y).tanh() * x)(x)

    x, y = Value(0.5, "x"), Value(2.0, "y")
    by_x = slope(x, y)
    by_x.backward()
    assert "<svg" in draw(by_x).svg
    assert "∂" in str(walk(by_x))
    program = autograd.compile(slope, 0.5, 2.0)
    for point in ((0.5, 2.0), (-1.0, 0.3), (3.0, 1.0)):
        assert program(*point) == pytest.approx(slope(*point), rel=1e-14)


def test_a_recorded_derivative_decides_again_in_every_run() -> None:
    program = autograd.compile(lambda x: grad(lambda x: relu(x) ** 2 + where(x > 1.0, x**3, x))(x), 0.5)
    for x in (-1.0, 0.0, 0.5, 1.0, 2.0):
        assert program(x) == grad(lambda x: relu(x) ** 2 + where(x > 1.0, x**3, x))(x)


# ── forward ─────────────────────────────────────────────────────────────────────────────


def test_forward_gradients_of_every_node() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    product = x * y
    L = product + x
    found = forward_gradients(L, {x: 1.0})
    assert [found[node] for node in (x, y, product, L)] == [1.0, 0.0, 3.0, 4.0]
    assert forward_gradients(L, {x: 1.0, y: 10.0})[L] == 24.0
    assert forward_gradients(L, {product: 1.0})[L] == 1.0
    assert forward_gradients(x, {x: 2.0})[x] == 2.0
    steep = Value(0.0)
    assert forward_gradients(steep.sqrt() * x, {x: 1.0, steep: 0.0})[x] == 1.0


@pytest.mark.parametrize(
    ("tangents", "words"),
    [
        ([1.0], "tangents is a dict of numbers by their inputs, got list: "),
        ({"x": 1.0}, "the inputs of tangents are Values, got str: 'x'"),
        ({Value(1.0): "1"}, "expected one real number, got str: '1'"),
    ],
)
def test_tangents_are_numbers_by_their_inputs(tangents: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        forward_gradients(Value(2.0), tangents)


# ── random graphs ───────────────────────────────────────────────────────────────────────


@given(recipes(most_steps=12))
def test_hessians_are_symmetric_and_multiply_as_hvp_does(recipe: Recipe) -> None:
    def f(x: Any) -> Any:
        return recipe.values(x)[-1]

    x = list(recipe.leaves)
    rng = random.Random(len(recipe.steps))
    v = [rng.uniform(-1.0, 1.0) for _ in x]
    try:
        H = hessian(f)(x)
        product = hvp(f, x, v)
    except GateError:
        assume(False)
    size = max((abs(h) for row in H for h in row), default=0.0)
    assume(size < 1e8)
    for i, j in itertools.product(range(len(x)), repeat=2):
        assert H[i][j] == pytest.approx(H[j][i], rel=1e-6, abs=1e-9 * (1.0 + size))
    for row, number in zip(H, product, strict=True):
        assert number == pytest.approx(
            sum(map(lambda a, b: a * b, row, v)), rel=1e-6, abs=1e-8 * (1.0 + size)
        )
    tried("Hessians of random graphs")


@given(recipes())
def test_forward_and_backward_agree(recipe: Recipe) -> None:
    """v·(Jᵀu) = (Jv)·u, for two nodes of the graph."""
    values = recipe.values(inputs := [Value(x) for x in recipe.leaves])
    outputs = [values[-1], values[len(values) // 2]]
    rng = random.Random(len(values))
    u, v = [rng.uniform(-1, 1) for _ in outputs], [rng.uniform(-1, 1) for _ in inputs]
    root = dot(outputs, u)
    moved = forward_gradients(root, dict(zip(inputs, v, strict=True)))
    root.backward()
    parts = [x.grad * v_i for x, v_i in zip(inputs, v, strict=True)]
    assume(all(map(math.isfinite, [*parts, *moved.values()])))
    size = sum(map(abs, parts)) + max(map(abs, moved.values()))
    assert moved[root] == pytest.approx(sum(parts), rel=1e-9, abs=1e-9 * size)
    Jv = [moved[y] for y in outputs]
    assert moved[root] == pytest.approx(dot(Jv, u), rel=1e-12, abs=1e-12 * size)
    tried("forward passes against backward passes")


SAME_IN_PYTORCH = (
    *("add", "subtract", "multiply", "divide", "square", "reciprocal", "exp", "exp2", "expm1"),
    *("log", "log1p", "log2", "log10", "sqrt", "hypot", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "sigmoid"),
)
"""Gates that PyTorch has by the same name, without a kink."""


@pytest.mark.torch
@given(recipes([getattr(autograd, name) for name in SAME_IN_PYTORCH], most_steps=15))
def test_hessians_are_those_of_pytorch(recipe: Recipe) -> None:
    import torch

    def applied(gate: Gate, *arguments: Any) -> Any:
        return sum(arguments) if gate.name == "total" else getattr(torch, gate.name)(*arguments)

    def tensor(numbers: Any) -> Any:
        return torch.tensor(numbers, dtype=torch.float64)

    theirs = torch.autograd.functional.hessian(
        lambda x: recipe.followed(x, applied, tensor)[-1], tensor(recipe.leaves), strict=False
    )
    assume(bool(torch.isfinite(theirs).all()) and theirs.abs().max() < 1e6)
    try:
        H = hessian(lambda x: recipe.values(x)[-1])(list(recipe.leaves))
    except GateError:
        assume(False)
    size = float(theirs.abs().max())
    for row, expected in zip(H, theirs.tolist(), strict=True):
        assert row == pytest.approx(expected, rel=1e-6, abs=1e-8 * (1.0 + size))
    tried("Hessians against PyTorch")
