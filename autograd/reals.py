"""What counts as a number, and how an error shows it.

A `Value` (autograd/value.py) holds a number but is not one itself. This file comes before all others,
so it knows a Value by its method `__apply_gate__`, and the number that it holds by its `_data`.
"""

from __future__ import annotations

from typing import Any


def is_number(thing: Any) -> bool:
    """Whether `thing` is one real number: an int, a bool, a NumPy scalar, a Fraction, …"""
    if isinstance(thing, (float, int)):
        return True
    if hasattr(thing, "__apply_gate__") or isinstance(thing, complex):
        return False
    # An array of NumPy may have these methods too, but it has a length.
    return (hasattr(thing, "__float__") or hasattr(thing, "__index__")) and not hasattr(thing, "__len__")


def as_float(number: Any) -> float:
    """The float that a number stands for.

    Raises TypeError for anything but a real number (text, complex numbers, arrays and Values
    are refused), ValueError for an integer that is too large for a float.
    """
    if type(number) is float:
        return number
    if not is_number(number):
        raise TypeError(f"expected one real number, got {kind(number)}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"{type(number).__name__} too large for a float: {shortened(number)}") from None
    except (TypeError, ValueError):  # NumPy's dates and Decimal("sNaN") have a __float__ that fails
        raise TypeError(f"expected one real number, got {kind(number)}") from None


# ── in errors ───────────────────────────────────────────────────────────────────────────


def shortened(thing: Any, limit: int = 60) -> str:
    """The repr of anything, cut to the length that an error has room for."""
    try:
        text = repr(thing)
    except Exception:  # a repr of foreign objects (or of an enormous int) may itself fail
        return "…"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def kind(thing: Any) -> str:
    """The type of something and the beginning of its repr.

    >>> kind("abc")
    "str: 'abc'"
    """
    return f"{type(thing).__name__}: {shortened(thing)}"


def named_number(argument: Any) -> str:
    """A number, or that of a Value, after its label if it has one: `x = -1.0`."""
    label = getattr(argument, "label", "")
    number = shortened(getattr(argument, "_data", argument))
    return f"{label} = {number}" if label else number
