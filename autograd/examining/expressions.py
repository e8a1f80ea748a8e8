"""Expressions as data: leaves and operations, which any engine can follow.

>>> y = Expression((2.0, 3.0), (Step("multiply", (0, 1)), Step("add", (2, 0))))
>>> print(y.code())
a = Value(2.0)
b = Value(3.0)
c = a * b
d = c + a
d.backward()
>>> right = y.trace
>>> right.data, right.gradients()
((2.0, 3.0, 6.0, 8.0), (4.0, 2.0, 1.0, 1.0))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from typing import Any, NamedTuple

from autograd import gates
from autograd.declaration import Gate
from autograd.graph import topological_order
from autograd.value import Value, apply

OPERATORS = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "divide": "{} / {}",
    "power": "{} ** {}",
    "negate": "-{}",
    "absolute": "abs({})",
}
"""How operations are written that have a sign of their own."""

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "softplus")
"""The others, written `x.exp()` or `exp(x)`."""

OPERATIONS: dict[str, Gate] = {name: getattr(gates, name) for name in (*OPERATORS, *FUNCTIONS)}


@dataclass(frozen=True)
class Step:
    """An operation: each operand is the place of an earlier number (an int) or a plain number (a float)."""

    operation: str
    operands: tuple[int | float, ...]


class Edge(NamedTuple):
    """The way from a gate back to one of its inputs, by their places among the numbers."""

    gate: int
    position: int
    input: int
    local: float


@dataclass(frozen=True)
class Expression:
    """Leaves and steps; the number of the last step is the root."""

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """A letter for every number: a, b, …, z, a1, b1, …"""
        count = len(self.inputs) + len(self.steps)
        return tuple(ascii_lowercase[i % 26] + (str(i // 26) if i >= 26 else "") for i in range(count))

    def written(self, step: Step) -> str:
        """One operation as Python."""
        operands = [self.names[x] if isinstance(x, int) else f"{x:g}" for x in step.operands]
        return OPERATORS.get(step.operation, f"{step.operation}({{}})").format(*operands)

    def code(self, engine: str = "Value", backward: str = "backward") -> str:
        """The expression as the lines of Python that a student would type."""
        lines = [f"{name} = {engine}({x!r})" for name, x in zip(self.names, self.inputs, strict=False)]
        for name, step in zip(self.names[len(self.inputs) :], self.steps, strict=True):
            lines.append(f"{name} = {self.written(step)}")
        return "\n".join([*lines, f"{self.names[-1]}.{backward}()"])

    def values(self) -> list[Value]:
        """The expression built with this package's own Values, named as in `code`."""
        nodes = [Value(x) for x in self.inputs]
        for step in self.steps:
            arguments = [nodes[x] if isinstance(x, int) else x for x in step.operands]
            nodes.append(apply(OPERATIONS[step.operation], *arguments))
        for node, name in zip(nodes, self.names, strict=True):
            node.label = name
        return nodes

    @cached_property
    def trace(self) -> Trace:
        """The right numbers. Raises GateError where an operation is not defined."""
        nodes = self.values()
        place = {node: i for i, node in enumerate(nodes)}
        edges = tuple(
            Edge(place[node], position, place[x], local)
            for node in nodes
            for position, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True))
        )
        by_depth = tuple(place[node] for node in topological_order(nodes[-1]))
        nodes[-1].backward()
        data, gradients = tuple(node.data for node in nodes), tuple(node.grad for node in nodes)
        return Trace(self, data, gradients, edges, by_depth)

    def request(self, **options: Any) -> dict[str, Any]:
        """What the process that runs the student's engine is asked."""
        steps = [
            [step.operation, [[x] if isinstance(x, int) else x for x in step.operands]] for step in self.steps
        ]
        return {"kind": "run", "inputs": self.inputs, "steps": steps, **options}


@dataclass(frozen=True)
class Trace:
    """The right numbers of an expression: data, ∂root/∂(each number), and each edge's local gradient."""

    expression: Expression
    data: tuple[float, ...]
    once: tuple[float, ...]
    edges: tuple[Edge, ...]
    by_depth: tuple[int, ...]

    @property
    def root(self) -> int:
        """The place of the last number."""
        return len(self.data) - 1

    def operation(self, place: int) -> Step | None:
        """The step that gave a number; None for a leaf."""
        step = place - len(self.expression.inputs)
        return self.expression.steps[step] if step >= 0 else None

    def arguments(self, step: Step) -> tuple[float, ...]:
        """The numbers that a step took."""
        return tuple(self.data[x] if isinstance(x, int) else x for x in step.operands)

    @cached_property
    def edges_from(self) -> dict[int, list[Edge]]:
        """The edges back from each number to its inputs; none from a leaf."""
        edges: dict[int, list[Edge]] = {place: [] for place in range(len(self.data))}
        for edge in self.edges:
            edges[edge.gate].append(edge)
        return edges

    def gradients(self, passes: int = 1) -> tuple[float, ...]:
        """The right gradients after some backward passes: those of leaves add up."""
        leaves = len(self.expression.inputs)
        return tuple(x * passes if i < leaves else x for i, x in enumerate(self.once))


def random_expression(names: Sequence[str], rng: Any, steps: int, *, shared: bool = True) -> Expression:
    """An expression of these operations on numbers of ordinary size, which uses all that it computes."""
    inputs = tuple(round(rng.uniform(0.3, 2.5) * rng.choice((-1, 1)), 2) for _ in range(rng.randint(2, 3)))
    built: list[Step] = []
    for _ in range(steps):
        count = len(inputs) + len(built)
        name = rng.choice(names)
        recent = [max(0, count - 1 - int(rng.expovariate(0.7))) for _ in range(2)]
        if not shared:
            recent = [count - 1, rng.randrange(len(inputs))]
        operands: tuple[int | float, ...] = tuple(recent[: len(OPERATIONS[name].local)])
        built.append(Step(name, (recent[0], 2.0) if name == "power" else operands))
    return _without_loose_ends(Expression(inputs, tuple(built)))


def _without_loose_ends(expression: Expression) -> Expression:
    """Only what the last step depends on, with its places renumbered."""
    count = len(expression.inputs)
    needed = {count + len(expression.steps) - 1}
    for i, step in reversed(list(enumerate(expression.steps, count))):
        if i in needed:
            needed.update(x for x in step.operands if isinstance(x, int))
    place = {old: new for new, old in enumerate(sorted(needed))}
    return Expression(
        tuple(x for i, x in enumerate(expression.inputs) if i in needed),
        tuple(
            Step(step.operation, tuple(place[x] if isinstance(x, int) else x for x in step.operands))
            for i, step in enumerate(expression.steps, count)
            if i in needed
        ),
    )


def smaller(expression: Expression) -> list[Expression]:
    """Expressions that are a little simpler, the simplest first: what a failure shrinks to."""
    inputs, steps = expression.inputs, expression.steps
    found = [Expression(inputs, steps[:end]) for end in range(1, len(steps))]
    for i, step in enumerate(steps[:-1]):  # an operand takes the place of the step's result
        found += [_bypassed(expression, i, x) for x in step.operands if isinstance(x, int)]
    for i, step in enumerate(steps):
        for j, operand in enumerate(step.operands):
            if isinstance(operand, int) and operand >= len(inputs):
                for leaf in range(len(inputs)):
                    operands = (*step.operands[:j], leaf, *step.operands[j + 1 :])
                    found.append(
                        Expression(inputs, (*steps[:i], Step(step.operation, operands), *steps[i + 1 :]))
                    )
    for i, x in enumerate(inputs):
        for simple in (2.0, 3.0, -2.0, 1.0, 0.5):
            if abs(simple) <= abs(x) + 1 and simple != x and x not in (2.0, 3.0, -2.0):
                found.append(Expression((*inputs[:i], simple, *inputs[i + 1 :]), steps))
    return [_without_loose_ends(x) for x in found]


def _bypassed(expression: Expression, step: int, operand: int) -> Expression:
    place = len(expression.inputs) + step

    def moved(x: int | float) -> int | float:
        if not isinstance(x, int):
            return x
        return operand if x == place else x - (x > place)

    kept = expression.steps[:step] + expression.steps[step + 1 :]
    return Expression(
        expression.inputs,
        tuple(Step(s.operation, tuple(moved(x) for x in s.operands)) for s in kept),
    )
