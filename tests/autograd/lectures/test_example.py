"""How a worked example compares and shows itself."""

import pytest

from autograd.lectures import logistic, two_layer
from autograd.lectures.example import Comparison, Printed


def test_nodes_are_found_by_the_lectures_names() -> None:
    example = two_layer()
    assert example["w11(2)"].label == "w11(2)"
    with pytest.raises(KeyError, match="two-layer example has no 'g99'"):
        example["g99"]


@pytest.mark.parametrize(
    ("exact", "printed", "agrees"),
    [
        (-0.268941, "-0.27", True),
        (-0.264, "-0.27", False),
        (0.265, "0.27", True),
        (0.7314, "0.7323", False),
        (343.0, "343", True),
        (343.6, "343", False),
    ],
)
def test_a_printed_number_agrees_to_its_digits(exact: float, printed: str, agrees: bool) -> None:
    assert Comparison("x", exact, Printed("S3:1", "data", "x", printed)).agrees == agrees


def test_an_example_prints_title_remarks_numbers_and_errata() -> None:
    text = str(logistic())
    assert text.startswith("The logistic function")
    assert "vanishes" in text
    assert "∂L/∂g7              0.731059      0.73  S3:255\n" in text
    assert "w0 after the step  -2.999731   -2.9973  S3:336  erratum: a decimal place slipped" in text
    assert "Erratum: S3:336" in text
    assert repr(logistic()) == "<example logistic: The logistic function and its loss, for one sample>"


def test_a_notebook_shows_what_differs_and_folds_what_agrees() -> None:
    shown, folded = logistic()._repr_markdown_().split("<details><summary>19 of 22 printed numbers agree")
    assert "| w0 after the step | -2.999731 | -2.9973 | S3:336 | erratum: a decimal place slipped" in shown
    assert "| ∂L/∂g7 | 0.731059 | 0.73 | S3:255 |  |" in folded
    assert folded.count("**Erratum.**") == 2
