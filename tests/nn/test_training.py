"""fit against gradient descent written out in NumPy, and all that can end or disturb it."""

import io
import math
import random
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from autograd import GateError, RecordingError, Value, log, no_grad
from nn import (
    MLP,
    SGD,
    Embedding,
    Layer,
    Module,
    Momentum,
    Neuron,
    accuracy,
    evaluate,
    fit,
    hinge,
    mean_absolute_error,
    predict,
    squared_error,
)


class Line:
    """The least that a model is: ŷ = w·x + b."""

    def __init__(self, w=0.0, b=0.0):
        self.w, self.b = Value(w, "w"), Value(b, "b")

    def __call__(self, x):
        return self.w * x + self.b

    def parameters(self):
        return [self.w, self.b]

    def numbers(self):
        return [self.w.data, self.b.data]


MODES = pytest.mark.parametrize("compiled", [False, pytest.param(True, id="numba")])

X = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
Y = [-3.5, -0.5, 1.0, 2.0, 5.5, 6.5, 9.5]


def descended(order, batch_size, epochs, lr, start=(0.0, 0.0)):
    """Least squares by gradient descent, in NumPy: weights, and the mean loss of each epoch."""
    w, b = start
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for i in range(0, len(X), batch_size):
            batch = order[epoch][i : i + batch_size]
            x, y = np.array(X)[batch], np.array(Y)[batch]
            error = w * x + b - y
            total += (0.5 * error**2).sum()
            w, b = w - lr * (error * x).mean(), b - lr * error.mean()
        losses.append(total / len(X))
    return [w, b], losses


class Watching:
    """A loss that notes which samples it met in updates, whose predictions are recorded."""

    def __init__(self, loss=squared_error):
        self.loss, self.recorded = loss, []

    @property
    def met(self):
        return self.recorded[1:]  # at first it is tried once

    def __call__(self, prediction, target):
        if prediction.gate is not None:
            self.recorded.append(Y.index(target))
        return self.loss(prediction, target)

    def epochs(self):
        return [self.met[i : i + len(X)] for i in range(0, len(self.met), len(X))]


def fitted(model=None, loss=squared_error, x=X, y=Y, make=SGD, lr=0.05, **arguments):
    model = model or Line()
    arguments = {"epochs": 3, "optimizer": make(model.parameters(), lr=lr)} | arguments
    return model, fit(model, loss, x, y, **arguments)


# ── the numbers ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("batch_size", [None, 1, 3, 100])
def test_minibatches_are_averaged_each_over_its_own_samples(batch_size):
    loss = Watching()
    model, history = fitted(loss=loss, epochs=4, batch_size=batch_size, rng=0)
    assert all(sorted(epoch) == list(range(7)) for epoch in loss.epochs())
    assert (loss.met == 4 * list(range(7))) is (batch_size is None)
    weights, losses = descended(loss.epochs(), batch_size or 7, 4, 0.05)
    assert model.numbers() == pytest.approx(weights, rel=1e-12)
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert (history.validation_loss, history.metrics, history.stopped) == ([], {}, "")


def test_the_order_is_the_seeds():
    def order(seed):
        loss = Watching()
        fitted(loss=loss, epochs=2, batch_size=2, rng=seed)
        return loss.epochs()

    first, second = order(0)
    assert first != second
    assert order(0) == [first, second] == order(random.Random(0))
    assert order(1) != [first, second]
    assert sorted(order(None)[0]) == list(range(7))


def test_called_again_training_goes_on():
    rng = random.Random(0)
    model = Line()
    optimizer = Momentum(model.parameters(), lr=0.05)
    parts = [fitted(model, optimizer=optimizer, epochs=2, batch_size=3, rng=rng)[1] for _ in range(2)]
    whole, history = fitted(make=Momentum, epochs=4, batch_size=3, rng=0)
    assert model.numbers() == whole.numbers()
    assert parts[0].loss + parts[1].loss == history.loss


def test_the_penalty_moves_the_weights_and_is_not_in_the_history():
    # w ← w - 0.1·(mean((wx + b - y)·x) + 0.5·w), and b without the last term
    error = 2.0 * np.array(X) + 1.0 - np.array(Y)
    model, history = fitted(Line(2.0, 1.0), lr=0.1, epochs=1, penalty=lambda model: 0.25 * model.w**2)
    expected = [2.0 - 0.1 * ((error * X).mean() + 0.5 * 2.0), 1.0 - 0.1 * error.mean()]
    assert model.numbers() == pytest.approx(expected, rel=1e-12)
    assert history.loss == pytest.approx([(0.5 * error**2).mean()], rel=1e-12)


@MODES
def test_an_optimizer_of_some_parameters_leaves_the_others_alone(compiled):
    model = Line(w=2.0, b=0.5)
    fitted(model, optimizer=SGD([model.b], lr=0.1), epochs=5, compiled=compiled)
    assert model.w.data == 2.0
    assert model.b.data != 0.5
    error = 2.0 * np.array(X) - np.array(Y)
    expected = 0.5
    for _ in range(5):
        gradient = ((error + expected) * X).mean()
        expected -= 0.1 * (error + expected).mean()
    assert model.b.data == pytest.approx(expected)
    assert model.w.grad == pytest.approx(gradient)  # of the last mini-batch, not of all


def test_an_optimizer_may_have_parameters_beside_the_models():
    model, scale = Line(), Value(1.0)
    optimizer = SGD([*model.parameters(), scale], lr=0.01)
    fitted(model, lambda prediction, target: squared_error(scale * prediction, target), optimizer=optimizer)
    assert scale.data != 1.0


# ── what comes in ───────────────────────────────────────────────────────────────────────


def table(xs):
    """As much of a pandas object as matters here."""
    return SimpleNamespace(to_numpy=lambda: np.array(xs))


@pytest.mark.parametrize("kind", [np.array, tuple, table])
def test_arrays_tuples_and_tables_are_as_good_as_lists(kind):
    arguments = {"epochs": 2, "batch_size": 3, "rng": 0, "metrics": [mean_absolute_error]}
    model, history = fitted(x=kind(X), y=kind(Y), validation=(kind(X), kind(Y)), **arguments)
    same, expected = fitted(validation=(X, Y), **arguments)
    assert (history, model.numbers()) == (expected, same.numbers())
    assert predict(model, kind(X)) == predict(same, X)
    assert evaluate(model, squared_error, kind(X), kind(Y)) == evaluate(same, squared_error, X, Y)


def test_rows_of_arrays_reach_the_model_as_lists():
    met = []

    class Model(Line):
        def __call__(self, x):
            met.append(x)
            return super().__call__(x[0])

    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    for given in (rows, list(rows)):
        met.clear()
        fitted(Model(), x=given, y=[1.0, 2.0], epochs=1)
        assert met == [[1.0, 2.0]] * 3 + [[3.0, 4.0]]  # the first also to look at the targets and the loss
        assert [type(row) for row in met] == [list] * 4


def a_list_of_one(prediction, target):
    return [squared_error(prediction, target)]


BAD_ARGUMENTS = [
    ({"loss": "hinge"}, TypeError, "loss is a function, such as .*, got str: 'hinge'"),
    ({"metrics": "accuracy"}, TypeError, r"metrics is a list of .* \[nn.accuracy\], got str: 'accuracy'"),
    ({"metrics": [partial(accuracy, threshold=0.5)]}, TypeError, r"accuracy.* has no name; give .* a dict"),
    ({"y": Y[1:]}, ValueError, "every table has one entry for each sample; got 7 and 6"),
    ({"x": [], "y": []}, ValueError, "there are no samples"),
    ({"epochs": 0}, ValueError, "epochs is a whole number of at least 1, got 0"),
    ({"batch_size": 0}, ValueError, "batch_size is a whole number of at least 1, got 0"),
    ({"patience": 0}, ValueError, "patience is a whole number of at least 1, got 0"),
    ({"validation": 0.2}, ValueError, r"validation is a pair of samples and targets, \(X, y\)"),
    ({"validation": ([], [])}, ValueError, "validation: there are no samples"),
    ({"optimizer": "adam"}, TypeError, "optimizer is one of the parameters to change, .* got str"),
    ({"optimizer": SGD([Value(1.0)], lr=0.1)}, ValueError, "has none of the model's parameters"),
    ({"rng": "0"}, TypeError, r"rng is a random\.Random or an integer seed"),
    (
        {"metrics": ["accuracy"]},
        TypeError,
        "a metric is a function, such as nn.accuracy, got str: 'accuracy'",
    ),
    ({"metrics": {"mine": 3}}, TypeError, "metric 'mine' is a function, such as nn.accuracy, got int: 3"),
    ({"metrics": {"loss": accuracy}}, ValueError, "'loss' is the name of the mean loss"),
    ({"metrics": [accuracy, accuracy]}, ValueError, "two metrics have one name: accuracy, accuracy; give"),
    ({"loss": a_list_of_one}, TypeError, r"the loss of a sample is one number, .* got list: \[Value"),
    ({"loss": lambda prediction, target: 1.0}, TypeError, "the loss does not depend on the par"),
    ({"loss": lambda prediction, target: Value(1.0)}, TypeError, "the loss does not depend on the par"),
    ({"penalty": lambda model: [model.w]}, TypeError, r"the penalty is one number, .* got list: \[Value"),
    (
        {"penalty": lambda model: 1.0 + model.w.data},
        TypeError,
        "the penalty does not depend on .* not from w",
    ),
    (
        {"metrics": {"mine": lambda predictions: 0.0}},
        TypeError,
        "metric 'mine' takes all predictions and all targets: too many positional arguments",
    ),
    ({"validation": ([1.0, 2.0], [1.0, [1.0, 2.0]])}, ValueError, "1 prediction, but 2 targets"),
]


@MODES
@pytest.mark.parametrize(("arguments", "error", "words"), BAD_ARGUMENTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(arguments, error, words, compiled):
    model = Line()
    with pytest.raises(error, match=words):
        fitted(model, compiled=compiled, **arguments)
    assert model.numbers() == [0.0, 0.0]


@MODES
def test_what_was_computed_beforehand_is_refused_if_a_parameter_has_a_part_in_it(compiled):
    model = Line(w=3.0)
    doubled, six = model.w * 2.0, Value(3.0) * 2.0
    for stale in (
        {"loss": lambda prediction, target: prediction + doubled},
        {"penalty": lambda model: doubled**2},
    ):
        refused = RecordingError if compiled else ValueError
        with pytest.raises(refused, match=r"multiply\(w = .*, 2\.0\) was computed before the (rec|up)"):
            fitted(model, compiled=compiled, epochs=2, **stale)
    if not compiled:  # a program would compute it anew
        fitted(model, lambda prediction, target: squared_error(prediction, target) * six)


@MODES
@pytest.mark.parametrize("part", ["training", "validation"])
@pytest.mark.parametrize(("x", "y"), [([1.0], 1), ([1.0, None], 1), (1.0, 1), ([1.0, 2.0], 0)])
def test_a_sample_that_does_not_fit_is_named_before_anything_is_changed(part, x, y, compiled):
    model = MLP(2, [1], rng=0)
    before = [p.data for p in model.parameters()]
    optimizer = SGD(model.parameters(), lr=0.1)
    good, spoilt = [([[1.0, 2.0], [3.0, 4.0], last], [1, -1, t]) for last, t in (([5.0, 6.0], 1), (x, y))]
    samples, held_out = (spoilt, good) if part == "training" else (good, spoilt)
    with pytest.raises((TypeError, ValueError)) as caught:
        fit(model, hinge, *samples, validation=held_out, optimizer=optimizer, epochs=3, compiled=compiled)
    assert caught.value.__notes__ == [f"at {part} sample 2"]
    assert ([p.data for p in model.parameters()], optimizer.step_count) == (before, 0)


@MODES
def test_training_records_where_nothing_else_does(compiled):
    model, expected = fitted(compiled=compiled)
    with no_grad():
        again, history = fitted(compiled=compiled)
        assert (again.parameters()[0] * 2.0).gate is None
    assert (again.numbers(), history.loss) == (model.numbers(), expected.loss)


def test_a_prediction_without_a_loss_says_nothing_about_the_targets():
    def picky(prediction, target):
        if target == Y[0]:
            return log(prediction)  # of 0
        raise ValueError("the second target")

    with pytest.raises(ValueError, match="the second target") as caught:
        fitted(loss=picky)
    assert caught.value.__notes__ == ["at training sample 1"]
    for bad in ({"loss": lambda prediction, target: log(prediction)}, {"penalty": lambda m: log(m.w)}):
        with pytest.raises(GateError, match="log") as caught:
            fitted(epochs=3, **bad)
        assert caught.value.__notes__[-1].startswith("in epoch 1 of 3")


def test_predictions_of_different_lengths_have_targets_of_their_own():
    class Echo(Line):
        def __call__(self, x):
            return [self.w * v + self.b for v in x]

    rows, targets = [[1.0], [2.0, 3.0]], [[2.0], [4.0, 6.0]]
    model, _ = fitted(Echo(), x=rows, y=targets, lr=0.1, epochs=1)
    # gradients of ½Σ(0 - y)², averaged over two samples: w: -(2 + 8 + 18)/2, b: -(2 + 4 + 6)/2
    assert model.numbers() == pytest.approx([1.4, 0.6])
    with pytest.raises(ValueError, match="2 predictions, but 1 target"):
        fitted(Echo(), x=rows, y=[[2.0], [4.0]])


# ── watching ────────────────────────────────────────────────────────────────────────────


def test_validation_and_metrics_are_measured_after_each_epoch():
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.05)
    losses, errors = [], []
    for _ in range(3):
        fitted(model, optimizer=optimizer, epochs=1)
        w, b = model.numbers()
        off = [5.0 * w + b - 11.5, 6.0 * w + b - 13.0]
        losses.append((off[0] ** 2 + off[1] ** 2) / 4)
        errors.append((abs(off[0]) + abs(off[1])) / 2)
    _, history = fitted(validation=([5.0, 6.0], [11.5, 13.0]), metrics=[mean_absolute_error])
    assert history.validation_loss == pytest.approx(losses, rel=1e-12)
    assert history.metrics == {"mean_absolute_error": pytest.approx(errors, rel=1e-12)}


def test_without_validation_metrics_are_measured_on_the_training_samples():
    def bias(predictions, targets):
        assert targets == Y
        return sum(predictions) / len(predictions) - sum(targets) / len(targets)

    model, history = fitted(metrics={"bias": bias, "again": bias})
    w, b = model.numbers()
    assert history.metrics["bias"][-1] == pytest.approx(w * np.mean(X) + b - np.mean(Y), rel=1e-12)
    assert history.metrics["again"] == history.metrics["bias"]
    assert history.validation_loss == []


def test_predictions_are_plain_numbers_nested_as_the_model_nests_them():
    rows = predict(MLP(2, [3, 2], rng=0), [[1.0, 2.0], [0.0, 1.0]])
    assert [list(map(type, row)) for row in rows] == [[float, float]] * 2
    assert predict(lambda x: [[x, [2.0 * x]], x], [Value(1.0)]) == [[[1.0, [2.0]], 1.0]]
    with pytest.raises(TypeError, match="expected one real number, got str"):
        predict(lambda x: [x, "one"], [1.0])
    with pytest.raises(TypeError, match=r"X is a list of .* got set"):
        predict(Line(), {1.0, 3.0})


def test_predicting_and_evaluating_record_and_change_nothing():
    outputs = []

    class Model(Line):
        def __call__(self, x):
            outputs.append(super().__call__(x))
            return outputs[-1]

    model = Model(2.0, 1.0)
    model.w.grad = 7.0
    predict(model, X)
    evaluate(model, squared_error, X, Y)
    assert len(outputs) == 14
    assert all(output.gate is None for output in outputs)
    assert (model.numbers(), model.w.grad) == ([2.0, 1.0], 7.0)


# ── stopping early ──────────────────────────────────────────────────────────────────────


def passing_by(model=None, **arguments):
    """The weight goes from 0 towards 1, halving what is left each epoch, and passes 0.8 on its way.

    w = 1/2, 3/4, 7/8, 15/16, …: the validation loss ½(w - 0.8)² is smallest after epoch 2.
    """
    model = model or Line()
    optimizer = Momentum([model.w], lr=0.5, beta=0.0)
    _, history = fitted(model, x=[1.0], y=[1.0], optimizer=optimizer, validation=([1.0], [0.8]), **arguments)
    return model, optimizer, history


@MODES
@pytest.mark.parametrize("patience", [1, 3])
def test_training_stops_when_patience_is_used_up(patience, compiled):
    model, optimizer, history = passing_by(epochs=100, patience=patience, compiled=compiled)
    assert history.stopped == "stopped early"
    assert history.epochs == 2 + patience
    assert history.best_epoch == 2
    assert model.w.data == 0.75
    assert (optimizer.step_count, optimizer.state) == (2, ((-0.5,),))


@pytest.mark.parametrize(("patience", "w", "steps"), [(10, 0.75, 2), (None, 15 / 16, 4)])
def test_the_best_weights_come_back_when_epochs_run_out_too_but_not_without_patience(patience, w, steps):
    model, optimizer, history = passing_by(epochs=4, patience=patience)
    assert (history.stopped, history.epochs) == ("", 4)
    assert (model.w.data, optimizer.step_count) == (w, steps)


def stopping(when, action):
    """A metric that does something at its n-th call."""
    seen = []

    def watch(predictions, targets):
        seen.append(predictions)
        if len(seen) == when:
            action()
        return 0.0

    return watch


def raise_error():
    raise GateError("enough")


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("action", [raise_error, press])
def test_the_best_weights_come_back_whatever_ends_the_training(action):
    model = Line()
    with suppress(GateError):
        _, _, history = passing_by(model, epochs=100, patience=50, metrics=[stopping(4, action)])
        assert (history.stopped, history.epochs) == ("interrupted", 4)
    assert model.w.data == 0.75
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_validation_the_loss_is_what_has_to_improve():
    _, history = fitted(lr=0.0, epochs=100, patience=2)
    assert (history.stopped, history.epochs, history.best_epoch) == ("stopped early", 3, 1)
    _, history = fitted(epochs=20, patience=2)
    assert (history.stopped, history.epochs) == ("", 20)


def test_rounding_is_no_improvement():
    # a rate of 1e-14 makes the loss smaller in its last digits alone
    _, history = fitted(Line(w=1.0), x=[1.0], y=[0.0], lr=1e-14, epochs=100, patience=3)
    assert history.loss[1] < history.loss[0]
    assert (history.stopped, history.epochs, history.best_epoch) == ("stopped early", 4, 1)


# ── Ctrl-C ──────────────────────────────────────────────────────────────────────────────


class Pressing(Watching):
    """A loss during which Ctrl-C is pressed: `times` times, at its n-th call."""

    def __init__(self, at, times=1):
        super().__init__()
        self.at, self.times = at, times

    def __call__(self, prediction, target):
        if len(self.met) == self.at and prediction.gate is not None:
            for _ in range(self.times):
                press()
        return super().__call__(prediction, target)


@pytest.mark.parametrize(("times", "steps"), [(1, 7), (2, 6)])
def test_ctrl_c_ends_training_after_the_update_under_way_or_at_once_if_pressed_twice(times, steps):
    # 7 samples in mini-batches of 2 are 4 updates an epoch; sample 11 is in the 3rd of epoch 2
    loss = Pressing(11, times)
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.05)
    _, history = fitted(model, loss=loss, optimizer=optimizer, epochs=10, batch_size=2, rng=0)
    assert (history.stopped, history.epochs, optimizer.step_count) == ("interrupted", 1, steps)
    assert len(loss.met) == (13 if times == 1 else 11)


def test_a_program_that_handles_the_signal_itself_is_left_to_it():
    caught = []
    before = signal.signal(signal.SIGINT, lambda number, frame: caught.append(number))
    try:
        _, history = fitted(loss=Pressing(at=5), epochs=3)
        assert (caught, history.stopped, history.epochs) == ([signal.SIGINT], "", 3)
    finally:
        signal.signal(signal.SIGINT, before)


def test_fit_runs_in_a_thread():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(fitted).result()[1] == fitted()[1]


# ── numbers that are no longer finite ───────────────────────────────────────────────────


@MODES
def test_divergence_is_an_error_that_says_when(compiled):
    model = Line()
    with pytest.raises(GateError, match=r"power\(.*\) is too large for a float") as caught:
        fitted(model, lr=1e60, epochs=50, compiled=compiled)
    [note] = caught.value.__notes__
    assert note.startswith("in epoch 4 of 50; History(3 epochs: loss 12.88 → ")
    assert all(math.isfinite(number) for number in model.numbers())


@MODES
@pytest.mark.parametrize(
    ("start", "x", "loss", "message"),
    [
        # The logarithm of 1 + 0.1·x is defined but where x = -20.
        ((0.1, 1.0), [1.0, 2.0, -20.0], lambda h, y: (log(h) - y) ** 2, r"^log\(.*-1\.0\) .* \(sample 2\)"),
        # √x has the slope ∞ at 0, where sample 1 has its prediction; the loss itself is finite.
        ((1.0, 0.0), [1.0, 0.0, 4.0], lambda h, y: h.sqrt() - y, r"sqrt\(.* on the way back .*\(sample 1\)"),
        ((1e200, 0.0), [1e-200, 1.0, 0.0], lambda h, y: h * h - y, r"multiply.* = inf \(sample 1\)"),
    ],
    ids=["no loss", "an infinite slope", "an infinite loss"],
)
def test_sample_and_gate_of_a_bad_number_are_named(start, x, loss, message, compiled):
    model = Line(*start)
    optimizer = SGD(model.parameters(), lr=0.01)
    with pytest.raises(GateError, match=message) as caught:
        fitted(model, loss, x, [0.0, 1.0, 2.0], optimizer=optimizer, compiled=compiled)
    assert caught.value.__notes__ == ["in epoch 1 of 3; History(0 epochs) so far"]
    assert (model.numbers(), optimizer.step_count) == ([*start], 0)


@MODES
def test_a_sample_that_the_model_refuses_in_the_middle_is_named(compiled):
    class Looked(Module):
        def __init__(self):
            self.table, self.layer = Embedding(3, 2, rng=0), Layer(2, 1, rng=0)

        def __call__(self, index):
            return self.layer(self.table(index))

    arguments = {"epochs": 2, "batch_size": 1, "rng": 0, "compiled": compiled}
    with pytest.raises(ValueError, match="index is at most 2, got 7") as caught:
        fitted(Looked(), x=[0] * 20 + [7], y=[1.0] * 21, **arguments)
    assert caught.value.__notes__ == ["at sample 20", "in epoch 1 of 2; History(0 epochs) so far"]
    with pytest.raises(ValueError, match="index is at most 2, got 7") as caught:
        fitted(Looked(), x=[0, 1], y=[1.0, 1.0], validation=([0, 1, 7], [1.0] * 3), **arguments)
    assert caught.value.__notes__[0] == "at validation sample 2"


@MODES
def test_a_bad_number_among_samples_of_several_shapes_is_named_wherever_it_is(compiled):
    samples = [1.0, [2.0], -3.0], [1.0, 1.0, 1.0]
    model = Neuron(1, init=lambda rng, n_in, n_out: 0.1)
    with pytest.raises(GateError, match=r"log\(.*\(validation sample 2\)"):
        fitted(model, lambda h, y: log(h), x=[1.0], y=[1.0], validation=samples, compiled=compiled, lr=1e-4)
    for asked in (
        lambda: predict(lambda x: log(model(x)), samples[0]),
        lambda: evaluate(model, lambda h, y: log(h), *samples),
    ):
        with pytest.raises(GateError, match=r"log\(.*\(sample 2\)"):
            asked()


# ── layers that cannot learn ────────────────────────────────────────────────────────────


def dying(bias, activation="relu"):
    """A network whose first layer starts with a bias of -10 or 10."""
    model = MLP(2, [3, 3, 1], activation, rng=0)
    for neuron in model.layers[0].neurons:
        neuron.b.data = bias
    return model


THREE = [[0.1, 0.2], [-0.3, 0.4], [1.0, -1.0]]


def learnt(model, compiled, loss=squared_error, x=THREE, y=(1.0, 2.0, 3.0), **arguments):
    return fitted(model, loss, x, y, lr=0.01, compiled=compiled, **arguments)[1]


@MODES
def test_a_layer_that_is_dead_for_every_sample_is_spoken_of_once(compiled):
    # Layer 1 gives zeros, so layer 2 stands at its kink, where the slope of a relu is 0 by convention.
    words = r"no gradient reaches layer 1 or layer 2 from any sample, .*'leaky_relu'"
    with pytest.warns(UserWarning, match=words) as caught:
        learnt(dying(-10.0), compiled)
    assert len(caught) == 1
    for model in (dying(0.0), dying(-10.0, "leaky_relu")):
        learnt(model, compiled)
    forgetful = Neuron(2, rng=0)
    forgetful.forgotten = MLP(2, [1], rng=1)
    with pytest.warns(UserWarning, match="no gradient reaches forgotten layer 1 from any"):
        learnt(forgetful, compiled)


@MODES
def test_parameters_beside_a_layer_that_learns_are_spoken_of_by_their_names(compiled):
    class Holding(Module):
        def __init__(self):
            self.neuron, self.unused, self.shifts = Neuron(2, rng=0), Value(1.0), [Value(2.0), Value(3.0)]

        def __call__(self, x):
            return self.neuron(x)

    with pytest.warns(UserWarning, match="no gradient reaches unused or shifts from any sample"):
        learnt(Holding(), compiled)


@MODES
def test_nothing_is_dead_where_nothing_is_left_to_learn_or_one_sample_teaches(compiled):
    model = Neuron(2, "relu", rng=0)
    model.b.data = 10.0
    assert learnt(model, compiled, hinge, y=[1.0, 1.0, 1.0]).loss == [0.0] * 3
    for order in range(3):  # the last mini-batch sends nothing, another one does
        model = Neuron(1, "relu", init="zeros")
        model.w[0].data = 1.0
        x = [[-1.0], [-2.0], [3.0]]
        learnt(model, compiled, x=x, y=[1.0, 1.0, 1.0], batch_size=1, rng=order, epochs=1)


# ── progress ────────────────────────────────────────────────────────────────────────────


def test_a_terminal_sees_a_bar_with_both_losses_if_one_is_wanted_and_tqdm_is_there(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    fitted(progress=False)
    assert terminal.getvalue() == ""
    _, history = fitted(epochs=3, validation=(X, Y))
    shown = terminal.getvalue()
    assert "3/3" in shown
    assert f"loss {history.loss[-1]:.4g}, validation loss {history.validation_loss[-1]:.4g}" in shown
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    fitted()
    assert terminal.getvalue() == shown


def test_a_notebook_sees_a_bar(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: "a shell"))
    fitted(epochs=3)
    assert "3/3" in capsys.readouterr().err


def test_no_bar_where_nobody_looks(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))  # imported, yet no notebook
    fitted()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", None)
    fitted()
