"""Gradient descent on a program, mini-batch after mini-batch, without leaving native code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.compiler import kernels
from autograd.compiler.execution import Execution
from autograd.value import Value


@dataclass
class Descent:
    """A program's execution, the samples it is run on, and the rule that updates its parameters.

    The cost of a mini-batch is the mean of the program's outputs over its samples, added
    up: a loss, and beside it what all samples share, such as a penalty.

    execution     its parameters are among `parameters` or stay as they are
    samples       an array of (samples, numbers in one sample), as `execution.inputs` gives it
    parameters    the Values that are updated
    rule          a plain function of floats (parameter, gradient, *states, *settings) ->
                  (parameter, *states), compiled as it stands
    states        how many numbers the rule remembers of a parameter
    settings      how many arguments it takes after them
    norm          a function of all gradients; where it is larger than `largest_norm`, they are
                  scaled down to it. None for no clipping
    """

    execution: Execution
    samples: np.ndarray
    parameters: Sequence[Value]
    rule: Callable[..., Any]
    states: int
    settings: int
    norm: Callable[..., float] | None = None
    largest_norm: float = np.inf

    def __post_init__(self) -> None:
        self._update = kernels.update_kernel(self.rule, self.states, self.settings, self.norm)
        place = {parameter: i for i, parameter in enumerate(self.execution.recording.parameters)}
        self._places = np.array([place.get(p, -1) for p in self.parameters], dtype=np.int64)

    def run(
        self, batches: Sequence[Sequence[int]], numbers: np.ndarray, states: np.ndarray, settings: np.ndarray
    ) -> np.ndarray:
        """Make one update for each mini-batch of sample numbers.

        numbers   the parameters, (parameters,), changed in place
        states    what the rule remembers, (states, parameters), changed in place
        settings  the rule's settings for each update, (mini-batches, settings)

        Gives for each update made the sum of the first output over the mini-batch; the
        gradients of the last are then in `.grad` of the program's parameters. There are fewer
        updates than mini-batches where a number is not finite: everything is then as the last
        good update left it.

        Raises ValueError for arrays of other shapes and a mini-batch without samples,
        IndexError for a sample that does not exist.
        """
        execution, layout, updated = self.execution, self.execution.layout, len(self.parameters)
        sizes = [len(batch) for batch in batches]
        self._check_shapes(sizes, numbers, states, settings)
        if not sizes:
            return np.empty(0)
        order = np.concatenate([_as_array(batch) for batch in batches], dtype=np.int64)
        if order.min() < 0 or order.max() >= len(self.samples):
            raise IndexError(f"there are {len(self.samples)} samples, numbered from 0: {order.tolist()}")
        outputs = execution.recording.outputs
        sums = np.empty(len(sizes))
        with execution.memory(max(sizes)) as memory:
            made = kernels.descend(
                **memory.arguments,
                last=len(layout.instructions),
                shared=layout.shared,
                first_row=layout.first_row,
                size=len(memory.data),
                inputs=len(execution.recording.inputs),
                at_once=memory.lanes,
                outputs=np.array([layout.offset(slot, memory) for slot in outputs], dtype=np.int64),
                is_row=np.array([layout.is_row(slot) for slot in outputs], dtype=np.int64),
                output_count=len(outputs),
                samples=self.samples,
                order=order,
                ends=np.cumsum(sizes, dtype=np.int64),
                batches=len(sizes),
                update=self._update,
                places=self._places,
                parameters=updated,
                numbers=numbers,
                gradients=np.empty(updated),
                states=states,
                state_count=self.states,
                settings=settings,
                setting_count=self.settings,
                largest_norm=self.largest_norm,
                saved=np.empty((1 + self.states, updated)),
                sums=sums,
            )
            if made:
                gradient = memory.grad[: layout.parameters].tolist()
                for parameter, g in zip(execution.recording.parameters, gradient, strict=True):
                    parameter.grad = g
        return sums[:made]

    def _check_shapes(
        self, sizes: list[int], numbers: np.ndarray, states: np.ndarray, settings: np.ndarray
    ) -> None:
        updated = len(self.parameters)
        expected = {
            "numbers": (updated,),
            "states": (self.states, updated),
            "settings": (len(sizes), self.settings),
        }
        given = {"numbers": numbers.shape, "states": states.shape, "settings": settings.shape}
        for name, shape in expected.items():
            if given[name] != shape:
                raise ValueError(f"{name} has the shape {given[name]}, and {shape} is needed")
        if 0 in sizes:
            raise ValueError(f"mini-batch {sizes.index(0)} has no samples")


def _as_array(batch: Sequence[int]) -> Any:
    # NumPy goes through a range number by number, through Python: that takes as long as a step.
    return np.arange(batch.start, batch.stop, batch.step) if isinstance(batch, range) else batch
