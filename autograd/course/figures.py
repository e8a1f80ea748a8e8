"""How the figures of the course look: legible on a wall, in a grey print, and without colour vision."""

from __future__ import annotations

from typing import Any

import matplotlib
from cycler import cycler

STYLE: Any = {
    # Lines differ in colour and in dashes.
    "axes.prop_cycle": cycler(color=["#005ab5", "#e66100", "#117733", "#aa4499"])
    + cycler(linestyle=["-", "--", "-.", ":"]),
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
    "figure.figsize": (7, 3.6),
    "figure.dpi": 90,
    "figure.constrained_layout.use": True,
    "image.cmap": "cividis",
    "hatch.linewidth": 0.6,
}


def use_style() -> None:
    """Give the figures that follow the look of the course."""
    matplotlib.rcParams.update(STYLE)
