"""Numeric derivatives: what values of a function alone say about its slope.

The functions here know nothing of gates or graphs, which makes them an independent witness.

>>> central, left, right = slopes(math.exp, 0.0)
>>> round(central.value, 12)
1.0
>>> central, left, right = slopes(abs, 0.0)
>>> round(left.value, 12), round(right.value, 12)
(-1.0, 1.0)
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.declaration import ARITHMETIC_ERRORS

GOLDEN = (1.0 + math.sqrt(5.0)) / 2.0
"""The number farthest from every fraction. Steps that are its powers are never all whole periods of f."""

SMALLEST = math.ulp(0.0)
"""The smallest number above 0: what is smaller underflows, and is lost."""

WINDOW = 5
"""How many steps are extrapolated together."""

ESTABLISHED = 3
"""How many windows in a row have to agree before a wider one that contradicts them is disbelieved."""

LARGEST_ROUNDING = 1e-8
"""What is rougher than this part of f, or of 1, is so by itself, as mod is, and not by rounding."""

Function = Callable[[float], float]


class Slope(NamedTuple):
    """A numeric derivative.

    value  NaN if the function is not defined at the steps
    doubt  how far the value may be off; infinite if the steps do not settle on a value
    share  the doubt as a part of the steepest slope nearby, the least over all sizes of steps
    """

    value: float
    doubt: float
    share: float

    @property
    def known(self) -> bool:
        """Whether the steps settled on a value."""
        return self.doubt < math.inf


class Slopes(NamedTuple):
    """The slope at a point from both sides together, from the left alone and from the right alone."""

    central: Slope
    left: Slope
    right: Slope


class _Quotient(NamedTuple):
    """A difference quotient: its step, its value, the noise of the difference, and f's steepness there."""

    step: float
    value: float
    noise: float
    steepness: float


def slopes(f: Function, x: float, noise: Function | None = None) -> Slopes:
    """f'(x) as the limit of difference quotients, over steps from a few spacings of x to the size of x.

    noise  how far rounding may take f at a point, the last digit of f(x) unless given; where the
           values of f show more, that counts

    Wherever f is undefined, raising an arithmetic error, the steps that lead there are left out.
    """
    f = _defined(f, math.nan)
    noise = _defined(noise or (lambda x: sys.float_info.epsilon * abs(f(x))), math.inf)
    here, roughness = f(x), _roughness(f, x)
    central, left, right = [], [], []
    for step in _steps(x):
        above, below = x + step, x - step
        up, down = f(above), f(below)
        to_right, to_left, across = above - x, x - below, above - below
        slope_right, slope_left = (up - here) / to_right, (here - down) / to_left
        steepness = max(abs(slope_right), abs(slope_left))
        least = max((rounded for since, rounded in roughness if since <= step), default=0.0)
        both_ends = max(noise(above), least) + max(noise(below), least) + SMALLEST
        right.append(_Quotient(to_right, slope_right, both_ends, steepness))
        left.append(_Quotient(to_left, slope_left, both_ends, steepness))
        central.append(_Quotient(across, (up - down) / across, both_ends, steepness))
    # What an even power of the step adds on one side it takes away on the other.
    return Slopes(_limit(central, 2), _limit(left, 1), _limit(right, 1))


def _roughness(f: Function, x: float) -> list[tuple[float, float]]:
    """How far rounding takes the values of f around x from a smooth curve, as they show it themselves.

    Pairs of a step and the rounding that is seen from that step on. It is looked for at wider and
    wider distances, until f is smooth there on both sides; on each side alone, since a kink or
    a jump is not rounding, and at distances of its own, since rounding too looks smooth if the
    distance happens to fit. What is seen first counts for narrower steps too, which saw nothing.
    """
    unit, seen = math.ulp(x) if x else math.ulp(sys.float_info.epsilon), list[tuple[float, float]]()
    while unit < 1e-3 * max(1.0, abs(x)):
        sides = [_scatter([f(x + k * step) for k in range(11)]) for step in (13.0 * unit, -19.0 * unit)]
        if not max(sides) >= 0.0:  # both smooth, or not defined
            break
        if min(sides) > LARGEST_ROUNDING * max(1.0, abs(f(x))):  # the steps of a staircase
            break
        if min(sides) > 0.0:
            seen.append((16.0 * unit if seen else 0.0, 3.0 * min(sides)))
        unit *= 64.0
    return seen


def _scatter(values: Sequence[float]) -> float:
    """The standard deviation of the rounding in values of f at equal distances.

    Differences of differences of a smooth function fade; rounding, which is another at each
    point, grows in them, by the root of a binomial coefficient (R. W. Hamming, 1962).

    0 where f is constant or steps once, which says nothing, and -1 where f is smooth.
    """
    fourth = _differences(values, 4)
    sixth = _differences(fourth, 2)
    if sum(map(bool, fourth)) < 6:
        return 0.0
    in_fourth = math.hypot(*fourth) / math.sqrt(math.comb(8, 4) * len(fourth))
    in_sixth = math.hypot(*sixth) / math.sqrt(math.comb(12, 6) * len(sixth))
    return in_fourth if in_fourth < 3.0 * in_sixth else -1.0


def _differences(values: Sequence[float], times: int) -> Sequence[float]:
    for _ in range(times):
        values = [after - before for before, after in pairwise(values)]
    return values


def _steps(x: float) -> Iterator[float]:
    """From a few spacings of the floats at x up to more than the size of x (or 1, if x is smaller)."""
    step = 16.0 * (math.ulp(x) if x else sys.float_info.epsilon)
    while step <= 2.0 * max(1.0, abs(x)):
        yield step
        step *= GOLDEN**2


def _limit(quotients: Sequence[_Quotient], power: int) -> Slope:
    """What quotients tend to as the step goes to 0, if they change with step^power and its multiples.

    Windows of steps are extrapolated, from narrow to wide. A wide step may leap over what f
    does between, so its word counts as long as no narrower step contradicts it: the search
    ends at the first window that does not settle, or that contradicts what is known.
    """
    best, in_a_row = Slope(math.nan, math.inf, math.inf), 0
    for i in range(len(quotients) - WINDOW + 1):
        slope, noise = _extrapolated(quotients[i : i + WINDOW], power)
        if not math.isfinite(slope.doubt):
            continue
        unsettled = slope.doubt > 4.0 * noise and slope.share > 0.05
        if unsettled or abs(slope.value - best.value) > slope.doubt + best.doubt:
            if in_a_row >= ESTABLISHED:
                break
            best, in_a_row = slope, 0 if unsettled else 1
        else:
            in_a_row += 1
            best = min(slope, best, key=lambda known: known.doubt)._replace(
                share=min(slope.share, best.share)
            )
    return best if in_a_row >= ESTABLISHED else best._replace(doubt=math.inf)


def _extrapolated(window: Sequence[_Quotient], power: int) -> tuple[Slope, float]:
    """Quotients extrapolated to the step 0 (L. F. Richardson, 1911), and the noise in the result."""
    value = _at_0(window, power)
    # How far the narrowest and the widest step change the result tells how well the others foresee it.
    bend = max(abs(value - _at_0(part, power)) for part in (window[1:], window[:-1]))
    largest = max(q.noise for q in window)
    noise = sum(abs(w) * (largest / q.step) for w, q in zip(_weights(window, power), window, strict=True))
    doubt, steepest = bend + noise, max(q.steepness for q in window)
    return Slope(value, doubt, doubt / steepest if steepest else math.inf), noise


def _at_0(window: Sequence[_Quotient], power: int) -> float:
    """The value at 0 of the polynomial in step^power through the quotients."""
    return sum(w * q.value for w, q in zip(_weights(window, power), window, strict=True))


def _weights(window: Sequence[_Quotient], power: int) -> list[float]:
    """What each quotient counts for in the polynomial through all of them, at 0 (J.-L. Lagrange, 1795)."""
    places = [(quotient.step / window[-1].step) ** power for quotient in window]
    return [math.prod(p / (p - here) for p in places if p != here) for here in places]


def _defined(f: Function, otherwise: float) -> Function:
    """f, with another result wherever it raises an arithmetic error."""

    def defined(x: float) -> float:
        try:
            return f(x)
        except ARITHMETIC_ERRORS:
            return otherwise

    return defined
