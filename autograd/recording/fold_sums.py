"""Folding sums of products: `b + w1·x1 + w2·x2 + …`, written out, as one `dot`.

The terms are added up in the order in which they were written, so that the numbers stay
bit for bit the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from autograd import gates
from autograd.declaration import Gate
from autograd.fused import dot
from autograd.recording.recording import Instruction, Recording


def fold_sums(recording: Recording) -> list[Instruction]:
    """The instructions of a recording, with chains of multiply and add folded into `dot`s.

    A product or a partial sum that is used once is folded away, and its slot left empty;
    but what all samples share stays outside a sum that differs from sample to sample.

    >>> from autograd import Value
    >>> from autograd.recording.tracing import record
    >>> w, b = [Value(1.0), Value(2.0)], Value(3.0)
    >>> written_out = record(lambda x: b + w[0] * x[0] + w[1] * x[1], [0.0, 0.0])
    >>> [instruction.gate.name for instruction in fold_sums(written_out)]
    ['dot']
    """
    instructions = recording.instructions
    products = {i.output for i in instructions if i.gate is gates.multiply}
    if not any(i.gate is gates.add and not products.isdisjoint(i.arguments) for i in instructions):
        return list(instructions)
    by_output = {i.output: i for i in instructions}
    uses = Counter(chain.from_iterable(i.arguments for i in instructions))
    uses.update(recording.outputs)

    def used_once(slot: int, gate: Gate, by: int) -> Instruction | None:
        folded_away = by_output.get(slot)
        if folded_away is None or folded_away.gate is not gate or uses[slot] > 1:
            return None
        return folded_away if recording.per_sample[slot] == recording.per_sample[by] else None

    folded: set[int] = set()
    sums: dict[int, Instruction] = {}
    for instruction in reversed(instructions):  # the end of a chain comes before its links
        if instruction.gate is not gates.add or instruction.output in folded:
            continue
        pairs: list[Sequence[int]] = []
        links: list[int] = []
        end = left = instruction.output
        link: Instruction | None = instruction
        while link and (product := used_once(link.arguments[1], gates.multiply, end)):
            pairs.append(product.arguments)
            links += [link.output, product.output]
            left = link.arguments[0]
            link = used_once(left, gates.add, end)
        start: tuple[int, ...] = (left,)
        if product := used_once(left, gates.multiply, end):
            pairs.append(product.arguments)
            links.append(product.output)
            start = ()
        if pairs and len(pairs) + len(start) > 1:
            folded.update(links)
            sums[instruction.output] = _dot(recording, pairs[::-1], start, instruction.output)
    return [sums.get(i.output, i) for i in instructions if i.output in sums or i.output not in folded]


def _dot(
    recording: Recording, pairs: list[Sequence[int]], start: tuple[int, ...], output: int
) -> Instruction:
    # a·b is b·a to the last bit, so the factor that all samples share may stand first.
    ordered = [sorted(pair, key=lambda slot: recording.per_sample[slot]) for pair in pairs]
    first, second = zip(*ordered, strict=True)
    return Instruction(dot, output, (*first, *second, *start))
