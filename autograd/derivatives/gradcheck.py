"""The check that a gradient is right: it is disputed with nothing but values of the function itself.

>>> print(gradcheck(lambda a, b: a * b + a * a, [2.0, 3.0]))
input  analytic  numeric  relative error
a             7        7               0
b             2        2               0
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd.arguments import function, nonnegative
from autograd.derivatives.differences import central_difference, one_sided
from autograd.derivatives.grad import gradient_by, one_output
from autograd.grad_mode import no_grad, recording
from autograd.shapes import flat, places, shaped
from autograd.value import Value


class GradientError(AssertionError):
    """The gradient of the engine and that of central differences disagree; see `.report`."""

    def __init__(self, report: GradientReport) -> None:
        wrong = sum(not row.agrees for row in report.rows)
        super().__init__(f"{wrong} of {len(report.rows)} gradients disagree\n{report}")
        self.report = report


@dataclass(frozen=True)
class InputCheck:
    """One input of a checked function.

    name            its label, or its parameter's name and its place in it
    analytic        ∂f/∂input by `backward()`
    numeric         ∂f/∂input by central differences, NaN where there are none
    relative_error  |analytic - numeric| in proportion to the larger of the two
    agrees          whether that is within the tolerance, or the convention at a kink
    note            what a reader should know besides: a kink, an edge of the domain
    """

    name: str
    analytic: float
    numeric: float
    relative_error: float
    agrees: bool
    note: str = ""


@dataclass(frozen=True)
class GradientReport:
    """What `gradcheck` found, an `InputCheck` for every input; prints as a table."""

    rows: tuple[InputCheck, ...]

    def __str__(self) -> str:
        cells = [("input", "analytic", "numeric", "relative error", "")]
        for row in self.rows:
            note = row.note if row.agrees else f"← {row.note or 'disagrees'}"
            error = f"{row.relative_error:.1g}"
            cells.append((row.name, f"{row.analytic:.10g}", f"{row.numeric:.10g}", error, note))
        name, *numbers, _ = (max(map(len, column)) for column in zip(*cells, strict=True))
        layout = f"{{:{name}}}  " + "".join(f"{{:>{width}}}  " for width in numbers) + "{}"
        return "\n".join(layout.format(*row).rstrip() for row in cells)


def gradcheck(f: Callable[..., Any], inputs: Any, tolerance: float = 1e-6) -> GradientReport:
    """Compare the gradient of f with central differences of f, input by input.

    inputs     f's arguments: a list or tuple of numbers, lists and arrays, each handed to f
               as one argument; a lone number or array is one argument. Values that no gate
               made are handed over as they are, moved a little and put back, so a model's
               parameters can be checked where they stand:
               `gradcheck(lambda *parameters: loss(), model.parameters())`.
    tolerance  how large |analytic - numeric| may be in proportion to the larger of the two.
               A slope so small that f's own rounding hides it counts as 0.

    At a kink, where the slopes to the left and to the right differ, any slope from one to
    the other passes, since which of them a gate takes is a convention; the report notes it.

    Returns a report that prints as a table. Raises GradientError, an AssertionError, with
    that table where an input disagrees; ValueError where there is nothing to check, or where
    f gives different results for the same inputs; the errors of `grad` besides.

    >>> print(gradcheck(lambda x, y: x * y[0] - y[1], [2.0, [3.0, 4.0]]))
    input  analytic  numeric  relative error
    x             3        3               0
    y[0]          2        2               0
    y[1]         -1       -1               0
    >>> print(gradcheck(lambda x: abs(x) + x, 0.0))
    input  analytic  numeric  relative error
    x             1        1               0
    """
    function("f", f)
    tolerance = nonnegative("tolerance", tolerance)
    arguments = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
    named = _named_leaves(f, arguments)
    leaves = [leaf for _, leaf in named]

    def output() -> Value:
        return one_output(f(*shaped(arguments, leaves)))

    with recording():
        recorded = output()
    analytic = gradient_by(recorded, leaves)
    with no_grad():
        again = output().data
    if again != recorded.data:
        raise ValueError(f"f gives different results for the same inputs: {recorded.data!r}, then {again!r}")
    report = GradientReport(
        tuple(
            _check(name, leaf, output, slope, tolerance)
            for (name, leaf), slope in zip(named, analytic, strict=True)
        )
    )
    if not all(row.agrees for row in report.rows):
        raise GradientError(report)
    return report


def _named_leaves(f: Callable[..., Any], arguments: tuple[Any, ...]) -> list[tuple[str, Value]]:
    """The Values to move: those among the arguments, and new ones for the numbers."""
    named: dict[Value, str] = {}
    if not any(flat(argument, "an input") for argument in arguments):
        raise ValueError("nothing to check: there are no inputs")
    for argument, title in zip(arguments, _titles(f, arguments), strict=True):
        for number, name in zip(flat(argument, title), places(argument, title), strict=True):
            leaf = number if isinstance(number, Value) else Value(number)
            if leaf.gate is not None:
                raise TypeError(
                    f"{name} was made by a gate, {leaf.gate.name}: give leaves, which can be moved"
                )
            if leaf in named:
                raise ValueError(f"{name} and {named[leaf]} are the same Value: give it once")
            named[leaf] = leaf.label or name
    return [(name, leaf) for leaf, name in named.items()]


def _titles(f: Callable[..., Any], arguments: tuple[Any, ...]) -> list[str]:
    """For every argument the name of f's parameter, where it can be read."""
    titles = [f"input {i}" for i in range(1, len(arguments) + 1)]
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):
        return titles  # not every callable has a signature to read
    try:
        bound = signature.bind(*arguments).arguments
    except TypeError as error:
        raise TypeError(
            f"f cannot be called with these {len(arguments)} inputs: {error}; "
            f"a list that f takes whole stands in a list of inputs: gradcheck(f, [[1.0, 2.0]])"
        ) from None
    for i, name in enumerate(bound):
        if signature.parameters[name].kind is not inspect.Parameter.VAR_POSITIONAL:
            titles[i] = name
    return titles


def _check(
    name: str, leaf: Value, output: Callable[[], Value], analytic: float, tolerance: float
) -> InputCheck:
    def f(moved: float) -> float:
        leaf.data = moved
        with no_grad():
            return output().data

    x = leaf.data
    try:
        numeric, doubt, floor = central_difference(f, x)
        size = max(abs(analytic), abs(numeric), floor)
        error = abs(analytic - numeric) / size if size else 0.0
        agrees = error <= tolerance  # not so where either is NaN
        kink = None if agrees else one_sided(f, x)
    finally:
        leaf.data = x
    note = ""
    if math.isnan(numeric):
        note = "f is not defined on both sides of the input"
    elif kink is not None:
        low, high = sorted(kink)
        slack = 1e-4 * (high - low)
        agrees = low - slack <= analytic <= high + slack
        note = "a kink: slope {:.6g} to the left, {:.6g} to the right".format(*kink)
    elif not agrees and doubt > tolerance * size:
        note = f"the numeric one is uncertain by {doubt:.1g}: f is too rough here"
    return InputCheck(name, analytic, numeric, error, agrees, note)
