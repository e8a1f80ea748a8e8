"""Descent in native code against the eager optimizers, update after update."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, compile  # noqa: A004  as the field calls it

pytest.importorskip("numba")

from autograd.compiler.descent import Descent, Samples
from nn.optimizers import Optimizer
from nn.update_rules import momentum, norm, sgd

Make = Callable[..., Optimizer]

OPTIMIZERS: dict[str, Make] = {
    "SGD": nn.SGD,
    "Momentum": nn.Momentum,
    "RMSProp": nn.RMSProp,
    "Adam": nn.Adam,
    "AdamW": nn.AdamW,
}


def problem(count: int = 23) -> tuple[nn.MLP, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return nn.MLP(2, [3, 1], "tanh", rng=0), rng.normal(size=(count, 2)), rng.normal(size=count)


def eager(
    model: nn.MLP, optimizer: Optimizer, X: Any, y: Any, batches: Sequence[Sequence[int]]
) -> list[float]:
    """The sum of the losses for each mini-batch, after an update for each."""
    sums = []
    for batch in batches:
        losses = [nn.squared_error(model(X[i].tolist()), float(y[i])) for i in batch]
        summed = autograd.total(losses)
        optimizer.zero_grad()
        (summed / len(batch)).backward()
        optimizer.step()
        sums.append(summed.data)
    return sums


def native(
    model: nn.MLP, optimizer: Optimizer, X: Any, y: Any, batches: Sequence[Sequence[int]]
) -> list[float]:
    """The same in native code; the model and the optimizer's state are changed alike."""
    program = compile(lambda x, target: nn.squared_error(model(x), target), [0.0, 0.0], 0.0)
    descent = descent_of(program, optimizer, X, y)
    numbers, states = start(optimizer)
    settings = [(float(i + 1), *optimizer.rule_arguments(i)) for i in range(len(batches))]
    sums = descent(batches, numbers, states, np.array(settings))
    optimizer.assign(numbers.tolist(), states.tolist(), len(sums))
    return list(sums.tolist())


Run = Callable[..., np.ndarray]


def descending(program: Any, samples: np.ndarray, *arguments: Any) -> Run:
    """`Descent.run` of one program on its samples, and then the gradients of the last update."""
    descent = Descent([program.execution], *arguments)

    def run(*given: Any) -> np.ndarray:
        sums = descent.run(Samples.of_one_shape(samples), *given)
        descent.write_gradients()
        return sums

    return run


def descent_of(program: Any, optimizer: Optimizer, *inputs: Any) -> Run:
    clipped = optimizer.clip_norm is not None
    return descending(
        program,
        program.execution.samples(inputs)[0],
        optimizer.parameters,
        optimizer.rule,
        len(optimizer.state_names),
        2 + len(optimizer.hyperparameters),
        norm if clipped else None,
        optimizer.clip_norm if clipped else math.inf,
    )


def start(optimizer: Optimizer) -> tuple[np.ndarray, np.ndarray]:
    """The parameters' numbers and the optimizer's states, as arrays to be changed."""
    count = len(optimizer.parameters)
    return np.array([p.data for p in optimizer.parameters]), np.zeros((len(optimizer.state_names), count))


def mini_batches(count: int, sizes: Sequence[int], seed: int = 1) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.permutation(count)[:size].tolist() for size in sizes]


def assert_same_training(make: Make, sizes: Sequence[int], **settings: Any) -> None:
    models, sums = [], []
    for descend in (eager, native):
        model, X, y = problem()
        optimizer = make(model.parameters(), **settings)
        sums.append(descend(model, optimizer, X, y, mini_batches(len(X), sizes)))
        models.append((model, optimizer))
    (ours, our_optimizer), (theirs, their_optimizer) = models
    assert sums[0] == pytest.approx(sums[1], rel=1e-10)
    assert [p.data for p in ours.parameters()] == pytest.approx(
        [p.data for p in theirs.parameters()], rel=1e-10
    )
    for states in zip(our_optimizer.state, their_optimizer.state, strict=True):
        assert states[0] == pytest.approx(states[1], rel=1e-10)
    gradients = [p.grad for p in ours.parameters()], [p.grad for p in theirs.parameters()]
    assert gradients[0] == pytest.approx(gradients[1], rel=1e-10)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_every_optimizer_makes_the_eager_updates(make: Make) -> None:
    assert_same_training(make, [5, 5, 1, 8, 23] * 4, lr=0.05)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_clipped_gradients(make: Make) -> None:
    assert_same_training(make, [5] * 10, lr=0.05, clip_norm=0.1)
    assert_same_training(make, [5] * 10, lr=0.05, clip_norm=1e6)


def test_gradients_whose_norm_is_beyond_the_floats_end_the_training() -> None:
    w, v = Value(1.0, "w"), Value(1.0, "v")
    program = compile(lambda x: 1e154 * x * w - 1e154 * x * v, 0.0)
    descent = descent_of(program, nn.SGD([w, v], lr=1.0, clip_norm=1.0), np.array([1.5e154]))
    numbers, states = start(nn.SGD([w, v], lr=1.0))
    assert len(descent([[0]], numbers, states, np.array([[1.0, 1.0]]))) == 0
    assert numbers.tolist() == [1.0, 1.0]


def test_a_learning_rate_that_changes() -> None:
    assert_same_training(nn.SGD, [5] * 10, lr=lambda updates: 0.1 / (updates + 1))


def test_one_sample_at_a_time_and_the_same_one_twice() -> None:
    assert_same_training(nn.Momentum, [1] * 30, lr=0.05)


def test_a_rule_of_ones_own() -> None:
    def sign_descent(parameter: float, gradient: float, step: float, learning_rate: float) -> tuple[float]:
        return (parameter - learning_rate * math.copysign(1.0, gradient),)

    assert_same_training(lambda parameters, lr: Optimizer(parameters, sign_descent, lr), [5] * 10, lr=0.01)


def test_mini_batches_of_more_samples_than_run_at_once() -> None:
    model, X, y = problem(1000)
    twin, _, _ = problem(1000)
    batches = [range(1000), range(0, 1000, 3)]
    sums = eager(model, nn.SGD(model.parameters(), lr=0.1), X, y, batches)
    assert native(twin, nn.SGD(twin.parameters(), lr=0.1), X, y, batches) == pytest.approx(sums, rel=1e-10)
    assert [p.data for p in twin.parameters()] == pytest.approx(
        [p.data for p in model.parameters()], rel=1e-10
    )


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


@pytest.mark.parametrize("sizes", [[1] * 6, [2, 3, 1], [6] * 3, [4, 4]])
def test_mini_batches_of_several_shapes(sizes: list[int]) -> None:
    # Words of 1, 2 and 3 numbers, each shape with a program of its own, on common parameters.
    words = [[0.5], [1.0, -1.0], [0.25, 0.5, 2.0], [-1.5], [2.0, 0.5], [1.0, 1.0, -0.5]]
    ends = []
    for compiled in (False, True):
        w, v, frozen = Value(0.5, "w"), Value(-0.3, "v"), Value(2.0, "frozen")

        def loss(word: Any, w: Value = w, v: Value = v, frozen: Value = frozen) -> Any:
            state = w * 0.0
            for x in word:
                state = (w * x + v * state * frozen).tanh()
            return (state - word[0]) ** 2

        optimizer = nn.Adam([w, v], lr=0.1, clip_norm=0.5)
        batches = mini_batches(len(words), sizes)
        if compiled:
            programs = [compile(loss, words[i]) for i in range(3)]
            rows = [np.array([words[i], words[i + 3]]) for i in range(3)]
            samples = Samples(rows, np.array([0, 1, 2] * 2), np.array([0, 0, 0, 1, 1, 1]))
            executions = [program.execution for program in programs]
            descent = Descent(executions, [w, v], optimizer.rule, 2, 5, norm, 0.5)
            numbers, states = start(optimizer)
            settings = np.array([(i + 1.0, *optimizer.rule_arguments(i)) for i in range(len(batches))])
            sums = descent.run(samples, batches, numbers, states, settings).tolist()
            descent.write_gradients()
            ends.append((sums, numbers.tolist(), states.tolist(), [p.grad for p in (w, v, frozen)]))
            continue
        sums = []
        for batch in batches:
            summed = autograd.total([loss(words[i]) for i in batch])
            for p in (w, v, frozen):
                p.grad = 0.0
            (summed / len(batch)).backward()
            gradients = [p.grad for p in (w, v, frozen)]
            optimizer.step()
            sums.append(summed.data)
        ends.append((sums, [w.data, v.data], optimizer.state, gradients))
    for eager, native in zip(*ends, strict=True):
        assert np.ravel(native) == pytest.approx(np.ravel(eager), rel=1e-12)


# ── numbers that are not finite ─────────────────────────────────────────────────────────


def growing() -> tuple[Value, Run]:
    """A descent in which the parameter is multiplied by 1 + 1e100·x at every update."""
    w = Value(1.0)
    program = compile(lambda x: w * w * x, 0.0)
    samples = np.array([[-1e100], [-0.5e100], [1.0]])
    return w, descending(program, samples, [w], momentum, 1, 3)


SETTINGS = np.array([[float(i), 1.0, 0.0] for i in range(1, 9)])


def test_everything_is_as_the_last_good_update_left_it() -> None:
    w, descent = growing()
    numbers, states = np.array([1.0]), np.zeros((1, 1))
    sums = descent([[0]] * 8, numbers, states, SETTINGS)
    made = len(sums)
    assert 0 < made < 8
    again, states_again = np.array([1.0]), np.zeros((1, 1))
    descent([[0]] * made, again, states_again, SETTINGS[:made])
    assert (numbers.tolist(), states.tolist()) == (again.tolist(), states_again.tolist())
    assert np.isfinite(numbers).all()
    assert w.data == 1.0


@pytest.mark.parametrize("x", [math.nan, math.inf, 1e200, 0.0])
def test_it_stops_before_the_mini_batch_that_is_not_finite(x: float) -> None:
    w = Value(1e150)
    program = compile(lambda x: (w * x) ** 2 / x, 1.0)
    samples = np.array([[1e-150], [x]])
    descent = descending(program, samples, [w], sgd, 0, 2)
    numbers = np.array([1e150])
    sums = descent([[0], [0, 1], [0]], numbers, np.zeros((0, 1)), SETTINGS[:3, :2].copy())
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


def raising(parameter: float, gradient: float, step: float, rate: float) -> Any:
    if step > 2.0:
        raise ValueError("enough")
    return (parameter - rate * gradient,)


def indexing(parameter: float, gradient: float, step: float, rate: float) -> Any:
    return (parameter - RATES[int(step) - 1] * rate * gradient,)


@pytest.mark.parametrize("picky", [raising, indexing])
def test_a_rule_that_raises_stops_it(picky: Callable[..., Any]) -> None:

    w = Value(1.0)
    descent = descending(compile(lambda x: w * x, 0.0), np.array([[1.0]]), [w], picky, 0, 2)
    numbers = np.array([1.0])
    sums = descent([[0]] * 4, numbers, np.zeros((0, 1)), np.array([[float(i), 0.25] for i in range(1, 5)]))
    assert (len(sums), numbers.tolist()) == (2, [0.5])


# ── what it is given ────────────────────────────────────────────────────────────────────


def test_a_rule_that_cannot_be_compiled_says_so() -> None:
    def strange(parameter: float, gradient: float, step: float, rate: float) -> Any:
        return (parameter - {"rate": object()}["rate"],)  # type: ignore[operator]

    w = Value(1.0)
    program = compile(lambda x: w * x, 0.0)
    with pytest.raises(TypeError, match="strange cannot be compiled: it must be a plain function of floats"):
        descending(program, np.array([[1.0]]), [w], strange, 0, 2)


def two_parameters() -> Run:
    w, b = Value(1.0), Value(2.0)
    program = compile(lambda x: w * x + b, 0.0)
    return descending(program, np.array([[1.0], [2.0]]), [w, b], momentum, 1, 3)


def test_no_mini_batches_change_nothing() -> None:
    assert two_parameters()([], np.ones(2), np.zeros((1, 2)), np.zeros((0, 3))).tolist() == []


@pytest.mark.parametrize("numbers", [np.ones(2, dtype=np.float32), np.ones(2, dtype=object)])
def test_arrays_that_native_code_cannot_read_are_refused(numbers: np.ndarray) -> None:
    with pytest.raises(TypeError, match="native code takes whole arrays of float64 or int64"):
        two_parameters()([[0]], numbers, np.zeros((1, 2)), np.array([[1.0, 0.5, 0.9]]))


@pytest.mark.parametrize(
    ("numbers", "states", "settings", "message"),
    [
        (
            np.ones(3),
            np.zeros((1, 2)),
            np.ones((1, 3)),
            r"numbers has the shape \(3,\), and \(2,\) is needed",
        ),
        (np.ones(2), np.zeros((0, 2)), np.ones((1, 3)), r"states has the shape \(0, 2\), and \(1, 2\)"),
        (np.ones(2), np.zeros((1, 2)), np.ones((2, 3)), r"settings has the shape \(2, 3\), and \(1, 3\)"),
    ],
)
def test_arrays_of_other_shapes_are_refused(
    numbers: np.ndarray, states: np.ndarray, settings: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        two_parameters()([[0]], numbers, states, settings)


@pytest.mark.parametrize("sample", [-1, 2])
def test_samples_that_do_not_exist_are_refused(sample: int) -> None:
    with pytest.raises(IndexError, match="there are 2 samples, numbered from 0"):
        two_parameters()([[0, sample]], np.ones(2), np.zeros((1, 2)), np.ones((1, 3)))


def test_a_mini_batch_without_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="mini-batch 1 has no samples"):
        two_parameters()([[0], []], np.ones(2), np.zeros((1, 2)), np.ones((2, 3)))
