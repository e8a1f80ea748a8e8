"""Layers: whatever the weights and inputs of dots have in common, their numbers are the eager engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Program, Value, compile, dot, total  # noqa: A004  as the field calls it

pytest.importorskip("numba")

INPUTS = 12
Function = Callable[[list[Any], list[Value]], Any]


def matrix(w: list[Value], rows: int, columns: int, first: int = 0) -> list[list[Value]]:
    return [w[first + i * columns : first + (i + 1) * columns] for i in range(rows)]


def dense(x: list[Any], w: list[Value]) -> Any:
    hidden = [dot(row, x, w[-1 - j]).tanh() for j, row in enumerate(matrix(w, 10, INPUTS))]
    return total([dot(row, hidden) for row in matrix(w, 3, 10, 120)])


def one_bias_for_all(x: list[Any], w: list[Value]) -> Any:
    return total([dot(x, row, w[-1]) for row in matrix(w, 9, INPUTS)])


def convolution(x: list[Any], w: list[Value]) -> Any:
    return total([dot(w[:3], x[i : i + 3], w[3]).relu() for i in range(INPUTS - 2)])


def recurrent(x: list[Any], w: list[Value]) -> Any:
    hidden: list[Any] = [0.5, -0.5, 0.25, 1.0]
    for step in range(3):
        hidden = [dot(row, [*x[4 * step : 4 * step + 4], *hidden]).tanh() for row in matrix(w, 4, 8)]
    return total(hidden)


def attention(x: list[Any], w: list[Value]) -> Any:
    words = [[dot(row, x[4 * i : 4 * i + 4]) for row in matrix(w, 4, 4)] for i in range(3)]
    scores = [dot(words[2], word) for word in words]
    return total([dot(scores, column) for column in zip(*words, strict=True)])


def a_square(x: list[Any], w: list[Value]) -> Any:
    scaled = [a * b for a, b in zip(x, w, strict=False)]
    return dot(scaled, scaled) + dot(w[:5], w[:5])


def repeated_weights(x: list[Any], w: list[Value]) -> Any:
    return total(
        [dot([w[0], w[0], w[1]], x[:3]), dot([w[0], w[0], w[1]], x[:3]) * 2.0, dot(w[:3], [x[0]] * 3)]
    )


def one_weight_in_two_neurons(x: list[Any], w: list[Value]) -> Any:
    return total([dot([w[0], w[i]], x[:2]).tanh() for i in range(1, 11)])


def weights_that_are_used_both_ways(x: list[Any], w: list[Value]) -> Any:
    rows = matrix(w, 9, INPUTS)
    code = [dot(row, x).tanh() for row in rows]
    return total([dot(column, code) for column in zip(*rows, strict=True)])


def weights_and_inputs_mixed(x: list[Any], w: list[Value]) -> Any:
    return total([dot([x[0], w[i], x[1], 2.0], [w[0], x[2], x[3], w[1]], x[i]) for i in range(2, 8)])


def weights_alone(x: list[Any], w: list[Value]) -> Any:
    return x[0] * total([dot(row, w[:INPUTS]) for row in matrix(w, 9, INPUTS)])


FUNCTIONS: list[Function] = [
    dense, one_bias_for_all, convolution, recurrent, attention, a_square,
    repeated_weights, one_weight_in_two_neurons, weights_that_are_used_both_ways, weights_and_inputs_mixed,
    weights_alone,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("count", [1, 13, 300])
def test_outputs_are_the_eager_ones_and_gradients_to_rounding(function: Function, count: int) -> None:
    rng = np.random.default_rng(0)
    w = [Value(number) for number in rng.normal(size=160).tolist()]
    samples = rng.normal(size=(count, INPUTS))
    program = compile(lambda x: function(x, w), samples[0])
    eager = [function(list(map(Value, sample)), w) for sample in samples.tolist()]
    outputs = program(samples)
    assert outputs.tolist() == [y.data for y in eager]
    assert program(samples[-1]) == outputs[-1]
    (total(eager) / count).backward()
    expected = [parameter.grad for parameter in w]
    for parameter in w:
        parameter.grad = 0.0
    program.backward(samples)
    assert [parameter.grad for parameter in w] == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_a_network_is_a_run_for_each_layer_and_each_activation() -> None:
    model = nn.MLP(3, [8, 8, 2], "relu", rng=0)
    program: Program = compile(model, [0.0] * 3)
    assert [(run.gate.name, len(run.instructions)) for run in program.execution.layout.runs] == [
        ("dot", 8), ("relu", 8), ("dot", 8), ("relu", 8), ("dot", 2),
    ]  # fmt: skip


def test_infinite_numbers_behind_a_gradient_of_0_make_no_nan() -> None:
    w = [Value(1.0), Value(2.0)]
    program = compile(lambda x, y: (dot(w, [x, y]) - 1.0).relu() * 0.0 + w[0] * 0.5, 0.0, 0.0)
    assert program.backward(-np.inf, 1.0) == 0.5
    assert [parameter.grad for parameter in w] == [0.5, 0.0]
