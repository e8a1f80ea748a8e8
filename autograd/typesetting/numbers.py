"""Numbers, written for people: rounded, and no longer than they must be.

>>> decimal(0.36787944117), decimal(-2.0), decimal(0.36787944117, 2)
('0.3679', '-2', '0.37')
"""

from __future__ import annotations

import math

LEAST_DIGITS = 3
"""How many digits a small number keeps (fewer if fewer decimals were asked for)."""


def decimal(x: float, decimals: int | None = 4) -> str:
    """A number rounded for reading, or with all its digits if `decimals` is None.

    A number that needs fewer decimals gets fewer. A rounded one keeps its zeros, which say
    that it was rounded. Powers of ten take over from 10^7 and below 10^-4.

    >>> [decimal(x) for x in (-2.0, 0.5, 0.36787944, 1.00000123, 0.00026894, 1.5e-7, 1e20)]
    ['-2', '0.5', '0.3679', '1.0000', '0.000269', '1.5e-7', '1e20']
    """
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else ("∞" if x > 0.0 else "-∞")
    if x == 0.0:
        return "0"
    if decimals is None:
        return repr(x).removesuffix(".0").replace("e-0", "e-").replace("e+", "e")
    magnitude = math.floor(math.log10(abs(x)))
    if not -4 <= magnitude < 7:
        mantissa, exponent = f"{x:.{decimals}e}".split("e")
        return f"{_without_zeros(mantissa, float(mantissa))}e{int(exponent)}"
    return _without_zeros(f"{x:.{max(decimals, min(decimals, LEAST_DIGITS) - 1 - magnitude)}f}", x)


def _without_zeros(written: str, x: float) -> str:
    shorter = written.rstrip("0").rstrip(".") if "." in written else written
    return shorter if math.isclose(float(shorter), x, rel_tol=1e-12) else written


def decimals_showing(step: float, digits: int = 1, least: int = 4) -> int:
    """How many decimals show `digits` digits of a step, and no fewer than `least`.

    >>> decimals_showing(0.000269, digits=2)
    5
    """
    if step == 0.0 or not math.isfinite(step):
        return least
    return min(max(least, digits - 1 - math.floor(math.log10(abs(step)))), 15)
