"""The compiled runner of `fit`: whole epochs as native code.

The loss of one sample is recorded once; mini-batches, forward and backward passes and the
optimizer's own rule then run on the program, with the numbers of the eager runner to
rounding. It needs numba, the extra `fast`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Program, RecordingError, Value, compile  # noqa: A004  as the field calls it
from autograd.compiler.descent import Descent
from autograd.grad_mode import no_grad
from autograd.reals import is_number
from nn.data import one_hot
from nn.losses import Loss
from nn.optimizers import Optimizer
from nn.targets import ClassIndexError
from nn.update_rules import norm

if TYPE_CHECKING:
    from nn.training import Batches, Model, Penalty

_SECONDS_BETWEEN_LOOKS = 0.05  # how long Ctrl-C may go unnoticed in native code


class CompiledRunner:
    """Runs on programs: see `Runner`."""

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
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.penalty, self.parameters = penalty, parameters
        self._target = y[0]
        try:
            program = self._record(X[0], self._target)
        except ClassIndexError:
            with no_grad():
                [self._target] = one_hot(y[:1], len(model(X[0])))
            program = self._record(X[0], self._target)
        if set(program.parameters).isdisjoint(optimizer.parameters):
            raise TypeError("the loss does not depend on the parameters that the optimizer updates")
        self._samples = program.samples(np.asarray(X), self._targets(y))[0]
        self._descent = Descent(
            program,
            self._samples,
            optimizer.parameters,
            optimizer.rule,
            len(optimizer.state_names),
            2 + len(optimizer.hyperparameter_names),
            None if optimizer.clip_norm is None else norm,
            np.inf if optimizer.clip_norm is None else optimizer.clip_norm,
        )
        self._at_once = 1  # how many mini-batches are run between two looks at Ctrl-C

    def epochs(self, orders: Iterable[Batches], ahead: bool) -> Iterator[float]:
        """Forward, backward and update for each mini-batch, as `Runner` says."""
        summed = 0.0
        for loss, is_last in self._losses(orders, ahead):
            summed += loss
            if is_last:
                yield summed
                summed = 0.0

    def _losses(self, orders: Iterable[Batches], ahead: bool) -> Iterator[tuple[float, bool]]:
        """Each mini-batch's loss, and whether it was the last of its epoch; many are run at a time."""
        drawn: list[tuple[Sequence[int], bool]] = []
        try:
            for batches in orders:
                for batch, is_last in _marked(batches):
                    drawn.append((batch, is_last))
                    if len(drawn) >= self._at_once or (is_last and not ahead):
                        due, drawn = drawn, []
                        yield from self._run(due)
        except (Exception, KeyboardInterrupt):  # of drawing: what was drawn before is run
            yield from self._run(drawn)
            raise
        yield from self._run(drawn)

    def _run(self, drawn: list[tuple[Sequence[int], bool]]) -> Iterator[tuple[float, bool]]:
        is_last = [last for _, last in drawn]
        return zip(self._update([batch for batch, _ in drawn]), is_last, strict=True)

    def evaluate(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """The forward pass alone, as `Runner` says."""
        predictions, losses = self._evaluation(np.asarray(X), self._targets(y))
        if isinstance(predictions, tuple):
            predictions = np.stack(predictions, axis=1)
        return float(losses.mean()), predictions.tolist()

    def _record(self, x: Any, y: Any) -> Program:
        """The program of one sample's cost; that of its prediction and loss is kept for `evaluate`."""

        def cost(x: Any, target: Any) -> list[Any]:
            return [self.loss(self.model(x), target), *([self.penalty(self.model)] if self.penalty else [])]

        def prediction_and_loss(x: Any, target: Any) -> tuple[Any, Any]:
            predicted = self.model(x)
            return predicted, self.loss(predicted, target)

        self._evaluation = compile(prediction_and_loss, x, y)
        program = compile(cost, x, y)
        first, again = program.recording, compile(cost, x, y).recording
        if (first.instructions, first.constants) != (again.instructions, again.constants):
            raise RecordingError(
                "the model, loss or penalty computes something else each time it is called, as dropout does: "
                "one of its ways would be frozen into the program. Train it with compiled=False"
            )
        return program

    # ── updates ─────────────────────────────────────────────────────────────────────────

    def _update(self, batches: list[Sequence[int]]) -> Iterator[float]:
        """One update for each mini-batch, which gives the sum of its samples' losses."""
        for parameter in self.parameters if batches else ():
            parameter.grad = 0.0
        while batches:
            optimizer = self.optimizer
            numbers, states, made_before = optimizer.snapshot()
            new_numbers = np.array(numbers)
            new_states = np.array(states).reshape(len(states), len(numbers))
            settings = self._settings(made_before, len(batches))
            due = batches[: len(settings)]
            start = time.perf_counter()
            sums = self._descent.run(due, new_numbers, new_states, np.array(settings))
            if time.perf_counter() - start < _SECONDS_BETWEEN_LOOKS / 2 and len(batches) >= self._at_once:
                self._at_once *= 2
            if len(sums):
                optimizer.assign(new_numbers.tolist(), new_states.tolist(), made_before + len(sums))
            yield from sums.tolist()
            batches = batches[len(sums) :]
            if len(sums) < len(due):
                yield self._careful_update(batches.pop(0))

    def _settings(self, made: int, count: int) -> list[tuple[float, ...]]:
        """The rule's settings for so many updates after `made` others; fewer where its schedule raises."""
        settings: list[tuple[float, ...]] = []
        for step in range(made, made + count):
            try:
                settings.append((float(step + 1), *self.optimizer.hyperparameters(step)))
            except Exception:
                if not settings:
                    raise
                break
        return settings

    def _careful_update(self, batch: Sequence[int]) -> float:
        """One update outside native code: it raises the eager error where a number is not finite."""
        program = self._descent.program
        means, gradient = program.mean_gradient(
            self._samples[np.asarray(batch)], program.parameter_numbers(), batch
        )
        for parameter, g in zip(program.parameters, gradient.tolist(), strict=True):
            parameter.grad = g
        self.optimizer.step()
        return means[0] * len(batch)

    # ── samples ─────────────────────────────────────────────────────────────────────────

    def _targets(self, y: list[Any]) -> np.ndarray:
        """Targets in the shape of the recorded one: a number, or a row, which a class index has too."""
        if hasattr(self._target, "__len__"):
            return np.asarray([_as_row(target, len(self._target)) for target in y])
        return np.asarray([_as_number(target) for target in y])


def _as_row(target: Any, classes: int) -> Any:
    if not is_number(target):
        return target
    return one_hot([target], classes)[0] if classes > 1 else [target]


def _as_number(target: Any) -> Any:
    return target[0] if hasattr(target, "__len__") and len(target) == 1 else target


def _marked(batches: Batches) -> Iterator[tuple[Sequence[int], bool]]:
    """Each mini-batch, and whether it is the last."""
    coming = iter(batches)
    batch = next(coming)
    for after in coming:
        yield batch, False
        batch = after
    yield batch, True
