"""Mathematics in plain text."""

from autograd.typesetting.text import Text


def test_labels_in_text_stay_as_they_are() -> None:
    assert Text().name("w11(2)").written == "w11(2)"


def test_the_chain_rule_as_a_lecture_prints_it() -> None:
    text = Text()
    loss, g7, g8 = map(text.name, ("L", "g7", "g8"))
    equation = text.equation(
        text.derivative(loss, g7),
        text.times(text.derivative(loss, g8), text.derivative(g8, g7)),
        text.times(text.number(-1.3678794), text.number(-0.5344466)),
        text.number(0.7310586),
    )
    assert text.finished(equation) == "∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311"


def test_a_derivative_of_a_label_of_several_words() -> None:
    assert Text().derivative(Text().name("L"), Text().name("log g8")).written == "∂L/∂(log g8)"
