"""A recording as steps over whole arrays: many applications of one gate at once, layers as matrix products.

Every step makes one array with a row for each number and a column for each sample; numbers that all
samples share have one column. It reads rows of the arrays before it:

>>> from autograd import Value, dot
>>> from autograd.bridges.parameter_arrays import arrays_of
>>> from autograd.recording.tracing import record
>>> w = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
>>> recording = record(lambda x: [dot(row, x).relu() for row in w], [0.0, 0.0])
>>> arrays = arrays_of([(f"w.{i}.{j}", w[i][j]) for i in (0, 1) for j in (0, 1)])
>>> for step in Plan(recording, arrays).steps:
...     print(type(step).__name__, step.gate.name, [operand.shape for operand in step.operands])
Layers dot [(1, 2, 2), (1, 2)]
Gates relu [(2,)]

What runs a plan is an `Arrays`: one kind of array, with the few operations that are used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from autograd.bridges.array_gates import Array, ArrayGates
from autograd.bridges.parameter_arrays import ParameterArray, Shape
from autograd.choice import Choice
from autograd.declaration import Gate
from autograd.fused import FusedGate
from autograd.recording.recording import Recording
from autograd.recording.schedule import Run, runs


class Arrays(Protocol):
    """One kind of array. It also has the functions of `math` and `where`: see `ArrayGates`."""

    def joined(self, arrays: list[Array], /) -> Array:
        """The rows of several arrays, one below the other."""

    def rows(self, array: Array, places: Array) -> Array:
        """Some of its rows."""

    def widened(self, array: Array, shape: Shape) -> Array:
        """The array repeated along axes of length 1."""

    def added(self, array: Array) -> Array:
        """Sums along the second axis, which stays with the length 1."""

    def largest(self, array: Array) -> Array:
        """The largest along the second axis, which stays with the length 1."""

    def chosen(self, values: Array, index: Array) -> Array:
        """Along the second axis, the value at an index; NaN where there is none."""

    def with_gradient(self, function: Callable[..., Any]) -> Callable[..., Array]:
        """A function of arrays that gives (output, local gradients), to one that gives the output.

        Its derivative is the chain rule: upstream gradient times local gradient, where no gradient arrives 0.
        """


@dataclass(frozen=True)
class Operand:
    """Rows of arrays that were made before.

    sources  the arrays, by their places among all; their rows stand one below the other
    start    the first row of those, where the rows lie side by side
    table    elsewhere, the place of their numbers among the plan's tables
    shape    what the rows are arranged as
    mixed    whether some sources have one column for all samples, and others one for each
    """

    sources: tuple[int, ...]
    start: int
    table: int | None
    shape: Shape
    mixed: bool

    def read(self, made: Sequence[Array], tables: Sequence[Array], arrays: Arrays) -> Array:
        """The rows, in an array of `shape` and the samples."""
        parts = [made[source] for source in self.sources]
        if self.mixed:
            samples = max(part.shape[1] for part in parts)
            parts = [arrays.widened(part, (part.shape[0], samples)) for part in parts]
        rows = parts[0] if len(parts) == 1 else arrays.joined(parts)
        count = 1
        for length in self.shape:
            count *= length
        if self.table is not None:
            rows = arrays.rows(rows, tables[self.table])
        elif count < rows.shape[0]:
            rows = rows[self.start : self.start + count]
        return rows.reshape((*self.shape, rows.shape[1]))


@dataclass(frozen=True)
class Gates:
    """An elementary gate, applied to rows."""

    gate: Gate
    operands: tuple[Operand, ...]

    def run(self, function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
        # A function may leave an input alone, and then its output is as narrow as the others.
        return arrays.widened(function(*operands), (len(operands[0]), max(x.shape[1] for x in operands)))


@dataclass(frozen=True)
class Layers:
    """Layers of one size.

    operands  weights (layers, neurons, inputs), or those of one layer if all have the same;
              inputs (layers, inputs) and perhaps starts (layers, neurons)
    shared    whether all samples share the weights
    """

    gate: FusedGate
    operands: tuple[Operand, ...]
    shared: bool

    def run(self, function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
        weights, inputs, *start = operands
        sums = weights[..., 0] @ inputs if self.shared else (weights * inputs[:, None]).sum(2)
        sums = sum(start, sums)
        return sums.reshape((-1, sums.shape[-1]))


@dataclass(frozen=True)
class Folds:
    """A fused gate, applied many times.

    operands  for each column of terms an array (applications, terms), and for a start (applications, 1)
    """

    gate: FusedGate
    operands: tuple[Operand, ...]

    def run(self, function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
        return function(*operands)[:, 0]


@dataclass(frozen=True)
class Choices:
    """Many choices.

    operands  indices (choices, 1) and values (choices, values)
    """

    gate: Choice
    operands: tuple[Operand, ...]

    def run(self, function: Callable[..., Array], operands: Sequence[Array], arrays: Arrays) -> Array:
        index, values = operands
        return arrays.chosen(values, index)[:, 0]


Step = Gates | Layers | Folds | Choices


class Plan:
    """The steps of a recording.

    constants  the plain numbers that it uses
    steps      what is run, one after the other
    tables     rows by their numbers, for operands whose rows do not lie side by side
    outputs    the rows of the result
    """

    def __init__(self, recording: Recording, parameters: Sequence[ParameterArray]) -> None:
        self.recording = recording
        self.constants = recording.constants
        self.tables: list[list[int]] = []
        self.steps: list[Step] = []
        self._at: dict[int, tuple[int, int]] = {}  # slot -> its array, and its row there
        self._samples: list[bool] = []  # for each array, whether it has a column for each sample
        self._rows: list[int] = []
        first = recording.first_parameter
        slot_of = {parameter: first + i for i, parameter in enumerate(recording.parameters)}
        self._add(range(first), True)
        self._add(range(recording.first_constant, recording.first_result), False)
        alone = [slot_of.get(p) for array in parameters if not array.shape for p in array.parameters]
        self._add(alone, False)
        for array in parameters:
            if array.shape:
                self._add([slot_of.get(p) for p in array.parameters], False)
        for group in _alike(recording):
            self._add_step(group)
        self.outputs = self._operand(recording.outputs)

    def run(
        self, arrays: Arrays, functions: Sequence[Any], tables: Sequence[Array], made: list[Array]
    ) -> Array:
        """The outputs, a row for each, in the reading order of the result.

        functions  the steps' gates, as `functions` gives them
        tables     `self.tables`, as arrays
        made       inputs, constants, parameters that stand alone, and the other parameters' arrays, in rows
        """
        for step, function in zip(self.steps, functions, strict=True):
            operands = [operand.read(made, tables, arrays) for operand in step.operands]
            made.append(step.run(function, operands, arrays))
        outputs = self.outputs.read(made, tables, arrays)
        return arrays.widened(outputs, (outputs.shape[0], made[0].shape[1]))

    def functions(self, gates: ArrayGates) -> list[Any]:
        """For each step its gate over arrays, with its own gradient."""
        wanted = [step.gate if isinstance(step, Gates | Folds) else None for step in self.steps]
        found = {gate: gates.differentiable(gate) for gate in set(wanted) if gate}
        return [gate and found[gate] for gate in wanted]

    def _add(self, slots: Sequence[int | None], per_sample: bool) -> None:
        """One more array, with these slots for its rows."""
        for row, slot in enumerate(slots):
            if slot is not None:
                self._at[slot] = len(self._rows), row
        self._rows.append(len(slots))
        self._samples.append(per_sample)

    def _operand(self, slots: Sequence[int], shape: Shape | None = None) -> Operand:
        sources = tuple(sorted({self._at[slot][0] for slot in slots}))
        before, count = {}, 0
        for source in sources:
            before[source] = count
            count += self._rows[source]
        rows = [before[source] + row for source, row in map(self._at.__getitem__, slots)]
        table = None
        if rows != list(range(rows[0], rows[0] + len(rows))):
            table = len(self.tables)
            self.tables.append(rows)
        mixed = len({self._samples[source] for source in sources}) > 1
        return Operand(sources, rows[0], table, shape or (len(slots),), mixed)

    def _add_step(self, group: list[Run]) -> None:
        instructions = [instruction for run in group for instruction in run.instructions]
        gate, first = group[0].gate, instructions[0]
        if isinstance(gate, Gate):
            arguments = zip(*(i.arguments for i in instructions), strict=True)
            self.steps.append(Gates(gate, tuple(map(self._operand, arguments))))
        elif isinstance(gate, Choice):
            index, values = [i.arguments[0] for i in instructions], [i.arguments[1:] for i in instructions]
            self.steps.append(Choices(gate, (self._column(index), self._table(values))))
        elif group[0].inputs:
            self.steps.append(self._layers(gate, group))
        else:
            parts = [gate.columns(i.arguments) for i in instructions]
            columns = [self._table([columns[i] for columns, _ in parts]) for i in range(gate.width)]
            start = [self._column([start[0] for _, start in parts])] if parts[0][1] else []
            self.steps.append(Folds(gate, (*columns, *start)))
        self._add([i.output for i in instructions], self.recording.per_sample[first.output])

    def _column(self, slots: Sequence[int]) -> Operand:
        return self._operand(slots, (len(slots), 1))

    def _table(self, rows: Sequence[Sequence[int]]) -> Operand:
        return self._operand(list(chain.from_iterable(rows)), (len(rows), len(rows[0])))

    def _layers(self, gate: FusedGate, group: list[Run]) -> Layers:
        layers, neurons, terms = len(group), len(group[0].weights), len(group[0].inputs)
        one = all(run.weights == group[0].weights for run in group)  # a matrix that is used again and again
        weights = [slot for run in group[: 1 if one else None] for row in run.weights for slot in row]
        inputs = [slot for run in group for slot in run.inputs]
        starts = [i.arguments[-1] for run in group for i in run.instructions if len(i.arguments) % 2]
        operands = [
            self._operand(weights, (1 if one else layers, neurons, terms)),
            self._operand(inputs, (layers, terms)),
        ]
        if starts:
            operands.append(self._operand(starts, (layers, neurons)))
        shared = not any(self.recording.per_sample[slot] for slot in weights)
        return Layers(gate, tuple(operands), shared)


def _alike(recording: Recording) -> list[list[Run]]:
    """The runs of a recording, with those together that one step can do: of one gate, size and depth."""
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
    own: tuple[Hashable, ...] = ()
    if isinstance(run.gate, Gate):
        own = tuple(per_sample[slot] for slot in first.arguments)
    elif run.inputs:
        own = len(run.instructions), any(per_sample[slot] for row in run.weights for slot in row)
    return run.gate, per_sample[first.output], len(first.arguments), len(run.inputs), own
