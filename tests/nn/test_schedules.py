"""Learning-rate schedules, point by point."""

import math

import pytest

from nn import constant_schedule, cosine_schedule, linear_schedule, step_schedule


def test_constant():
    schedule = constant_schedule(0.3)
    assert [schedule(t) for t in (0, 1, 10**9)] == [0.3, 0.3, 0.3]


def test_linear():
    schedule = linear_schedule(1.0, 0.5, updates=5)
    assert [schedule(t) for t in range(7)] == pytest.approx([1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5])
    assert schedule(5) == schedule(10**9) == 0.5


def test_linear_may_climb():
    assert linear_schedule(0.0, 1.0, updates=4)(1) == 0.25


def test_step():
    schedule = step_schedule(1.0, factor=0.1, every=3)
    assert [schedule(t) for t in range(7)] == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.01])


def test_cosine():
    # the half wave at thirds: cos 0 = 1, cos π/3 = ½, cos 2π/3 = -½, cos π = -1
    schedule = cosine_schedule(0.9, 0.1, updates=3)
    assert [schedule(t) for t in range(5)] == pytest.approx([0.9, 0.7, 0.3, 0.1, 0.1])
    assert schedule(3) == schedule(10**9) == 0.1


def test_cosine_after_a_warm_up():
    schedule = cosine_schedule(0.9, 0.1, updates=5, warmup=2)
    assert [schedule(t) for t in range(6)] == pytest.approx([0.3, 0.6, 0.9, 0.7, 0.3, 0.1])


@pytest.mark.parametrize("bad", [-0.1, math.inf, math.nan])
def test_a_bad_rate_is_refused(bad):
    told = "is a finite number of at least 0, got"
    with pytest.raises(ValueError, match=f"rate {told}"):
        constant_schedule(bad)
    with pytest.raises(ValueError, match=f"start {told}"):
        step_schedule(bad, factor=0.5, every=1)
    for schedule in (linear_schedule, cosine_schedule):
        with pytest.raises(ValueError, match=f"start {told}"):
            schedule(bad, 0.0, updates=1)
        with pytest.raises(ValueError, match=f"end {told}"):
            schedule(0.0, bad, updates=1)


def test_a_bad_count_is_refused():
    for schedule in (linear_schedule, cosine_schedule):
        assert schedule(1.0, 0.0, updates=1)(0) == 1.0
        with pytest.raises(ValueError, match="updates is a whole number of at least 1, got 0"):
            schedule(1.0, 0.0, updates=0)
    with pytest.raises(ValueError, match="every is a whole number of at least 1, got 0"):
        step_schedule(1.0, factor=0.5, every=0)
    for warmup in (-1, 5):
        with pytest.raises(ValueError, match=f"warmup is .*at least 0.*, got {warmup}"):
            cosine_schedule(1.0, 0.0, updates=5, warmup=warmup)


@pytest.mark.parametrize("factor", [0.0, -0.5, 1.1, math.nan])
def test_a_bad_factor_is_refused(factor):
    assert step_schedule(1.0, factor=1.0, every=1)(5) == 1.0
    with pytest.raises(ValueError, match="factor is above 0 and at most 1, got"):
        step_schedule(1.0, factor=factor, every=1)
