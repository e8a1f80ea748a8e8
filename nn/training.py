"""Training: epochs of mini-batches, watched, stopped in time, and recorded.

>>> from nn import MLP, SGD, accuracy, hinge, xor
>>> X, y = xor(rng=0, labels=(-1, 1))
>>> model = MLP(2, [4, 1], "tanh", rng=0)
>>> history = fit(model, hinge, X, y, optimizer=SGD(model.parameters(), lr=0.3), epochs=60)
>>> evaluate(model, hinge, X, y, metrics=[accuracy])
{'loss': 0.0, 'accuracy': 1.0}

`fit` keeps the books: the order of the samples, validation, the history, early stopping,
Ctrl-C. How epochs are computed is a `Runner`'s affair.
"""

from __future__ import annotations

import math
import random
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice, repeat
from typing import Any, Protocol

from autograd import GateError, Value, no_grad, total
from autograd.arguments import function, listed, real_number, truth, whole_number
from autograd.grad_mode import recording
from autograd.reals import as_float, is_number, kind
from nn.data import sample_count, shuffled_batches
from nn.history import History
from nn.initializers import find_rng
from nn.losses import Loss
from nn.metrics import Metric, Metrics, added_up, named_metrics
from nn.optimizers import Optimizer
from nn.outputs import outputs_for
from nn.progress import progress_bar

Batches = Iterable[Sequence[int]]
"""Mini-batches, each the numbers of its samples."""

Penalty = Callable[[Any], Value]
"""model -> a number to keep small beside the loss, such as `l2_penalty`."""


class Model(Protocol):
    """Whatever makes a prediction of a sample and knows its parameters, such as a `Module`."""

    def __call__(self, x: Any, /) -> Any:
        """The prediction: a Value, or a list of them."""

    def parameters(self) -> Iterable[Value]:
        """The leaves that training may change."""


class Runner(Protocol):
    """Computes epochs and evaluations for `fit`.

    It is made of what `fit` was given, checked, and of all parameters that get a gradient:
    the model's, and those that the optimizer has beside them.
    """

    def epochs(self, orders: Iterable[Batches], ahead: bool) -> Iterator[float]:
        """For each epoch one update for each mini-batch of sample numbers, in their order.

        Gives for each epoch the sum of the losses of all samples, each from before its
        mini-batch's update. Parameters, their gradients (of the last mini-batch) and the
        optimizer are then as single steps would have left them, and so they are where drawing
        the next mini-batch raises: this is how Ctrl-C ends an epoch.

        ahead  whether later epochs may be under way when one is given
        """

    def evaluate(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """The mean loss over these samples, and the predictions as plain numbers."""


class EagerRunner:
    """Runs on Values, gate by gate."""

    def __init__(
        self,
        model: Model,
        loss: Loss,
        X: list[Any],
        y: list[Any],
        optimizer: Optimizer,
        penalty: Penalty | None,
        parameters: list[Value],
    ) -> None:
        self.model, self.loss, self.X, self.y = model, loss, X, y
        self.optimizer, self.penalty, self.parameters = optimizer, penalty, parameters

    def epochs(self, orders: Iterable[Batches], ahead: bool) -> Iterator[float]:
        """Forward, backward and update for each mini-batch, as `Runner` says."""
        for batches in orders:
            yield added_up([self._update(batch) for batch in batches])

    def _update(self, batch: Sequence[int]) -> float:
        for parameter in self.parameters:
            parameter.grad = 0.0
        with recording():  # also where training itself stands in a `no_grad`
            losses = [self.loss(self.model(self.X[i]), self.y[i]) for i in batch]
            cost = total(losses) / len(losses)
            if self.penalty is not None:
                cost = cost + self.penalty(self.model)
        if not isinstance(cost, Value):
            raise TypeError(f"the loss is a Value made from what the model gives, got {kind(cost)}")
        cost.backward()
        self.optimizer.step()
        return added_up(list(map(float, losses)))

    def evaluate(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """The forward pass alone, unrecorded, as `Runner` says."""
        return _evaluated(self.model, self.loss, X, y)


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
    seed: random.Random | int | None = None,
    progress: bool = True,
    compiled: bool = False,
) -> History:
    """Train a model: make the mean loss over the samples small, a mini-batch at a time.

    model       `prediction = model(x)` for one sample, and `model.parameters()`
    loss        `loss(prediction, target)` for one sample, averaged over each mini-batch
    X, y        the samples and their targets: lists, arrays or pandas objects
    optimizer   an `Optimizer` of the model's parameters, or of some of them
    epochs      how many times to go through all samples
    batch_size  samples in a mini-batch, which are others in every epoch; None for all
                samples in every update, in the order given
    validation  a pair (X, y) to measure the loss on after each epoch
    metrics     functions of all predictions and all targets, or a dict of them by name,
                measured after each epoch on the validation samples; without any, on X, y.
                What the predictions are, `accuracy` is told from model and loss
    penalty     `penalty(model)`, added to the mean loss of each mini-batch. The lecture's
                for mini-batches of 64 is `lambda model: l2_penalty(model, strength, n=64)`
    patience    stop when for so many epochs the validation loss (without any, the loss)
                was not the smallest so far. Parameters and optimizer are then those of the
                best epoch, whatever ended the training, an error too
    seed        of the order of the samples, an integer or a `random.Random`; None for
                another order in every run
    progress    show a bar with the losses, in terminals and notebooks that have tqdm
    compiled    record the loss of one sample, and run whole epochs as native code: the same
                history and parameters to rounding, thousands of times faster. Needs the
                extra `fast`, and a model and loss that can be recorded (see `autograd.compile`);
                in a loss of class indices the target is then the one-hot row

    Ctrl-C ends training after the update that is under way, or at once when pressed again:
    the history so far is returned, and the model keeps what it has learnt. Called
    again with the same optimizer, training goes on.

    Raises ValueError and TypeError for arguments that do not fit, targets among them, before
    anything is changed; GateError where a number is no longer finite, with parameters as the
    last good update left them, or with `patience` those of the best epoch; compiled,
    RecordingError for a model or loss that looks at a number or is another at each call; and
    what model and loss raise.
    """
    X, y = _samples(X, y)
    held_out = None if validation is None else _held_out(validation)
    watched = held_out or (X, y)
    _check_model(model)
    _check_optimizer(optimizer, model)
    function("loss", loss, "nn.squared_error")
    measured = named_metrics(metrics, outputs_for(model, loss))
    if penalty is not None:
        function("penalty", penalty)
    epochs = whole_number("epochs", epochs, at_least=1)
    if patience is not None:
        patience = whole_number("patience", patience, at_least=1)
    progress, compiled = truth("progress", progress), truth("compiled", compiled)
    orders = _orders(len(X), batch_size, find_rng(seed))
    parameters = list(dict.fromkeys([*model.parameters(), *optimizer.parameters]))
    _check_samples(model, loss, X, y, "training")
    if held_out:
        _check_samples(model, loss, *held_out, "validation")
    _check_metrics(measured, model, watched)
    if penalty is not None:
        _check_penalty(penalty, model)
    runner = _runner(compiled)(model, loss, X, y, optimizer, penalty, parameters)
    history = History(metrics={name: [] for name in measured})
    lowest, best, waited = math.inf, None, 0
    ahead = not (held_out or measured or patience)  # nobody looks at the model between two epochs

    with _interrupts_held_back() as interruptible, progress_bar(epochs, progress) as advance:
        try:
            for summed in runner.epochs(map(interruptible, islice(orders, epochs)), ahead):
                if held_out or measured:
                    held_out_loss, predictions = runner.evaluate(*watched)
                values = _measured(measured, predictions, watched[1]) if measured else {}
                history.record(summed / len(X), held_out_loss if held_out else None, values)
                advance(history.latest)
                waited += 1
                if patience is not None and history.monitored[-1] < lowest:
                    lowest, best, waited = history.monitored[-1], optimizer.snapshot(), 0
                if waited == patience:
                    break
            if history.epochs < epochs:
                history.stopped = "stopped early"
        except KeyboardInterrupt:
            history.stopped = "interrupted"
        except GateError as error:
            error.add_note(f"in epoch {history.epochs + 1} of {epochs}; {history!r} so far")
            raise
        finally:
            if best is not None:
                optimizer.assign(*best)
    return history


def _runner(compiled: bool) -> Callable[..., Runner]:
    if not compiled:
        return EagerRunner
    from autograd.compiler.program import require_numba

    require_numba("fit(compiled=True)")
    from nn.compiled import CompiledRunner

    return CompiledRunner


def predict(model: Callable[[Any], Any], X: Any) -> list[Any]:
    """The prediction for each sample, as plain numbers: one each, or a list of K.

    Nothing is recorded, so it takes half the time, and no memory that stays.

    >>> predict(lambda x: [x[0] + x[1], x[0] * x[1]], [[1.0, 2.0], [3.0, 4.0]])
    [[3.0, 2.0], [7.0, 12.0]]
    """
    function("model", model)
    samples = _as_list("X", X)
    with no_grad():
        return [_as_numbers(model(x)) for x in samples]


def evaluate(
    model: Callable[[Any], Any], loss: Loss, X: Any, y: Any, *, metrics: Metrics = ()
) -> dict[str, float]:
    """The mean loss over the samples, as "loss", and metrics by their names.

    model, loss, X, y, metrics as in `fit`. Nothing is recorded and nothing is changed.

    Raises ValueError where there are no samples, or not as many targets.

    >>> from nn import mean_absolute_error, squared_error
    >>> evaluate(lambda x: 2.0 * x, squared_error, [1.0, 2.0], [2.0, 3.0], metrics=[mean_absolute_error])
    {'loss': 0.25, 'mean_absolute_error': 0.5}
    """
    function("model", model)
    function("loss", loss, "nn.squared_error")
    X, y = _samples(X, y)
    measured = named_metrics(metrics, outputs_for(model, loss))
    mean_loss, predictions = _evaluated(model, loss, X, y)
    return {"loss": mean_loss} | _measured(measured, predictions, y)


def _evaluated(
    model: Callable[[Any], Any], loss: Loss, X: list[Any], y: list[Any]
) -> tuple[float, list[Any]]:
    with no_grad():
        outputs = [model(x) for x in X]
        losses = [_as_number(loss(output, target)) for output, target in zip(outputs, y, strict=True)]
    return added_up(losses) / len(losses), [_as_numbers(output) for output in outputs]


def _as_numbers(output: Any) -> Any:
    return [_as_number(number) for number in output] if hasattr(output, "__iter__") else _as_number(output)


def _as_number(output: Any) -> float:
    return float(output) if isinstance(output, Value) else as_float(output)


def _measured(metrics: dict[str, Metric], predictions: list[Any], y: list[Any]) -> dict[str, float]:
    return {name: _measurement(name, metric(predictions, y)) for name, metric in metrics.items()}


def _measurement(name: str, result: Any) -> float:
    return real_number(f"what metric {name!r} gives", result, "one number", lambda number: True)


# ── Ctrl-C ──────────────────────────────────────────────────────────────────────────────


@contextmanager
def _interrupts_held_back() -> Iterator[Callable[[Batches], Batches]]:
    """Let Ctrl-C through only where the next of some mini-batches is drawn, or pressed twice.

    Nothing is then interrupted half-way: no update, no recording of a graph, no line of the
    history. In threads, and where the program has a way of its own with the signal, it stays
    as it is.
    """
    pressed = False

    def press(signal_number: int, frame: Any) -> None:
        nonlocal pressed
        if pressed:
            signal.signal(signal.SIGINT, usual)  # here, as what puts it back below may be interrupted too
            raise KeyboardInterrupt
        pressed = True

    def interruptible(batches: Batches) -> Batches:
        for batch in batches:
            if pressed:
                raise KeyboardInterrupt
            yield batch

    usual = signal.default_int_handler
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is usual
    try:
        if ours:
            signal.signal(signal.SIGINT, press)
        yield interruptible
    finally:
        if ours:
            signal.signal(signal.SIGINT, usual)


# ── what was given ──────────────────────────────────────────────────────────────────────


def _orders(count: int, batch_size: int | None, rng: random.Random) -> Iterator[Batches]:
    """The mini-batches of one epoch after the other."""
    if batch_size is None:
        return repeat([range(count)])
    batch_size = whole_number("batch_size", batch_size, at_least=1)
    return (shuffled_batches(count, batch_size, rng) for _ in repeat(None))


def _samples(X: Any, y: Any) -> tuple[list[Any], list[Any]]:
    X, y = _as_list("X", X), _as_list("y", y)
    sample_count(X, y)
    return X, y


def _held_out(validation: Any) -> tuple[list[Any], list[Any]]:
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
    entries = listed(name, table, "one entry for each sample")
    return [entry.tolist() if hasattr(entry, "tolist") else entry for entry in entries]


def _check_model(model: Any) -> None:
    if not callable(model) or not callable(getattr(model, "parameters", None)):
        raise TypeError(
            f"a model is called with a sample and has parameters(), as a Module; got {kind(model)}"
        )


def _check_samples(model: Model, loss: Loss, X: list[Any], y: list[Any], part: str) -> None:
    """Let model and loss refuse now what they would refuse in the middle of the training."""
    prediction = layout = None
    with no_grad():
        for number, (x, target) in enumerate(zip(X, y, strict=True)):
            try:
                if _layout(x) != layout:
                    prediction, layout = model(x), _layout(x)
                try:
                    given = loss(prediction, target)
                except GateError:
                    raise
                except Exception:  # as a sample may have a prediction of another shape than others have
                    given = loss(model(x), target)
                _check_number("the loss of a sample", given)
            except GateError:  # of the prediction, which says nothing about the sample
                continue
            except Exception as error:
                error.add_note(f"at {part} sample {number}")
                raise


def _layout(x: Any) -> Any:
    """The types of a sample's entries: of samples that share them a model takes all or none."""
    if not isinstance(x, (list, tuple)):
        return type(x)
    kinds = list(map(type, x))
    return list(map(_layout, x)) if {list, tuple}.intersection(kinds) else kinds


def _check_metrics(metrics: dict[str, Metric], model: Model, samples: tuple[list[Any], list[Any]]) -> None:
    """Let a metric that asks what the predictions are refuse now if nobody can tell."""
    asking = [metric for metric in metrics.values() if "of" in getattr(metric, "keywords", ())]
    if asking:
        with no_grad(), suppress(GateError):
            prediction = _as_numbers(model(samples[0][0]))
            for metric in asking:
                metric([prediction], samples[1][:1])


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
