"""Where a program's numbers stand in memory, and which kernel runs each of its runs.

Memory has the numbers that all samples share, one each: the parameters first, then the
constants and what is computed from those alone. Behind them every slot that differs from
sample to sample has a row, with one number for each lane. Gradients have a second memory
of the same layout.

Outputs of a run lie side by side, and so do the weights of a layer: those by which its
neurons multiply their first input, then those for the second, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import sub
from typing import Any

import numpy as np

from autograd.choice import Choice
from autograd.compiler import kernels
from autograd.compiler.signatures import PROGRAM
from autograd.declaration import Gate
from autograd.recording.garbage import collecting_later
from autograd.recording.recording import Instruction, Recording
from autograd.recording.schedule import Column, Run, runs

_ALIGNED = 64  # bytes: rows start at multiples of a cache line
_CACHE = 524288  # bytes of a core's own cache that the lanes of one run should fit in
_MOST_LANES = 256
_SPAN, _MOST_SPANS = 256, 16

SHARED, ROW, STEP, NUMBER = range(4)
Operand = tuple[int, int]
"""A number and what it is: the place of a shared number or of a row, a step between rows, a plain number."""

Kernel = tuple[str, tuple[tuple[str, Any], ...]]
"""A template, and what stands in it."""


def spans(samples: int) -> list[range]:
    """Samples in spans that threads may share: the same however many threads there are.

    The gradients of a span are added up before those of the next are added to them.

    >>> spans(600)
    [range(0, 256), range(256, 512), range(512, 600)]
    """
    size = max(_SPAN, -(-samples // _MOST_SPANS))
    return [range(first, min(first + size, samples)) for first in range(0, samples, size)]


@dataclass(frozen=True)
class Memory:
    """The memory for runs of up to `lanes` samples at once.

    row  what drivers know of it and of its layout: the fields of `PROGRAM`
    """

    lanes: int
    data: np.ndarray
    grad: np.ndarray
    row: np.ndarray
    kept_alive: tuple[np.ndarray, ...]

    def take(self, samples: np.ndarray, results: np.ndarray) -> None:
        """Read these samples from now on, and write their outputs there."""
        self.row[-2:] = kernels.address(samples), kernels.address(results)


class Layout:
    """The runs of a recording, laid out in memory.

    runs        those that all samples share first, then those run over lanes
    shared      how many runs, from the first, all samples share
    parameters  for each parameter its place in memory
    dtype       the type of the numbers in memory
    """

    @collecting_later()
    def __init__(self, recording: Recording, dtype: Any = np.float64) -> None:
        self.recording, self.dtype = recording, dtype
        self._line: int = _ALIGNED // np.dtype(dtype).itemsize  # numbers in a cache line
        self.runs: list[Run] = []
        self._row = list(map(int, recording.per_sample))
        self._place = [-1] * recording.slots  # among the shared numbers, or among the rows
        self._cuts: dict[tuple[Column, ...], list[tuple[int, int]]] = {}
        self._count = [0, 0]  # how many shared numbers there are, how many rows
        scheduled = runs(recording)
        place, row, count = self._place, self._row, self._count
        for slot in _in_memory(recording, scheduled):
            if place[slot] < 0:
                place[slot] = count[row[slot]]
                count[row[slot]] += 1
        self._operand = list(zip(self._place, self._row, strict=True))
        parameters = self._place[recording.first_parameter : recording.first_constant]
        self.parameters = np.array(parameters, dtype=np.int64)
        kernel_of_run = []
        for run in scheduled:
            for part, kernel, operands in self._laid_out(run):
                self.runs.append(part)
                kernel_of_run.append((kernel, operands))
        self.shared = sum(not self._row[run.instructions[0].output] for run in self.runs)
        self._choose_kernels(kernel_of_run)

    # ── kernels ─────────────────────────────────────────────────────────────────────────

    def _choose_kernels(self, chosen: Sequence[tuple[Kernel, list[Operand]]]) -> None:
        """For each run its kernel's address, and the operands as that kernel takes them."""
        addresses = {
            (template, names): kernels.kernel(template, ZERO=self.dtype(0), **dict(names))
            for template, names in dict.fromkeys(kernel for kernel, _ in chosen)
        }
        flows = self.recording.flows
        fixed = {
            "kernels": [addresses[kernel] for kernel, _ in chosen],
            "starts": np.cumsum([0, *(len(operands) for _, operands in chosen)])[:-1],
            "counts": [
                len(run.instructions if isinstance(run.gate, Gate) else run.instructions[0].arguments)
                for run in self.runs
            ],
            "flows": [any(flows[i.output] for i in run.instructions) for run in self.runs],
        }
        self._fixed = {name: np.array(numbers, dtype=np.int64) for name, numbers in fixed.items()}
        numbers = chain.from_iterable(chain.from_iterable(operands for _, operands in chosen))
        self._operands = np.fromiter(numbers, np.int64).reshape(-1, 2)

    def _laid_out(self, run: Run) -> Iterator[tuple[Run, Kernel, list[Operand]]]:
        """The parts of a run that one kernel can run, each with its kernel and the operands."""
        gate, first = run.gate, run.instructions[0]
        if isinstance(gate, Gate):
            row = tuple(int(self._row[slot] or not self._row[first.output]) for slot in first.arguments)
            columns = zip(*((i.output, *i.arguments) for i in run.instructions), strict=True)
            operands = [self._operand[slot] for column in columns for slot in column]
            zeros = (0.0,) * len(row)
            stand_ins = ("gate", gate.function), ("ZEROS", zeros), ("ROW", row), ("INPUTS", len(first.inputs))
            yield run, ("elementary", stand_ins), operands
        elif run.inputs:
            for part in self._parts(run):
                yield part, ("layer", ()), self._layer(part)
        elif isinstance(gate, Choice):
            yield run, ("choice", ()), self._terms(first)
        else:
            names = [("ZEROS", (0.0,) * gate.width), ("WIDTH", gate.width), ("SHIFTED", gate.shifted)]
            parts = [("gate", gate.each), ("finish", gate.finish)]
            names += [(name, part.function) for name, part in parts if part]
            yield run, ("fold", tuple(names)), self._terms(first, gate.finish, gate.shifted)

    def _terms(self, instruction: Instruction, *kept: Any) -> list[Operand]:
        """The operands of a gate of many inputs; for each number that it is to keep, a place of its own."""
        output = self._operand[instruction.output]
        arguments = [self._operand[slot] for slot in instruction.arguments]
        spare = [self._spare(output[1]) if wanted else output for wanted in kept]
        return [output, *spare, *arguments, *(_number(row) for _, row in arguments)]

    def _spare(self, row: int) -> Operand:
        self._count[row] += 1
        return self._count[row] - 1, row

    # ── layers ──────────────────────────────────────────────────────────────────────────

    def _parts(self, run: Run) -> Iterator[Run]:
        """A layer, cut where the weights of the next neuron do not lie as those of the ones before."""
        start = len(run.inputs) + len(run.weights[0])
        slots = tuple((*w, *i.arguments[start:]) for w, i in zip(run.weights, run.instructions, strict=True))
        if slots not in self._cuts:  # one matrix serves many inputs
            places = [list(map(self._place.__getitem__, neuron)) for neuron in slots]
            rows = [list(map(self._row.__getitem__, weights)) for weights in run.weights]
            steps = [list(map(sub, after, before)) for before, after in pairwise(places)]
            terms = len(run.inputs)
            fits = [all(step[:terms]) and a == b for step, (a, b) in zip(steps, pairwise(rows), strict=True)]
            self._cuts[slots] = list(_evenly(steps, fits))
        for begin, end in self._cuts[slots]:
            yield Run(run.gate, run.instructions[begin:end], run.inputs, run.weights[begin:end])

    def _layer(self, run: Run) -> list[Operand]:
        """The operands of the template `layer`."""
        first, last = run.instructions[0], run.instructions[-1]
        neurons = len(run.instructions)
        has_start = len(first.arguments) % 2
        start, last_start = first.arguments[-1], last.arguments[-1]
        start_step = (self._place[last_start] - self._place[start]) // max(neurons - 1, 1) * has_start
        segments = list(self._segments(run))
        return [
            _number(neurons),
            self._operand[first.output],
            _step(1, self._row[first.output]),
            _number(has_start),
            self._operand[start],
            _step(start_step, self._row[start]),
            _number(self._row[start]),
            _number(len(segments)),
            *chain.from_iterable(segments),
        ]

    def _segments(self, run: Run) -> Iterator[list[Operand]]:
        """The terms of a layer, cut where the next input or weight does not lie as those before."""
        place, row, flows = self._place, self._row, self.recording.flows
        inputs, weights, next_weights = run.inputs, run.weights[0], run.weights[min(1, len(run.weights) - 1)]
        x, w, next_w = (list(map(place.__getitem__, slots)) for slots in (inputs, weights, next_weights))
        x_row, w_row = (list(map(row.__getitem__, slots)) for slots in (inputs, weights))
        next_neuron = list(map(sub, next_w, w))
        steps = [(b - a, d - c) for (a, b), (c, d) in zip(pairwise(x), pairwise(w), strict=True)]
        kinds = pairwise(zip(x_row, w_row, next_neuron, strict=True))
        fits = [all(step) and a == b for step, (a, b) in zip(steps, kinds, strict=True)]
        for begin, end in _evenly(steps, fits):
            x_step, w_step = steps[begin] if end - begin > 1 else (1, 1)
            yield [
                _number(end - begin),
                self._operand[weights[begin]],
                _step(next_neuron[begin], w_row[begin]),
                _step(w_step, w_row[begin]),
                _number(w_row[begin]),
                _number(any(flows[slot] for neuron in run.weights for slot in neuron[begin:end])),
                self._operand[inputs[begin]],
                _step(x_step, x_row[begin]),
                _number(x_row[begin]),
                _number(any(flows[slot] for slot in inputs[begin:end])),
            ]

    # ── memory ──────────────────────────────────────────────────────────────────────────

    @property
    def rows(self) -> int:
        """How many rows there are, those of the inputs first."""
        return self._count[1]

    @property
    def first_row(self) -> int:
        """Where the rows begin in memory."""
        return -(-self._count[0] // self._line) * self._line

    def lanes(self, samples: int) -> int:
        """How many of some samples run at once: all of them, or as many as the cache holds."""
        line = self._line
        fitting = _CACHE * line // _ALIGNED // max(1, self.rows) // line * line
        lanes = min(samples, max(2 * line, min(fitting, _MOST_LANES)))
        return lanes if lanes == 1 else -(-lanes // line) * line

    def memory(self, lanes: int) -> Memory:
        """A new memory for runs over this many lanes."""
        size = self.first_row + self.rows * lanes
        data, grad = np.zeros(size, self.dtype), np.zeros(size, self.dtype)
        constants = self.recording.constants
        first = len(self.parameters)
        with np.errstate(over="ignore"):  # beyond the numbers of a smaller type are its infinities
            data[first : first + len(constants)] = constants
        number, kind = self._operands.T
        stretched = number * np.where((kind == ROW) | (kind == STEP), lanes, 1)
        operands = stretched + np.where(kind == ROW, self.first_row, 0)
        outputs = self.recording.outputs
        offsets = np.array([self.offset(slot, lanes) for slot in outputs], dtype=np.int64)
        is_row = np.array([self._row[slot] for slot in outputs], dtype=np.int64)
        arrays = self._fixed | {
            "operands": operands, "data": data, "grad": grad, "outputs": offsets, "is_row": is_row,
        }  # fmt: skip
        fields = {name: kernels.address(array, self.dtype) for name, array in arrays.items()}
        fields |= {
            "runs": len(self.runs), "shared": self.shared, "first_row": self.first_row, "size": size,
            "inputs": len(self.recording.inputs), "at_once": lanes, "output_count": len(outputs),
        }  # fmt: skip
        row = np.array([fields.get(name, 0) for name in PROGRAM])
        return Memory(lanes, data, grad, row, tuple(arrays.values()))

    def offset(self, slot: int, lanes: int) -> int:
        """Where a slot's number, or its row, begins in memory."""
        place = self._place[slot]
        return self.first_row + place * lanes if self._row[slot] else place

    def is_row(self, slot: int) -> bool:
        """Whether a slot has a number for each lane."""
        return bool(self._row[slot])


def _in_memory(recording: Recording, scheduled: Sequence[Run]) -> Iterator[int]:
    """All slots in their order in memory, weights by the terms of their layers; some come again."""
    parameters = range(recording.first_parameter, recording.first_constant)
    by_term = chain.from_iterable(zip(*run.weights, strict=True) for run in scheduled)
    return chain(
        filter(parameters.__contains__, dict.fromkeys(chain.from_iterable(by_term))),
        parameters,
        range(recording.first_constant, recording.first_result),
        range(recording.first_parameter),
        (instruction.output for run in scheduled for instruction in run.instructions),
    )


def _number(number: int) -> Operand:
    return int(number), NUMBER


def _step(step: int, between_rows: int) -> Operand:
    return step, STEP if between_rows else NUMBER


def _evenly(steps: Sequence[Any], fits: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where to cut a sequence so that the steps within a part are equal, and all of them fit.

    Yields the beginning and the end of each part.

    >>> list(_evenly([2, 2, 5, 1, 1], [True, True, True, False, True]))
    [(0, 3), (3, 4), (4, 6)]
    """
    begin = 0
    for end in range(1, len(steps) + 2):
        if end > len(steps) or not fits[end - 1] or steps[end - 1] != steps[begin]:
            yield begin, end
            begin = end
