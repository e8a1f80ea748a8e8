"""The order in which a recording runs: gates of one kind side by side, neurons of one layer together.

Instructions that do not depend on each other may run in any order. They are sorted by depth
and kind: a run is many applications of one elementary gate, or a layer, the dots that share a
column of inputs (their weights form a matrix), or a single fused gate of another kind.

>>> from autograd.recording.tracing import record
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
from autograd.declaration import Gate
from autograd.fused import FusedGate
from autograd.recording.fold_sums import fold_sums
from autograd.recording.recording import Instruction, Recording

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
    deepest = max(depth, default=0)
    per_sample = recording.per_sample
    rank = [d + (deepest + 1) * differs for d, differs in zip(depth, per_sample, strict=True)]
    columns = _columns(instructions, depth)
    found: dict[object, Run] = {}
    for instruction in sorted(instructions, key=lambda i: rank[i.output]):
        gate, output, arguments = instruction
        inputs, weights = columns.get(output, ((), ()))
        key: object = output  # a run of its own
        if isinstance(gate, Gate):
            key = (rank[output], gate, *map(per_sample.__getitem__, arguments))
        elif inputs:
            start = arguments[2 * len(inputs) :]
            key = (rank[output], gate, inputs, *map(per_sample.__getitem__, start))
        if key not in found:
            found[key] = Run(gate, [], inputs)
        found[key].instructions.append(instruction)
        found[key].weights.append(weights)
    return list(found.values())


def _columns(instructions: Sequence[Instruction], depth: Sequence[int]) -> dict[int, tuple[Column, Column]]:
    """For each dot the column that others share, and its own.

    The shared one is the more frequent one among the dots of its depth.
    """
    both: dict[int, tuple[Column, Column]] = {}
    for gate, output, arguments in instructions:
        if isinstance(gate, FusedGate) and gate.adds_products:
            (first, second), _ = gate.columns(arguments)
            both[output] = tuple(first), tuple(second)
    uses = Counter((depth[output], column) for output, columns in both.items() for column in columns)

    def shared_first(output: int) -> tuple[Column, Column]:
        first, second = both[output]
        is_shared = uses[depth[output], first] > uses[depth[output], second]
        return (first, second) if is_shared else (second, first)

    return {output: shared_first(output) for output in both}
