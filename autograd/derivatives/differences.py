"""Numeric derivatives: what values of a function alone say about its slope.

The functions here know nothing of gates or graphs, which is what makes them a witness.

>>> round(central_difference(math.exp, 0.0).value, 10)
1.0
>>> one_sided(abs, 0.0)
(-1.0, 1.0)
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import NamedTuple

from autograd.declaration import ARITHMETIC_ERRORS


class Slope(NamedTuple):
    """A numeric derivative.

    value   the slope, NaN where the function is not defined on both sides
    doubt   an estimate of how far the value may be off
    floor   the least slope that differences can tell from 0
    """

    value: float
    doubt: float
    floor: float


def central_difference(f: Callable[[float], float], x: float) -> Slope:
    """f'(x) from (f(x+h) - f(x-h))/2h, for the best of many steps h.

    The steps halve from an eighth of x's size (of 1, where x is smaller) down to 10⁻⁸ of
    it; each is extrapolated to h = 0 with the one before it (L. F. Richardson, 1911). For
    smooth functions that gives ten digits and more. Steps that leave f's domain, where f
    raises an arithmetic error, are left out.
    """
    step = max(1.0, abs(x)) / 8
    narrowest = 2.0**-26 * _size(x)
    best = Slope(math.nan, math.inf, 0.0)
    difference = extrapolated = floor = math.nan
    while step >= narrowest:
        above, below = _or_nan(f, x + step), _or_nan(f, x - step)
        wider, difference = difference, (above - below) / ((x + step) - (x - step))
        last, extrapolated = extrapolated, difference + (difference - wider) / 3
        size = max(abs(above), abs(below))
        if math.isnan(floor):
            floor = 1e-7 * size / step  # stays NaN until f is defined on both sides
        # Wide steps bend, narrow ones round: the least sum of both doubts wins.
        doubt = abs(extrapolated - last) + sys.float_info.epsilon * size / step
        if doubt < best.doubt:
            best = Slope(extrapolated, doubt, floor)
        step /= 2
    return best


def one_sided(f: Callable[[float], float], x: float) -> tuple[float, float] | None:
    """The slopes to the left and to the right of a kink at x, None where there is no kink."""
    here = f(x)
    gaps = []
    for step in (2.0**-18 * _size(x), 2.0**-22 * _size(x)):
        left = (here - _or_nan(f, x - step)) / (x - (x - step))
        right = (_or_nan(f, x + step) - here) / ((x + step) - x)
        gaps.append(abs(right - left))
    # Where f is smooth the gap shrinks with the step, where f jumps it grows.
    if 0.5 * gaps[0] < gaps[1] < 2.0 * gaps[0] and gaps[1] > 1e-4 * max(abs(left), abs(right)):
        return left, right
    return None


def _size(x: float) -> float:
    """What steps from x are parts of: its size, 1 at 0, and never so little that a part of it is 0."""
    return max(abs(x), sys.float_info.min) if x else 1.0


def _or_nan(f: Callable[[float], float], x: float) -> float:
    try:
        return f(x)
    except ARITHMETIC_ERRORS:
        return math.nan
