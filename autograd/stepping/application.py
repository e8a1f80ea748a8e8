"""One gate in its place in a graph: its formulas with the names and numbers there, and what to say of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

from autograd.declaration import ARITHMETIC_ERRORS, Gate, Result
from autograd.passes import close
from autograd.stepping.steps import Note
from autograd.typesetting.gate_formulas import Formula, default_constants, formulas_of, on_a_boundary, put_in
from autograd.typesetting.numbers import decimal
from autograd.value import Value


class Application:
    """The gate that made a node, applied to the node's inputs.

    node    the output
    gate    the gate
    output  the gate's formula, with the names and numbers of its inputs
    locals  the formula of the local gradient for each input
    """

    def __init__(self, node: Value, names: Mapping[Value, str]) -> None:
        assert node.gate is not None
        self.node = node
        self.gate = node.gate
        self.arguments = node.arguments
        self._written = [names[x] if isinstance(x, Value) else decimal(x) for x in self.arguments]
        self._places = [i for i, x in enumerate(self.arguments) if isinstance(x, Value)]
        formulas = formulas_of(node.gate, len(self.arguments))
        constants, labels, numbers = dict(default_constants(node.gate)), {}, {}
        for parameter, written, x in zip(formulas.parameters, self._written, self.arguments, strict=False):
            if isinstance(x, Value):
                labels[parameter], numbers[parameter] = written, x.data
            else:
                constants[parameter] = x
        self.output = Formula(put_in(formulas.output, constants), labels, numbers)
        self.locals = [Formula(put_in(formulas.local[i], constants), labels, numbers) for i in self._places]

    @cached_property
    def now(self) -> Result | None:
        """What the gate gives with its inputs' numbers of now, which may have changed since.

        None where it is not defined there.
        """
        try:
            return self.gate.function(*[x.data if isinstance(x, Value) else x for x in self.arguments])
        except ARITHMETIC_ERRORS:
            return None

    def recomputed(self, numbers: Mapping[Value, float]) -> float:
        """What the gate gives with other numbers for some of the Values.

        Raises GateError where it is not defined there.
        """
        given = tuple(numbers.get(x, x.data) if isinstance(x, Value) else x for x in self.arguments)
        try:
            return self.gate.function(*given)[0]
        except ARITHMETIC_ERRORS as error:
            raise self.gate.refusal(given, error) from None

    def role(self, position: int) -> str:
        """What the gate does to the gradient on its way to one input, in a sentence."""
        x, local = self._written[self._places[position]], self.node.local_grads[position]
        match self.gate.role:
            case "distributor":
                how = {1.0: " unchanged", -1.0: " with its sign turned"}.get(
                    local, f" times {decimal(local)}"
                )
                return f"gradient distributor: hands its upstream gradient to {x}{how}"
            case "switcher":
                others = " and ".join(self._others(position))
                return f"gradient switcher: the local gradient for {x} is the other input, {others}"
            case "router":
                how = "lets no gradient through" if local == 0.0 else "lets the gradient through"
                return f"gradient router: {how} to {x}"
        return self.gate.role

    @cached_property
    def boundary(self) -> tuple[Note, ...]:
        """A tie or a kink: where a comparison in a local gradient's formula is an equality."""
        if not any(on_a_boundary(local.formula, local.numbers) for local in self.locals):
            return ()
        number = decimal(self.node.inputs[0].data)
        convention = (
            f": {self.gate.convention}" if isinstance(self.gate, Gate) and self.gate.convention else ""
        )
        if self.gate.role == "router" and len(self.arguments) > 1:
            return (Note("tie", f"{' and '.join(self._written)} tie at {number}{convention}"),)
        return (Note("kink", f"{self._written[self._places[0]]} = {number} is on the kink{convention}"),)

    def notes(self, position: int, upstream: float) -> tuple[Note, ...]:
        """What not to miss about the edge to one input."""
        x, number = self._written[self._places[position]], decimal(self.node.inputs[position].data)
        notes = [*self.boundary]
        if self.node.local_grads[position] == 0.0:
            if self.gate.role != "router":
                notes.append(Note("zero", f"the local gradient is 0, so nothing reaches {x}"))
            elif len(self.arguments) == 1:
                notes.append(
                    Note("dead", f"the {self.gate.symbol} is dead at {x} = {number}: nothing passes")
                )
            else:
                winner = " and ".join(self._others(position))
                notes.append(Note("loses", f"{x} = {number} loses to {winner}: nothing reaches it"))
        local_now = math.nan if self.now is None else self.now[1][self._places[position]]
        if not close(local_now, self.node.local_grads[position]):
            sentence = "the local gradient is that of the forward pass, before an input was changed"
            notes.append(Note("stale", sentence))
        elif upstream == 0.0:
            notes.append(Note("nothing", f"nothing arrives here, so nothing is handed on to {x}"))
        return tuple(notes)

    def _others(self, position: int) -> list[str]:
        place = self._places[position]
        return [written for i, written in enumerate(self._written) if i != place]
