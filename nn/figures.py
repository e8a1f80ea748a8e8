"""Axes to draw on, and the looks of plots. Matplotlib is imported when a plot is made."""

from __future__ import annotations

from typing import Any

from autograd.reals import kind

BLUE, ORANGE, GREEN, PURPLE = "#005ab5", "#e66100", "#117733", "#aa4499"
"""Distinct in every common form of colour blindness; lines also differ in style."""

COLORS, LINE_STYLES = (BLUE, ORANGE, GREEN, PURPLE), ("-", "--", "-.", ":")


def given_axes(axes: Any) -> Any:
    """The axes themselves. Raises TypeError for anything but matplotlib axes."""
    if not hasattr(axes, "plot") or not hasattr(axes, "set_xlabel"):
        raise TypeError(f"axes are those of a matplotlib figure, got {kind(axes)}")
    return axes


def new_axes(panels: int = 1) -> list[Any]:
    """The axes of a new figure, side by side.

    Raises ImportError, with the remedy, if matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install matplotlib") from error
    _, grid = pyplot.subplots(1, panels, figsize=(5.5 * panels, 3.6), squeeze=False, layout="constrained")
    return list(grid[0])
