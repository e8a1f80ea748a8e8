"""Recording a function: call it once with Values, and keep its graph as a flat list.

A recording has slots, numbered from 0: the inputs, then the parameters (all other leaves
that the function reached), then the constants, then one for the output of each
instruction. It holds no numbers but the constants: those of the parameters are read at
every run.

>>> w = Value(2.0, "w")
>>> recording = record(lambda x: (w * x).tanh(), 3.0)
>>> recording.names
['x', 'w', 'v1', 'v2']
>>> [(i.output, i.gate.name, i.arguments) for i in recording.instructions]
[(2, 'multiply', (1, 0)), (3, 'tanh', (2,))]
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Any

from autograd.arguments import real_number
from autograd.declaration import Gate
from autograd.fused import FusedGate, total
from autograd.grad_mode import reading_guarded, recording
from autograd.graph import topological_order
from autograd.reals import as_float
from autograd.shapes import flat, places, shaped
from autograd.typesetting.labels import distinct
from autograd.value import Value, apply


class RecordingError(RuntimeError):
    """A function did something that a recording cannot hold, such as branching on a number."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One gate of a recording: `slots[output] = gate(slots of the arguments)`."""

    gate: Gate | FusedGate
    output: int
    arguments: tuple[int, ...]

    @property
    def inputs(self) -> tuple[int, ...]:
        """The arguments that take a gradient: constants follow the inputs."""
        if isinstance(self.gate, FusedGate):
            return self.arguments
        return self.arguments[: len(self.gate.local)]


@dataclass(frozen=True)
class Recording:
    """A function's graph, flattened.

    example       what the function was called with: it fixes the shapes of the inputs
    titles        the names of its arguments
    inputs        the names of the numbers in them, in reading order
    parameters    the other leaves that the function reached, in the order of their first use
    constants     the plain numbers it used
    instructions  its gates, each after those it depends on
    result        what it returned, with the slot in place of every Value and number
    labels        the names that the function gave to its results, by slot
    """

    example: tuple[Any, ...]
    titles: tuple[str, ...]
    inputs: tuple[str, ...]
    parameters: tuple[Value, ...]
    constants: tuple[float, ...]
    instructions: tuple[Instruction, ...]
    result: Any
    labels: dict[int, str]

    @property
    def outputs(self) -> list[int]:
        """The slots of the result, in reading order."""
        return flat(self.result, "the result")

    @property
    def first_parameter(self) -> int:
        """The slot of the first parameter: the inputs come before it."""
        return len(self.inputs)

    @property
    def first_constant(self) -> int:
        """The slot of the first constant."""
        return self.first_parameter + len(self.parameters)

    @property
    def first_result(self) -> int:
        """The slot of the first instruction's output."""
        return self.first_constant + len(self.constants)

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return self.first_result + len(self.instructions)

    @cached_property
    def per_sample(self) -> list[bool]:
        """For each slot, whether it depends on an input and so differs from sample to sample."""
        return self._reached(range(self.first_parameter))

    @cached_property
    def flows(self) -> list[bool]:
        """For each slot, whether it depends on a parameter, so that a gradient flows through it."""
        return self._reached(range(self.first_parameter, self.first_constant))

    def _reached(self, start: range) -> list[bool]:
        reached = [slot in start for slot in range(self.slots)]
        for instruction in self.instructions:
            reached[instruction.output] = any(reached[slot] for slot in instruction.arguments)
        return reached

    @cached_property
    def names(self) -> list[str]:
        """For each slot what a reader calls it: its label, or v1, v2, … and a constant by its number."""
        labels = [*self.inputs, *(p.label for p in self.parameters)]
        labels += [self.labels.get(i.output, "") for i in self.instructions]
        named, constants = distinct(labels), [repr(number) for number in self.constants]
        return [*named[: self.first_constant], *constants, *named[self.first_constant :]]

    def replay(self, numbers: Sequence[float]) -> list[Value]:
        """The eager graph of one sample, gate by gate: a Value for every slot.

        The parameters are the very Values, so that a backward pass from one of the results
        reaches them.
        """
        values = [Value(x, name) for x, name in zip(numbers, self.inputs, strict=True)]
        values += self.parameters
        arguments: list[Any] = [*values, *self.constants]
        with recording():
            for instruction in self.instructions:
                output = apply(instruction.gate, *(arguments[slot] for slot in instruction.arguments))
                output.label = self.labels.get(instruction.output, "")
                arguments.append(output)
        return arguments


def record(function: Callable[..., Any], *example: Any) -> Recording:
    """Call `function` once with Values in the place of the numbers in `example`.

    `example` has numbers, or lists, tuples and arrays of them, nested as you like; the
    function gives back Values, or lists, tuples and arrays of them.

    Raises RecordingError where the function takes a number out of the graph (`float(v)`, a
    comparison, `max`, `detach`, `no_grad`), and TypeError where it gives back anything else.
    """
    titles = _titles(function, len(example))
    inputs = [
        Value(_number(place, number), place)
        for title, argument in zip(titles, example, strict=True)
        for number, place in zip(flat(argument, title), places(argument, title), strict=True)
    ]
    with recording():
        with reading_guarded(_refuse_to_read):
            result = function(*shaped(example, inputs))
        found = flat(result, "the function's result")
        if not found:
            raise TypeError("the function's result holds no Value: there is nothing to record")
        roots = [node for node in found if isinstance(node, Value)]
        order = topological_order(total(roots))[:-1] if roots else []

    slot: dict[Value, int] = {node: i for i, node in enumerate(inputs)}
    gates = [node for node in order if node.gate is not None]
    reached = dict.fromkeys([x for node in gates for x in node.inputs] + roots)
    parameters = [node for node in reached if node.gate is None and node not in slot]
    constants = _constants(gates, found)
    first_constant = len(inputs) + len(parameters)
    slot.update(zip(parameters, range(len(inputs), first_constant), strict=True))
    slot.update((node, first_constant + len(constants) + i) for i, node in enumerate(gates))

    def slot_of(argument: Value | float) -> int:
        if isinstance(argument, Value):
            return slot[argument]
        return first_constant + constants[_key(argument)]

    return Recording(
        example=example,
        titles=tuple(titles),
        inputs=tuple(node.label for node in inputs),
        parameters=tuple(parameters),
        constants=tuple(map(float.fromhex, constants)),
        instructions=tuple(
            Instruction(node.gate, slot[node], tuple(map(slot_of, node.arguments)))  # type: ignore[arg-type]
            for node in gates
        ),
        result=shaped((result,), [slot_of(x) for x in found])[0],
        labels={slot[node]: node.label for node in gates if node.label},
    )


def _number(place: str, given: Any) -> float:
    """A number of the example, infinite ones too. Raises TypeError, with its place, for anything else."""
    return real_number(place, given, "a number", lambda _: True)


def _key(number: float) -> str:
    """What tells constants apart: 0.0 equals -0.0, which is another number, and NaN not even itself."""
    return as_float(number).hex()


def _constants(gates: list[Value], results: list[Any]) -> dict[str, int]:
    """Each plain number once, with its place among them."""
    places: dict[str, int] = {}
    for node in gates:
        for _, number in node.constants:
            places.setdefault(_key(number), len(places))
    for number in results:
        if not isinstance(number, Value):
            places.setdefault(_key(number), len(places))
    return places


_INSTEAD = {
    "backward()": "give back the loss: the program has a backward() of its own",
    "a program with parameters": "call the function that it was made of",
    "no_grad()": "compute such numbers outside, and give them as an input",
    "detach()": "compute such numbers outside, and give them as an input",
}


def _refuse_to_read(expression: str) -> None:
    instead = _INSTEAD.get(
        expression,
        "write gates: maximum(a, b) or minimum(a, b) for max and min, "
        "relu(v) or maximum(v, 0) for `v if v > 0 else 0`",
    )
    raise RecordingError(
        f"{expression} while recording: the number it gives would be frozen into the program. "
        f"Instead, {instead}"
    )


def _titles(function: Callable[..., Any], wanted: int) -> list[str]:
    """The names of the function's parameters, and others for the arguments beyond them."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # not every callable has a signature to read
        parameters = ()  # type: ignore[assignment]
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:wanted]
    invented = (title for i in count(len(named) + 1) if (title := f"x{i}") not in named)
    return [*named, *islice(invented, wanted - len(named))]
