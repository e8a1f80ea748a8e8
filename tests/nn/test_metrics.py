"""Accuracy and its kin, counted by hand and against scikit-learn."""

import math
from functools import partial

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

import nn
from autograd import Value

# ── accuracy ────────────────────────────────────────────────────────────────────────────


def test_of_several_scores_the_largest_is_the_class():
    scores = [[0.1, 0.7, 0.2], [5.0, -1.0, 0.0], [-3.0, -2.0, -2.5], [0.0, 0.0, 1.0]]
    assert nn.accuracy(scores, [1, 0, Value(1.0), 0]) == 0.75
    assert nn.accuracy(scores, [[0, 1, 0], [1, 0, 0], [0, 0, 1], [0.5, 0.3, 0.2]]) == 0.5
    assert nn.accuracy(np.array(scores), np.array([1, 0, 1, 2])) == 1.0
    assert [nn.accuracy([[1.0, 1.0]], [label]) for label in (0, 1)] == [1.0, 0.0]  # a tie goes to the first


@pytest.mark.parametrize(
    ("predictions", "targets", "of", "right"),
    [
        ([2.0, -0.1, 0.3, -5.0], [1, 1, -1, -1], "scores", 2),
        ([2.0, -0.1, 0.3, -5.0], [1, 1, 0, 0], "logits", 2),
        ([0.3, 0.9], [1, 0], "logits", 1),
        ([0.0], [-1], "scores", 1),
        ([0.4, 0.6, 0.2], [0, 1, 1], "probabilities", 2),
        ([0.5], [0], "probabilities", 1),
        ([[0.0], [1.0]], [[-1], [1]], "probabilities", 2),
        ([Value(0.7), Value(-0.2)], [1, -1], "scores", 2),
        ([math.inf, -math.inf], [1, -1], "scores", 2),
    ],
)
def test_one_number_above_the_threshold_is_the_class_of_target_1(predictions, targets, of, right):
    assert nn.accuracy(predictions, targets, of) == right / len(targets)


def test_a_threshold_of_ones_own():
    assert nn.accuracy([0.4, 0.6], [1, 1], threshold=0.0) == 1.0
    assert nn.accuracy([0.4, 0.6], [1, 1], "probabilities", threshold=0.7) == 0.0


@pytest.mark.parametrize("of", [None, "numbers", "distribution"])
def test_nobody_looks_at_numbers_to_decide_what_they_mean(of):
    with pytest.raises(ValueError, match="which numbers mean class 1"):
        nn.accuracy([0.4, 0.6], [0, 1], of)


# ── what fit and evaluate tell a metric ─────────────────────────────────────────────────

X, Y = [[0.5], [-2.0], [1.0], [3.0]], [1, 0, 0, 1]


def neuron(activation):
    model = nn.Neuron(1, activation, rng=0)
    model.w[0].data, model.b.data = 1.0, -0.75  # positive from 0.75 on: 1 of 4 is wrong, and 0.5 too
    return model


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("linear", nn.sigmoid_cross_entropy),
        ("sigmoid", nn.binary_cross_entropy),
        ("sigmoid", nn.squared_error),
        ("tanh", nn.squared_error),
        ("linear", partial(nn.sigmoid_cross_entropy)),
    ],
)
def test_accuracy_is_told_what_model_and_loss_make_of_a_number(activation, loss):
    assert nn.evaluate(neuron(activation), loss, X, Y, metrics=[nn.accuracy])["accuracy"] == 0.5


def test_accuracy_that_nobody_can_tell_is_refused_before_training():
    model = neuron("linear")
    before = model.state_dict()
    optimizer = nn.SGD(model.parameters(), lr=1)
    with pytest.raises(ValueError, match="which numbers mean class 1"):
        nn.fit(model, nn.squared_error, X, Y, metrics=nn.accuracy, optimizer=optimizer, epochs=1)
    assert model.state_dict() == before
    by_hand = {"accuracy": partial(nn.accuracy, threshold=-2.0)}
    assert nn.evaluate(model, nn.squared_error, X, Y, metrics=by_hand)["accuracy"] == 0.75


def test_a_metric_of_ones_own_is_told_too_if_it_asks():
    def kind(predictions, targets, of):
        return {"logits": 1.0}[of]

    metrics = {"kind": kind, "given": partial(kind, of="logits")}
    measured = nn.evaluate(neuron("linear"), nn.sigmoid_cross_entropy, X, Y, metrics=metrics)
    assert (measured["kind"], measured["given"]) == (1.0, 1.0)


# ── what stands for no class ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("predictions", "targets", "words"),
    [
        ([0.7, 0.1], [1, 2.5], r"a target for one number is 0 or 1, or -1 or 1, got 2\.5"),
        ([2.0, -3.0, 4.0], [-1, 0, 1], "targets are 0 and 1, or -1 and 1; got -1, and 0 too"),
        ([0.7], [[1, 0]], "one number for each sample is needed here"),
        ([0.7, [0.1, 0.2]], [1, 1], "every prediction has as many numbers as the first, 1"),
        ([[0.1, 0.9], [0.1, 0.2, 0.7]], [1, 2], "every prediction has as many numbers as the first, 2"),
        ([[1.0, 2.0, 3.0]], [3], "accuracy: a class index is a whole number from 0 to 2, got 3"),
        ([[1.0, 2.0, 3.0]], [[1, 0]], "accuracy: 3 predictions, but 2 targets"),
        ([[1.0, 2.0, 3.0]], [[1, 1, 0]], "accuracy: the target's probabilities add up to 2"),
        ([1.0, math.nan], [1, -1], "accuracy: a prediction is NaN"),
        ([[0.0, 1.0], [2.0, math.nan]], [1, 0], "accuracy: a prediction is NaN"),
    ],
)
def test_what_stands_for_no_class_is_refused(predictions, targets, words):
    with pytest.raises(ValueError, match=words):
        nn.accuracy(predictions, targets, "scores")


# ── numbers ─────────────────────────────────────────────────────────────────────────────


def test_errors_as_scikit_learn_has_them():
    rng = np.random.default_rng(0)
    y, y_hat = rng.normal(size=50), rng.normal(size=50)
    assert nn.mean_absolute_error(y_hat, y) == pytest.approx(sklearn_metrics.mean_absolute_error(y, y_hat))
    assert nn.r_squared(y_hat, y) == pytest.approx(sklearn_metrics.r2_score(y, y_hat))
    y, y_hat = rng.normal(size=(50, 3)), rng.normal(size=(50, 3))
    assert nn.mean_absolute_error(y_hat, y) == pytest.approx(sklearn_metrics.mean_absolute_error(y, y_hat))


@pytest.mark.parametrize(
    ("predictions", "targets", "share"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0),
        ([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], 0.0),
        ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0], -3.0),
        ([1e200, 2e200, 4e200], [1e200, 2e200, 3e200], 0.5),
        ([1e-200, 2e-200, 4e-200], [1e-200, 2e-200, 3e-200], 0.5),
    ],
)
def test_r_squared_by_hand(predictions, targets, share):
    assert nn.r_squared(predictions, targets) == pytest.approx(share)


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"all targets are 2\.0, there is no variance to explain"):
        nn.r_squared([1.0, 3.0], [2.0, 2.0])
    with pytest.raises(ValueError, match=r"all targets are 31\.71, there is no variance to explain"):
        nn.r_squared([31.81] * 36, [31.71] * 36)  # whose mean is not 31.71, for its rounding
    with pytest.raises(ValueError, match="for models of one output"):
        nn.r_squared([[1.0, 3.0]], [[2.0, 4.0]])
    with pytest.raises(ValueError, match="mean_absolute_error: 2 predictions, but 1 target"):
        nn.mean_absolute_error([[1.0, 3.0]], [[2.0]])


def test_an_error_too_large_for_a_float_is_infinite():
    assert nn.mean_absolute_error([1.7e308, 1.7e308], [-1e307, 0.0]) == math.inf
