"""Where a program's numbers stand in memory, and which kernel runs each instruction.

Memory has the numbers that all samples share, one each: the parameters first, then the
constants and what is computed from those alone. Behind them every slot that differs from
sample to sample has a row, with one number for each lane. Gradients have a second memory
of the same layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.compiler import kernels
from autograd.compiler.fold_sums import fold_sums
from autograd.compiler.recording import Instruction, Recording
from autograd.compiler.signatures import PROGRAM
from autograd.declaration import Gate
from autograd.fused import Choice, FusedGate

_ALIGNED = 8  # rows start at multiples of 8 numbers, a cache line
_CACHE = 32768  # numbers that a core's own cache holds: what the lanes of one run should fit in
_MOST_LANES = 256

Place = tuple[int, int]
"""Where an operand stands: its index among the shared numbers and 0, or among the rows and 1."""

Kernel = tuple[Callable[..., int], tuple[Any, ...]]
"""A function of `kernels` that gives an address, and what it is called with."""


@dataclass(frozen=True)
class Memory:
    """The memory for runs of up to `lanes` samples at once.

    arguments  what the drivers take of it: where its arrays are
    """

    lanes: int
    data: np.ndarray
    grad: np.ndarray
    arguments: dict[str, int]
    kept_alive: tuple[np.ndarray, ...]


class Layout:
    """The instructions of a recording, laid out to be run.

    instructions  those that all samples share first, then those run over lanes
    shared        how many instructions, from the first, all samples share
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._per_sample = recording.per_sample
        folded = fold_sums(recording)
        self.instructions = sorted(folded, key=lambda i: self._per_sample[i.output])
        self.shared = sum(not self._per_sample[i.output] for i in folded)
        self._place: dict[int, Place] = {}
        self._count = [0, 0]  # how many numbers are shared, how many rows there are
        self._place_slots()
        self._choose_kernels()

    def _place_slots(self) -> None:
        recording = self.recording
        for slot in range(recording.first_parameter, recording.first_result):
            self._place[slot] = self._take(0)
        for slot in range(recording.first_parameter):
            self._place[slot] = self._take(1)
        for instruction in self.instructions:
            self._place[instruction.output] = self._take(self._per_sample[instruction.output])

    def _take(self, row: int) -> Place:
        self._count[row] += 1
        return self._count[row] - 1, int(row)

    # ── kernels ─────────────────────────────────────────────────────────────────────────

    def _choose_kernels(self) -> None:
        """For each instruction its kernel's address, and the operands as that kernel takes them."""
        addresses: dict[Kernel, int] = {}
        chosen, starts, counts = [], [], []
        operands: list[Place] = []
        for instruction in self.instructions:
            (make, given), places = self._kernel(instruction)
            if (make, given) not in addresses:
                addresses[make, given] = make(*given)
            chosen.append(addresses[make, given])
            starts.append(len(operands))
            counts.append(len(instruction.arguments))
            operands += places
        flows = [self.recording.flows[i.output] for i in self.instructions]
        self._fixed = [np.array(numbers, dtype=np.int64) for numbers in (chosen, starts, counts, flows)]
        self._operands = np.array(operands, dtype=np.int64).reshape(-1, 2)

    def _kernel(self, instruction: Instruction) -> tuple[Kernel, list[Place]]:
        gate, rows = instruction.gate, self._per_sample
        output, *given = (self._place[slot] for slot in (instruction.output, *instruction.arguments))
        if isinstance(gate, Gate):
            row = tuple(int(rows[slot] or not output[1]) for slot in instruction.arguments)
            return (kernels.elementary_kernel, (gate.function, len(instruction.inputs), row)), [
                output,
                *given,
            ]
        is_row = [(row, 0) for _, row in given]
        if isinstance(gate, Choice):
            return (kernels.choice_kernel, ()), [output, *given, *is_row]
        each, finish = (part and part.function for part in (gate.each, gate.finish))
        if columns := self._neuron(instruction):
            shared_first, shared, own, start = columns
            own_flows = any(self.recording.flows[slot] for slot in own)
            places = [output, *(self._place[slot] for slot in (*shared, *own, *start))]
            return (
                kernels.weighted_sum_kernel,
                (each, shared_first, own_flows, not gate.adds_products),
            ), places
        sums = self._take(output[1]) if gate.finish else output
        shifts = self._take(output[1]) if gate.shifted else output
        places = [output, sums, shifts, *given, *is_row]
        return (kernels.fold_kernel, (each, finish, gate.width, gate.shifted)), places

    def _neuron(
        self, instruction: Instruction
    ) -> tuple[bool, Sequence[int], Sequence[int], Sequence[int]] | None:
        """Whether the shared column comes first, that column, the lanes' own, and the start.

        None where an instruction is not a sum over pairs of a shared number and a lane's own.
        """
        gate, rows = instruction.gate, self._per_sample
        if not isinstance(gate, FusedGate) or gate.width != 2 or gate.finish or gate.shifted:
            return None
        (first, second), start = gate.columns(instruction.arguments)
        if not rows[instruction.output]:  # one lane: any number is that lane's own
            return True, first, second, start
        if any(rows[slot] for slot in start):
            return None
        for shared_first, shared, own in ((True, first, second), (False, second, first)):
            if all(rows[slot] for slot in own) and not any(rows[slot] for slot in shared):
                return shared_first or gate.adds_products, shared, own, start
        return None

    # ── memory ──────────────────────────────────────────────────────────────────────────

    @property
    def parameters(self) -> int:
        """How many parameters there are: the first numbers in memory."""
        return len(self.recording.parameters)

    @property
    def rows(self) -> int:
        """How many rows there are, those of the inputs first."""
        return self._count[1]

    @property
    def first_row(self) -> int:
        """Where the rows begin in memory."""
        return -(-self._count[0] // _ALIGNED) * _ALIGNED

    def lanes(self, samples: int) -> int:
        """How many of so many samples are run at once: all, or as many as the cache holds."""
        fitting = _CACHE // max(1, self.rows) // _ALIGNED * _ALIGNED
        lanes = min(samples, max(2 * _ALIGNED, min(fitting, _MOST_LANES)))
        return lanes if lanes == 1 else -(-lanes // _ALIGNED) * _ALIGNED

    def memory(self, lanes: int) -> Memory:
        """A new memory for runs of up to so many samples at once."""
        size = self.first_row + self.rows * lanes
        data, grad = np.zeros(size), np.zeros(size)
        constants = self.recording.constants
        data[self.parameters : self.parameters + len(constants)] = constants
        index, row = self._operands.T
        operands = np.where(row, self.first_row + index * lanes, index)
        arrays = (*self._fixed, operands, data, grad)
        addresses = map(kernels.address, arrays)
        return Memory(lanes, data, grad, dict(zip(PROGRAM, addresses, strict=True)), arrays)

    def offset(self, slot: int, memory: Memory) -> int:
        """Where a slot's number, or its row, begins in memory."""
        index, row = self._place[slot]
        return self.first_row + index * memory.lanes if row else index

    def is_row(self, slot: int) -> bool:
        """Whether a slot has a number for each lane."""
        return self._per_sample[slot]
