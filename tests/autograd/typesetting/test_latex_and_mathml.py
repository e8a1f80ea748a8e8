"""LaTeX and MathML, with labels that may be any text."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.typesetting.formulas import write
from autograd.typesetting.latex import Latex
from autograd.typesetting.mathml import MathML
from autograd.typesetting.notation import Notation
from autograd.typesetting.text import Text

# What LaTeX gives a meaning of its own outside commands, and none of which a label may bring in raw.
LATEX_ACTIVE = set("#$%&~")


@pytest.mark.parametrize(
    ("label", "latex"),
    [
        ("x", "x"),
        ("x1", "x_{1}"),
        ("g8", "g_{8}"),
        ("w11(2)", "w_{11}^{(2)}"),
        ("w_1", "w_{1}"),
        ("w1,2", "w_{1,2}"),
        ("w_hidden", r"w_{\mathrm{hidden}}"),
        ("W[1]", "W^{[1]}"),
        ("w₁", "w_{1}"),
        ("x²", "x^{2}"),
        ("ŷ", r"\hat{y}"),
        ("ŷ1", r"\hat{y}_{1}"),
        ("b'", r"b^{\prime}"),
        ("loss", r"\mathrm{loss}"),
        ("θ1", r"\theta_{1}"),
        ("log g8", r"\log g_{8}"),
        ("learning rate", r"\mathrm{learning}\ \mathrm{rate}"),
        ("50%", r"\text{50}\%"),
        (r"a\b{c}$_^~#&<|", r"\text{a}\backslash \text{b}\{\text{c}\}\$\_{\wedge}{\sim}\#\&{<}\vert "),
    ],
)
def test_labels_in_latex(label: str, latex: str) -> None:
    assert Latex().finished(Latex().name(label)) == latex


def test_labels_in_mathml() -> None:
    notation = MathML()
    assert notation.finished(notation.name("w11(2)")) == (
        '<math displaystyle="true"><msubsup><mi>w</mi><mn>11</mn><mtext>(2)</mtext></msubsup></math>'
    )
    assert notation.name("<b>&").written == "<mtext>&lt;b&gt;&amp;</mtext>"


@given(st.text(max_size=20))
def test_any_label_makes_well_formed_mathml(label: str) -> None:
    notation = MathML()
    product = notation.product(
        notation.name(label), notation.power(notation.name(label), notation.number(2.0))
    )
    ElementTree.fromstring(notation.finished(product))


@given(st.text(max_size=20))
def test_any_label_makes_latex_with_balanced_braces_and_nothing_active(label: str) -> None:
    written = Latex().power(Latex().name(label), Latex().number(2.0)).written
    depth = position = 0
    while position < len(written):
        if written[position] == "\\":
            position += 2
            continue
        assert written[position] not in LATEX_ACTIVE
        depth += {"{": 1, "}": -1}.get(written[position], 0)
        assert depth >= 0
        position += 1
    assert depth == 0


@pytest.mark.parametrize("notation", [Text(), Latex()])
def test_parentheses_stand_where_a_label_would_be_misread(notation: Notation) -> None:
    def written(label: str) -> str:
        return notation.product(notation.name(label), notation.name("x")).written

    assert written("a + b").startswith("(")
    assert written("log g8").startswith("(")
    assert not written("w11(2)").startswith("(")


def test_a_label_that_ends_above_is_parenthesised_before_a_power() -> None:
    assert Text().power(Text().name("w11(2)"), Text().number(2.0)).written == "(w11(2))²"
    assert (
        Latex().power(Latex().name("w11(2)"), Latex().number(2.0)).written == r"\left(w_{11}^{(2)}\right)^{2}"
    )


@pytest.mark.parametrize(
    ("notation", "written"),
    [
        (Text(), "∂y/∂(1st x)"),
        (Text(language="zh-TW"), "∂y/∂(第 1 個 x)"),
        (Latex(), r"\frac{\partial y}{\partial (\text{1st } x)}"),
    ],
)
def test_one_of_several_inputs_that_are_the_same(notation: Notation, written: str) -> None:
    y, x = notation.name("y"), notation.name("x")
    assert notation.finished(notation.derivative(y, notation.slot(1, x))) == written


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        (Text(language="zh-TW"), ("若", "否則", "且")),
        (Latex(language="zh-TW"), ("若", "其他情況", "且")),
        (MathML(language="zh-TW"), ("若", "其他情況", "且")),
    ],
)
def test_the_words_of_formulas_are_in_the_language_around_them(notation: Notation, words: tuple[str]) -> None:
    written = write("z if z > 0 and z < 1 else 0", {}, notation)
    assert all(word in written for word in words)
    assert not {"if", "else", "otherwise", "and"} & set(re.findall("[a-z]+", written)) - {"mtext"}
