"""Whether the formulas of the gates are true, and how they read in their places."""

import itertools
import math

import pytest

from autograd import dot, gates, logsumexp, total
from autograd.declaration import ARITHMETIC_ERRORS, Gate
from autograd.fused import FusedGate
from autograd.typesetting.formulas import latex, text
from autograd.typesetting.gate_formulas import formulas_of, on_a_boundary, put_in

GATES = [gate for gate in vars(gates).values() if isinstance(gate, Gate)]


# What the names in formulas mean, independently of the gates.
MEANINGS = vars(math) | {
    "abs": abs,
    "max": max,
    "min": min,
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z)),
}


def evaluated(formula: str, numbers: dict[str, float]) -> float:
    return float(eval(formula, {"__builtins__": {}}, MEANINGS | numbers))


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_the_formulas_of_every_gate_are_what_its_function_computes(gate: Gate) -> None:
    checked = 0
    for arguments in itertools.product(
        (-2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.5, 4.0), repeat=len(gate.parameters)
    ):
        numbers = dict(zip(gate.parameters, arguments, strict=True))
        try:
            output, local_grads = gate.function(*arguments)
        except ARITHMETIC_ERRORS:
            continue  # outside the gate's domain
        assert evaluated(gate.formula, numbers) == pytest.approx(output, rel=1e-12, abs=1e-15)
        for formula, local in zip(gate.local, local_grads, strict=True):
            try:
                slope = evaluated(formula, numbers)
            except ARITHMETIC_ERRORS:
                assert gate.convention, f"{gate.name}{arguments}: no formula, and no convention either"
            else:
                assert slope == pytest.approx(local, rel=1e-12, abs=1e-15)
                checked += 1
    assert checked >= 3


@pytest.mark.parametrize(("gate", "count"), [(dot, 4), (dot, 5), (total, 3), (logsumexp, 3)])
def test_the_formulas_of_fused_gates_are_what_their_function_computes(gate: FusedGate, count: int) -> None:
    arguments = (1.5, -2.0, 0.5, 3.0, -0.25)[:count]
    formulas = formulas_of(gate, count)
    numbers = dict(zip(formulas.parameters, arguments, strict=True))
    output, local_grads = gate.function(*arguments)
    assert evaluated(formulas.output, numbers) == pytest.approx(output, rel=1e-12)
    assert [evaluated(x, numbers) for x in formulas.local] == pytest.approx(list(local_grads), rel=1e-12)


def test_a_long_sum_is_shortened_in_its_middle() -> None:
    names = {f"p{i}": f"x{i}" for i in range(100)}
    formulas = formulas_of(total, 100)
    assert text(formulas.output, names) == "x0 + x1 + x2 + … + x99"
    assert latex(formulas.output, names) == r"x_{0} + x_{1} + x_{2} + \cdots + x_{99}"
    assert len(formulas.local) == 100


@pytest.mark.parametrize(
    ("formula", "constants", "result"),
    [
        ("exponent*x**(exponent - 1)", {"exponent": 3.0}, "3 * x ** 2"),
        ("exponent*x**(exponent - 1)", {"exponent": 2.0}, "2 * x"),
        ("exponent*x**(exponent - 1)", {"exponent": -1.0}, "-1 * x ** (-2)"),
        ("-a/b**2", {"a": -2.0}, "2 / b ** 2"),
        ("a*b", {"a": 2.5}, "2.5 * b"),
    ],
)
def test_constants_are_put_in_and_bare_sums_worked_out(formula: str, constants: dict, result: str) -> None:
    assert put_in(formula, constants) == result


def test_where_a_formula_passes_from_one_case_to_the_next() -> None:
    assert on_a_boundary("1 if z > 0 else 0", {"z": 0.0})
    assert not on_a_boundary("1 if z > 0 else 0", {"z": -0.5})
    assert on_a_boundary("1 if a >= b else 0", {"a": 2.0, "b": 2.0})
    assert on_a_boundary("1 if 0 >= b else 0", {"b": 0.0})
    assert on_a_boundary("sign(x)", {"x": 0.0})
    assert not on_a_boundary("sign(x)", {"x": 1.0})
    assert not on_a_boundary("a + b", {"a": 1.0, "b": 1.0})
    assert not on_a_boundary("prose, not a formula", {})
