"""One gate in its place in a graph: its formulas with the names and numbers there, and what to say of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from autograd.choice import Choice
from autograd.declaration import Gate
from autograd.derivatives.local_values import formula_value
from autograd.graph import topological_order
from autograd.languages import Said, ordinal
from autograd.passes import Numbers, close
from autograd.typesetting.gate_formulas import Formula, formulas_of, on_a_boundary, put_in
from autograd.typesetting.numbers import decimal, decimals_showing
from autograd.value import Value


class AppliedGate:
    """The gate that made a node, applied to the node's inputs.

    output  the gate's formula, with the names of its inputs and the numbers that they had
    locals  the formula of the local gradient for each input
    slots   for each input which of several it is that are the same Value; 0 for one that is alone
    """

    def __init__(self, node: Value, names: Mapping[Value, str], numbers: Numbers) -> None:
        assert node.gate is not None
        self.node, self.gate, self.names, self.numbers = node, node.gate, names, numbers
        arguments = node.arguments
        self._places = [i for i, x in enumerate(arguments) if isinstance(x, Value)]
        self.slots = _slots(node.inputs)
        inputs = (_in_words(names[x], slot) for x, slot in zip(node.inputs, self.slots, strict=True))
        self._names = [next(inputs) if isinstance(x, Value) else decimal(x) for x in arguments]
        formulas = formulas_of(node.gate, len(arguments))
        constants, labels, known = dict[str, float](), dict[str, str](), dict[str, float | str]()
        for parameter, x, number in zip(formulas.parameters, arguments, numbers, strict=True):
            if isinstance(x, Value):
                labels[parameter], known[parameter] = names[x], names[x] if number is None else number
            else:
                constants[parameter] = x
        self.output = Formula(put_in(formulas.output, constants), labels, known)
        self.locals = [Formula(put_in(formulas.local[i], constants), labels, known) for i in self._places]

    def recomputed(self, numbers: Mapping[Value, float]) -> float:
        """The gate's output if its inputs were these numbers.

        Raises GateError if it is not defined there.
        """
        arguments = [numbers[x] if isinstance(x, Value) else x for x in self.node.arguments]
        return self.gate.answer(tuple(arguments), arguments)[0]

    def forgotten(self, name: str) -> tuple[Said, ...]:
        """The note that an input of this node was changed, if nothing tells from what."""
        missing = [x for x, number in zip(self._names, self.numbers, strict=True) if number is None]
        return (Said.of("forgotten", inputs=_joined(missing), name=name),) if missing else ()

    def untrue(self, position: int | None = None) -> tuple[Said, ...]:
        """The note that a formula, of the output or of one local gradient, is not what the gate gives."""
        node, gate, what = self.node, self.gate, self.names[self.node]
        if not isinstance(gate, Gate) or None in self.numbers:
            return ()
        formula, number = gate.formula, node.data
        if position is not None:
            what = f"∂{what}/∂{self.names[node.inputs[position]]}"
            formula, number = gate.local[self._places[position]], node.local_grads[position]
        pairs = zip(node.arguments, self.numbers, strict=True)
        arguments: list[Any] = [Value(n) if isinstance(x, Value) else x for x, n in pairs]  # type: ignore[arg-type]
        found = formula_value(formula, gate, arguments, node.data)
        if found is None or not math.isfinite(found.data - number):
            return ()
        if close(found.data, number, max(abs(x.data) for x in topological_order(found))):
            return ()
        finer = decimals_showing(found.data - number)
        numbers = {"found": decimal(found.data, finer), "number": decimal(number, finer)}
        return (Said.of("untrue", what=what, gate=gate.symbol, **numbers),)

    @cached_property
    def boundary(self) -> tuple[Said, ...]:
        """A tie or a kink: where a comparison in a local gradient's formula is an equality."""
        if not isinstance(self.gate, Gate) or not any(
            on_a_boundary(x.formula, x.numbers) for x in self.locals
        ):
            return ()
        first, convention = self._places[0], self.gate.convention
        values: dict[str, str | Said] = {"number": decimal(self.numbers[first] or 0.0)}
        if convention:
            values["convention"] = Said.by_gate(convention)
        suffix = ", by convention" if convention else ""
        if self.gate.role == "router" and len(self._names) > 1:
            return (Said.of(f"tie{suffix}", inputs=_joined(self._names), **values),)
        return (Said.of(f"kink{suffix}", input=self._names[first], **values),)

    def notes(self, position: int, upstream: float, contribution: float, before: float) -> tuple[Said, ...]:
        """What not to miss about the edge to one input."""
        place = self._places[position]
        x, number, local = self._names[place], self.numbers[place], self.node.local_grads[position]
        shown = "?" if number is None else decimal(number)
        notes = [*self.untrue(position), *self.boundary]
        if upstream == 0.0 and (local != 0.0 or not math.isfinite(local)):
            notes.append(Said.of("nothing arrives", input=x))
        elif not math.isfinite(local):
            notes.append(Said.of("infinite", input=x, number=decimal(local)))
        elif local == 0.0 and not math.isfinite(contribution):
            notes.append(Said.of("zero times infinity", upstream=decimal(upstream), input=x))
        elif math.isfinite(upstream) and not math.isfinite(contribution):
            notes.append(Said.of("too large", upstream=decimal(upstream), local=decimal(local)))
        elif local == 0.0 and (self.gate.role != "router" or isinstance(self.gate, Choice)):
            notes.append(Said.of("zero", input=x))
        elif local == 0.0 and len(self._names) == 1:
            notes.append(Said.of("dead", gate=self.gate.symbol, input=x, number=shown))
        elif local == 0.0:
            winner = _joined([name for i, name in enumerate(self._names) if i != place])
            notes.append(Said.of("loses", input=x, number=shown, winner=winner))
        if math.isnan(before + contribution) and not math.isnan(before) and not math.isnan(contribution):
            terms = {"before": decimal(before), "contribution": decimal(contribution)}
            notes.append(Said.of("infinities cancel", input=x, **terms))
        return tuple(notes)


def _slots(inputs: Sequence[Value]) -> list[int]:
    times, used, slots = Counter(inputs), Counter[Value](), list[int]()
    for x in inputs:
        used[x] += 1
        slots.append(used[x] if times[x] > 1 else 0)
    return slots


def _in_words(name: str, slot: int) -> str | Said:
    return Said.of("slot in words", ordinal=ordinal(slot), number=str(slot), input=name) if slot else name


def _joined(names: list[str | Said]) -> str | Said:
    first, *others = names
    return Said.of("both", first=first, second=_joined(others)) if others else first
