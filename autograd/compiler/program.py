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

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.arguments import boolean, counted, one_of, require_package, whole_number
from autograd.bridges.parameter_arrays import arrays_of_program, load
from autograd.grad_mode import guard_reading
from autograd.recording.listing import listing
from autograd.recording.recording import Recording
from autograd.value import Value

if TYPE_CHECKING:
    import torch

    from autograd.compiler.execution import Execution


def native_options(caller: str, threads: Any, dtype: Any) -> tuple[int, str]:
    """How many threads share a batch, and the type of a program's numbers; errors name the argument.

    Raises ImportError, saying what to install, if numba is not installed.
    """
    extra = "which are the extra `fast`: python -m pip install 'scalar-autograd[fast]'"
    require_package("numba", f"{caller} needs numba and NumPy, {extra}")
    return whole_number("threads", threads, at_least=1), one_of("dtype", dtype, ("float64", "float32"))


class Program:
    """A recorded function, run as native code.

    recording       the function's graph as a list of instructions; `print(program)` shows it
    threads, dtype  see `compile`

    Everything a run needs is computed at the first one. A program can be used from several
    threads at once, and in a signal handler. Where it meets infinity or NaN, the eager engine is
    asked gate by gate; a warning says that this is slow.
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
        """The leaves that the function reached besides its inputs, in the order in which it met them."""
        return list(self.recording.parameters)

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for one sample, or for a batch with one more axis than the example.

        One sample gives a float for every Value that the function returned; a batch of n
        gives an array of n in its place, or for a list of k Values one array of (n, k).

        Raises ValueError for other shapes and for an empty batch, and the eager engine's
        GateError, with the sample, if a gate is not defined.
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

    # ── the way on ──────────────────────────────────────────────────────────────────────

    def to_torch(self, model: Any = None) -> torch.nn.Module:
        """The same program as a `torch.nn.Module`, in float64: see `autograd.bridges`.

        model  gives the parameters their names and takes all of its own along, as `nn.Module`s do;
               without one they have their labels

        Parameters whose names differ in places alone are copied to one array: `layers.0.neurons.3.w.1`
        is `layers.0.w[3, 1]`, as in PyTorch's own weights. The module takes one sample or a batch, with
        the gradients and conventions of the gates. What a program refuses as undefined is infinite or
        NaN there; draws are fresh in training, and their means after `eval()`. It is differentiated
        once: record `autograd.gradients` for second derivatives.

        Raises ImportError without PyTorch, TypeError for a gate that cannot be translated, ValueError for
        names that PyTorch has no room for.
        """
        require_package("torch", "to_torch needs PyTorch: python -m pip install torch")
        from autograd.bridges.torch_module import TorchProgram

        return TorchProgram(self.recording, arrays_of_program(self.recording, model))

    def from_torch(self, module: torch.nn.Module | Mapping[str, Any], model: Any = None) -> None:
        """Give the parameters the numbers of a module that `to_torch` made, or of its `state_dict`.

        Raises one ValueError for names that are missing or unknown, for other shapes and for numbers
        that are not finite; nothing is changed then.
        """
        state = module if isinstance(module, Mapping) else module.state_dict()
        load(arrays_of_program(self.recording, model), state)

    def to_jax(self, model: Any = None) -> tuple[Callable[..., Any], dict[str, Any]]:
        """A pure function of `(parameters, *inputs)` for JAX, and the parameters now, a dict of arrays.

        It may be given to `jax.jit`, and its gradient by `parameters` to `jax.grad`; the rest is as
        in `to_torch`. Digits are those of JAX: float32, or float64 with the setting `jax_enable_x64`.

        Raises ImportError without JAX, TypeError for a gate that cannot be translated, ValueError if
        the program draws random numbers.
        """
        require_package("jax", "to_jax needs JAX: python -m pip install jax")
        from autograd.bridges.jax_function import jax_function

        return jax_function(self.recording, arrays_of_program(self.recording, model))

    def from_jax(self, parameters: Mapping[str, Any], model: Any = None) -> None:
        """Give the parameters the numbers of arrays as `to_jax` gives them; errors as in `from_torch`."""
        load(arrays_of_program(self.recording, model), parameters)

    def _guard_parameters(self) -> None:
        if self.recording.parameters:
            guard_reading("a program with parameters")

    def __repr__(self) -> str:
        recording = self.recording
        counts = [
            counted(len(recording.inputs), "input"),
            counted(len(recording.parameters), "parameter"),
            counted(len(recording.instructions), "gate"),
        ]
        return f"Program({', '.join(counts)})"

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
