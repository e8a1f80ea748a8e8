"""A recording as steps over whole arrays: many applications of one gate at once, layers as matrix products.

Every step makes one array with a row for each number and a column for each sample; numbers that all
samples share have one column. It reads rows of earlier arrays:

>>> from autograd import Value, dot
>>> from autograd.bridges.parameter_arrays import arrays_of
>>> from autograd.recording.tracing import record
>>> w = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
>>> recording = record(lambda x: [dot(row, x).relu() for row in w], [0.0, 0.0])
>>> arrays = arrays_of([(f"w.{i}.{j}", w[i][j]) for i in (0, 1) for j in (0, 1)])
>>> for step in Plan(recording, arrays).steps:
...     print(step.compute.__name__, step.gate.name, [operand.shape for operand in step.operands])
products dot [(1, 2, 2), (1, 2)]
elementwise relu [(2,)]

A plan runs on any kind of array that has the few operations of `Arrays`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, Protocol

from autograd.bridges.array_gates import Array, ArrayGates
from autograd.bridges.parameter_arrays import ParameterArray, Shape
from autograd.choice import AnyGate, Choice
from autograd.declaration import Gate
from autograd.fused import FusedGate
from autograd.recording.batches import Inputs, in_shape
from autograd.recording.recording import Instruction, Recording
from autograd.recording.schedule import Run, runs


class Arrays(Protocol):
    """One kind of array; it has the functions of `math` too, see `ArrayGates`.

    `with_gradient` makes a function that returns the output out of one that returns (output, local
    gradients); its derivative is the chain rule, upstream times local gradient, and 0 if upstream is 0.
    """

    def joined(self, arrays: list[Array], /) -> Array: ...  # one below the other
    def stacked(self, arrays: list[Array], axis: int, /) -> Array: ...  # along a new axis
    def rows(self, array: Array, places: Array) -> Array: ...
    def widened(self, array: Array, shape: Shape) -> Array: ...  # repeated along axes of length 1
    def where(self, condition: Array, a: Any, b: Any, /) -> Array: ...  # element by element
    def added(self, array: Array) -> Array: ...  # along the second axis, which keeps the length 1
    def largest(self, array: Array) -> Array: ...  # along the same axis
    def taken(self, array: Array, places: Array) -> Array: ...  # along it too; places are floats
    def with_gradient(self, function: Callable[..., Any]) -> Callable[..., Array]: ...


@dataclass(frozen=True)
class Operand:
    """Rows that a step reads from earlier arrays.

    sources  which arrays; their rows are counted from the first row of the first array
    start    the first row, if the rows lie side by side
    table    if they do not, which of the plan's tables lists them
    shape    how the rows are arranged
    mixed    whether some of the arrays have one column for all samples, and others one for each
    """

    sources: tuple[int, ...]
    start: int
    table: int | None
    shape: Shape
    mixed: bool

    def read(self, earlier: Sequence[Array], tables: Sequence[Array], arrays: Arrays) -> Array:
        """The rows, in an array whose last axis is that of the samples."""
        parts = [earlier[source] for source in self.sources]
        if self.mixed:
            samples = max(part.shape[1] for part in parts)
            parts = [arrays.widened(part, (part.shape[0], samples)) for part in parts]
        rows = parts[0] if len(parts) == 1 else arrays.joined(parts)
        count = math.prod(self.shape)
        if self.table is not None:
            rows = arrays.rows(rows, tables[self.table])
        elif count < rows.shape[0]:
            rows = rows[self.start : self.start + count]
        return rows.reshape((*self.shape, rows.shape[1]))


Compute = Callable[[Callable[..., Array], Sequence[Array], Arrays], Array]
"""The result of a step, from its gate over arrays, its operands and the kind of array."""


@dataclass(frozen=True)
class Step:
    """Applications of one gate that are computed at once."""

    gate: AnyGate
    operands: tuple[Operand, ...]
    compute: Compute


def elementwise(function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
    """An elementary gate, applied to rows of numbers."""
    # A gate may ignore an input; its output then has only the columns of the others.
    return arrays.widened(function(*operands), (len(operands[0]), max(x.shape[1] for x in operands)))


def products(function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
    """Layers of one size, as products of a matrix and the inputs of all samples.

    Operands are weights (layers, neurons, inputs), with 1 for layers if they share them; inputs
    (layers, inputs); starts of the sums (layers, neurons), if there are any.
    """
    weights, inputs, *start = operands
    is_shared = weights.shape[-1] == 1  # by all samples
    sums = weights[..., 0] @ inputs if is_shared else (weights * inputs[:, None]).sum(2)
    sums = sum(start, sums)  # of which a start alone may differ from sample to sample
    return sums.reshape((-1, sums.shape[-1]))


def folds(function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
    """A fused gate on columns of terms (applications, terms), and on starts (applications, 1)."""
    return function(*operands)[:, 0]


def choices(function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
    """`choose` on indices (applications, 1) and values (applications, values): NaN where there is none."""
    index, values = operands
    is_place = (index == index // 1.0) & (index >= 0.0) & (index < values.shape[1])
    taken = arrays.taken(values, arrays.where(is_place, index, 0.0))
    return arrays.where(is_place, taken, math.nan)[:, 0]


class Plan:
    """The steps of a recording, one after the other.

    tables     rows by their numbers, for operands whose rows do not lie side by side
    outputs    the rows of the result

    Before the steps stand the arrays that `run` is given: the inputs, the constants, the parameters that
    stand alone, and an array of its own for each of the others.
    """

    def __init__(self, recording: Recording, parameters: Sequence[ParameterArray]) -> None:
        self.recording = recording
        self.inputs = Inputs(recording.titles, recording.example)
        self.alone = [array.name for array in parameters if not array.shape]
        self.matrices = [array.name for array in parameters if array.shape]
        self.tables: list[list[int]] = []
        self.steps: list[Step] = []
        self._at: dict[int, tuple[int, int]] = {}  # slot -> its array, and its row there
        self._samples: list[bool] = []  # for each array, whether it has a column for each sample
        self._lengths: list[int] = []
        first = recording.first_parameter
        slot_of = {parameter: first + i for i, parameter in enumerate(recording.parameters)}
        alone = [array.parameters[0] for array in parameters if not array.shape]
        self._add(range(first), True)
        self._add(range(recording.first_constant, recording.first_result), False)
        for together in (alone, *(array.parameters for array in parameters if array.shape)):
            self._add(list(map(slot_of.get, together)), False)
        for group in _alike(recording):
            self._add_step(group)
        self.outputs = self._operand(recording.outputs)

    def rows(self, inputs: Sequence[Any], array: Callable[[Any], Array]) -> tuple[list[Array], int | None]:
        """Arrays of the inputs, with a row for each number; how many samples they have, None for one alone.

        array  makes an array of what a user gave
        """
        arrays, size = self.inputs.arrays(inputs, lambda x, title: array(x))
        return [x.reshape(size or 1, -1).T for x in arrays], size

    def run(
        self,
        arrays: Arrays,
        functions: Sequence[Any],
        tables: Sequence[Array],
        rows: list[Array],
        size: int | None,
        constants: Array,
        parameters: Mapping[str, Array],
    ) -> Any:
        """The outputs, in the shape of what the recorded function returned; a batch comes first.

        It takes the `functions` of the steps, `tables` and `constants` (one column) as arrays, `rows` of
        the inputs and the draws with their `size`, and the arrays of the parameters by name.
        """
        alone = [parameters[name].reshape(1, 1) for name in self.alone]
        results = [
            arrays.joined(rows) if rows else constants[:0],
            constants,
            arrays.joined(alone) if alone else constants[:0],
            *(parameters[name].reshape(-1, 1) for name in self.matrices),
        ]
        for step, function in zip(self.steps, functions, strict=True):
            operands = [operand.read(results, tables, arrays) for operand in step.operands]
            results.append(step.compute(function, operands, arrays))
        outputs = self.outputs.read(results, tables, arrays)
        outputs = arrays.widened(outputs, (outputs.shape[0], size or 1))
        columns, shape = (outputs[:, 0], ()) if size is None else (outputs, (size,))
        return in_shape(self.recording.result, iter(columns), shape, lambda x: arrays.stacked(x, len(shape)))

    def functions(self, gates: ArrayGates) -> list[Any]:
        """For each step its gate over arrays, with its own gradient; None if no step needs that."""
        wanted = {step.gate for step in self.steps if step.compute in (elementwise, folds)}
        found = {gate: gates.differentiable(gate) for gate in wanted}
        return [found.get(step.gate) for step in self.steps]

    def _add(self, slots: Sequence[int | None], per_sample: bool) -> None:
        """Append an array whose rows are these slots."""
        for row, slot in enumerate(slots):
            if slot is not None:
                self._at[slot] = len(self._lengths), row
        self._lengths.append(len(slots))
        self._samples.append(per_sample)

    def _operand(self, slots: Sequence[int], shape: Shape | None = None) -> Operand:
        sources = tuple(sorted({self._at[slot][0] for slot in slots}))
        firsts = accumulate((self._lengths[source] for source in sources), initial=0)
        first_of = dict(zip(sources, firsts, strict=False))
        rows = [first_of[source] + row for source, row in map(self._at.__getitem__, slots)]
        table = None
        if rows != list(range(rows[0], rows[0] + len(rows))):
            table = len(self.tables)
            self.tables.append(rows)
        mixed = len({self._samples[source] for source in sources}) > 1
        return Operand(sources, rows[0], table, shape or (len(slots),), mixed)

    def _add_step(self, group: list[Run]) -> None:
        instructions = [instruction for run in group for instruction in run.instructions]
        self.steps.append(self._step(group, instructions))
        self._add([i.output for i in instructions], self.recording.per_sample[instructions[0].output])

    def _step(self, group: list[Run], instructions: list[Instruction]) -> Step:
        gate = group[0].gate
        if isinstance(gate, Gate):
            arguments = zip(*(i.arguments for i in instructions), strict=True)
            return Step(gate, tuple(map(self._operand, arguments)), elementwise)
        if isinstance(gate, Choice):
            index, values = [i.arguments[:1] for i in instructions], [i.arguments[1:] for i in instructions]
            return Step(gate, (self._table(index), self._table(values)), choices)
        if group[0].inputs:
            return self._layers(gate, group)
        parts = [gate.columns(i.arguments) for i in instructions]
        columns = [self._table([columns[i] for columns, _ in parts]) for i in range(gate.width)]
        start = [self._table([start for _, start in parts])] if parts[0][1] else []
        return Step(gate, (*columns, *start), folds)

    def _table(self, rows: Sequence[Sequence[int]]) -> Operand:
        return self._operand(list(chain.from_iterable(rows)), (len(rows), len(rows[0])))

    def _layers(self, gate: FusedGate, group: list[Run]) -> Step:
        first = group[0]
        matrices = [run.weights for run in group]
        if all(weights == first.weights for weights in matrices):  # one matrix, used again and again
            matrices = matrices[:1]
        weights = [slot for matrix in matrices for row in matrix for slot in row]
        inputs = [slot for run in group for slot in run.inputs]
        starts = [i.arguments[-1] for run in group for i in run.instructions if len(i.arguments) % 2]
        operands = [
            self._operand(weights, (len(matrices), len(first.weights), len(first.inputs))),
            self._operand(inputs, (len(group), len(first.inputs))),
        ]
        if starts:
            operands.append(self._operand(starts, (len(group), len(first.weights))))
        return Step(gate, tuple(operands), products)


def _alike(recording: Recording) -> list[list[Run]]:
    """The runs of a recording, grouped by what one step can do: one gate, size and depth."""
    depth = [0] * recording.slots
    groups: dict[Hashable, list[Run]] = {}
    for run in runs(recording):
        for i in run.instructions:
            depth[i.output] = 1 + max(depth[slot] for slot in i.arguments)
        key = depth[run.instructions[0].output], *_kind(run, recording.per_sample)
        groups.setdefault(key, []).append(run)
    return list(groups.values())


def _kind(run: Run, per_sample: Sequence[bool]) -> tuple[Hashable, ...]:
    first = run.instructions[0]
    details: tuple[Hashable, ...] = ()
    if isinstance(run.gate, Gate):
        details = tuple(per_sample[slot] for slot in first.arguments)
    elif run.inputs:
        details = len(run.instructions), any(per_sample[slot] for row in run.weights for slot in row)
    return run.gate, per_sample[first.output], len(first.arguments), len(run.inputs), details
