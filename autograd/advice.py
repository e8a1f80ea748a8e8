"""Warnings that show the line of the user's program that led to them, however deep they arise."""

from __future__ import annotations

import sys
import warnings

_OURS = ("autograd", "nn", "contextlib", "functools")  # Python's decorators stand between our own calls


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn, and show the innermost line that is in none of our modules."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in _OURS:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
