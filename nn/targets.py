"""Targets beside predictions: which number of a target belongs to which output.

A prediction is a Value, or a list of K of them; its target has the same shape, or is the
index of a class, from 0 to K - 1. Anything else raises ValueError in the name of the loss.
Only plain numbers are checked: the number in a Value may differ in every replay.

>>> class_pairs("a loss", [0.2, 0.3, 0.5], 1)
[(0.2, 0.0), (0.3, 1.0), (0.5, 0.0)]
"""

from __future__ import annotations

from typing import Any

from autograd.arguments import as_list, counted
from autograd.choice import choose
from autograd.reals import as_float, is_number, kind, shortened
from autograd.value import Value

Pairs = list[tuple[Any, Any]]
"""(prediction, target) for each output, label or class."""


def row_of(x: Any) -> list[Any]:
    """One number or several as a list of Values and floats."""
    if isinstance(x, Value):
        return [x]
    if is_number(x) or not hasattr(x, "__iter__"):
        return [as_float(x)]
    return [v if isinstance(v, Value) else as_float(v) for v in as_list("a row", x, "numbers")]


def paired(name: str, prediction: Any, target: Any) -> Pairs:
    """A prediction and a target of one shape."""
    outputs, targets = row_of(prediction), row_of(target)
    if len(outputs) != len(targets) or not outputs:
        raise ValueError(
            f"{name}: {counted(len(outputs), 'prediction')}, but {counted(len(targets), 'target')}"
        )
    return list(zip(outputs, targets, strict=True))


def label_pairs(name: str, prediction: Any, target: Any) -> Pairs:
    """(prediction, target) for each label, with targets from 0 to 1."""
    pairs = paired(name, prediction, target)
    _plain_probabilities(name, pairs)
    return pairs


def class_pairs(name: str, prediction: Any, target: Any) -> Pairs:
    """(prediction, target probability) for each class; an index becomes its one-hot row.

    An index that is a Value, as while a loss is recorded, chooses: the prediction for that class alone.
    """
    outputs = row_of(prediction)
    if len(outputs) < 2:
        raise ValueError(f"{name} takes a list of predictions, one for each class, got {kind(prediction)}")
    if isinstance(target, Value):
        return [(choose(target, outputs), 1.0)]
    if is_number(target):
        index, last = as_float(target), len(outputs) - 1
        if index not in range(len(outputs)):
            raise ValueError(
                f"{name}: a class index is a whole number from 0 to {last}, got {shortened(target)}"
            )
        return [(output, 1.0 if k == index else 0.0) for k, output in enumerate(outputs)]
    pairs = paired(name, outputs, target)
    plain = _plain_probabilities(name, pairs)
    if len(plain) == len(pairs) and abs(sum(plain) - 1.0) > 1e-4:
        raise ValueError(f"{name}: the target's probabilities add up to {sum(plain):g}, not to 1: {plain}")
    return pairs


def one_hot_pairs(name: str, prediction: Any, target: Any) -> Pairs:
    """`class_pairs` for a target that is an index or its one-hot row."""
    pairs = class_pairs(name, prediction, target)
    plain = _plain_probabilities(name, pairs)
    if not set(plain) <= {0.0, 1.0}:
        raise ValueError(f"{name}: a target row is one-hot, got {plain}")
    return pairs


def _plain_probabilities(name: str, pairs: Pairs) -> list[float]:
    """The targets that are plain numbers. Raises ValueError for one outside [0, 1]."""
    plain = [t for _, t in pairs if type(t) is float]
    for t in plain:
        if not 0.0 <= t <= 1.0:
            raise ValueError(f"{name}: a target is from 0 to 1, got {t:g}")
    return plain
