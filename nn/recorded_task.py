"""A task as a program: its loss and penalty, recorded on samples of one shape.

Samples of another shape, such as longer sequences, make another graph, and so another program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, wraps
from typing import Any

import numpy as np

from autograd.compiler.execution import Execution
from autograd.recording.tracing import record_on, require_same
from autograd.shapes import is_ragged, shape_of, shaped
from nn.runners import Sample, Task, as_numbers


class RecordedTask:
    """What a task does with samples of one shape.

    recording  of [prediction, loss, penalty if there is one]
    cost       runs loss and penalty, and their gradients
    """

    def __init__(self, task: Task, samples: Iterable[Sample]) -> None:
        @wraps(task.evaluate)
        def everything(*sample: Any) -> list[Any]:
            return [*task.evaluate(*sample), *([task.penalty()] if task.penalty else [])]

        self._task, self._function = task, everything
        self.recording = record_on(everything, samples)
        self.cost = self._execution(self.recording.result[1:])

    def _execution(self, result: Any, expected: bool = False) -> Execution:
        return Execution(self.recording.only(result), expected, self._task.threads, self._task.dtype)

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
