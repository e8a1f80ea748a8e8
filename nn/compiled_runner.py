"""The compiled runner of `fit`: whole epochs as native code.

The loss of one sample is recorded; mini-batches, forward and backward passes and the
optimizer's own rule then run on the program, with the numbers of the eager runner to
rounding. It needs numba, the extra `fast`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd.compiler.descent import Descent
from autograd.compiler.execution import Execution
from autograd.compiler.recording import Recording
from autograd.compiler.tracing import record_on, require_same
from autograd.grad_mode import no_grad
from autograd.reals import is_number
from nn.data import one_hot
from nn.runners import Batches, Sample, Task
from nn.targets import ClassIndexError
from nn.update_rules import norm

_SECONDS_BETWEEN_LOOKS = 0.05  # how long Ctrl-C may go unnoticed in native code

Batch = tuple[Sequence[int], bool]
"""A mini-batch, and whether it is the last of its epoch."""


class CompiledRunner:
    """Runs on programs: see `Runner`."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._target: Sequence[Any] = task.samples[0][-1:]
        try:
            self._recording = self._recorded()
        except ClassIndexError:
            with no_grad():
                prediction, _ = task.evaluate(*task.samples[0])
            self._target = one_hot(self._target, len(prediction))
            self._recording = self._recorded()
        self._prediction, *self._costs = self._recording.result
        cost = Execution(self._recording.only(self._costs))
        optimizer = task.optimizer
        if not cost.recording.depends_on(optimizer.parameters):
            raise TypeError("the loss does not depend on the parameters that the optimizer updates")
        self._samples, _ = cost.samples(self._columns(task.samples))
        self._descent = Descent(
            cost,
            self._samples,
            optimizer.parameters,
            optimizer.rule,
            len(optimizer.state_names),
            2 + len(optimizer.hyperparameters),
            None if optimizer.clip_norm is None else norm,
            np.inf if optimizer.clip_norm is None else optimizer.clip_norm,
        )
        self._at_once = 1  # how many mini-batches run between two questions whether to stop

    def epochs(self, orders: Iterable[Batches], stop: Callable[[], bool], ahead: bool) -> Iterator[float]:
        """Forward, backward and update for each mini-batch: see `Runner`."""
        summed, count = 0.0, 0
        for due in self._due(orders, ahead):
            if stop():
                return
            sums = self._update([batch for batch, _ in due])
            for loss, (batch, is_last) in zip(sums, due, strict=True):
                summed, count = summed + loss, count + len(batch)
                if is_last:
                    yield summed / count
                    summed, count = 0.0, 0

    def _due(self, orders: Iterable[Batches], ahead: bool) -> Iterator[list[Batch]]:
        """The mini-batches of all epochs, as many at a time as run without a question."""
        due: list[Batch] = []
        for batches in orders:
            *others, last = batches
            for batch in [*((other, False) for other in others), (last, True)]:
                due.append(batch)
                if len(due) >= self._at_once or (batch[1] and not ahead):
                    yield due
                    due = []
        if due:
            yield due

    def evaluate(self, samples: list[Sample]) -> tuple[float, list[Any]]:
        """The forward pass alone: see `Runner`."""
        predictions, losses = self._evaluation.evaluate(tuple(self._columns(samples)))
        if isinstance(predictions, tuple):
            predictions = np.stack(predictions, axis=1)
        return float(losses.mean()), predictions.tolist()

    @cached_property
    def _evaluation(self) -> Execution:
        return Execution(self._recording.only((self._prediction, self._costs[0])), expected=True)

    # ── recording ───────────────────────────────────────────────────────────────────────

    def _everything(self, *sample: Any) -> list[Any]:
        prediction, loss = self.task.evaluate(*sample)
        return [prediction, loss, *([self.task.penalty()] if self.task.penalty else [])]

    def _recorded(self) -> Recording:
        first, *others = range(len(self.task.samples))
        return record_on(self._everything, (self._sample(i) for i in (first, *reversed(others))))

    def verify(self) -> None:
        """Raise RecordingError if the model or loss no longer computes what was recorded."""
        require_same(self._recording, self._everything, self._sample(len(self.task.samples) // 2))

    def _sample(self, i: int) -> Sample:
        return tuple(column[0] for column in self._columns([self.task.samples[i]]))

    # ── updates ─────────────────────────────────────────────────────────────────────────

    def _update(self, batches: list[Sequence[int]]) -> Iterator[float]:
        """One update for each mini-batch; yields the sum of its samples' losses."""
        optimizer = self.task.optimizer
        for parameter in self.task.parameters:
            parameter._grad = 0.0
        while batches:
            numbers, states, updates_before = optimizer.snapshot()
            new_numbers = np.array(numbers, dtype=float)
            new_states = np.array(states, dtype=float).reshape(len(states), len(numbers))
            settings = self._settings(updates_before, len(batches))
            due = batches[: len(settings)]
            start = time.perf_counter()
            sums = self._descent.run(self._drawn(due), new_numbers, new_states, np.array(settings))
            if time.perf_counter() - start < _SECONDS_BETWEEN_LOOKS / 2 and len(batches) >= self._at_once:
                self._at_once *= 2
            if len(sums):
                optimizer.assign(new_numbers.tolist(), new_states.tolist(), updates_before + len(sums))
            yield from sums.tolist()
            batches = batches[len(sums) :]
            if len(sums) < len(due):
                yield self._update_with_errors(batches.pop(0))

    def _drawn(self, batches: list[Sequence[int]]) -> list[Sequence[int]]:
        """The mini-batches to run: if the model draws random numbers, of samples with new ones."""
        descent = self._descent
        if not descent.execution.recording.draws:
            return batches
        descent.samples = self._samples[np.concatenate([np.asarray(batch) for batch in batches])]
        descent.execution.draw(descent.samples)
        ends = np.cumsum([len(batch) for batch in batches]).tolist()
        return [range(end - len(batch), end) for batch, end in zip(batches, ends, strict=True)]

    def _settings(self, updates_before: int, count: int) -> list[tuple[float, ...]]:
        """The rule's settings for each of the next updates; fewer if the schedule raises."""
        settings: list[tuple[float, ...]] = []
        for step in range(updates_before, updates_before + count):
            try:
                settings.append((float(step + 1), *self.task.optimizer.rule_arguments(step)))
            except Exception:
                if not settings:
                    raise
                break
        return settings

    def _update_with_errors(self, batch: Sequence[int]) -> float:
        """One update outside the native loop: it raises the eager error for a number that is not finite."""
        execution = self._descent.execution
        samples = self._samples[np.asarray(batch)]
        execution.draw(samples)
        means, gradient = execution.mean_gradient(samples, batch)
        for parameter, g in zip(execution.recording.parameters, gradient.tolist(), strict=True):
            parameter.grad = g
        self.task.optimizer.step()
        return means[0] * len(batch)

    # ── samples ─────────────────────────────────────────────────────────────────────────

    def _columns(self, samples: list[Sample]) -> list[np.ndarray]:
        """The samples, argument by argument; targets in the recorded shape, for a class index too."""
        columns = [list(column) for column in zip(*samples, strict=True)]
        for target in self._target:
            if hasattr(target, "__len__"):
                columns[-1] = [_as_row(y, len(target)) for y in columns[-1]]
            else:
                columns[-1] = [_as_number(y) for y in columns[-1]]
        return [np.asarray(column) for column in columns]


def _as_row(target: Any, classes: int) -> Any:
    if not is_number(target):
        return target
    return one_hot([target], classes)[0] if classes > 1 else [target]


def _as_number(target: Any) -> Any:
    return target[0] if hasattr(target, "__len__") and len(target) == 1 else target
