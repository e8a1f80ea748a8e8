"""What every bridge is tried on: programs, gates and random functions, against the eager engine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import nn
from autograd import GateError, Program, Value, choose, dot, gate, logsumexp, total
from autograd.bridges.parameter_arrays import arrays_of_program
from autograd.recording.tracing import record
from autograd.shapes import flat
from autograd.value import gate_order
from tests.gate_cases import GATE_CASES, GateCase, Point
from tests.random_programs import numbers, recipes

NEAR = 1e-10


def program_of(function: Any, *example: Any) -> Program:
    return Program(record(function, *example))


@dataclass(frozen=True)
class Case:
    """A function, the samples that it is tried on, and the model that its parameters belong to."""

    function: Callable[..., Any]
    samples: Sequence[tuple[Any, ...]]
    model: Any = None


def answers_of(case: GateCase) -> list[tuple[Point, tuple[float, Point]]]:
    """The points of a gate's table, constants included, with its output and local gradients there."""
    answers = []
    for point in case.points:
        named = case.gate.__signature__.bind(*point)
        named.apply_defaults()
        with suppress(ValueError, ArithmeticError):  # which the gate refuses
            answers.append((named.args, case.gate.function(*named.args)))
    return answers


def values_of(thing: Any) -> Any:
    return [values_of(x) for x in thing] if isinstance(thing, (list, tuple)) else Value(thing)


# ── programs ────────────────────────────────────────────────────────────────────────────

rng = random.Random(0)


def normal(count: int) -> list[float]:
    return [rng.gauss(0.0, 1.0) for _ in range(count)]


def moons() -> Case:
    X, y = nn.moons(30, noise=0.1, rng=0, labels=(-1, 1))
    model = nn.MLP(2, [16, 16, 1], rng=0)
    return Case(lambda x, t: nn.hinge(model(x), t), list(zip(X, map(float, y), strict=True)), model)


def classifier(activation: str) -> Case:
    model = nn.MLP(3, [5, 4, 3], activation, rng=1)
    samples = [(normal(3), float(i % 3)) for i in range(7)]
    return Case(lambda x, t: nn.softmax_cross_entropy(model(x), t), samples, model)


def recurrent() -> Case:
    """One matrix, multiplied with the states of all steps in turn, written out in + and ×."""
    w = [[Value(x, f"w.{i}.{j}") for j, x in enumerate(normal(3))] for i in range(3)]

    def loss(word: Sequence[Any]) -> Any:
        state: list[Any] = list(word[:3])
        for x in word[3:]:
            state = [(row[0] * state[0] + row[1] * state[1] + row[2] * state[2] + x).tanh() for row in w]
        return total([h * h for h in state])

    return Case(loss, [(normal(6),) for _ in range(5)])


def attention() -> Case:
    """Products of what differs between samples, sums of different lengths, a table to choose from."""
    table = nn.Embedding(4, 3, rng=0)

    def loss(tokens: Sequence[Any]) -> Any:
        rows = [table(token) for token in tokens]
        read = []
        for i, row in enumerate(rows):
            shares = nn.softmax([dot(row, other) for other in rows[: i + 1]])
            read.append(total([s * other[0] for s, other in zip(shares, rows, strict=False)]))
        return logsumexp(read) - dot(read, [1.0, 2.0, -1.0], rows[0][1])

    return Case(loss, [([0.0, 3.0, 1.0],), ([2.0, 2.0, 2.0],), ([3.0, 0.0, 1.0],)], table)


def confident() -> Case:
    """Logits whose exponentials no float holds."""
    w = Value(1.0, "w")
    return Case(lambda x: logsumexp([w * x, x, -x]), [(1000.0,), (-2000.0,)])


def penalized() -> Case:
    """A part that all samples share."""
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    samples = [(normal(2), x) for x in normal(4)]
    return Case(lambda x, t: nn.squared_error(model(x), t) + nn.l2_penalty(model, 0.1, n=4), samples, model)


HALF = 0.5


def steep(z: float) -> float:
    return HALF * z if z > 0.0 else -z


@gate(symbol="own", formula="…", local=("…", "…"))
def own(a: float, v1: float, scale: float = 2.0) -> Any:
    """A gate with a helper, a loop, cases that return, a variable that only one case changes, and a tie."""
    size, sign = steep(a), 1.0
    for i in range(2):
        size += v1 * v1 * i
    if v1 < 0.0 or not a <= 3.0:
        sign = -scale
    elif v1 == 0.0:
        return 0.0, (0.0, 1.0)
    slope = HALF if a > 0.0 else -1.0
    return sign * math.log1p(size), (sign * slope / (1.0 + size), sign * 2.0 * v1 / (1.0 + size))


LEDGER: list[float] = []


@gate(symbol="x³", formula="x**3", local=("3*x**2",))
def with_a_ledger(x: float) -> Any:
    """A gate whose function no translation reads: it goes by its formulas."""
    LEDGER.append(x)
    return x**3, (3.0 * x**2,)


def gates_of_ones_own() -> Case:
    a, b = Value(0.7, "a"), Value(-0.4, "b")
    samples = [(x, y) for x in (-1.0, 0.0, 5.0) for y in (-2.0, 0.0, 1.5)]
    return Case(lambda x, y: own(a * x, b * y) + with_a_ledger(b - x) + own(a, y, 3.0), samples)


def kinks() -> Case:
    """Every tie and kink at once: the gradient goes where the table of gates says."""
    w, zero = Value(1.0, "w"), Value(0.0, "zero")

    def loss(x: Any) -> Any:
        z = w * x
        return total(
            [z.relu(), abs(z), nn.leaky_relu(z), nn.hardtanh(z), *([nn.maxout([z, w * x])] * 2), zero.relu()]
        ) + dot([zero.sqrt(), zero], [0.0, x])

    return Case(loss, [(0.0,), (1.0,), (-1.0,)])


PROGRAMS = (moons, recurrent, attention, confident, penalized, gates_of_ones_own, kinks)
CASES: dict[str, Callable[[], Case]] = {
    **{make.__name__: make for make in PROGRAMS},
    **{activation: partial(classifier, activation) for activation in ("maxout", "softmax")},
}


# ── tests ───────────────────────────────────────────────────────────────────────────────


class BridgeTests:
    """The tests of every bridge, which says how it differentiates; a batch is given input by input."""

    smallest = 0.0
    """Numbers that are smaller are 0 there, and so are the reciprocals of the largest."""
    numbers = numbers()
    """What random functions are tried on."""

    def gradients(self, program: Program, model: Any, batch: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
        """The outputs, and the gradients of their mean by the parameters' names there."""
        raise NotImplementedError

    def slopes(self, program: Program, batch: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """The outputs, and for each input the gradients of their sum."""
        raise NotImplementedError

    def check(self, case: Case, program: Program) -> None:
        """Compare outputs and gradients with those of the eager engine."""
        batch = [list(column) for column in zip(*case.samples, strict=True)]
        outputs, found = self.gradients(program, case.model, batch)
        losses = [case.function(*values_of(sample)) for sample in case.samples]
        mean = total([Value(0.0), *losses]) * (1.0 / len(losses))
        for parameter in program.parameters:
            parameter.grad = 0.0
        mean.backward()
        largest = 1.0  # of the numbers and contributions that rounding errors come from
        for node in gate_order(mean):
            terms = (node.data, *(local * node.grad for local in node.local_grads))
            largest = max([largest, *filter(math.isfinite, map(abs, terms))])
        near = {"rel": NEAR, "abs": NEAR * largest, "nan_ok": True}
        expected = [getattr(loss, "data", loss) for loss in losses]
        assert flat(outputs.tolist(), "outputs") == pytest.approx(expected, **near)
        for array in arrays_of_program(program.recording, case.model):
            gradients = flat(found[array.name].tolist(), array.name)
            assert gradients == pytest.approx([parameter.grad for parameter in array.parameters], **near)

    @pytest.mark.parametrize("make", CASES.values(), ids=CASES)
    def test_outputs_and_gradients(self, make: Callable[[], Case]) -> None:
        case = make()
        self.check(case, program_of(case.function, *case.samples[0]))

    @pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
    def test_every_gate_at_every_point_of_its_table(self, case: GateCase) -> None:
        """All points in one batch: ordinary ones, extremes, kinks and ties."""
        count = len(case.gate.local)
        answers = [
            (point, answer)
            for point, answer in answers_of(case)
            if not any(0.0 < abs(x) < self.smallest or abs(x) * self.smallest > 1.0 for x in point)
        ]
        for constants in {point[count:] for point, _ in answers}:
            rows = [(point, answer) for point, answer in answers if point[count:] == constants]
            program = program_of(lambda *x, c=constants: case.gate(*x, *c), *rows[0][0][:count])
            batch = list(zip(*(point for point, _ in rows), strict=True))[:count]
            outputs, slopes = self.slopes(program, batch)
            found = zip(*(array.tolist() for array in (outputs, *slopes)), strict=True)
            for (point, (expected, local)), answer in zip(rows, found, strict=True):
                near = pytest.approx((expected, *local), rel=NEAR, abs=1e-300, nan_ok=True)
                assert answer == near, point

    def test_an_index_that_is_no_place_gives_nan(self) -> None:
        values = [Value(2.0, "a"), Value(3.0, "b")]
        program = program_of(lambda i: choose(i, values), 0.0)
        outputs, _ = self.gradients(program, None, [[0.0, 1.0, -1.0, 2.0, 0.5]])
        nan = math.nan
        assert outputs.tolist() == pytest.approx([2.0, 3.0, nan, nan, nan], nan_ok=True)

    def test_a_sum_of_products_whose_start_alone_differs_from_sample_to_sample(self) -> None:
        p = Value(3.0, "p")
        program = program_of(lambda x: dot([p, p], [p, p], x), 0.0)
        outputs, _ = self.gradients(program, None, [[5.0, 7.0]])
        assert outputs.tolist() == [23.0, 25.0]

    @given(st.data())
    def test_random_programs(self, data: st.DataObject) -> None:
        recipe = data.draw(recipes())
        row = st.tuples(*[self.numbers] * recipe.inputs)
        samples = data.draw(st.lists(row, min_size=3, max_size=3)) if recipe.inputs else [()]
        parameters = [Value(data.draw(self.numbers), f"p{i}") for i in range(recipe.parameters)]

        def function(*inputs: Any) -> Any:
            return recipe.cook(inputs, parameters, [recipe.size - 1])[0]

        try:
            program = program_of(function, *[0.7, -1.3, 0.4][: recipe.inputs])
            total([Value(0.0), *(function(*values_of(sample)) for sample in samples)]).backward()
        except GateError:  # outside the domain of a gate, or not finite
            assume(False)
        self.check(Case(function, samples), program)
