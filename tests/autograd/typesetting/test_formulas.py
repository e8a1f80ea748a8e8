"""Formulas read from Python's notation and written for people."""

import xml.etree.ElementTree as ElementTree

import pytest

from autograd import gates
from autograd.declaration import Gate
from autograd.typesetting.formulas import latex, text, write
from autograd.typesetting.gate_formulas import put_in
from autograd.typesetting.mathml import MathML

GATES = [gate for gate in vars(gates).values() if isinstance(gate, Gate)]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_every_formula_can_be_written_with_names_and_with_numbers(gate: Gate) -> None:
    names = dict(zip(gate.parameters, ("g7", "w11(2)", "x"), strict=False))
    numbers = dict(zip(gate.parameters, (-2.0, 0.25, 1.5), strict=False))
    for formula in (gate.formula, *gate.local):
        for arguments in (names, numbers):
            assert not set("*_\\") & set(text(formula, arguments))
            ElementTree.fromstring(write(formula, arguments, MathML()))
            assert latex(formula, arguments).count("{") == latex(formula, arguments).count("}")


@pytest.mark.parametrize(
    ("formula", "arguments", "written"),
    [
        ("exp(x)", {"x": "g5"}, "e^g5"),
        ("exp(x)", {"x": -1.0}, "e^-1"),
        ("exp(-z)", {}, "e^-z"),
        ("-log(x)", {"x": 0.7310586}, "-log 0.7311"),
        ("log(1 + exp(z))", {"z": "z"}, "log(1 + e^z)"),
        ("a*b", {"a": 2.0, "b": -1.0}, "2 × -1"),
        ("a*b", {"a": 2.0, "b": "x"}, "2·x"),
        ("a*b", {"a": "x", "b": 2.0}, "x × 2"),
        ("a + b", {"a": -3.0, "b": -2.0}, "-3 + (-2)"),
        ("a - b", {"a": 1.0, "b": -3.0}, "1 - (-3)"),
        ("-x", {"x": -2.0}, "-(-2)"),
        ("1/b", {"b": -2.0}, "1/(-2)"),
        ("x**2", {"x": -2.0}, "(-2)²"),
        ("x**n", {"n": -1.0}, "x⁻¹"),
        ("a**(b - 1)", {}, "a^(b - 1)"),
        ("a**b**c", {}, "a^(b^c)"),
        ("1/(2*sqrt(x))", {}, "1/(2·√x)"),
        ("sqrt(a + b)", {}, "√(a + b)"),
        ("abs(x)", {"x": -2.0}, "|-2|"),
        ("a - (b - c)", {}, "a - (b - c)"),
        ("a/(b*c)", {}, "a/(b·c)"),
        ("a/b*c", {}, "(a/b)·c"),
        ("log(x)*y", {}, "(log x)·y"),
        ("a*log(x)", {}, "a·log x"),
        ("z if z >= 0 else alpha*z", {"alpha": 0.01}, "z if z ≥ 0, else 0.01·z"),
        ("z if z >= 0 else alpha*z", {}, "z if z ≥ 0, else α·z"),
        ("a if x > 0 and y < 1 else b if x == 0 else c", {}, "a if x > 0 and y < 1, b if x = 0, else c"),
        ("2*(1 if z > 0 else 0)", {}, "2·(1 if z > 0, else 0)"),
        ("math.exp(x) + math.pi", {}, "e^x + π"),
        ("swish(x, beta)", {}, "swish(x, β)"),
    ],
)
def test_text(formula: str, arguments: dict[str, str | float], written: str) -> None:
    assert text(formula, arguments) == written


@pytest.mark.parametrize(
    ("formula", "arguments", "written"),
    [
        ("exp(-z)", {}, "e^{-z}"),
        ("a*b", {"a": 2.0, "b": -1.0}, r"2 \times -1"),
        ("sigmoid(z)*(1 - sigmoid(z))", {}, r"\sigma(z) (1 - \sigma(z))"),
        ("max(a, b)", {}, r"\max(a, b)"),
        ("sign(x)", {}, r"\operatorname{sign}(x)"),
        ("x*1e-9", {}, r"x \times 1 \times 10^{-9}"),
        ("z if z>0 else 0", {}, r"\begin{cases} z & \text{if } {z > 0} \\ 0 & \text{otherwise} \end{cases}"),
        ("(1/x)**2", {}, r"\left(\frac{1}{x}\right)^{2}"),
    ],
)
def test_latex(formula: str, arguments: dict[str, str | float], written: str) -> None:
    assert latex(formula, arguments) == written


def test_mathml() -> None:
    assert write("a - b", {"a": "g8", "b": -1.0}, MathML()) == (
        '<math displaystyle="true"><mrow><msub><mi>g</mi><mn>8</mn></msub><mo>−</mo>'
        '<mrow><mo>(</mo><mrow><mo form="prefix">−</mo><mn>1</mn></mrow><mo>)</mo></mrow></mrow></math>'
    )
    assert "<mtable>" in write("1 if z > 0 else 0", {}, MathML())


@pytest.mark.parametrize("formula", ["Σ w·x", "x +", "[x for x in y]", "f(x=1)", "'x'", ""])
def test_a_formula_that_is_not_pythons_arithmetic_is_shown_as_it_stands(formula: str) -> None:
    assert text(formula) == formula
    assert put_in(formula, {"x": 2.0}) == formula
    ElementTree.fromstring(write(formula, {}, MathML()))
