"""Gradient descent on programs, mini-batch after mini-batch, without leaving native code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.compiler import kernels
from autograd.compiler.execution import Execution, side_by_side
from autograd.compiler.layout import spans
from autograd.value import Value


@dataclass
class Samples:
    """Samples of one or several shapes, each of them for a program of its own.

    rows      for each program its samples, (samples, numbers in one of them)
    programs  for each sample the program that it is for
    places    for each sample its row among those of its program
    """

    rows: list[np.ndarray]
    programs: np.ndarray
    places: np.ndarray


@dataclass
class Descent:
    """Programs on common parameters, and the rule that updates these.

    The cost of a mini-batch is the mean of a program's outputs over its samples, added
    up: a loss, and beside it what all samples share, such as a penalty.

    executions    those of the programs; their parameters are among `parameters` or stay as they are
    parameters    the Values that are updated
    rule          a plain function of floats (parameter, gradient, *states, *settings) ->
                  (parameter, *states), compiled as it stands
    states        how many numbers the rule remembers of a parameter
    settings      how many arguments it takes after them
    norm          a function of all gradients; if it is larger than `largest_norm`, they are
                  scaled down to it. None for no clipping
    """

    executions: Sequence[Execution]
    parameters: Sequence[Value]
    rule: Callable[..., Any]
    states: int
    settings: int
    norm: Callable[..., float] | None = None
    largest_norm: float = np.inf

    def __post_init__(self) -> None:
        self._update = kernels.update_kernel(self.rule, self.states, self.settings, self.norm)
        used = [execution.recording.parameters for execution in self.executions]
        places = [
            dict(zip(parameters, execution.layout.parameters.tolist(), strict=True))
            for parameters, execution in zip(used, self.executions, strict=True)
        ]
        # Native code goes through the parameters as they lie in the first program's memory.
        first = np.array([places[0].get(parameter, -1) for parameter in self.parameters])
        self._order = np.argsort(first, kind="stable")
        in_order = [self.parameters[i] for i in self._order]
        self._leaves = list(dict.fromkeys([*in_order, *(p for some in used for p in some)]))
        self._gradients = np.zeros(len(self._leaves))
        rows = np.array([[place.get(leaf, -1) for leaf in self._leaves] for place in places])
        in_line = (rows == rows[:, :1] + np.arange(len(self._leaves))) & (rows >= 0)
        self._places = np.column_stack([rows, in_line.all(axis=1)])

    def run(
        self,
        samples: Samples,
        batches: Sequence[Sequence[int]],
        numbers: np.ndarray,
        states: np.ndarray,
        settings: np.ndarray,
    ) -> np.ndarray:
        """Make one update for each mini-batch of sample numbers, which may mix samples of all shapes.

        numbers   the parameters, (parameters,), changed in place
        states    what the rule remembers, (states, parameters), changed in place
        settings  the rule's settings for each update, (mini-batches, settings)

        Returns for each update the sum of the first output over the mini-batch; `write_gradients`
        writes those of the last. There are fewer updates than mini-batches if a number is not
        finite: numbers and states are then as the last good update left them.

        Nothing is checked: the arrays have these shapes, and no mini-batch is empty.
        """
        updated = len(self.parameters)
        sizes = [len(batch) for batch in batches]
        order = np.concatenate([_as_array(batch) for batch in batches], dtype=np.int64)
        parts, stops, ends, order = _parted(samples, sizes, order)
        others = [leaf.data for leaf in self._leaves[updated:]]
        before = np.concatenate([numbers[self._order], others, states[:, self._order].ravel()])
        two_rows = np.array([before, before])
        leaves, at_once = len(self._leaves), int(np.diff(ends, prepend=0).max())
        gradients, sums = np.empty((at_once, leaves + 1)), np.empty(len(sizes))
        threads, meeting = min(self.executions[0].threads, at_once), np.zeros(2, dtype=np.int64)
        dtype = self.executions[0].layout.dtype
        lengths = np.diff(stops, prepend=0)
        with ExitStack() as stack:
            programs = np.empty((len(self.executions), threads), dtype=np.int64)
            results = []  # as long as native code writes to them
            for i, execution in enumerate(self.executions):
                longest = int(lengths[parts == i].max(initial=1))
                for thread, memory in enumerate(stack.enter_context(execution.memories(longest, threads))):
                    results.append(np.empty((longest, len(execution.recording.outputs))))
                    memory.take(samples.rows[i], results[-1])
                    programs[i, thread] = kernels.address(memory.row)
            arguments = {
                "threads": threads, "meeting": meeting, "programs": programs, "places": self._places,
                "parts": parts, "stops": stops, "order": order, "ends": ends, "batches": len(sizes),
                "update": self._update, "leaves": leaves, "parameters": updated, "numbers": two_rows,
                "number_count": len(before), "gradients": gradients, "settings": settings,
                "setting_count": self.settings, "largest_norm": self.largest_norm, "sums": sums,
            }  # fmt: skip
            updates = side_by_side(
                lambda thread: kernels.run("descend", dtype, arguments | {"thread": thread}), threads
            )[0]
        if updates:
            after = two_rows[updates % 2]
            numbers[self._order] = after[:updated]
            states[:, self._order] = after[leaves:].reshape(states.shape)
            self._gradients = gradients[0, :leaves]
        return sums[:updates]

    def write_gradients(self) -> None:
        """Set `.grad` of the programs' parameters to the gradients of the last update."""
        for leaf, gradient in zip(self._leaves, self._gradients.tolist(), strict=True):
            leaf._grad = gradient


def _parted(samples: Samples, sizes: list[int], order: np.ndarray) -> tuple[np.ndarray, ...]:
    """Each mini-batch in parts of one shape, long ones in several spans.

    Returns for each part its program, and where it stops in the order; for each mini-batch where its
    parts end; and the order, places among the samples of one program.
    """
    programs, places = samples.programs[order], samples.places[order]
    batch = np.repeat(np.arange(len(sizes)), sizes)
    if len(samples.rows) > 1:
        sorted_ = np.lexsort((programs, batch))
        programs, places = programs[sorted_], places[sorted_]
    starts = np.flatnonzero((np.diff(programs, prepend=-1) != 0) | (np.diff(batch, prepend=-1) != 0))
    lengths = np.diff(starts, append=len(order)).tolist()
    cuts = {length: [span.start for span in spans(length)] for length in set(lengths)}
    if any(len(cut) > 1 for cut in cuts.values()):
        starts = np.concatenate([np.add(cuts[n], start) for start, n in zip(starts, lengths, strict=True)])
    stops = np.append(starts[1:], len(order))
    ends = np.searchsorted(starts, np.cumsum(sizes))
    return programs[starts], stops, ends, places


def _as_array(batch: Sequence[int]) -> Any:
    # NumPy itself would ask a range for one number after the other, which takes as long as a step.
    return np.arange(batch.start, batch.stop, batch.step) if isinstance(batch, range) else batch
