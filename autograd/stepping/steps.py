"""The steps of a walk, as data: the leaves, what each gate computed, what each edge carried back.

Every step holds names and numbers as they are, and writes its equations in any notation
of `autograd.typesetting`. `autograd.stepping.walk` makes the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from autograd.choice import AnyGate
from autograd.languages import Said
from autograd.stepping.update import TEXT, Update
from autograd.typesetting.gate_formulas import Formula
from autograd.typesetting.notation import Notation, Piece
from autograd.value import Value


@dataclass(frozen=True)
class Note:
    """Something that a reader should not miss.

    kind  dead      a ReLU, or the like, that passes nothing
          loses     an input of max or min that the gradient does not go to
          tie       two inputs of max or min are equal
          kink      the gate has no derivative here, and a convention fills in
          zero      a local gradient of 0 for another reason (a factor of 0)
          nothing   the gradient that arrives is 0 already
          infinite  the gradient stops being finite here, or did on the way to this leaf
          changed   the leaf was another number in the forward pass
          stale     an input was changed since, and nothing tells the number that it had
          adds      the leaf's .grad holds more than this one derivation
    said  the sentence
    """

    kind: str
    said: Said

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return str(self.said)


@dataclass(frozen=True)
class Given:
    """A leaf: a number that the computation started from.

    index     its place in the graph's topological order; `draw` gives its box the id value-{index}
    node      the leaf itself
    name      its label, or a stand-in
    number    what it was in the forward pass
    gradient  ∂root/∂node that this walk arrived at, None before backward()
    notes     what a reader should not miss: of the number, and of the gradient
    """

    index: int
    node: Value
    name: str
    number: float
    gradient: float | None
    notes: tuple[Note, ...] = ()

    def equation(self, notation: Notation = TEXT) -> str:
        """w0 = -3."""
        return notation.finished(notation.equation(notation.name(self.name), notation.number(self.number)))


@dataclass(frozen=True)
class ForwardStep:
    """A gate computes its output.

    index    the output's place in the graph's topological order: value-{index}, gate-{index} in a drawing
    node     the output
    name     its label, or a stand-in
    gate     the gate
    symbol   the gate as a drawing shows it, with the plain numbers among its arguments: +1
    formula  the gate's formula, with the names of its inputs and the numbers that they had
    result   the output's data
    notes    what a reader should not miss
    """

    index: int
    node: Value
    name: str
    gate: AnyGate
    symbol: str
    formula: Formula
    result: float
    notes: tuple[Note, ...] = ()

    def columns(self, notation: Notation = TEXT) -> tuple[Piece | None, ...]:
        """Name, formula in names, in numbers, result; None for one that repeats its left neighbour."""
        name, *others = _without_repeats(
            notation.name(self.name),
            self.formula.names_piece(notation),
            self.formula.numbers_piece(notation),
            notation.number(self.result),
        )
        if self.formula.in_names() == self.name:  # a node may be called by its formula: log g8
            others[0] = None
        return name, *others

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """The same without the columns that are None."""
        return _present(self.columns(notation))

    def equation(self, notation: Notation = TEXT) -> str:
        """g7 = 1 + g6 = 1 + 0.3679 = 1.3679."""
        return notation.finished(notation.equation(*self.sides(notation)))


@dataclass(frozen=True)
class BackwardStep:
    """One edge of the backward pass: a gate hands a contribution to one of its inputs.

    index           the place of the gate's output in the graph's topological order
    position        which of the gate's inputs: the drawing's edge-{index}-{position}
    input_index     the place of that input in the topological order
    node, name      the gate's output
    input, input_name   the input that receives
    root_name       what is differentiated: L in ∂L/∂g7
    gate            the gate
    upstream        ∂root/∂node, what arrived at the gate
    local           the formula of the local gradient
    local_gradient  ∂node/∂input, its number
    contribution    upstream × local gradient
    use, uses       this is contribution number `use` of the `uses` that the input gets
    before, after   the input's gradient so far: before + contribution = after
    slot            which of several inputs of the gate that are this same Value; 0 if it is the only one
    role            what this gate does to the gradient, None if it has no role
    notes           what a reader should not miss
    """

    index: int
    position: int
    input_index: int
    node: Value
    name: str
    input: Value
    input_name: str
    root_name: str
    gate: AnyGate
    upstream: float
    local: Formula
    local_gradient: float
    contribution: float
    use: int
    uses: int
    before: float
    after: float
    slot: int = 0
    role: Said | None = None
    notes: tuple[Note, ...] = ()

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
        return _present(sides)

    def local_equation(self, notation: Notation = TEXT) -> str:
        """∂g8/∂g7 = -1/g7² = -1/1.3679² = -0.5344."""
        return notation.finished(notation.equation(*self.local_sides(notation)))

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂L/∂input, the chain rule in names, in numbers, the contribution.

        Where it is not the only contribution, ∂L/∂input is left out: it is not yet equal to this.
        """
        if self.from_root:
            sides = self.local_sides(notation)
        else:
            upstream = self._derivative(notation, self.root_name, self.name)
            local = self._local_derivative(notation)
            sides = (
                self._derivative(notation, self.root_name, self.input_name),
                notation.times(upstream, local),
                notation.times(notation.number(self.upstream), notation.number(self.local_gradient)),
                notation.number(self.contribution),
            )
        return sides if self.uses == 1 else sides[1:]

    def equation(self, notation: Notation = TEXT) -> str:
        """∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311."""
        return notation.finished(notation.equation(*self.sides(notation)))

    def sum_sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂L/∂x1, 0.0226 + 0.0129, 0.0355: gradients add where a node is used more than once."""
        return (
            self._derivative(notation, self.root_name, self.input_name),
            notation.sum(notation.number(self.before), "+", notation.number(self.contribution)),
            notation.number(self.after),
        )

    def _local_derivative(self, notation: Notation) -> Piece:
        """∂node/∂input; of y = x·x, ∂y/∂(1st x), which is not ∂y/∂x."""
        x = notation.name(self.input_name)
        return notation.derivative(notation.name(self.name), notation.slot(self.slot, x) if self.slot else x)

    @staticmethod
    def _derivative(notation: Notation, of: str, by: str) -> Piece:
        return notation.derivative(notation.name(of), notation.name(by))


@dataclass(frozen=True, repr=False)
class Steps:
    """All steps of a walk.

    root      the graph that was walked: fused gates opened, unless they were to be kept
    name      the root's name in the steps
    names     the name of every node: its label, or v1, v2, … for nodes without one
    given     the leaves; those of layer 1 before those of layer 2 if labels name layers, as w11(2) does
    forward   one step for every gate, inputs before outputs
    backward  one step for every edge, from the root to the leaves; empty before backward()
    update    the step of gradient descent that was asked for
    remarks   what to say of the whole
    """

    root: Value
    name: str
    names: Mapping[Value, str]
    given: tuple[Given, ...]
    forward: tuple[ForwardStep, ...]
    backward: tuple[BackwardStep, ...]
    update: Update | None = None
    remarks: tuple[Said, ...] = ()

    @property
    def went_back(self) -> bool:
        """Whether a backward pass had reached the root."""
        return self.root.grad is not None


def _without_repeats(*sides: Piece) -> tuple[Piece | None, ...]:
    return (sides[0], *(b if b.written != a.written else None for a, b in pairwise(sides)))


def _present(sides: tuple[Piece | None, ...]) -> tuple[Piece, ...]:
    return tuple(side for side in sides if side)
