"""The table that every test of gates reads: where each gate is tried, and what it must give.

Points are the arguments of the gate, inputs and constants. They come in four kinds:

ordinary   central differences and mpmath both decide
extreme    mpmath alone decides: differences of floats say nothing at 1e308
stated     a convention decides, written out here: kinks, ties, edges of a domain
refused    GateError, with the words that its message must hold

`truth` is the gate's textbook formula for mpmath. No derivative is written down: mpmath
differentiates the formula. `sides` says, for each input, from which side that is to be done
where the two sides differ, which is what the gate's convention comes to: 1 from the right,
-1 from the left, 0 the mean of both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import mp

import autograd
from autograd import Gate

Point = tuple[float, ...]

EXTREMES = (745.0, -745.0, 1e308, -1e308, 1e-308, -0.0)

UNDEFINED = "is not defined"
TOO_LARGE = "is too large for a float"

inf = math.inf


@dataclass(frozen=True)
class GateCase:
    gate: Gate
    truth: Callable[..., Any]
    ordinary: tuple[Point, ...]
    extreme: tuple[Point, ...] = ()
    stated: tuple[tuple[Point, float, Point], ...] = ()
    refused: tuple[tuple[Point, str], ...] = ()
    sides: tuple[int, ...] = (0, 0, 0)
    ulps: int = 8  # how many units in the last place output and slopes may be off

    @property
    def name(self) -> str:
        return self.gate.name

    @property
    def points(self) -> tuple[Point, ...]:
        """Everywhere that the gate is tried."""
        return (*self.ordinary, *self.extreme, *(row[0] for row in (*self.stated, *self.refused)))


def one(*numbers: float) -> tuple[Point, ...]:
    """Points of a gate with one input."""
    return tuple((number,) for number in numbers)


def pairs_with_extremes(a: float, b: float) -> tuple[Point, ...]:
    """Every extreme in either place of a gate with two inputs, an ordinary number in the other."""
    return (*((extreme, b) for extreme in EXTREMES), *((a, extreme) for extreme in EXTREMES))


def erfc(x: Any) -> Any:
    """mpmath's, which gives up on arguments that are very large."""
    return mp.erfc(x) if abs(x) < 1e6 else mp.mpf(2 * (x < 0))


def normal(z: Any) -> Any:
    """The normal distribution's share below z."""
    return erfc(-z / mp.sqrt(2)) / 2


GATE_CASES = (
    # ── arithmetic ──────────────────────────────────────────────────────────────────────
    GateCase(
        autograd.add,
        truth=lambda a, b: a + b,
        ordinary=((2.0, 3.0), (-1.5, 1.5), (0.0, 0.0), (1e-3, -7e5)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, 1e308), (1e308, -1e308), (-0.0, -0.0)),
    ),
    GateCase(
        autograd.subtract,
        truth=lambda a, b: a - b,
        ordinary=((2.0, 3.0), (-1.5, -1.5), (0.0, 0.0), (1e-3, -7e5)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308), (1e308, 1e308), (-0.0, 0.0)),
    ),
    GateCase(
        autograd.multiply,
        truth=lambda a, b: a * b,
        ordinary=((2.0, 3.0), (-1.5, 4.0), (0.0, 5.0), (0.0, 0.0), (-1e-3, -7e5)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, 1e308), (1e-308, 1e-308), (1e308, 1e-308)),
    ),
    GateCase(
        autograd.divide,
        truth=lambda a, b: a / b,
        ordinary=((2.0, 3.0), (-1.5, 4.0), (0.0, 5.0), (7.0, -0.01), (-1e5, -1e3)),
        extreme=(
            *(point for point in pairs_with_extremes(2.0, 3.0) if point[1] != 0.0),
            (1e308, 1e-308),
            (1e-308, 1e308),
            (1e308, 1e308),
        ),
        refused=(((2.0, 0.0), UNDEFINED), ((2.0, -0.0), UNDEFINED), ((0.0, 0.0), UNDEFINED)),
    ),
    GateCase(autograd.negate, truth=lambda x: -x, ordinary=one(2.0, -3.0, 0.0), extreme=one(*EXTREMES)),
    GateCase(
        autograd.power,
        truth=mp.power,
        ordinary=(
            *((x, 2.0) for x in (3.0, -3.0, 0.0, 1e-3)),
            *((x, 3.0) for x in (2.0, -2.0)),
            *((x, -1.0) for x in (2.0, -0.5)),
            *((x, 0.5) for x in (4.0, 1e-3)),
            *((x, 1.0) for x in (3.0, 0.0, -3.0)),
            (2.5, 0.0),
            (2.0, -3.5),
            (0.0, 4.0),
        ),
        extreme=(
            *((x, 2.0) for x in (745.0, -745.0, 1e-308)),
            *((x, 1.0) for x in (745.0, -745.0, 1e308, -1e308, 1e-308)),
            *((x, -1.0) for x in (745.0, 1e308, -1e308, 1e-308)),
            *((x, 0.5) for x in (745.0, 1e308, 1e-308)),
            (1e154, 2.0),
            (1e-160, 2.0),
            (1e-200, -1.5),
            (1e308, -2.0),
            (1.0, 1e308),
            (0.5, 1e308),
            (2.0, -1e308),
            (2.0, 1e-308),
            (5e-324, 0.01),
            (1e-309, 0.9),
            (1e-309, 1e-10),
            (1.5e-323, 5e-323),
        ),
        stated=(
            # 0^n: slope 0 for n > 1, 1 for n = 1, +∞ for 0 < n < 1, and 0^0 = 1 with slope 0.
            ((0.0, 0.0), 1.0, (0.0,)),
            ((-0.0, 0.0), 1.0, (0.0,)),
            ((0.0, 0.5), 0.0, (inf,)),
            ((-0.0, 0.5), 0.0, (inf,)),
            ((-0.0, 1.0), -0.0, (1.0,)),
            ((-0.0, 2.0), 0.0, (0.0,)),
            ((-0.0, 3.0), -0.0, (0.0,)),
            ((0.0, 1.5), 0.0, (0.0,)),
            ((0.0, 745.0), 0.0, (0.0,)),
        ),
        refused=(
            ((0.0, -1.0), UNDEFINED),
            ((-0.0, -1.0), UNDEFINED),
            ((0.0, -0.5), UNDEFINED),
            ((-2.0, 0.5), UNDEFINED),
            ((-745.0, 0.5), UNDEFINED),
            ((-1e308, -1.5), UNDEFINED),
            ((1e308, 2.0), TOO_LARGE),
            ((-1e308, 3.0), TOO_LARGE),
            ((1e-308, -2.0), TOO_LARGE),
            ((2.0, 1e308), TOO_LARGE),
            ((745.0, 745.0), TOO_LARGE),
        ),
    ),
    GateCase(
        autograd.exponentiate,
        truth=mp.power,
        ordinary=((2.0, 3.0), (2.0, -3.0), (0.5, 2.5), (3.0, 0.0), (3.0, 3.0), (1.0, 5.0), (1e-3, 0.5)),
        extreme=(
            *((a, 1.5) for a in (745.0, 1e-308)),
            *((a, 0.5) for a in (745.0, 1e308, 1e-308)),
            *((a, -1.0) for a in (745.0, 1e308, 1e-308)),
            *((2.0, b) for b in (745.0, -745.0, -1e308, 1e-308, -0.0)),
            (0.5, 1e308),
            (1.0, 1e308),
            (5e-324, 0.01),
            (1e-309, 0.9),
            (1e-309, 1e-10),
            (1.5e-323, 5e-323),
        ),
        stated=(
            ((0.0, 2.0), 0.0, (0.0, 0.0)),
            ((-0.0, 2.0), 0.0, (0.0, 0.0)),
            ((0.0, 1.0), 0.0, (1.0, 0.0)),
            ((0.0, 0.5), 0.0, (inf, 0.0)),
            ((0.0, 1.5), 0.0, (0.0, 0.0)),
            ((0.0, 1e308), 0.0, (0.0, 0.0)),
        ),
        refused=(
            ((0.0, 0.0), UNDEFINED),
            ((0.0, -0.0), UNDEFINED),
            ((0.0, -1.0), UNDEFINED),
            ((-0.0, -0.5), UNDEFINED),
            ((-2.0, 3.0), UNDEFINED),
            ((-2.0, 0.5), UNDEFINED),
            ((-0.5, 2.0), UNDEFINED),
            ((-745.0, 2.0), UNDEFINED),
            ((-1e308, 2.0), UNDEFINED),
            ((1e308, 1.5), TOO_LARGE),
            ((1e-308, -2.0), TOO_LARGE),
            ((2.0, 1e308), TOO_LARGE),
            ((745.0, 745.0), TOO_LARGE),
        ),
    ),
    GateCase(
        autograd.square,
        truth=lambda x: x * x,
        ordinary=one(3.0, -3.0, 0.0, 1e-3),
        extreme=one(*EXTREMES, 1e154, 1e-160),
    ),
    GateCase(
        autograd.reciprocal,
        truth=lambda x: 1 / x,
        ordinary=one(2.0, -0.5, 1e-3, -1e5),
        extreme=one(*EXTREMES[:-1]),
        refused=(((0.0,), UNDEFINED), ((-0.0,), UNDEFINED)),
    ),
    GateCase(
        autograd.mod,
        truth=lambda a, b: a - b * mp.floor(a / b),
        ordinary=((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (0.3, 1.0), (1e5, 7.3)),
        extreme=(
            *((a, 2.5) for a in (745.5, -745.5, 1e-308, -1e-308)),
            *((2.0, b) for b in (745.0, -745.0, 1e308, -1e308)),
        ),
        stated=(
            # At a jump the slopes are those of the right side.
            ((6.0, 3.0), 0.0, (1.0, -2.0)),
            ((-6.0, 3.0), 0.0, (1.0, 2.0)),
            ((6.0, -3.0), -0.0, (1.0, 2.0)),
            ((745.0, 5.0), 0.0, (1.0, -149.0)),
            ((-745.0, 5.0), 0.0, (1.0, 149.0)),
            ((-0.0, 3.0), 0.0, (1.0, -0.0)),
            ((1e308, 1e308), 0.0, (1.0, -1.0)),
            ((-1e308, 1e308), 0.0, (1.0, 1.0)),
            ((1e-308, 1e-308), 0.0, (1.0, -1.0)),
        ),
        refused=(((2.0, 0.0), UNDEFINED), ((2.0, -0.0), UNDEFINED)),
    ),
    GateCase(
        autograd.absolute,
        truth=abs,
        ordinary=one(3.0, -3.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES[:-1]),
        stated=(((0.0,), 0.0, (0.0,)), ((-0.0,), 0.0, (0.0,))),
    ),
    GateCase(
        autograd.maximum,
        truth=max,
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001), (1.001, 1.0)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(
            # A tie goes to the first.
            ((1.0, 1.0), 1.0, (1.0, 0.0)),
            ((0.0, -0.0), 0.0, (1.0, 0.0)),
            ((1e308, 1e308), 1e308, (1.0, 0.0)),
        ),
        sides=(1, -1),
    ),
    GateCase(
        autograd.minimum,
        truth=min,
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001), (1.001, 1.0)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(
            ((1.0, 1.0), 1.0, (1.0, 0.0)),
            ((0.0, -0.0), 0.0, (1.0, 0.0)),
            ((-1e308, -1e308), -1e308, (1.0, 0.0)),
        ),
        sides=(-1, 1),
    ),
    GateCase(
        autograd.greater,
        truth=lambda a, b: mp.mpf(a > b),
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(((1.0, 1.0), 0.0, (0.0, 0.0)), ((0.0, -0.0), 0.0, (0.0, 0.0))),
    ),
    GateCase(
        autograd.greater_equal,
        truth=lambda a, b: mp.mpf(a >= b),
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(((1.0, 1.0), 1.0, (0.0, 0.0)), ((0.0, -0.0), 1.0, (0.0, 0.0))),
    ),
    GateCase(
        autograd.less,
        truth=lambda a, b: mp.mpf(a < b),
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(((1.0, 1.0), 0.0, (0.0, 0.0)), ((0.0, -0.0), 0.0, (0.0, 0.0))),
    ),
    GateCase(
        autograd.less_equal,
        truth=lambda a, b: mp.mpf(a <= b),
        ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, -1e308)),
        stated=(((1.0, 1.0), 1.0, (0.0, 0.0)), ((0.0, -0.0), 1.0, (0.0, 0.0))),
    ),
    GateCase(
        autograd.where,
        truth=lambda condition, a, b: a if condition != 0 else b,
        ordinary=((1.0, 2.0, 3.0), (-0.5, 2.0, 3.0), (1.0, -7e5, 1e-3)),
        extreme=(
            *((condition, 2.0, 3.0) for condition in (745.0, -745.0, 1e308, -1e308)),
            *((1.0, a, 3.0) for a in EXTREMES),
            *((1.0, 2.0, b) for b in EXTREMES),
            (1e-308, 2.0, 3.0),
        ),
        stated=(
            ((0.0, 2.0, 3.0), 3.0, (0.0, 0.0, 1.0)),
            ((-0.0, 2.0, 3.0), 3.0, (0.0, 0.0, 1.0)),
            ((0.0, 2.0, 1e308), 1e308, (0.0, 0.0, 1.0)),
        ),
    ),
    GateCase(
        autograd.clip,
        truth=lambda x, low, high: max(low, min(x, high)),
        ordinary=((0.5, -1.0, 2.0), (-3.0, -1.0, 2.0), (3.0, -1.0, 2.0), (3.0, 2.0, 1.0)),
        extreme=tuple((x, -1.0, 2.0) for x in EXTREMES),
        stated=(((-1.0, -1.0, 2.0), -1.0, (1.0,)), ((2.0, -1.0, 2.0), 2.0, (1.0,))),
    ),
    GateCase(
        autograd.sign,
        truth=mp.sign,
        ordinary=one(3.0, -3.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES[:-1]),
        stated=(((0.0,), 0.0, (0.0,)), ((-0.0,), -0.0, (0.0,))),
    ),
    GateCase(
        autograd.floor,
        truth=mp.floor,
        ordinary=one(2.5, -2.5, 1e-3, -1e-3, 1e5 + 0.25),
        extreme=one(745.5, -745.5, 1e-308, -1e-308),
        stated=tuple(((x,), x, (0.0,)) for x in (0.0, -0.0, 3.0, -745.0, 745.0, 1e308, -1e308, inf)),
    ),
    # ── functions of one number ─────────────────────────────────────────────────────────
    GateCase(
        autograd.exp,
        truth=mp.exp,
        ordinary=one(0.0, 1.0, -1.0, 10.0, -20.0, 1e-3),
        extreme=one(709.0, -745.0, -1e308, 1e-308, -0.0),
        refused=(((745.0,), TOO_LARGE), ((1e308,), TOO_LARGE), ((710.0,), TOO_LARGE)),
    ),
    GateCase(
        autograd.log,
        truth=mp.log,
        ordinary=one(1.0, math.e, 0.5, 1e-3, 1e5),
        extreme=one(745.0, 1e308, 1e-308),
        refused=(
            ((0.0,), UNDEFINED),
            ((-0.0,), UNDEFINED),
            ((-1e-308,), UNDEFINED),
            ((-745.0,), UNDEFINED),
            ((-1e308,), UNDEFINED),
        ),
    ),
    GateCase(
        autograd.sqrt,
        truth=mp.sqrt,
        ordinary=one(1.0, 2.0, 0.25, 1e-3, 1e5),
        extreme=one(745.0, 1e308, 1e-308),
        stated=(((0.0,), 0.0, (inf,)), ((-0.0,), -0.0, (inf,))),
        refused=(((-1e-308,), UNDEFINED), ((-745.0,), UNDEFINED), ((-1e308,), UNDEFINED)),
    ),
    GateCase(
        autograd.exp2,
        truth=lambda x: mp.power(2, x),
        ordinary=one(0.0, 1.0, -1.0, 10.5, -20.0, 1e-3),
        extreme=one(745.0, -745.0, -1e308, 1e-308, -0.0, 1023.0),
        refused=(((1024.0,), TOO_LARGE), ((1e308,), TOO_LARGE)),
    ),
    GateCase(
        autograd.expm1,
        truth=mp.expm1,
        ordinary=one(0.0, 1.0, -1.0, 10.0, -10.0, 1e-3),
        extreme=one(709.0, -745.0, -1e308, 1e-308, -0.0, 1e-17, -40.0),
        refused=(((745.0,), TOO_LARGE), ((1e308,), TOO_LARGE)),
    ),
    GateCase(
        autograd.log2,
        truth=lambda x: mp.log(x, 2),
        ordinary=one(1.0, math.e, 0.5, 1e-3, 1e5),
        extreme=one(745.0, 1e308, 1e-308),
        refused=tuple(((x,), UNDEFINED) for x in (0.0, -0.0, -1e-308, -745.0, -1e308)),
    ),
    GateCase(
        autograd.log10,
        truth=mp.log10,
        ordinary=one(1.0, math.e, 0.5, 1e-3, 1e5),
        extreme=one(745.0, 1e308, 1e-308),
        refused=tuple(((x,), UNDEFINED) for x in (0.0, -0.0, -1e-308, -745.0, -1e308)),
    ),
    GateCase(
        autograd.log1p,
        truth=mp.log1p,
        ordinary=one(0.0, 1.0, -0.5, 1e-3, 1e5),
        extreme=one(745.0, 1e308, 1e-308, -1e-308, -0.0, -1.0 + 2.0**-52, 1e-17),
        refused=tuple(((x,), UNDEFINED) for x in (-1.0, -745.0, -1e308)),
    ),
    GateCase(
        autograd.cbrt,
        truth=lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        ordinary=one(1.0, -1.0, 8.0, -27.0, 1e-3, 1e5),
        extreme=one(*EXTREMES[:-1], 5e-324, 1.7e308, 1e200, 1e-200, 3.0),
        stated=(((0.0,), 0.0, (inf,)), ((-0.0,), -0.0, (inf,))),
    ),
    GateCase(
        autograd.hypot,
        truth=mp.hypot,
        ordinary=((3.0, 4.0), (-3.0, 4.0), (0.0, 5.0), (5.0, 0.0), (1e-3, -7.0), (1.0, -1.0)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, 1e308), (1e-308, -1e-308), (5e-324, 0.0)),
        stated=(((0.0, 0.0), 0.0, (0.0, 0.0)), ((-0.0, 0.0), 0.0, (0.0, 0.0))),
    ),
    GateCase(
        autograd.sin,
        truth=mp.sin,
        ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3),
        extreme=one(*EXTREMES, math.pi / 2),
        refused=(((inf,), UNDEFINED), ((-inf,), UNDEFINED)),
    ),
    GateCase(
        autograd.cos,
        truth=mp.cos,
        ordinary=one(0.0, 1.0, -2.0, math.pi / 2, 30.0, 1e-3),
        extreme=one(*EXTREMES),
        refused=(((inf,), UNDEFINED), ((-inf,), UNDEFINED)),
    ),
    GateCase(
        autograd.tan,
        truth=mp.tan,
        ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3),
        extreme=one(*EXTREMES, math.pi / 2),
        refused=(((inf,), UNDEFINED), ((-inf,), UNDEFINED)),
    ),
    GateCase(
        autograd.asin,
        truth=mp.asin,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        extreme=one(1e-308, -0.0, 1.0 - 2.0**-53, -1.0 + 2.0**-53),
        stated=(((1.0,), math.pi / 2, (inf,)), ((-1.0,), -math.pi / 2, (inf,))),
        refused=tuple(((x,), UNDEFINED) for x in (1.0 + 2.0**-52, 745.0, -745.0, 1e308, -1e308, inf)),
    ),
    GateCase(
        autograd.acos,
        truth=mp.acos,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        extreme=one(1e-308, -0.0, 1.0 - 2.0**-53, -1.0 + 2.0**-53),
        stated=(((1.0,), 0.0, (-inf,)), ((-1.0,), math.pi, (-inf,))),
        refused=tuple(((x,), UNDEFINED) for x in (1.0 + 2.0**-52, 745.0, -745.0, 1e308, -1e308, inf)),
    ),
    GateCase(autograd.atan, truth=mp.atan, ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3), extreme=one(*EXTREMES)),
    GateCase(
        autograd.atan2,
        truth=mp.atan2,
        ordinary=((1.0, 2.0), (1.0, -2.0), (-1.0, -2.0), (-1.0, 2.0), (0.0, 1.0), (1.0, 0.0), (1e-3, 7e2)),
        extreme=(*pairs_with_extremes(2.0, 3.0), (1e308, 1e308), (1e-308, -1e-308), (1e-308, 1e308)),
        stated=(((0.0, -2.0), math.pi, (-0.5, -0.0)), ((-0.0, -2.0), -math.pi, (-0.5, 0.0))),
        refused=(((0.0, 0.0), UNDEFINED), ((-0.0, -0.0), UNDEFINED)),
    ),
    GateCase(
        autograd.sinh,
        truth=mp.sinh,
        ordinary=one(0.0, 1.0, -2.0, 10.0, 1e-3),
        extreme=one(709.0, -709.0, 1e-308, -0.0),
        refused=tuple(((x,), TOO_LARGE) for x in (745.0, -745.0, 1e308, -1e308)),
    ),
    GateCase(
        autograd.cosh,
        truth=mp.cosh,
        ordinary=one(0.0, 1.0, -2.0, 10.0, 1e-3),
        extreme=one(709.0, -709.0, 1e-308, -0.0),
        refused=tuple(((x,), TOO_LARGE) for x in (745.0, -745.0, 1e308, -1e308)),
    ),
    GateCase(
        autograd.asinh,
        truth=mp.asinh,
        ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3),
        extreme=one(*EXTREMES, 1e160, -1e-17),
    ),
    GateCase(
        autograd.acosh,
        truth=mp.acosh,
        ordinary=one(1.5, 2.0, 30.0, 1e5),
        extreme=one(745.0, 1e308, 1.0 + 2.0**-52),
        stated=(((1.0,), 0.0, (inf,)),),
        refused=tuple(((x,), UNDEFINED) for x in (1.0 - 2.0**-53, 0.0, -0.0, 1e-308, -745.0, -1e308)),
    ),
    GateCase(
        autograd.atanh,
        truth=mp.atanh,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        extreme=one(1e-308, -0.0, 1.0 - 2.0**-53, -1.0 + 2.0**-53),
        refused=tuple(((x,), UNDEFINED) for x in (1.0, -1.0, 745.0, -745.0, 1e308, -1e308, inf)),
    ),
    GateCase(
        autograd.erf,
        truth=mp.erf,
        ordinary=one(0.0, 0.5, -1.0, 2.0, 1e-3),
        extreme=one(*EXTREMES, 5.0, -26.5),
    ),
    GateCase(
        autograd.erfc,
        truth=erfc,
        ordinary=one(0.0, 0.5, -1.0, 2.0, 1e-3),
        extreme=one(*EXTREMES, 5.0, 26.5, -5.0),
    ),
    # ── activations ─────────────────────────────────────────────────────────────────────
    GateCase(
        autograd.sigmoid,
        truth=lambda z: 1 / (1 + mp.exp(-z)),
        ordinary=one(0.0, 1.0, -1.0, 5.0, -5.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES, 40.0, -40.0),
    ),
    GateCase(
        autograd.tanh,
        truth=mp.tanh,
        ordinary=one(0.0, 1.0, -1.0, 4.0, -4.0, 1e-3),
        extreme=one(*EXTREMES, 10.0, -10.0, 20.0, -300.0),
    ),
    GateCase(
        autograd.relu,
        truth=lambda z: max(0, z),
        ordinary=one(2.0, -2.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES[:-1], -1e-308),
        stated=(((0.0,), 0.0, (0.0,)), ((-0.0,), 0.0, (0.0,))),
        sides=(-1,),
    ),
    GateCase(
        autograd.leaky_relu,
        truth=lambda z, alpha=0.01: z if z >= 0 else alpha * z,
        ordinary=((2.0,), (-2.0,), (1e-3,), (-1e-3,), (2.0, 0.1), (-2.0, 0.1), (-2.0, -1.0), (-2.0, 0.0)),
        extreme=(*one(*EXTREMES[:-1], -1e-308), (-1e308, 0.1), (-1e308, 10.0)),
        stated=(((0.0,), 0.0, (1.0,)), ((-0.0,), -0.0, (1.0,)), ((0.0, 0.1), 0.0, (1.0,))),
        sides=(1,),
    ),
    GateCase(
        autograd.elu,
        truth=lambda z, alpha=1: z if z > 0 else alpha * mp.expm1(z),
        ordinary=((2.0,), (-2.0,), (1e-3,), (-1e-3,), (2.0, 0.1), (-2.0, 0.1)),
        extreme=(*one(*EXTREMES[:-1], -1e-308), (-20.0, 2.0), (-745.0, 0.1), (-1e308, 10.0)),
        stated=(
            # At 0 the slope is that of the left side, α.
            ((0.0,), 0.0, (1.0,)),
            ((-0.0,), -0.0, (1.0,)),
            ((0.0, 0.1), 0.0, (0.1,)),
            ((-0.0, 2.0), -0.0, (2.0,)),
        ),
        sides=(-1,),
    ),
    GateCase(
        autograd.softplus,
        truth=lambda z: mp.log(1 + mp.exp(z)),
        ordinary=one(0.0, 1.0, -1.0, 5.0, -5.0, 20.0, -20.0, 1e-3),
        extreme=one(*EXTREMES, 40.0, -40.0),
    ),
    GateCase(
        autograd.log_sigmoid,
        truth=lambda z: -mp.log(1 + mp.exp(-z)),
        ordinary=one(0.0, 1.0, -1.0, 5.0, -5.0, -20.0, 1e-3),
        extreme=one(*EXTREMES, 40.0, -40.0),
    ),
    GateCase(
        autograd.silu,
        truth=lambda z: z / (1 + mp.exp(-z)),
        ordinary=one(0.0, 1.0, -1.0, 5.0, -5.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES, 40.0, -40.0),
        ulps=32,
    ),
    GateCase(
        autograd.gelu,
        truth=lambda z: z * normal(z),
        ordinary=one(0.0, 1.0, -1.0, 3.0, -2.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES, 10.0, -10.0, -20.0),
        ulps=512,  # a rounding of -z/√2 moves erfc's tail by z² times as much
    ),
    GateCase(
        autograd.gelu_tanh,
        truth=lambda z: z * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (z + mp.mpf("0.044715") * z**3))) / 2,
        ordinary=one(0.0, 1.0, -1.0, 3.0, -2.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES, 10.0, -10.0, 99.0),
        ulps=512,  # so does a rounding of the sigmoid's argument
    ),
    GateCase(
        autograd.selu,
        truth=lambda z: (
            mp.mpf("1.0507009873554805") * z if z > 0 else mp.mpf("1.7580993408473766") * mp.expm1(z)
        ),
        ordinary=one(2.0, -2.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES[:-1], -20.0),
        stated=(((0.0,), 0.0, (1.7580993408473766,)), ((-0.0,), -0.0, (1.7580993408473766,))),
        sides=(-1,),
    ),
    GateCase(
        autograd.mish,
        truth=lambda z: z * mp.tanh(mp.log1p(mp.exp(z))),
        ordinary=one(0.0, 1.0, -1.0, 5.0, -5.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES, 40.0, -40.0),
        ulps=32,
    ),
    GateCase(
        autograd.hardtanh,
        truth=lambda z: max(-1, min(z, 1)),
        ordinary=one(0.5, -0.5, 2.0, -2.0, 1e-3),
        extreme=one(*EXTREMES),
        stated=(((1.0,), 1.0, (0.0,)), ((-1.0,), -1.0, (0.0,))),
    ),
    GateCase(
        autograd.softsign,
        truth=lambda z: z / (1 + abs(z)),
        ordinary=one(0.0, 2.0, -2.0, 1e-3, -1e-3),
        extreme=one(*EXTREMES),
    ),
)
