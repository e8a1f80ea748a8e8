"""What training measured, epoch by epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from autograd.arguments import counted
from nn.figures import BLUE, COLORS, LINE_STYLES, ORANGE, axes_to_draw_on


@dataclass(repr=False)
class History:
    """What training measured, one entry for each finished epoch of `fit` or step of `minimize`.

    loss             mean loss over the training samples, each as its mini-batch met it, while
                     the weights moved; without the penalty
    validation_loss  mean loss over the validation samples at the epoch's end; empty without them
    metrics          each metric at the epoch's end, over the validation samples, or else the training
                     samples
    stopped          what ended training too soon: "stopped early" for want of improvement,
                     "interrupted" by Ctrl-C; "" if nothing did
    unit             what an entry stands for, "epoch" or "step"

    >>> History([0.9, 0.4, 0.3], [0.8, 0.5, 0.6])
    History(3 epochs: loss 0.9 → 0.3, validation loss 0.8 → 0.6, best in epoch 2)
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    stopped: str = ""
    unit: str = "epoch"

    def append(self, loss: float, validation_loss: float | None, metrics: dict[str, float]) -> None:
        """Add what was measured in one more epoch."""
        self.loss.append(loss)
        if validation_loss is not None:
            self.validation_loss.append(validation_loss)
        for name, value in metrics.items():
            self.metrics.setdefault(name, []).append(value)

    def latest(self) -> str:
        """The last epoch's numbers in words."""
        return ", ".join(f"{name} {values[-1]:.4g}" for name, values in self._courses().items())

    @property
    def epochs(self) -> int:
        """How many epochs were finished."""
        return len(self.loss)

    @property
    def monitored(self) -> list[float]:
        """The loss to judge by: the validation loss, or the loss if there is no validation."""
        return self.validation_loss or self.loss

    @property
    def best_epoch(self) -> int:
        """The first epoch with the smallest monitored loss, counted from 1; 0 before an epoch has ended.

        Rounding does not decide: see `improves`.
        """
        best, lowest = min(1, self.epochs), math.inf
        for epoch, loss in enumerate(self.monitored, 1):
            if improves(loss, lowest):
                best, lowest = epoch, loss
        return best

    def plot(self, axes: Any = None) -> list[Any]:
        """Draw the losses over the epochs with matplotlib; metrics beside them.

        axes  matplotlib axes to draw the losses on, alone; by default a new figure

        Returns the list of axes. Raises ImportError if matplotlib is not installed.
        """
        panels = axes_to_draw_on(axes, panels=2 if self.metrics else 1)
        losses, *beside = panels
        epochs = range(1, self.epochs + 1)
        losses.plot(epochs, self.loss, color=BLUE, label="training")
        if self.validation_loss:
            best = self.best_epoch
            losses.plot(epochs, self.validation_loss, "--", color=ORANGE, label="validation")
            losses.plot(best, self.monitored[best - 1], "o", color=ORANGE, label=f"best, {self.unit} {best}")
        losses.set(title="Loss", ylabel="mean loss")
        for metrics in beside:
            courses = {name.replace("_", " "): values for name, values in self.metrics.items()}
            styles = zip(courses.items(), cycle(zip(COLORS, LINE_STYLES, strict=True)), strict=False)
            for (name, values), (color, line) in styles:
                metrics.plot(epochs, values, line, color=color, label=name)
            where = "validation" if self.validation_loss else "training"
            metrics.set(title=f"Metrics of the {where} samples", ylabel=", ".join(courses))
        for panel in panels:
            panel.set_xlabel(self.unit)
            panel.locator_params(axis="x", integer=True)
            panel.legend()
        return panels

    def _courses(self) -> dict[str, list[float]]:
        """Everything that was measured, under the names that people read."""
        metrics = {name.replace("_", " "): values for name, values in self.metrics.items()}
        courses = {"loss": self.loss, "validation loss": self.validation_loss} | metrics
        return {name: values for name, values in courses.items() if values}

    def __repr__(self) -> str:
        courses = [f"{name} {_ends(values)}" for name, values in self._courses().items()]
        if self.validation_loss:
            courses.insert(2, f"best in {self.unit} {self.best_epoch}")
        end = f", {self.stopped}" if self.stopped else ""
        return f"History({counted(self.epochs, self.unit)}{end}{': ' if courses else ''}{', '.join(courses)})"


def improves(loss: float, lowest: float) -> bool:
    """Whether a loss is below the lowest so far by more than a billionth of it, which is no rounding error.

    >>> improves(0.5, 0.6), improves(0.6 - 1e-12, 0.6)
    (True, False)
    """
    return loss < lowest and not math.isclose(loss, lowest)


def _ends(values: list[float]) -> str:
    return " → ".join(f"{value:.4g}" for value in (values[0], values[-1])[: len(values)])
