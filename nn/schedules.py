"""Learning-rate schedules: the rate as a function of the updates so far.

A schedule is any function of one number, the count of updates so far, 0 before the first
one. The functions here return the usual ones. An optimizer takes a schedule wherever it
takes a learning rate:

>>> from autograd import Value
>>> from nn import SGD
>>> w = Value(1.0, "w")
>>> optimizer = SGD([w], lr=linear_schedule(0.4, 0.1, updates=3))
>>> [round(optimizer.rule_arguments(updates=n)[0], 3) for n in range(5)]
[0.4, 0.3, 0.2, 0.1, 0.1]

To count epochs, divide by the mini-batches of an epoch:
`lambda updates: schedule(updates // batches)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd.arguments import nonnegative, real_number, whole_number

Schedule = Callable[[int], float]
"""The count of updates so far -> the learning rate of the next one."""


def constant_schedule(rate: float) -> Schedule:
    """η, always the same: what a plain number as lr stands for.

    >>> constant_schedule(0.1)(1000)
    0.1
    """
    rate = nonnegative("rate", rate)
    return lambda updates: rate


def linear_schedule(start: float, end: float, updates: int) -> Schedule:
    """From start to end in a straight line, then constant.

    η(t) = start + (end - start)·t/updates for t < updates

    >>> linear_schedule(0.5, 0.1, updates=4)(1)
    0.4
    """
    start, end = nonnegative("start", start), nonnegative("end", end)
    updates = whole_number("updates", updates, at_least=1)

    def schedule(t: int) -> float:
        return end if t >= updates else start + (end - start) * t / updates

    return schedule


def step_schedule(start: float, factor: float, every: int) -> Schedule:
    """A staircase: after each `every` updates the rate is multiplied by a factor.

    η(t) = start · factor^⌊t/every⌋, with a factor above 0 and at most 1

    >>> schedule = step_schedule(0.8, factor=0.5, every=10)
    >>> schedule(9), schedule(10), schedule(20)
    (0.8, 0.4, 0.2)
    """
    start = nonnegative("start", start)
    factor = real_number("factor", factor, "above 0 and at most 1", lambda factor: 0.0 < factor <= 1.0)
    every = whole_number("every", every, at_least=1)
    return lambda t: start * factor ** (t // every)


def cosine_schedule(start: float, end: float, updates: int, warmup: int = 0) -> Schedule:
    """Down half a cosine wave from start to end, gently at both ends, then constant.

    η(t) = start·(t + 1)/(warmup + 1) for t < warmup, a straight line, then
    η(t) = end + (start - end)·(1 + cos(π·(t - warmup)/(updates - warmup)))/2

    Source: Loshchilov and Hutter, "SGDR", 2017, without the restarts.

    >>> schedule = cosine_schedule(1.0, 0.0, updates=4)
    >>> [round(schedule(t), 3) for t in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    start, end = nonnegative("start", start), nonnegative("end", end)
    updates = whole_number("updates", updates, at_least=1)
    if whole_number("warmup", warmup) >= updates:
        raise ValueError(f"warmup is at least 0 and less than the {updates} updates, got {warmup!r}")

    def schedule(t: int) -> float:
        if t < warmup:
            return start * (t + 1) / (warmup + 1)
        if t >= updates:
            return end
        return end + (start - end) * (1.0 + math.cos(math.pi * (t - warmup) / (updates - warmup))) / 2.0

    return schedule
