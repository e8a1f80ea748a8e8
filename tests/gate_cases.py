"""The table that every test of gates reads: where each gate is tried, and what it must give.

Points are the arguments of the gate, inputs and constants. They come in these kinds:

ordinary   central differences and mpmath both decide
extreme    mpmath alone decides: differences of floats say nothing at 1e308
stated     a convention decides, written out here: kinks, ties, edges of a domain
undefined  GateError, which names the gate's domain
too_large  GateError, since the result is beyond the floats

Every input is tried at every one of EXTREMES: where no other point does so, beside the
numbers of the first ordinary point. `further` holds extreme points besides those.

`truth` is the gate's textbook formula for mpmath. No derivative is written down: mpmath
differentiates the formula.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mpmath import mp

import autograd
from autograd import Gate

Point = tuple[float, ...]

EXTREMES = (745.0, -745.0, 1e308, -1e308, 1e-308, -0.0)

inf = math.inf


@dataclass(frozen=True)
class GateCase:
    gate: Gate
    truth: Callable[..., Any]
    ordinary: tuple[Point, ...]
    further: tuple[Point, ...] = ()
    stated: tuple[tuple[Point, float, Point], ...] = ()
    undefined: tuple[Point, ...] = ()
    too_large: tuple[Point, ...] = ()
    ulps: int = 8  # how many units in the last place output and slopes may be off

    @property
    def name(self) -> str:
        return self.gate.name

    @property
    def extreme(self) -> tuple[Point, ...]:
        return (*self.further, *self._untried())

    @property
    def points(self) -> tuple[Point, ...]:
        """Everywhere that the gate is tried."""
        return (*self._chosen(), *self._untried())

    def _chosen(self) -> tuple[Point, ...]:
        stated = (point for point, *_ in self.stated)
        return (*self.ordinary, *self.further, *stated, *self.undefined, *self.too_large)

    def _untried(self) -> Iterator[Point]:
        usual = self.ordinary[0]
        for i in range(len(self.gate.local)):
            tried = {repr(point[i]) for point in self._chosen()}  # repr tells -0.0 from 0.0
            yield from ((*usual[:i], x, *usual[i + 1 :]) for x in EXTREMES if repr(x) not in tried)


def one(*numbers: float) -> tuple[Point, ...]:
    """Points of a gate with one input."""
    return tuple((number,) for number in numbers)


def erfc(x: Any) -> Any:
    """mpmath's, which gives up on arguments that are very large."""
    return mp.erfc(x) if abs(x) < 1e6 else mp.mpf(2 * (x < 0))


NEGATIVE = one(-1e-308, -745.0, -1e308)
BEYOND_1 = one(1.0 + 2.0**-52, 745.0, -745.0, 1e308, -1e308, inf)
NEAR_1 = one(1.0 - 2.0**-53, -1.0 + 2.0**-53)
ANGLES = one(0.0, 1.0, -2.0, math.pi / 2, 30.0, 1e-3)

GATE_CASES = (
    # ── arithmetic ──────────────────────────────────────────────────────────────────────
    GateCase(
        autograd.add,
        truth=operator.add,
        ordinary=((2.0, 3.0), (-1.5, 1.5), (0.0, 0.0), (1e-3, -7e5)),
        further=((1e308, 3.0), (1e308, 1e308), (1e308, -1e308), (-0.0, -0.0)),
    ),
    GateCase(
        autograd.subtract,
        truth=operator.sub,
        ordinary=((2.0, 3.0), (-1.5, -1.5), (0.0, 0.0), (1e-3, -7e5)),
        further=((1e308, 3.0), (1e308, -1e308), (1e308, 1e308), (-0.0, 0.0)),
    ),
    GateCase(
        autograd.multiply,
        truth=operator.mul,
        ordinary=((2.0, 3.0), (-1.5, 4.0), (0.0, 5.0), (0.0, 0.0), (-1e-3, -7e5)),
        further=((2.0, 1e-308), (1e308, 1e308), (1e-308, 1e-308), (1e308, 1e-308)),
    ),
    GateCase(
        autograd.divide,
        truth=operator.truediv,
        ordinary=((2.0, 3.0), (-1.5, 4.0), (0.0, 5.0), (7.0, -0.01), (-1e5, -1e3)),
        further=((2.0, 1e-308), (1e308, 1e-308), (1e-308, 1e308), (1e308, 1e308)),
        undefined=((2.0, 0.0), (2.0, -0.0), (0.0, 0.0)),
    ),
    GateCase(autograd.negate, truth=operator.neg, ordinary=one(2.0, -3.0, 0.0)),
    GateCase(
        autograd.power,
        truth=mp.power,
        ordinary=(
            *((x, 2.0) for x in (3.0, -3.0, 0.0, 1e-3)),
            *((x, 1.0) for x in (3.0, 0.0, -3.0)),
            *((2.0, 3.0), (-2.0, 3.0), (2.0, -1.0), (-0.5, -1.0), (4.0, 0.5), (1e-3, 0.5)),
            *((2.5, 0.0), (2.0, -3.5), (0.0, 4.0)),
        ),
        further=(
            *((x, 2.0) for x in (745.0, -745.0, 1e-308, 1e154, 1e-160)),
            *((x, 1.0) for x in (745.0, -745.0, 1e308, -1e308, 1e-308)),
            *((x, -1.0) for x in (745.0, 1e308, -1e308, 1e-308)),
            *((x, 0.5) for x in (745.0, 1e308, 1e-308)),
            *((1e-200, -1.5), (1e308, -2.0), (1.0, 1e308), (0.5, 1e308), (2.0, -1e308), (2.0, 1e-308)),
            *((5e-324, 0.01), (1e-309, 0.9), (1e-309, 1e-10), (1.5e-323, 5e-323)),
        ),
        stated=(
            # 0^n: slope 0 for n > 1, 1 for n = 1, +∞ for 0 < n < 1, and 0^0 = 1 with slope 0.
            *(((zero, 0.0), 1.0, (0.0,)) for zero in (0.0, -0.0)),
            *(((zero, 0.5), 0.0, (inf,)) for zero in (0.0, -0.0)),
            ((-0.0, 1.0), -0.0, (1.0,)),
            ((-0.0, 2.0), 0.0, (0.0,)),
            ((-0.0, 3.0), -0.0, (0.0,)),
            ((0.0, 1.5), 0.0, (0.0,)),
            ((0.0, 745.0), 0.0, (0.0,)),
        ),
        undefined=(
            *((0.0, -1.0), (-0.0, -1.0), (0.0, -0.5)),
            *((-2.0, 0.5), (-745.0, 0.5), (-1e308, -1.5)),
        ),
        too_large=((1e308, 2.0), (-1e308, 3.0), (1e-308, -2.0), (2.0, 1e308), (745.0, 745.0)),
    ),
    GateCase(
        autograd.exponentiate,
        truth=mp.power,
        ordinary=((2.0, 3.0), (2.0, -3.0), (0.5, 2.5), (3.0, 0.0), (3.0, 3.0), (1.0, 5.0), (1e-3, 0.5)),
        further=(
            *((745.0, 1.5), (1e-308, 1.5)),
            *((a, b) for a in (745.0, 1e308, 1e-308) for b in (0.5, -1.0)),
            *((2.0, b) for b in (745.0, -745.0, -1e308, 1e-308, -0.0)),
            *((0.5, 1e308), (1.0, 1e308)),
            *((5e-324, 0.01), (1e-309, 0.9), (1e-309, 1e-10), (1.5e-323, 5e-323)),
        ),
        stated=(
            *(((a, 2.0), 0.0, (0.0, 0.0)) for a in (0.0, -0.0)),
            ((0.0, 1.0), 0.0, (1.0, 0.0)),
            ((0.0, 0.5), 0.0, (inf, 0.0)),
            ((0.0, 1.5), 0.0, (0.0, 0.0)),
            ((0.0, 1e308), 0.0, (0.0, 0.0)),
        ),
        undefined=(
            *((0.0, 0.0), (0.0, -0.0), (0.0, -1.0), (-0.0, -0.5)),
            *((-2.0, 3.0), (-2.0, 0.5), (-0.5, 2.0), (-745.0, 2.0), (-1e308, 2.0)),
        ),
        too_large=((1e308, 1.5), (1e-308, -2.0), (2.0, 1e308), (745.0, 745.0)),
    ),
    GateCase(
        autograd.square,
        truth=lambda x: x * x,
        ordinary=one(3.0, -3.0, 0.0, 1e-3),
        further=one(1e154, 1e-160),
    ),
    GateCase(
        autograd.reciprocal,
        truth=lambda x: 1 / x,
        ordinary=one(2.0, -0.5, 1e-3, -1e5),
        undefined=one(0.0, -0.0),
    ),
    GateCase(
        autograd.mod,
        truth=lambda a, b: a - b * mp.floor(a / b),
        ordinary=((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (0.3, 1.0), (1e5, 7.3)),
        further=tuple((a, 2.5) for a in (745.5, -745.5, 1e-308, -1e-308)),
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
        undefined=((2.0, 0.0), (2.0, -0.0)),
    ),
    GateCase(
        autograd.absolute,
        truth=abs,
        ordinary=one(3.0, -3.0, 1e-3, -1e-3),
        stated=tuple(((zero,), 0.0, (0.0,)) for zero in (0.0, -0.0)),
    ),
    *(
        GateCase(
            gate,
            truth,
            ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001), (1.001, 1.0)),
            further=((1e308, 3.0), (2.0, 1e308), (1e308, -1e308), (2.0, -0.0)),
            # A tie goes to the first.
            stated=tuple(((x, y), x, (1.0, 0.0)) for x, y in ((1.0, 1.0), (0.0, -0.0), (1e308, 1e308))),
        )
        for gate, truth in ((autograd.maximum, max), (autograd.minimum, min))
    ),
    *(
        GateCase(
            gate,
            truth=lambda a, b, compare=compare: mp.mpf(compare(a, b)),
            ordinary=((2.0, 3.0), (3.0, 2.0), (-1.0, -2.0), (1.0, 1.001)),
            further=((1e308, 3.0), (2.0, -1e308), (1e308, -1e308)),
            stated=tuple((tie, float(compare(*tie)), (0.0, 0.0)) for tie in ((1.0, 1.0), (0.0, -0.0))),
        )
        for gate, compare in (
            (autograd.greater, operator.gt),
            (autograd.greater_equal, operator.ge),
            (autograd.less, operator.lt),
            (autograd.less_equal, operator.le),
        )
    ),
    GateCase(
        autograd.where,
        truth=lambda condition, a, b: a if condition != 0 else b,
        ordinary=((1.0, 2.0, 3.0), (-0.5, 2.0, 3.0), (1.0, -7e5, 1e-3)),
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
        stated=(((-1.0, -1.0, 2.0), -1.0, (1.0,)), ((2.0, -1.0, 2.0), 2.0, (1.0,))),
    ),
    GateCase(
        autograd.sign,
        truth=mp.sign,
        ordinary=one(3.0, -3.0, 1e-3, -1e-3),
        stated=(((0.0,), 0.0, (0.0,)), ((-0.0,), -0.0, (0.0,))),
    ),
    GateCase(
        autograd.floor,
        truth=mp.floor,
        ordinary=one(2.5, -2.5, 1e-3, -1e-3, 1e5 + 0.25),
        further=one(745.5, -745.5, 1e-308, -1e-308),
        stated=tuple(((x,), x, (0.0,)) for x in (0.0, -0.0, 3.0, -745.0, 745.0, 1e308, -1e308, inf)),
    ),
    # ── functions of one number ─────────────────────────────────────────────────────────
    GateCase(
        autograd.exp,
        truth=mp.exp,
        ordinary=one(0.0, 1.0, -1.0, 10.0, -20.0, 1e-3),
        further=one(709.0),
        too_large=one(745.0, 1e308, 710.0),
    ),
    GateCase(
        autograd.exp2,
        truth=lambda x: mp.power(2, x),
        ordinary=one(0.0, 1.0, -1.0, 10.5, -20.0, 1e-3),
        further=one(1023.0),
        too_large=one(1024.0, 1e308),
    ),
    GateCase(
        autograd.expm1,
        truth=mp.expm1,
        ordinary=one(0.0, 1.0, -1.0, 10.0, -10.0, 1e-3),
        further=one(709.0, 1e-17, -40.0),
        too_large=one(745.0, 1e308),
    ),
    *(
        GateCase(
            gate, truth, ordinary=one(1.0, math.e, 0.5, 1e-3, 1e5), undefined=(*one(0.0, -0.0), *NEGATIVE)
        )
        for gate, truth in (
            (autograd.log, mp.log),
            (autograd.log2, lambda x: mp.log(x, 2)),
            (autograd.log10, mp.log10),
        )
    ),
    GateCase(
        autograd.log1p,
        truth=mp.log1p,
        ordinary=one(0.0, 1.0, -0.5, 1e-3, 1e5),
        further=one(-1e-308, -1.0 + 2.0**-52, 1e-17),
        undefined=one(-1.0, -745.0, -1e308),
    ),
    GateCase(
        autograd.sqrt,
        truth=mp.sqrt,
        ordinary=one(1.0, 2.0, 0.25, 1e-3, 1e5),
        stated=(((0.0,), 0.0, (inf,)), ((-0.0,), -0.0, (inf,))),
        undefined=NEGATIVE,
    ),
    GateCase(
        autograd.cbrt,
        truth=lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        ordinary=one(1.0, -1.0, 8.0, -27.0, 1e-3, 1e5),
        further=one(5e-324, 1.7e308, 1e200, 1e-200, 3.0),
        stated=(((0.0,), 0.0, (inf,)), ((-0.0,), -0.0, (inf,))),
    ),
    GateCase(
        autograd.hypot,
        truth=mp.hypot,
        ordinary=((3.0, 4.0), (-3.0, 4.0), (0.0, 5.0), (5.0, 0.0), (1e-3, -7.0), (1.0, -1.0)),
        further=((1e308, 1e308), (1e308, 4.0), (1e-308, 4.0), (-0.0, 4.0), (1e-308, -1e-308), (5e-324, 0.0)),
        stated=(((0.0, 0.0), 0.0, (0.0, 0.0)), ((-0.0, 0.0), 0.0, (0.0, 0.0))),
    ),
    *(
        GateCase(gate, truth, ordinary=points, further=one(math.pi / 2), undefined=one(inf, -inf))
        for gate, truth, points in (
            (autograd.sin, mp.sin, one(0.0, 1.0, -2.0, 30.0, 1e-3)),
            (autograd.cos, mp.cos, ANGLES),
            (autograd.tan, mp.tan, one(0.0, 1.0, -2.0, 30.0, 1e-3)),
        )
    ),
    GateCase(
        autograd.asin,
        truth=mp.asin,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        further=NEAR_1,
        stated=(((1.0,), math.pi / 2, (inf,)), ((-1.0,), -math.pi / 2, (inf,))),
        undefined=BEYOND_1,
    ),
    GateCase(
        autograd.acos,
        truth=mp.acos,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        further=NEAR_1,
        stated=(((1.0,), 0.0, (-inf,)), ((-1.0,), math.pi, (-inf,))),
        undefined=BEYOND_1,
    ),
    GateCase(autograd.atan, truth=mp.atan, ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3)),
    GateCase(
        autograd.atan2,
        truth=mp.atan2,
        ordinary=((1.0, 2.0), (1.0, -2.0), (-1.0, -2.0), (-1.0, 2.0), (0.0, 1.0), (1.0, 0.0), (1e-3, 7e2)),
        further=((1e308, 2.0), (1.0, 1e308), (1e308, 1e308), (1e-308, -1e-308), (1e-308, 1e308), (2.0, -0.0)),
        stated=(((0.0, -2.0), math.pi, (-0.5, -0.0)), ((-0.0, -2.0), -math.pi, (-0.5, 0.0))),
        undefined=((0.0, 0.0), (-0.0, -0.0)),
    ),
    *(
        GateCase(
            gate,
            truth,
            ordinary=one(0.0, 1.0, -2.0, 10.0, 1e-3),
            further=one(709.0, -709.0),
            too_large=one(745.0, -745.0, 1e308, -1e308),
        )
        for gate, truth in ((autograd.sinh, mp.sinh), (autograd.cosh, mp.cosh))
    ),
    GateCase(
        autograd.asinh, truth=mp.asinh, ordinary=one(0.0, 1.0, -2.0, 30.0, 1e-3), further=one(1e160, -1e-17)
    ),
    GateCase(
        autograd.acosh,
        truth=mp.acosh,
        ordinary=one(1.5, 2.0, 30.0, 1e5),
        further=one(1.0 + 2.0**-52),
        stated=(((1.0,), 0.0, (inf,)),),
        undefined=one(1.0 - 2.0**-53, 0.0, -0.0, 1e-308, -745.0, -1e308),
    ),
    GateCase(
        autograd.atanh,
        truth=mp.atanh,
        ordinary=one(0.0, 0.5, -0.9, 1e-3),
        further=NEAR_1,
        undefined=(*one(1.0, -1.0), *BEYOND_1),
    ),
    *(
        GateCase(gate, truth, ordinary=one(0.0, 0.5, -1.0, 2.0, 1e-3), further=one(5.0, -5.0, 26.5, -26.5))
        for gate, truth in ((autograd.erf, mp.erf), (autograd.erfc, erfc))
    ),
    # ── activations ─────────────────────────────────────────────────────────────────────
    *(
        GateCase(
            gate,
            truth,
            ordinary=one(0.0, 1.0, -1.0, 3.0, -2.0, 1e-3, -1e-3),
            further=one(10.0, -10.0, 20.0, -20.0, 40.0, -40.0, 99.0, -300.0),
            ulps=ulps,
        )
        for gate, truth, ulps in (
            (autograd.sigmoid, lambda z: 1 / (1 + mp.exp(-z)), 8),
            (autograd.tanh, mp.tanh, 8),
            (autograd.softplus, lambda z: mp.log(1 + mp.exp(z)), 8),
            (autograd.log_sigmoid, lambda z: -mp.log(1 + mp.exp(-z)), 8),
            (autograd.softsign, lambda z: z / (1 + abs(z)), 8),
            (autograd.silu, lambda z: z / (1 + mp.exp(-z)), 32),
            (autograd.mish, lambda z: z * mp.tanh(mp.log1p(mp.exp(z))), 32),
            # A rounding of -z/√2 moves erfc's tail by z² times as much, and so does one of tanh's argument.
            (autograd.gelu, lambda z: z * erfc(-z / mp.sqrt(2)) / 2, 512),
            (
                autograd.gelu_tanh,
                lambda z: z * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (z + mp.mpf("0.044715") * z**3))) / 2,
                512,
            ),
        )
    ),
    GateCase(
        autograd.relu,
        truth=lambda z: max(0, z),
        ordinary=one(2.0, -2.0, 1e-3, -1e-3),
        further=one(-1e-308),
        stated=tuple(((zero,), 0.0, (0.0,)) for zero in (0.0, -0.0)),
    ),
    GateCase(
        autograd.leaky_relu,
        truth=lambda z, alpha=0.01: z if z >= 0 else alpha * z,
        ordinary=((2.0,), (-2.0,), (1e-3,), (-1e-3,), (2.0, 0.1), (-2.0, 0.1), (-2.0, -1.0), (-2.0, 0.0)),
        further=((-1e308,), (-1e-308,), (-1e308, 0.1), (-1e308, 10.0)),
        stated=(((0.0,), 0.0, (1.0,)), ((-0.0,), -0.0, (1.0,)), ((0.0, 0.1), 0.0, (1.0,))),
    ),
    GateCase(
        autograd.elu,
        truth=lambda z, alpha=1: z if z > 0 else alpha * mp.expm1(z),
        ordinary=((2.0,), (-2.0,), (1e-3,), (-1e-3,), (2.0, 0.1), (-2.0, 0.1)),
        further=((-745.0,), (-1e308,), (-1e-308,), (-20.0, 2.0), (-745.0, 0.1), (-1e308, 10.0)),
        stated=(
            # At 0 the slope is that of the left side, α.
            ((0.0,), 0.0, (1.0,)),
            ((-0.0,), -0.0, (1.0,)),
            ((0.0, 0.1), 0.0, (0.1,)),
            ((-0.0, 2.0), -0.0, (2.0,)),
        ),
    ),
    GateCase(
        autograd.selu,
        truth=lambda z: (
            mp.mpf("1.0507009873554805") * z if z > 0 else mp.mpf("1.7580993408473766") * mp.expm1(z)
        ),
        ordinary=one(2.0, -2.0, 1e-3, -1e-3),
        further=one(-20.0),
        stated=tuple(((zero,), zero, (1.7580993408473766,)) for zero in (0.0, -0.0)),
    ),
    GateCase(
        autograd.hardtanh,
        truth=lambda z: max(-1, min(z, 1)),
        ordinary=one(0.5, -0.5, 2.0, -2.0, 1e-3),
        stated=(((1.0,), 1.0, (0.0,)), ((-1.0,), -1.0, (0.0,))),
    ),
)
