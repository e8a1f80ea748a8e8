"""Panels in two dimensions: a loss over two weights, a decision over two inputs, pictures, letters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from autograd.course.figures import COLORS, Panel


@dataclass(frozen=True)
class Contours(Panel):
    """The contours of a function of two numbers or grids, with what happens on them.

    window   ((x from, to), (y from, to))
    levels   along each of which the function has one value
    path     points one after the other, from the start on
    minimum  a point, starred
    arrows   from (0, 0), by their names
    equal    whether a unit is as long upwards as to the right
    """

    function: Callable[[Any, Any], Any]
    window: tuple[tuple[float, float], tuple[float, float]]
    levels: Sequence[float]
    _: KW_ONLY
    path: Sequence[Any] = ()
    minimum: tuple[float, float] | None = None
    arrows: Mapping[str, tuple[float, float]] | None = None
    xlabel: str = "w₁"
    ylabel: str = "w₂"
    equal: bool = False
    size: tuple[float, float] = (5.0, 3.4)

    def draw(self, axes: Any) -> None:
        import numpy as np

        x, y = np.meshgrid(*(np.linspace(*ends, 121) for ends in self.window))
        axes.contour(x, y, self.function(x, y), levels=self.levels, colors="0.6", linewidths=1)
        if len(self.path):
            marked = {"marker": "o", "markersize": 3.5} if len(self.path) < 100 else {}
            width = 1.2 if len(self.path) < 1500 else 0.5
            axes.plot(*zip(*self.path, strict=True), "-", color=COLORS[0], linewidth=width, **marked)
            axes.plot(*self.path[0], "s", color=COLORS[1], markersize=8, label="start")
        if self.minimum is not None:
            star = {"color": "white", "markeredgecolor": "k", "markersize": 14}
            axes.plot(*self.minimum, "*", label="minimum", **star)
        for (name, tip), color in zip((self.arrows or {}).items(), COLORS, strict=False):
            axes.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 2})
            axes.text(1.15 * tip[0], 1.15 * tip[1], name, color=color, ha="center")
        axes.set(xlim=self.window[0], ylim=self.window[1])
        axes.set_aspect("equal" if self.equal else "auto")
        axes.grid(visible=False)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(loc="lower right", fontsize=9, frameon=True, framealpha=1)


@dataclass(frozen=True)
class Decision(Panel):
    """Points of two classes, 0 and 1, and what a model says about every point of the plane.

    logits  a function of a list of points, a logit for each: p = ½ is drawn solid, 0.1 and 0.9 dashed
    """

    logits: Callable[[Any], Any]
    X: Sequence[Sequence[float]]
    y: Sequence[int]
    _: KW_ONLY
    xlabel: str = "x₁"
    ylabel: str = "x₂"
    size: tuple[float, float] = (5.0, 3.8)

    def draw(self, axes: Any) -> None:
        import numpy as np

        ends = [(min(along) - 0.3, max(along) + 0.3) for along in zip(*self.X, strict=True)]
        x1, x2 = np.meshgrid(*(np.linspace(*pair, 60) for pair in ends))
        points = [list(point) for point in zip(x1.ravel(), x2.ravel(), strict=True)]
        logits = np.array(self.logits(points)).reshape(x1.shape)
        sure = math.log(9.0)  # p = 0.9
        shades = ["#fbd5b5", "#fdece0", "#e3eefa", "#b9d5f2"]
        axes.contourf(x1, x2, logits, levels=[-1e9, -sure, 0, sure, 1e9], colors=shades)
        axes.contour(x1, x2, logits, levels=[-sure, sure], colors="k", linewidths=0.8, linestyles="--")
        axes.contour(x1, x2, logits, levels=[0], colors="k", linewidths=2)
        for label, marker, color in ((0, "o", COLORS[1]), (1, "^", COLORS[0])):
            chosen = [x for x, is_one in zip(self.X, self.y, strict=True) if is_one == label]
            look = {"color": color, "markersize": 5, "mec": "k", "mew": 0.4}
            axes.plot(*zip(*chosen, strict=True), marker, label=f"class {label}", **look)
        axes.grid(visible=False)
        axes.legend(loc="lower left", fontsize=9, frameon=True)


@dataclass(frozen=True)
class Image(Panel):
    """Numbers in rows and columns, as squares.

    look     "ink", from white at 0 to black; "signed", orange below 0 and purple above; or "heat"
    crossed  squares that do not count, in rows like the numbers
    bar      what the colours mean, beside a bar of them
    """

    numbers: Sequence[Sequence[float]]
    _: KW_ONLY
    look: str = "ink"
    crossed: Sequence[Sequence[bool]] | None = None
    bar: str = ""
    size: tuple[float, float] = (1.25, 1.45)

    def draw(self, axes: Any) -> None:
        import numpy as np

        numbers = np.array(self.numbers)
        crossed = np.zeros(numbers.shape, bool) if self.crossed is None else np.array(self.crossed, bool)
        reach = abs(numbers[~crossed]).max()
        if self.look == "signed":
            image = axes.imshow(numbers, cmap="PuOr", vmin=-reach, vmax=reach)
        elif self.look == "heat":  # exactly 0 is white
            lit = np.ma.masked_equal(numbers, 0.0)
            image = axes.imshow(lit, cmap="cividis", vmin=0, vmax=reach, aspect="auto")
        else:
            image = axes.imshow(numbers, cmap="Greys")
        for row, column in zip(*crossed.nonzero(), strict=True):
            axes.text(column, row, "×", color="0.45", ha="center", va="center")
        if self.bar:
            if self.look == "signed":
                _draw_signs(axes, numbers, crossed, reach)
            axes.figure.colorbar(image, ax=axes, label=self.bar)
        if not self.xlabel:
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
        axes.grid(visible=False)


def _draw_signs(axes: Any, numbers: Any, crossed: Any, reach: float) -> None:
    for row, column in zip(*(~crossed & (abs(numbers) > 0.4 * reach)).nonzero(), strict=True):
        ink = "white" if abs(numbers[row, column]) > 0.75 * reach else "black"
        sign = "+" if numbers[row, column] > 0 else "−"
        axes.text(column, row, sign, color=ink, ha="center", va="center")


@dataclass(frozen=True)
class Histogram(Panel):
    """How many of the numbers fall between two edges: the shape alone, without counts."""

    numbers: Sequence[float]
    edges: Sequence[float]
    _: KW_ONLY
    size: tuple[float, float] = (1.9, 1.6)

    def draw(self, axes: Any) -> None:
        axes.hist(self.numbers, bins=self.edges, histtype="stepfilled", color="#a6c8ec", edgecolor=COLORS[0])
        axes.set(yticks=[])
        axes.grid(visible=False)


@dataclass(frozen=True)
class Net(Panel):
    """A net of lines in the plane, and steps from one of its points, by their names."""

    lines: Sequence[Sequence[Sequence[float]]]
    start: Sequence[float]
    steps: Mapping[str, Sequence[float]]
    _: KW_ONLY
    size: tuple[float, float] = (4.6, 4.0)

    def draw(self, axes: Any) -> None:
        for line in self.lines:
            axes.plot(*zip(*line, strict=True), color="0.8", linewidth=1)
        axes.plot(*self.start, "ko", zorder=4)
        scale = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.012, "zorder": 3}
        for (name, step), color in zip(self.steps.items(), COLORS, strict=False):
            axes.quiver(*self.start, *step, color=color, **scale)
            tip = [a + b for a, b in zip(self.start, step, strict=True)]
            axes.annotate(name, tip, (5, 4), textcoords="offset points", color=color)
        axes.set_aspect("equal")
        axes.grid(visible=False)


@dataclass(frozen=True)
class Letters(Panel):
    """Letters in the plane, each at its place; the `marked` ones are bold and orange."""

    places: Mapping[str, tuple[float, float]]
    _: KW_ONLY
    marked: str = ""
    size: tuple[float, float] = (7.0, 4.4)

    def draw(self, axes: Any) -> None:
        axes.plot(*zip(*self.places.values(), strict=True), " ")  # which sets the limits
        axes.margins(0.08)
        for letter, place in self.places.items():
            bold = letter in self.marked
            look = {"color": COLORS[1], "fontweight": "bold"} if bold else {"color": "black"}
            axes.annotate(letter, place, ha="center", va="center", fontsize=16, **look)


@dataclass(frozen=True)
class Looks(Panel):
    """Weights in rows, one for each letter that looks, and columns, the letters it looks at.

    The darker a square the larger its weight; those from 0.3 on show it.
    """

    letters: Sequence[str]
    weights: Sequence[Sequence[float]]
    _: KW_ONLY
    xlabel: str = "is looked at"
    ylabel: str = "looks"
    size: tuple[float, float] = (4.8, 4.4)

    def draw(self, axes: Any) -> None:
        axes.imshow(self.weights, cmap="Blues", vmin=0.0, vmax=1.0)
        for row, weights in enumerate(self.weights):
            for column, weight in enumerate(weights):
                if weight >= 0.3:
                    ink = "white" if weight > 0.6 else "black"
                    axes.text(column, row, f"{weight:.1f}", color=ink, ha="center", va="center", fontsize=10)
        places = range(len(self.letters))
        axes.set_xticks(places, self.letters)
        axes.set_yticks(places, self.letters)
        axes.tick_params(length=0)
        axes.grid(visible=False)
