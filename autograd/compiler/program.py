"""Programs: a recorded graph that is replayed as native code, over whole batches.

>>> w, b = Value(2.0, "w"), Value(-1.0, "b")
>>> program = compile(lambda x: (w * x + b).sigmoid(), 0.0)
>>> program(0.5)
0.5
>>> program([0.5, 1.5, 2.5])  # one more axis than the example: a batch
array([0.5       , 0.88079708, 0.98201379])
>>> round(program.backward([0.5, 1.5, 2.5]), 4)  # the mean over the batch, and its gradient
0.7876
>>> round(w.grad, 4), round(b.grad, 4)
(0.1089, 0.1242)
"""

from __future__ import annotations

import importlib.util
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.arguments import function as as_function
from autograd.compiler.listing import listing
from autograd.compiler.recording import Instruction, Recording, record
from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError
from autograd.grad_mode import guard_reading
from autograd.graph import first_not_finite
from autograd.shapes import shaped
from autograd.value import Value

if TYPE_CHECKING:
    import numpy as np

    from autograd.compiler.batches import Inputs
    from autograd.compiler.layout import Layout, Memory


def compile(function: Callable[..., Any], *example: Any) -> Program:  # noqa: A001  as the field calls it
    """Record `function` once, to be run as native code.

    `function` is called with Values in the place of the numbers in `example`: numbers, or
    lists, tuples and arrays of them, nested as you like. It gives back a Value, or lists
    and tuples of Values. All other leaves that it reaches are the program's `parameters`:
    they are read at each run and never copied behind your back.

    Raises RecordingError where the function takes a number out of the graph, which would be
    frozen into the program: `if v > 0`, `float(v)`, `max(a, b)`, `v.detach()`. What goes
    unnoticed is frozen all the same: a look at `v.data` or `repr(v)`, a random number, a
    variable that changes from call to call. Raises TypeError where `function` is none, or gives
    anything but Values, ImportError where numba is not installed.

    A gate of your own is compiled when the program first runs, and raises TypeError there if
    numba cannot. Inside it an overflow or a division by 0 gives infinity or NaN, which is
    noticed where it still shows in what comes out of the gate: then the gate itself, in
    Python, is asked.

    >>> program = compile(lambda x, y: x * y, 0.0, 0.0)
    >>> program(3.0, 4.0)
    12.0
    """
    require_numba("compile")
    return Program(record(as_function("function", function), *example))


def require_numba(caller: str) -> None:
    """Raises ImportError, saying what to install, where numba is not."""
    if importlib.util.find_spec("numba") is None:
        raise ImportError(
            f"{caller} needs numba and NumPy, which are the extra `fast`: "
            "python -m pip install 'scalar-autograd[fast]'"
        )


class Program:
    """A recorded function, run as native code.

    recording   the function's graph as a list of instructions; `print(program)` shows it
    parameters  the leaves that are not inputs, in the order in which they are met

    Everything a run needs is computed at the first one. A program can be used from several
    threads: runs take turns.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.lock = threading.Lock()
        self._memories: dict[int, Memory] = {}

    @property
    def parameters(self) -> list[Value]:
        """The leaves that the function reached besides its inputs."""
        return list(self.recording.parameters)

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for one sample, or for a batch with one more axis than the example.

        One sample gives a float for every Value that the function gave back; a batch of n
        gives an array of n in its place, or for a list of k Values one array of (n, k).

        Raises ValueError for other shapes and for an empty batch, and the GateError of the
        eager engine, naming the gate and the sample, where a gate is not defined.
        """
        samples, is_batch = self.samples(*inputs)
        with self.lock:
            outputs = self._evaluate(samples)
        if is_batch:
            from autograd.compiler.batches import stacked

            return stacked(self.recording.result, outputs)
        return shaped((self.recording.result,), outputs[0].tolist())[0]

    def backward(self, *inputs: Any) -> float:
        """The mean loss over the batch; adds its gradient to `.grad` of every parameter.

        The same as the eager loop over samples, a mean, and its `backward()`.

        Raises ValueError where the function gives more than one number, and GateError where
        the eager engine would; then no gradient is changed.
        """
        if not isinstance(self.recording.result, int):
            raise ValueError(
                "backward() needs a function that gives one number, a loss; "
                f"this one gives {len(self.recording.outputs)} in a list"
            )
        samples, _ = self.samples(*inputs)
        with self.lock:
            (loss,), gradient = self.mean_gradient(samples, self.parameter_numbers(), range(len(samples)))
            for parameter, g in zip(self.recording.parameters, gradient.tolist(), strict=True):
                parameter.grad = (parameter.grad or 0.0) + g
        return loss

    def __repr__(self) -> str:
        recording = self.recording
        counts = [
            (len(recording.inputs), "input"),
            (len(recording.parameters), "parameter"),
            (len(recording.instructions), "gate"),
        ]
        return f"Program({', '.join(f'{n} {word}' + 's' * (n != 1) for n, word in counts)})"

    def __str__(self) -> str:
        return listing(self.recording)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Program is not copied or pickled: it reads the very parameters that it was compiled with; "
            "copy or pickle those, or their model, and compile it again"
        )

    # ── inputs ──────────────────────────────────────────────────────────────────────────

    @cached_property
    def _inputs(self) -> Inputs:
        from autograd.compiler.batches import Inputs

        return Inputs(self.recording.titles, self.recording.example)

    def samples(self, *inputs: Any) -> tuple[np.ndarray, bool]:
        """The inputs as an array of (samples, numbers in one sample), and whether they are a batch.

        Raises TypeError for anything but real numbers, ValueError for shapes other than the
        example's and for an empty batch.
        """
        return self._inputs.samples(inputs)

    def parameter_numbers(self) -> list[float]:
        """The numbers of the parameters, as they are now."""
        if self.recording.parameters:
            guard_reading("a program with parameters")
        return [parameter.data for parameter in self.recording.parameters]

    # ── runs ────────────────────────────────────────────────────────────────────────────

    @cached_property
    def layout(self) -> Layout:
        """The instructions laid out for native code, made when first needed."""
        from autograd.compiler.layout import Layout

        return Layout(self.recording)

    def memory(self, samples: int) -> Memory:
        """The program's memory for runs over so many samples."""
        lanes = self.layout.lanes(samples)
        if lanes not in self._memories:
            self._memories[lanes] = self.layout.memory(lanes)
        return self._memories[lanes]

    def _evaluate(self, samples: np.ndarray) -> np.ndarray:
        """The outputs, one row for each sample."""
        import numpy as np

        memory = self.memory(len(samples))
        self._begin(memory, self.parameter_numbers())
        outputs = np.empty((len(samples), len(self.recording.outputs)))
        for first, lanes in self._forward(memory, samples, range(len(samples))):
            for column, slot in enumerate(self.recording.outputs):
                outputs[first : first + lanes, column] = self._numbers_at(slot, memory, lanes)
        return outputs

    def mean_gradient(
        self, samples: np.ndarray, parameters: Sequence[float] | np.ndarray, numbers: Sequence[int]
    ) -> tuple[list[float], np.ndarray]:
        """The mean of every output over the samples, and the gradient of their sum.

        parameters  the numbers to run with, and to take the gradient in
        numbers     what the samples are called in an error

        Raises GateError where the eager engine would.
        """
        import numpy as np

        layout = self.layout
        memory = self.memory(len(samples))
        rows = {slot: layout.offset(slot, memory) for slot in self.recording.outputs if layout.is_row(slot)}
        shared = [slot for slot in self.recording.outputs if slot not in rows]
        sums = dict.fromkeys(rows, 0.0)
        self._begin(memory, parameters)
        memory.grad[: layout.first_row] = 0.0
        for first, lanes in self._forward(memory, samples, numbers):
            memory.grad[layout.first_row :] = 0.0
            for slot, at in rows.items():
                outputs = memory.data[at : at + lanes].tolist()
                for lane, output in enumerate(outputs):
                    if not math.isfinite(output):
                        raise self._not_finite(slot, samples[first + lane], numbers[first + lane])
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
            for sample, number in zip(samples, numbers, strict=True):
                self._replay(sample, number)
        return [means[slot] for slot in self.recording.outputs], gradient

    def _begin(self, memory: Memory, parameters: Sequence[float] | np.ndarray) -> None:
        """Put the parameters in, and compute what all samples share."""
        memory.data[: self.layout.parameters] = parameters
        self._run(memory, 0, self.layout.shared, 1, ())

    def _forward(
        self, memory: Memory, samples: np.ndarray, numbers: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Run the forward pass over the samples, some lanes at a time: their first, and how many."""
        layout = self.layout
        inputs = len(self.recording.inputs)
        rows = memory.data[layout.first_row :].reshape(layout.rows, memory.lanes)
        for first in range(0, len(samples), memory.lanes):
            lanes = min(memory.lanes, len(samples) - first)
            rows[:inputs, :lanes] = samples[first : first + lanes].T
            self._run(memory, layout.shared, len(layout.instructions), lanes, numbers[first : first + lanes])
            yield first, lanes

    def _run(self, memory: Memory, first: int, last: int, lanes: int, numbers: Sequence[int]) -> None:
        """Run instructions first … last-1 forward.

        Raises the GateError of the first sample that has one.
        """
        from autograd.compiler import kernels

        layout = self.layout
        refusal: GateError | None = None
        while first < last:
            stopped = kernels.forward(*memory.addresses, first, last, lanes)
            if stopped < 0:
                break
            for lane in range(lanes):
                if found := self._refused(layout.instructions[stopped], memory, lane):
                    # Later gates may refuse an earlier sample, which the eager engine would meet first.
                    refusal = _of_sample(found, numbers[lane] if len(numbers) else None)
                    lanes = lane
                    break
            first = stopped + 1 if lanes else last
        if refusal is not None:
            raise refusal

    def _run_back(self, memory: Memory, first: int, last: int, lanes: int) -> None:
        from autograd.compiler import kernels

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

    def _replay(self, sample: np.ndarray, number: int | None) -> list[Value]:
        """The eager graph of one sample. Raises its GateError with the number of the sample."""
        try:
            return self.recording.replay(sample.tolist())
        except GateError as error:
            raise _of_sample(error, number) from None

    def _not_finite(self, slot: int, sample: np.ndarray, number: int | None) -> GateError:
        """The error of the eager backward pass from a slot that is not finite."""
        return _of_sample(GateError(first_not_finite(self._replay(sample, number)[slot])), number)


def _of_sample(error: GateError, number: int | None) -> GateError:
    return error if number is None else GateError(f"{error} (sample {number})")
