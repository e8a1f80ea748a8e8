"""Random expression graphs: a recipe that any kind of number can follow.

A recipe is a list of leaves and of steps, each step a gate applied to earlier numbers,
so that sub-expressions are shared freely. Followed with Values it makes a graph, with
mpmath's numbers the truth, with a program's inputs a recording.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from mpmath import mp

import autograd
from autograd import GateError, Value
from autograd.choice import AnyGate
from autograd.fused import FusedGate
from autograd.value import apply
from tests.gate_cases import GATE_CASES
from tests.tally import tried

TRUTHS: dict[str, Callable[..., Any]] = {case.name: case.truth for case in GATE_CASES} | {
    "dot": lambda *x: sum(
        (a * b for a, b in zip(x[: len(x) // 2], x[len(x) // 2 :], strict=False)), x[-1] * (len(x) % 2)
    ),
    "total": lambda *x: sum(x),
    "logsumexp": lambda *x: mp.log(mp.fsum(map(mp.exp, x))),
}

COMPARISONS = ("less", "less_equal", "greater", "greater_equal")
JUMPS = ("mod", "floor", "sign", *COMPARISONS, "where", "clip", "hardtanh")
"""Gates whose slopes are 0 and 1: beside a jump no difference of mpmath's tells them."""

ELEMENTARY = [case.gate for case in GATE_CASES if case.name not in JUMPS]
FUSED = [autograd.dot, autograd.total, autograd.logsumexp]

CONSTANTS = {"power": (2.0, 3.0, 1.0, -1.0, 0.5, 0.0, -1.5), "leaky_relu": (0.01, 0.2), "elu": (1.0, 0.5)}

# Round numbers meet kinks and ties exactly; the rest do not.
NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0]),
    st.integers(-3000, 3000).map(lambda thousandths: thousandths / 1000.0),
    st.floats(1e-6, 3.0),
    st.floats(-3.0, -1e-6),
)

LARGEST, STEEPEST = 1e4, 1e4  # beyond these a step is left out: the graph would overflow further down


@dataclass(frozen=True)
class Step:
    """A gate, and for each of its arguments the place of an earlier number, or a constant."""

    gate: AnyGate
    operands: tuple[int | float, ...]

    def arguments(self, values: Any, number: Callable[[float], Any] = float) -> list[Any]:
        return [values[operand] if isinstance(operand, int) else number(operand) for operand in self.operands]


@dataclass(frozen=True)
class Recipe:
    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    def values(self, leaves: Sequence[Value]) -> list[Value]:
        """The leaves and the result of every step, as Values."""
        return self.followed(leaves, apply)

    def graph(self) -> tuple[Value, list[Value]]:
        """The last result, and the leaves."""
        leaves = [Value(number, f"x{i}") for i, number in enumerate(self.leaves)]
        return self.values(leaves)[-1], leaves

    def truth(self, leaves: Sequence[Any]) -> list[Any]:
        """The leaves and the result of every step, by mpmath."""
        return self.followed(leaves, lambda gate, *arguments: TRUTHS[gate.name](*arguments), mp.mpf)

    def followed(
        self, leaves: Sequence[Any], applied: Callable[..., Any], number: Callable[[float], Any] = float
    ) -> list[Any]:
        """The leaves and the results, in any kind of number that gates can be applied to."""
        values = list(leaves)
        for step in self.steps:
            values.append(applied(step.gate, *step.arguments(values, number)))
        return values

    def __repr__(self) -> str:
        """The recipe as Python, for whoever has to look into a failure."""
        count = len(self.leaves)
        lines = [f"x{i} = Value({number!r})" for i, number in enumerate(self.leaves)]
        for i, step in enumerate(self.steps, count):
            arguments = ", ".join(
                str(o) if isinstance(o, float) else f"x{o}" if o < count else f"v{o}" for o in step.operands
            )
            lines.append(f"v{i} = {step.gate.name}({arguments})")
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"\n{self!r}\n")


@st.composite
def recipes(
    draw: st.DrawFn, gates: Sequence[AnyGate] = (*ELEMENTARY, *FUSED), most_steps: int = 120
) -> Recipe:
    """Recipes of all the gates, in which every step stays inside its gate's domain.

    What no step uses is added up at the end, so that the whole recipe is one graph.
    """
    leaves = draw(st.lists(NUMBERS, min_size=1, max_size=5))
    values = [Value(number) for number in leaves]
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, most_steps))):
        chosen, *choices = draw(st.binary(min_size=8, max_size=8))
        if chosen == 0:
            continue  # what a failure shrinks to
        gate = gates[chosen % len(gates)]
        step = Step(gate, _operands(gate, choices, len(values)))
        try:
            value = apply(step.gate, *step.arguments(values))
        except GateError:
            continue
        if abs(value.data) < LARGEST and all(map(_usable, value.local_grads)) and not _on_a_cut(value):
            steps.append(step)
            values.append(value)
    used = {operand for step in steps for operand in step.operands if isinstance(operand, int)}
    ends = tuple(i for i in range(len(values)) if i not in used)
    if len(ends) > 1:
        steps.append(Step(autograd.total, ends))
    tried("random graphs")
    tried("gates in random graphs", len(steps))
    return Recipe(tuple(leaves), tuple(steps))


def _on_a_cut(value: Value) -> bool:
    """Whether it is an angle where angles jump from π to -π: there no quotient of differences is a slope."""
    return value.gate is autograd.atan2 and abs(value.data) == math.pi


def _usable(local: float) -> bool:
    return abs(local) < STEEPEST or math.isinf(local)


def _operands(gate: AnyGate, choices: Sequence[int], count: int) -> tuple[int | float, ...]:
    # Counting back from the newest number makes the graph deep, and shares what is a little older.
    recent = [count - 1 - (choice % 16) % count for choice in choices]
    if isinstance(gate, FusedGate):
        terms = 1 + choices[6] % 3
        operands: list[int | float] = list(recent[: terms * gate.width])
        if choices[4] % 3 == 0 and len(operands) > 1:
            operands[-1] = 0.5  # a plain number among the Values
        bias = gate.width == 2 and choices[5] % 2
        return (*operands, recent[5]) if bias else tuple(operands)
    constants = CONSTANTS.get(gate.name, ())
    if constants:
        return recent[0], constants[choices[1] % len(constants)]
    if len(gate.local) == 2 and choices[2] % 5 == 0:
        return (recent[0], 2.0) if choices[3] % 2 else (2.0, recent[0])
    return tuple(recent[: len(gate.local)])
