"""One step of gradient descent, as data: the new numbers of the parameters, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.numbers import decimals_showing
from autograd.typesetting.text import Text
from autograd.value import Value

TEXT = Text()


@dataclass(frozen=True)
class UpdateStep:
    """Gradient descent on one parameter: before - learning rate × gradient = after.

    index, node, name  the parameter
    root_name          what the step makes smaller
    before, after      its number in the forward pass, and after the step, which is not taken
    gradient           ∂root/∂parameter
    learning_rate      η
    """

    index: int
    node: Value
    name: str
    root_name: str
    before: float
    gradient: float
    learning_rate: float
    after: float

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """The rule in names, in numbers, and the new number with two digits of its change."""
        name, rate = notation.name(self.name), notation.name("η")
        gradient = notation.derivative(notation.name(self.root_name), name)
        finer = replace(
            notation, decimals=decimals_showing(self.after - self.before, digits=2, least=notation.decimals)
        )
        step = notation.times(notation.number(self.learning_rate), notation.number(self.gradient))
        return (
            notation.sum(name, "-", notation.times(rate, gradient)),
            notation.sum(notation.number(self.before), "-", replace(step, negative=False)),
            finer.number(self.after),
        )

    def equation(self, notation: Notation = TEXT) -> str:
        """w0 - η × ∂L/∂w0 = -3 - 0.001 × -0.2689 = -2.99973."""
        return notation.finished(notation.equation(*self.sides(notation)))


@dataclass(frozen=True)
class Recomputed:
    """The output of a gate with the old and with the updated parameters."""

    index: int
    node: Value
    name: str
    before: float
    after: float

    def pieces(self, notation: Notation = TEXT) -> tuple[Piece, Piece, Piece]:
        """Name, number before and after, with enough decimals to show a change."""
        finer = replace(
            notation, decimals=decimals_showing(self.after - self.before, least=notation.decimals)
        )
        return notation.name(self.name), finer.number(self.before), finer.number(self.after)

    def equation(self, notation: Notation = TEXT) -> str:
        """g8 = 0.7311 → 0.7314."""
        name, before, after = self.pieces(notation)
        return notation.finished(notation.equation(name, notation.compared(before, "→", after)))


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
        return {step.node: step.after for step in self.steps} | {
            step.node: step.after for step in self.recomputed
        }
