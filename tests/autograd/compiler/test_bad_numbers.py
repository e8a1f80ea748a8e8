"""Programs that meet numbers that are undefined or not finite: the eager engine's errors, at the sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import GateError, Program, Value, compile, gate  # noqa: A004  as the field calls it
from autograd.fused import FusedGate
from tests.autograd.compiler.eager_answers import assert_same_outputs
from tests.random_programs import magnitude, ratios

pytest.importorskip("numba")


def refusal(program: Program, *inputs: Any) -> str:
    """The error of a run, which is that of backward() too; and no gradient is changed by it."""
    before = [p.grad for p in program.parameters]
    with pytest.raises(GateError) as forward:
        program(*inputs)
    with pytest.raises(GateError) as back:
        program.backward(*inputs)
    assert str(forward.value) == str(back.value)
    assert [p.grad for p in program.parameters] == before
    return str(forward.value)


@pytest.mark.parametrize("sample", [0, 7, 8, 255, 256, 999])
def test_an_error_names_gate_number_and_sample_in_any_block(sample: int) -> None:
    w = Value(2.0, "w")
    program = compile(lambda x: (w * x).log() + x, 1.0)
    batch = np.ones(1000)
    batch[sample] = -3.0
    assert refusal(program, batch) == f"log(v1 = -6.0) is not defined: it needs x > 0 (sample {sample})"


def test_the_first_sample_with_an_error_is_named_even_if_a_later_gate_refuses_it() -> None:
    w = Value(1.0, "w")
    program = compile(lambda x: 1 / ((w * x).log() - 1), 2.0)
    batch = np.full(600, 2.0)
    batch[[300, 310, 320, 590]] = [5.0, math.e, -1.0, -1.0]
    assert program(batch[:310]).shape == (310,)
    assert refusal(program, batch).endswith("(sample 310)")


def test_gates_that_all_samples_share_name_no_sample() -> None:
    w = Value(1.0, "w")
    program = compile(lambda x: w.log() * x, 1.0)
    w.data = -1.0
    assert refusal(program, [1.0, 2.0]) == "log(w = -1.0) is not defined: it needs x > 0"


@pytest.mark.parametrize(
    ("function", "x", "message"),
    [
        (lambda w, x: 1 / (w * x), 0.0, "divide(1.0, v1 = 0.0) is not defined: it needs b ≠ 0 (sample 0)"),
        (lambda w, x: (w * x).exp(), 1000.0, "exp(v1 = 1000.0) is too large for a float (sample 0)"),
        (lambda w, x: (w * x) ** 0.5, -4.0, "power(v1 = -4.0, 0.5) is not defined: it needs x ≥ 0"),
        (lambda w, x: (w * x) ** w, 0.0, None),
        (lambda w, x: (w * x) ** (w * x), 0.0, "exponentiate(v1 = 0.0, v2 = 0.0) is not defined"),
        (
            lambda w, x: ratios([w, w], [x, 1.0]),
            0.0,
            "ratios of 4 numbers, the largest w = 1.0 is not defined: float division",
        ),
        (lambda w, x: magnitude([w * x]) + (w * x).sin(), math.inf, "sin(v2 = inf) is not defined"),
    ],
)
def test_what_the_eager_gate_refuses_is_refused(function: Any, x: float, message: str | None) -> None:
    w = Value(1.0, "w")
    program = compile(lambda x: function(w, x), 1.0)
    if message is None:
        assert program([x, x]).tolist() == [function(w, Value(x)).data] * 2
    else:
        assert refusal(program, [x, x]).startswith(message)


def test_a_sum_that_hides_a_refused_term_is_refused_all_the_same() -> None:
    @partial(FusedGate, symbol="tanh Σ log", formula="tanh Σ log x", each=autograd.log, finish=autograd.tanh)
    def hiding(x: Any) -> Any:
        return (x,)

    w = Value(1.0)
    program = compile(lambda x: hiding([w * x, w]), 1.0)
    refused = "hiding of 2 numbers, the largest 1.0 is not defined: math domain error (sample 1)"
    assert refusal(program, [1.0, 0.0]) == refused


@pytest.mark.filterwarnings("ignore:a program that meets infinity or NaN")
def test_infinity_and_nan_are_carried_along_where_floats_carry_them() -> None:
    w = Value(2.0, "w")

    def function(x: Any) -> Any:
        return [(w * x * 1e308).tanh(), 1 / (x * 1e308 * 100.0), w * x, autograd.maximum(x, w), x.relu()]

    def logsumexp(x: Any, y: Any) -> Any:
        return autograd.logsumexp([x, y])

    numbers = [math.inf, -math.inf, 1.0]
    assert_same_outputs(compile(function, 1.0), function, [[5.0], [math.inf], [-math.inf], [1.0]])
    assert_same_outputs(compile(logsumexp, 1.0, 2.0), logsumexp, list(product(numbers, repeat=2)))
    carried = compile(lambda x: [w * x, autograd.logsumexp([x, w])], 1.0)(math.nan)
    assert all(map(math.isnan, carried))


def test_what_native_code_leaves_to_the_eager_engine_is_slow_and_says_so_where_it_is_called() -> None:
    w = Value(1.0)
    saturated = compile(lambda x: (w * x).tanh(), 1.0)  # tanh(∞) = 1, with slope 0
    steep = compile(lambda x: w * x + (w - 1.0) ** 0.5, 1.0)  # its slope is infinite at w = 1
    calls: list[Callable[[], Any]] = [
        lambda: saturated([1.0, math.inf]),
        lambda: saturated.backward([1.0, math.inf]),
        lambda: steep.backward([1.0, 2.0]),
    ]
    for call in calls:
        with pytest.warns(UserWarning, match="goes gate by gate there, which takes far longer") as warned:
            call()
        place = (__file__, call.__code__.co_firstlineno)
        assert {(warning.filename, warning.lineno) for warning in warned} == {place}
    assert steep([1.0, 2.0]).tolist() == [1.0, 2.0]  # its output alone is native code's, and says nothing
    assert saturated(math.inf) == saturated.backward(math.inf) == 1.0  # nor does a single sample


@pytest.mark.parametrize(
    ("number", "began"),
    [
        (math.nan, "the leaf x = nan brought it in"),
        (1e308, "it began at multiply(w = 2.0, x = 1e+308) = inf"),
    ],
)
def test_backward_from_a_result_that_is_not_finite_names_where_it_began(number: float, began: str) -> None:
    w = Value(2.0, "w")
    program = compile(lambda x: (w * x).relu() + 1, 1.0)
    batch = np.array([1.0] * 999 + [number])
    with pytest.raises(GateError) as caught:
        program.backward(batch)
    assert str(caught.value) == f"backward() from a result that is not finite: {began} (sample 999)"
    assert w.grad == 0.0


def test_a_mean_that_overflows_is_refused() -> None:
    w = Value(1.0)
    program = compile(lambda x: w * x, 1.0)
    with pytest.raises(GateError, match="it began at the sum over 3 samples"):
        program.backward([8e307, 8e307, 8e307])
    assert w.grad == 0.0
    assert compile(lambda x: w * 1e308, 1.0).backward([1.0, 2.0, 3.0]) == 1e308  # the same for all: no sum


def test_a_gate_whose_local_gradient_alone_is_refused() -> None:
    @gate(symbol="√", formula="sqrt(x)", local=("1/(2*sqrt(x))",))
    def careless_root(x: float) -> Any:
        return math.sqrt(x), (0.5 / math.sqrt(x),)

    w = Value(1.0, "w")
    program = compile(lambda x: careless_root(w * x), 1.0)
    with pytest.raises(GateError, match=r"careless_root\(v1 = 0.0\) is not defined.*\(sample 1\)"):
        program.backward([4.0, 0.0])
    assert w.grad == 0.0
