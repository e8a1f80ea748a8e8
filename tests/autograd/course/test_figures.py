"""The figures of the course: every kind of panel draws, and a missing matplotlib is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograd.course import (
    Contours,
    Curves,
    Decision,
    Dots,
    Histogram,
    Image,
    Letters,
    Looks,
    Net,
    figures,
    show,
)

pyplot = pytest.importorskip("matplotlib.pyplot")


def bowl(x: Any, y: Any) -> Any:
    return x * x + y * y


PANELS = {
    "curves": Curves(
        [1, 2, 4],
        {"z": [1, 2, 4], "z², as far as it goes": [1, 4]},
        behind={"8": [8, 8, 8]},
        points={"one": (1, 1)},
        at={"x": 2, "y": 3},
        log="xy",
        marks=True,
        ticks=[1, 2, 4],
        title="Two powers",
    ),
    "dots": Dots({"fast": 0.01, "slow": 100.0}, xlabel="ms"),
    "contours": Contours(
        bowl,
        ((-1, 1), (-2, 2)),
        [0.5, 2],
        path=[(1, 1), (0.5, 0.5)],
        minimum=(0, 0),
        arrows={"down": (0, -1)},
    ),
    "decision": Decision(lambda points: [x + y for x, y in points], [[-1, 0], [1, 0], [0, 1]], [0, 1, 1]),
    "ink": Image([[0, 1], [2, 3]], title="a picture"),
    "signed": Image([[0.0, -1.0], [9.0, 1.0]], look="signed", crossed=[[0, 0], [1, 0]], bar="slope"),
    "heat": Image([[0.0, 1.0]], look="heat", xlabel="sample", ylabel="unit", bar="output", size=(4, 3)),
    "histogram": Histogram([0.1, 0.2, 0.9], [0, 0.5, 1]),
    "net": Net([[(0, 0), (1, 1)]], (0, 0), {"step": (0.5, 0)}),
}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The figures that were shown."""
    figures_shown: list[Any] = []
    pyplot.switch_backend("agg")
    monkeypatch.setattr(pyplot, "show", lambda: figures_shown.append(pyplot.gcf()))
    yield figures_shown
    pyplot.close("all")


@pytest.mark.parametrize("kind", PANELS)
def test_every_kind_of_panel_is_drawn(kind: str, drawn: list[Any]) -> None:
    show(PANELS[kind])
    (figure,) = drawn
    figure.canvas.draw()
    assert figure.axes[0].get_title() == PANELS[kind].title


def test_panels_with_the_same_names_share_a_legend(drawn: list[Any]) -> None:
    same, other = (Curves([0, 1], {"a": [0, 1], "b": [1, 0]}), Curves([0, 1], {"a": [0, 1], "c": [1, 0]}))
    show(same, same)
    show(same, other)
    together, apart = drawn
    assert [len(f.legends) for f in (together, apart)] == [1, 0]
    assert [axes.get_legend() is None for axes in together.axes] == [True, True]
    assert [axes.get_legend() is None for axes in apart.axes] == [False, False]


def test_a_crossed_square_does_not_set_the_scale(drawn: list[Any]) -> None:
    show(PANELS["signed"])
    (figure,) = drawn
    assert figure.axes[0].images[0].get_clim() == (-1.0, 1.0)


def test_where_matplotlib_is_missing_a_sentence_says_which_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda name: None)
    show(PANELS["curves"], PANELS["ink"])
    assert (
        capsys.readouterr().out == "A figure is missing here (Two powers; a picture): it needs matplotlib.\n"
    )


def test_letters_stand_at_their_places(drawn: list[Any]) -> None:
    places = {"a": (0.0, 1.0), "b": (2.0, -3.0)}
    show(Letters(places, marked="a"))
    (axes,) = drawn[0].axes
    assert {text.get_text(): text.xy for text in axes.texts} == places
    assert [text.get_fontweight() for text in axes.texts] == ["bold", "normal"]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert left < 0.0 < 2.0 < right
    assert low < -3.0 < 1.0 < high


def test_large_weights_are_written_in_their_squares(drawn: list[Any]) -> None:
    show(Looks("ab", [[1.0, 0.0], [0.75, 0.25]]))
    (axes,) = drawn[0].axes
    assert {text.get_text(): text.get_position() for text in axes.texts} == {"1.0": (0, 0), "0.8": (0, 1)}
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b"]
    assert axes.images[0].get_array().tolist() == [[1.0, 0.0], [0.75, 0.25]]
