"""A checker that objects when it should, agrees when it may, and says when it cannot tell."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograd import (
    Gate,
    GradcheckReport,
    GradcheckWarning,
    GradientError,
    InputCheck,
    Value,
    choose,
    dot,
    exp,
    gate,
    gradcheck,
    log,
    maximum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tanh,
)
from autograd.derivatives.differences import Slope, Slopes
from autograd.derivatives.gradcheck import AGREES, CANNOT_BE_TOLD, DISAGREES, verdict_on
from autograd.derivatives.rounding_noise import RoundingNoise
from nn.losses import softmax_cross_entropy
from tests.checker_corpus import corpus, verdicts
from tests.gate_cases import GATE_CASES, GateCase, Point
from tests.tally import tried

CASES = {case.name: case for case in GATE_CASES}

# ── the verdict ─────────────────────────────────────────────────────────────────────────

NAN = math.nan


@pytest.mark.parametrize(
    ("analytic", "noise", "central", "left", "right", "tolerance", "verdict"),
    [
        # central, left and right: a slope and its doubt
        (1.0, 0.0, (0.5, 0.0), (0.5, 0.0), (0.5, 0.0), 0.5, AGREES),  # gap and tolerance are both 0.5
        (1.0, 0.5, (1.0, 0.25), (1.0, 1.0), (1.0, 1.0), 0.5, CANNOT_BE_TOLD),  # the doubts add up to 0.75
        (1.0, 0.5, (1.0, 0.5), (1.0, 1.0), (1.0, 1.0), 0.5, CANNOT_BE_TOLD),
        (2.0, 0.25, (1.0, 0.25), (1.0, 1.0), (1.0, 1.0), 0.0, CANNOT_BE_TOLD),  # a gap of two doubts
        (2.0, 0.0, (1.0, 0.4), (1.0, 1.0), (1.0, 1.0), 0.0, DISAGREES),  # and of more
        (2.0, 0.0, (1.0, 0.4), (1.0, 1.0), (1.0, 1.0), 0.25, CANNOT_BE_TOLD),  # the tolerance explains it
        (2.0, 0.0, (1.0, 0.75), (1.0, 1.0), (1.0, 1.0), 0.0, CANNOT_BE_TOLD),
        # a kink: from one slope to the other, with their doubts, each is right
        (0.0, 0.0, (0.5, 0.5), (0.0, 0.0), (1.0, 0.0), 0.0, AGREES),
        (1.0, 0.0, (0.5, 0.5), (0.0, 0.0), (1.0, 0.0), 0.0, AGREES),
        (1.25, 0.0, (0.5, 0.5), (1.0, 0.125), (0.0, 0.125), 0.0, AGREES),
        (-0.25, 0.0, (0.5, 0.5), (0.0, 0.125), (1.0, 0.125), 0.0, AGREES),
        (1.5, 0.0, (0.5, 0.9), (0.0, 0.125), (1.0, 0.125), 0.0, DISAGREES),
        (1.5, 0.0, (0.5, 0.9), (0.0, 0.25), (1.0, 0.25), 0.0, CANNOT_BE_TOLD),  # as far apart as two doubts
        (1.5, 0.0, (0.5, 0.9), (0.0, 0.1875), (1.0, 0.1875), 0.0, DISAGREES),  # farther
        # a gradient of 0, whose numeric slope is negligible beside those nearby
        (0.0, 0.0, (1e-9, 1e-9, 1e-12), (0.0, 1.0), (0.0, 1.0), 0.0, AGREES),
        (0.0, 0.0, (1e-9, 1e-9, 1e-11), (0.0, 1.0), (0.0, 1.0), 0.0, CANNOT_BE_TOLD),
        # what values of f do not say
        (1.0, 0.0, (NAN, NAN), (NAN, NAN), (1.0, 0.0), 1e-6, CANNOT_BE_TOLD),
        (1.0, 0.0, (9.0, math.inf), (1.0, 1.0), (1.0, 1.0), 1e-6, CANNOT_BE_TOLD),
    ],
)  # fmt: skip
def test_the_verdict_agrees_if_it_cannot_be_wrong_and_disagrees_if_it_cannot_be_right(
    analytic: float, noise: float, central: Any, left: Any, right: Any, tolerance: float, verdict: str
) -> None:
    around = Slopes(
        *(Slope(*slope, 1.0) if len(slope) == 2 else Slope(*slope) for slope in (central, left, right))
    )
    assert verdict_on(analytic, noise, around, tolerance)[0] == verdict


# ── rounding noise ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("other", [1.4999, 1.2, 5.0])  # 1.4999 is just below 1.5 times what moves
def test_a_gate_that_hands_on_another_input_brings_no_noise(other: float) -> None:
    x = Value(1.0)
    noise = RoundingNoise(maximum(x, other) * 3.0, x)
    assert noise.of_value(1.0) == noise.of_slope() == 0.0


@pytest.mark.parametrize("other", [1.0, 3e9])
def test_a_gate_that_only_says_that_it_does_not_listen_brings_noise(other: float) -> None:
    @gate(symbol="?", formula="x + 1e9", local=("0", "0"))
    def far(x: float, y: float) -> tuple[float, tuple[float, ...]]:
        return x + 1e9, (0.0, 0.0)

    x = Value(1e-3)
    assert RoundingNoise(far(x, Value(other)), x).of_value(1e-3) >= 1e9 * 2.0**-53


def test_the_slope_has_at_least_the_noise_of_its_last_digit() -> None:
    x = Value(1.0)
    deaf = maximum(x, 5.0)
    for root in (x * 3.0, deaf + x * 3.0, exp(deaf) + x * 3.0):
        assert RoundingNoise(root, x).of_slope() >= 3.0 * 2.0**-52


def test_the_noise_is_infinite_if_rounding_may_leave_a_domain() -> None:
    x = Value(1.0)
    assert RoundingNoise((x * 1.0).arcsin(), x).of_slope() == math.inf


# ── gradcheck: the report ───────────────────────────────────────────────────────────────


def test_relative_errors_are_written_to_twelve_decimals() -> None:
    rows = tuple(InputCheck("x", 1.0, 1.0 + error, 0.0, AGREES) for error in (4e-13, 3e-12))
    assert [line.split()[-1] for line in str(GradcheckReport(rows)).splitlines()[1:]] == ["0", "3e-12"]


def test_the_report_has_a_row_for_every_input() -> None:
    report = gradcheck(lambda w, x, b: dot(w, x, b).tanh(), [[0.1, -0.2], [1.0, 2.0], 0.3])
    assert [row.name for row in report.rows] == ["w[0]", "w[1]", "x[0]", "x[1]", "b"]
    slope = 1 - math.tanh(0.1 - 0.4 + 0.3) ** 2
    expected = [slope, 2 * slope, 0.1 * slope, -0.2 * slope, slope]
    assert [row.analytic for row in report.rows] == pytest.approx(expected)
    assert [row.numeric for row in report.rows] == pytest.approx(expected, rel=1e-10)
    assert all(row.agrees and row.relative_error < 1e-10 and row.note == "" for row in report.rows)


def test_the_report_prints_as_a_table() -> None:
    x = InputCheck("x", 3.0, 3.0, 1e-12, "agrees")
    w = InputCheck("w[0]", -0.25, -0.5, 1e-12, "disagrees")
    z = InputCheck("z", 1e-14, 0.0, 1e-12, "cannot be told", "the numeric one is uncertain by 1e-12")
    assert str(GradcheckReport((x, w, z))) == (
        "input  analytic  numeric  relative error\n"
        "x             3        3               0\n"
        "w[0]      -0.25     -0.5             0.5  ← disagrees\n"
        "z         1e-14        0               1  ← cannot be told: the numeric one is uncertain by 1e-12"
    )


def test_the_error_shows_the_table_and_carries_the_report() -> None:
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda x, y, z: x * y + z + (x - 1.0) * Value(x.data), [2.0, 3.0, 4.0])
    first, header, wrong, right, _ = str(caught.value).splitlines()
    assert first == "1 of 3 gradients disagree"
    assert header == "input  analytic  numeric  relative error"
    assert wrong == "x             5        6             0.2  ← disagrees"
    assert right.startswith("y             2        2 ")
    assert isinstance(caught.value, AssertionError)
    assert [row.agrees for row in caught.value.report.rows] == [False, True, True]


def test_a_function_that_is_0_everywhere_has_the_slope_0_exactly() -> None:
    (row,) = gradcheck(lambda x: x * 0.0, 2.0, tolerance=0.0).rows
    assert (row.analytic, row.numeric, row.relative_error, row.agrees) == (0.0, 0.0, 0.0, True)


def test_names_come_from_labels_parameters_or_places() -> None:
    def names(f: Callable[..., Any], inputs: Any) -> list[str]:
        return [row.name for row in gradcheck(f, inputs).rows]

    assert names(lambda a: a, 1.0) == ["a"]
    assert names(lambda a, *rest: a * rest[0], [1.0, 2.0]) == ["a", "x2"]
    assert names(lambda a: a, Value(1.0, "w")) == ["w"]
    assert names(lambda a: a, Value(1.0)) == ["a"]
    assert names(lambda a: np.sum(a), np.ones((1, 2))) == ["a[0][0]", "a[0][1]"]
    assert names(max, [2.0, 1.0]) == ["x1", "x2"]
    assert names(exp, 1.0) == ["x"]


def test_values_are_checked_where_they_stand_and_put_back() -> None:
    w, b = Value(0.5, "w"), Value(-0.25, "b")
    w.grad = 7.0

    def loss() -> Value:
        return (w * 3.0 + b).tanh() ** 2

    report = gradcheck(lambda *parameters: loss(), [w, b])
    assert [row.name for row in report.rows] == ["w", "b"]
    assert (w.data, b.data, w.grad, b.grad) == (0.5, -0.25, 7.0, 0.0)


def test_values_are_put_back_when_f_fails() -> None:
    w = Value(2.0)

    def f(w: Value) -> Value:
        if w.data != 2.0:
            raise KeyError
        return w * 1.0

    with pytest.raises(KeyError):
        gradcheck(f, w)
    assert w.data == 2.0


# ── gradcheck: what it cannot check ─────────────────────────────────────────────────────


@pytest.mark.parametrize("inputs", [[], [[], []], np.array([])])
def test_no_inputs_is_an_error(inputs: Any) -> None:
    with pytest.raises(ValueError, match="nothing to check: there are no inputs"):
        gradcheck(lambda *_: Value(1.0), inputs)


def test_the_same_value_twice_is_an_error() -> None:
    w = Value(2.0, "w")
    with pytest.raises(ValueError, match=r"b and w are the same Value: give it once"):
        gradcheck(lambda a, b: a * b, [w, w])


def test_a_node_that_a_gate_made_is_an_error() -> None:
    with pytest.raises(TypeError, match="a was made by a gate, multiply: give leaves, which can be moved"):
        gradcheck(lambda a: a, Value(2.0) * 3.0)


def test_inputs_that_f_does_not_take_are_an_error() -> None:
    with pytest.raises(
        TypeError, match=r"f cannot be called with these 2 inputs: .*gradcheck\(f, \[\[1.0, 2.0\]\]\)"
    ):
        gradcheck(lambda x: x[0] * x[1], [1.0, 2.0])


@pytest.mark.parametrize("drift", [1.0, -1.0])
def test_a_function_that_drifts_either_way_is_an_error(drift: float) -> None:
    calls = iter(range(9))
    message = r"f gives different results for the same inputs: 1\.0, then [02]\.0"
    with pytest.raises(ValueError, match=message):
        gradcheck(lambda x: x + drift * next(calls), 1.0)


# ── gradcheck: kinks, edges and roughness ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("f", "at", "slopes"),
    [
        (relu, 0.0, "slope 0 to the left, 1 to the right"),
        (lambda x: x.leaky_relu(0.1), 0.0, "slope 0.1 to the left, 1 to the right"),
        (lambda x: x.minimum(-5.0) * 3.0, -5.0, "slope 3 to the left, 0 to the right"),
    ],
)
def test_at_a_kink_a_convention_passes_and_is_noted(f: Callable[[Any], Any], at: float, slopes: str) -> None:
    (row,) = gradcheck(f, at).rows
    assert (row.agrees, row.note) == (True, f"a kink: {slopes}")


def test_at_a_kink_a_slope_outside_the_two_sides_is_wrong() -> None:
    doubled = wrong(CASES["relu"], lambda slopes: (1.01,))
    with pytest.raises(GradientError, match="← disagrees: a kink: slope 0 to the left, 1 to the right"):
        gradcheck(doubled, 0.0)


def bent(left: float, right: float, convention: float) -> Gate:
    """A line with a kink at 0, bent a little more beside it, so that differences meet the slopes nearly."""

    @gate(symbol="bent", formula="x", local=("1",))
    def bent(x: float) -> tuple[float, Point]:
        if x == 0.0:
            return 0.0, (convention,)
        slope = left if x < 0.0 else right
        bend = (right - left) * abs(x) / 100.0
        return (slope - bend if x > 0.0 else slope + bend) * x, (math.nan,)

    return bent


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize(("left", "right"), [(2.0, 5.0), (-2.0, -5.0), (-3.0, 4.0)])
def test_a_kink_takes_any_slope_from_one_side_to_the_other(left: float, right: float, scale: float) -> None:
    gap = right - left
    for convention in (left, right, left + 0.01 * gap, (left + right) / 2, right - 0.01 * gap):
        gradcheck(bent(left * scale, right * scale, convention * scale), 0.0, tolerance=1e-12)
    for convention in (left - 0.01 * gap, right + 0.01 * gap):
        with pytest.raises(GradientError, match=r"a kink: slope [-\d]"):
            gradcheck(bent(left * scale, right * scale, convention * scale), 0.0, tolerance=1e-12)


def test_conventions_that_add_up_to_a_wrong_slope_are_objected_to() -> None:
    with pytest.raises(GradientError, match=r"0 +1 +1  ← disagrees"):
        gradcheck(lambda x: relu(x) - relu(-x), 0.0)  # which is x


def assert_cannot_be_told(f: Callable[..., Any], at: float, why: str) -> None:
    with pytest.warns(GradcheckWarning, match=f"1 of 1 gradients cannot be told\n(.|\n)*: {why}"):
        report = gradcheck(f, at)
    assert report.rows[0].verdict == CANNOT_BE_TOLD
    assert not report.agrees


def test_at_the_edge_of_a_domain_a_gradient_cannot_be_told() -> None:
    assert_cannot_be_told(sqrt, 0.0, "f is not defined on both sides of the input")


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_where_f_jumps_a_gradient_cannot_be_told(scale: float) -> None:
    assert_cannot_be_told(lambda x: -x * scale if x.data < 1.0 else x * scale, 1.0, "f is too rough here")


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda x: -log(sigmoid(x)), 30.0),
        (lambda x: (x * 40.0).sigmoid(), 1.0),
        (lambda x: softmax_cross_entropy([x, 0.0], 0), 30.0),
        (lambda x: 1e10 + x, 1.0),
        (lambda x: choose(0, [1e10 + x, x]), 1.0),
        (lambda x: 1.0 + x * 1e-20, 1.0),
        (tanh, 20.0),
    ],
)
def test_a_slope_that_rounding_hides_cannot_be_told(f: Callable[[Any], Any], at: float) -> None:
    assert_cannot_be_told(f, at, "the numeric one is uncertain by")


def test_a_slope_of_0_agrees_where_the_slopes_nearby_are_far_above_rounding() -> None:
    for f, at in (
        (lambda x: (x - 3.0) ** 2 + 1.0, 3.0),
        (lambda x: x.cos() + 1.0, 0.0),
        (lambda x: relu(x) * 3.0 + 1.0, -2.0),
        (lambda x: x.maximum(2.0) + 1e6, 1.0),
        (lambda x: x * 0.0 + 5.0, 2.0),
    ):
        assert gradcheck(f, at).agrees
    left_out = wrong(CASES["sigmoid"], scaled(0, 0.0))
    assert_cannot_be_told(lambda x: -log(left_out(x)), 40.0, "the numeric one is uncertain by")


# ── gradcheck: both kinds of error ──────────────────────────────────────────────────────

ROUNDED_INSIDE: list[tuple[Callable[[float], float], Callable[[float], float]]] = [
    (lambda x: math.sin(32.0 * math.pi * x), lambda x: 32.0 * math.pi * math.cos(32.0 * math.pi * x)),
    (lambda x: math.sin(1e3 * x), lambda x: 1e3 * math.cos(1e3 * x)),
    (lambda x: x * x - 2.0, lambda x: 2.0 * x),
    (lambda x: x**3 - 3.0 * x**2 + 3.0 * x - 1.0, lambda x: 3.0 * x**2 - 6.0 * x + 3.0),
    (lambda x: math.exp(x) - 1.0, math.exp),
    (lambda x: math.log(1.0 + x * x), lambda x: 2.0 * x / (1.0 + x * x)),
    (lambda x: 1.0 - 2.0 / (math.exp(2.0 * x) + 1.0), lambda x: 1.0 - math.tanh(x) ** 2),
]


@pytest.mark.parametrize("at", [-2.2, -1e-5, 0.0, 0.03749484653912205, math.sqrt(2.0), 3.7])
@pytest.mark.parametrize(("function", "slope"), ROUNDED_INSIDE)
@pytest.mark.filterwarnings("ignore::autograd.GradcheckWarning")
def test_rounding_inside_a_gate_is_not_mistaken_for_a_slope(
    function: Callable[[float], float], slope: Callable[[float], float], at: float
) -> None:
    for factor in (1.0, 1.001, 0.0):

        @gate(symbol="f", formula="x", local=("factor",))
        def own(x: float, factor: float = factor) -> tuple[float, tuple[float, ...]]:
            return function(x), (factor * slope(x),)

        if factor == 1.0:
            gradcheck(own, at)
        elif abs(slope(at)) > 1e-12:
            with contextlib.suppress(GradientError):
                assert not gradcheck(own, at).agrees


@pytest.mark.parametrize("step", [18, pytest.param(1, marks=pytest.mark.thorough)])
def test_no_wrong_gradient_is_agreed_with_and_no_right_one_objected_to(step: int) -> None:
    found = [
        (f"{case.family} at {case.x}", derivative, verdict)
        for case in list(corpus())[::step]
        for derivative, verdict in verdicts(case).items()
    ]
    tried("verdicts of the gradient checker", len(found))
    assert [row for row in found if row[1:] == ("right", DISAGREES)] == []
    assert [row for row in found if row[1] != "right" and row[2] == AGREES] == []
    assert sum(verdict == CANNOT_BE_TOLD for *_, verdict in found) < 0.1 * len(found)


# ── gradcheck: how closely it looks ─────────────────────────────────────────────────────


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_where_f_is_smooth_it_is_not_called_rough(scale: float) -> None:
    spoilt = wrong(CASES["exp"], scaled(0, 1.001))
    with pytest.raises(GradientError, match=r"← disagrees$"):
        gradcheck(lambda x: spoilt(x) * scale, 1.0)


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (exp, 700.0),
        (log, 1e-308),
        (sqrt, 1e-300),
        (sin, 1e-6),
        (relu, -1e-4),
        (lambda x: x**5, 0.0),
        (lambda x: 1 / x, 1e-3),
        (lambda x: x**3, 1e100),
        (lambda x: ((x * x + 1.0).log() * 3.0).sin().exp(), 0.7),
    ],
)
def test_well_behaved_functions_agree_to_eight_digits(f: Callable[[Any], Any], at: float) -> None:
    gradcheck(f, at, tolerance=1e-8)


def test_a_slope_below_the_rounding_of_f_is_seen_at_the_tolerance_that_the_rounding_allows() -> None:
    gradcheck(lambda x: x.cos() + 100.0, 1e-6, tolerance=1e-5)
    with pytest.warns(GradcheckWarning):
        gradcheck(lambda x: x.cos() + 100.0, 1e-6, tolerance=1e-8)


def test_the_tolerance_is_relative() -> None:
    def f(x: Any) -> Any:
        return x * 1e-20 + Value(x.data) * 1e-23  # a slope of 1.001e-20, of which 1e-20 is seen

    with pytest.raises(GradientError):
        gradcheck(f, 1.0)
    gradcheck(f, 1.0, tolerance=2e-3)


# ── gradcheck: the checker checked ──────────────────────────────────────────────────────


def wrong(case: GateCase, spoil: Callable[[Point], Point]) -> Gate:
    """The gate with its local gradients spoilt."""

    @functools.wraps(case.gate.function)
    def function(*arguments: float) -> tuple[float, Point]:
        output, local_grads = case.gate.function(*arguments)
        return output, spoil(local_grads)

    return dataclasses.replace(case.gate, function=function)


def scaled(position: int, factor: float) -> Callable[[Point], Point]:
    return lambda slopes: tuple(slope * factor if i == position else slope for i, slope in enumerate(slopes))


def mistakes(case: GateCase) -> Iterator[tuple[int, Callable[[Point], Point]]]:
    """Ways to spoil a gate, each with the place of an input whose slope it spoils."""
    for position in range(len(case.gate.local)):
        for factor in (1.001, -1.0, 0.0):
            yield position, scaled(position, factor)
    if len(set(case.gate.local)) == 2:  # add's are both 1
        yield 0, lambda slopes: slopes[::-1]


@pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
def test_the_check_objects_to_every_gate_with_a_slightly_wrong_derivative(case: GateCase) -> None:
    for position, spoil in mistakes(case):
        spoilt = wrong(case, spoil)
        for point in case.ordinary[:3]:
            inputs, constants = point[: len(case.gate.local)], point[len(case.gate.local) :]
            _, slopes = case.gate.function(*point)
            if spoil(slopes)[position] == slopes[position] or abs(slopes[position]) < 1e-9:
                continue  # 1.001 times 0, or nearly so, is right

            def f(*values: Any, spoilt: Gate = spoilt, constants: Point = constants) -> Any:
                return spoilt(*values, *constants) * 3.0

            with pytest.raises(GradientError) as caught:
                gradcheck(f, inputs)
            assert not caught.value.report.rows[position].agrees
            tried("wrong derivatives objected to")


def test_the_check_objects_to_a_wrong_gate_deep_inside() -> None:
    spoilt = wrong(CASES["tanh"], scaled(0, 1.001))

    def f(w: Any, x: Any) -> Any:
        return dot(w, [spoilt(v) for v in x]).sigmoid().log()

    with pytest.raises(GradientError) as caught:
        gradcheck(f, [[0.5, -1.0], [0.3, 0.8]])
    assert [row.agrees for row in caught.value.report.rows] == [True, True, False, False]
