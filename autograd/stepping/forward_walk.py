"""The forward pass of derivatives, step by step: what moves when one input moves by 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from autograd.arguments import require_root
from autograd.derivatives.gradients import forward_gradients
from autograd.expansion import expansion
from autograd.fused import FusedGate
from autograd.graph import leaves, topological_order
from autograd.passes import passes
from autograd.stepping.applied_gate import AppliedGate
from autograd.stepping.steps import TEXT, Step
from autograd.stepping.walk import names_of
from autograd.typesetting.gate_formulas import Formula
from autograd.typesetting.notation import SUM, Notation, Piece
from autograd.value import Value


@dataclass(frozen=True)
class Tangent(Step):
    """One gate that moves: ∂output/∂x = Σ local gradient · ∂input/∂x.

    by     the name of x
    gate   its formula
    terms  for each input that moves: (formula of the local gradient, the local gradient, the
           input's name, ∂input/∂x)
    value  ∂output/∂x
    """

    by: str
    gate: Formula
    terms: tuple[tuple[Formula, float, str, float], ...]
    value: float

    def sides(self, notation: Notation = TEXT) -> tuple[Piece, ...]:
        """∂L/∂x = 1 × ∂g1/∂x + 1 × ∂x/∂x = 1 × 3 + 1 × 1 = 4."""

        def derivative(name: str) -> Piece:
            return notation.derivative(notation.name(name), notation.name(self.by))

        def added(products: Iterable[Piece]) -> Piece:
            return reduce(lambda left, right: notation.sum(left, "+", right), products)

        def factor(local: Formula) -> Piece:
            piece = local.names_piece(notation)
            return notation.fenced(piece) if piece.level <= SUM else piece

        number = notation.number
        return (
            derivative(self.name),
            added(notation.times(factor(local), derivative(x)) for local, _, x, _ in self.terms),
            added(notation.times(number(local), number(moved)) for _, local, _, moved in self.terms),
            number(self.value),
        )


@dataclass(frozen=True)
class ForwardWalk:
    """The steps of a forward pass, as data; `print` shows them as text."""

    name: str
    root_name: str
    steps: tuple[Tangent, ...]
    gates: int
    leaves: int

    def __str__(self) -> str:
        lines = [f"What moves when {self.name} moves by 1"]
        for step in self.steps:
            lines += [f"   {step.name} = {step.gate.in_names()}", f"        {step.equation()}"]
        others = f"{self.leaves} inputs take {self.leaves} passes" if self.leaves > 1 else "there is no other"
        lines += [
            f"{len(self.steps)} of {self.gates} gates move. "
            f"One such pass gives all derivatives with respect to {self.name}, and {others};",
            f"backward() takes one pass through {self.gates} gates, "
            f"for the derivatives of {self.root_name} with respect to everything.",
        ]
        return "\n".join(lines)


def walk_forward(root: Value, x: Value) -> ForwardWalk:
    """Step through the forward pass of ∂/∂x: every gate that moves when x does, inputs first.

    Each step is the sum, over the gate's inputs that move, of local gradient × how fast the
    input moves. The local gradients are those of the forward pass, as in the backward one.

    Fused gates are opened into elementary ones.

    Raises TypeError if `root` is anything but a Value, ValueError if x is not in its graph.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> product = x * y; product.label = "g1"
    >>> L = product + x; L.label = "L"
    >>> print(walk_forward(L, x))
    What moves when x moves by 1
       g1 = x·y
            ∂g1/∂x = y × ∂x/∂x = 3 × 1 = 3
       L = g1 + x
            ∂L/∂x = 1 × ∂g1/∂x + 1 × ∂x/∂x = 1 × 3 + 1 × 1 = 4
    2 of 2 gates move. One such pass gives all derivatives with respect to x, and 2 inputs take 2 passes;
    backward() takes one pass through 2 gates, for the derivatives of L with respect to everything.
    """
    require_root("walk_forward", root)
    order = topological_order(root)
    if not isinstance(x, Value) or x not in order:
        raise ValueError(f"x is a Value of the graph, which {x!r} is not")
    if any(isinstance(node.gate, FusedGate) for node in order):
        opened = expansion(root)
        root, x = opened.root, opened.copies[x]
        order = topological_order(root)
    names, numbers = names_of(order), passes(root).arguments
    found = forward_gradients(root, {x: 1.0})
    moving, steps = {x}, []
    gates = {node: i for i, node in enumerate(order) if node.gate is not None}
    for node, index in gates.items():
        if node is x or moving.isdisjoint(node.inputs):
            continue
        moving.add(node)
        applied = AppliedGate(node, names, numbers[node])
        terms = tuple(
            (formula, local, names[i], found[i])
            for formula, local, i in zip(applied.locals, node.local_grads, node.inputs, strict=True)
            if i in moving
        )
        steps.append(Tangent(index, node, names[node], names[x], applied.output, terms, found[node]))
    return ForwardWalk(names[x], names[root], tuple(steps), len(gates), len(leaves(root)))
