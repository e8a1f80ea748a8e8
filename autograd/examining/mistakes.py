"""The mistakes that people make when they write an engine, as passes that can be replayed.

Each takes an expression and gives the numbers that an engine with this one mistake would give.
A student's numbers that are the same to rounding point to it; the first that explains all of
them is the one that is made most often.

>>> square = Expression.of(lambda a: a * a, 3.0)
>>> [mistake.key for mistake in MISTAKES if mistake.explains(square, (3.0, 1.0), square.gradients())]
['overwrite', 'edges in a set', 'zero', 'half']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product
from typing import Any

from autograd.declaration import ARITHMETIC_ERRORS, Gate
from autograd.examining.expressions import OPERATIONS, Expression
from autograd.examining.local_mistakes import LOCAL_MISTAKES, Wrong, applied, place
from autograd.graph import Edge, edges_of, topological_order
from autograd.value import Value

Numbers = Sequence[float | None]
"""A number for each place of an expression; None if the engine keeps none there."""

TOLERANCE = 1e-6
"""Numbers agree within this part of their size: engines on single precision are right too."""


def same(one: Numbers, other: Numbers) -> bool:
    """Whether two engines' numbers agree; a place where one of them keeps no number says nothing."""
    return all(
        a is None or b is None or a == b or math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for a, b in zip(one, other, strict=True)
    )


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    key      its name for programs
    title    what was done, in a few words
    look_at  where to look, without the answer
    replay   the numbers that it leads to, once for each way in which engines with it differ: the
             gradients, or the numbers of the forward pass
    """

    key: str
    title: str
    look_at: str
    replay: Callable[[Expression], Iterable[Numbers]]

    def explains(self, expression: Expression, found: Numbers, right: Numbers) -> bool:
        """Whether an engine with this mistake, right otherwise, gives the numbers found."""
        return any(same(wrong, found) and not same(wrong, right) for wrong in self.replay(expression))


# ── the backward pass, with one rule changed ────────────────────────────────────────────

Edges = Callable[[Edge], bool]
"""The edges at which a mistake is made."""


def _nowhere(edge: Edge) -> bool:
    return False


def backward(
    expression: Expression,
    edges: Iterable[Edge],
    *,
    overwrites: Edges = _nowhere,
    leaves_out_upstream: Edges = _nowhere,
    seed: float = 1.0,
    start: Sequence[float] = (),
) -> list[float]:
    """The chain rule along these edges, but for some at which a rule is broken."""
    nodes = expression.nodes
    gradients = dict(zip(nodes, start or [0.0] * len(nodes), strict=True))
    gradients[nodes[-1]] = seed
    for edge in edges:
        contribution = edge.local_gradient * (1.0 if leaves_out_upstream(edge) else gradients[edge.node])
        gradients[edge.input] = contribution + (0.0 if overwrites(edge) else gradients[edge.input])
    return list(gradients.values())


def _orders(expression: Expression) -> Iterator[list[Value]]:
    """The gates from the root back, in each order that is right: as built, by depth, depth first."""
    root = expression.nodes[-1]
    for order in (expression.nodes, topological_order(root), _depth_first(root)):
        yield order[::-1]


def _depth_first(root: Value) -> list[Value]:
    """Inputs before outputs, as the recursive sort of the textbooks leaves them."""
    order: list[Value] = []

    def visit(node: Value) -> None:
        if node not in order:
            for x in node.inputs:
                visit(x)
            order.append(node)

    visit(root)
    return order


def _places(expression: Expression) -> Iterator[Edges]:
    """Where a slip may stand: in all gates, in one operation alone, and at one argument of it alone."""
    gates = {node.gate for node in expression.nodes if node.gate}
    for gate, argument in product((None, *gates), (None, 0, 1)):
        yield lambda edge, gate=gate, argument=argument: (  # type: ignore[misc]
            gate in (None, edge.node.gate) and argument in (None, place(edge))
        )


def _broken(rule: str, expression: Expression) -> Iterator[Numbers]:
    for edges in _places(expression):
        rules: dict[str, Any] = {rule: edges}
        yield from _in_every_order(expression, **rules)


def _in_every_order(expression: Expression, forwards: bool = False, **rules: Any) -> Iterator[Numbers]:
    for order in _orders(expression):
        yield backward(expression, edges_of(order[::-1] if forwards else order), **rules)


def _breadth_first(expression: Expression) -> Iterator[Numbers]:
    """From the root level by level, each gate when it is first met, or whenever it is met."""
    for last, again in product((False, True), repeat=2):
        queue, order = [expression.nodes[-1]], list[Value]()
        while queue and len(order) < 500:
            node = queue.pop(-1 if last else 0)
            if again or node not in order:
                order.append(node)
                queue.extend(node.inputs)
        yield backward(expression, edges_of(order))


def _every_path_anew(expression: Expression) -> Iterator[Numbers]:
    """Each gate hands back all that it holds whenever something arrives: no order at all."""

    def paths(node: Value, at_once: bool) -> Iterator[Edge]:
        edges = list(edges_of([node]))
        if at_once:  # to all inputs, then on from each
            yield from edges
        for edge in edges:
            if not at_once:
                yield edge
            yield from paths(edge.input, at_once)

    for at_once in (False, True):
        yield backward(expression, islice(paths(expression.nodes[-1], at_once), 4000))


def _one_edge_of_two(expression: Expression) -> Iterator[Numbers]:
    """Edges kept in a set: a gate that takes the same number twice has one of them."""
    edges = list(edges_of(reversed(expression.nodes)))
    for these in (edges, edges[::-1]):
        kept = {(edge.node, edge.input): edge for edge in these}
        yield backward(expression, [edge for edge in edges if kept[edge.node, edge.input] is edge])


def _kept_inner(expression: Expression) -> Iterator[Numbers]:
    """A second pass that begins with what the first one left: everywhere, or in the inner nodes alone.

    The 1 of the root may be added to what is left there.
    """
    leaves = len(expression.inputs)
    for order in _orders(expression):
        once = backward(expression, edges_of(order))
        for start, seed in product((once, [0.0] * leaves + once[leaves:]), (1.0, 2.0)):
            yield backward(expression, edges_of(order), start=start, seed=seed)


def _overwritten_again(expression: Expression) -> Iterator[Numbers]:
    """A second pass with = for +=: it begins with what the first left, everywhere or in the leaves alone."""
    leaves = len(expression.inputs)
    for edges, order in product(_places(expression), _orders(expression)):
        once = backward(expression, edges_of(order), overwrites=edges)
        for start in (once, once[:leaves] + [0.0] * len(expression.steps)):
            yield backward(expression, edges_of(order), overwrites=edges, start=start)


def _wrong_local(wrong: Wrong, expression: Expression) -> Iterator[Numbers]:
    edges = list(edges_of(reversed(expression.nodes)))
    mistaken = {edge: edge._replace(local_gradient=_or_nan(wrong, edge)) for edge in edges}
    for is_mistaken in _places(expression):
        yield backward(expression, (mistaken[edge] if is_mistaken(edge) else edge for edge in edges))


def _or_nan(wrong: Wrong, edge: Edge) -> float:
    try:
        return wrong(edge)
    except ARITHMETIC_ERRORS:
        return math.nan


MISTAKES = (
    Mistake("overwrite", "= where += is needed",
        "the lines that set .grad of a gate's inputs: what do they do to a gradient that is there already?",
        partial(_broken, "overwrites")),
    Mistake("edges in a set", "a gate that takes one number twice keeps a single edge to it",
        "how a node remembers its inputs: what is left of (a, a) there?", _one_edge_of_two),
    Mistake("no seed", "the gradient of the root is not set to 1",
        "the beginning of the backward pass: what is ∂L/∂L?", partial(_in_every_order, seed=0.0)),
    Mistake("forgets-upstream", "local gradients are added up, and what arrived at the gate is left out",
        "the chain rule in each gate: which two numbers are multiplied?",
        partial(_broken, "leaves_out_upstream")),
    Mistake("wrong-order",
        "only the last gate hands something back, as when gates are visited from the first to the last",
        "the direction of the loop over the gates, and where it ends",
        partial(_in_every_order, forwards=True)),
    Mistake("every path anew",
        "a gate hands back what it holds before all of it has arrived, and again later",
        "the order of the pass: is a gate visited once, and after all the gates that it feeds?",
        _every_path_anew),
    Mistake("level by level",
        "gates are visited in the order in which they are met from the root, not topologically",
        "the order of the pass: can a gate come before one that it feeds?", _breadth_first),
    *(Mistake(key, title, look_at, partial(_wrong_local, wrong))
      for key, title, look_at, wrong in LOCAL_MISTAKES),
)  # fmt: skip
"""The more common first: the first that explains all numbers is named."""

PASS_MISTAKES = MISTAKES[: -len(LOCAL_MISTAKES)]
ORDER_MISTAKES = [x for x in MISTAKES if x.key in ("wrong-order", "every path anew", "level by level")]

SECOND_PASS_MISTAKES = (
    Mistake("inner gradients kept",
        "the second pass begins with the gradients that the first one left in inner nodes or in the root",
        "what the backward pass does to these gradients before it begins: are they set, or added to?",
        _kept_inner),
    replace(MISTAKES[0], replay=_overwritten_again),
)  # fmt: skip


# ── the forward pass ────────────────────────────────────────────────────────────────────

Result = Callable[[Gate, Sequence[float]], float | None]
"""What a gate gives in place of its output; None if the mistake is not possible there."""


def _results(wrong: Result, expression: Expression) -> Iterator[Numbers]:
    """The wrong result of each gate in turn; all other numbers are left open."""
    for i, node in enumerate(expression.nodes):
        if node.gate is not None:
            with suppress(*ARITHMETIC_ERRORS):
                numbers: list[float | None] = [None] * len(expression.nodes)
                numbers[i] = wrong(*applied(node))
                yield numbers


def _exchanged(gate: Gate, x: Sequence[float]) -> float | None:
    return gate.function(*x[::-1])[0] if len(x) == 2 else None


def _of_another(other: Gate, gate: Gate, x: Sequence[float]) -> float | None:
    return other.function(*x)[0] if len(other.parameters) == len(x) else None


_ANOTHER = ("add", "multiply", "subtract", "divide", "power", "sigmoid", "tanh", "exp")
_RESULTS: Sequence[tuple[str, str, str, Result]] = (
    ("sides exchanged", "the operands are exchanged", "which operand stands on which side", _exchanged),
    ("first operand", "the result is the first operand", "what is returned", lambda gate, x: x[0]),
    ("sign of the result", "the sign of the result is flipped",
     "the sign of the result", lambda gate, x: -gate.function(*x)[0]),
    ("whole numbers", "the result is a whole number",
     "the division: is it / or //?", lambda gate, x: float(math.floor(gate.function(*x)[0]))),
    *((f"{name} for it", f"the result is that of {name}",
       "what is computed", partial(_of_another, OPERATIONS[name])) for name in _ANOTHER),
)  # fmt: skip

FORWARD_MISTAKES = tuple(
    Mistake(key, title, look_at, partial(_results, wrong)) for key, title, look_at, wrong in _RESULTS
)
