"""Programs: a recorded graph that is replayed as native code, over whole batches.

>>> from autograd.compiler.compiling import compile
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
import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.arguments import boolean, one_of, whole_number
from autograd.compiler.listing import listing
from autograd.compiler.recording import Recording
from autograd.grad_mode import guard_reading
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.execution import Execution


def require_numba(caller: str) -> None:
    """Raise ImportError, saying what to install, if numba is not installed."""
    if importlib.util.find_spec("numba") is None:
        raise ImportError(
            f"{caller} needs numba and NumPy, which are the extra `fast`: "
            "python -m pip install 'scalar-autograd[fast]'"
        )


def native_options(threads: Any, dtype: Any) -> tuple[int, str]:
    """How many threads share a batch, and the type of a program's numbers; errors name the argument."""
    return whole_number("threads", threads, at_least=1), one_of("dtype", dtype, ("float64", "float32"))


class Program:
    """A recorded function, run as native code.

    recording   the function's graph as a list of instructions; `print(program)` shows it
    parameters  the leaves that are not inputs, in the order in which they are met
    threads     how many run side by side, and
    dtype       the type of the numbers in native code: see `compile`

    Everything a run needs is computed at the first one. A program can be used from several
    threads at once, and in a signal handler.
    """

    def __init__(self, recording: Recording, threads: int = 1, dtype: str = "float64") -> None:
        self.recording = recording
        self.threads, self.dtype = threads, dtype

    @cached_property
    def execution(self) -> Execution:
        """The recording laid out for native code, once something is to run."""
        from autograd.compiler.execution import Execution  # imports NumPy

        return Execution(self.recording, threads=self.threads, dtype=self.dtype)

    @property
    def parameters(self) -> list[Value]:
        """The leaves that the function reached besides its inputs."""
        return list(self.recording.parameters)

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for one sample, or for a batch with one more axis than the example.

        One sample gives a float for every Value that the function returned; a batch of n
        gives an array of n in its place, or for a list of k Values one array of (n, k).

        Raises ValueError for other shapes and for an empty batch, and the GateError of the
        eager engine, naming the gate and the sample, if a gate is not defined.
        """
        self._guard_parameters()
        return self.execution.evaluate(inputs)

    def backward(self, *inputs: Any) -> float:
        """The mean loss over the batch; adds its gradient to `.grad` of every parameter.

        The same as the eager loop over samples, a mean, and its `backward()`.

        Raises ValueError if the function returns more than one number, and GateError if the
        eager engine would; then no gradient is changed.
        """
        if not isinstance(self.recording.result, int):
            raise ValueError(
                "backward() needs a function that returns one number, a loss; "
                f"this one returns {len(self.recording.outputs)} in a list"
            )
        self._guard_parameters()
        samples, _ = self.execution.samples(inputs)
        (loss,), gradient = self.execution.mean_gradient(samples)
        with _adding:
            for parameter, g in zip(self.recording.parameters, gradient.tolist(), strict=True):
                parameter._grad += g
        return loss

    def _guard_parameters(self) -> None:
        if self.recording.parameters:
            guard_reading("a program with parameters")

    def __repr__(self) -> str:
        recording = self.recording
        counts = [
            (len(recording.inputs), "input"),
            (len(recording.parameters), "parameter"),
            (len(recording.instructions), "gate"),
        ]
        return f"Program({', '.join(f'{n} {word}' + 's' * (n != 1) for n, word in counts)})"

    def listing(self, opened: bool = False) -> str:
        """The program gate by gate, as it runs; a whole layer, or one gate many times, is one line.

        opened  whether the gates of such a line stand under it
        """
        return listing(self.recording, boolean("opened", opened))

    def __str__(self) -> str:
        return self.listing()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Program is not copied or pickled: it reads the very parameters that it was compiled with; "
            "copy or pickle those, or their model, and compile it again"
        )


_adding = threading.RLock()  # held while gradients are added to those of the parameters
if hasattr(os, "register_at_fork"):  # a forked process starts with it released
    os.register_at_fork(
        before=_adding.acquire, after_in_parent=_adding.release, after_in_child=_adding.release
    )
