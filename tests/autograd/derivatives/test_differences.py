"""Numeric derivatives against derivatives known in closed form."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import pytest

from autograd.derivatives.differences import central_difference, one_sided


@pytest.mark.parametrize(
    ("f", "slope", "at"),
    [
        (math.exp, math.exp, 1.5),
        (math.sin, math.cos, 0.0),
        (math.sin, math.cos, 20.0),
        (math.log, lambda x: 1 / x, 1e-3),
        (math.log, lambda x: 1 / x, 1e12),
        (math.atan, lambda x: 1 / (1 + x * x), -1e-9),
        (lambda x: x**4, lambda x: 4 * x**3, -7.0),
        (lambda x: 5.0, lambda x: 0.0, 3.0),
    ],
)
def test_smooth_functions(f: Callable[[float], float], slope: Callable[[float], float], at: float) -> None:
    numeric = central_difference(f, at)
    assert numeric.value == pytest.approx(slope(at), rel=1e-10, abs=1e-12)
    assert abs(numeric.value - slope(at)) <= 10 * numeric.doubt + 1e-15
    assert one_sided(f, at) is None


@pytest.mark.parametrize("x", [5e-324, -1e-318, sys.float_info.min])
def test_at_the_smallest_numbers(x: float) -> None:
    assert central_difference(lambda x: 2.0 * x, x).value == pytest.approx(2.0, rel=1e-10)
    assert one_sided(lambda x: 2.0 * x, x) is None


def test_a_function_without_a_slope_has_none() -> None:
    assert math.isnan(central_difference(math.sqrt, 0.0).value)
    assert math.isnan(central_difference(math.log, 0.0).value)


def test_a_kink_has_two_slopes() -> None:
    assert one_sided(abs, 0.0) == (-1.0, 1.0)
    assert one_sided(lambda x: max(3.0 * x, x + 2.0), 1.0) == pytest.approx((1.0, 3.0))


def test_a_jump_is_not_a_kink() -> None:
    assert one_sided(lambda x: float(x >= 1.0), 1.0) is None
    assert central_difference(lambda x: float(x >= 1.0), 1.0).doubt > 1.0


def test_steps_stay_inside_the_domain() -> None:
    asked: list[float] = []

    def f(x: float) -> float:
        asked.append(x)
        return math.log(x)

    assert central_difference(f, 1e-6).value == pytest.approx(1e6, rel=1e-10)
    assert min(asked) < 0.0  # it looked outside, and did not mind


def test_only_arithmetic_errors_are_taken_for_the_edge_of_a_domain() -> None:
    def f(x: float) -> float:
        raise KeyError(x)

    with pytest.raises(KeyError):
        central_difference(f, 1.0)
