"""The figures of the course, as data: a notebook says what is to be seen, and `show` draws it.

They are legible on a wall, in a grey print, and without colour vision: lines differ in colour, in
dashes and in marks. Where matplotlib is not installed, `show` says which figure is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from importlib.util import find_spec
from itertools import cycle
from typing import Any

COLORS = ("#005ab5", "#e66100", "#117733", "#aa4499")
DASHES, MARKS = ("-", "--", "-.", ":"), ("o", "s", "^", "D")

STYLE: Any = {
    "lines.linewidth": 2,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e3e3",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.handlelength": 3,
    "figure.dpi": 90,
    "figure.constrained_layout.use": True,
    "image.cmap": "cividis",
}


def use_style() -> None:
    """Give the figures that follow the look of the course, sharp on every screen."""
    import matplotlib

    matplotlib.rcParams.update(STYLE)
    if "ipykernel" in sys.modules:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What `show` draws, in a size in inches."""

    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    size: tuple[float, float]

    def draw(self, axes: Any) -> None:
        """Draw on the axes of matplotlib, all but the title and the labels."""
        raise NotImplementedError


def show(*panels: Panel, columns: int = 0, title: str = "") -> None:
    """Draw panels side by side: in one row, or in rows of so many columns."""
    if find_spec("matplotlib") is None:
        titles = "; ".join(panel.title for panel in panels if panel.title)
        print(f"A figure is missing here ({title or titles}): it needs matplotlib.")
        return
    from matplotlib import pyplot

    use_style()
    columns = columns or len(panels)
    rows = -(-len(panels) // columns)
    width, height = panels[0].size
    figure, grid = pyplot.subplots(
        rows, columns, figsize=(min(width * columns, 10.0), height * rows), squeeze=False
    )
    for axes, panel in zip(grid.flat, panels, strict=False):
        panel.draw(axes)
        axes.set(title=panel.title, xlabel=panel.xlabel, ylabel=panel.ylabel)
    for axes in grid.flat[len(panels) :]:
        axes.axis("off")
    _share_a_legend(figure, list(grid.flat[: len(panels)]))
    if title:
        figure.suptitle(title)
    pyplot.show()


def _share_a_legend(figure: Any, panels: Sequence[Any]) -> None:
    """Panels with the same names have one legend in common, below them."""
    lines, names = panels[0].get_legend_handles_labels()
    if len(panels) > 1 and names and all(axes.get_legend_handles_labels()[1] == names for axes in panels):
        for axes in panels:
            axes.legend().remove()
        figure.legend(lines, names, loc="outside lower center", ncols=len(names))


@dataclass(frozen=True)
class Curves(Panel):
    """Lines over a common x, by their names.

    x, lines  the numbers; a line that is shorter than x ends early
    log       the logarithmic axes: "", "x", "y" or "xy"
    marks     whether each point is marked
    behind    a line to compare with, drawn wide and grey
    points    dots, by their names: (x, y) or two lists
    at        places on the x axis and on the y axis with a thin line each: {"x": …, "y": …}
    ylim, ticks  the range of the y axis, and the numbers along x
    """

    x: Sequence[float]
    lines: Mapping[str, Sequence[float]]
    _: KW_ONLY
    log: str = ""
    marks: bool = False
    behind: Mapping[str, Sequence[float]] | None = None
    points: Mapping[str, tuple[Any, Any]] | None = None
    at: Mapping[str, float] | None = None
    ylim: tuple[float, float | None] | None = None
    ticks: Sequence[float] = ()
    size: tuple[float, float] = (7.0, 3.6)

    def draw(self, axes: Any) -> None:
        for name, y in (self.behind or {}).items():
            axes.plot(self.x, y, color="0.75", linewidth=6, label=name)
        marked = [{"marker": mark, "markersize": 4} if self.marks else {} for mark in MARKS]
        looks = zip(cycle(COLORS), cycle(DASHES), cycle(marked), strict=False)
        for (name, y), (color, dash, mark) in zip(self.lines.items(), looks, strict=False):
            axes.plot(self.x[: len(y)], y, label=name, color=color, linestyle=dash, **mark)
        for name, point in (self.points or {}).items():
            axes.plot(*point, "ko", label=name)
        for axis, place in (self.at or {}).items():
            (axes.axvline if axis == "x" else axes.axhline)(place, color="0.3", linewidth=1, zorder=1)
        for axis in self.log:
            axes.set(**{f"{axis}scale": "log"})
        if self.ticks:
            axes.set_xticks(self.ticks, [f"{tick:g}" for tick in self.ticks])
            axes.set_xticks([], minor=True)
        axes.set(ylim=self.ylim)
        if len(axes.get_legend_handles_labels()[1]) > 1:
            axes.legend(fontsize=10)


@dataclass(frozen=True)
class Dots(Panel):
    """A number for each name, as a dot: on a logarithmic axis the length of a bar would mean nothing."""

    numbers: Mapping[str, float]
    _: KW_ONLY
    size: tuple[float, float] = (7.5, 3.5)

    def draw(self, axes: Any) -> None:
        axes.plot(list(self.numbers.values()), list(self.numbers), "o", color=COLORS[0], markersize=10)
        axes.set_xscale("log")
        axes.margins(y=0.15)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
