"""Training: epochs of mini-batches, watched, stopped in time, and recorded.

>>> from nn import MLP, SGD, accuracy, hinge, xor
>>> X, y = xor(rng=0, labels=(-1, 1))
>>> model = MLP(2, [4, 1], "tanh", rng=0)
>>> history = fit(model, hinge, X, y, optimizer=SGD(model.parameters(), lr=0.3), epochs=60)
>>> evaluate(model, hinge, X, y, metrics=[accuracy])
{'loss': 0.0, 'accuracy': 1.0}

`fit` keeps the books: the order of the samples, validation, the history, early stopping and
Ctrl-C. How epochs are computed is up to a `Runner`.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice, repeat
from typing import Any

from autograd.arguments import as_list, boolean, function, real_number, whole_number
from autograd.declaration import GateError
from autograd.grad_mode import RecordingError, no_grad
from autograd.reals import is_number, kind
from autograd.value import Value
from nn.data import sample_count, shuffled_batches
from nn.dead_layers import advice, dead_layers
from nn.history import History, improves
from nn.initializers import find_rng
from nn.interrupts import deferred_interrupts
from nn.losses import Loss
from nn.metrics import Metric, Metrics, named_metrics
from nn.module import Module
from nn.optimizers import Optimizer
from nn.outputs import outputs_for
from nn.progress import progress_bar
from nn.runners import Batches, EagerRunner, Model, Runner, Sample, Task, as_numbers, mean_loss

Penalty = Callable[[Any], Value]
"""model -> a number to keep small beside the loss, such as `l2_penalty`."""


def fit(
    model: Model,
    loss: Loss,
    X: Any,
    y: Any,
    *,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    validation: tuple[Any, Any] | None = None,
    metrics: Metrics = (),
    penalty: Penalty | None = None,
    patience: int | None = None,
    rng: random.Random | int | None = None,
    progress: bool = True,
    compiled: bool = False,
) -> History:
    """Train a model: make the mean loss over the samples small, a mini-batch at a time.

    model       `prediction = model(x)` for one sample, and `model.parameters()`
    loss        `loss(prediction, target)` for one sample, averaged over each mini-batch
    X, y        the samples and their targets: lists, arrays or pandas objects
    optimizer   an `Optimizer` of the model's parameters, or of some of them
    epochs      how many times to go through all samples
    batch_size  samples in a mini-batch, drawn anew in every epoch; None for all samples in
                every update, in the given order
    validation  a pair (X, y) to measure the loss on after each epoch
    metrics     functions of all predictions and all targets, or a dict of them by name,
                measured after each epoch on the validation samples, or on X, y if there are none.
                What the predictions are, `accuracy` learns from model and loss
    penalty     `penalty(model)`, added to the mean loss of each mini-batch. The lecture's
                for mini-batches of 64 is `lambda model: l2_penalty(model, strength, n=64)`
    patience    stop after this many epochs without a new smallest validation loss (loss, if
                there is no validation); a gain of less than a billionth is rounding. Parameters
                and optimizer are then those of the best epoch, whatever ended the training
    rng         a random.Random or an integer seed, for the order of the samples; None for
                another order in every run
    progress    show a bar with the losses, in terminals and notebooks that have tqdm
    compiled    record the loss of one sample, and run whole epochs as native code: the same
                history and parameters to rounding, thousands of times faster. Needs the
                extra `fast`, and a model and loss that can be recorded (see `autograd.compile`);
                in a loss of class indices the target is then the one-hot row

    Ctrl-C ends training after the update that is under way, or at once if pressed again: the
    history so far is returned, and the model keeps what it has learnt. Called again with the
    same optimizer, training goes on.

    Warns once if no gradient reaches a layer of a `Module` from any sample, as behind a relu that
    is 0 for all of them.

    Raises ValueError and TypeError for arguments that do not fit, targets among them, before
    anything is changed. Raises GateError, naming epoch, sample and gate, if a number is no
    longer finite; parameters are then as the last good update left them, or with `patience`
    those of the best epoch. With `compiled`, raises RecordingError for a model or loss that looks
    at a number or computes something else at each call. What model and loss raise passes through.
    """
    samples = _samples(X, y)
    held_out = None if validation is None else _held_out(validation)
    _check_model(model)
    _check_optimizer(optimizer, model)
    function("loss", loss, "nn.squared_error")
    measured = named_metrics(metrics, outputs_for(model, loss))
    if penalty is not None:
        function("penalty", penalty)
    epochs = whole_number("epochs", epochs, at_least=1)
    if patience is not None:
        patience = whole_number("patience", patience, at_least=1)
    progress, compiled = boolean("progress", progress), boolean("compiled", compiled)
    orders = islice(_orders(len(samples), batch_size, find_rng(rng)), epochs)
    _check_samples(model, loss, samples, "training")
    if held_out:
        _check_samples(model, loss, held_out, "validation")
    _check_metrics(measured, model, held_out or samples)
    if penalty is not None:
        _check_penalty(penalty, model)
    task = Task(
        evaluate=_prediction_and_loss(model, loss),
        samples=samples,
        optimizer=optimizer,
        penalty=None if penalty is None else lambda: penalty(model),
        parameters=list(dict.fromkeys([*model.parameters(), *optimizer.parameters])),
    )
    runner = _runner(compiled)(task)
    history = History(metrics={name: [] for name in measured})
    watched = held_out or samples
    warned = False
    start, lowest, best, waited = optimizer.snapshot(), math.inf, None, 0
    ahead = not (held_out or measured or patience)  # nothing looks at the model between two epochs

    with deferred_interrupts() as stop, progress_bar(epochs, progress) as advance:
        try:
            for summed in runner.epochs(orders, stop, ahead):
                held_out_loss, values = None, {}
                if held_out or measured:
                    watched_loss, predictions = runner.evaluate(watched)
                    held_out_loss = watched_loss if held_out else None
                    values = _measured(measured, predictions, [target for _, target in watched])
                history.append(summed / len(samples), held_out_loss, values)
                advance(history.latest)
                waited += 1
                if patience is not None and improves(history.monitored[-1], lowest):
                    lowest, best, waited = history.monitored[-1], optimizer.snapshot(), 0
                if history.epochs.bit_count() == 1:
                    runner.verify()
                    if dead := not warned and dead_layers(task, _named_parameters(model)):
                        warnings.warn(advice(dead), stacklevel=2)
                        warned = True
                if waited == patience:
                    history.stopped = "stopped early"
                    break
            runner.verify()
            if history.epochs < epochs and not history.stopped:
                history.stopped = "interrupted"
        except KeyboardInterrupt:
            history.stopped = "interrupted"
        except RecordingError:  # what was recorded is not what the model computes: nothing was learnt
            best = start
            raise
        except GateError as error:
            error.add_note(f"in epoch {history.epochs + 1} of {epochs}; {history!r} so far")
            raise
        finally:
            if best is not None:
                optimizer.assign(*best)
    return history


def _runner(compiled: bool) -> Callable[[Task], Runner]:
    if not compiled:
        return EagerRunner
    from autograd.compiler.program import require_numba

    require_numba("fit(compiled=True)")
    from nn.compiled_runner import CompiledRunner  # imports NumPy, which nothing else here needs

    return CompiledRunner


def _named_parameters(model: Model) -> Iterable[tuple[str, Value]]:
    return model.named_parameters() if isinstance(model, Module) else []


def _prediction_and_loss(model: Callable[[Any], Any], loss: Loss) -> Callable[..., tuple[Any, Any]]:
    def prediction_and_loss(x: Any, target: Any) -> tuple[Any, Any]:
        prediction = model(x)
        return prediction, loss(prediction, target)

    return prediction_and_loss


def predict(model: Callable[[Any], Any], X: Any) -> list[Any]:
    """The prediction for each sample, as plain numbers: one each, or a list of K.

    Nothing is recorded, so it takes half the time and leaves no graph in memory.

    >>> predict(lambda x: [x[0] + x[1], x[0] * x[1]], [[1.0, 2.0], [3.0, 4.0]])
    [[3.0, 2.0], [7.0, 12.0]]
    """
    function("model", model)
    samples = _as_list("X", X)
    with no_grad():
        return [as_numbers(model(x)) for x in samples]


def evaluate(
    model: Callable[[Any], Any], loss: Loss, X: Any, y: Any, *, metrics: Metrics = ()
) -> dict[str, float]:
    """The mean loss over the samples, as "loss", and metrics by their names.

    model, loss, X, y, metrics as in `fit`. Nothing is recorded and nothing is changed.

    Raises ValueError if there are no samples, or not as many targets.

    >>> from nn import mean_absolute_error, squared_error
    >>> evaluate(lambda x: 2.0 * x, squared_error, [1.0, 2.0], [2.0, 3.0], metrics=[mean_absolute_error])
    {'loss': 0.25, 'mean_absolute_error': 0.5}
    """
    function("model", model)
    function("loss", loss, "nn.squared_error")
    samples = _samples(X, y)
    measured = named_metrics(metrics, outputs_for(model, loss))
    mean, predictions = mean_loss(_prediction_and_loss(model, loss), samples)
    return {"loss": mean} | _measured(measured, predictions, [target for _, target in samples])


def _measured(metrics: dict[str, Metric], predictions: list[Any], y: list[Any]) -> dict[str, float]:
    return {name: _measurement(name, metric(predictions, y)) for name, metric in metrics.items()}


def _measurement(name: str, result: Any) -> float:
    return real_number(f"the result of metric {name!r}", result, "one number", lambda number: True)


# ── arguments ───────────────────────────────────────────────────────────────────────────


def _orders(count: int, batch_size: int | None, rng: random.Random) -> Iterator[Batches]:
    """The mini-batches of one epoch after the other."""
    if batch_size is None:
        return repeat([range(count)])
    batch_size = whole_number("batch_size", batch_size, at_least=1)
    return (shuffled_batches(count, batch_size, rng) for _ in repeat(None))


def _samples(X: Any, y: Any) -> list[Sample]:
    X, y = _as_list("X", X), _as_list("y", y)
    sample_count(X, y)
    return list(zip(X, y, strict=True))


def _held_out(validation: Any) -> list[Sample]:
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise ValueError("validation is a pair of samples and targets, (X, y)")
    try:
        return _samples(*validation)
    except ValueError as error:
        raise ValueError(f"validation: {error}") from None


def _as_list(name: str, table: Any) -> list[Any]:
    """Samples as lists of plain numbers, which the engine takes faster than array scalars."""
    if hasattr(table, "to_numpy"):
        table = table.to_numpy()
    entries = as_list(name, table, "one entry for each sample")
    return [entry.tolist() if hasattr(entry, "tolist") else entry for entry in entries]


def _check_model(model: Any) -> None:
    if not callable(model) or not callable(getattr(model, "parameters", None)):
        raise TypeError(
            f"a model is called with a sample and has parameters(), as a Module; got {kind(model)}"
        )


def _check_samples(model: Model, loss: Loss, samples: list[Sample], part: str) -> None:
    """Let model and loss refuse now what they would refuse in the middle of the training.

    The model predicts once for each layout of a sample; the loss meets every target.
    """
    predictions: dict[Any, Any] = {}
    with no_grad():
        for i, (x, target) in enumerate(samples):
            try:
                layout = _layout(x)
                if layout not in predictions:
                    predictions[layout] = model(x)
                try:
                    loss_of_sample = loss(predictions[layout], target)
                except GateError:
                    raise
                except Exception:  # equal layouts may still have predictions of different shapes
                    loss_of_sample = loss(model(x), target)
                _check_number("the loss of a sample", loss_of_sample)
            except GateError:  # tells about the numbers of one sample, and nothing about its target
                continue
            except Exception as error:
                error.add_note(f"at {part} sample {i}")
                raise


def _layout(x: Any) -> Any:
    """The types of a sample's entries: a model takes all samples that share them, or none."""
    return (type(x), *map(_layout, x)) if isinstance(x, (list, tuple)) else type(x)


def _check_metrics(metrics: dict[str, Metric], model: Model, samples: list[Sample]) -> None:
    """Let a metric that asks what the predictions are refuse now if neither model nor loss says."""
    asking = [metric for metric in metrics.values() if "of" in getattr(metric, "keywords", ())]
    if asking:
        with no_grad(), suppress(GateError):
            x, target = samples[0]
            prediction = as_numbers(model(x))
            for metric in asking:
                metric([prediction], [target])


def _check_penalty(penalty: Penalty, model: Model) -> None:
    with no_grad(), suppress(GateError):
        _check_number("a penalty", penalty(model))


def _check_number(what: str, given: Any) -> None:
    if not isinstance(given, Value) and not is_number(given):
        raise TypeError(f"{what} is one number, a Value made of the model's parameters, got {kind(given)}")


def _check_optimizer(optimizer: Any, model: Model) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "optimizer is one made of the model's parameters, such as Adam(model.parameters(), lr=0.01); "
            f"got {type(optimizer).__name__}"
        )
    if set(optimizer.parameters).isdisjoint(model.parameters()):
        raise ValueError("the optimizer has none of the model's parameters; make it of model.parameters()")
