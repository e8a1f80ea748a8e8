"""Metrics: one number for a person to read, from all predictions and their targets.

A metric is `metric(predictions, targets) -> float`, over all samples at once: predictions
as `predict` gives them, a number for each sample or a list of K, and targets as the losses
take them. `fit` and `evaluate` compute them beside the loss, and pass what the predictions
are to a metric with a parameter `of`, such as `accuracy` (see `nn.outputs`).
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from autograd.arguments import as_list, function, real_number
from autograd.reals import kind, shortened
from autograd.value import Value
from nn.data import sample_count, unit_of
from nn.outputs import THRESHOLDS, Outputs
from nn.targets import class_pairs, paired, row_of

Metric = Callable[..., float]
"""(predictions, targets) -> a number."""

Metrics = Metric | Iterable[Metric] | Mapping[str, Metric]
"""One metric or several, under their own names or under others."""


def accuracy(
    predictions: Sequence[Any],
    targets: Sequence[Any],
    of: Outputs | None = None,
    threshold: float | None = None,
) -> float:
    """The share of samples put into the right class.

    predictions  K numbers for each sample: the largest, at a tie the first, is the class predicted.
                 Or one: above the threshold it means the class of target 1, else that of 0 or -1
    targets      for K numbers a class index or a one-hot row; for one number 0 and 1, or -1 and 1
    of           what the predictions are, if there is one for each sample: "logits" and
                 "scores" have the threshold 0, "probabilities" 0.5. `fit` and `evaluate`
                 know it from the model's output activation and the loss
    threshold    the threshold itself, whatever the predictions are

    Raises ValueError for one number for each sample with neither `of` nor a threshold, for
    other targets, and for a prediction that is NaN.

    >>> accuracy([[0.1, 2.0, 0.3], [3.0, 1.0, 2.0]], [1, 2])
    0.5
    >>> accuracy([0.2, 0.9, 0.7], [0, 1, 0], of="probabilities")
    0.6666666666666666
    """
    count = sample_count(predictions, targets)
    rows = [_row(prediction) for prediction in predictions]
    if any(math.isnan(number) for row in rows for number in row):
        raise ValueError("accuracy: a prediction is NaN, which stands for no class")
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"accuracy: every prediction has as many numbers as the first, {len(rows[0])}")
    if len(rows[0]) > 1:
        right = [_is_right(row, target) for row, target in zip(rows, targets, strict=True)]
    else:
        cut = _threshold(of) if threshold is None else real_number("threshold", threshold)
        numbers, labels = map(_single, rows), _labels(targets)
        right = [(number > cut) == (label > 0) for number, label in zip(numbers, labels, strict=True)]
    return sum(right) / count


def mean_absolute_error(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """(1/n) Σ |ŷ - y|, in the units of y; if there are several outputs, over all of them.

    >>> mean_absolute_error([1.0, 2.5], [0.0, 2.0])
    0.75
    """
    pairs = _numbers("mean_absolute_error", predictions, targets)
    return exact_sum([abs(y_hat - y) for y_hat, y in pairs]) / len(pairs)


def r_squared(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """R² = 1 - Σ(y - ŷ)²/Σ(y - ȳ)²: the share of the targets' variance that is explained.

    1 for perfect predictions, 0 for predicting the mean ȳ, negative for worse. For one
    output. Raises ValueError if all targets are the same: there is no variance to explain.

    >>> r_squared([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])
    0.5
    """
    pairs = _numbers("r_squared", predictions, targets)
    if len(pairs) > len(targets):
        raise ValueError("r_squared is for models of one output")
    observed = [y for _, y in pairs]
    if min(observed) == max(observed):  # the mean of equal numbers may be off by its rounding
        raise ValueError(f"r_squared: all targets are {observed[0]!r}, there is no variance to explain")
    unit = unit_of(observed)
    errors = [(y_hat - y) * unit for y_hat, y in pairs]
    mean = math.fsum(y * unit for y in observed) / len(observed)
    deviations = [y * unit - mean for y in observed]
    variation = exact_sum([deviation * deviation for deviation in deviations])
    return 1.0 - exact_sum([error * error for error in errors]) / variation


def exact_sum(numbers: Sequence[float]) -> float:
    """The sum, rounded once; infinite if that is too large for a float."""
    try:
        return math.fsum(numbers)
    except OverflowError:
        return sum(numbers)


def named_metrics(metrics: Metrics, of: Outputs | None = None) -> dict[str, Metric]:
    """Metrics by name, by default the function's own.

    of  what the predictions are, bound to the parameter `of` of each metric that has one
        without a value

    Raises TypeError for anything that cannot be called or has no name; ValueError for a name
    that another metric or the loss has.
    """
    if callable(metrics):
        metrics = [metrics]
    if not isinstance(metrics, Mapping):
        functions = as_list("metrics", metrics, "functions, such as [nn.accuracy]")
        names = list(map(_own_name, functions))
        metrics = dict(zip(names, functions, strict=True))
        if len(metrics) < len(names):
            raise ValueError(
                f"two metrics have one name: {', '.join(names)}; give them as a dict, a name for each"
            )
    for name, metric in metrics.items():
        function(f"metric {shortened(name)}", metric, "nn.accuracy")
        if not isinstance(name, str):
            raise TypeError(f"a metric's name is text, got {kind(name)}")
        if name in ("loss", "validation loss", "validation_loss"):
            raise ValueError(f"{name!r} is the name of the mean loss; give the metric another")
    bound = {name: partial(metric, of=of) if _asks_of(metric) else metric for name, metric in metrics.items()}
    for name, metric in bound.items():
        try:
            inspect.signature(metric).bind([], [])
        except TypeError as error:
            raise TypeError(f"metric {name!r} takes all predictions and all targets: {error}") from None
    return bound


def measure(metrics: Mapping[str, Metric], predictions: list[Any], targets: list[Any]) -> dict[str, float]:
    """Each metric's number by its name. Raises TypeError for a result that is anything else."""
    return {
        name: real_number(
            f"the result of metric {name!r}", metric(predictions, targets), "one number", lambda _: True
        )
        for name, metric in metrics.items()
    }


def _asks_of(metric: Metric) -> bool:
    """Whether a metric has a parameter `of` without a value."""
    of = inspect.signature(metric).parameters.get("of")
    return of is not None and of.default in (None, of.empty)


def _own_name(metric: Any) -> str:
    if not hasattr(function("a metric", metric, "nn.accuracy"), "__name__"):
        raise TypeError(
            f'{shortened(metric)} has no name; give metrics as a dict, metrics={{"name": function}}'
        )
    return str(metric.__name__)


def _threshold(of: Outputs | None) -> float:
    if of not in THRESHOLDS:
        unknown = "of is not given" if of is None else f"{shortened(of)} stand for no class"
        raise ValueError(
            f"accuracy: which numbers mean class 1? {unknown}: take of='logits' or of='probabilities', or a "
            "threshold; in fit, metrics={'accuracy': functools.partial(nn.accuracy, threshold=0.5)}"
        )
    return THRESHOLDS[of]


def _labels(targets: Sequence[Any]) -> list[float]:
    labels = list(map(_single, targets))
    for label in labels:
        if label not in (-1, 0, 1):
            raise ValueError(f"accuracy: a target for one number is 0 or 1, or -1 or 1, got {label:g}")
    if {-1, 0} <= set(labels):
        raise ValueError("accuracy: targets are 0 and 1, or -1 and 1; got -1, and 0 too")
    return labels


def _row(sample: Any) -> list[float]:
    """The numbers of one sample's prediction or target."""
    return list(map(_plain, row_of(sample)))


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def _single(sample: Any) -> float:
    row = _row(sample)
    if len(row) != 1:
        raise ValueError(f"accuracy: one number for each sample is needed here, got {shortened(row)}")
    return row[0]


def _is_right(row: list[float], target: Any) -> bool:
    """Whether the largest prediction is that of the class."""
    outputs, truth = zip(*class_pairs("accuracy", row, _plain(target)), strict=True)
    return outputs.index(max(outputs)) == truth.index(max(truth))


def _numbers(name: str, predictions: Sequence[Any], targets: Sequence[Any]) -> list[tuple[float, float]]:
    """Prediction and target of every output of every sample."""
    sample_count(predictions, targets)
    samples = zip(predictions, targets, strict=True)
    return [pair for p, y in samples for pair in paired(name, _row(p), _row(y))]
