"""Axes to draw on, and the looks of plots. Matplotlib is imported when a plot is made."""

from __future__ import annotations

from typing import Any

from autograd.arguments import require_package
from autograd.reals import kind

BLUE, ORANGE, GREEN, PURPLE = "#005ab5", "#e66100", "#117733", "#aa4499"
"""Distinct in every common form of colour blindness; lines also differ in style."""

COLORS, LINE_STYLES = (BLUE, ORANGE, GREEN, PURPLE), ("-", "--", "-.", ":")


def axes_to_draw_on(axes: Any, panels: int = 1) -> list[Any]:
    """The axes of the caller, alone; for None those of a new figure, side by side.

    Raises TypeError for anything but matplotlib axes, ImportError if matplotlib is not installed.
    """
    if axes is not None:
        if not hasattr(axes, "plot") or not hasattr(axes, "set_xlabel"):
            raise TypeError(f"axes are those of a matplotlib figure, got {kind(axes)}")
        return [axes]
    require_package("matplotlib", "plots need matplotlib: python -m pip install matplotlib")
    from matplotlib import pyplot

    _, grid = pyplot.subplots(1, panels, figsize=(5.5 * panels, 3.6), squeeze=False, layout="constrained")
    return list(grid[0])
