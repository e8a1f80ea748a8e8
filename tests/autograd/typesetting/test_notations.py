"""The three notations, with labels that may be any text."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.typesetting.formulas import write
from autograd.typesetting.latex import Latex
from autograd.typesetting.mathml import MathML
from autograd.typesetting.notation import Notation
from autograd.typesetting.text import Text

TEXT, LATEX, MATHML = Text(), Latex(), MathML()

LATEX_ACTIVE = set("#$%&~")
"""What has a meaning of its own outside commands: a label brings none of it in raw."""


IN_LATEX = [
    ("x", "x"), ("x1", "x_{1}"), ("w11(2)", "w_{11}^{(2)}"), ("w1,2", "w_{1,2}"),
    ("w_hidden", r"w_{\mathrm{hidden}}"), ("W[1]", "W^{[1]}"), ("w₁", "w_{1}"), ("x²", "x^{2}"),
    ("ŷ", r"\hat{y}"), ("b'", r"b^{\prime}"), ("loss", r"\mathrm{loss}"), ("θ1", r"\theta_{1}"),
    ("log g8", r"\log g_{8}"), ("learning rate", r"\mathrm{learning}\ \mathrm{rate}"),
    ("50%", r"\text{50}\%"),
    (r"a\b{c}$_^~#&<|", r"\text{a}\backslash \text{b}\{\text{c}\}\$\_{\wedge}{\sim}\#\&{<}\vert "),
]  # fmt: skip


@pytest.mark.parametrize(("label", "latex"), IN_LATEX)
def test_labels_in_latex(label: str, latex: str) -> None:
    assert LATEX.name(label).written == latex


def test_labels_in_mathml() -> None:
    assert MATHML.finished(MATHML.name("w11(2)")) == (
        '<math displaystyle="true"><msubsup><mi>w</mi><mn>11</mn><mtext>(2)</mtext></msubsup></math>'
    )
    assert MATHML.name("<b>&").written == "<mtext>&lt;b&gt;&amp;</mtext>"


@settings(max_examples=50)
@given(st.text(max_size=20))
def test_any_label_makes_well_formed_mathml_and_latex_with_nothing_active(label: str) -> None:
    latex, mathml = (
        notation.power(notation.name(label), notation.number(2.0)) for notation in (LATEX, MATHML)
    )
    ElementTree.fromstring(MATHML.finished(mathml))
    bare = re.sub(r"\\.", "", latex.written)  # without what is escaped
    assert not LATEX_ACTIVE & set(bare)
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(c, 0) for c in bare))
    assert min(depths) >= 0 == depths[-1]


@pytest.mark.parametrize("notation", [TEXT, LATEX])
def test_parentheses_stand_where_a_label_would_be_misread(notation: Notation) -> None:
    products = [notation.product(notation.name(x), notation.name("x")) for x in ("a + b", "log g8", "w11(2)")]
    assert [product.written.startswith("(") for product in products] == [True, True, False]
    assert notation.finished(notation.power(notation.name("w11(2)"), notation.number(2.0))) in (
        "(w11(2))²",
        r"\left(w_{11}^{(2)}\right)^{2}",
    )


def test_the_chain_rule_as_a_lecture_prints_it() -> None:
    loss, g7, g8 = map(TEXT.name, ("L", "g7", "log g8"))
    equation = TEXT.equation(
        TEXT.derivative(loss, g7),
        TEXT.times(TEXT.derivative(loss, g8), TEXT.derivative(g8, g7)),
        TEXT.times(TEXT.number(-1.3678794), TEXT.number(-0.5344466)),
    )
    assert equation.written == "∂L/∂g7 = ∂L/∂(log g8) × ∂(log g8)/∂g7 = -1.3679 × -0.5344"


@pytest.mark.parametrize(
    ("notation", "written"),
    [
        (TEXT, "∂y/∂(1st x)"),
        (Text(language="zh-TW"), "∂y/∂(第 1 個 x)"),
        (LATEX, r"\frac{\partial y}{\partial (\text{1st } x)}"),
    ],
)
def test_one_of_several_inputs_that_are_the_same(notation: Notation, written: str) -> None:
    y, x = notation.name("y"), notation.name("x")
    assert notation.finished(notation.derivative(y, notation.slot(1, x))) == written


@pytest.mark.parametrize("kind", [Text, Latex, MathML])
def test_the_words_of_formulas_are_in_the_language_around_them(kind: type[Notation]) -> None:
    written = write("z if z > 0 and z < 1 else 0", {}, kind(language="zh-TW"))
    assert all(word in written for word in ("若", "否則" if kind is Text else "其他情況", "且"))
    assert not {"if", "else", "otherwise", "and"} & set(re.findall("[a-z]+", written))
