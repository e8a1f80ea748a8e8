"""Metrics: one number for a person to read, from all predictions and their targets.

A metric is `metric(predictions, targets) -> float`, over all samples at once: predictions
as `predict` gives them, a number for each sample or a list of K, and targets as the losses
take them. `fit` and `evaluate` compute them beside the loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autograd.arguments import listed, real_number
from autograd.reals import as_float, is_number, kind, shortened
from autograd.value import Value
from nn.data import sample_count, unit_of
from nn.targets import is_distribution

Metric = Callable[[Sequence[Any], Sequence[Any]], float]

Metrics = Iterable[Metric] | Mapping[str, Metric]
"""Metrics under their own names, or under others."""


def accuracy(predictions: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The share of samples put into the right class, by scores or logits.

    predictions  K scores, logits or probabilities each: the largest is the class predicted,
                 the first of them at a tie. Or one score or logit each: above the threshold
                 it stands for the class of target 1, else for that of 0 or -1
    targets      for K scores a class index or a one-hot row; for one 0 and 1, or -1 and 1
    threshold    by default 0, as for scores and logits

    Of probabilities of one class, as a sigmoid gives them, `binary_accuracy` is the measure:
    between targets of 0 and 1 and predictions that all lie there too, a threshold is not
    guessed.

    Raises ValueError for targets of another kind, for scores that are NaN, where there are no
    samples, and where the predictions may be probabilities and no threshold is given.

    >>> accuracy([[0.1, 2.0, 0.3], [3.0, 1.0, 2.0]], [1, 2])
    0.5
    >>> accuracy([-0.2, 1.7, 0.4], [-1, 1, -1])
    0.6666666666666666
    """
    count = sample_count(predictions, targets)
    rows = [_row(prediction) for prediction in predictions]
    if any(math.isnan(score) for row in rows for score in row):
        raise ValueError("accuracy: a score is NaN, which stands for no class")
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"accuracy: every prediction has as many scores as the first, {len(rows[0])}")
    if len(rows[0]) > 1:
        right = [_largest(row) == _class(t, len(row)) for row, t in zip(rows, targets, strict=True)]
        return sum(right) / count
    scores, labels = _scores_and_labels("accuracy", rows, targets)
    if threshold is not None:
        return _share_right(scores, labels, real_number("threshold", threshold))
    if min(labels) >= 0 and all(0.0 <= score <= 1.0 for score in scores):
        raise ValueError(
            "accuracy: all predictions lie between 0 and 1, as probabilities do: take binary_accuracy "
            "for those, and for scores or logits accuracy with threshold=0"
        )
    return _share_right(scores, labels, 0.0)


def binary_accuracy(predictions: Sequence[Any], targets: Sequence[Any], threshold: float = 0.5) -> float:
    """The share of samples put into the right one of two classes, by probabilities.

    predictions  the probability of the class of target 1, one each
    targets      0 and 1, or -1 and 1
    threshold    a probability above it stands for that class

    Source: the name and the threshold are those of Keras. Raises ValueError for predictions
    that are no probabilities, targets of another kind, and where there are no samples.

    >>> binary_accuracy([0.9, 0.2, 0.6], [1, 0, 0])
    0.6666666666666666
    """
    sample_count(predictions, targets)
    scores, labels = _scores_and_labels("binary_accuracy", map(_row, predictions), targets)
    for score in scores:
        if not 0.0 <= score <= 1.0:
            raise ValueError(
                f"binary_accuracy: a probability lies between 0 and 1, got {score!r}; "
                "take accuracy for scores and logits"
            )
    return _share_right(scores, labels, real_number("threshold", threshold))


def mean_absolute_error(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """(1/n) Σ |ŷ - y|, in the units of y; over all outputs where there are several.

    >>> mean_absolute_error([1.0, 2.5], [0.0, 2.0])
    0.75
    """
    pairs = _numbers(predictions, targets)
    return added_up([abs(y_hat - y) for y_hat, y in pairs]) / len(pairs)


def r_squared(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """R² = 1 - Σ(y - ŷ)²/Σ(y - ȳ)²: the share of the targets' variance that is explained.

    1 for perfect predictions, 0 for predicting the mean ȳ, negative for worse. For one
    output. Raises ValueError where all targets are the same: there is no variance.

    >>> r_squared([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])
    0.5
    """
    pairs = _numbers(predictions, targets)
    if len(pairs) > len(targets):
        raise ValueError("r_squared is for models of one output")
    observed = [y for _, y in pairs]
    if min(observed) == max(observed):  # the mean of equal numbers may be off by its rounding
        raise ValueError(f"r_squared: all targets are {observed[0]!r}, there is no variance to explain")
    unit = unit_of(observed)
    errors = [(y_hat - y) * unit for y_hat, y in pairs]
    mean = math.fsum(y * unit for y in observed) / len(observed)
    deviations = [y * unit - mean for y in observed]
    variation = added_up([deviation * deviation for deviation in deviations])
    return 1.0 - added_up([error * error for error in errors]) / variation


def added_up(numbers: Sequence[float]) -> float:
    """The sum, rounded once; infinity where that is too large for a float."""
    try:
        return math.fsum(numbers)
    except OverflowError:
        return sum(numbers)


def named_metrics(metrics: Metrics) -> dict[str, Metric]:
    """Metrics by name, the function's own where no other is given.

    Raises TypeError for what cannot be called, or has no name; ValueError for a name that
    another metric or the loss has.
    """
    if callable(metrics):
        metrics = [metrics]
    if not isinstance(metrics, Mapping):
        functions = listed("metrics", metrics, "functions, such as [nn.accuracy]")
        metrics = {_own_name(metric): metric for metric in functions}
        if len(metrics) < len(functions):
            names = ", ".join(map(_own_name, functions))
            raise ValueError(f"two metrics have one name: {names}; give them as a dict, a name for each")
    for name, metric in metrics.items():
        if not callable(metric):
            raise TypeError(
                f"metric {shortened(name)} is a function of predictions and targets, got {kind(metric)}"
            )
        if not isinstance(name, str):
            raise TypeError(f"a metric's name is text, got {kind(name)}")
        if name.replace("_", " ") in ("loss", "validation loss"):
            raise ValueError(f"{name!r} is the name of the mean loss; give the metric another")
    return dict(metrics)


def _own_name(metric: Any) -> str:
    if not hasattr(metric, "__name__"):
        raise TypeError(
            f'{shortened(metric)} has no name; give metrics as a dict, metrics={{"name": function}}'
        )
    return str(metric.__name__)


def _scores_and_labels(
    name: str, rows: Iterable[list[float]], targets: Sequence[Any]
) -> tuple[list[float], list[float]]:
    scores, labels = [_single(row) for row in rows], [_single(_row(target)) for target in targets]
    for label in labels:
        if label not in (-1, 0, 1):
            raise ValueError(f"{name}: a target for one number is 0 or 1, or -1 or 1, got {label:g}")
    if {-1, 0} <= set(labels):
        raise ValueError(f"{name}: targets are 0 and 1, or -1 and 1; got -1, and 0 too")
    return scores, labels


def _share_right(scores: list[float], labels: list[float], threshold: float) -> float:
    right = [(s > threshold) == (t > 0) for s, t in zip(scores, labels, strict=True)]
    return sum(right) / len(right)


def _row(sample: Any) -> list[float]:
    """The numbers of one sample's prediction or target, one or several."""
    alone = is_number(sample) or isinstance(sample, Value)
    numbers = [sample] if alone else listed("a row", sample, "numbers")
    return [float(x) if isinstance(x, Value) else as_float(x) for x in numbers]


def _single(row: list[float]) -> float:
    if len(row) != 1:
        raise ValueError(f"accuracy: one number for each sample is needed here, got {shortened(row)}")
    return row[0]


def _largest(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


def _class(target: Any, classes: int) -> int:
    if not hasattr(target, "__len__"):
        if not is_number(target) or target not in range(classes):
            raise ValueError(f"accuracy: a class index is 0 to {classes - 1}, got {shortened(target)}")
        return int(target)
    row = _row(target)
    if len(row) != classes or not is_distribution(row):
        given = shortened(target)
        raise ValueError(f"accuracy: a target is a class index or a one-hot row of {classes}, got {given}")
    return _largest(row)


def _numbers(predictions: Sequence[Any], targets: Sequence[Any]) -> list[tuple[float, float]]:
    """Prediction and target of every output of every sample."""
    sample_count(predictions, targets)
    pairs: list[tuple[float, float]] = []
    for sample in zip(predictions, targets, strict=True):
        prediction, target = map(_row, sample)
        if len(prediction) != len(target):
            raise ValueError(
                f"prediction {shortened(sample[0])} and target {shortened(sample[1])} have different lengths"
            )
        pairs += zip(prediction, target, strict=True)
    if not pairs:
        raise ValueError("there are no numbers to compare: every prediction is empty")
    return pairs
