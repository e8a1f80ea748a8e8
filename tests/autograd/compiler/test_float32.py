"""dtype="float32": each gate's number is that of float64, rounded; what that comes to in networks."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd import GateError, Value, compile, log  # noqa: A004  as the field calls it
from tests.autograd.compiler.test_layers import FUNCTIONS, INPUTS, Function
from tests.gate_cases import GATE_CASES, GateCase

pytest.importorskip("numba")

ROUNDING = 2.0**-24  # the largest relative error of a number that is rounded to float32


@pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
def test_a_gate_gives_the_number_and_the_gradient_of_float64_rounded(case: GateCase) -> None:
    inputs = len(case.gate.local)
    for point in case.ordinary:
        rounded = [float(np.float32(x)) for x in point]
        leaves, constants = [Value(x) for x in rounded[:inputs]], rounded[inputs:]
        try:
            output, slopes = case.gate.function(*rounded)
        except (ArithmeticError, ValueError):  # on the edge of the domain once it is rounded
            continue
        program = compile(lambda *x: case.gate(*x, *constants), *rounded[:inputs], dtype="float32")  # noqa: B023
        assert program(*rounded[:inputs]) == float(np.float32(output))
        loss = compile(lambda: case.gate(*leaves, *constants), dtype="float32")  # noqa: B023
        assert loss.backward() == float(np.float32(output))
        assert [leaf.grad for leaf in leaves] == pytest.approx(slopes, rel=2 * ROUNDING, abs=1e-37)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("count", [1, 300])
def test_layers_agree_to_the_precision_of_their_sums(function: Function, count: int) -> None:
    rng = np.random.default_rng(0)
    w = [Value(number) for number in rng.normal(size=160).tolist()]
    samples = rng.normal(size=(count, INPUTS))
    outputs, gradients = [], []
    for dtype in ("float64", "float32"):
        program = compile(lambda x: function(x, w), samples[0], dtype=dtype)
        outputs.append(program(samples))
        program.backward(samples)
        gradients.append(np.array([parameter.grad for parameter in w]))
        for parameter in w:
            parameter.grad = 0.0
    for double, single in (outputs, gradients):
        additions = 12 * (count + 30)  # terms of a weight's gradient, and of the sums behind it
        assert np.abs(single - double).max() <= additions * ROUNDING * np.abs(double).max()
        assert (single != double).any()  # it is another program


def test_training_ends_near_the_parameters_of_float64() -> None:
    X, y = nn.moons(100, noise=0.1, rng=0, labels=(-1, 1))
    found = []
    for dtype in ("float64", "float32"):
        model = nn.MLP(2, [4, 1], "tanh", rng=0)
        history = nn.fit(
            model, nn.hinge, X, y, optimizer=nn.Adam(model.parameters(), lr=0.01), epochs=20, batch_size=32,
            rng=0, compiled=True, dtype=dtype, progress=False,
        )  # fmt: skip
        found.append((history.loss, [p.data for p in model.parameters()]))
    (losses, numbers), (single_losses, single_numbers) = found
    assert single_losses == pytest.approx(losses, rel=1e-4)
    assert single_numbers == pytest.approx(numbers, abs=1e-3)
    assert single_numbers != numbers
    assert any(number != float(np.float32(number)) for number in single_numbers)  # updates are not rounded


def test_numbers_beyond_float32_are_an_error_that_says_so() -> None:
    w = Value(1e30, "w")
    program = compile(lambda x: w * x, 1.0, dtype="float32")
    assert program(1e10) == math.inf
    with pytest.raises(GateError, match=r"not finite: it began beyond 3.40\d*e\+38, the largest float32"):
        program.backward([1.0, 1e10])
    w.data = 1e300
    assert compile(lambda x: w * x + 1e300, 1.0, dtype="float32")(1.0) == math.inf
    with pytest.raises(GateError, match=r"log\(v1 = 0.0\) is not defined.*\(sample 1\)"):
        compile(lambda x: log(x * 1e-30), 1.0, dtype="float32")([1.0, 1e-30])
    with pytest.raises(ValueError, match="dtype is one of float64, float32"):
        compile(lambda x: x, 0.0, dtype="float16")
