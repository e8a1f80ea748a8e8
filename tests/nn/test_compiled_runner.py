"""fit(compiled=True): the history and the weights of compiled=False, and what cannot be compiled."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import GateError, RecordingError, Value, compile, gate, relu  # noqa: A004  as the field calls it
from autograd.reals import named_number
from nn import History, fit
from nn.losses import Loss
from tests.nn.test_losses import CASES, Case

Make = Callable[..., Any]
Arguments = dict[str, Any]

SAMPLES = 23


def points(seed: int = 0, count: int = SAMPLES) -> list[list[float]]:
    rng = random.Random(seed)
    return [[rng.gauss(0.0, 1.0), rng.gauss(0.0, 1.0)] for _ in range(count)]


def labels(of: Callable[[list[float]], Any]) -> list[Any]:
    return [of(x) for x in points()]


def is_inside(x: list[float]) -> bool:
    return math.hypot(*x) < 1.0


def quadrant(x: list[float]) -> int:
    return int(x[0] > 0.0) + int(x[1] > 0.0)


PROBLEMS: dict[str, tuple[Callable[[], nn.Module], Loss, list[Any]]] = {
    "squared_error": (lambda: nn.MLP(2, [5, 1], "tanh", rng=1), nn.squared_error, labels(sum)),
    "mean_squared_error": (lambda: nn.MLP(2, [4, 2], "softplus", rng=1), nn.mean_squared_error, points(3)),
    "hinge": (lambda: nn.MLP(2, [6, 1], rng=1), nn.hinge, labels(lambda x: 1 if is_inside(x) else -1)),
    "binary_cross_entropy": (
        lambda: nn.MLP(2, [5, 1], "maxout", "sigmoid", rng=1),
        nn.binary_cross_entropy,
        labels(is_inside),
    ),
    "cross_entropy": (lambda: nn.MLP(2, [3], output="softmax", rng=1), nn.cross_entropy, labels(quadrant)),
    "softmax_cross_entropy": (lambda: nn.MLP(2, [4, 3], rng=1), nn.softmax_cross_entropy, labels(quadrant)),
}


def both_ways(
    new_model: Callable[[], nn.Module],
    loss: Loss,
    y: Any,
    new_optimizer: Make = lambda model: nn.SGD(model.parameters(), lr=0.1),
    **arguments: Any,
) -> tuple[History, list[float]]:
    """Train compiled and eagerly; the history and the parameters, if all numbers of both are the same."""
    ends: list[Any] = []
    for compiled in (True, False):
        model = new_model()
        optimizer = new_optimizer(model)
        settings = {"epochs": 3, "optimizer": optimizer, "progress": False} | arguments
        history = fit(model, loss, points(), y, compiled=compiled, **settings)
        numbers = [p.data for p in model.parameters()]
        ends.append((history, numbers, [p.grad for p in model.parameters()], optimizer))
    (native, numbers, gradients, ours), (eager, eager_numbers, eager_gradients, theirs) = ends
    near = {"rel": 1e-9, "abs": 1e-12}
    assert (native.epochs, native.stopped) == (eager.epochs, eager.stopped)
    assert native.loss == pytest.approx(eager.loss, **near)
    assert native.validation_loss == pytest.approx(eager.validation_loss, **near)
    assert native.metrics == {name: pytest.approx(values, **near) for name, values in eager.metrics.items()}
    assert numbers == pytest.approx(eager_numbers, **near)
    assert gradients == pytest.approx(eager_gradients, **near)
    assert ours.step_count == theirs.step_count
    assert sum(ours.state, ()) == pytest.approx(sum(theirs.state, ()), **near)
    return native, numbers


def assert_same(problem: str, make: Make, settings: Arguments | None = None, **arguments: Any) -> History:
    settings = {"lr": 0.05} | (settings or {})
    arguments = {"epochs": 6, "batch_size": 5, "rng": 7} | arguments
    return both_ways(*PROBLEMS[problem], lambda model: make(model.parameters(), **settings), **arguments)[0]


# ── the same training ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("problem", PROBLEMS)
def test_losses_of_numbers_rows_and_classes(problem: str) -> None:
    history = assert_same(problem, nn.SGD)
    assert history.loss[-1] < history.loss[0]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_loss_can_be_compiled(case: Case) -> None:
    example, _, (prediction, target), *_ = case.problems()
    program = compile(case.loss, *example)
    assert program(prediction, target) == pytest.approx(case.loss(list(map(Value, prediction)), target).data)


@pytest.mark.parametrize("make", [nn.SGD, nn.Momentum, nn.RMSProp, nn.Adam, nn.AdamW])
@pytest.mark.parametrize(
    "settings", [{}, {"clip_norm": 0.1}, {"clip_norm": 1e6, "lr": nn.cosine_schedule(0.1, 0.001, 20)}]
)
def test_every_optimizer(make: Make, settings: Arguments) -> None:
    assert_same("squared_error", make, settings)


@pytest.mark.parametrize("batch_size", [None, 1, 5, SAMPLES, 1000])
def test_every_size_of_mini_batch(batch_size: int | None) -> None:
    assert_same("hinge", nn.Momentum, batch_size=batch_size)


def test_a_penalty_and_metrics_of_the_training_samples() -> None:
    plain = assert_same("squared_error", nn.SGD)
    weighted = assert_same(
        "squared_error", nn.SGD, metrics={"error": nn.mean_absolute_error},
        penalty=lambda model: nn.l2_penalty(model, 5.0, n=5),
    )  # fmt: skip
    assert weighted.loss != plain.loss
    assert weighted.validation_loss == []


@pytest.mark.parametrize("problem", ["softmax_cross_entropy", "cross_entropy"])
def test_validation_and_metrics_of_class_indices(problem: str) -> None:
    held_out = (points(5), [quadrant(x) for x in points(5)])
    history = assert_same(problem, nn.Adam, validation=held_out, metrics=[nn.accuracy])
    assert len(history.validation_loss) == len(history.metrics["accuracy"]) == 6


@pytest.mark.parametrize("rows", [{0}, {1, 5}])
def test_class_indices_and_one_hot_rows_side_by_side(rows: set[int]) -> None:
    y = [
        [float(k == label) for k in range(3)] if i in rows else label
        for i, label in enumerate(labels(quadrant))
    ]
    validation = points(), y[::-1]
    both_ways(lambda: nn.MLP(2, [3], rng=1), nn.softmax_cross_entropy, y, validation=validation)


def test_numbers_and_rows_of_one_side_by_side() -> None:
    y = [[sum(x)] if i % 2 else sum(x) for i, x in enumerate(points())]
    both_ways(lambda: nn.Neuron(2, rng=1), nn.squared_error, y)


def test_a_model_and_a_gate_of_ones_own() -> None:
    @gate(symbol="x|x|", formula="x*abs(x)", local=("2*abs(x)",))
    def signed_square(x: float) -> Any:
        return x * abs(x), (2.0 * abs(x),)

    class Bent(nn.Module):
        def __init__(self) -> None:
            self.inner, self.scale = nn.Layer(2, 3, "tanh", rng=2), {"by": Value(0.5)}

        def __call__(self, x: Any) -> Any:
            return signed_square(sum(self.inner(x))) * self.scale["by"] + relu(self.scale["by"])

    both_ways(Bent, nn.squared_error, labels(sum), lambda model: nn.Adam(model.parameters(), lr=0.05))


def both_ways_with_a_masked_class(masked: Callable[[Any], Any], y: list[Any]) -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Layer(2, 3, rng=0)

        def __call__(self, x: Any) -> Any:
            z = self.layer(x)
            return [z[0], masked(z[1]), z[2]]

    both_ways(Masked, nn.softmax_cross_entropy, y, batch_size=5, rng=0)


@pytest.mark.parametrize(
    "y", [labels(lambda x: 2 * is_inside(x)), labels(lambda x: [1.0, 0.0, 0.0])], ids=["indices", "rows"]
)
def test_a_masked_class_trains_and_says_so_if_not_in_native_code(y: list[Any]) -> None:
    both_ways_with_a_masked_class(lambda z: -math.inf, y)
    with pytest.warns(UserWarning, match="made gate by gate, which takes far longer"):
        both_ways_with_a_masked_class(lambda z: z + (-math.inf), y)


@pytest.mark.parametrize(
    ("start", "loss"),
    [(1e30, lambda w: w * 1e10), (1e25, lambda w: (w * w) * 1e-10), (1e-60, lambda w: (w * 1e60) ** 2)],
    ids=["a large loss", "a large number on the way to it", "a large gradient"],
)
def test_an_update_beyond_float32_is_an_error_that_names_the_parameter(start: float, loss: Any) -> None:
    w, v = Value(start, "w"), Value(0.0, "v")
    optimizer = nn.Momentum([v, w], lr=0.1)
    words = (
        rf"beyond 3\.4e.38, the largest float32, at {re.escape(named_number(w))} with .*'float64' has room"
    )
    with pytest.raises(GateError, match=words):
        nn.minimize(lambda: loss(w) + v, optimizer=optimizer, steps=2, compiled=True, dtype="float32")
    assert (w.data, v.data, optimizer.step_count, optimizer.state) == (start, 0.0, 0, ((0.0, 0.0),))


# ── randomness that is drawn afresh ─────────────────────────────────────────────────────


class Noisy(nn.Module):
    """w·(x + noise), so that the mean loss of ½(ŷ - 2x)² is ½((w-2)²·x² + w²σ²)."""

    def __init__(self, seed: int) -> None:
        self.noise, self.w = nn.Noise(0.5, rng=seed), Value(0.0, "w")

    def __call__(self, x: Any) -> Any:
        return self.w * self.noise(x)


def noisily_trained(seed: int, epochs: int) -> tuple[float, History]:
    model = Noisy(seed)
    history = fit(
        model, nn.squared_error, [1.0, -1.0], [2.0, -2.0], optimizer=nn.SGD(model.parameters(), lr=0.01),
        epochs=epochs, compiled=True, validation=([1.0], [2.0]), progress=False,
    )  # fmt: skip
    return model.w.data, history


def test_noise_is_drawn_afresh_for_every_sample_and_left_out_of_evaluations() -> None:
    # The mean gradient of w is (w-2) + w/4, which is 0 at 1.6: training with noise is weight decay.
    assert noisily_trained(1, epochs=20) == noisily_trained(1, epochs=20) != noisily_trained(2, epochs=20)
    w, history = noisily_trained(0, epochs=3000)
    assert w == pytest.approx(1.6, abs=0.1)
    assert history.validation_loss[-1] == pytest.approx(0.5 * (w - 2.0) ** 2)
    tail = history.loss[-1000:]
    assert len(set(tail)) == 1000
    assert sum(tail) / 1000 == pytest.approx(0.5 * (0.16 + 1.6**2 * 0.25), rel=0.1)


@pytest.mark.parametrize("compiled", [True, False])
def test_dropout_trains_and_predicts_without_chance(compiled: bool) -> None:
    class Dropped(nn.Module):
        def __init__(self) -> None:
            self.dropout, self.neuron = nn.Dropout(0.5, rng=0), nn.Neuron(2, rng=1)

        def __call__(self, x: Any) -> Any:
            return self.neuron(self.dropout(x))

    model = Dropped()
    history = fit(
        model, nn.squared_error, points(), labels(sum), optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=40, batch_size=5, rng=0, compiled=compiled, validation=(points(), labels(sum)), progress=False,
    )  # fmt: skip
    assert len(set(history.loss)) == 40
    evaluated = nn.evaluate(model, nn.squared_error, points(), labels(sum))["loss"]
    assert history.validation_loss[-1] == pytest.approx(evaluated, rel=1e-12)


# ── what is refused ─────────────────────────────────────────────────────────────────────


def refused(model: nn.Module, loss: Loss = nn.squared_error, **arguments: Any) -> BaseException:
    before = [p.data for p in model.parameters()]
    arguments = {"optimizer": nn.SGD(model.parameters(), lr=0.1), "epochs": 2} | arguments
    with pytest.raises((ValueError, TypeError, RuntimeError)) as caught:
        fit(model, loss, points(), labels(sum), compiled=True, progress=False, **arguments)
    assert [p.data for p in model.parameters()] == before
    return caught.value


RNG = random.Random(0)
FROZEN: dict[str, Callable[[Any], Any]] = {
    "noise in a leaf": lambda h: h + Value(RNG.gauss(0.0, 1.0)),
    "a rare mask": lambda h: h * (1.0 if RNG.random() < 0.8 else 2.0),
    "a branch on a draw": lambda h: h if RNG.random() < 0.5 else h.tanh(),
}


@pytest.mark.parametrize("change", FROZEN.values(), ids=FROZEN)
def test_randomness_would_be_frozen(change: Callable[[Any], Any]) -> None:
    for _ in range(5):
        error = refused(nn.Neuron(2, rng=0), lambda h, y: nn.squared_error(change(h), y), epochs=10_000)
        assert isinstance(error, RecordingError)
        assert "computes something else each time it is called, as dropout does" in str(error)
    assert "nn.Dropout" in str(error)


@pytest.mark.parametrize("part", ["loss", "penalty"])
def test_what_changes_slowly_would_be_frozen(part: str) -> None:
    model = nn.Neuron(2, rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)

    def weight() -> float:
        return 1.0 + optimizer.step_count / 1000

    def loss(prediction: Any, target: Any) -> Any:
        return nn.squared_error(prediction, target) * (weight() if part == "loss" else 1.0)

    def penalty(model: Any) -> Any:
        return nn.l2_penalty(model, 0.1 * (weight() if part == "penalty" else 1.0))

    error = refused(model, loss, penalty=penalty, optimizer=optimizer)
    assert isinstance(error, RecordingError)
    assert optimizer.step_count == 0


@pytest.mark.parametrize("fails_at", [0, 5, 37])
def test_a_schedule_that_raises_does_so_after_the_updates_before(fails_at: int) -> None:
    def schedule(updates: int) -> float:
        if updates >= fails_at:
            raise ArithmeticError("no more")
        return 0.1

    ends = []
    for compiled in (True, False):
        model = nn.Neuron(2, rng=0)
        optimizer = nn.Momentum(model.parameters(), lr=0.1)
        optimizer.lr = schedule
        with pytest.raises(ArithmeticError, match="no more"):
            fit(
                model, nn.squared_error, points(), labels(sum), batch_size=5, rng=3,
                optimizer=optimizer, epochs=50, compiled=compiled, progress=False,
            )  # fmt: skip
        assert optimizer.step_count == fails_at
        ends.append([p.data for p in model.parameters()])
    assert ends[0] == pytest.approx(ends[1], rel=1e-12)
