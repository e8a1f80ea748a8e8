"""Programs against the eager engine: the same numbers and the same gradients."""

from __future__ import annotations

import copy
import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Draw, GateError, RecordingError, Value, compile  # noqa: A004  as the field calls it
from tests.autograd.compiler.eager_answers import (
    assert_same_gradients,
    assert_same_outputs,
    bits,
    eager_outputs,
    random_samples,
)
from tests.random_programs import magnitude, mixes, numbers, ratios, recipes

pytest.importorskip("numba")

# ── random graphs over all gates ────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:a program that meets infinity or NaN")
@settings(max_examples=settings.default.max_examples // 4)  # most of them compile kernels of their own
@given(recipes(), st.data())
def test_random_graphs(recipe: Any, data: st.DataObject) -> None:
    places = st.integers(0, recipe.size - 1)
    first, *others = data.draw(st.lists(places, min_size=1, max_size=4))

    def loss(*inputs: Any) -> Any:
        return recipe.cook(inputs, parameters, [recipe.size - 1])[0]

    def everything(*inputs: Any) -> Any:
        first_node, *other_nodes = recipe.cook(inputs, parameters, [first, *others])
        return [first_node, (other_nodes, other_nodes[::-1])]

    row = st.lists(numbers(), min_size=recipe.inputs, max_size=recipe.inputs)
    size = data.draw(st.sampled_from([1, 2, 7, 8, 9])) if recipe.inputs else 1
    samples = data.draw(st.lists(row, min_size=size, max_size=size))
    parameters = [Value(data.draw(numbers())) for _ in range(recipe.parameters)]
    example = [0.7, -1.3, 0.4][: recipe.inputs]
    try:
        programs = compile(loss, *example), compile(everything, *example)
    except GateError:
        assume(False)  # parameters outside the domain of a gate, whatever the inputs are
    assert_same_outputs(programs[1], everything, samples)
    assert_same_gradients(programs[0], loss, samples)


# ── networks ────────────────────────────────────────────────────────────────────────────


def network_loss(sizes: Sequence[int]) -> tuple[nn.MLP, Callable[..., Any]]:
    model = nn.MLP(sizes[0], sizes[1:], "tanh", rng=0)
    return model, lambda *numbers: nn.squared_error(model(numbers[:-1]), numbers[-1])


def test_one_program_runs_batches_of_many_sizes_in_turn() -> None:
    _, loss = network_loss([2, 5, 3, 1])
    program = compile(loss, 0.0, 0.0, 0.0)
    for size in (300, 1, 7, 8, 9, 1):
        samples = random_samples(size, 3, seed=size)
        assert_same_gradients(program, loss, samples)
        assert bits(program(*np.array(samples).T)) == bits(y for (y,) in eager_outputs(loss, samples))


def test_arrays_of_values_and_numpys_arithmetic() -> None:
    W, v = np.array([[Value(0.5), Value(-1.0)], [Value(2.0), Value(0.1)]]), np.array([Value(1.0), Value(2.0)])
    program = compile(lambda x: np.tanh(W @ x) + v, np.zeros(2))
    batch = np.array(random_samples(5, 2))
    matrix = np.array([[w.data for w in row] for row in W])
    assert np.allclose(program(batch), np.tanh(batch @ matrix.T) + np.array([1.0, 2.0]), rtol=1e-15)
    assert np.allclose(program(batch[0]), program(batch)[0], rtol=0.0)


def test_long_sums_in_the_order_in_which_they_are_written() -> None:
    # Taken in any other order, sums of such numbers differ in their first digits.
    terms = [x * 10.0 ** (i % 17) for i, x in enumerate(np.random.default_rng(1).normal(size=200).tolist())]
    weights = [Value(1.0 + 0.1 * i) for i in range(200)]
    functions: list[Callable[..., Any]] = [
        lambda *x: autograd.total(x),
        lambda *x: autograd.dot(weights, x),
        lambda *x: autograd.dot(x, weights, 1e3),
        lambda *x: autograd.dot(x, x[::-1], x[0]),
        lambda *x: autograd.dot([*weights[:100], *x[:100]], x),
        lambda *x: autograd.logsumexp([v / 1e17 for v in x]),
        lambda *x: sum(w * v for w, v in zip(weights, x, strict=True)),
        lambda *x: autograd.total([w * w for w in weights]) * x[0],
    ]
    for function in functions:
        assert_same_outputs(compile(function, *terms), function, [terms, terms[::-1]])


# ── operands of every kind ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("shared", ["parameters", "constants", "mixed"])
@pytest.mark.parametrize("start", [None, "parameter", "constant", "input"])
def test_dots_of_every_kind_of_operands(flip: bool, shared: str, start: str | None) -> None:
    weights = [Value(0.3 * i - 0.7) for i in range(6)]
    bias = Value(0.25)

    def function(*x: Any) -> Any:
        lanes = [*x[:3], *(bias * v for v in x[3:])]
        beside: Any = {
            "parameters": weights,
            "constants": [1.5, -2.0, 0.0, 3.0, 0.5, -0.0],
            "mixed": [weights[0], 2.0, x[0], weights[1] * weights[2], x[1] * weights[0], -1.0],
        }[shared]
        begin = {None: None, "parameter": bias, "constant": 0.5, "input": x[0]}[start]
        return autograd.dot(*((lanes, beside) if flip else (beside, lanes)), begin)

    program = compile(function, *[0.0] * 6)
    samples = random_samples(9, 6)
    assert_same_outputs(program, function, samples)
    assert_same_gradients(program, function, samples)


def test_a_parameter_used_many_times_and_in_sums_of_every_kind() -> None:
    w, v = Value(0.7), Value(2.0)

    def function(x: Any) -> Any:
        y = w * x + w * w
        sums = ratios([v, y], [w, v], y) + mixes([x, w], [y, v], [w, w], v) + magnitude([x, w, y])
        return autograd.dot([w, w, y], [w, x, w], w) * w + autograd.total([w, w, y]) + w**3 + 2**w + sums

    program = compile(function, 0.0)
    assert program.parameters == [w, v]
    samples = [[0.5], [-1.0], [2.0]]
    assert_same_outputs(program, function, samples)
    assert_same_gradients(program, function, samples)


def test_minus_zero() -> None:
    w = Value(1.0)
    for function in (
        lambda x: autograd.dot([w], [x]),
        lambda x: autograd.dot([x], [1.0]),
        lambda x: autograd.dot([x, x], [1.0, w]),
        lambda x: x * w + x * 1.0,
        lambda x: autograd.total([x, x]),
        lambda x: autograd.total([x]),
        lambda x: -x * 0.0,
        lambda x: -0.0 + x,
        lambda x: autograd.maximum(x, -0.0),
    ):
        assert_same_outputs(compile(function, 1.0), function, [[-0.0], [0.0]])


# ── inputs and outputs ──────────────────────────────────────────────────────────────────


def test_outputs_have_the_shape_of_the_result() -> None:
    w = Value(2.0)
    program = compile(lambda x: [w * x, (x, 3, w), [[x + 1, x + 2], [x + 3, x + 4]]], 0.0)
    assert program(1.0) == [2.0, (1.0, 3.0, 2.0), [[2.0, 3.0], [4.0, 5.0]]]
    first, (same, three, parameter), table = program([1.0, 5.0])
    assert (first.tolist(), same.tolist(), three.tolist()) == ([2.0, 10.0], [1.0, 5.0], [3.0, 3.0])
    assert parameter.tolist() == [2.0, 2.0]
    assert table.tolist() == [[[2.0, 3.0], [4.0, 5.0]], [[6.0, 7.0], [8.0, 9.0]]]
    assert program([1.0])[0].tolist() == [2.0]
    assert first.tolist() == [2.0, 10.0]  # no other run writes to it


def test_outputs_that_depend_on_parameters_alone_or_on_nothing() -> None:
    w = Value(3.0, "w")
    of_parameters = compile(lambda x: w * w, 0.0)
    assert (of_parameters(1.0), of_parameters([1.0, 2.0]).tolist()) == (9.0, [9.0, 9.0])
    assert (of_parameters.backward([1.0, 2.0]), w.grad) == (9.0, 6.0)
    w.data = math.inf
    with pytest.raises(GateError, match=r"not finite: the leaf w = inf brought it in$"):
        of_parameters.backward([1.0, 2.0])
    w.data = 3.0
    of_inputs = compile(lambda x: x * x, 0.0)
    assert (of_inputs([1.0, 2.0]).tolist(), of_inputs.backward([1.0, 2.0])) == ([1.0, 4.0], 2.5)
    assert (of_inputs.parameters, repr(of_inputs)) == ([], "Program(1 input, 0 parameters, 1 gate)")
    of_nothing = compile(lambda x: 7, 0.0)
    assert (of_nothing([1.0, 2.0]).tolist(), of_nothing.backward(1.0)) == ([7.0, 7.0], 7.0)
    itself = compile(lambda: w)
    w.grad = 0.0
    assert (itself(), itself.backward(), w.grad) == (3.0, 3.0, 1.0)


# ── parameters ──────────────────────────────────────────────────────────────────────────


def test_parameters_are_read_at_every_run_and_backward_adds_to_their_gradients() -> None:
    w, b = Value(2.0), Value(1.0)
    program = compile(lambda x: w * x + b, 0.0)
    assert program(3.0) == 7.0
    w.data, b.data = -1.0, 0.5
    assert (program(3.0), program([3.0, 4.0]).tolist()) == (-2.5, [-2.5, -3.5])
    assert (w.grad, b.grad) == (0.0, 0.0)
    program.backward(3.0)
    assert (w.data, w.grad, b.grad) == (-1.0, 3.0, 1.0)
    program.backward([1.0, 2.0])
    assert (w.grad, b.grad) == (4.5, 2.0)


def test_backward_needs_one_number() -> None:
    w = Value(2.0)
    for function, count in ((lambda x: [w * x, x], 2), (lambda x: (w * x,), 1)):
        with pytest.raises(ValueError, match=f"one number, a loss; this one returns {count} in a list"):
            compile(function, 0.0).backward(1.0)
    assert w.grad == 0.0


def test_gradients_dispute_central_differences() -> None:
    model, loss = network_loss([3, 4, 4, 1])
    program, batch = compile(loss, *[0.0] * 4), np.array(random_samples(50, 4)).T
    program.backward(*batch)
    for parameter in model.parameters():
        centre, h = parameter.data, 1e-5
        parameter.data = centre + h
        above = program(*batch).mean()
        parameter.data = centre - h
        below = program(*batch).mean()
        parameter.data = centre
        assert parameter.grad == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-9)


# ── draws ───────────────────────────────────────────────────────────────────────────────


def test_draws_are_drawn_afresh_for_every_sample_of_every_run() -> None:
    rng, w = random.Random(0), Value(3.0)
    program = compile(lambda x: x + w * Draw(rng.random, 0.5), 0.0)
    rng.seed(1)
    expected = random.Random(1)
    assert program([1.0, 2.0]).tolist() == [1.0 + 3.0 * expected.random(), 2.0 + 3.0 * expected.random()]
    mean = (expected.random() + expected.random()) / 2
    assert program.backward([0.0, 0.0]) == pytest.approx(3.0 * mean)
    assert w.grad == pytest.approx(mean)


# ── what is refused, and what must be installed ─────────────────────────────────────────


def test_a_program_is_not_copied() -> None:
    with pytest.raises(TypeError, match=r"a Program is not copied or pickled: .* compile it again"):
        copy.copy(compile(lambda x: x * 2.0, 1.0))


def test_a_program_inside_another_is_a_constant_or_refused() -> None:
    double = compile(lambda a: a * 2.0, 1.0)
    assert compile(lambda x: x * double(3.0), 1.0)(5.0) == 30.0
    refused = r"a program with parameters while recording: .* call the function that it was compiled from"
    with pytest.raises(RecordingError, match=refused):
        compile(lambda x: compile(lambda a: a * x, 1.0)(2.0) * x, 1.0)


def test_what_is_no_function_is_not_compiled() -> None:
    with pytest.raises(TypeError, match="function is a function, got float: 3"):
        compile(3.0)  # type: ignore[arg-type]


def test_without_numba_compile_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograd.arguments.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"extra `fast`: python -m pip install 'scalar-autograd\[fast\]'"):
        compile(lambda x: x, 0.0)


def test_programs_import_neither_numpy_nor_llvmlite_before_they_run() -> None:
    code = """
import sys
from autograd import compile
print(compile(lambda x: x * 2, 1.0))
assert not {"numpy", "llvmlite", "numba"} & set(sys.modules), set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
