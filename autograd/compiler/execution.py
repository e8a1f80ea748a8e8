"""Running a recording: its layout, its memories, and the errors of the eager engine.

An `Execution` knows arrays and kernels; `Program` is what a user calls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.compiler import kernels
from autograd.compiler.batches import Inputs, stacked
from autograd.compiler.layout import Layout, Memory
from autograd.compiler.recording import Instruction, Recording
from autograd.declaration import ARITHMETIC_ERRORS, GateError
from autograd.graph import edges_back, flow
from autograd.not_finite import first_not_finite
from autograd.shapes import shaped
from autograd.value import Value

_DATA = attrgetter("_data")


class Execution:
    """A recording laid out for native code, and the memory that it runs in.

    expected  whether draws are replaced by their means

    Every run has a memory of its own, so that runs in several threads, in a signal handler and
    in a forked process do not wait for each other.
    """

    def __init__(self, recording: Recording, expected: bool = False) -> None:
        self.recording = recording
        self.expected = expected
        self._inputs = Inputs(recording.titles, recording.example)
        self.layout = Layout(recording)
        self._free: dict[int, list[Memory]] = {}  # memories that no run uses, by their lanes

    def samples(self, inputs: Sequence[Any]) -> tuple[np.ndarray, bool]:
        """The inputs as an array of (samples, numbers in one sample), and whether they are a batch.

        Raises TypeError for anything but real numbers, ValueError for shapes other than the
        example's and for an empty batch.
        """
        samples, is_batch = self._inputs.samples(inputs)
        samples = np.hstack([samples, np.empty((len(samples), len(self.recording.draws)))])
        self.draw(samples)
        return samples, is_batch

    def draw(self, samples: np.ndarray) -> None:
        """Set the last columns of the samples, the draws, to new numbers or to their means."""
        draws = self.recording.draws
        if draws and len(samples):
            columns = samples[:, -len(draws) :]
            if self.expected:
                columns[:] = [draw.mean for draw in draws]
            else:
                columns[:] = [[draw.distribution() for draw in draws] for _ in samples]

    @contextmanager
    def memory(self, samples: int) -> Iterator[Memory]:
        """A memory for a run over this many samples."""
        lanes = self.layout.lanes(samples)
        free = self._free.setdefault(lanes, [])
        try:
            memory = free.pop()
        except IndexError:
            memory = self.layout.memory(lanes)
        try:
            yield memory
        finally:
            free.append(memory)

    def evaluate(self, inputs: tuple[Any, ...]) -> Any:
        """The outputs for one sample as floats, or for a batch as arrays, in the shape of the result."""
        samples, is_batch = self.samples(inputs)
        outputs = self.outputs(samples)
        result = self.recording.result
        return stacked(result, outputs) if is_batch else shaped((result,), outputs[0].tolist())[0]

    def outputs(self, samples: np.ndarray) -> np.ndarray:
        """The outputs, a row for each sample, in the reading order of the result."""
        outputs = np.empty((len(samples), len(self.recording.outputs)))
        with self.memory(len(samples)) as memory:
            for first, lanes in self._forward(memory, samples, range(len(samples))):
                for column, slot in enumerate(self.recording.outputs):
                    outputs[first : first + lanes, column] = self._numbers_at(slot, memory, lanes)
        return outputs

    def mean_gradient(
        self, samples: np.ndarray, sample_ids: Sequence[int] | None = None
    ) -> tuple[list[float], np.ndarray]:
        """The mean of every output over the samples, and the gradient of the sum of these means.

        sample_ids  what the samples are called in an error; by default 0, 1, 2, …

        Raises GateError where the eager engine would.
        """
        ids = range(len(samples)) if sample_ids is None else sample_ids
        with self.memory(len(samples)) as memory:
            return self._mean_gradient(memory, samples, ids)

    def _mean_gradient(
        self, memory: Memory, samples: np.ndarray, sample_ids: Sequence[int]
    ) -> tuple[list[float], np.ndarray]:
        layout = self.layout
        rows = {slot: layout.offset(slot, memory) for slot in self.recording.outputs if layout.is_row(slot)}
        shared = [slot for slot in self.recording.outputs if slot not in rows]
        sums = dict.fromkeys(rows, 0.0)
        memory.grad[: layout.first_row] = 0.0
        for first, lanes in self._forward(memory, samples, sample_ids):
            memory.grad[layout.first_row :] = 0.0
            for slot, at in rows.items():
                outputs = memory.data[at : at + lanes].tolist()
                for lane, output in enumerate(outputs):
                    if not math.isfinite(output):
                        raise self._not_finite(slot, samples[first + lane], sample_ids[first + lane])
                sums[slot] += sum(outputs)
                memory.grad[at : at + lanes] += 1.0 / len(samples)
            self._run_back(memory, layout.shared, len(layout.runs), lanes)
        means = {slot: sums[slot] / len(samples) for slot in rows}
        if not all(map(math.isfinite, means.values())):
            began = f"it began at the sum over {len(samples)} samples"
            raise GateError(f"backward() from a result that is not finite: {began}")
        for slot in shared:
            at = layout.offset(slot, memory)
            means[slot] = float(memory.data[at])
            if not math.isfinite(means[slot]):
                raise self._not_finite(slot, samples[0], None)
            memory.grad[at] += 1.0
        self._run_back(memory, 0, layout.shared, 1)
        gradient = memory.grad[layout.parameters]
        if not np.isfinite(gradient).all():
            gradient = self._eager_gradient(samples, sample_ids)
        return [means[slot] for slot in self.recording.outputs], gradient

    def _eager_gradient(self, samples: np.ndarray, sample_ids: Sequence[int]) -> np.ndarray:
        """The gradient as the eager engine has it, where native code has infinity or NaN.

        A local gradient may be what an eager gate refuses: 1/0, where native code has infinity.
        And behind an upstream gradient of 0 an infinite number makes no NaN.
        """
        recording = self.recording
        gradient = np.zeros(len(recording.parameters))
        for i, (sample, sample_id) in enumerate(zip(samples, sample_ids, strict=True)):
            values = self._replay(sample, sample_id)
            for slot in recording.outputs:
                is_row = self.layout.is_row(slot)
                if (is_row or i == 0) and isinstance(values[slot], Value):
                    gradients = {values[slot]: 1.0 / len(samples) if is_row else 1.0}
                    for _ in flow(edges_back(values[slot]), gradients):
                        pass
                    gradient += [gradients.get(parameter, 0.0) for parameter in recording.parameters]
        return gradient

    def _forward(
        self, memory: Memory, samples: np.ndarray, sample_ids: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Run the forward pass over the samples, some lanes at a time: their first, and how many."""
        layout = self.layout
        parameters = self.recording.parameters
        memory.data[layout.parameters] = np.fromiter(map(_DATA, parameters), float, len(parameters))
        _, error = self._run(memory, 0, layout.shared, 1)
        if error is not None:
            raise error
        inputs = len(self.recording.inputs)
        rows = memory.data[layout.first_row :].reshape(layout.rows, memory.lanes)
        for first in range(0, len(samples), memory.lanes):
            lanes = min(memory.lanes, len(samples) - first)
            rows[:inputs, :lanes] = samples[first : first + lanes].T
            refused, error = self._run(memory, layout.shared, len(layout.runs), lanes)
            if error is not None:
                self._replay(samples[first + refused], sample_ids[first + refused])
                raise error
            yield first, lanes

    def _run(self, memory: Memory, first: int, last: int, lanes: int) -> tuple[int, Exception | None]:
        """Run runs first … last-1 forward: the first lane with an error, and one that it has."""
        refusal: Exception | None = None
        while first < last and lanes:
            stopped = kernels.forward(**memory.arguments, first=first, last=last, lanes=lanes)
            if stopped < 0:
                break
            for lane in range(lanes):
                errors = [self._asked(i, memory, lane) for i in self.layout.runs[stopped].instructions]
                if found := next(filter(None, errors), None):
                    # Later gates may refuse an earlier sample, which the eager engine would meet first.
                    refusal, lanes = found, lane
                    break
            first = stopped + 1
        return lanes, refusal

    def _run_back(self, memory: Memory, first: int, last: int, lanes: int) -> None:
        """Run runs last-1 … first backward."""
        if kernels.backward(**memory.arguments, first=first, last=last, lanes=lanes) >= 0:
            raise AssertionError("a gate raised in the backward pass that did not in the forward pass")

    def _numbers_at(self, slot: int, memory: Memory, lanes: int) -> np.ndarray:
        """A slot's number in each lane; one for all where the samples share it."""
        at = self.layout.offset(slot, memory)
        return memory.data[at : at + (lanes if self.layout.is_row(slot) else 1)]

    def _number_at(self, slot: int, memory: Memory, lane: int) -> float:
        return float(memory.data[self._offset(slot, memory, lane)])

    def _offset(self, slot: int, memory: Memory, lane: int) -> int:
        return self.layout.offset(slot, memory) + (lane if self.layout.is_row(slot) else 0)

    # ── bad numbers ─────────────────────────────────────────────────────────────────────

    def _asked(self, instruction: Instruction, memory: Memory, lane: int) -> Exception | None:
        """Ask the eager gate where native code raised or met infinity or NaN: its error, if it has one.

        If it has none, its output takes the place of what native code left there.
        """
        recording, gate = self.recording, instruction.gate
        constants = range(recording.first_constant, recording.first_result)
        numbers = [self._number_at(slot, memory, lane) for slot in instruction.arguments]
        try:
            output, _ = gate.function(*numbers)
        except Exception as error:
            named = tuple(
                number if slot in constants else Value(number, recording.names[slot])
                for number, slot in zip(numbers, instruction.arguments, strict=True)
            )
            if isinstance(error, ARITHMETIC_ERRORS):
                return gate.refusal(named, error)
            error.add_note(f"in {gate.applied_to(named)}")
            return error
        memory.data[self._offset(instruction.output, memory, lane)] = output
        return None

    def _replay(self, sample: np.ndarray, sample_id: int | None) -> list[Value]:
        """The eager graph of one sample. Raises its error, naming the sample."""
        try:
            return self.recording.replay(sample.tolist())
        except Exception as error:
            raise _of_sample(error, sample_id) from None

    def blame(self, samples: np.ndarray, sample_ids: Sequence[int]) -> None:
        """Raise GateError for the first sample with a number or a gradient that is not finite."""
        for sample, sample_id in zip(samples, sample_ids, strict=True):
            root = self._replay(sample, sample_id)[self.recording.outputs[0]]
            if isinstance(root, Value) and (began := first_not_finite(root)):
                raise _of_sample(GateError(f"training needs finite numbers: {began}"), sample_id)

    def _not_finite(self, slot: int, sample: np.ndarray, sample_id: int | None) -> Exception:
        """The error of the eager backward pass from a slot that is not finite."""
        began = first_not_finite(self._replay(sample, sample_id)[slot])
        return _of_sample(GateError(f"backward() from a result that is not finite: {began}"), sample_id)


def _of_sample(error: Exception, sample_id: int | None) -> Exception:
    if sample_id is None:
        return error
    if isinstance(error, GateError):
        return GateError(f"{error} (sample {sample_id})")
    error.add_note(f"sample {sample_id}")
    return error
