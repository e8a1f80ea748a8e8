"""Running a recording: its layout, its memories, and the errors of the eager engine.

An `Execution` knows arrays and kernels; `Program` is what a user calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import reduce
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np

from autograd.advice import warn
from autograd.compiler import kernels
from autograd.compiler.layout import Layout, Memory, spans
from autograd.declaration import GateError
from autograd.graph import edges_back
from autograd.not_finite import first_not_finite
from autograd.passes import gradients_along
from autograd.recording.batches import Inputs, stacked
from autograd.recording.recording import Instruction, Recording
from autograd.shapes import shaped
from autograd.value import Value

T = TypeVar("T")
_DATA = attrgetter("_data")
_RAISED_IN_BACKWARD = "a gate raised in the backward pass that did not in the forward pass"


class Execution:
    """A recording laid out for native code, and the memory that it runs in.

    expected  whether draws are replaced by their means
    threads   how many threads share a batch of several spans
    dtype     the type of the numbers in memory

    Every run has a memory of its own, so that runs in several threads, in a signal handler and
    in a forked process do not wait for each other.
    """

    def __init__(
        self, recording: Recording, expected: bool = False, threads: int = 1, dtype: str = "float64"
    ) -> None:
        self.recording = recording
        self.expected, self.threads = expected, threads
        self._inputs = Inputs(recording.titles, recording.example)
        self.layout = Layout(recording, np.dtype(dtype).type)
        self._free: dict[int, list[Memory]] = {}  # memories that no run uses, by their lanes

    def samples(self, inputs: Sequence[Any]) -> tuple[np.ndarray, bool]:
        """The inputs as an array of (samples, numbers in one sample), and whether they are a batch.

        Raises TypeError for anything but real numbers, ValueError for shapes other than the
        example's and for an empty batch.
        """
        samples, is_batch = self._inputs.samples(inputs)
        if self.recording.draws:
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
    def memories(self, samples: int, count: int) -> Iterator[list[Memory]]:
        """Several memories, each for runs over up to so many samples."""
        lanes = self.layout.lanes(samples)
        free = self._free.setdefault(lanes, [])
        taken: list[Memory] = []
        try:
            while len(taken) < count:
                try:
                    taken.append(free.pop())
                except IndexError:
                    taken.append(self.layout.memory(lanes))
            yield taken
        finally:
            free += taken

    def evaluate(self, inputs: tuple[Any, ...]) -> Any:
        """The outputs for one sample as floats, or for a batch as arrays, in the shape of the result."""
        samples, is_batch = self.samples(inputs)
        outputs = self.outputs(samples)
        result = self.recording.result
        return stacked(result, outputs) if is_batch else shaped((result,), outputs[0].tolist())[0]

    def outputs(self, samples: np.ndarray) -> np.ndarray:
        """The outputs, a row for each sample, in the reading order of the result."""
        with self._ran(samples, 0) as (_, outputs, _):
            return outputs

    def mean_gradient(self, samples: np.ndarray) -> tuple[list[float], np.ndarray]:
        """The mean of every output over the samples, and the gradient of the sum of these means.

        Raises GateError where the eager engine would.
        """
        layout = self.layout
        with self._ran(samples, len(samples)) as (memory, outputs, totals):
            means = self._means(outputs, samples)
            with np.errstate(over="ignore", invalid="ignore"):  # the eager engine is asked about such
                memory.grad[: layout.first_row] = reduce(np.add, totals)
            for slot in self.recording.outputs:
                if not layout.is_row(slot):
                    memory.grad[layout.offset(slot, memory.lanes)] += 1.0
            if layout.shared:
                refused = self._native("backward", memory, first=0, last=layout.shared, lanes=1)
                assert refused < 0, _RAISED_IN_BACKWARD
            gradient = memory.grad[layout.parameters].astype(np.float64)
        if not np.isfinite(gradient).all():
            gradient = self._eager_gradient(samples)
            _warn_of_detour(samples)
        return means, gradient

    def _means(self, outputs: np.ndarray, samples: np.ndarray) -> list[float]:
        """The mean of every output. Raises GateError if a number is not finite."""
        means = []
        for slot, column in zip(self.recording.outputs, outputs.T.tolist(), strict=True):
            is_row = self.layout.is_row(slot)
            for i, output in enumerate(column):
                if not math.isfinite(output):
                    raise self._not_finite(slot, samples[i], i if is_row else None)
            means.append(sum(column) / len(column) if is_row else column[0])
        if not all(map(math.isfinite, means)):
            began = f"it began at the sum over {len(samples)} samples"
            raise GateError(f"backward() from a result that is not finite: {began}")
        return means

    def _eager_gradient(self, samples: np.ndarray) -> np.ndarray:
        """The gradient as the eager engine has it, where native code has infinity or NaN.

        A local gradient may be what an eager gate refuses: 1/0, where native code has infinity.
        And behind an upstream gradient of 0 an infinite number makes no NaN.
        """
        recording = self.recording
        gradient = np.zeros(len(recording.parameters))
        for i, sample in enumerate(samples):
            values = self._replay(sample, i)
            for slot in recording.outputs:
                is_row = self.layout.is_row(slot)
                if (is_row or i == 0) and isinstance(values[slot], Value):
                    upstream = 1.0 / len(samples) if is_row else 1.0
                    gradients = gradients_along(edges_back(values[slot]), values[slot], upstream)
                    with np.errstate(invalid="ignore"):  # infinity less infinity, as for floats
                        gradient += [gradients.get(parameter, 0.0) for parameter in recording.parameters]
        return gradient

    # ── runs ────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _ran(self, samples: np.ndarray, batch_size: int) -> Iterator[tuple[Memory, np.ndarray, np.ndarray]]:
        """Run all samples, shared among the threads.

        batch_size  how many samples the mean is taken over, or 0 for no gradients

        Yields a memory in which they ran, the outputs, and with a batch size for each span the
        gradients of what all samples share.
        """
        layout, parts = self.layout, spans(len(samples))
        span = len(parts[0]) if batch_size else 0
        threads = min(self.threads, len(parts))
        parameters = self.recording.parameters
        numbers = np.fromiter(map(_DATA, parameters), float, len(parameters))
        order = np.arange(len(samples))
        outputs = np.empty((len(samples), len(self.recording.outputs)))
        totals = np.empty((len(parts) if batch_size else 0, layout.first_row))
        stops: list[int] = []  # runs in which native code met infinity or NaN, or raised
        with self.memories(len(parts[0]), threads) as memories:

            def run(thread: int) -> None:
                share = parts[len(parts) * thread // threads : len(parts) * (thread + 1) // threads]
                memory, done, end = memories[thread], share[0].start, share[-1].stop
                memory.grad[: layout.first_row] = 0.0
                with np.errstate(over="ignore"):
                    memory.data[layout.parameters] = numbers
                _, error = self._run(memory, 0, layout.shared, 1, stops)
                if error is not None:
                    raise error
                start = layout.shared
                while done < end:
                    memory.take(samples, outputs[done:])
                    done = self._native(
                        "evaluate", memory, order=order, begin=done, end=end, start=start,
                        batch_size=batch_size, span=span, totals=totals,
                    )  # fmt: skip
                    assert done >= 0, _RAISED_IN_BACKWARD
                    if done < end:
                        lanes = min(memory.lanes, end - done, span - done % span if span else memory.lanes)
                        start = len(layout.runs)
                        refused, error = self._run(memory, layout.shared, start, lanes, stops)
                        if error is not None:
                            i = done + refused
                            self._replay(samples[i], i)
                            raise _of_sample(error, i)

            side_by_side(run, threads)
            yield memories[0], outputs, totals
        if stops:
            _warn_of_detour(samples)

    def _native(self, driver: str, memory: Memory, **arguments: Any) -> int:
        return kernels.run(driver, self.layout.dtype, {"program": kernels.address(memory.row), **arguments})

    def _run(
        self, memory: Memory, first: int, last: int, lanes: int, stops: list[int]
    ) -> tuple[int, Exception | None]:
        """Run runs first … last-1 forward. Returns the first lane with an error, and its error, if any.

        stops  receives the runs whose gates the eager engine is asked for
        """
        refusal: Exception | None = None
        while first < last and lanes:
            stopped = self._native("forward", memory, first=first, last=last, lanes=lanes)
            if stopped < 0:
                break
            stops.append(stopped)
            for lane in range(lanes):
                errors = [self._asked(i, memory, lane) for i in self.layout.runs[stopped].instructions]
                if found := next(filter(None, errors), None):
                    # Later gates may refuse an earlier sample, which the eager engine would meet first.
                    refusal, lanes = found, lane
                    break
            first = stopped + 1
        return lanes, refusal

    # ── bad numbers ─────────────────────────────────────────────────────────────────────

    def _asked(self, instruction: Instruction, memory: Memory, lane: int) -> Exception | None:
        """Ask the eager gate where native code raised or met infinity or NaN: its error, if it has one.

        If it has none, its output takes the place of what native code left there.
        """
        recording, gate = self.recording, instruction.gate
        constants = range(recording.first_constant, recording.first_result)
        *arguments, at = (
            self.layout.offset(slot, memory.lanes) + lane * self.layout.is_row(slot)
            for slot in (*instruction.arguments, instruction.output)
        )
        numbers = memory.data[arguments].tolist()
        named = tuple(
            number if slot in constants else Value(number, recording.names[slot])
            for number, slot in zip(numbers, instruction.arguments, strict=True)
        )
        try:
            output, _ = gate.answer(named, numbers)
        except Exception as error:
            return error
        with np.errstate(over="ignore"):
            memory.data[at] = output
        return None

    def _replay(self, sample: np.ndarray, sample_id: int | None) -> list[Value]:
        """The eager graph of one sample. Raises its error, naming the sample."""
        try:
            return self.recording.replay(sample.tolist())
        except Exception as error:
            raise _of_sample(error, sample_id) from None

    def _not_finite(self, slot: int, sample: np.ndarray, sample_id: int | None) -> Exception:
        """The error of the eager backward pass from a slot that is not finite."""
        largest = f"beyond {np.finfo(self.layout.dtype).max}, the largest {self.layout.dtype.__name__}"
        began = first_not_finite(self._replay(sample, sample_id)[slot]) or f"it began {largest}"
        return _of_sample(GateError(f"backward() from a result that is not finite: {began}"), sample_id)


def side_by_side(work: Callable[[int], T], threads: int) -> list[T]:
    """What work(0), …, work(threads - 1) return, each in a thread of its own if there are several.

    Native code holds no lock of Python's. Raises what the first of them raised, once all have ended.

    >>> side_by_side(lambda thread: 10 * thread, 3)
    [0, 10, 20]
    """
    if threads == 1:
        return [work(0)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))


def _warn_of_detour(samples: np.ndarray) -> None:
    if len(samples) > 1:  # one is hardly slower
        warn(
            "a program that meets infinity or NaN goes gate by gate there, which takes far longer than "
            "native code"
        )


def _of_sample(error: Exception, sample_id: int | None) -> Exception:
    if sample_id is None:
        return error
    if isinstance(error, GateError):
        return GateError(f"{error} (sample {sample_id})")
    error.add_note(f"sample {sample_id}")
    return error
