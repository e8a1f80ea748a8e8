"""The compiled runner of `fit`: whole epochs as native code.

The loss of a sample is recorded once for each shape; mini-batches, forward and backward passes
and the optimizer's own rule then run on these programs, with the numbers of the eager runner to
rounding. It needs numba, the extra `fast`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.compiler.descent import Descent, Samples
from autograd.declaration import GateError
from nn.metrics import exact_sum
from nn.recorded_task import RecordedTask
from nn.runners import Batches, Sample, Task
from nn.samples import NO_PARAMETER
from nn.update_rules import norm

_SECONDS_BETWEEN_LOOKS = 0.05  # how long Ctrl-C may go unnoticed in native code

Batch = tuple[Sequence[int], bool]
"""A mini-batch, and whether it is the last of its epoch."""


class CompiledRunner:
    """Runs on programs: see `Runner`."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._recorded = RecordedTask(task)
        optimizer = task.optimizer
        executions = self._recorded.executions
        if not any(execution.recording.depends_on(optimizer.parameters) for execution in executions):
            raise TypeError(NO_PARAMETER)
        self._descent = Descent(
            executions,
            optimizer.parameters,
            optimizer.rule,
            len(optimizer.state_names),
            2 + len(optimizer.hyperparameters),
            None if optimizer.clip_norm is None else norm,
            np.inf if optimizer.clip_norm is None else optimizer.clip_norm,
        )
        self._gradients_due = False  # whether the descent has some that are not in `.grad` yet
        self._at_once = 1  # how many mini-batches run between two questions whether to stop

    def epochs(self, orders: Iterable[Batches], stop: Callable[[], bool], ahead: bool) -> Iterator[float]:
        """Forward, backward and update for each mini-batch: see `Runner`."""
        summed, count = 0.0, 0
        try:
            for due in self._due(orders, ahead):
                if stop():
                    return
                sums = self._update([batch for batch, _ in due])
                for loss, (batch, is_last) in zip(sums, due, strict=True):
                    summed, count = summed + loss, count + len(batch)
                    if is_last:
                        yield summed / count
                        summed, count = 0.0, 0
        finally:
            if self._gradients_due:
                for parameter in self.task.parameters:
                    parameter._grad = 0.0
                self._descent.write_gradients()
                self._gradients_due = False

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
        predictions, losses = self._recorded.evaluate(samples)
        return exact_sum(losses) / len(losses), predictions

    def verify(self) -> None:
        """Record a sample once more, and compare: see `Runner`."""
        with suppress(GateError):  # which training raises, if it comes to that, with epoch and sample
            self._recorded.verify()

    # ── updates ─────────────────────────────────────────────────────────────────────────

    def _update(self, batches: list[Sequence[int]]) -> Iterator[float]:
        """One update for each mini-batch; yields the sum of its samples' losses."""
        optimizer = self.task.optimizer
        while batches:
            numbers, states, updates_before = optimizer.snapshot()
            new_numbers = np.array(numbers, dtype=float)
            new_states = np.array(states, dtype=float).reshape(len(states), len(numbers))
            settings = self._settings(updates_before, len(batches))
            due = batches[: len(settings)]
            start = time.perf_counter()
            sums = self._descent.run(*self._drawn(due), new_numbers, new_states, np.array(settings))
            if time.perf_counter() - start < _SECONDS_BETWEEN_LOOKS / 2 and len(batches) >= self._at_once:
                self._at_once *= 2
            if len(sums):
                self._gradients_due = True
                optimizer.assign(new_numbers.tolist(), new_states.tolist(), updates_before + len(sums))
            yield from sums.tolist()
            batches = batches[len(sums) :]
            if len(sums) < len(due):
                yield self._update_with_errors(batches.pop(0))

    def _drawn(self, batches: list[Sequence[int]]) -> tuple[Samples, list[Sequence[int]]]:
        """The samples and the mini-batches to run; if the model draws random numbers, with new ones."""
        samples = self._recorded.samples
        if not any(execution.recording.draws for execution in self._descent.executions):
            return samples, batches
        order = np.concatenate([np.asarray(batch) for batch in batches])
        programs, places, rows = samples.programs[order], np.empty_like(order), []
        for program, execution in enumerate(self._descent.executions):
            own = programs == program
            rows.append(samples.rows[program][samples.places[order[own]]])
            places[own] = np.arange(own.sum())
            execution.draw(rows[-1])
        ends = np.cumsum([len(batch) for batch in batches]).tolist()
        drawn: list[Sequence[int]] = [
            range(end - len(batch), end) for batch, end in zip(batches, ends, strict=True)
        ]
        return Samples(rows, programs, places), drawn

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
        samples, indices, summed = self._recorded.samples, np.asarray(batch), 0.0
        self._gradients_due = False
        for parameter in self.task.parameters:
            parameter.grad = 0.0
        parts = []
        for program, execution in enumerate(self._descent.executions):
            own = indices[samples.programs[indices] == program]
            if len(own):
                rows = samples.rows[program][samples.places[own]]
                execution.draw(rows)
                parts.append((execution, rows, own.tolist()))
        for execution, rows, own in parts:
            means, gradient = execution.mean_gradient(rows, own)
            for parameter, g in zip(execution.recording.parameters, gradient.tolist(), strict=True):
                parameter.grad += g * len(own) / len(batch)
            summed += means[0] * len(own)
        try:
            self.task.optimizer.step()
        except GateError:
            for execution, rows, own in parts:
                execution.blame(rows, own)
            raise
        return summed
