"""Expressions as data: leaves and operations, which any engine can follow.

>>> y = Expression.of(lambda a, b: a * b + a, 2.0, 3.0)
>>> y.steps
(Step(operation='multiply', operands=(0, 1)), Step(operation='add', operands=(2, 0)))
>>> print(y.code())
a = Value(2.0)
b = Value(3.0)
c = a * b
d = c + a
d.backward()
>>> y.data, y.gradients()
([2.0, 3.0, 6.0, 8.0], [4.0, 2.0, 1.0, 1.0])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
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

_COMPOSED = {"subtract": ("add", "multiply"), "divide": ("multiply", "power")}
"""The operation on the first operand and on what the second becomes, and that on the second and -1."""

Operand = int | float
"""The place of an earlier number (an int), or a plain number (a float)."""


class Step(NamedTuple):
    """An operation and what it is applied to."""

    operation: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Expression:
    """Leaves and steps; the number of the last step is the root."""

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, function: Callable[..., Value], *inputs: float) -> Expression:
        """The expression that a function of Values computes."""
        leaves = list(map(Value, inputs))
        place, steps = {node: i for i, node in enumerate(leaves)}, list[Step]()
        for node in topological_order(function(*leaves)):
            if node.gate is not None:
                operands = (place[x] if isinstance(x, Value) else x for x in node.arguments)
                steps.append(Step(node.gate.name, tuple(operands)))
                place[node] = len(place)
        return cls(inputs, tuple(steps))

    @property
    def operations(self) -> set[str]:
        """The operations that it takes."""
        return {step.operation for step in self.steps}

    @property
    def names(self) -> list[str]:
        """A letter for every number: a, b, …, z, a1, b1, …"""
        count = len(self.inputs) + len(self.steps)
        return [ascii_lowercase[i % 26] + (str(i // 26) if i >= 26 else "") for i in range(count)]

    def code(self, engine: str = "Value", backward: str = "backward") -> str:
        """The expression as the lines of Python that a student would type."""
        names = self.names
        written = [f"{engine}({x!r})" for x in self.inputs]
        for operation, operands in self.steps:
            shown = [names[x] if isinstance(x, int) else f"{x:g}" for x in operands]
            written.append(OPERATORS.get(operation, f"{operation}({{}})").format(*shown))
        lines = [f"{name} = {text}" for name, text in zip(names, written, strict=True)]
        return "\n".join([*lines, f"{names[-1]}.{backward}()"])

    @cached_property
    def nodes(self) -> list[Value]:
        """The same, computed and differentiated by this package: a Value for every number.

        Raises GateError if an operation is not defined there.
        """
        nodes = list(map(Value, self.inputs))
        for operation, operands in self.steps:
            arguments = [nodes[x] if isinstance(x, int) else x for x in operands]
            nodes.append(apply(OPERATIONS[operation], *arguments))
        for node, name in zip(nodes, self.names, strict=True):
            node.label = name
        nodes[-1].backward()
        return nodes

    @property
    def composed(self) -> tuple[Expression, list[int]]:
        """The same as many engines compose it, and where its numbers are there.

        a - b is a + b·(-1), a / b is a·b⁻¹, and -a is a·(-1).
        """
        places, steps = list(range(len(self.inputs))), list[Step]()
        for operation, operands in self.steps:
            first, *others = (places[x] if isinstance(x, int) else x for x in operands)
            if operation == "negate":
                operation, others = "multiply", [-1.0]
            elif operation in _COMPOSED:
                operation, inner = _COMPOSED[operation]
                steps.append(Step(inner, (*others, -1.0)))
                others = [len(self.inputs) + len(steps) - 1]
            places.append(len(self.inputs) + len(steps))
            steps.append(Step(operation, (first, *others)))
        return Expression(self.inputs, tuple(steps)), places

    @property
    def data(self) -> list[float]:
        """The right numbers."""
        return [node.data for node in self.nodes]

    def gradients(self, passes: int = 1) -> list[float]:
        """The right gradients after some backward passes: those of leaves add up."""
        return [node.grad if node.gate else node.grad * passes for node in self.nodes]

    def request(self, **options: Any) -> dict[str, Any]:
        """What the process that runs the student's engine is asked."""
        steps = [
            (step, [[x] if isinstance(x, int) else x for x in operands]) for step, operands in self.steps
        ]
        return {"kind": "run", "inputs": self.inputs, "steps": steps, **options}


def step(name: str, *places: int) -> Step:
    """An operation on as many of these numbers as it takes; a power is a square."""
    operands = places[: len(OPERATIONS[name].local)]
    return Step(name, (*operands, 2.0) if name == "power" else operands)


def random_expression(names: Sequence[str], rng: Random, size: int) -> Expression:
    """An expression on numbers of ordinary size, of at most `size` steps, all of which it needs."""
    inputs = tuple(round(rng.uniform(0.3, 2.5) * rng.choice((-1, 1)), 2) for _ in range(rng.randint(2, 3)))
    steps: list[Step] = []
    for count in range(len(inputs), len(inputs) + size):
        name = rng.choice(names)
        recent = (max(0, count - 1 - int(rng.expovariate(0.7))) for _ in range(2))
        steps.append(step(name, *recent))
    return _without_loose_ends(Expression(inputs, tuple(steps)))


def smaller(expression: Expression) -> Iterator[Expression]:
    """Expressions that are a little simpler, the simplest first: what a failure shrinks to."""
    return map(_without_loose_ends, _simpler(expression))


def _simpler(expression: Expression) -> Iterator[Expression]:
    inputs, steps = expression.inputs, expression.steps
    for end in range(1, len(steps)):
        yield Expression(inputs, steps[:end])
    for place, step in enumerate(steps[:-1], len(inputs)):  # an operand takes the place of the step's result
        for operand in step.operands:
            if isinstance(operand, int):
                yield Expression(inputs, tuple(_moved(step, {place: operand}) for step in steps))
    for i, step in enumerate(steps):
        for j, operand in enumerate(step.operands):
            if isinstance(operand, int) and operand >= len(inputs):
                for leaf in range(len(inputs)):
                    operands = (*step.operands[:j], leaf, *step.operands[j + 1 :])
                    yield Expression(inputs, (*steps[:i], Step(step.operation, operands), *steps[i + 1 :]))
    for i, x in enumerate(inputs):
        for simple in (2.0, 3.0, -2.0, 1.0, 0.5):
            if abs(simple) <= abs(x) + 1 and simple != x and x not in (2.0, 3.0, -2.0):
                yield Expression((*inputs[:i], simple, *inputs[i + 1 :]), steps)


def _moved(step: Step, places: dict[int, int]) -> Step:
    """The step with some of its operands at other places."""
    return step._replace(operands=tuple(places.get(x, x) if isinstance(x, int) else x for x in step.operands))


def _without_loose_ends(expression: Expression) -> Expression:
    """Only what the last step depends on, with its places renumbered."""
    inputs, steps = expression.inputs, expression.steps
    needed = {len(inputs) + len(steps) - 1}
    for place, step in reversed(list(enumerate(steps, len(inputs)))):
        if place in needed:
            needed.update(x for x in step.operands if isinstance(x, int))
    places = {old: new for new, old in enumerate(sorted(needed))}
    return Expression(
        tuple(x for i, x in enumerate(inputs) if i in needed),
        tuple(_moved(step, places) for i, step in enumerate(steps, len(inputs)) if i in needed),
    )
