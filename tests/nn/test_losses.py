"""Losses: numbers against mpmath, gradients against central differences, conventions, refusals.

The truths are the equations of the docstrings, written down once more in 60 digits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import nn
from autograd import GateError, Value, gradcheck
from autograd.grad_mode import guarded_by
from tests.graphs import gate_names
from tests.nn.rows import Draw, Row, distribution, labels, numbers, one_hot, signs, units


@pytest.fixture(autouse=True)
def sixty_digits() -> Iterator[None]:
    with mp.workdps(60):
        yield


def rows(rng: random.Random, k: int) -> Row:
    return rng.choice([distribution, one_hot])(rng, k)


def log_softmax(z: list[Any]) -> list[Any]:
    total = mp.fsum(mp.exp(v) for v in z)
    return [v - mp.log(total) for v in z]


def true_huber(e: Any, c: Any) -> Any:
    return e**2 / 2 if abs(e) < c else c * (abs(e) - c / 2)


def true_pseudo_huber(e: Any, c: Any) -> Any:
    return c**2 * (mp.sqrt(1 + (e / c) ** 2) - 1)


def t_log(t: Any, y: Any) -> Any:
    return t * mp.log(y) if t else mpf(0)


def sigma(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


@dataclass(frozen=True)
class Case:
    """A loss, its truth on rows of mpf, and how its predictions and targets are drawn."""

    loss: Callable[[Any, Any], Any]
    truth: Callable[[list[Any], list[Any]], Any]
    prediction: Draw
    target: Draw
    sizes: tuple[int, ...] = (1, 3)

    def problems(self, count: int = 20) -> list[tuple[Row, Row]]:
        rng = random.Random(1)
        sizes = [self.sizes[i % len(self.sizes)] for i in range(count)]
        return [(self.prediction(rng, k), self.target(rng, k)) for k in sizes]


def pairwise(term: Callable[[Any, Any], Any]) -> Callable[[list[Any], list[Any]], Any]:
    return lambda p, t: mp.fsum(term(a, b) for a, b in zip(p, t, strict=True))


squares = pairwise(lambda p, y: (p - y) ** 2)


def each(
    loss: Any,
    term: Callable[[Any, Any], Any],
    prediction: Draw = numbers,
    target: Draw = numbers,
    *sizes: Any,
) -> Case:
    """A loss that is a sum over its outputs."""
    return Case(loss, pairwise(term), prediction, target, *sizes)


def log_loss(p: Any, y: Any) -> Any:
    return -t_log(y, p) - t_log(1 - y, 1 - p)


CASES = {
    "squared_error": each(nn.squared_error, lambda p, y: (p - y) ** 2 / 2),
    "mean_squared_error": Case(
        nn.mean_squared_error, lambda p, y: squares(p, y) / len(p), numbers, numbers
    ),
    "huber": each(nn.huber, lambda p, y: true_huber(p - y, 1)),
    "huber, wide": each(partial(nn.huber, c=2.5), lambda p, y: true_huber(p - y, 2.5)),
    "pseudo_huber": each(nn.pseudo_huber, lambda p, y: true_pseudo_huber(p - y, 1)),
    "pseudo_huber, wide": each(partial(nn.pseudo_huber, c=2.5), lambda p, y: true_pseudo_huber(p - y, 2.5)),
    "binary_cross_entropy": each(nn.binary_cross_entropy, log_loss, units, labels, (1,)),
    "multi_label_cross_entropy": each(nn.multi_label_cross_entropy, log_loss, units, labels),
    "sigmoid_cross_entropy": each(
        nn.sigmoid_cross_entropy, lambda z, y: log_loss(sigma(z), y), numbers, labels
    ),
    "cross_entropy": each(nn.cross_entropy, lambda p, t: -t_log(t, p), distribution, rows, (2, 4)),
    "cross_entropy in bits": each(
        partial(nn.cross_entropy, base=2), lambda p, t: -t_log(t, p) / mp.log(2), distribution, rows, (2, 4)
    ),
    "softmax_cross_entropy": Case(
        nn.softmax_cross_entropy, lambda z, t: -mp.fdot(t, log_softmax(z)), numbers, rows, (2, 4)
    ),
    "negative_log_likelihood": Case(
        nn.negative_log_likelihood, lambda p, t: -mp.log(p[t.index(1)]), distribution, one_hot, (2, 4)
    ),
    "kl_divergence": each(nn.kl_divergence, lambda p, t: t_log(t, t / p), distribution, rows, (2, 4)),
    "hinge": each(nn.hinge, lambda s, y: max(mpf(0), 1 - y * s), numbers, signs),
    "multiclass_hinge": Case(
        nn.multiclass_hinge,
        lambda s, t: mp.fsum(max(mpf(0), 1 + s[k] - s[t.index(1)]) for k in range(len(s)) if not t[k]),
        numbers, one_hot, (2, 4),
    ),
}  # fmt: skip

OF_CLASSES = [
    nn.cross_entropy,
    nn.softmax_cross_entropy,
    nn.negative_log_likelihood,
    nn.kl_divergence,
    nn.multiclass_hinge,
]

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_loss_is_tried_here() -> None:
    exported = {name for name in nn.__all__ if getattr(getattr(nn, name), "__module__", "") == "nn.losses"}
    assert exported - {"l2_penalty"} <= set(CASES)


# ── numbers and gradients ───────────────────────────────────────────────────────────────


@each_case
def test_the_number_is_the_equations(case: Case) -> None:
    for prediction, target in case.problems():
        true = float(case.truth([mpf(v) for v in prediction], [mpf(v) for v in target]))
        plain = case.loss(prediction, target)
        assert isinstance(plain, float)
        assert plain == pytest.approx(true, rel=1e-12, abs=1e-15)
        assert case.loss(np.array(prediction), np.array(target)) == plain
        assert case.loss(np.array([Value(v) for v in prediction]), tuple(target)).data == plain
        if len(target) == 1:  # which need not be a list
            assert case.loss(Value(prediction[0]), target[0]).data == plain


@each_case
def test_the_gradient_agrees_with_central_differences(case: Case) -> None:
    for prediction, target in case.problems(4):
        # Probabilities that add up to 1 do not while one of them is moved; no loss minds.
        gradcheck(lambda *p, target=target: case.loss(list(p), target), [Value(v) for v in prediction])


@pytest.mark.parametrize("loss", OF_CLASSES)
@pytest.mark.parametrize(("index", "c"), [(2, 2), (1.0, 1), (np.int64(0), 0), (True, 1), (Value(2.0), 2)])
def test_a_class_index_is_its_one_hot_row(loss: Any, index: Any, c: int) -> None:
    row = [float(k == c) for k in range(3)]
    of_index, of_row = ([Value(v) for v in (0.7, 0.2, 0.1)] for _ in range(2))
    one, other = loss(of_index, index), loss(of_row, row)
    one.backward()
    other.backward()
    assert one.data == pytest.approx(other.data, rel=1e-15)
    assert [p.grad for p in of_index] == pytest.approx([p.grad for p in of_row], rel=1e-15)


# ── recorded targets ────────────────────────────────────────────────────────────────────


@each_case
def test_a_recorded_target_gives_the_same_number_and_gradient_and_is_not_read(case: Case) -> None:
    def refuse(expression: str) -> None:
        raise AssertionError(f"read by {expression}")

    for prediction, target in case.problems():
        p, again = ([Value(v) for v in prediction] for _ in range(2))
        plain = case.loss(p, target)
        with guarded_by(refuse):
            loss = case.loss(again, [Value(v) for v in target])
        plain.backward()
        loss.backward()
        assert loss.data == pytest.approx(plain.data, rel=1e-13, abs=1e-15)
        assert [v.grad for v in again] == pytest.approx([v.grad for v in p], rel=1e-13, abs=1e-15)


def test_a_recorded_target_takes_the_smallest_probabilities_as_they_are() -> None:
    prediction, target = [1e-310, 1.0], [0.5, 0.5]
    plain = nn.cross_entropy(prediction, target)
    assert plain == pytest.approx(-0.5 * math.log(1e-310), rel=1e-14)
    assert nn.cross_entropy(prediction, [Value(t) for t in target]).data == plain


@pytest.mark.parametrize(
    ("loss", "prediction", "true", "false"),
    [
        (nn.binary_cross_entropy, [1.0], [1.0], [0.75]),
        (nn.binary_cross_entropy, [0.0], [0.0], [1e-9]),
        (nn.multi_label_cross_entropy, [1.0, 0.0], [1.0, 0.0], [1.0, 0.5]),
        (nn.cross_entropy, [0.0, 1.0], [0.0, 1.0], [0.5, 0.5]),
        (nn.kl_divergence, [0.0, 1.0], [0.0, 1.0], [0.5, 0.5]),
        (nn.negative_log_likelihood, [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]),
    ],
)
@pytest.mark.parametrize("number", [float, Value])
def test_what_has_probability_0_counts_as_0_unless_it_happened(
    loss: Any, prediction: Row, true: Row, false: Row, number: Any
) -> None:
    p = [Value(v) for v in prediction]
    perfect = loss(p, [number(t) for t in true])
    perfect.backward()
    assert perfect.data == 0.0
    assert all(math.isfinite(v.grad) for v in p)
    with pytest.raises(GateError, match=r"log\(0\.0\) is not defined"):
        loss(p, [number(t) for t in false])


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.negative_log_likelihood])
def test_what_is_no_probability_says_what_to_take_for_logits(loss: Any) -> None:
    with pytest.raises(GateError, match=r"log\(-2\.5\) is not defined") as caught:
        loss([Value(-2.5), Value(1.0)], 0)
    assert "take sigmoid_cross_entropy or softmax_cross_entropy" in caught.value.__notes__[0]


def test_a_probability_may_be_off_by_its_rounding() -> None:
    assert nn.cross_entropy([1.0 + 1e-15, -1e-15], 0) == pytest.approx(0.0, abs=1e-14)


# ── logits of any size ──────────────────────────────────────────────────────────────────

LOGITS = [-1000.0, -745.5, -40.0, -1e-9, 0.0, 3.0, 37.0, 709.9, 1000.0]


@pytest.mark.parametrize("z", LOGITS)
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("record", [False, True])
def test_sigmoid_cross_entropy_of_any_logit(z: float, y: float, record: bool) -> None:
    logit = Value(z)
    loss = nn.sigmoid_cross_entropy(logit, Value(y) if record else y)
    loss.backward()
    with mp.workdps(1000):
        p = sigma(mpf(z))
        true = -t_log(mpf(y), p) - t_log(1 - mpf(y), 1 - p)
        assert loss.data == pytest.approx(float(true), rel=1e-14, abs=0)
        assert logit.grad == pytest.approx(float(p - mpf(y)), rel=1e-12, abs=1e-17)


@pytest.mark.parametrize(
    "row", [[1000.0, 0.0, -1000.0], [1000.0, 1000.0, -1000.0], [-1000.0, -1001.0, -999.0], [1e300, 0.0, 0.0]]
)
@pytest.mark.parametrize("target", [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.25, 0.25, 0.5]], ids=str)
@pytest.mark.parametrize("record", [False, True])
def test_softmax_cross_entropy_of_any_logits(row: Row, target: Row, record: bool) -> None:
    logits = [Value(z) for z in row]
    loss = nn.softmax_cross_entropy(logits, [Value(t) for t in target] if record else target)
    loss.backward()
    with mp.workdps(1000):
        log_p = log_softmax([mpf(z) for z in row])
        true = -mp.fdot(target, log_p)
        gradient = [float(mp.exp(lp) - mpf(t)) for t, lp in zip(target, log_p, strict=True)]
    assert loss.data == pytest.approx(float(true), rel=1e-12, abs=1e-12)
    assert [z.grad for z in logits] == pytest.approx(gradient, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("size", [1e-9, 1e-4, 1000.0, 1e150])
def test_regression_losses_of_any_error(size: float) -> None:
    e = Value(size)
    loss = nn.pseudo_huber(e, 0.0)
    loss.backward()
    with mp.workdps(400):
        assert nn.huber(size, 0.0) == pytest.approx(float(true_huber(mpf(size), 1)), rel=1e-14, abs=0)
        assert loss.data == pytest.approx(float(true_pseudo_huber(mpf(size), 1)), rel=1e-14, abs=0)
        assert e.grad == pytest.approx(float(size / mp.sqrt(1 + mpf(size) ** 2)), rel=1e-12, abs=0)


# ── kinks ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("loss", "target", "slopes"),
    [
        (nn.huber, 0.0, {-3.0: -1.0, -1.0: -1.0, -0.5: -0.5, 0.0: 0.0, 0.5: 0.5, 1.0: 1.0, 3.0: 1.0}),
        (nn.hinge, 1, {0.999: -1.0, 1.0: 0.0, 1000.0: 0.0, -1000.0: -1.0}),
    ],
)
def test_the_gradient_on_both_sides_of_a_kink(loss: Any, target: float, slopes: dict[float, float]) -> None:
    for at, slope in slopes.items():
        p = Value(at)
        loss(p, target).backward()
        assert p.grad == slope


# ── graphs ──────────────────────────────────────────────────────────────────────────────


def test_a_plain_target_leaves_no_gate_for_what_is_plainly_zero() -> None:
    probability = Value(0.7)
    assert gate_names(nn.binary_cross_entropy(probability, 1)) == ["log", "negate"]
    assert gate_names(nn.cross_entropy([Value(0.3), probability], 1)) == ["log", "negate"]
    assert gate_names(nn.softmax_cross_entropy([Value(0.3), probability], 1)) == ["logsumexp", "subtract"]
    assert gate_names(nn.hinge(probability, 1)) == ["subtract", "relu"]
    assert gate_names(nn.multiclass_hinge([Value(0.3), probability], 0)) == ["subtract", "add", "relu"]


# ── the penalty ─────────────────────────────────────────────────────────────────────────


def test_l2_penalty_is_the_lectures_and_leaves_biases_alone() -> None:
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    for name, parameter in model.named_parameters():
        if name.endswith(".b"):
            parameter.data = 100.0
    penalty = nn.l2_penalty(model, 0.3, n=8)
    penalty.backward()
    squares = sum(
        np.sum(np.array([[w.data for w in n.w] for n in layer.neurons]) ** 2) for layer in model.layers
    )
    assert penalty.data == pytest.approx(0.3 / 2 / 8 * squares, rel=1e-14)
    for name, parameter in model.named_parameters():
        assert parameter.grad == (
            0.0 if name.endswith(".b") else pytest.approx(0.3 / 8 * parameter.data, rel=1e-14)
        )


# ── refusals ────────────────────────────────────────────────────────────────────────────

THREE = [0.2, 0.3, 0.5]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: nn.squared_error([1.0, 2.0], 1.0), ValueError, "squared_error: 2 predictions, but 1 target"),
        (lambda: nn.squared_error(1.0, [1.0, 2.0]), ValueError, "squared_error: 1 prediction, but 2 targets"),
        (lambda: nn.squared_error([], []), ValueError, "squared_error: 0 predictions, but 0 targets"),
        (lambda: nn.squared_error("12", [1, 2]), TypeError, "a row is a list of numbers, got str: '12'"),
        (lambda: nn.squared_error(1.0, None), TypeError, "expected one real number, got NoneType"),
        (lambda: nn.huber(1.0, 0.0, c=0), ValueError, "huber: c is a finite number above 0, got 0"),
        (lambda: nn.binary_cross_entropy(1.5, 1), ValueError, "from 0 to 1, got 1.5; for logits"),
        (lambda: nn.cross_entropy([1.0, -1e-8], 0), ValueError, "from 0 to 1, got -1e-08; for logits"),
        (lambda: nn.binary_cross_entropy(THREE, 1), ValueError, "one probability, got 3: take multi_label"),
        (lambda: nn.binary_cross_entropy(0.5, -1), ValueError, "a target is from 0 to 1, got -1"),
        (lambda: nn.cross_entropy([0.25] * 4, 4), ValueError, "index is a whole number from 0 to 3, got 4"),
        (lambda: nn.cross_entropy(THREE, 0.5), ValueError, "from 0 to 2, got 0.5"),
        (lambda: nn.cross_entropy(THREE, [1, 1, 0]), ValueError, "add up to 2, not to 1"),
        (lambda: nn.cross_entropy(THREE, [0.333] * 3), ValueError, "add up to 0.999, not to 1"),
        (lambda: nn.cross_entropy(THREE, [math.nan, 1, 0]), ValueError, "a target is from 0 to 1, got nan"),
        (lambda: nn.cross_entropy(THREE, [2, -1, 0]), ValueError, "a target is from 0 to 1, got 2"),
        (lambda: nn.cross_entropy(THREE, 0, base=1), ValueError, "no logarithm of base 1"),
        (lambda: nn.cross_entropy(Value(0.5), 0), ValueError, "a list of predictions, one for each class"),
        (lambda: nn.cross_entropy(THREE, Value(3.0)), GateError, "needs a whole index from 0 to 2"),
        (lambda: nn.negative_log_likelihood(THREE, [0.5, 0.5, 0]), ValueError, "a target row is one-hot"),
        (lambda: nn.hinge(0.5, 0), ValueError, r"-1 or \+1, got 0; labels of 0 and 1 become that"),
        (lambda: nn.hinge(0.5, 2), ValueError, r"-1 or \+1, got 2"),
        (lambda: nn.hinge(0.5, -2), ValueError, r"-1 or \+1, got -2"),
        (lambda: nn.binary_cross_entropy([], 1), ValueError, "one probability, got 0"),
        (lambda: nn.l2_penalty([Value(1.0)], 1.0), TypeError, r"the model is a Module, .* got list: \[Value"),
        (lambda: nn.l2_penalty(nn.Module(), 1.0), ValueError, r"Module\(0 parameters\) has no weights"),
        (lambda: nn.l2_penalty(nn.Neuron(1, rng=0), -1.0), ValueError, "strength is a finite number"),
    ],
)
def test_a_wrong_call_says_why(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()
