"""Programs against the eager engine: the same numbers, the same gradients, the same errors."""

from __future__ import annotations

import copy
import functools
import math
import random
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Draw, Gate, GateError, Program, RecordingError, Value, compile, gate  # noqa: A004  as the field calls it
from autograd import sigmoid as autograd_sigmoid
from autograd.fused import FusedGate
from autograd.recording.tracing import record
from autograd.value import gate_order
from tests.random_programs import magnitude, mix, mixes, numbers, ratios, recipes

pytest.importorskip("numba")

Sample = Sequence[float]

GATE_BY_GATE = pytest.mark.filterwarnings("ignore:a program that meets infinity or NaN goes gate by gate")

# ── the eager engine's answer, and the comparison ───────────────────────────────────────


def eager_outputs(function: Callable[..., Any], samples: Sequence[Sample]) -> list[list[float]]:
    """The outputs in reading order, a row for each sample. Raises its GateError with the sample."""
    rows = []
    for i, sample in enumerate(samples):
        try:
            rows.append([getattr(y, "data", y) for y in flattened(function(*map(Value, sample)))])
        except GateError as error:
            raise GateError(f"{error} (sample {i})") from None
    return rows


def eager_backward(
    function: Callable[..., Any], samples: Sequence[Sample], parameters: Sequence[Value]
) -> tuple[float, list[float], float]:
    """The mean loss, its gradients, and the size of the largest contribution to any of them."""
    losses = [function(*map(Value, sample)) for sample in samples]
    mean = autograd.total([Value(0.0), *losses]) * (1.0 / len(losses))  # a loss may be a plain number
    for parameter in parameters:
        parameter.grad = 0.0
    mean.backward()
    gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = 0.0
    contributions = [abs(local * node.grad) for node in gate_order(mean) for local in node.local_grads]
    return mean.data, gradients, max(filter(math.isfinite, contributions), default=0.0)


def flattened(result: Any) -> Iterator[Any]:
    if isinstance(result, (list, tuple, np.ndarray)):
        for item in result:
            yield from flattened(item)
    else:
        yield result


def sample_of(outputs: Any, i: int) -> list[float]:
    """The outputs of one sample of a batch, in reading order."""
    if isinstance(outputs, np.ndarray):
        return list(flattened(outputs[i]))
    return [y for item in outputs for y in sample_of(item, i)]


def bits(xs: Iterable[float]) -> list[bytes]:
    """Numbers bit for bit: 0 and -0 differ, and NaN is itself."""
    return [b"NaN" if math.isnan(x) else struct.pack("d", x) for x in xs]


def assert_same_outputs(program: Program, function: Callable[..., Any], samples: Sequence[Sample]) -> None:
    """The numbers of every sample, alone and in the batch, are the eager engine's, bit for bit."""
    batch = np.array(samples).T
    try:
        expected = eager_outputs(function, samples)
    except GateError as error:
        with pytest.raises(GateError) as caught:
            program(*batch)
        assert_same_sample(str(caught.value), str(error))
        return
    outputs = program(*batch) if len(batch) else None
    for i, (sample, row) in enumerate(zip(samples, expected, strict=True)):
        assert bits(flattened(program(*sample))) == bits(row)
        if outputs is not None:
            assert bits(sample_of(outputs, i)) == bits(row)


def assert_same_gradients(program: Program, function: Callable[..., Any], samples: Sequence[Sample]) -> None:
    """The mean loss and what is added to every gradient are the eager engine's, to rounding."""
    batch, parameters = np.array(samples).T, program.parameters
    try:
        expected, gradients, largest = eager_backward(function, samples, parameters)
    except GateError as error:
        if "began at total" in str(error) and not program.recording.per_sample[program.recording.result]:
            return  # a sum over the batch overflowed, which a program does not take of what all samples share
        with pytest.raises(GateError):
            program.backward(*batch)
        assert not any(parameter.grad for parameter in parameters)
        return
    assert program.backward(*batch) == pytest.approx(expected, rel=1e-12, abs=1e-14 * len(samples))
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if math.isfinite(gradient):
            assert parameter.grad == pytest.approx(gradient, rel=1e-10, abs=1e-13 * largest)
        else:
            assert not math.isfinite(parameter.grad)


def assert_same_sample(ours: str, eager: str) -> None:
    """An error names the sample that the eager engine meets first; what all samples share names none."""
    assert "(sample" not in ours or ours.split("(sample")[1] == eager.split("(sample")[1]


# ── random graphs over all gates ────────────────────────────────────────────────────────


@GATE_BY_GATE
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


def random_samples(count: int, width: int, seed: int = 0) -> list[list[float]]:
    return np.random.default_rng(seed).normal(size=(count, width)).tolist()


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
    given = [x * 10.0 ** (i % 17) for i, x in enumerate(np.random.default_rng(1).normal(size=200).tolist())]
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
        assert_same_outputs(compile(function, *given), function, [given, given[::-1]])


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


# ── bad numbers ─────────────────────────────────────────────────────────────────────────


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


@GATE_BY_GATE
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
    each_shape = compile(lambda x: (w * x).tanh())
    calls: list[Callable[[], Any]] = [
        lambda: saturated([1.0, math.inf]),
        lambda: saturated.backward([1.0, math.inf]),
        lambda: steep.backward([1.0, 2.0]),
        lambda: each_shape(math.inf),
        lambda: each_shape.backward(math.inf),
    ]
    for call in calls:
        with pytest.warns(UserWarning, match="goes gate by gate there, which takes far longer") as warned:
            call()
        place = (__file__, call.__code__.co_firstlineno)
        assert {(warning.filename, warning.lineno) for warning in warned} == {place}
    assert steep([1.0, 2.0]).tolist() == [1.0, 2.0]  # its output alone is native code's, and says nothing


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


# ── gates of one's own ──────────────────────────────────────────────────────────────────


@gate(symbol="swish", formula="x*sigmoid(beta*x)", local=("...",))
def swish(x: float, beta: float = 1.0, scale: float = 2.0) -> Any:
    s = 1.0 / (1.0 + math.exp(-beta * x))
    return scale * x * s, (scale * (s + beta * x * s * (1.0 - s)),)


@gate(symbol="silu", formula="x*sigmoid(x)", local=("...",))
def calling_a_gate(x: float) -> Any:
    s = autograd_sigmoid(x)
    return x * s, (s * (1.0 + x * (1.0 - s)),)


@gate(symbol="step", formula="1 if x > 0 else 0", local=("0",))
def of_whole_numbers(x: float) -> Any:
    return (1 if x > 0 else 0), (0,)


def made_in_a_closure(factor: float, shift: float) -> Gate:
    def scaled(x: float) -> float:
        return factor * x

    @gate(symbol="ax²+b", formula="a*x*x + b", local=("2*a*x",))
    def shifted_square(x: float) -> Any:
        return scaled(x) * x + shift, (2.0 * scaled(x),)

    return shifted_square


NOTEBOOK: dict[str, Any] = {"__name__": "__main__"}
exec(
    """
from autograd import gate
import numpy as np
slopes = np.array([2.0, 5.0])
def picked(i): return slopes[i]
@gate(symbol="kink", formula="2*x if x < 0 else 5*x", local=("2 if x < 0 else 5",))
def kink(x):
    i = 0 if x < 0 else 1
    return picked(i) * x, (picked(i),)
""",
    NOTEBOOK,
)


@pytest.mark.parametrize(
    ("own", "constants"),
    [
        *((swish, constants) for constants in ((), (0.5,), (0.5, 3.0))),
        (calling_a_gate, ()),
        (of_whole_numbers, ()),
        (mix, ()),
        (NOTEBOOK["kink"], ()),
        (made_in_a_closure(2.0, 0.5), ()),
        (made_in_a_closure(2.0, -0.5), ()),
    ],
    ids=lambda thing: getattr(thing, "name", None),
)
def test_a_gate_of_ones_own(own: Gate, constants: tuple[float, ...]) -> None:
    w, samples = Value(1.5), random_samples(9, len(own.local))

    def loss(*x: Any) -> Any:
        return own(*x, *constants) * w + own(*(w * v for v in x), *constants)

    program = compile(loss, *[0.5] * len(own.local))
    assert_same_outputs(program, loss, samples)
    assert_same_gradients(program, loss, samples)


def test_a_gate_whose_local_gradient_alone_is_refused() -> None:
    @gate(symbol="√", formula="sqrt(x)", local=("1/(2*sqrt(x))",))
    def careless_root(x: float) -> Any:
        return math.sqrt(x), (0.5 / math.sqrt(x),)

    w = Value(1.0, "w")
    program = compile(lambda x: careless_root(w * x), 1.0)
    with pytest.raises(GateError, match=r"careless_root\(v1 = 0.0\) is not defined.*\(sample 1\)"):
        program.backward([4.0, 0.0])
    assert w.grad == 0.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (unknown(x), (1.0,)),  # type: ignore[name-defined] # noqa: F821
        functools.wraps(math.exp)(functools.partial(lambda a, x: (a * x, (a,)), 2.0)),
    ],
)
def test_a_gate_that_cannot_be_compiled_says_so(function: Any) -> None:
    odd = Gate(function, symbol="?", formula="x", local=("1",))
    # The function is recorded without being called: it need not even run.
    recording = record(lambda x: autograd.exp(x), 0.0)
    (instruction,) = recording.instructions
    program = Program(replace(recording, instructions=(instruction._replace(gate=odd),)))
    with pytest.raises(TypeError, match="cannot be compiled: it must be a plain function of floats"):
        program(1.0)


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


# ── what native code raises ─────────────────────────────────────────────────────────────

ARRAY = np.array([1.0, 2.0, 3.0])


@gate(symbol="a", formula="a*x", local=("a",))
def from_an_array(x: float) -> Any:
    return ARRAY[int(x)] * x, (ARRAY[int(x)],)


@pytest.mark.parametrize("x", [3.0, 1e9, -4.0])
def test_an_index_out_of_range_is_the_eager_error_with_gate_and_sample(x: float) -> None:
    program = compile(lambda x: from_an_array(x), 1.0)
    assert program([2.0, -1.0, 1.0]).tolist() == [6.0, -3.0, 2.0]
    with pytest.raises(IndexError) as eager:
        from_an_array(Value(x, "x"))
    assert eager.value.__notes__ == [f"in from_an_array(x = {x!r})"]
    for run in (program, program.backward):
        with pytest.raises(IndexError) as native:
            run([0.0, 1.0, x, 5.0])
        assert str(native.value) == str(eager.value)
        assert native.value.__notes__ == [f"in from_an_array(x = {x!r})", "sample 2"]
    assert program([2.0, -1.0, 1.0]).tolist() == [6.0, -3.0, 2.0]


def test_an_input_left_to_its_default_takes_no_gradient() -> None:
    @gate(symbol="ab", formula="a*b", local=("b", "a"))
    def scale(a: float, b: float = 2.0) -> Any:
        return a * b, (b, a)

    w = Value(3.0)
    program = compile(lambda x: scale(w * x), 1.0)
    assert program.backward([1.0, 2.0]) == 9.0
    assert w.grad == 3.0


# ── what is refused, and what must be installed ─────────────────────────────────────────


def test_a_program_is_not_copied() -> None:
    with pytest.raises(TypeError, match=r"a Program is not copied or pickled: .* compile it again"):
        copy.copy(compile(lambda x: x * 2.0, 1.0))


def test_a_program_inside_another_is_a_constant_or_refused() -> None:
    double = compile(lambda a: a * 2.0, 1.0)
    assert compile(lambda x: x * double(3.0), 1.0)(5.0) == 30.0
    told = r"a program with parameters while recording: .* call the function that it was compiled from"
    with pytest.raises(RecordingError, match=told):
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
