"""The mistakes that people make when they write an engine, as passes that can be replayed.

Each takes the right numbers of an expression and gives the numbers that an engine with this one
mistake would give. A student's numbers that are the same to rounding point to it; the first
that explains all of them is the one that is made most often.

>>> from autograd.examining.expressions import Expression, Step
>>> square = Expression((3.0,), (Step("multiply", (0, 0)),)).trace()
>>> [mistake.key for mistake in MISTAKES if mistake.explains(square, square.data, (3.0, 1.0))]
['overwrite', 'edges in a set', 'zero', 'half']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograd.examining.expressions import OPERATIONS, Edge, Trace

Numbers = Sequence[float | None]
"""A number for each place; None where the engine keeps none."""

Local = Callable[[Trace, Edge], float]
"""The local gradient that a mistaken engine takes for an edge."""

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
    inputs: dict[int, list[int]] = {}
    for edge in trace.edges:
        inputs.setdefault(edge.gate, []).append(edge.input)
    order: list[int] = []

    def visit(place: int) -> None:
        if place not in order:
            for x in inputs.get(place, []):
                visit(x)
            order.append(place)

    visit(trace.root)
    return order


def right_local(trace: Trace, edge: Edge) -> float:
    """The local gradient as it is."""
    return edge.local


def backward(
    trace: Trace,
    order: Sequence[int],
    *,
    local: Local = right_local,
    adds: bool = True,
    upstream: bool = True,
    seed: float = 1.0,
    start: Sequence[float] | None = None,
) -> list[float]:
    """The chain rule over the edges, gate by gate in this order, with these rules."""
    gradients = list(start) if start else [0.0] * len(trace.data)
    gradients[trace.root] = seed
    leaving: dict[int, list[Edge]] = {}
    for edge in trace.edges:
        leaving.setdefault(edge.gate, []).append(edge)
    for gate in order:
        arrived = gradients[gate] if upstream else 1.0
        for edge in leaving.get(gate, []):
            contribution = arrived * local(trace, edge)
            gradients[edge.input] = contribution + (gradients[edge.input] if adds else 0.0)
    return gradients


def _in_every_order(**rules: object) -> Callable[[Trace], Iterator[Numbers]]:
    return lambda trace: (backward(trace, order, **rules) for order in orders(trace))  # type: ignore[arg-type]


def _forward_order(trace: Trace) -> Iterator[Numbers]:
    return (backward(trace, order[::-1]) for order in orders(trace))


def _breadth_first(trace: Trace) -> Iterator[Numbers]:
    """From the root level by level, each gate when it is first met, or each time that it is met."""
    inputs = {
        gate: [edge.input for edge in trace.edges if edge.gate == gate] for gate in range(len(trace.data))
    }
    for backwards in (False, True):
        for again in (False, True):
            queue, order = [trace.root], list[int]()
            while queue and len(order) < 500:
                gate = queue.pop() if backwards else queue.pop(0)
                if again or gate not in order:
                    order.append(gate)
                    queue.extend(inputs[gate])
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
            edges = [edge for edge in trace.edges if edge.gate == gate]
            if calls > 2000:
                return
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
        yield from _in_every_order(local=lambda _, edge, lost=lost: 0.0 if edge in lost else edge.local)(
            trace
        )


# ── wrong local gradients ───────────────────────────────────────────────────────────────


def _arguments(trace: Trace, edge: Edge) -> list[float]:
    step = trace.operation(edge.gate)
    assert step is not None
    return [trace.data[x] if isinstance(x, int) else x for x in step.operands]


def _operation(trace: Trace, edge: Edge) -> str:
    step = trace.operation(edge.gate)
    assert step is not None
    return step.operation


def _locals_at(name: str, arguments: Sequence[float]) -> tuple[float, ...]:
    try:
        return OPERATIONS[name].function(*arguments)[1]
    except (ValueError, ZeroDivisionError, OverflowError):
        return (math.nan,) * len(arguments)


def other_input(trace: Trace, edge: Edge) -> float:
    """The local gradient of the gate's other input."""
    local = _locals_at(_operation(trace, edge), _arguments(trace, edge))
    return local[1 - edge.position] if len(local) == 2 else edge.local


def inputs_exchanged(trace: Trace, edge: Edge) -> float:
    """The local gradient of the gate with its inputs exchanged."""
    local = _locals_at(_operation(trace, edge), _arguments(trace, edge)[::-1])
    return local[1 - edge.position] if len(local) == 2 else edge.local


def at_the_output(trace: Trace, edge: Edge) -> float:
    """The derivative taken at the gate's result in the place of its input."""
    _, *rest = _arguments(trace, edge)
    if rest and _operation(trace, edge) != "power":
        return edge.local
    return _locals_at(_operation(trace, edge), (trace.data[edge.gate], *rest))[0]


def output_for_input(trace: Trace, edge: Edge) -> float:
    """A derivative that is written with the result, computed with the input (1 - x² for tanh)."""
    x, output = _arguments(trace, edge)[0], trace.data[edge.gate]
    by_result = {"tanh": 1 - x * x, "sigmoid": x * (1 - x), "exp": x, "sqrt": 0.5 / x if x else math.inf}
    return by_result.get(_operation(trace, edge), edge.local if output == output else math.nan)


def square_forgotten(trace: Trace, edge: Edge) -> float:
    """A factor of the derivative left out: 1 - t for 1 - t², σ for σ(1 - σ)."""
    output = trace.data[edge.gate]
    return {"tanh": 1 - output, "sigmoid": output}.get(_operation(trace, edge), edge.local)


def one_minus_forgotten(trace: Trace, edge: Edge) -> float:
    """The other factor of the derivative left out: t² or -t² for 1 - t², 1 - σ for σ(1 - σ)."""
    output = trace.data[edge.gate]
    return {"tanh": output * output, "sigmoid": 1 - output}.get(_operation(trace, edge), edge.local)


def exponent_forgotten(trace: Trace, edge: Edge) -> float:
    """x^(n-1) for n·x^(n-1)."""
    if _operation(trace, edge) != "power":
        return edge.local
    _, n = _arguments(trace, edge)
    return edge.local / n if n else edge.local


def exponent_kept(trace: Trace, edge: Edge) -> float:
    """n·x^n for n·x^(n-1)."""
    return edge.local * _arguments(trace, edge)[0] if _operation(trace, edge) == "power" else edge.local


def divisor_not_squared(trace: Trace, edge: Edge) -> float:
    """-a/b for -a/b²: the square of the quotient rule is missing."""
    if _operation(trace, edge) != "divide" or edge.position == 0:
        return edge.local
    return edge.local * _arguments(trace, edge)[1]


def numerator_forgotten(trace: Trace, edge: Edge) -> float:
    """-1/b² for -a/b²."""
    if _operation(trace, edge) != "divide" or edge.position == 0:
        return edge.local
    a = _arguments(trace, edge)[0]
    return edge.local / a if a else edge.local


def upside_down(trace: Trace, edge: Edge) -> float:
    """The reciprocal: x for 1/x."""
    return 1.0 / edge.local if edge.local else math.nan


def passes_everything(trace: Trace, edge: Edge) -> float:
    """A gate that routes lets every gradient through."""
    return 1.0 if _operation(trace, edge) in ("relu", "absolute") else edge.local


def half(trace: Trace, edge: Edge) -> float:
    """Half the slope."""
    return 0.5 * edge.local


def twice(trace: Trace, edge: Edge) -> float:
    """Twice the slope."""
    return 2.0 * edge.local


def negated(trace: Trace, edge: Edge) -> float:
    """The sign turned."""
    return -edge.local


def one(trace: Trace, edge: Edge) -> float:
    """1 whatever the gate is."""
    return 1.0


def zero(trace: Trace, edge: Edge) -> float:
    """Nothing is handed to this input."""
    return 0.0


def output_itself(trace: Trace, edge: Edge) -> float:
    """The gate's result in the place of its local gradient."""
    return trace.data[edge.gate]


def _wrong_local(local: Local) -> Callable[[Trace], Iterator[Numbers]]:
    """For all gates at once, for one operation alone, and for one input of it alone."""

    def replay(trace: Trace) -> Iterator[Numbers]:
        yield from _in_every_order(local=local)(trace)
        for name in sorted({step.operation for step in trace.expression.steps}):
            for position in (None, 0, 1):

                def at_one(
                    trace: Trace, edge: Edge, name: str = name, position: int | None = position
                ) -> float:
                    meant = _operation(trace, edge) == name and position in (None, edge.position)
                    return local(trace, edge) if meant else edge.local

                yield backward(trace, next(iter(orders(trace))), local=at_one)

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
        "upstream forgotten",
        "local gradients are added up, and what arrived at the gate is left out",
        "the chain rule in each gate: which two numbers are multiplied?",
        _in_every_order(upstream=False),
    ),
    Mistake(
        "local forgotten",
        "the upstream gradient is handed on as it is, without the local one",
        "the chain rule in each gate: which two numbers are multiplied?",
        _wrong_local(one),
    ),
    Mistake(
        "wrong order",
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
    Mistake(
        "sign", "the sign of a local gradient is turned", "the sign of the derivative", _wrong_local(negated)
    ),
    Mistake(
        "other input",
        "each input gets the local gradient of the other",
        "which input the local gradient belongs to",
        _wrong_local(other_input),
    ),
    Mistake(
        "inputs exchanged",
        "the derivative is that of the gate with its inputs exchanged",
        "which operand stands on which side",
        _wrong_local(inputs_exchanged),
    ),
    Mistake(
        "at the output",
        "the derivative is taken at the gate's result, not at its input",
        "the number at which the derivative is taken",
        _wrong_local(at_the_output),
    ),
    Mistake(
        "input for output",
        "a derivative that is written with the result is computed with the input",
        "which of the two numbers, input or result, the formula of the derivative means",
        _wrong_local(output_for_input),
    ),
    Mistake(
        "exponent forgotten",
        "the factor n of n·x^(n-1) is missing",
        "the power rule",
        _wrong_local(exponent_forgotten),
    ),
    Mistake(
        "exponent kept", "the exponent is not lowered by 1", "the power rule", _wrong_local(exponent_kept)
    ),
    Mistake(
        "divisor not squared",
        "b stands where b² belongs",
        "the quotient rule",
        _wrong_local(divisor_not_squared),
    ),
    Mistake(
        "numerator forgotten",
        "a is missing in the slope by b",
        "the quotient rule",
        _wrong_local(numerator_forgotten),
    ),
    Mistake(
        "a factor forgotten",
        "one factor of the derivative is missing",
        "the formula of the derivative",
        _wrong_local(square_forgotten),
    ),
    Mistake(
        "a term forgotten",
        "a part of the derivative is missing",
        "the formula of the derivative",
        _wrong_local(one_minus_forgotten),
    ),
    Mistake(
        "upside down",
        "x stands where 1/x belongs, or the other way round",
        "the formula of the derivative",
        _wrong_local(upside_down),
    ),
    Mistake(
        "passes everything",
        "the gradient passes where the gate lets nothing through",
        "the case in which the gate gives 0",
        _wrong_local(passes_everything),
    ),
    Mistake(
        "zero",
        "no gradient reaches one of the inputs",
        "whether every input of the gate gets its share",
        _wrong_local(zero),
    ),
    Mistake(
        "the result",
        "the result stands where the local gradient belongs",
        "the formula of the derivative",
        _wrong_local(output_itself),
    ),
    Mistake("half", "a factor 2 is missing", "the factors of the derivative", _wrong_local(half)),
    Mistake(
        "twice",
        "there is a factor 2 too much",
        "the factors of the derivative, and how often a gate's backward step runs",
        _wrong_local(twice),
    ),
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
        except (ValueError, ZeroDivisionError, OverflowError):
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
