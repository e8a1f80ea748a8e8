"""Random functions over all gates, to be recorded: with parameters, constants in any place, and errors.

A recipe is a list of steps; each applies a gate to inputs, parameters, constants or the
results of earlier steps. Numbers may be of any size, so that gates refuse them now and then,
in Python and in native code alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st

import autograd
from autograd import Gate, Value, gate
from autograd.choice import AnyGate
from autograd.fused import FusedGate
from tests.gate_cases import GATE_CASES
from tests.tally import tried


@partial(FusedGate, symbol="√Σ|x|", formula="√Σ |x|", each=autograd.absolute, finish=autograd.sqrt)
def magnitude(x: Any) -> Any:
    return (x,)


@partial(FusedGate, symbol="Σ/", formula="Σ a/b", each=autograd.divide)
def ratios(a: Any, b: Any, start: Any = None) -> Any:
    return a, b, start


@gate(symbol="mix", formula="a*b + c", local=("b", "a", "1"))
def mix(a: float, b: float, c: float) -> Any:
    return a * b + c, (b, a, 1.0)


@partial(FusedGate, symbol="tanh Σ", formula="tanh Σ (a*b + c)", each=mix, finish=autograd.tanh)
def mixes(a: Any, b: Any, c: Any, start: Any = None) -> Any:
    return a, b, c, start


ELEMENTARY = (*(case.gate for case in GATE_CASES), mix)
FUSED = (autograd.dot, autograd.total, autograd.logsumexp, magnitude, ratios, mixes)
WITH_CONSTANT = (autograd.power, autograd.leaky_relu, autograd.elu)


def positive(x: Any) -> Any:
    return autograd.absolute(x) + 0.5


TAMED: dict[Any, tuple[int, Callable[[Any], Any]]] = {
    **dict.fromkeys((autograd.exp, autograd.exp2, autograd.expm1, autograd.asin), (0, autograd.tanh)),
    **dict.fromkeys((autograd.acos, autograd.atanh, autograd.sinh, autograd.cosh), (0, autograd.tanh)),
    **dict.fromkeys((autograd.log, autograd.sqrt, autograd.power, autograd.exponentiate), (0, positive)),
    **dict.fromkeys((autograd.log2, autograd.log10, autograd.log1p, autograd.reciprocal), (0, positive)),
    **dict.fromkeys((autograd.divide, autograd.mod, autograd.atan2), (1, positive)),
    autograd.acosh: (0, lambda x: autograd.absolute(x) + 1.5),
}
"""What is done to one argument of a gate, most of the time, so that graphs have results."""

NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 0.1, 1e-3, 7.25)
EXTREME = (1e-320, 1e200, -1e308, 1e308, 750.0, -750.0, math.inf, -math.inf, math.nan)


Reference = int | float
"""A node by its place (inputs, parameters, steps in turn), or a plain number, which is a float."""


@dataclass(frozen=True)
class Step:
    gate: AnyGate
    arguments: tuple[Reference, ...]
    tame: bool


@dataclass(frozen=True)
class Recipe:
    inputs: int
    parameters: int
    steps: tuple[Step, ...]

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return self.inputs + self.parameters + len(self.steps)

    def cook(self, inputs: Sequence[Any], parameters: Sequence[Value], wanted: Sequence[int]) -> list[Any]:
        """The nodes that are wanted, by their places, and what they are made from; nothing else is computed.

        Where no Value goes into a node it is a plain number.
        """
        nodes: dict[int, Any] = dict(enumerate([*inputs, *parameters]))
        waiting, needed = list(wanted), set(nodes)
        while waiting:
            place = waiting.pop()
            if place not in needed:
                needed.add(place)
                waiting += [x for x in self._step(place).arguments if isinstance(x, int)]
        for place in sorted(needed - set(nodes)):
            step = self._step(place)
            arguments = [nodes[x] if isinstance(x, int) else x for x in step.arguments]
            if step.tame and step.gate in TAMED:
                position, tame = TAMED[step.gate]
                arguments[position] = tame(arguments[position])
            nodes[place] = _apply(step.gate, arguments)
        return [nodes[place] for place in wanted]

    def _step(self, place: int) -> Step:
        return self.steps[place - self.inputs - self.parameters]


def _apply(applied: AnyGate, arguments: list[Any]) -> Any:
    if isinstance(applied, Gate):
        return applied(*arguments)
    columns, start = applied.columns(arguments)
    return applied(*columns, *start)


@st.composite
def recipes(draw: Callable[..., Any], most_steps: int = 8) -> Recipe:
    inputs = draw(st.integers(0, 3))
    parameters = draw(st.integers(0 if inputs else 1, 3))
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, most_steps))):
        last = inputs + parameters + len(steps) - 1
        nodes = st.integers(0, last)
        constants = st.sampled_from(NUMBERS)
        latest = st.integers(max(0, last - 2), last)  # more often, so that graphs grow deep
        references = st.one_of(nodes, latest, constants)
        applied = draw(st.sampled_from((*ELEMENTARY, *FUSED)))
        if applied is autograd.clip:
            arguments = [draw(nodes), draw(constants), draw(constants)]
        elif applied in WITH_CONSTANT:
            has_constant = applied is autograd.power or draw(st.booleans())
            arguments = [draw(nodes), *([draw(constants)] if has_constant else [])]
        elif isinstance(applied, Gate):
            arguments = [draw(references) for _ in applied.parameters]
        else:
            terms, has_start = draw(st.integers(1, 6)), applied.width > 1 and draw(st.booleans())
            arguments = [draw(references) for _ in range(applied.width * terms + has_start)]
        steps.append(Step(applied, tuple(arguments), draw(st.integers(0, 9)) > 0))
    tried("random functions compiled")
    return Recipe(inputs, parameters, tuple(steps))


def numbers() -> st.SearchStrategy[float]:
    """Numbers to cook with: short ones, any of ordinary size, and now and then the edges of the floats."""
    ordinary = st.one_of(st.sampled_from(NUMBERS), st.floats(-4.0, 4.0))
    return st.integers(0, 30).flatmap(lambda i: ordinary if i else st.sampled_from(EXTREME))
