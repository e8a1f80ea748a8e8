"""Learning-rate schedules, point by point."""

import math

import pytest

from nn import constant_schedule, cosine_schedule, linear_schedule, step_schedule


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (constant_schedule(0.3), [0.3, 0.3]),
        (linear_schedule(1.0, 0.5, updates=5), [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5]),
        (linear_schedule(0.0, 1.0, updates=4), [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]),
        (linear_schedule(1.0, 0.0, updates=1), [1.0, 0.0]),
        (step_schedule(1.0, factor=0.1, every=3), [1, 1, 1, 0.1, 0.1, 0.1, 0.01]),
        (step_schedule(1.0, factor=1.0, every=1), [1.0, 1.0]),
        # the half wave at thirds: cos 0 = 1, cos π/3 = ½, cos 2π/3 = -½, cos π = -1
        (cosine_schedule(0.9, 0.1, updates=3), [0.9, 0.7, 0.3, 0.1, 0.1]),
        (cosine_schedule(1.0, 0.0, updates=1), [1.0, 0.0]),
        (cosine_schedule(0.9, 0.1, updates=5, warmup=2), [0.3, 0.6, 0.9, 0.7, 0.3, 0.1]),
    ],
)
def test_point_by_point(schedule, rates):
    assert [schedule(t) for t in range(len(rates))] == pytest.approx(rates)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: constant_schedule(math.inf), "rate is a finite number of at least 0, got inf"),
        (lambda: step_schedule(-0.1, factor=0.5, every=1), "start is a finite number of at least 0"),
        (lambda: step_schedule(1.0, factor=0.0, every=1), "factor is above 0 and at most 1, got 0"),
        (lambda: step_schedule(1.0, factor=1.1, every=1), r"factor is above 0 and at most 1, got 1\.1"),
        (lambda: step_schedule(1.0, factor=0.5, every=0), "every is a whole number of at least 1, got 0"),
        (lambda: linear_schedule(-0.1, 0.0, updates=1), "start is a finite number of at least 0"),
        (lambda: linear_schedule(0.0, math.nan, updates=1), "end is a finite number of at least 0, got nan"),
        (lambda: linear_schedule(1.0, 0.0, updates=0), "updates is a whole number of at least 1, got 0"),
        (lambda: cosine_schedule(-0.1, 0.0, updates=1), "start is a finite number of at least 0"),
        (lambda: cosine_schedule(0.0, -0.1, updates=1), "end is a finite number of at least 0"),
        (lambda: cosine_schedule(1.0, 0.0, updates=0), "updates is a whole number of at least 1, got 0"),
        (lambda: cosine_schedule(1.0, 0.0, updates=5, warmup=5), "warmup is .*at least 0.*, got 5"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
