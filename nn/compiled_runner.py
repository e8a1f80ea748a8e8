"""The compiled runner of `fit`: whole epochs as native code.

The loss of a sample is recorded once for each shape, since longer sequences, for one, make another
graph. Mini-batches, forward and backward passes and the optimizer's own rule then run on these
programs, with the numbers of the eager runner to rounding. An update that meets infinity or NaN is
made gate by gate, which raises the eager error, or warns that it is slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, wraps
from typing import Any

import numpy as np

from autograd.advice import warn
from autograd.compiler.descent import Descent, Samples
from autograd.compiler.execution import Execution
from autograd.declaration import GateError
from autograd.reals import named_number, shortened
from autograd.recording.tracing import record_on, require_same
from autograd.shapes import shaped
from nn.metrics import exact_sum
from nn.runners import Batches, Runner, Sample, Task, as_numbers
from nn.samples import NO_PARAMETER, is_ragged, shape_of
from nn.update_rules import norm

_SECONDS_BETWEEN_LOOKS = 0.05  # how long Ctrl-C may go unnoticed in native code


class CompiledRunner(Runner):
    """Runs a task on programs, one for each shape of a sample.

    threads, dtype  as in `autograd.compile`
    """

    def __init__(self, task: Task, threads: int, dtype: str) -> None:
        super().__init__(task)
        self._threads, self._dtype = threads, dtype
        self._recorded: dict[Any, RecordedTask] = {}  # by the shape of a sample
        self._groups = self._grouped(task.samples)
        optimizer = task.optimizer
        executions = [recorded.cost for recorded, _ in self._groups]
        reached = {parameter for execution in executions for parameter in execution.recording.parameters}
        if reached.isdisjoint(optimizer.parameters):
            raise TypeError(NO_PARAMETER)
        self._samples = self._rows_of_all()
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

    def _grouped(self, samples: list[Sample]) -> list[tuple[RecordedTask, list[int]]]:
        """The samples of each shape by their indices, with the task recorded on that shape."""
        groups: dict[Any, list[int]] = {}
        for i, sample in enumerate(samples):
            groups.setdefault(tuple(map(shape_of, sample)), []).append(i)
        for shape, (first, *others) in groups.items():
            if shape not in self._recorded:
                # On the first and the last: in a sorted table they are the least alike.
                tried = (samples[i] for i in (first, *reversed(others)))
                self._recorded[shape] = RecordedTask(self.task, tried, self._threads, self._dtype)
        return [(self._recorded[shape], indices) for shape, indices in groups.items()]

    def _rows_of_all(self) -> Samples:
        samples, rows = self.task.samples, []
        programs, places = np.empty((2, len(samples)), dtype=np.int64)
        for program, (recorded, indices) in enumerate(self._groups):
            rows.append(rows_of(recorded.cost, [samples[i] for i in indices]))
            programs[indices], places[indices] = program, range(len(indices))
        return Samples(rows, programs, places)

    def evaluate(self, samples: list[Sample]) -> tuple[float, list[Any]]:
        """See `Runner`."""
        predictions, losses = [None] * len(samples), [0.0] * len(samples)
        for recorded, indices in self._grouped(samples):
            try:
                outputs = recorded.evaluate([samples[i] for i in indices])
            except GateError:  # which counts the samples of this shape alone
                super().evaluate(samples)
                raise
            for i, (prediction, loss) in zip(indices, outputs, strict=True):
                predictions[i], losses[i] = prediction, loss
        return exact_sum(losses) / len(losses), predictions

    def verify(self) -> None:
        """Record a sample of the shortest program once more, and compare."""
        recorded, indices = min(self._groups, key=lambda group: len(group[0].recording.instructions))
        with suppress(GateError):  # which training raises, if it comes to that, with epoch and sample
            recorded.verify(self.task.samples[indices[len(indices) // 2]])

    # ── updates ─────────────────────────────────────────────────────────────────────────

    def epochs(self, orders: Iterable[Batches], stop: Callable[[], bool], ahead: bool) -> Iterator[float]:
        """See `Runner`: many mini-batches run in one native call."""
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

    def _due(self, orders: Iterable[Batches], ahead: bool) -> Iterator[list[tuple[Sequence[int], bool]]]:
        """As many mini-batches at a time as run without a question, each with whether it ends an epoch."""
        due: list[tuple[Sequence[int], bool]] = []
        for batches in orders:
            for number, batch in enumerate(batches, start=1):
                is_last = number == len(batches)
                due.append((batch, is_last))
                if len(due) >= self._at_once or (is_last and not ahead):
                    yield due
                    due = []
        if due:
            yield due

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
            if len(sums) < len(due):  # a number is not finite
                self._gradients_due = False
                yield self._update_gate_by_gate(batches.pop(0))

    def _update_gate_by_gate(self, batch: Sequence[int]) -> float:
        """An update that native code cannot make: most often it raises the eager error."""
        optimizer, dtype = self.task.optimizer, self._dtype
        before = optimizer.snapshot()
        losses = self.update(batch)
        largest = float(np.finfo(dtype).max)
        worst = max(optimizer.parameters, key=lambda p: max(abs(p._data), abs(p._grad)))
        if largest < max(abs(worst._data), abs(worst._grad), *map(abs, losses)):
            optimizer.assign(*before)
            raise GateError(
                f"an update is beyond {largest:.3g}, the largest {dtype}, at {named_number(worst)} with the "
                f"gradient {shortened(worst._grad)}: dtype='float64' has room for it"
            )
        warn(
            f"updates in which infinity or NaN stays without effect, or {dtype} overflows on the way, are "
            "made gate by gate, which takes far longer than native code"
        )
        return sum(losses)

    def _settings(self, updates_before: int, count: int) -> list[tuple[float, ...]]:
        """The rule's settings for each of the next updates; fewer if the schedule raises."""

        def settings(step: int) -> tuple[float, ...]:
            return (float(step + 1), *self.task.optimizer.rule_arguments(step))

        found = [settings(updates_before)]
        with suppress(Exception):  # which is raised once its update is the next
            for step in range(updates_before + 1, updates_before + count):
                found.append(settings(step))
        return found

    def _drawn(self, batches: list[Sequence[int]]) -> tuple[Samples, Sequence[Any]]:
        """The samples and the mini-batches to run; if the model draws random numbers, with new ones."""
        samples, executions = self._samples, self._descent.executions
        if not any(execution.recording.draws for execution in executions):
            return samples, batches
        order = np.concatenate([np.asarray(batch) for batch in batches])
        programs, places, rows = samples.programs[order], np.empty_like(order), []
        for program, execution in enumerate(executions):
            own = programs == program
            rows.append(samples.rows[program][samples.places[order[own]]])
            places[own] = np.arange(own.sum())
            execution.draw(rows[-1])
        parts = np.split(np.arange(len(order)), np.cumsum([len(batch) for batch in batches[:-1]]))
        return Samples(rows, programs, places), parts


class RecordedTask:
    """What a task does with samples of one shape.

    recording  of [prediction, loss, penalty if there is one]
    cost       runs loss and penalty, and their gradients
    """

    def __init__(self, task: Task, samples: Iterable[Sample], threads: int, dtype: str) -> None:
        @wraps(task.evaluate)
        def everything(*sample: Any) -> list[Any]:
            return [*task.evaluate(*sample), *([task.penalty()] if task.penalty else [])]

        self._function, self._options = everything, (threads, dtype)
        self.recording = record_on(everything, samples)
        self.cost = self._execution(self.recording.result[1:])

    def _execution(self, result: Any, expected: bool = False) -> Execution:
        return Execution(self.recording.only(result), expected, *self._options)

    @cached_property
    def _evaluation(self) -> Execution:
        return self._execution(self.recording.result[:2], expected=True)

    def evaluate(self, samples: Sequence[Sample]) -> list[tuple[Any, float]]:
        """For each sample its prediction as plain numbers, and its loss."""
        outputs = self._evaluation.outputs(rows_of(self._evaluation, samples)).tolist()
        example = (self._evaluation.recording.result[0],)
        return [(as_numbers(shaped(example, row)[0]), row[-1]) for row in outputs]

    def verify(self, sample: Sample) -> None:
        """Raise RecordingError if the task no longer does what was recorded."""
        require_same(self.recording, self._function, sample)


def rows_of(execution: Execution, samples: Sequence[Sample]) -> np.ndarray:
    """Samples of one shape as an array, a row for each."""
    if any(is_ragged(shape_of(argument)) for argument in samples[0]):
        return np.vstack([execution.samples(sample)[0] for sample in samples])
    columns = [np.asarray(column) for column in zip(*samples, strict=True)]
    return execution.samples(columns)[0]
