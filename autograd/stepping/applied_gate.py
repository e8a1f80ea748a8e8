"""One gate in its place in a graph: its formulas with the names and numbers there, and what to say of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from autograd import gates
from autograd.choice import AnyGate, Choice
from autograd.declaration import Gate
from autograd.derivatives.local_values import formula_value
from autograd.graph import edges_of, topological_order
from autograd.languages import Said, ordinal
from autograd.passes import Numbers, answer_to, close, gradients_along
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

    def untrue(self, position: int | None = None) -> Said | None:
        """The note that a formula, of the output or of one local gradient, is not what the gate gives.

        None if rounding may explain the difference: the terms of 1 - cos(x), say, if x is small.
        """
        gate, numbers = self.gate, self.numbers
        answer = None if None in numbers else answer_to(self.node, numbers)  # type: ignore[arg-type]
        if not isinstance(gate, Gate) or answer is None:
            return None
        output, local = answer
        formula, number = gate.formula, output
        if position is not None:
            formula, number = gate.local[self._places[position]], local[position]
        pairs = zip(self.node.arguments, numbers, strict=True)
        arguments: list[Any] = [Value(n) if isinstance(x, Value) else x for x, n in pairs]  # type: ignore[arg-type]
        found = formula_value(formula, gate, arguments, output)
        if found is None or not math.isfinite(found.data - number):
            return None
        slopes = gradients_along(edges_of(reversed(topological_order(found))), found)
        size = sum(abs(x.data * slope) for x, slope in slopes.items())
        if not math.isfinite(size) or close(found.data, number, size):
            return None
        decimals: int | None = decimals_showing(found.data - number)
        if decimal(found.data, decimals) == decimal(number, decimals):
            decimals = None
        shown = {"found": decimal(found.data, decimals), "number": decimal(number, decimals)}
        return Said.of("untrue", what=self._derivative(position), gate=gate.symbol, **shown)

    def _derivative(self, position: int | None) -> str | Said:
        name = self.names[self.node]
        if position is None:
            return name
        x, slot = self.names[self.node.inputs[position]], self.slots[position]
        if not slot:
            return f"∂{name}/∂{x}"
        which = Said.of("slot", ordinal=ordinal(slot), number=str(slot))
        return Said.of("∂{name}/∂({slot}{input})", name=name, slot=which, input=x)

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
        notes = [*self.boundary]
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


_OF_THE_PACKAGE = frozenset(getattr(gates, name) for name in gates.__all__)


def is_ones_own(gate: AnyGate | None) -> bool:
    """Whether the reader declared this gate, and so perhaps a formula that is not what it computes."""
    return isinstance(gate, Gate) and gate not in _OF_THE_PACKAGE


def untrue_formulas(applied: Iterable[AppliedGate]) -> dict[tuple[Value, int | None], Said]:
    """The first place where each formula is not what its gate gives, by node and position, with the note."""
    found: dict[tuple[Value, int | None], Said] = {}
    noted = set[tuple[AnyGate, int | None]]()
    for one in applied:
        positions = (None, *range(len(one.slots))) if is_ones_own(one.gate) else ()
        for position in positions:
            if (one.gate, position) not in noted and (note := one.untrue(position)):
                found[one.node, position] = note
                noted.add((one.gate, position))
    return found


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
