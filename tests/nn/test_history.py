"""The history of a training: its numbers, its words and its plot."""

import math
import sys

import matplotlib as mpl
import pytest

from nn.history import History

mpl.use("Agg")

HISTORY = History(
    [0.9, 0.4, 0.3], [0.8, 0.5, 0.6], {"accuracy": [0.5, 0.75, 0.8], "mean_absolute_error": [3.0, 2.0, 1.0]}
)


def test_recording_an_epoch():
    history = History()
    assert (history.epochs, history.best_epoch, history.latest()) == (0, 0, "")
    history.append(0.9, None, {"accuracy": 0.5})
    history.append(0.5, 0.8, {"accuracy": 0.6})
    assert history == History([0.9, 0.5], [0.8], {"accuracy": [0.5, 0.6]})


def test_the_best_epoch_is_the_first_of_smallest_validation_loss():
    assert HISTORY.best_epoch == 2
    assert HISTORY.monitored is HISTORY.validation_loss
    assert History([3.0, 1.0, 1.0, 2.0]).best_epoch == 2
    assert History([3.0, 1.0], [math.nan, 5.0]).best_epoch == 2


def test_words():
    assert HISTORY.latest() == "loss 0.3, validation loss 0.6, accuracy 0.8, mean absolute error 1"
    assert repr(HISTORY) == (
        "History(3 epochs: loss 0.9 → 0.3, validation loss 0.8 → 0.6, best in epoch 2, "
        "accuracy 0.5 → 0.8, mean absolute error 3 → 1)"
    )
    assert repr(History([0.123456])) == "History(1 epoch: loss 0.1235)"
    stopped = History([2.0, 1.0], stopped="stopped early", unit="step")
    assert repr(stopped) == "History(2 steps, stopped early: loss 2 → 1)"
    assert repr(History(stopped="interrupted")) == "History(0 epochs, interrupted)"


def test_plot_draws_both_losses_and_the_best_epoch():
    [axes] = History(HISTORY.loss, HISTORY.validation_loss).plot()
    training, validation, best = axes.get_lines()
    assert list(training.get_xdata()) == [1, 2, 3]
    assert list(training.get_ydata()) == HISTORY.loss
    assert list(validation.get_ydata()) == HISTORY.validation_loss
    assert (list(best.get_xdata()), list(best.get_ydata())) == ([2], [0.5])
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["training", "validation", "best, epoch 2"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("epoch", "mean loss", "Loss")


def test_plot_draws_metrics_beside_the_losses():
    losses, metrics = HISTORY.plot()
    assert losses.figure is metrics.figure
    assert [list(line.get_ydata()) for line in metrics.get_lines()] == [[0.5, 0.75, 0.8], [3.0, 2.0, 1.0]]
    assert metrics.get_title() == "Metrics of the validation samples"
    assert metrics.get_ylabel() == "accuracy, mean absolute error"
    assert History([1.0], [], {"accuracy": [0.5]}).plot()[1].get_title() == "Metrics of the training samples"


def test_plot_on_given_axes_draws_the_losses_there():
    [axes] = History().plot()
    axes.clear()
    assert HISTORY.plot(axes) == [axes]
    assert len(axes.get_lines()) == 3


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="plots need matplotlib: python -m pip install matplotlib"):
        HISTORY.plot()
