"""The panels of letters: every letter stands at its place, every weight that counts is written."""

import pytest

from autograd.course import Letters, Looks


@pytest.fixture
def axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    yield axes
    pyplot.close(figure)


def test_letters_stand_at_their_places(axes):
    places = {"a": (0.0, 1.0), "b": (2.0, -3.0)}
    Letters(places, marked="a").draw(axes)
    assert {text.get_text(): text.xy for text in axes.texts} == places
    assert [text.get_fontweight() for text in axes.texts] == ["bold", "normal"]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert left < 0.0 < 2.0 < right
    assert low < -3.0 < 1.0 < high


def test_large_weights_are_written_in_their_squares(axes):
    Looks("ab", [[1.0, 0.0], [0.75, 0.25]], least=0.3).draw(axes)
    assert {text.get_text(): text.get_position() for text in axes.texts} == {"1.0": (0, 0), "0.8": (0, 1)}
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b"]
    assert axes.images[0].get_array().tolist() == [[1.0, 0.0], [0.75, 0.25]]
