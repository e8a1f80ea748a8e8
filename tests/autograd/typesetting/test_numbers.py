"""Numbers, written for people."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.typesetting.numbers import decimal, decimals_showing

WRITTEN = [
    (0.0, "0"), (-0.0, "0"), (-3.0, "-3"), (0.1 + 0.2, "0.3"), (0.09003057, "0.0900"),
    (0.00123456, "0.00123"), (0.0001, "0.0001"), (0.00009, "9e-5"), (1234567.25, "1234567.25"),
    (1234567.891234, "1234567.8912"), (12345678.0, "1.2346e7"), (-5e-324, "-4.9407e-324"),
    (math.inf, "∞"), (-math.inf, "-∞"), (math.nan, "NaN"),
]  # fmt: skip


@pytest.mark.parametrize(("x", "written"), WRITTEN)
def test_a_number_is_rounded_and_keeps_only_zeros_that_say_so(x: float, written: str) -> None:
    assert decimal(x) == written


@given(st.floats(-1e300, 1e300))
def test_what_is_written_is_the_number_to_its_rounding(x: float) -> None:
    assert float(decimal(x)) == pytest.approx(x, rel=1e-2, abs=5e-5)


@pytest.mark.parametrize(
    ("step", "digits", "decimals"),
    [(0.000269, 2, 5), (0.0003, 1, 4), (0.5, 2, 4), (0.0, 2, 4), (1e-300, 1, 15)],
)
def test_decimals_that_show_a_step(step: float, digits: int, decimals: int) -> None:
    assert decimals_showing(step, digits) == decimals
    assert decimals_showing(-step, digits) == decimals
