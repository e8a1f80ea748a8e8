"""The steps of a walk, as data: the leaves, what each gate computed, what each edge carried back.

Every step holds names and numbers as they are, and writes its equation in any notation of
`autograd.typesetting`. `autograd.stepping.walk` makes the steps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from itertools import pairwise

from autograd.choice import AnyGate
from autograd.languages import Said
from autograd.typesetting.gate_formulas import Formula
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.numbers import decimals_showing
from autograd.typesetting.text import Text
from autograd.value import Value

TEXT = Text()


@dataclass(frozen=True)
class Step(ABC):
    """What all steps have: they are about a Value, and are written as an equation.

    index  its place in the graph's topological order: value-{index} and gate-{index} in a drawing
    node   a leaf, or the output of a gate
    name   its label, or a stand-in

    Leaves and the gates' steps also have `notes`: what a reader should not miss.
    """

    index: int
    node: Value
    name: str

    @abstractmethod
    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """What stands between the equal signs."""

    def equation(self, notation: Notation = TEXT) -> str:
        """The sides with = between them."""
        return notation.finished(notation.equation(*self.sides(notation)))


@dataclass(frozen=True)
class Given(Step):
    """A leaf: a number that the computation started from.

    number    what it was in the forward pass
    gradient  ∂root/∂node that this walk arrived at, None before backward()
    """

    number: float
    gradient: float | None
    notes: tuple[Said, ...] = ()

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """w0 = -3."""
        return notation.name(self.name), notation.number(self.number)


@dataclass(frozen=True)
class ForwardStep(Step):
    """A gate computes its output.

    formula  the gate's formula, with the names of its inputs and the numbers that they had
    result   the output's data
    """

    gate: AnyGate
    formula: Formula
    result: float
    notes: tuple[Said, ...] = ()

    def columns(self, notation: Notation = TEXT) -> tuple[Piece | None, ...]:
        """Name, formula in names, in numbers, result; None for one that repeats its left neighbour."""
        name, in_names, *others = _without_repeats(
            notation.name(self.name),
            self.formula.names_piece(notation),
            self.formula.numbers_piece(notation),
            notation.number(self.result),
        )
        called_by_formula = self.formula.in_names() == self.name  # as a node may be: log g8
        return name, None if called_by_formula else in_names, *others

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """g7 = 1 + g6 = 1 + 0.3679 = 1.3679."""
        return tuple(filter(None, self.columns(notation)))


@dataclass(frozen=True)
class BackwardStep(Step):
    """One edge of the backward pass: the gate of `node` hands a contribution to one of its inputs.

    position        which of the gate's inputs: the drawing's edge-{index}-{position}
    input, input_index, input_name  that input
    root_name       what is differentiated: L in ∂L/∂g7
    upstream        ∂root/∂node, what arrived at the gate
    local           the formula of the local gradient
    local_gradient  ∂node/∂input, its number
    contribution    upstream × local gradient
    use, uses       this is contribution number `use` of the `uses` that the input gets
    before, after   the input's gradient so far: before + contribution = after
    slot            which of several inputs of the gate that are this same Value; 0 if it is the only one
    """

    position: int
    input: Value
    input_index: int
    input_name: str
    root_name: str
    upstream: float
    local: Formula
    local_gradient: float
    contribution: float
    use: int
    uses: int
    before: float
    after: float
    slot: int = 0
    notes: tuple[Said, ...] = ()

    @property
    def from_root(self) -> bool:
        """Whether this is an edge of the root's own gate, whose local gradient is the whole derivative."""
        return self.name == self.root_name

    def local_sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂node/∂input, its formula in names, in numbers, and the number."""
        sides = _without_repeats(
            self._local_derivative(notation),
            self.local.names_piece(notation),
            self.local.numbers_piece(notation),
            notation.number(self.local_gradient),
        )
        return tuple(filter(None, sides))

    def local_equation(self, notation: Notation = TEXT) -> str:
        """∂g8/∂g7 = -1/g7² = -1/1.3679² = -0.5344."""
        return notation.finished(notation.equation(*self.local_sides(notation)))

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311.

        If it is not the only contribution, ∂L/∂g7 is left out: it is not yet equal to this.
        """
        if self.from_root:
            sides = self.local_sides(notation)
        else:
            upstream = notation.derivative(notation.name(self.root_name), notation.name(self.name))
            sides = (
                self._derivative(notation),
                notation.times(upstream, self._local_derivative(notation)),
                notation.times(notation.number(self.upstream), notation.number(self.local_gradient)),
                notation.number(self.contribution),
            )
        return sides if self.uses == 1 else sides[1:]

    def sum_sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂L/∂x1 = 0.0226 + 0.0129 = 0.0355: gradients add if a node is used more than once."""
        added = notation.sum(notation.number(self.before), "+", notation.number(self.contribution))
        return self._derivative(notation), added, notation.number(self.after)

    def _derivative(self, notation: Notation) -> Piece:
        return notation.derivative(notation.name(self.root_name), notation.name(self.input_name))

    def _local_derivative(self, notation: Notation) -> Piece:
        """∂node/∂input; of y = x·x, ∂y/∂(1st x), which is not ∂y/∂x."""
        x = notation.name(self.input_name)
        return notation.derivative(notation.name(self.name), notation.slot(self.slot, x) if self.slot else x)


@dataclass(frozen=True)
class UpdateStep(Step):
    """Gradient descent on one parameter: before - learning rate × gradient = after.

    before, after  its number in the forward pass, and after the step, which is not taken
    gradient       ∂root/∂parameter
    learning_rate  η
    """

    root_name: str
    before: float
    gradient: float
    learning_rate: float
    after: float

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """w0 - η × ∂L/∂w0 = -3 - 0.001 × -0.2689 = -2.99973, with two digits of the change."""
        name, rate = notation.name(self.name), notation.name("η")
        gradient = notation.derivative(notation.name(self.root_name), name)
        step = notation.times(notation.number(self.learning_rate), notation.number(self.gradient))
        return (
            notation.sum(name, "-", notation.times(rate, gradient)),
            notation.sum(notation.number(self.before), "-", replace(step, negative=False)),
            _finer(notation, self.after - self.before, digits=2).number(self.after),
        )


@dataclass(frozen=True)
class Recomputed(Step):
    """The output of a gate with the old and with the updated parameters."""

    before: float
    after: float

    def numbers(self, notation: Notation = TEXT) -> tuple[Piece, Piece]:
        """Before and after, with enough decimals to show a change."""
        finer = _finer(notation, self.after - self.before)
        return finer.number(self.before), finer.number(self.after)

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """g8 = 0.7311 → 0.7314."""
        before, after = self.numbers(notation)
        return notation.name(self.name), notation.compared(before, "→", after)


@dataclass(frozen=True)
class Update:
    """One step of gradient descent that is shown and not taken: no Value is changed.

    steps       one for each parameter
    recomputed  the output of every gate with the new numbers, in forward order, the root last
    """

    learning_rate: float
    steps: tuple[UpdateStep, ...]
    recomputed: tuple[Recomputed, ...]

    @property
    def numbers(self) -> dict[Value, float]:
        """The new number of every parameter and of every gate's output."""
        return {x.node: x.after for x in self.steps} | {x.node: x.after for x in self.recomputed}


def _without_repeats(*sides: Piece) -> tuple[Piece | None, ...]:
    return (sides[0], *(b if b.written != a.written else None for a, b in pairwise(sides)))


def _finer(notation: Notation, change: float, digits: int = 1) -> Notation:
    """The notation with enough decimals to show this many digits of a change."""
    return replace(notation, decimals=decimals_showing(change, digits, notation.decimals))
