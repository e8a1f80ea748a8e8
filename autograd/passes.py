"""What the passes over a graph computed: the numbers that its gates had, the derivatives of its root.

Neither can be read off the nodes alone. A step of an optimizer changes the leaves of a graph
that was computed before it, and `.grad` holds the derivatives of the Value that `backward()`
was last called on, of which the root here may be a part. Walk, picture and page show this view.
What changed is taken to be leaves: a gate's output whose number was set by hand looks as if one had.

>>> from autograd import Value
>>> w, x = Value(3.0, "w"), Value(2.0, "x")
>>> z = w * x
>>> (z * z).backward()
>>> w.data = 0.5
>>> found = passes(z)
>>> found.numbers[w], w.data
(3.0, 0.5)
>>> found.of_another, found.gradients[w], w.grad
(True, 2.0, 24.0)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autograd import gates
from autograd.declaration import ARITHMETIC_ERRORS
from autograd.fused import FusedGate
from autograd.graph import Edge, edges_of, flow
from autograd.languages import Said
from autograd.value import Value, gate_order

Numbers = tuple[float | None, ...]
"""The numbers of a gate's arguments; None for one that is no longer known."""


@dataclass(frozen=True)
class Passes:
    """A graph as its passes left it.

    root
    arguments   for each gate's output, the numbers that the gate was applied to
    numbers     the number of each node in the forward pass; if that is not known, or no gate gives
                another answer to it, its present number
    changed     nodes whose number has changed since, with the number that the gates used
    uncertain   nodes that may have been changed, from numbers that are not known
    gradients   ∂root/∂node for every node, from the local gradients of the forward pass; None before
                a backward pass
    sizes       how large each of them would be if nothing cancelled: what `close` measures rounding by
    of_another  the last backward pass began at another Value: `.grad` holds the derivatives of that one
    """

    root: Value
    arguments: Mapping[Value, Numbers]
    numbers: Mapping[Value, float]
    changed: Mapping[Value, float]
    uncertain: frozenset[Value]
    gradients: Mapping[Value, float] | None
    sizes: Mapping[Value, float]
    of_another: bool

    def remarks(self, name: str) -> list[Said]:
        """What to say of the whole: that `.grad` is of another Value, that numbers were changed since."""
        said = {"of another": self.of_another, "compute again": bool(self.changed or self.uncertain)}
        return [Said.of(remark, root=name) for remark, applies in said.items() if applies]


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
    edges = list(edges_of(reversed(order)))
    unsigned = (edge._replace(local_gradient=abs(edge.local_gradient)) for edge in edges)
    gradients, sizes = gradients_along(edges, root), gradients_along(unsigned, root)
    passed = root.gate is not None and root.grad is not None
    # A backward pass sets the gradient of its root to 1, and computes those of all other gates afresh.
    of_another = passed and (
        root.grad != 1.0 or not all(close(node.grad, gradients[node], sizes[node]) for node in order)
    )
    return Passes(
        root,
        arguments,
        numbers,
        changed,
        frozenset(uncertain),
        gradients if passed else None,
        sizes,
        of_another,
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


def gradients_along(edges: Iterable[Edge], root: Value, upstream: float = 1.0) -> dict[Value, float]:
    """∂root/∂node times the upstream gradient of the root, for every node that the edges reach."""
    gradients = {root: upstream}
    for _ in flow(edges, gradients):
        pass
    return gradients


# ── the numbers that gates had ──────────────────────────────────────────────────────────


def _arguments(order: Sequence[Value]) -> tuple[dict[Value, Numbers], dict[Value, float]]:
    """The numbers that every gate was applied to, and those of the nodes that were changed since."""
    found: dict[Value, Numbers] = {}
    changed: dict[Value, float] = {}
    asked, before = list(order), 0
    while len(asked) != before:  # what one gate tells may answer for another
        before = len(asked)
        for node in asked:
            found[node] = numbers_then(node, changed)
            for x, number in zip(node.arguments, found[node], strict=True):
                if isinstance(x, Value) and number is not None and number != x.data:
                    changed.setdefault(x, number)
        asked = [node for node in asked if None in found[node]]
    return found, changed


def numbers_then(node: Value, known: Mapping[Value, float] | None = None) -> Numbers:
    """The numbers that a gate was applied to in the forward pass.

    They are the present ones, unless the gate gives something else with them. Then they follow
    from what it recorded: the factors of a product are each other's local gradients, the slopes
    of logsumexp are e^(x - its output), and one changed input of any other gate is the number
    that gives the recorded output and local gradients again. None for an input whose number
    is not known.

    known  numbers that other gates had for some of the Values
    """
    now = _filled(node, {})
    if _gives(node, now):
        return now
    then: dict[Value, float | None] = {**(known or {}), **_read_off_local_gradients(node)}
    numbers = _filled(node, then)
    if _gives(node, numbers):
        return numbers
    unknown = dict.fromkeys(x for x in node.inputs if x not in then)
    asked = [x for x in unknown if x.gate is None] or list(unknown)  # it is leaves that people change
    solved = ((x, number) for x in asked if (number := _solved(node, numbers, x)) is not None)
    answers = dict(islice(solved, 2))
    return _filled(node, then | (answers if len(answers) == 1 else dict.fromkeys(asked)))


def _filled(node: Value, then: Mapping[Value, float | None]) -> tuple[Any, ...]:
    """The gate's arguments, with these numbers for some Values and the present ones for the others."""
    return tuple(then.get(x, x.data) if isinstance(x, Value) else x for x in node.arguments)


def _read_off_local_gradients(node: Value) -> dict[Value, float]:
    gate = node.gate
    places = [i for i, x in enumerate(node.arguments) if isinstance(x, Value)]
    inputs = dict(zip(places, node.inputs, strict=True))
    local = dict(zip(places, node.local_grads, strict=True))
    if gate is gates.multiply or (isinstance(gate, FusedGate) and gate.adds_products):
        half = len(node.arguments) // 2
        other = {i: (i + half) % (2 * half) for i in places if i < 2 * half}
        return {inputs[i]: local[j] for i, j in other.items() if j in local}
    if isinstance(gate, FusedGate) and gate.shifted:
        return {inputs[i]: node.data + math.log(slope) for i, slope in local.items() if slope > 0.0}
    return {}


def answer_to(node: Value, numbers: Sequence[float]) -> tuple[float, list[float]] | None:
    """What the gate gives with these numbers: its output, and the local gradients of its inputs."""
    assert node.gate is not None
    try:
        output, local_grads = node.gate.function(*numbers)
    except ARITHMETIC_ERRORS:
        return None
    return output, [g for g, x in zip(local_grads, node.arguments, strict=False) if isinstance(x, Value)]


def _gives(node: Value, numbers: Sequence[float]) -> bool:
    """Whether the gate gives with these numbers what it gave in the forward pass."""
    answer = answer_to(node, numbers)
    return answer is not None and close(answer[0], node.data) and all(map(close, answer[1], node.local_grads))


def _solved(node: Value, numbers: Sequence[float], unknown: Value) -> float | None:
    """The number for an input that gives what the gate recorded; None unless there is exactly one.

    Newton's method with the gate's own local gradients, from several numbers: those of a remainder
    come out at different answers. A sine gives the same a turn away, and a dead ReLU nearby.
    """
    places = [i for i, x in enumerate(node.inputs) if x is unknown]

    def at(x: float) -> list[float]:
        return [x if argument is unknown else n for argument, n in zip(node.arguments, numbers, strict=True)]

    def newton(x: float) -> float:
        for _ in range(60):
            result = answer_to(node, at(x))
            slope = sum(result[1][i] for i in places) if result else 0.0
            step = (result[0] - node.data) / slope if result and slope else 0.0
            if step == 0.0 or not math.isfinite(step):
                break
            x -= step
        return x

    starts = (0.0, unknown.data, -unknown.data, node.data, -node.data)
    answers = [x for x in map(newton, starts) if _gives(node, at(x))]
    if not answers:
        return None
    first, *others = answers
    nearby = 1e-3 * max(1.0, abs(first))
    others += [x for by in (nearby, math.tau) for x in (first - by, first + by) if _gives(node, at(x))]
    return first if all(math.isclose(x, first, rel_tol=1e-6, abs_tol=1e-9) for x in others) else None
