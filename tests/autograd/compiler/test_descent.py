"""Descent in native code: its cost, its parameters, and where it stops."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile  # noqa: A004  as the field calls it

pytest.importorskip("numba")

from autograd.compiler.descent import Descent, Samples
from nn.update_rules import norm, sgd

Run = Callable[..., np.ndarray]


def descending(program: Any, samples: np.ndarray, *arguments: Any) -> Run:
    """`Descent.run` of one program on its samples, and then the gradients of the last update."""
    descent = Descent([program.execution], *arguments)
    of_one_program = Samples([samples], np.zeros(len(samples), dtype=np.int64), np.arange(len(samples)))

    def run(*arguments: Any) -> np.ndarray:
        sums = descent.run(of_one_program, *arguments)
        descent.write_gradients()
        return sums

    return run


def test_gradients_whose_norm_is_beyond_the_floats_end_the_training() -> None:
    w, v = Value(1.0, "w"), Value(1.0, "v")
    program = compile(lambda x: 1e154 * x * w - 1e154 * x * v, 0.0)
    descent = descending(program, np.array([[1.5e154]]), [w, v], sgd, 0, 2, norm, 1.0)
    numbers = np.array([1.0, 1.0])
    assert len(descent([[0]], numbers, np.zeros((0, 2)), np.array([[1.0, 1.0]]))) == 0
    assert numbers.tolist() == [1.0, 1.0]


def test_the_cost_is_the_sum_of_all_outputs_means() -> None:
    # A loss per sample, and a penalty that all samples share.
    w = Value(2.0, "w")
    program = compile(lambda x: [w * x, 3 * w * w], 0.0)
    descent = descending(program, np.array([[1.0], [5.0], [7.0]]), [w], sgd, 0, 2)
    numbers = np.array([2.0])
    sums = descent([[0, 2]], numbers, np.zeros((0, 1)), np.array([[1.0, 0.5]]))
    assert (sums.tolist(), w.grad) == ([16.0], 4.0 + 12.0)  # mean of x, and 6w
    assert (numbers.tolist(), w.data) == ([2.0 - 0.5 * 16.0], 2.0)


def test_parameters_that_are_not_updated_are_read_and_get_gradients() -> None:
    w, frozen, elsewhere = Value(2.0), Value(3.0), Value(5.0)
    program = compile(lambda x: w * x * frozen, 0.0)
    descent = descending(program, np.array([[1.0]]), [elsewhere, w], sgd, 0, 2)
    numbers = np.array([5.0, 2.0])
    settings = np.array([[1.0, 1.0]])
    descent([[0]], numbers, np.zeros((0, 2)), settings)
    assert (numbers.tolist(), w.grad, frozen.grad) == ([5.0, -1.0], 3.0, 2.0)
    frozen.data = 4.0
    descent([[0]], numbers, np.zeros((0, 2)), settings)
    assert numbers.tolist() == [5.0, -5.0]


# ── numbers that are not finite ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("x", [math.nan, math.inf, 1e200, 0.0])
def test_it_stops_before_the_mini_batch_that_is_not_finite(x: float) -> None:
    w = Value(1e150)
    program = compile(lambda x: (w * x) ** 2 / x, 1.0)
    samples = np.array([[1e-150], [x]])
    descent = descending(program, samples, [w], sgd, 0, 2)
    numbers = np.array([1e150])
    sums = descent([[0], [0, 1], [0]], numbers, np.zeros((0, 1)), np.array([[1.0, 1.0]] * 3))
    assert (len(sums), np.isfinite(numbers).all()) == (1, True)


def test_a_rule_that_gives_what_is_not_finite_is_undone() -> None:
    def explosive(parameter: float, gradient: float, memory: float, step: float, rate: float) -> Any:
        return parameter - rate * gradient, memory + 1.0 / (3.0 - step)

    w, v = Value(1.0), Value(2.0)
    program = compile(lambda x: (w + v) * x, 0.0)
    descent = descending(program, np.array([[1.0]]), [w, v], explosive, 1, 2)
    numbers, states = np.array([1.0, 2.0]), np.zeros((1, 2))
    sums = descent([[0]] * 5, numbers, states, np.array([[float(i), 0.25] for i in range(1, 6)]))
    assert (len(sums), numbers.tolist(), states.tolist()) == (2, [0.5, 1.5], [[1.5, 1.5]])


RATES = (1.0, 1.0)


def indexing(parameter: float, gradient: float, step: float, rate: float) -> Any:
    return (parameter - RATES[int(step) - 1] * rate * gradient,)


def test_a_rule_that_raises_stops_it() -> None:
    w = Value(1.0)
    descent = descending(compile(lambda x: w * x, 0.0), np.array([[1.0]]), [w], indexing, 0, 2)
    numbers = np.array([1.0])
    sums = descent([[0]] * 4, numbers, np.zeros((0, 1)), np.array([[float(i), 0.25] for i in range(1, 5)]))
    assert (len(sums), numbers.tolist()) == (2, [0.5])


def test_a_rule_that_cannot_be_compiled_says_so() -> None:
    def strange(parameter: float, gradient: float, step: float, rate: float) -> Any:
        return (parameter - {"rate": object()}["rate"],)  # type: ignore[operator]

    w = Value(1.0)
    program = compile(lambda x: w * x, 0.0)
    with pytest.raises(TypeError, match="strange cannot be compiled: it must be a plain function of floats"):
        descending(program, np.array([[1.0]]), [w], strange, 0, 2)
