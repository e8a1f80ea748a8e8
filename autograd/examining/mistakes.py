"""The mistakes that people make when they write an engine, as passes that can be replayed.

Each takes the right numbers of an expression and gives the numbers that an engine with this one
mistake would give. A student's numbers that are the same to rounding point to it; the first
that explains all of them is the one that is made most often.

>>> from autograd.examining.expressions import Expression, Step
>>> square = Expression((3.0,), (Step("multiply", (0, 0)),)).trace
>>> [mistake.key for mistake in MISTAKES if mistake.explains(square, square.data, (3.0, 1.0))]
['overwrite', 'edges in a set', 'zero', 'half']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from autograd.declaration import ARITHMETIC_ERRORS
from autograd.examining.expressions import OPERATIONS, Edge, Trace
from autograd.examining.local_mistakes import LOCAL_MISTAKES, Wrong, site, wrong_local

Numbers = Sequence[float | None]
"""A number for each place; None where the engine keeps none."""

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
    replay   the gradients that it leads to: one tuple for each way in which engines with it differ
    """

    key: str
    title: str
    look_at: str
    replay: Callable[[Trace], Iterable[Numbers]]

    def explains(self, trace: Trace, data: Numbers, gradients: Numbers) -> bool:
        """Whether an engine with this mistake, right otherwise, gives these numbers."""
        right = trace.gradients()
        return same(data, trace.data) and any(
            same(wrong, gradients) and not same(wrong, right) for wrong in self.replay(trace)
        )


# ── the pass, with one rule changed ─────────────────────────────────────────────────────


def orders(trace: Trace) -> Iterator[list[int]]:
    """The gates from the root back, in each order that is right: as built, by depth, depth first."""
    built = list(range(len(trace.data)))
    yield built[::-1]
    yield list(trace.by_depth)[::-1]
    yield _depth_first(trace)[::-1]


def _depth_first(trace: Trace) -> list[int]:
    """Inputs before outputs, as the recursive sort of the textbooks leaves them."""
    order: list[int] = []

    def visit(place: int) -> None:
        if place not in order:
            for edge in trace.edges_from[place]:
                visit(edge.input)
            order.append(place)

    visit(trace.root)
    return order


def backward(
    trace: Trace,
    order: Sequence[int],
    local: Mapping[Edge, float] = {},
    *,
    adds: bool = True,
    upstream: bool = True,
    seed: float = 1.0,
    start: Sequence[float] | None = None,
) -> list[float]:
    """The chain rule over the edges, gate by gate in this order, with these rules.

    `local` has the local gradients that are not the right ones.
    """
    gradients = list(start) if start else [0.0] * len(trace.data)
    gradients[trace.root] = seed
    for gate in order:
        arrived = gradients[gate] if upstream else 1.0
        for edge in trace.edges_from[gate]:
            contribution = arrived * local.get(edge, edge.local)
            gradients[edge.input] = contribution + (gradients[edge.input] if adds else 0.0)
    return gradients


def _in_every_order(**rules: object) -> Callable[[Trace], Iterator[Numbers]]:
    return lambda trace: (backward(trace, order, **rules) for order in orders(trace))  # type: ignore[arg-type]


def _forward_order(trace: Trace) -> Iterator[Numbers]:
    return (backward(trace, order[::-1]) for order in orders(trace))


def _breadth_first(trace: Trace) -> Iterator[Numbers]:
    """From the root level by level, each gate when it is first met, or whenever it is met."""
    for backwards in (False, True):
        for again in (False, True):
            queue, order = [trace.root], list[int]()
            while queue and len(order) < 500:
                gate = queue.pop() if backwards else queue.pop(0)
                if again or gate not in order:
                    order.append(gate)
                    queue.extend(edge.input for edge in trace.edges_from[gate])
            yield backward(trace, order)


def _every_path_anew(trace: Trace) -> Iterator[Numbers]:
    """Each gate hands back all that it holds whenever something arrives: no order at all."""
    for whole in (True, False):
        gradients = [0.0] * len(trace.data)
        gradients[trace.root] = 1.0
        calls = 0

        def visit(gate: int, gradients: list[float] = gradients, whole: bool = whole) -> None:
            nonlocal calls
            calls += 1
            edges = trace.edges_from[gate] if calls <= 2000 else []
            if not whole:  # to all inputs first, then on from each
                for edge in edges:
                    gradients[edge.input] += gradients[gate] * edge.local
            for edge in edges:
                if whole:
                    gradients[edge.input] += gradients[gate] * edge.local
                visit(edge.input)

        visit(trace.root)
        yield gradients


def _one_edge_of_two(trace: Trace) -> Iterator[Numbers]:
    """Edges kept in a set: a gate that takes the same number twice has one of them."""
    for last in (False, True):
        kept: dict[tuple[int, int], Edge] = {}
        for edge in trace.edges:
            if last or (edge.gate, edge.input) not in kept:
                kept[edge.gate, edge.input] = edge
        lost = set(trace.edges) - set(kept.values())
        yield backward(trace, next(orders(trace)), dict.fromkeys(lost, 0.0))


def _wrong_local(wrong: Wrong) -> Callable[[Trace], Iterator[Numbers]]:
    """For all gates at once, for one operation alone, and for one input of it alone."""

    def replay(trace: Trace) -> Iterator[Numbers]:
        sites = {edge: site(trace, edge) for edge in trace.edges}
        order = next(orders(trace))
        for name, position in product((None, *sorted({at.operation for at in sites.values()})), (None, 0, 1)):
            mistaken = {
                edge: wrong_local(wrong, at)
                for edge, at in sites.items()
                if name in (None, at.operation) and position in (None, at.position)
            }
            yield backward(trace, order, mistaken)

    return replay


MISTAKES = (
    Mistake(
        "overwrite",
        "= where += is needed",
        "the lines that set .grad of a gate's inputs: what do they do to a gradient that is there already?",
        _in_every_order(adds=False),
    ),
    Mistake(
        "edges in a set",
        "a gate that takes one number twice keeps a single edge to it",
        "how a node remembers its inputs: what is left of (a, a) there?",
        _one_edge_of_two,
    ),
    Mistake(
        "no seed",
        "the gradient of the root is not set to 1",
        "the beginning of the backward pass: what is ∂L/∂L?",
        _in_every_order(seed=0.0),
    ),
    Mistake(
        "forgets-upstream",
        "local gradients are added up, and what arrived at the gate is left out",
        "the chain rule in each gate: which two numbers are multiplied?",
        _in_every_order(upstream=False),
    ),
    Mistake(
        "wrong-order",
        "only the last gate hands something back, as when gates are visited from the first to the last",
        "the direction of the loop over the gates, and where it ends",
        _forward_order,
    ),
    Mistake(
        "every path anew",
        "a gate hands back what it holds before all of it has arrived, and again later",
        "the order of the pass: is a gate visited once, and after all the gates that it feeds?",
        _every_path_anew,
    ),
    Mistake(
        "level by level",
        "gates are visited in the order in which they are met from the root, not topologically",
        "the order of the pass: can a gate come before one that it feeds?",
        _breadth_first,
    ),
    *(Mistake(key, title, look_at, _wrong_local(wrong)) for key, title, look_at, wrong in LOCAL_MISTAKES),
)
"""The more common first: the first that explains all numbers is named."""


# ── mistakes of the forward pass ────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ForwardMistake:
    """A mistake in the number itself: `wrong` gives the result that it leads to, for one operation."""

    key: str
    title: str
    look_at: str
    wrong: Callable[[str, Sequence[float]], float | None]

    def explains(self, name: str, arguments: Sequence[float], output: float | None) -> bool:
        """Whether this mistake gives this output."""
        try:
            wrong = self.wrong(name, arguments)
        except ARITHMETIC_ERRORS:
            return False
        return wrong is not None and output is not None and same((wrong,), (output,))


def _exchanged(name: str, arguments: Sequence[float]) -> float | None:
    return OPERATIONS[name].function(*arguments[::-1])[0] if len(arguments) == 2 else None


def _whole(name: str, arguments: Sequence[float]) -> float:
    return float(math.floor(OPERATIONS[name].function(*arguments)[0]))


def _instead(other: str) -> Callable[[str, Sequence[float]], float | None]:
    gate = OPERATIONS[other]
    return lambda name, x: gate.function(*x)[0] if len(gate.parameters) == len(x) else None


FORWARD_MISTAKES = (
    ForwardMistake(
        "sides exchanged", "the operands are exchanged", "which operand stands on which side", _exchanged
    ),
    ForwardMistake(
        "first operand", "the result is the first operand", "what is returned", lambda name, x: x[0]
    ),
    ForwardMistake(
        "sign of the result",
        "the sign of the result is turned",
        "the sign of the result",
        lambda name, x: -OPERATIONS[name].function(*x)[0],
    ),
    ForwardMistake("whole numbers", "the result is a whole number", "the division: is it / or //?", _whole),
    *(
        ForwardMistake(
            f"{other} for it", f"the result is that of {other}", "what is computed", _instead(other)
        )
        for other in ("add", "multiply", "subtract", "divide", "power", "sigmoid", "tanh", "exp")
    ),
)
