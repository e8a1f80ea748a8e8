"""Panels of letters: where they lie in the plane, and how much each looks at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.course.figures import COLORS


@dataclass(frozen=True)
class Letters:
    """Letters in the plane, each at its place; the `marked` ones are bold and orange."""

    places: Mapping[str, tuple[float, float]]
    marked: str = ""
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    size: tuple[float, float] = (7.0, 4.4)

    def draw(self, axes: Any) -> None:
        axes.plot(*zip(*self.places.values(), strict=True), " ")  # which sets the limits
        axes.margins(0.08)
        for letter, place in self.places.items():
            bold = letter in self.marked
            look = {"color": COLORS[1], "fontweight": "bold"} if bold else {"color": "black"}
            axes.annotate(letter, place, ha="center", va="center", fontsize=16, **look)
        axes.set(xlabel=self.xlabel, ylabel=self.ylabel)


@dataclass(frozen=True)
class Looks:
    """Weights in rows, one for each letter that looks, and columns, the letters it looks at.

    The darker a square the larger its weight; those from `least` on show it.
    """

    letters: Sequence[str]
    weights: Sequence[Sequence[float]]
    title: str = ""
    least: float = 0.3
    size: tuple[float, float] = (4.8, 4.4)

    def draw(self, axes: Any) -> None:
        axes.imshow(self.weights, cmap="Blues", vmin=0.0, vmax=1.0)
        for row, weights in enumerate(self.weights):
            for column, weight in enumerate(weights):
                if weight >= self.least:
                    ink = "white" if weight > 0.6 else "black"
                    axes.text(column, row, f"{weight:.1f}", color=ink, ha="center", va="center", fontsize=10)
        places = range(len(self.letters))
        axes.set_xticks(places, self.letters)
        axes.set_yticks(places, self.letters)
        axes.set(xlabel="is looked at", ylabel="looks")
        axes.tick_params(length=0)
        axes.grid(visible=False)
