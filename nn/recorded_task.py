"""A task as programs: one for each shape of its samples, all on the same parameters.

Compiled training and evaluation run on these. Sequences of different lengths have different
graphs, so each length is recorded when it is first met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, wraps
from typing import Any

import numpy as np

from autograd.compiler.descent import Samples
from autograd.compiler.execution import Execution
from autograd.recording.recording import Recording
from autograd.recording.tracing import record_on, require_same
from autograd.shapes import is_ragged, shape_of, shaped
from nn.runners import Sample, Task, as_numbers


class RecordedSample:
    """What a task does with samples of one shape.

    recording  of [prediction, loss, penalty if there is one]
    cost       runs loss and penalty, and their gradients
    """

    def __init__(self, task: Task, samples: Iterable[Sample]) -> None:
        @wraps(task.evaluate)
        def everything(*sample: Any) -> list[Any]:
            prediction, loss = task.evaluate(*sample)
            return [prediction, loss, *([task.penalty()] if task.penalty else [])]

        self._function = everything
        self.recording: Recording = record_on(everything, samples)
        self._task = task
        self.cost = self._execution(self.recording.result[1:])

    def _execution(self, result: Any, expected: bool = False) -> Execution:
        return Execution(self.recording.only(result), expected, self._task.threads, self._task.dtype)

    @cached_property
    def _evaluation(self) -> Execution:
        prediction, loss, *_ = self.recording.result
        return self._execution([prediction, loss], expected=True)

    def evaluate(self, samples: Sequence[Sample]) -> tuple[list[Any], list[float]]:
        """The predictions as plain numbers, and the losses."""
        outputs = self._evaluation.outputs(rows_of(self._evaluation, samples)).tolist()
        example = (self._evaluation.recording.result[0],)
        return [as_numbers(shaped(example, row)[0]) for row in outputs], [row[-1] for row in outputs]

    def verify(self, sample: Sample) -> None:
        """Raise RecordingError if the task no longer does what was recorded."""
        require_same(self.recording, self._function, sample)


class RecordedTask:
    """The programs of a task, by the shape of a sample."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._shapes: dict[Any, RecordedSample] = {}
        self._examples: list[tuple[RecordedSample, Sample]] = []
        grouped = self._grouped(task.samples)
        count = len(task.samples)
        rows, programs, places = [], np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
        for program, (recorded, indices) in enumerate(grouped):
            samples = [task.samples[i] for i in indices]
            rows.append(rows_of(recorded.cost, samples))
            programs[indices], places[indices] = program, range(len(indices))
            self._examples.append((recorded, samples[len(samples) // 2]))
        self.executions = [recorded.cost for recorded, _ in grouped]
        self.samples = Samples(rows, programs, places)

    def _grouped(self, samples: list[Sample]) -> list[tuple[RecordedSample, list[int]]]:
        """The samples of each shape by their indices, with the program of that shape."""
        groups: dict[Any, list[int]] = {}
        for i, sample in enumerate(samples):
            groups.setdefault(tuple(map(shape_of, sample)), []).append(i)
        for shape, (first, *others) in groups.items():
            if shape not in self._shapes:
                found = (samples[i] for i in (first, *reversed(others)))
                self._shapes[shape] = RecordedSample(self.task, found)
        return [(self._shapes[shape], indices) for shape, indices in groups.items()]

    def evaluate(self, samples: list[Sample]) -> tuple[list[Any], list[float]]:
        """The predictions as plain numbers, and the losses, of samples of any shape."""
        predictions, losses = [None] * len(samples), [0.0] * len(samples)
        for recorded, indices in self._grouped(samples):
            outputs = recorded.evaluate([samples[i] for i in indices])
            for i, prediction, loss in zip(indices, *outputs, strict=True):
                predictions[i], losses[i] = prediction, loss
        return predictions, losses

    def verify(self) -> None:
        """Raise RecordingError if the task has changed, as seen by a sample of the shortest program."""
        recorded, sample = min(self._examples, key=lambda example: len(example[0].recording.instructions))
        recorded.verify(sample)


def rows_of(execution: Execution, samples: Sequence[Sample]) -> np.ndarray:
    """Samples of one shape as an array, a row for each."""
    if any(is_ragged(shape_of(argument)) for argument in samples[0]):
        return np.vstack([execution.samples(sample)[0] for sample in samples])
    columns = [np.asarray(column) for column in zip(*samples, strict=True)]
    return execution.samples(columns)[0]
