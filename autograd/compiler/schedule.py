"""The order in which a recording runs: gates of one kind side by side, neurons of one layer together.

Instructions that do not depend on each other may run in any order. They are sorted by depth
and kind: a run is many applications of one elementary gate, or a layer, the dots that share a
column of inputs (their weights form a matrix), or a single fused gate of another kind.

>>> from autograd.compiler.tracing import record
>>> from autograd import Value, dot
>>> w = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
>>> recording = record(lambda x: [dot(row, x).relu() for row in w], [0.0, 0.0])
>>> [(run.gate.name, len(run.instructions)) for run in runs(recording)]
[('dot', 2), ('relu', 2)]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd.choice import AnyGate
from autograd.compiler.fold_sums import fold_sums
from autograd.compiler.recording import Instruction, Recording
from autograd.declaration import Gate
from autograd.fused import FusedGate

Column = tuple[int, ...]


@dataclass
class Run:
    """Instructions of one kind that run as one.

    inputs   in a layer, the slots of the column that its dots share
    weights  for each of its dots, the slots of the other column
    """

    gate: AnyGate
    instructions: list[Instruction]
    inputs: Column = ()
    weights: list[Column] = field(default_factory=list)


def runs(recording: Recording) -> list[Run]:
    """The instructions of a recording, sums of products folded: first the runs that all samples share."""
    instructions = fold_sums(recording)
    depth = [0] * recording.slots
    for instruction in instructions:
        depth[instruction.output] = 1 + max(map(depth.__getitem__, instruction.arguments))
    per_sample = recording.per_sample
    columns = _Columns(instructions, depth)
    found: dict[object, Run] = {}
    for instruction in sorted(instructions, key=lambda i: (per_sample[i.output], depth[i.output])):
        gate, output, arguments = instruction
        key: object = output  # a run of its own
        inputs: Column = ()
        weights: Column = ()
        if isinstance(gate, Gate):
            key = (per_sample[output], depth[output], gate, *map(per_sample.__getitem__, arguments))
        elif isinstance(gate, FusedGate) and gate.adds_products:
            inputs, weights = columns.of(instruction)
            start = arguments[2 * len(inputs) :]
            key = (per_sample[output], depth[output], gate, inputs, *map(per_sample.__getitem__, start))
        if key not in found:
            found[key] = Run(gate, [], inputs)
        found[key].instructions.append(instruction)
        found[key].weights.append(weights)
    return list(found.values())


class _Columns:
    """Which column of a dot is the one that others share: the more frequent one among dots of its depth."""

    def __init__(self, instructions: Sequence[Instruction], depth: Sequence[int]) -> None:
        self._depth = depth
        self._uses: Counter[tuple[int, Column]] = Counter()
        for instruction in instructions:
            if isinstance(instruction.gate, FusedGate) and instruction.gate.adds_products:
                for column in both_columns(instruction):
                    self._uses[self._depth[instruction.output], column] += 1

    def of(self, instruction: Instruction) -> tuple[Column, Column]:
        """The column that others share, and its own."""
        weights, inputs = both_columns(instruction)
        depth = self._depth[instruction.output]
        if self._uses[depth, weights] > self._uses[depth, inputs]:
            return weights, inputs
        return inputs, weights


def both_columns(instruction: Instruction) -> tuple[Column, Column]:
    """The first factors of a dot, and the second ones."""
    terms = len(instruction.arguments) // 2
    return instruction.arguments[:terms], instruction.arguments[terms : 2 * terms]
