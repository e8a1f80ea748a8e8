"""What the passes over a graph computed: the numbers that its gates had, the derivatives of its root.

Neither can be read off the nodes alone. A step of an optimizer changes the leaves of a graph
that was computed before it, and `.grad` holds the derivatives of the Value that `backward()`
was called on, of which the root here may be a part. Walk, picture and page show this view.

>>> from autograd import Value
>>> w, x = Value(3.0, "w"), Value(2.0, "x")
>>> z = w * x
>>> (z * z).backward()
>>> w.data = 0.5
>>> found = passes(z)
>>> found.numbers[w], w.data
(3.0, 0.5)
>>> found.is_part, found.gradients[w], w.grad
(True, 2.0, 24.0)
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from autograd import gates
from autograd.declaration import ARITHMETIC_ERRORS
from autograd.fused import FusedGate
from autograd.graph import edges_of, flow
from autograd.languages import Said
from autograd.value import Value, gate_order

Numbers = tuple[float | None, ...]
"""The numbers of a gate's arguments; None for one that is no longer known."""


@dataclass(frozen=True)
class Passes:
    """A graph as its passes left it.

    root
    arguments  for each gate's output, the numbers that the gate was applied to
    numbers    the number of each node in the forward pass; if that is not known, its present number
    changed    nodes whose number has changed since, with the number that the gates used
    uncertain  nodes that may have been changed, from numbers that are not known
    gradients  ∂root/∂node for every node, from the local gradients of the forward pass; None before
               a backward pass
    sizes      how large each of them would be if nothing cancelled: what `close` measures rounding by
    is_part    the backward pass began at another Value: `.grad` holds the derivatives of that one
    """

    root: Value
    arguments: Mapping[Value, Numbers]
    numbers: Mapping[Value, float]
    changed: Mapping[Value, float]
    uncertain: frozenset[Value]
    gradients: Mapping[Value, float] | None
    sizes: Mapping[Value, float]
    is_part: bool

    def remarks(self, name: str) -> list[Said]:
        """What to say of the whole: that `.grad` is of another Value, that numbers were changed since."""
        remarks = [Said.of("part", root=name)] if self.is_part else []
        return remarks + [Said.of("compute again", root=name)] * bool(self.changed or self.uncertain)


def passes(root: Value) -> Passes:
    """The numbers and the derivatives of a graph, which stays as it is."""
    order = gate_order(root)
    arguments, changed = _arguments(order)
    numbers, uncertain = {root: root.data}, set()
    for node in order:
        for x, number in zip(node.arguments, arguments[node], strict=True):
            if isinstance(x, Value):
                numbers[x] = changed.get(x, x.data) if number is None else number
                if number is None:
                    uncertain.add(x)
    gradients, sizes = _gradients(root, order)
    passed = root.gate is not None and root.grad is not None
    # A backward pass sets the gradient of its root to 1, and computes those of all other gates afresh.
    is_part = passed and (
        root.grad != 1.0 or not all(close(node.grad, gradients[node], sizes[node]) for node in order)
    )
    return Passes(
        root, arguments, numbers, changed, frozenset(uncertain), gradients if passed else None, sizes, is_part
    )


def close(a: float, b: float, size: float = 0.0) -> bool:
    """Whether two numbers are the same but for rounding.

    How far rounding may take a sum depends on the size of its terms and not on its own, which
    may be 0. So no number is small enough to count as none: a gradient of 1e-20 differs from
    twice that.

    size  that of the terms of a sum

    >>> close(1e-20, 2e-20), close(0.1 + 0.2, 0.3)
    (False, True)
    >>> close(0.1 + 0.2 - 0.3, 0.0), close(0.1 + 0.2 - 0.3, 0.0, size=0.6)
    (False, True)
    """
    return (
        a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12 * size) or (math.isnan(a) and math.isnan(b))
    )


def _gradients(root: Value, order: Sequence[Value]) -> tuple[dict[Value, float], dict[Value, float]]:
    """∂root/∂node, and the same with every local gradient's sign left out."""
    gradients, sizes = {root: 1.0}, {root: 1.0}
    edges = list(edges_of(reversed(order)))
    unsigned = (edge._replace(local_gradient=abs(edge.local_gradient)) for edge in edges)
    deque(flow(edges, gradients), maxlen=0)
    deque(flow(unsigned, sizes), maxlen=0)
    return gradients, sizes


# ── the numbers that gates had ──────────────────────────────────────────────────────────


def _arguments(order: Sequence[Value]) -> tuple[dict[Value, Numbers], dict[Value, float]]:
    """The numbers that every gate was applied to, and those of the nodes that were changed since."""
    found: dict[Value, Numbers] = {}
    changed: dict[Value, float] = {}
    asked = list(order)
    while asked:
        for node in asked:
            found[node] = numbers_then(node, changed)
            for x, number in zip(node.arguments, found[node], strict=True):
                if isinstance(x, Value) and number is not None and number != x.data:
                    changed.setdefault(x, number)
        unanswered = [node for node in asked if None in found[node]]
        if len(unanswered) == len(asked):
            break  # what one gate tells may answer for another, but not any more
        asked = unanswered
    return found, changed


def numbers_then(node: Value, known: Mapping[Value, float] | None = None) -> Numbers:
    """The numbers that a gate was applied to in the forward pass.

    They are those of now, unless the gate gives something else with them. Then what it
    recorded tells: the factors of a product are each other's local gradients, the slopes of
    logsumexp are e^(x - its output), and one changed input of any other gate is the number
    that gives the recorded output and local gradients again. None for an input whose
    number is not known.

    known  the numbers that other gates had for some of the Values
    """
    now = [x.data if isinstance(x, Value) else x for x in node.arguments]
    if _gives(node, now):
        return tuple(now)
    then = {**(known or {}), **_read_off_local_gradients(node)}
    numbers = [then.get(x, x.data) if isinstance(x, Value) else x for x in node.arguments]
    if _gives(node, numbers):
        return tuple(numbers)
    unknown = dict.fromkeys(x for x in node.inputs if x not in then)
    asked = [x for x in unknown if x.gate is None] or list(unknown)  # it is leaves that people change
    solved = ((x, number) for x in asked if (number := _solved(node, numbers, x)) is not None)
    answers = dict(islice(solved, 2))
    if len(answers) != 1:
        return tuple(
            None if isinstance(x, Value) and x in asked else number
            for x, number in zip(node.arguments, numbers, strict=True)
        )
    then |= answers
    return tuple(then.get(x, x.data) if isinstance(x, Value) else x for x in node.arguments)


def _read_off_local_gradients(node: Value) -> dict[Value, float]:
    gate, arguments = node.gate, node.arguments
    places = [i for i, x in enumerate(arguments) if isinstance(x, Value)]
    local = dict(zip(places, node.local_grads, strict=True))
    if gate is gates.multiply or (isinstance(gate, FusedGate) and gate.adds_products):
        half = len(arguments) // 2
        factors = {i: local.get((i + half) % (2 * half)) for i in places if i < 2 * half}
    elif isinstance(gate, FusedGate) and gate.shifted:
        factors = {i: node.data + math.log(slope) if slope > 0.0 else None for i, slope in local.items()}
    else:
        factors = {}
    return {
        x: number
        for i, number in factors.items()
        if number is not None and isinstance(x := arguments[i], Value)
    }


def _result(node: Value, numbers: Sequence[float]) -> tuple[float, list[float]] | None:
    """What the gate gives with these numbers: its output, and the local gradients of its inputs."""
    assert node.gate is not None
    try:
        output, local_grads = node.gate.function(*numbers)
    except ARITHMETIC_ERRORS:
        return None
    return output, [g for g, x in zip(local_grads, node.arguments, strict=False) if isinstance(x, Value)]


def _gives(node: Value, numbers: Sequence[float]) -> bool:
    """Whether the gate gives with these numbers what it gave in the forward pass."""
    result = _result(node, numbers)
    return result is not None and close(result[0], node.data) and all(map(close, result[1], node.local_grads))


def _solved(node: Value, numbers: Sequence[float], unknown: Value) -> float | None:
    """The number for an input that gives what the gate recorded; None unless there is exactly one.

    Newton's method with the gate's own local gradients, from several numbers: those of a sine, or
    of a dead ReLU, come out at different answers.
    """
    places = [i for i, x in enumerate(node.inputs) if x is unknown]

    def at(x: float) -> list[float]:
        return [x if argument is unknown else n for argument, n in zip(node.arguments, numbers, strict=True)]

    def error_and_slope(x: float) -> tuple[float, float]:
        result = _result(node, at(x))
        return (
            (math.nan, 0.0) if result is None else (result[0] - node.data, sum(result[1][i] for i in places))
        )

    answers: list[float] = []
    now, result = unknown.data, node.data
    rounding = 1e-12 * max(1.0, abs(now), abs(result))
    for x in (now, -now, result, -result, now - 10.0, now - 6.0, now + 6.0, now + 10.0):
        for _ in range(60):
            error, slope = error_and_slope(x)
            if error == 0.0 or slope == 0.0 or not math.isfinite(error / slope):
                break
            x -= error / slope
        if _gives(node, at(x)):
            step = 1e-3 * max(1.0, abs(x))
            flat = any(error_and_slope(near)[0] == 0.0 for near in (x - step, x + step))
            if flat or not all(math.isclose(x, y, rel_tol=1e-6, abs_tol=rounding) for y in answers):
                return None
            answers.append(0.0 if abs(x) <= rounding else x)
    return answers[0] if answers else None
