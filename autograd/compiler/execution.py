"""Running a recording: its layout, its memories, and the errors of the eager engine.

An `Execution` knows arrays and kernels; `Program` is what a user calls.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd.compiler import kernels
from autograd.compiler.batches import Inputs, stacked
from autograd.compiler.layout import Layout, Memory
from autograd.compiler.recording import Instruction, Recording
from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError
from autograd.graph import first_not_finite
from autograd.shapes import shaped
from autograd.value import Value


class Execution:
    """A recording laid out for native code, and the memory that it runs in.

    expected  whether draws are replaced by their means
    lock      held by whoever uses the memory: runs in several threads take turns
    """

    def __init__(self, recording: Recording, expected: bool = False) -> None:
        self.recording = recording
        self.expected = expected
        self._inputs = Inputs(recording.titles, recording.example)
        self.layout = Layout(recording)
        self.lock = threading.Lock()
        self._memories: dict[int, Memory] = {}

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
        if draws:
            columns = samples[:, -len(draws) :]
            if self.expected:
                columns[:] = [draw.mean for draw in draws]
            else:
                columns[:] = [[draw.distribution() for draw in draws] for _ in samples]

    def parameter_numbers(self) -> np.ndarray:
        """The numbers of the parameters, as they are now."""
        return np.array([parameter.data for parameter in self.recording.parameters], dtype=float)

    def memory(self, samples: int) -> Memory:
        """The memory for runs over this many samples."""
        lanes = self.layout.lanes(samples)
        if lanes not in self._memories:
            self._memories[lanes] = self.layout.memory(lanes)
        return self._memories[lanes]

    def evaluate(self, inputs: tuple[Any, ...]) -> Any:
        """The outputs for one sample as floats, or for a batch as arrays, in the shape of the result."""
        samples, is_batch = self.samples(inputs)
        with self.lock:
            outputs = self._outputs(samples)
        result = self.recording.result
        return stacked(result, outputs) if is_batch else shaped((result,), outputs[0].tolist())[0]

    def _outputs(self, samples: np.ndarray) -> np.ndarray:
        """The outputs, a row for each sample."""
        memory = self.memory(len(samples))
        self._begin(memory)
        outputs = np.empty((len(samples), len(self.recording.outputs)))
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
        with self.lock:
            return self._mean_gradient(samples, range(len(samples)) if sample_ids is None else sample_ids)

    def _mean_gradient(
        self, samples: np.ndarray, sample_ids: Sequence[int]
    ) -> tuple[list[float], np.ndarray]:
        layout = self.layout
        memory = self.memory(len(samples))
        rows = {slot: layout.offset(slot, memory) for slot in self.recording.outputs if layout.is_row(slot)}
        shared = [slot for slot in self.recording.outputs if slot not in rows]
        sums = dict.fromkeys(rows, 0.0)
        self._begin(memory)
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
            self._run_back(memory, layout.shared, len(layout.instructions), lanes)
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
        gradient = memory.grad[: layout.parameters].copy()
        if not np.isfinite(gradient).all():
            # A local gradient may be what an eager gate refuses: 1/0, where native code has infinity.
            for sample, sample_id in zip(samples, sample_ids, strict=True):
                self._replay(sample, sample_id)
        return [means[slot] for slot in self.recording.outputs], gradient

    def _begin(self, memory: Memory) -> None:
        """Put the parameters in, and compute what all samples share."""
        memory.data[: self.layout.parameters] = self.parameter_numbers()
        self._run(memory, 0, self.layout.shared, 1, ())

    def _forward(
        self, memory: Memory, samples: np.ndarray, sample_ids: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Run the forward pass over the samples, some lanes at a time: their first, and how many."""
        layout = self.layout
        inputs = len(self.recording.inputs)
        rows = memory.data[layout.first_row :].reshape(layout.rows, memory.lanes)
        for first in range(0, len(samples), memory.lanes):
            lanes = min(memory.lanes, len(samples) - first)
            rows[:inputs, :lanes] = samples[first : first + lanes].T
            self._run(
                memory, layout.shared, len(layout.instructions), lanes, sample_ids[first : first + lanes]
            )
            yield first, lanes

    def _run(self, memory: Memory, first: int, last: int, lanes: int, sample_ids: Sequence[int]) -> None:
        """Run instructions first … last-1 forward.

        Raises the GateError of the first sample that has one.
        """
        layout = self.layout
        refusal: GateError | None = None
        while first < last:
            stopped = kernels.forward(*memory.addresses, first, last, lanes)
            if stopped < 0:
                break
            for lane in range(lanes):
                if found := self._refused(layout.instructions[stopped], memory, lane):
                    # Later gates may refuse an earlier sample, which the eager engine would meet first.
                    refusal = _of_sample(found, sample_ids[lane] if len(sample_ids) else None)
                    lanes = lane
                    break
            first = stopped + 1 if lanes else last
        if refusal is not None:
            raise refusal

    def _run_back(self, memory: Memory, first: int, last: int, lanes: int) -> None:
        kernels.backward(*memory.addresses, first, last, lanes)

    def _numbers_at(self, slot: int, memory: Memory, lanes: int) -> np.ndarray:
        """A slot's number in each lane; one for all where the samples share it."""
        at = self.layout.offset(slot, memory)
        return memory.data[at : at + (lanes if self.layout.is_row(slot) else 1)]

    def _number_at(self, slot: int, memory: Memory, lane: int) -> float:
        at = self.layout.offset(slot, memory)
        return float(memory.data[at + lane if self.layout.is_row(slot) else at])

    # ── bad numbers ─────────────────────────────────────────────────────────────────────

    def _refused(self, instruction: Instruction, memory: Memory, lane: int) -> GateError | None:
        """The error that the eager gate raises where native code goes on with infinity or NaN."""
        recording, gate = self.recording, instruction.gate
        if isinstance(gate, Gate) and math.isfinite(self._number_at(instruction.output, memory, lane)):
            return None
        constants = range(recording.first_constant, recording.first_result)
        given = [self._number_at(slot, memory, lane) for slot in instruction.arguments]
        try:
            gate.function(*given)
        except ARITHMETIC_ERRORS as error:
            named = tuple(
                number if slot in constants else Value(number, recording.names[slot])
                for number, slot in zip(given, instruction.arguments, strict=True)
            )
            return gate.refusal(named, error)
        return None

    def _replay(self, sample: np.ndarray, sample_id: int | None) -> list[Value]:
        """The eager graph of one sample. Raises its GateError, naming the sample."""
        try:
            return self.recording.replay(sample.tolist())
        except GateError as error:
            raise _of_sample(error, sample_id) from None

    def _not_finite(self, slot: int, sample: np.ndarray, sample_id: int | None) -> GateError:
        """The error of the eager backward pass from a slot that is not finite."""
        return _of_sample(GateError(first_not_finite(self._replay(sample, sample_id)[slot])), sample_id)


def _of_sample(error: GateError, sample_id: int | None) -> GateError:
    return error if sample_id is None else GateError(f"{error} (sample {sample_id})")
