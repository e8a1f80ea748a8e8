"""A thousand functions on which the gradient checker is itself checked.

Each function is tried with its right derivative, with one 0.1 % off, with the sign turned and
with the derivative left out. Two kinds of error are possible: to agree with a wrong gradient,
and to disagree with a right one. "Cannot be told" is neither, but is worth little.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import autograd
from autograd import (
    GateError,
    GradcheckWarning,
    GradientError,
    Value,
    cos,
    exp,
    gate,
    grad,
    log,
    maximum,
    power,
    relu,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
)
from autograd.derivatives.gradcheck import gradcheck
from nn.losses import sigmoid_cross_entropy, softmax_cross_entropy
from tests.gate_cases import GATE_CASES
from tests.random_graphs import CONSTANTS, Recipe, Step

Function = Callable[[Any], Any]

DERIVATIVES = {"right": 1.0, "0.1 % off": 1.001, "sign turned": -1.0, "left out": 0.0}


@dataclass(frozen=True)
class Case:
    """A function of one number, where it is checked, and what it is an example of."""

    family: str
    f: Function
    x: float
    sides: tuple[float, float] | None = None  # the slopes at a kink: any between them is right by convention


def spoilt(factor: float) -> autograd.Gate:
    """The identity, with a slope that is wrong unless the factor is 1."""

    @gate(symbol="spoilt", formula="x", local=("factor",))
    def spoilt(x: float) -> tuple[float, tuple[float, ...]]:
        return x, (factor,)

    return spoilt


def verdicts(case: Case) -> dict[str, str]:
    """What `gradcheck` says of each of the four derivatives, where they are different numbers."""
    right = grad(case.f)(case.x)
    found = {}
    for position, (derivative, factor) in enumerate(DERIVATIVES.items()):
        wrong = spoilt(factor)
        if factor != 1.0 and not is_wrong(right, factor * right, case):
            continue
        # Some go wrong at the input, some at the output.
        first = (hash(case.x) + position) % 2

        def f(x: Any, wrong: autograd.Gate = wrong, first: int = first) -> Any:
            return case.f(wrong(x)) if first else wrong(case.f(x))

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GradcheckWarning)
            try:
                report = gradcheck(f, case.x)
            except GradientError as error:
                report = error.report
        found[derivative] = report.rows[0].verdict
    return found


def is_wrong(right: float, claimed: float, case: Case) -> bool:
    """Whether a claimed slope is wrong by the standard that `gradcheck` states."""
    if right == 0.0 or not math.isfinite(right):
        return False
    if case.sides is not None:
        return not case.sides[0] <= claimed <= case.sides[1]
    if claimed == 0.0:  # counts as right if the slope is that small beside those nearby
        nearby = (case.x + sign * step for step in (1e-3, 1e-2, 0.1, 0.3, 1.0) for sign in (1, -1))
        return abs(right) > 1e-12 * max(abs(_slope(case.f, x)) for x in nearby)
    return True


def _slope(f: Function, x: float) -> float:
    try:
        return grad(f)(x)
    except GateError:
        return 0.0


# ── the functions ───────────────────────────────────────────────────────────────────────


def at(points: Sequence[float], family: str, *functions: Function) -> Iterator[Case]:
    for f in functions:
        for x in points:
            yield Case(family, f, x)


def powers_of_ten(*exponents: int) -> list[float]:
    return [sign * float(f"1e{exponent}") for exponent in exponents for sign in (1, -1)]


def periodic() -> Iterator[Case]:
    points = (0.0, 0.1, 0.25, 0.3, 0.5, 0.7, 1.0, -2.0, 1e-3, 30.0)
    for frequency in (1.0, 2 * math.pi, 10.0, 32 * math.pi, 1e3, 256 * math.pi, 1e6, 2**20 * math.pi, 1e9):
        yield from at(
            points, "periodic", lambda x, k=frequency: sin(x * k), lambda x, k=frequency: cos(x * k) * x + x
        )


def small_waves() -> Iterator[Case]:
    waves = ((1e-3, 1e6), (1e-6, 1e8), (1e-8, 1e10), (1e-10, 1e12), (1e-3, 1e3), (1e-2, 1e9))
    for height, frequency in waves:
        yield from at(
            (0.0, 0.3, 1.0, -0.7, 5.0, 0.01),
            "small waves",
            lambda x, a=height, k=frequency: x + a * sin(k * x),
            lambda x, a=height, k=frequency: exp(-x * x) + a * cos(k * x),
        )


def confident() -> Iterator[Case]:
    sizes = (1.0, 2.5, 5.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 35.0, 38.0, 45.0, 100.0, 700.0)
    logits = (0.0, *sizes, *(-z for z in sizes))
    yield from at(
        logits,
        "confident losses",
        lambda z: softmax_cross_entropy([z, 0.0], 0),
        lambda z: softmax_cross_entropy([0.5, z, -1.0], 1),
        lambda z: sigmoid_cross_entropy(z, 1),
        lambda z: softplus(-z),
        lambda w: softmax_cross_entropy([w * 1.5 + 0.1, -w * 0.7], 0),
    )
    yield from at([z for z in logits if abs(z) < 36], "confident losses", lambda z: -log(sigmoid(z)))


def poles() -> Iterator[Case]:
    near = powers_of_ten(-1, -2, -3, -5, -8, -12, -30)
    yield from at(near, "poles", lambda x: 1 / x, lambda x: 1 / x**2, lambda x: sin(x) / x**2)
    yield from at([1.0 + x for x in near[:-4]], "poles", lambda x: 1 / (x - 1.0), lambda x: log(abs(x - 1.0)))
    yield from at([x for x in near if x > 0], "poles", log, lambda x: sqrt(x), lambda x: power(x, -0.5))
    yield from at([math.pi / 2 + x for x in near[:-6]], "poles", lambda x: sin(x) / cos(x))


def kinks() -> Iterator[Case]:
    near = powers_of_ten(-1, -2, -3, -4, -6, -8, -10)
    yield from at(
        near, "beside kinks", relu, abs, lambda x: autograd.leaky_relu(x, 0.1), lambda x: x * abs(x)
    )
    yield from at(
        [1.0 + x for x in near],
        "beside kinks",
        lambda x: relu(x - 1.0) * 3.0 + x,
        lambda x: maximum(3.0 * x, x + 2.0),
        lambda x: relu(1.0 - x) + relu(x - 1.5) + 0.5 * x,
    )
    for f, x, *sides in (
        (relu, 0.0, 0.0, 1.0),
        (abs, 0.0, -1.0, 1.0),
        (autograd.leaky_relu, 0.0, 0.01, 1.0),
        (lambda x: x + abs(x), 0.0, 0.0, 2.0),
        (lambda x: maximum(x, -x), 0.0, -1.0, 1.0),
        (lambda x: maximum(3.0 * x, x + 2.0), 1.0, 1.0, 3.0),
        (lambda x: relu(x - 1e6) * 1e-6 + x, 1e6, 1.0, 1.000001),
    ):
        yield Case("at kinks", f, x, (sides[0], sides[1]))


def steep() -> Iterator[Case]:
    for k in (10.0, 1e2, 1e4, 1e6, 1e9):
        yield from at(
            (0.0, 0.1 / k, -1.0 / k, 3.0 / k, 0.5),
            "steep",
            lambda x, k=k: sigmoid(k * x),
            lambda x, k=k: tanh(k * x) + x,
            lambda x, k=k: softplus(k * x),
            lambda x, k=k: sqrt(1.0 + (k * x) ** 2),
        )
    yield from at((1.0, 5.0, 26.0, -20.0), "steep", lambda x: exp(x * x), lambda x: exp(exp(x / 5.0)))


def flat() -> Iterator[Case]:
    points = (0.0, 1e-3, 0.1, 2.0, -1.0, 20.0)
    yield from at(
        points,
        "flat",
        *(lambda x: x**5, lambda x: 1.0 + x**4, lambda x: tanh(x) ** 3, lambda x: cos(x) + 100),
        *(lambda x: 1.0 + x * 1e-8, lambda x: 1e-20 * sin(x), lambda x: (x - 2.0) ** 2 + 1.0),
        *(lambda x: relu(x - 50.0) + 1.0, lambda x: 0.0 * x + 3.0, lambda x: 1e6 + cos(x)),
        *(lambda x: (1.0 + x) - 1.0, lambda x: (x + 1e8) - 1e8, lambda x: (1e4 + x) ** 2),
    )


def huge_and_tiny() -> Iterator[Case]:
    inputs = powers_of_ten(3, 6, 12, 40, 100, -3, -6, -12, -40, -100, -300)
    growing = (lambda x: x * x, lambda x: x**3, lambda x: x * 3.0 + 1.0, abs)
    yield from at(inputs, "huge and tiny inputs", *growing, sigmoid, tanh)
    yield from at([x for x in inputs if abs(x) < 1e50], "huge and tiny inputs", lambda x: 1 / (1.0 + x * x))
    positive = [x for x in inputs if x > 0]
    yield from at(positive, "huge and tiny inputs", log, sqrt, lambda x: power(x, 1.5), lambda x: log(x) * x)


def random_compositions(count: int = 400) -> Iterator[Case]:
    rng = random.Random(0)
    found = 0
    while found < count:
        steps = tuple(random_step(rng, place) for place in range(rng.randint(2, 8)))
        x = rng.choice((rng.uniform(-3.0, 3.0), rng.gauss(0.0, 1.0) * 10.0 ** rng.randint(-6, 3)))

        def f(x: Any, steps: tuple[Step, ...] = steps) -> Any:
            return Recipe((), steps).values([x])[-1]

        try:
            y = f(Value(x))
            slope = grad(f)(x)
        except GateError:
            continue
        if math.isfinite(slope) and abs(y.data) < 1e12:
            found += 1
            yield Case("random compositions", f, x)


def random_step(rng: random.Random, last: int) -> Step:
    """A gate applied to the last number, and beside it to an earlier one or a constant if it takes two."""
    gate = rng.choice([case.gate for case in GATE_CASES if len(case.gate.parameters) < 3])
    if gate.name in CONSTANTS:
        return Step(gate, (last, rng.choice(CONSTANTS[gate.name])))
    if len(gate.local) == 2:
        return Step(gate, (last, rng.uniform(-2.0, 2.0) if rng.random() < 0.3 else rng.randint(0, last)))
    return Step(gate, (last,))


FAMILIES = (periodic, small_waves, confident, poles, kinks, steep, flat, huge_and_tiny, random_compositions)


def corpus() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
