"""Numeric derivatives against derivatives known in closed form."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest

from autograd.derivatives.differences import _limit, _Quotient, _roughness, _scatter, _steps, slopes


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
    central, left, right = slopes(f, at)
    assert central.value == pytest.approx(slope(at), rel=1e-10, abs=1e-12)
    assert central.doubt < 1e-9 * abs(slope(at)) + 1e-12
    for side in (central, left, right):
        assert abs(side.value - slope(at)) <= side.doubt


@pytest.mark.parametrize("x", [5e-324, -1e-318, sys.float_info.min])
def test_at_the_smallest_numbers(x: float) -> None:
    for side in slopes(lambda x: 2.0 * x, x):
        assert side.value == pytest.approx(2.0, rel=1e-10)


def test_a_function_without_a_slope_has_none() -> None:
    for f in (math.sqrt, math.log):
        central, left, _ = slopes(f, 0.0)
        assert math.isnan(central.value)
        assert not central.known
        assert not left.known
    assert not slopes(math.sqrt, 0.0).right.known  # it grows without end


def test_a_kink_has_two_slopes() -> None:
    _, left, right = slopes(abs, 0.0)
    assert (left.value, right.value) == pytest.approx((-1.0, 1.0), rel=1e-12)
    _, left, right = slopes(lambda x: max(3.0 * x, x + 2.0), 1.0)
    assert (left.value, right.value) == pytest.approx((1.0, 3.0), rel=1e-12)
    assert left.known
    assert right.known


def test_a_jump_has_no_slope() -> None:
    central, left, right = slopes(lambda x: float(x >= 1.0), 1.0)
    assert not central.known
    assert not left.known
    assert (right.value, right.known) == (0.0, True)


@pytest.mark.parametrize("frequency", [1, 16, 1000, 2**20])
@pytest.mark.parametrize("x", [0.0, 0.1, 0.25, 0.5, -3.0])
def test_steps_are_never_all_whole_periods(frequency: int, x: float) -> None:
    k = 2.0 * math.pi * frequency
    rounding = 4e-16 * max(1.0, abs(k * x))  # that of the argument
    numeric = slopes(lambda x: math.sin(k * x), x, noise=lambda _: rounding).central
    slope = k * math.cos(k * x)
    assert abs(numeric.value - slope) <= numeric.doubt + k * rounding
    assert numeric.doubt <= 1e-5 * k


def test_what_wide_steps_leap_over_is_seen_by_narrow_ones() -> None:
    numeric = slopes(lambda x: x + 1e-8 * math.sin(1e10 * x), 0.0).central
    assert numeric.value == pytest.approx(101.0, rel=1e-4)


def test_waves_narrower_than_every_step_are_not_mistaken_for_a_slope() -> None:
    assert not slopes(lambda x: math.sin(1e20 * x), 0.0).central.known


def test_rounding_that_is_told_of_is_part_of_the_doubt() -> None:
    exact, rough = (slopes(lambda x: x * x, 3.0, noise=lambda _, n=n: n).central for n in (0.0, 1e-6))
    assert exact.doubt < 1e-9
    assert 1e-7 < rough.doubt < 1e-4
    assert (
        slopes(lambda x: x * x, 3.0).central.doubt
        == slopes(lambda x: x * x, 3.0, noise=lambda x: sys.float_info.epsilon * x * x).central.doubt
    )


def test_steps_reach_from_a_few_spacings_of_x_to_its_size_and_stay_inside_the_domain() -> None:
    asked: list[float] = []

    def f(x: float) -> float:
        asked.append(x)
        return math.log(x)

    assert slopes(f, 1e-6).central.value == pytest.approx(1e6, rel=1e-10)
    assert min(asked) < 0.0  # it looked outside, and did not mind
    assert 0.7 < max(asked) < 2.1
    assert 0.0 < min(abs(x - 1e-6) for x in asked if x != 1e-6) < 64 * math.ulp(1e-6)


def test_only_arithmetic_errors_are_taken_for_the_edge_of_a_domain() -> None:
    def f(x: float) -> float:
        raise KeyError(x)

    with pytest.raises(KeyError):
        slopes(f, 1.0)


@pytest.mark.parametrize(
    ("f", "slope", "at"),
    [
        (lambda x: float(round(x)), 0.0, 100000.25),
        (lambda x: math.fmod(1e5, x), -13698.0, 7.3),
        (lambda x: x - math.floor(x), 1.0, 1e5 + 0.3),
    ],
)
def test_the_steps_of_a_staircase_are_not_taken_for_rounding(
    f: Callable[[float], float], slope: float, at: float
) -> None:
    for side in slopes(f, at):
        assert side.value == pytest.approx(slope, rel=1e-9, abs=1e-9)


# ── how rounding is recognized, and when steps count as settled ─────────────────────────


@pytest.mark.parametrize("deviation", [1.0, 1e-9])
def test_the_scatter_of_noise_is_its_deviation_whatever_smooth_curve_it_lies_on(deviation: float) -> None:
    rng = random.Random(0)
    curve = [deviation * (3.0 + 2.0 * k - 0.5 * k**2 + 0.1 * k**3) for k in range(11)]
    found = [_scatter([y + rng.gauss(0.0, deviation) for y in curve]) for _ in range(4000)]
    noisy = [scatter for scatter in found if scatter > 0.0]
    assert len(noisy) > 3900
    assert math.hypot(*noisy) / math.sqrt(len(noisy)) == pytest.approx(deviation, rel=0.03)


def test_a_wave_is_rough_if_its_fourth_differences_do_not_fade_in_the_sixth() -> None:
    # Two more differences multiply cos(ωk) by 2 - 2cos(ω), and noise by √(924/70) = 3.633. It is rough
    # where 3.633/(2 - 2cos ω) < 3, from ω = 1.166 on.
    assert _scatter([math.cos(1.3 * k) for k in range(11)]) > 0.0
    assert _scatter([math.cos(1.0 * k) for k in range(11)]) == -1.0
    assert _scatter([1e9 * math.cos(1.3 * k) for k in range(11)]) > 0.0
    assert _scatter([float(k > 5) for k in range(11)]) == _scatter([7.0] * 11) == 0.0


@pytest.mark.parametrize("size", [1.0, 1e6])
def test_rounding_inside_a_function_is_part_of_the_doubt(size: float) -> None:
    central = slopes(lambda x: size * (x * 1e6 - x * 999_999.0), 1.1).central
    assert abs(central.value - size) <= central.doubt
    assert 1e-11 * size < central.doubt < 1e-3 * size


@pytest.mark.parametrize(("count", "known"), [(4, False), (6, False), (7, True), (8, True)])
def test_three_windows_of_five_steps_have_to_agree(count: int, known: bool) -> None:
    quotients = [_Quotient(2.0**-k, 2.0, 0.0, 2.0) for k in range(count)]
    assert _limit(quotients, 1).known is known


def test_steps_grow_by_the_square_of_the_golden_ratio() -> None:
    for narrow, wide in pairwise(_steps(3.0)):
        assert wide / narrow == pytest.approx(2.618033988749895)


@pytest.mark.parametrize("x", [0.5, 1000.0])
def test_rounding_is_looked_for_up_to_a_thousandth_of_the_size_of_x(x: float) -> None:
    rng, asked = random.Random(0), set[float]()

    def noisy(at: float) -> float:
        asked.add(at)
        return 1.0 + 1e-12 * rng.random()

    _roughness(noisy, x)
    unit = max(abs(at - x) for at in asked) / (10 * 19)
    assert 1e-3 / 64 <= unit / max(1.0, x) < 1e-3
