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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import chain, islice, repeat
from typing import Any

from autograd.advice import warn
from autograd.arguments import boolean, function, whole_number
from autograd.grad_mode import RecordingError, no_grad
from autograd.value import Value
from nn.data import shuffled_batches
from nn.gradients import advice_on_dead_layers
from nn.history import History, improves
from nn.initializers import Rng, find_rng
from nn.interrupts import deferred_interrupts
from nn.losses import Loss
from nn.metrics import Metrics, measure, named_metrics
from nn.optimizers import Optimizer
from nn.outputs import outputs_for
from nn.progress import progress_bar
from nn.runners import Batches, Evaluate, Model, Runner, Sample, Task, as_numbers, mean_loss, of_sample
from nn.samples import (
    Penalty,
    check_loss,
    check_metrics,
    check_optimizer,
    check_samples,
    held_out_samples,
    list_of,
    named_parameters,
    penalty_of,
    samples_of,
)


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
    rng: Rng = None,
    progress: bool = True,
    compiled: bool = False,
    threads: int = 1,
    dtype: str = "float64",
) -> History:
    """Train a model: make the mean loss over the samples small, a mini-batch at a time.

    model       `prediction = model(x)` for one sample, and `model.parameters()`
    loss        `loss(prediction, target)` for one sample, averaged over each mini-batch
    X, y        the samples and their targets: lists, arrays or pandas objects
    optimizer   an `Optimizer` of the model's parameters, or of some of them
    epochs      how many times to go through all samples
    batch_size  samples in a mini-batch, drawn anew in every epoch; None for all, in the given order
    validation  a pair (X, y) to measure the loss on after each epoch
    metrics     functions of all predictions and all targets, or a dict of them by name, measured after
                each epoch on the validation samples, if there are any. What the predictions are,
                `accuracy` learns from model and loss
    penalty     `penalty(model)`, added to the mean loss of each mini-batch. The lecture's
                for mini-batches of 64 is `lambda model: l2_penalty(model, strength, n=64)`
    patience    stop after this many epochs without a new smallest validation loss (loss, if
                there is no validation); a gain of less than a billionth is rounding. Parameters
                and optimizer are then those of the best epoch, whatever ended the training
    rng         a random.Random or an integer seed, for the order of the samples
    progress    show a bar with the losses, in terminals and notebooks that have tqdm
    compiled    record the loss once for each shape of a sample, and run whole epochs as native
                code: the same numbers to rounding, thousands of times faster. Needs the extra
                `fast`, and a model and loss that can be recorded: see `autograd.compile`, for
                threads and dtype ("float64" or "float32") too

    Ctrl-C ends training after the update that is under way, or at once if pressed again: the
    history so far is returned, and the model keeps what it has learnt. Called again with the
    same optimizer, training goes on.

    Warns once if no gradient reaches a layer of a `Module` from any sample, as behind a relu that
    is 0 for all of them.

    Raises ValueError and TypeError for arguments that do not fit, before anything is changed: targets
    too, and a loss that depends on no parameter. Raises ValueError in the second update if the loss
    uses a gate's output that was computed before the first; GateError, naming epoch, sample and gate,
    if a number is no longer finite. Then, and if the model refuses a sample for its numbers, such as an
    index out of range, parameters are as the last good update left them, or with `patience` those of
    the best epoch.
    With `compiled`, raises RecordingError for a model or loss that looks at a number or computes
    something else at each call, or uses a gate's output that was computed beforehand.
    """
    samples = samples_of(X, y)
    held_out = [] if validation is None else held_out_samples(validation)
    named = named_parameters(model)
    parameters = [parameter for _, parameter in named]
    check_optimizer(optimizer)
    if set(optimizer.parameters).isdisjoint(parameters):
        raise ValueError("the optimizer has none of the model's parameters; make it of model.parameters()")
    function("loss", loss, "nn.squared_error")
    metrics_by_name = named_metrics(metrics, outputs_for(model, loss))
    epochs = whole_number("epochs", epochs, at_least=1)
    if patience is not None:
        patience = whole_number("patience", patience, at_least=1)
    progress = boolean("progress", progress)
    orders = islice(_orders(len(samples), batch_size, find_rng(rng)), epochs)
    check_samples(model, loss, samples, "training")
    check_samples(model, loss, held_out, "validation")
    watched = held_out or samples
    targets = [target for _, target in watched]
    check_metrics(metrics_by_name, model, watched)
    sample_cost = _prediction_and_loss(model, loss)
    check_loss(lambda *sample: sample_cost(*sample)[1], samples, optimizer.parameters)
    all_parameters = list(dict.fromkeys([*parameters, *optimizer.parameters]))
    task = Task(sample_cost, samples, optimizer, all_parameters, penalty_of(model, penalty))
    runner = _runner(task, "fit", compiled, threads, dtype)

    def measurements() -> tuple[float | None, dict[str, float]]:
        if not held_out and not metrics_by_name:
            return None, {}
        mean, predictions = runner.evaluate(watched)
        return mean if held_out else None, measure(metrics_by_name, predictions, targets)

    history = History(metrics={name: [] for name in metrics_by_name})
    ahead = not (held_out or metrics_by_name or patience)  # nothing looks at the model between two epochs
    _train(runner, orders, history, epochs, ahead, progress, patience, measurements, named)
    return history


def minimize(
    loss: Callable[..., Any],
    data: Any = None,
    *,
    optimizer: Optimizer,
    steps: int,
    batch_size: int | None = None,
    rng: Rng = None,
    progress: bool = True,
    compiled: bool = False,
    threads: int = 1,
    dtype: str = "float64",
) -> History:
    """Make any loss small. `fit` is the case of a model and pairs of samples and targets.

    loss        `loss(sample)` for one of the data, averaged over each mini-batch; `loss()` without
                data. It returns a Value computed from the optimizer's parameters
    data        samples of any kind: numbers, or lists of them, nested as you like, of any length
    steps       how many updates to make
    batch_size  samples in a mini-batch; the data are gone through in random order, again and again.
                None for all of them in every update

    All else as in `fit`. The history has the mean loss of each step's mini-batch, from before the update.
    Afterwards the optimizer's parameters have the gradients of the last update. Other leaves have the sum
    over all updates, as after `backward()`, or with `compiled` the gradients of the last update too.

    Raises TypeError, before anything is changed, for a loss that is not a number, and for one that
    depends on none of the optimizer's parameters.

    >>> from nn import SGD
    >>> x = Value(5.0, "x")
    >>> history = minimize(lambda: (x - 3.0) ** 2, optimizer=SGD([x], lr=0.25), steps=20)
    >>> round(x.data, 4), history
    (3.0, History(20 steps: loss 4 → 1.455e-11))
    >>> from nn import squared_error
    >>> data, optimizer = [1.0, 2.0, 9.0], SGD([x], lr=1.0)
    >>> history = minimize(lambda y: squared_error(x, y), data, optimizer=optimizer, steps=1)
    >>> x.data
    4.0
    """
    function("loss", loss, "lambda sample: squared_error(model(sample[:-1]), sample[-1])")
    check_optimizer(optimizer)
    samples: list[Sample] = [()] if data is None else [(sample,) for sample in list_of("data", data)]
    if not samples:
        raise ValueError("there are no data")
    steps = whole_number("steps", steps, at_least=1)
    orders = _orders(len(samples), batch_size, find_rng(rng))
    check_loss(loss, samples, optimizer.parameters)

    @wraps(loss)
    def without_prediction(*sample: Any) -> tuple[list[Any], Any]:
        return [], loss(*sample)

    task = Task(without_prediction, samples, optimizer, optimizer.parameters, None)
    runner = _runner(task, "minimize", compiled, threads, dtype)
    history = History(unit="step")
    each_step = ([batch] for batch in islice(chain.from_iterable(orders), steps))
    _train(runner, each_step, history, steps, ahead=True, progress=boolean("progress", progress))
    return history


def _train(
    runner: Runner,
    orders: Iterable[Batches],
    history: History,
    count: int,
    ahead: bool,
    progress: bool,
    patience: int | None = None,
    measurements: Callable[[], tuple[float | None, dict[str, float]]] = lambda: (None, {}),
    named: Sequence[tuple[str, Value]] = (),
) -> None:
    """Run the epochs, `count` of them if nothing stops them, and write the history, whatever ends them.

    measurements  the validation loss and the metrics at the end of an epoch
    named         parameters by name, whose layers are watched: see `advice_on_dead_layers`
    """
    optimizer = runner.task.optimizer
    warned, verified = not any(name for name, _ in named), 0
    start, lowest, best, waited = optimizer.snapshot(), math.inf, None, 0
    with deferred_interrupts() as stop, progress_bar(count, history.unit, progress) as advance:
        try:
            for loss in runner.epochs(orders, stop, ahead):
                history.append(loss, *measurements())
                advance(history.latest)
                waited += 1
                if patience is not None and improves(history.monitored[-1], lowest):
                    lowest, best, waited = history.monitored[-1], optimizer.snapshot(), 0
                if history.epochs.bit_count() == 1:  # after epochs 1, 2, 4, 8 …: soon, and then seldom
                    runner.verify()
                    verified = history.epochs
                    if not warned and loss and (advice := advice_on_dead_layers(runner.task, named)):
                        warn(advice)
                        warned = True
                if waited == patience:
                    history.stopped = "stopped early"
                    break
            if verified < history.epochs:
                runner.verify()
            if history.epochs < count and not history.stopped:
                history.stopped = "interrupted"
        except KeyboardInterrupt:
            history.stopped = "interrupted"
        except RecordingError:  # what was recorded is not what the model computes: nothing was learnt
            best = start
            raise
        except Exception as error:
            error.add_note(f"in {history.unit} {history.epochs + 1} of {count}; {history!r} so far")
            raise
        finally:
            if best is not None:
                optimizer.assign(*best)


def _runner(task: Task, caller: str, compiled: bool, threads: int, dtype: str) -> Runner:
    if not boolean("compiled", compiled):
        if (threads, dtype) != (1, "float64"):
            raise ValueError("threads and dtype apply to native code: add compiled=True")
        return Runner(task)
    from autograd.compiler.program import native_options

    options = native_options(f"{caller}(compiled=True)", threads, dtype)
    from nn.compiled_runner import CompiledRunner  # imports NumPy, which nothing else here needs

    return CompiledRunner(task, *options)


def _prediction_and_loss(model: Callable[[Any], Any], loss: Loss) -> Evaluate:
    def prediction_and_loss(x: Any, target: Any) -> tuple[Any, Any]:
        prediction = model(x)
        return prediction, loss(prediction, target)

    return prediction_and_loss


def predict(model: Callable[[Any], Any], X: Any) -> list[Any]:
    """The prediction for each sample, as plain numbers: one each, or a list of K, nested like the model's.

    Nothing is recorded, so it takes half the time and leaves no graph in memory.

    >>> predict(lambda x: [x[0] + x[1], x[0] * x[1]], [[1.0, 2.0], [3.0, 4.0]])
    [[3.0, 2.0], [7.0, 12.0]]
    """
    function("model", model)
    samples = list_of("X", X)
    with no_grad():
        return [as_numbers(of_sample(model, i, (x,))) for i, x in enumerate(samples)]


def evaluate(
    model: Callable[[Any], Any], loss: Loss, X: Any, y: Any, *, metrics: Metrics = ()
) -> dict[str, float]:
    """The mean loss over the samples, as "loss", and metrics by their names.

    All arguments as in `fit`. Nothing is recorded and nothing is changed.

    >>> from nn import mean_absolute_error, squared_error
    >>> evaluate(lambda x: 2.0 * x, squared_error, [1.0, 2.0], [2.0, 3.0], metrics=[mean_absolute_error])
    {'loss': 0.25, 'mean_absolute_error': 0.5}
    """
    function("model", model)
    function("loss", loss, "nn.squared_error")
    samples = samples_of(X, y)
    metrics_by_name = named_metrics(metrics, outputs_for(model, loss))
    mean, predictions = mean_loss(_prediction_and_loss(model, loss), samples)
    return {"loss": mean} | measure(metrics_by_name, predictions, [target for _, target in samples])


def _orders(count: int, batch_size: int | None, rng: random.Random) -> Iterator[Batches]:
    """The mini-batches of one epoch after the other."""
    if batch_size is None:
        return repeat([range(count)])
    batch_size = whole_number("batch_size", batch_size, at_least=1)
    return (shuffled_batches(count, batch_size, rng) for _ in repeat(None))
