"""The check that a gradient is right: it is compared with slopes of the function's own values alone."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd.advice import warn
from autograd.arguments import function, nonnegative
from autograd.derivatives.differences import Slopes, slopes
from autograd.derivatives.grad import gradient_by, one_output
from autograd.derivatives.rounding_noise import RoundingNoise
from autograd.expansion import expand
from autograd.grad_mode import enable_grad, no_grad
from autograd.shapes import flat, places, shaped, titles
from autograd.typesetting.columns import aligned
from autograd.value import Value


class GradientError(AssertionError):
    """The gradient of the engine and that of central differences disagree; see `.report`."""

    def __init__(self, report: GradcheckReport) -> None:
        wrong = len(report.disagreeing)
        super().__init__(f"{wrong} of {len(report.rows)} gradients disagree\n{report}")
        self.report = report


class GradcheckWarning(UserWarning):
    """Values of f cannot tell whether a gradient is right; the message says why."""


NEGLIGIBLE = 1e-12
"""The part of the slopes nearby that is as good as 0."""

AGREES, DISAGREES, CANNOT_BE_TOLD = "agrees", "disagrees", "cannot be told"


@dataclass(frozen=True)
class InputCheck:
    """One input of a checked function.

    name      its label, or its parameter's name and its place in it
    analytic  ∂f/∂input by `backward()`
    numeric   ∂f/∂input by central differences, NaN if f is not defined on both sides
    doubt     how far the numeric one may be off: f's rounding, and what wide steps leave out
    verdict   "agrees", "disagrees" or "cannot be told"
    note      why it cannot be told, or the two slopes at a kink
    """

    name: str
    analytic: float
    numeric: float
    doubt: float
    verdict: str
    note: str = ""

    @property
    def relative_error(self) -> float:
        """|analytic - numeric| in proportion to the larger of the two."""
        size = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) / size if size else 0.0

    @property
    def agrees(self) -> bool:
        """Whether the verdict is that the gradient agrees."""
        return self.verdict == AGREES


@dataclass(frozen=True)
class GradcheckReport:
    """What `gradcheck` found, an `InputCheck` for every input; prints as a table, with about ten digits."""

    rows: tuple[InputCheck, ...]

    @property
    def agrees(self) -> bool:
        """Whether every gradient agrees."""
        return all(row.agrees for row in self.rows)

    @property
    def disagreeing(self) -> list[InputCheck]:
        """The rows of gradients that disagree."""
        return [row for row in self.rows if row.verdict == DISAGREES]

    def __str__(self) -> str:
        cells = [("input", "analytic", "numeric", "relative error", "")]
        for row in self.rows:
            verdict = "" if row.agrees else f"← {row.verdict}"
            remark = ": ".join(filter(None, (verdict, row.note)))
            error = round(row.relative_error, 12)
            numbers = (f"{row.analytic:.10g}", f"{row.numeric:.10g}", f"{error:.1g}")
            cells.append((row.name, *numbers, remark))
        return "\n".join(aligned(cells, "<>>><"))


def gradcheck(f: Callable[..., Any], inputs: Any, tolerance: float = 1e-6) -> GradcheckReport:
    """Compare the gradient of f with central differences of f, input by input.

    inputs     f's arguments: a list or tuple of numbers, lists and arrays, each passed to f
               as one argument; a lone number or array is one argument. Leaves are passed on
               as they are, moved a little and put back, so a model's parameters can be
               checked where they stand:
               `gradcheck(lambda *parameters: loss(), model.parameters())`.
    tolerance  how large |analytic - numeric| may be in proportion to the larger of the two

    Every input gets one of three verdicts. The gradient *agrees* if the numeric one is as
    close and its own doubt as small as the tolerance asks; a gradient of exactly 0 agrees if
    the numeric one is 0 to twelve digits beside the slopes nearby. It
    *disagrees* if neither the tolerance nor the doubt explains the difference. In between it
    *cannot be told*, and the note says why: rounding hides the slope (that of -log σ(30) is
    10⁻¹³, and one rounding of σ(30) is 10⁻¹⁶), f is defined on one side only, or it jumps.

    At a kink, where the slopes to the left and to the right differ, every slope from one to
    the other agrees, since it is a convention which of them a gate takes; the note says so.

    Returns a report that prints as a table. Raises GradientError, an AssertionError, with
    that table if an input disagrees; warns with a GradcheckWarning if one cannot be told.
    Raises ValueError if there is nothing to check, or f returns different results for the
    same inputs, and the errors of `grad`.

    >>> print(gradcheck(lambda x, y: x * y[0] - y[1], [2.0, [3.0, 4.0]]))
    input  analytic  numeric  relative error
    x             3        3               0
    y[0]          2        2               0
    y[1]         -1       -1               0
    """
    function("f", f)
    tolerance = nonnegative("tolerance", tolerance)
    arguments = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
    names = _named_leaves(f, arguments)
    leaves = list(names)

    def output() -> Value:
        return one_output(f(*shaped(arguments, leaves)))

    with enable_grad():
        recorded = output()
    opened = expand(recorded)
    analytic = gradient_by(recorded, leaves)
    with no_grad():
        again = output().data
    if again != recorded.data:
        raise ValueError(f"f gives different results for the same inputs: {recorded.data!r}, then {again!r}")
    report = GradcheckReport(
        tuple(
            _check(name, leaf, output, opened, slope, tolerance)
            for (leaf, name), slope in zip(names.items(), analytic, strict=True)
        )
    )
    if report.disagreeing:
        raise GradientError(report)
    if not report.agrees:
        untold = sum(not row.agrees for row in report.rows)
        warn(f"{untold} of {len(report.rows)} gradients cannot be told\n{report}", GradcheckWarning)
    return report


def _named_leaves(f: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[Value, str]:
    """The Values to move, with their names: those among the arguments, and new ones for the numbers."""
    names: dict[Value, str] = {}
    _check_call(f, arguments)
    if not any(flat(argument, "an input") for argument in arguments):
        raise ValueError("nothing to check: there are no inputs")
    for argument, title in zip(arguments, titles(f, len(arguments)), strict=True):
        for number, name in zip(flat(argument, title), places(argument, title), strict=True):
            leaf = number if isinstance(number, Value) else Value(number)
            if leaf.gate is not None:
                raise TypeError(
                    f"{name} was made by a gate, {leaf.gate.name}: give leaves, which can be moved"
                )
            if leaf in names:
                raise ValueError(f"{name} and {names[leaf]} are the same Value: give it once")
            names[leaf] = leaf.label or name
    return names


def _check_call(f: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        inspect.signature(f).bind(*arguments)
    except ValueError:
        pass  # not every callable has a signature to read
    except TypeError as error:
        raise TypeError(
            f"f cannot be called with these {len(arguments)} inputs: {error}; "
            f"a list that f takes whole stands in a list of inputs: gradcheck(f, [[1.0, 2.0]])"
        ) from None


def _check(
    name: str, leaf: Value, output: Callable[[], Value], recorded: Value, analytic: float, tolerance: float
) -> InputCheck:
    def f(moved: float) -> float:
        leaf.data = moved
        with no_grad():
            return output().data

    x = leaf.data
    rounding = RoundingNoise(recorded, leaf)
    try:
        around = slopes(f, x, rounding.of_value)
    finally:
        leaf.data = x
    verdict, note = verdict_on(analytic, rounding.of_slope(), around, tolerance)
    return InputCheck(name, analytic, around.central.value, around.central.doubt, verdict, note)


def verdict_on(analytic: float, noise: float, around: Slopes, tolerance: float) -> tuple[str, str]:
    """Agrees if it cannot be wrong, disagrees if it cannot be right, otherwise "cannot be told"."""
    numeric, left, right = around
    gap, size = abs(analytic - numeric.value), max(abs(analytic), abs(numeric.value))
    doubt = numeric.doubt + noise
    if max(gap, doubt) <= max(tolerance * size, sys.float_info.min):  # false if either is NaN
        return AGREES, ""
    if analytic == 0.0 and gap <= doubt and numeric.share <= NEGLIGIBLE:
        return AGREES, ""  # 0 has no digits to confirm, but beside the slopes nearby this is 0
    low, high = sorted((left, right))
    unsure = left.doubt + right.doubt
    if high.value - low.value > 2.0 * unsure + tolerance * max(abs(low.value), abs(high.value)):
        within = low.value - unsure <= analytic <= high.value + unsure
        note = f"a kink: slope {left.value:.6g} to the left, {right.value:.6g} to the right"
        return AGREES if within else DISAGREES, note
    if math.isnan(numeric.value):
        return CANNOT_BE_TOLD, "f is not defined on both sides of the input"
    if not numeric.known:
        return CANNOT_BE_TOLD, "f is too rough here, its differences settle on no slope"
    if not gap <= 2.0 * doubt + tolerance * size:  # twice, since the doubt is itself an estimate
        return DISAGREES, ""
    return CANNOT_BE_TOLD, f"the numeric one is uncertain by {doubt:.1g}"
