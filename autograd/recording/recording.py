"""What a recording is: a function's graph as a flat list of instructions.

Its slots are numbered from 0: the inputs, the parameters (all other leaves that the function
reached), the constants, and one for the output of each instruction. It holds no numbers but the
constants: those of the parameters are read at every run.

>>> from autograd.recording.tracing import record
>>> w = Value(2.0, "w")
>>> recording = record(lambda x: (w * x).tanh(), 3.0)
>>> recording.names
['x', 'w', 'v1', 'v2']
>>> [(i.output, i.gate.name, i.arguments) for i in recording.instructions]
[(2, 'multiply', (1, 0)), (3, 'tanh', (2,))]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from autograd.choice import AnyGate
from autograd.declaration import Gate
from autograd.draws import Draw
from autograd.grad_mode import enable_grad
from autograd.shapes import flat, shaped
from autograd.typesetting.labels import distinct
from autograd.value import Value, apply


class Instruction(NamedTuple):
    """One gate of a recording: `slots[output] = gate(slots of the arguments)`."""

    gate: AnyGate
    output: int
    arguments: tuple[int, ...]

    @property
    def inputs(self) -> tuple[int, ...]:
        """The arguments that take a gradient: constants follow the inputs."""
        gate, arguments = self.gate, self.arguments
        return arguments[: len(gate.local)] if isinstance(gate, Gate) else arguments


@dataclass(frozen=True)
class Recording:
    """A function's graph, flattened.

    example       what the function was called with: it fixes the shapes of the inputs
    titles        the names of its arguments
    inputs        the names of the numbers in them, in reading order, then of the draws
    draws         the random numbers that the function drew: the last inputs of each sample
    parameters    the other leaves that the function reached, in the order of their first use
    constants     the plain numbers it used
    instructions  its gates, each after those it depends on
    result        what it returned, with the slot in place of every Value and number
    labels        the names that the function gave to its results, by slot
    """

    example: tuple[Any, ...]
    titles: tuple[str, ...]
    inputs: tuple[str, ...]
    draws: tuple[Draw, ...]
    parameters: tuple[Value, ...]
    constants: tuple[float, ...]
    instructions: tuple[Instruction, ...]
    result: Any
    labels: dict[int, str]

    @cached_property
    def outputs(self) -> list[int]:
        """The slots of the result, in reading order."""
        return flat(self.result, "the result")

    # Where each kind of slot begins.

    @property
    def first_draw(self) -> int:
        return self.first_parameter - len(self.draws)

    @property
    def first_parameter(self) -> int:
        return len(self.inputs)

    @property
    def first_constant(self) -> int:
        return self.first_parameter + len(self.parameters)

    @property
    def first_result(self) -> int:
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
            reached[instruction.output] = any(map(reached.__getitem__, instruction.arguments))
        return reached

    @cached_property
    def names(self) -> list[str]:
        """For each slot what a reader calls it: its label, or v1, v2, … and a constant by its number."""
        labels = [*self.inputs, *(p.label for p in self.parameters)]
        labels += [self.labels.get(i.output, "") for i in self.instructions]
        named, constants = distinct(labels), [repr(number) for number in self.constants]
        return [*named[: self.first_constant], *constants, *named[self.first_constant :]]

    def only(self, result: Any) -> Recording:
        """The same recording for a part of its result, with what that is computed from.

        result  slots of this recording, one or several
        """
        wanted = {*range(self.first_parameter), *flat(result, "the result")}
        for instruction in reversed(self.instructions):
            if instruction.output in wanted:
                wanted.update(instruction.arguments)
        if len(wanted) == self.slots:
            return replace(self, result=result)
        moved = {slot: place for place, slot in enumerate(sorted(wanted))}
        return replace(
            self,
            parameters=tuple(
                p for slot, p in enumerate(self.parameters, self.first_parameter) if slot in moved
            ),
            constants=tuple(x for slot, x in enumerate(self.constants, self.first_constant) if slot in moved),
            instructions=tuple(
                Instruction(gate, moved[output], tuple(map(moved.__getitem__, arguments)))
                for gate, output, arguments in self.instructions
                if output in moved
            ),
            result=shaped((result,), map(moved.__getitem__, flat(result, "the result")))[0],
            labels={moved[slot]: label for slot, label in self.labels.items() if slot in moved},
        )

    def replay(self, numbers: Sequence[float]) -> list[Value]:
        """The eager graph of one sample: a Value for every slot, the very parameters among them."""
        values = [Value(x, name) for x, name in zip(numbers, self.inputs, strict=True)]
        values += self.parameters
        arguments: list[Any] = [*values, *self.constants]
        with enable_grad():
            for instruction in self.instructions:
                output = apply(instruction.gate, *(arguments[slot] for slot in instruction.arguments))
                output.label = self.names[instruction.output]
                arguments.append(output)
        return arguments
