"""One gate in its place in a graph: its formulas with the names and numbers there, and what to say of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from autograd.choice import Choice
from autograd.declaration import ARITHMETIC_ERRORS, Gate
from autograd.languages import Said, ordinal
from autograd.passes import Numbers
from autograd.stepping.steps import Note
from autograd.typesetting.gate_formulas import Formula, formulas_of, on_a_boundary, put_in
from autograd.typesetting.numbers import decimal
from autograd.value import Value


class AppliedGate:
    """The gate that made a node, applied to the node's inputs.

    node    the output
    gate    the gate
    output  the gate's formula, with the names of its inputs and the numbers that they had
    locals  the formula of the local gradient for each input
    slots   for each input which of several it is that are the same Value; 0 for one that is alone
    """

    def __init__(self, node: Value, names: Mapping[Value, str], numbers: Numbers) -> None:
        assert node.gate is not None
        self.node = node
        self.gate = node.gate
        self.numbers = numbers
        arguments = node.arguments
        self._places = [i for i, x in enumerate(arguments) if isinstance(x, Value)]
        times, used = Counter(node.inputs), Counter[Value]()
        self.slots = [used.update([x]) or used[x] if times[x] > 1 else 0 for x in node.inputs]
        slots = dict(zip(self._places, self.slots, strict=True))
        self._names: list[str | Said] = []
        formulas = formulas_of(node.gate, len(arguments))
        constants, labels = dict(node.gate.defaults), {}
        known: dict[str, float | str] = {}
        for i, (x, number) in enumerate(zip(arguments, numbers, strict=True)):
            name = names[x] if isinstance(x, Value) else decimal(x)
            slot = slots.get(i, 0)
            self._names.append(_in_slot(slot, name) if slot else name)
            if i >= len(formulas.parameters):
                continue
            parameter = formulas.parameters[i]
            if isinstance(x, Value):
                labels[parameter], known[parameter] = name, name if number is None else number
            else:
                constants[parameter] = x
        self.output = Formula(put_in(formulas.output, constants), labels, known)
        self.locals = [Formula(put_in(formulas.local[i], constants), labels, known) for i in self._places]

    def recomputed(self, numbers: Mapping[Value, float]) -> float:
        """The gate's output if its inputs were these numbers.

        Raises GateError if it is not defined there.
        """
        arguments = tuple(numbers[x] if isinstance(x, Value) else x for x in self.node.arguments)
        try:
            return self.gate.function(*arguments)[0]
        except ARITHMETIC_ERRORS as error:
            raise self.gate.refusal(arguments, error) from None

    def forgotten(self, name: str) -> tuple[Note, ...]:
        """That an input of the node of this name was changed, where nothing tells from what."""
        inputs = zip(self.node.arguments, self._names, self.numbers, strict=True)
        missing = [x for argument, x, number in inputs if isinstance(argument, Value) and number is None]
        return (_note("stale", "forgotten", inputs=_joined(missing), name=name),) if missing else ()

    def role(self, position: int) -> Said | None:
        """What the gate does to the gradient on its way to one input."""
        x, local = self._names[self._places[position]], self.node.local_grads[position]
        match self.gate.role:
            case "":
                return None
            case "distributor":
                if abs(local) == 1.0:
                    return Said.of("distributes" if local > 0.0 else "distributes the negative", input=x)
                return Said.of("distributes a multiple", input=x, factor=decimal(local))
            case "switcher":
                return Said.of("switches", input=x, others=_joined(self._others(position)))
            case "router":
                return Said.of("stops" if local == 0.0 else "routes", input=x)
        return Said.by_gate(self.gate.role)

    @cached_property
    def boundary(self) -> tuple[Note, ...]:
        """A tie or a kink: where a comparison in a local gradient's formula is an equality."""
        if isinstance(self.gate, Choice) or not any(
            on_a_boundary(local.formula, local.numbers) for local in self.locals
        ):
            return ()
        first = self._places[0]
        number = decimal(self.numbers[first] or 0.0)
        text = self.gate.convention if isinstance(self.gate, Gate) else ""
        by_convention = ", by convention" if text else ""
        convention: dict[str, str | Said] = {"convention": Said.by_gate(text)} if text else {}
        if self.gate.role == "router" and len(self._names) > 1:
            inputs = _joined(self._names)
            return (_note("tie", f"tie{by_convention}", inputs=inputs, number=number, **convention),)
        return (_note("kink", f"kink{by_convention}", input=self._names[first], number=number, **convention),)

    def notes(self, position: int, upstream: float, contribution: float, before: float) -> tuple[Note, ...]:
        """What not to miss about the edge to one input."""
        place = self._places[position]
        x, number, local = self._names[place], self.numbers[place], self.node.local_grads[position]
        notes = [*self.boundary]
        shown = "?" if number is None else decimal(number)
        if upstream == 0.0 and (local != 0.0 or not math.isfinite(local)):
            notes.append(_note("nothing", "nothing arrives", input=x))
        elif not math.isfinite(local):
            notes.append(_note("infinite", "infinite", input=x, number=decimal(local)))
        elif not math.isfinite(contribution):
            if local == 0.0:
                notes.append(_note("infinite", "zero times infinity", upstream=decimal(upstream), input=x))
            elif math.isfinite(upstream):
                factors = {"upstream": decimal(upstream), "local": decimal(local)}
                notes.append(_note("infinite", "too large", **factors))
        elif local == 0.0:
            if self.gate.role != "router" or isinstance(self.gate, Choice):
                notes.append(_note("zero", "zero", input=x))
            elif len(self._names) == 1:
                notes.append(_note("dead", "dead", gate=self.gate.symbol, input=x, number=shown))
            else:
                winner = _joined(self._others(position))
                notes.append(_note("loses", "loses", input=x, number=shown, winner=winner))
        if math.isnan(before + contribution) and not math.isnan(before) and not math.isnan(contribution):
            terms = {"before": decimal(before), "contribution": decimal(contribution)}
            notes.append(_note("infinite", "infinities cancel", input=x, **terms))
        return tuple(notes)

    def _others(self, position: int) -> list[str | Said]:
        place = self._places[position]
        return [name for i, name in enumerate(self._names) if i != place]


def _note(kind: str, key: str, **values: str | Said) -> Note:
    return Note(kind, Said.of(key, **values))


def _in_slot(n: int, name: str) -> Said:
    return Said.of("slot in words", ordinal=ordinal(n), number=str(n), input=name)


def _joined(names: list[str | Said]) -> str | Said:
    first, *others = names
    return Said.of("both", first=first, second=_joined(others)) if others else first
