"""Tables of samples, and whether model, loss and penalty take them: what `fit` checks before it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from autograd.arguments import as_list, function
from autograd.declaration import GateError
from autograd.grad_mode import enable_grad, no_grad
from autograd.graph import leaves
from autograd.reals import is_number, kind
from autograd.shapes import is_array
from autograd.value import Value
from nn.data import sample_count, without_pandas
from nn.losses import Loss
from nn.metrics import Metric
from nn.module import Module
from nn.optimizers import Optimizer
from nn.runners import Model, Sample, as_numbers, of_sample

Penalty = Callable[[Any], Value]
"""model -> a number to keep small beside the loss, such as `l2_penalty`."""


def samples_of(X: Any, y: Any) -> list[Sample]:
    """The pairs (x, target). Raises ValueError if there are none, or not as many targets as samples."""
    X, y = list_of("X", X), list_of("y", y)
    sample_count(X, y)
    return list(zip(X, y, strict=True))


def held_out_samples(validation: Any) -> list[Sample]:
    """The pairs of `validation`, itself a pair (X, y)."""
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise ValueError("validation is a pair of samples and targets, (X, y)")
    try:
        return samples_of(*validation)
    except ValueError as error:
        raise ValueError(f"validation: {error}") from None


def list_of(name: str, table: Any) -> list[Any]:
    """Samples as lists of plain numbers, which the engine takes faster than array scalars."""
    entries = as_list(name, without_pandas(table), "one entry for each sample")
    return [entry.tolist() if hasattr(entry, "tolist") else entry for entry in entries]


def check_samples(model: Model, loss: Loss, samples: list[Sample], part: str) -> None:
    """Let model and loss refuse now what they would refuse in the middle of the training.

    The model predicts once for each layout of a sample; the loss meets every target, equal numbers once.
    """
    predictions: dict[Any, Any] = {}
    met: set[Any] = set()

    def check(x: Any, target: Any) -> None:
        layout = _layout(x)
        pair = (layout, type(target), target) if isinstance(target, (int, float)) else object()
        if pair in met:
            return
        with no_grad(), suppress(GateError):  # which is about numbers, and says nothing of the target
            if layout not in predictions:
                predictions[layout] = model(x)
            try:
                loss_of_sample = loss(predictions[layout], target)
            except Exception:  # equal layouts may still have predictions of different shapes
                loss_of_sample = loss(model(x), target)
            _check_number("the loss of a sample", loss_of_sample)
            met.add(pair)

    for i, sample in enumerate(samples):
        of_sample(check, i, sample, f"{part} sample")


def _layout(x: Any) -> Any:
    """The types of a sample's entries: a model takes all samples that share them, or none."""
    if not isinstance(x, (list, tuple)):
        return type(x)
    types = list(map(type, x))
    is_flat = not any(issubclass(entry, (list, tuple)) for entry in set(types))
    return (type(x), *(types if is_flat else map(_layout, x)))


def check_loss(loss: Callable[..., Any], samples: list[Sample], parameters: Iterable[Value]) -> None:
    """Raise TypeError for a loss that is not a number, or depends on none of the parameters in any sample."""
    wanted = set(parameters)
    for sample in samples:
        try:
            with enable_grad():
                loss_of_sample = loss(*sample)
        except GateError:  # is about the numbers of this sample, and training raises it with step and sample
            return
        _check_number("the loss", loss_of_sample)
        if isinstance(loss_of_sample, Value) and not wanted.isdisjoint(leaves(loss_of_sample)):
            return
    raise TypeError(NO_PARAMETER)


NO_PARAMETER = (
    "the loss does not depend on the parameters that the optimizer updates: "
    "compute it from w, not from w.data"
)


def check_metrics(metrics: dict[str, Metric], model: Model, samples: list[Sample]) -> None:
    """Let a metric that asks what the predictions are refuse now if neither model nor loss says."""
    asking = [metric for metric in metrics.values() if "of" in getattr(metric, "keywords", ())]
    if asking:
        with no_grad(), suppress(GateError):
            x, target = samples[0]
            prediction = as_numbers(model(x))
            for metric in asking:
                metric([prediction], [target])


def penalty_of(model: Model, penalty: Penalty | None) -> Callable[[], Any] | None:
    """The penalty of this model, if there is one; raises now what it would raise in the training."""
    if penalty is None:
        return None
    of_model = partial(function("penalty", penalty), model)
    with enable_grad(), suppress(GateError):
        number = of_model()
        _check_number("the penalty", number)
        if is_number(number) and number:  # 0 may be the beginning of one that grows
            raise TypeError("the penalty does not depend on the model: compute it from w, not from w.data")
    return of_model


def _check_number(what: str, given: Any) -> None:
    if not isinstance(given, Value) and not is_number(given):
        raise TypeError(
            f"{what} is one number, a Value computed from the model's parameters, got {kind(given)}"
        )


def named_parameters(model: Any) -> list[tuple[str, Value]]:
    """The parameters of a model with their names, which only a `Module` has.

    Raises TypeError for anything but a function with `parameters()`.
    """
    if not callable(model) or not callable(getattr(model, "parameters", None)):
        raise TypeError(
            f"a model is called with a sample and has parameters(), as a Module; got {kind(model)}"
        )
    if isinstance(model, Module):
        return list(model.named_parameters())
    return [("", parameter) for parameter in model.parameters()]


def check_optimizer(optimizer: Any) -> None:
    """Raise TypeError for anything but an optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "optimizer is one of the parameters to change, such as Adam(model.parameters(), lr=0.01); "
            f"got {kind(optimizer)}"
        )


def shape_of(thing: Any) -> Any:
    """The lengths of nested lists, as of an array; lists whose items differ have one in () for each item.

    >>> shape_of([[1.0, 2.0], [3.0, 4.0]]), shape_of(5.0), shape_of([[1.0, 2.0], 3.0])
    ((2, 2), (), (((2,), ()),))
    """
    if is_array(thing):
        return tuple(thing.shape)
    if isinstance(thing, dict):
        return (("dict", *((key, shape_of(item)) for key, item in thing.items())),)
    if not isinstance(thing, (list, tuple)):
        return ()
    if {float, int, bool}.issuperset(map(type, thing)):  # most often, and faster than one by one
        return (len(thing),)
    shapes = set(map(shape_of, thing))
    if len(shapes) > 1 or any(map(is_ragged, shapes)):
        return (tuple(map(shape_of, thing)),)
    return (len(thing), *next(iter(shapes), ()))


def is_ragged(shape: Any) -> bool:
    """Whether a shape is that of lists whose items differ."""
    return bool(shape) and isinstance(shape[-1], tuple)
