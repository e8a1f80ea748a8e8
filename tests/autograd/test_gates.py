"""Every gate against mpmath, against central differences, and against its stated conventions."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import math
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp, mpf

import autograd
from autograd import Gate, GateError, Value, gate, gradcheck
from autograd.graph import contribution
from tests.gate_cases import EXTREMES, GATE_CASES, UNDEFINED, GateCase, Point

LARGEST = mpf(1.7976931348623157e308)
SMALLEST = mpf(5e-324)
ULP = mpf(2) ** -52

# Far more than 50: mpmath differentiates by steps, which are to be small beside 1e-308 and seen beside 1e308.
DIGITS = 800


def named(thing: Any) -> str:
    return thing.name if isinstance(thing, (Gate, GateCase)) else str(thing)


def each(*kinds: str) -> Any:
    """Every gate at all its points of these kinds."""
    points = [(case, point) for case in GATE_CASES for kind in kinds for point in getattr(case, kind)]
    return pytest.mark.parametrize(("case", "point"), points, ids=named)


each_gate = pytest.mark.parametrize("case", GATE_CASES, ids=named)

each_stated = pytest.mark.parametrize(
    ("gate", "point", "output", "local_grads"),
    [(case.gate, *row) for case in GATE_CASES for row in case.stated],
    ids=named,
)

each_refused = pytest.mark.parametrize(
    ("gate", "point", "words"), [(case.gate, *row) for case in GATE_CASES for row in case.refused], ids=named
)


def true_output(case: GateCase, point: Point) -> Any:
    with mp.workdps(DIGITS):
        return case.truth(*map(mpf, point))


def true_slope(case: GateCase, point: Point, position: int) -> Any:
    """∂(truth)/∂(one input), by mpmath's own differentiation."""

    def along(x: Any) -> Any:
        return case.truth(*map(mpf, point[:position]), x, *map(mpf, point[position + 1 :]))

    with mp.workdps(DIGITS):
        return mp.diff(along, mpf(point[position]), relative=point[position] != 0.0)


def assert_right(number: float, truth: Any, ulps: int, point: Point) -> None:
    """`number` is the true number to a few units in the last place, infinite beyond the floats."""
    # What e^z loses where it underflows, a factor z multiplies.
    slack = ulps * ULP * abs(truth) + SMALLEST * min(max(1.0, *map(abs, point)), 1e3)
    if math.isinf(number):
        assert abs(truth) + slack > LARGEST
        assert (number > 0) == (truth > 0)
    else:
        assert abs(mpf(number) - truth) <= slack, (number, mp.nstr(truth, 20))


# ── the table itself ────────────────────────────────────────────────────────────────────


def test_every_gate_of_the_package_is_in_the_table() -> None:
    exported = {name: thing for name, thing in vars(autograd).items() if isinstance(thing, Gate)}
    assert exported == {case.name: case.gate for case in GATE_CASES}


@each_gate
def test_every_gate_is_tried_at_every_extreme_of_every_input(case: GateCase) -> None:
    for position in range(len(case.gate.local)):
        tried = {repr(point[position]) for point in case.points}
        assert {repr(extreme) for extreme in EXTREMES} <= tried


@each_gate
def test_conventions_and_domains_are_stated_by_the_gate_where_the_table_has_any(case: GateCase) -> None:
    assert bool(case.stated) == bool(case.gate.convention)
    assert (UNDEFINED in dict(case.refused).values()) == bool(case.gate.domain)


# ── numbers ─────────────────────────────────────────────────────────────────────────────


@each("ordinary", "extreme")
def test_output_and_local_gradients_are_those_of_mpmath(case: GateCase, point: Point) -> None:
    output, local_grads = case.gate.function(*point)
    assert_right(output, true_output(case, point), case.ulps, point)
    assert len(local_grads) == len(case.gate.local)
    for position, slope in enumerate(local_grads):
        assert_right(slope, true_slope(case, point, position), case.ulps, point)


@each("ordinary")
def test_local_gradients_are_those_of_central_differences(case: GateCase, point: Point) -> None:
    inputs, constants = point[: len(case.gate.local)], point[len(case.gate.local) :]
    gradcheck(lambda *values: case.gate(*values, *constants), inputs, tolerance=1e-8)


@each_stated
def test_kinks_ties_and_edges_follow_the_stated_convention(
    gate: Gate, point: Point, output: float, local_grads: Point
) -> None:
    assert repr(gate.function(*point)) == repr((output, local_grads))  # repr tells -0.0 from 0.0


@each_refused
def test_a_refusal_says_what_the_gate_was_given_and_what_it_needs(
    gate: Gate, point: Point, words: str
) -> None:
    given = ", ".join(map(repr, point))
    with pytest.raises(GateError) as caught:
        gate(*point)
    needed = f": it needs {gate.domain}" if words == UNDEFINED else ""
    assert str(caught.value) == f"{gate.name}({given}) {words}{needed}"


@each_refused
def test_a_refusal_names_the_labels_of_values(gate: Gate, point: Point, words: str) -> None:
    count = len(gate.local)
    given = ", ".join(f"x{i} = {x!r}" if i < count else repr(x) for i, x in enumerate(point))
    inputs = [Value(x, f"x{i}") for i, x in enumerate(point[:count])]
    with pytest.raises(GateError) as caught:
        gate(*inputs, *point[count:])
    assert str(caught.value).startswith(f"{gate.name}({given}) {words}")


@each("ordinary", "extreme")
def test_with_values_a_gate_records_the_numbers_of_its_function(case: GateCase, point: Point) -> None:
    output, local_grads = case.gate.function(*point)
    inputs = tuple(Value(x) for x in point[: len(case.gate.local)])
    node = case.gate(*inputs, *point[len(inputs) :])
    assert repr((node.data, node.local_grads)) == repr((output, local_grads))
    assert (node.gate, node.inputs) == (case.gate, inputs)
    assert repr(case.gate(*point)) == repr(output)


@each_gate
def test_nan_comes_through_every_input(case: GateCase) -> None:
    if case.gate.formula.startswith("1 if a"):
        return  # a comparison with NaN is false, as Python's is
    if case.gate is autograd.where:
        assert math.isnan(autograd.where(math.nan, 1.0, 2.0))
        return  # what is not taken leaves no trace
    point = case.ordinary[0]
    for position in range(len(case.gate.local)):
        assert math.isnan(case.gate(*point[:position], math.nan, *point[position + 1 :]))


@pytest.mark.parametrize(
    ("gate", "point", "output", "local_grads"),
    [
        (autograd.exp, (math.inf,), math.inf, (math.inf,)),
        (autograd.exp, (-math.inf,), 0.0, (0.0,)),
        (autograd.log, (math.inf,), math.inf, (0.0,)),
        (autograd.sqrt, (math.inf,), math.inf, (0.0,)),
        (autograd.sigmoid, (math.inf,), 1.0, (0.0,)),
        (autograd.sigmoid, (-math.inf,), 0.0, (0.0,)),
        (autograd.tanh, (math.inf,), 1.0, (0.0,)),
        (autograd.tanh, (-math.inf,), -1.0, (0.0,)),
        (autograd.relu, (math.inf,), math.inf, (1.0,)),
        (autograd.relu, (-math.inf,), 0.0, (0.0,)),
        (autograd.softplus, (math.inf,), math.inf, (1.0,)),
        (autograd.softplus, (-math.inf,), 0.0, (0.0,)),
        (autograd.elu, (-math.inf,), -1.0, (0.0,)),
        (autograd.leaky_relu, (-math.inf,), -math.inf, (0.01,)),
        (autograd.absolute, (-math.inf,), math.inf, (-1.0,)),
        (autograd.maximum, (math.inf, 1.0), math.inf, (1.0, 0.0)),
        (autograd.minimum, (math.inf, 1.0), 1.0, (0.0, 1.0)),
        (autograd.divide, (1.0, math.inf), 0.0, (0.0, -0.0)),
        (autograd.add, (math.inf, 1.0), math.inf, (1.0, 1.0)),
        (autograd.power, (math.inf, -1.0), 0.0, (-0.0,)),
    ],
    ids=named,
)
def test_infinities_are_carried_as_floats_do(
    gate: Gate, point: Point, output: float, local_grads: Point
) -> None:
    assert gate.function(*point) == (output, local_grads)


# ── the formulas that readers are shown ─────────────────────────────────────────────────


def evaluated(formula: str, gate: Gate, point: Point) -> float:
    parameters = inspect.signature(gate.function).bind(*point)
    parameters.apply_defaults()
    names: dict[str, Any] = vars(math) | {"abs": abs, "max": max, "min": min}
    names["sigmoid"] = lambda z: 1 / (1 + math.exp(-z))
    names["softplus"] = lambda z: math.log1p(math.exp(z))
    names["sign"] = lambda x: math.copysign(1.0, x) if x else 0.0
    return float(eval(formula, {"__builtins__": {}}, names | parameters.arguments))


@each("ordinary")
def test_the_formulas_shown_to_readers_give_the_numbers(case: GateCase, point: Point) -> None:
    output, local_grads = case.gate.function(*point)
    assert evaluated(case.gate.formula, case.gate, point) == pytest.approx(output, rel=1e-9, abs=1e-15)
    for formula, slope in zip(case.gate.local, local_grads, strict=True):
        assert evaluated(formula, case.gate, point) == pytest.approx(slope, rel=1e-9, abs=1e-15)


# ── a reader's own gates ────────────────────────────────────────────────────────────────


@gate(symbol="hyp", formula="sqrt(a**2 + b**2)", local=("a/hypot(a, b)", "b/hypot(a, b)"))
def hypotenuse(a: float, b: float) -> Any:
    """The length of (a, b)."""
    length = math.hypot(a, b)
    return length, (a / length, b / length)


def test_a_gate_of_ones_own_works_like_the_built_in_ones() -> None:
    a, b = Value(3.0), Value(4.0)
    c = hypotenuse(a, b)
    (c * 2.0).backward()
    assert (c.data, a.grad, b.grad) == (5.0, 1.2, 1.6)
    assert hypotenuse(3, 4) == 5.0
    assert hypotenuse(a, 4.0).inputs == (a,)
    assert hypotenuse.name == "hypotenuse"
    assert hypotenuse.parameters == ("a", "b")
    assert repr(hypotenuse) == "<gate hypotenuse(a, b)>"
    gradcheck(hypotenuse, [3.0, 4.0], tolerance=1e-8)
    with pytest.raises(GateError, match=r"hypotenuse\(0.0, 0.0\) is not defined: (float )?division by zero"):
        hypotenuse(0.0, 0.0)


@pytest.mark.parametrize(
    "answer",
    [
        *(6.0, None, (6.0,), (6.0, 1.0), (6.0, (1.0, 1.0), 0.0)),  # no output with a tuple
        *((6.0, ()), (6.0, (1.0,)), (6.0, (1.0, 1.0, 1.0))),  # a local gradient too few, or too many
        *(("6", (1.0, 1.0)), (None, (1.0, 1.0)), (6.0, (1.0, None))),  # no numbers
    ],
)
def test_an_answer_is_an_output_with_one_local_gradient_for_each_input(answer: Any) -> None:
    @gate(symbol="?", formula="a + b", local=("1", "1"))
    def broken(a: float, b: float) -> Any:
        return answer

    for arguments in [(2.0, 3.0), (Value(2.0), Value(3.0)), (Value(2.0), 3.0), (2.0, Value(3.0))]:
        with pytest.raises(TypeError, match=r"gate broken: its function returns .* a tuple of 2; it gave"):
            broken(*arguments)


def plain(x: float) -> Any:
    return x, (1.0,)


@pytest.mark.parametrize("field", ["local", "computed"])
@pytest.mark.parametrize("formulas", [(1.0,), "1"])
def test_the_local_gradients_of_a_gate_are_formulas_in_a_tuple(field: str, formulas: Any) -> None:
    fields: dict[str, Any] = {"local": ("1",), field: formulas}
    with pytest.raises(TypeError, match=f"its {field} is a tuple of formulas, one for each input, got "):
        gate(symbol="q", formula="x", **fields)(plain)


def test_a_local_gradient_is_computed_in_one_way() -> None:
    with pytest.raises(TypeError, match=r"its computed has one formula for each of local, got \('1', '2'\)"):
        gate(symbol="q", formula="x", local=("1",), computed=("1", "2"))(plain)


def test_a_gate_names_every_input() -> None:
    with pytest.raises(TypeError, match=r"takes arguments by position; \*numbers"):

        @gate(symbol="?", formula="a", local=("1",))
        def broken(*numbers: float) -> Any:
            return sum(numbers), (1.0,)

    with pytest.raises(TypeError, match="takes arguments by position; alpha"):

        @gate(symbol="?", formula="alpha*a", local=("alpha",))
        def scaled(a: float, *, alpha: float = 2.0) -> Any:
            return alpha * a, (alpha,)


def test_arguments_that_do_not_fit_are_refused_in_the_name_of_the_gate() -> None:
    for apply, words in (
        (autograd.exp, r"exp\(x\): missing a required argument: 'x'"),
        (lambda: autograd.exp(1.0, 2.0), r"exp\(x\): too many positional arguments"),
        (lambda: autograd.clip(Value(1.0), low=0.0), r"clip\(x, low, high\): missing .* 'high'"),
        (lambda: autograd.dot([1.0], inputs=[2.0], bais=3.0), r"dot\(.*\): got an unexpected .* 'bais'"),
    ):
        with pytest.raises(TypeError, match=words):
            apply()  # type: ignore[operator]


def test_a_gate_is_the_same_as_itself_alone_and_cannot_be_changed() -> None:
    twin = dataclasses.replace(autograd.add)
    assert twin != autograd.add
    assert len({twin, autograd.add}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        autograd.add.symbol = "plus"  # type: ignore[misc]
    assert repr(autograd.add) == "<gate add(a, b)>"


@pytest.mark.parametrize("local", [(), ("1", "1", "1")])
def test_a_gate_needs_one_local_gradient_for_each_input(local: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match=r"gate broken: \d local gradients for the parameters \('a', 'b'\)"):

        @gate(symbol="?", formula="a", local=local)
        def broken(a: float, b: float) -> Any:
            return a, (1.0,)


@each_gate
def test_gates_are_pickled_and_copied_by_name_and_documented_as_their_function(case: GateCase) -> None:
    assert pickle.loads(pickle.dumps(case.gate)) is case.gate
    assert copy.deepcopy(case.gate) is case.gate
    called, function = (
        inspect.signature(case.gate).parameters,
        inspect.signature(case.gate.function).parameters,
    )
    assert [(x.name, x.default) for x in called.values()] == [(x.name, x.default) for x in function.values()]
    assert case.gate.__doc__ == case.gate.function.__doc__


def test_clip_has_the_slopes_of_minimum_and_maximum_at_infinity_too() -> None:
    assert autograd.clip.function(math.inf, 0.0, 1.0) == (1.0, (0.0,))
    assert autograd.clip.function(-math.inf, 0.0, 1.0) == (0.0, (0.0,))
    assert autograd.clip.function(math.inf, 0.0, math.inf) == (math.inf, (1.0,))


# ── defaults ────────────────────────────────────────────────────────────────────────────


@gate(symbol="s", formula="alpha*z + beta", local=("alpha",))
def shifted(z: float, alpha: float = 1.0, beta: float = 1.0) -> Any:
    return alpha * z + beta, (alpha,)


@gate(symbol="a·b", formula="a*b", local=("b", "a"))
def scaled(a: float, b: float = 2) -> Any:
    return a * b, (b, a)


def test_a_constant_by_name_is_not_dropped_behind_one_that_was_left_out() -> None:
    assert shifted(3.0, beta=2.0) == 5.0
    node = shifted(Value(3.0), beta=2.0)
    assert (node.data, node.constants) == (5.0, ((1, 1.0), (2, 2.0)))
    assert shifted(alpha=2.0, z=3.0) == 7.0


def test_a_default_is_a_constant_of_the_node_like_any_other_number() -> None:
    z = Value(3.0)
    for node in (shifted(z), shifted(z, 1.0), shifted(z, beta=1.0)):
        assert (node.arguments, node.local_grads) == ((z, 1.0, 1.0), (1.0,))


def test_an_input_that_is_left_out_is_a_constant_too() -> None:
    a, b = Value(3.0), Value(4.0)
    node = scaled(a)
    node.backward()
    assert (node.data, node.arguments, node.local_grads, a.grad) == (6.0, (a, 2.0), (2.0,), 2.0)
    assert scaled(a, b).local_grads == (4.0, 3.0)
    assert scaled(3.0) == 6.0
    assert scaled(b=b, a=1.0).local_grads == (1.0,)


def test_an_argument_without_a_default_cannot_be_left_out() -> None:
    for arguments in ((), (Value(1.0),)):
        with pytest.raises(TypeError, match="missing"):
            autograd.multiply(*arguments)
    for arguments in ((1.0,), (1.0, 2.0), (Value(1.0), 2.0)):
        with pytest.raises(TypeError, match="unexpected keyword argument 'c'"):
            scaled(*arguments, c=2.0)


@pytest.mark.parametrize(("default", "kind"), [(None, "NoneType: None"), ("1", "str: '1'")])
def test_a_default_is_a_number(default: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"gate f: the default of alpha is a number, got {kind}")):

        @gate(symbol="f", formula="x", local=("1",))
        def f(x: float, alpha: Any = default) -> Any:
            return x, (1.0,)


# ── numbers, and what is not one ────────────────────────────────────────────────────────

REAL_NUMBERS = [
    2,
    True,
    Fraction(1, 2),
    Decimal("0.5"),
]

NOT_REAL_NUMBERS = [
    ("2", "str"),
    (b"2", "bytes"),
    (2j, "complex"),
    (None, "NoneType"),
    ([2.0], "list"),
    ({}, "dict"),
]


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_gates_take_every_kind_of_real_number(number: Any) -> None:
    result = autograd.multiply(number, 1.5)
    assert type(result) is float
    assert result == float(number) * 1.5


@pytest.mark.parametrize(("thing", "kind"), NOT_REAL_NUMBERS)
def test_gates_refuse_what_is_not_one_real_number(thing: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"expected one real number, got {kind}: "):
        autograd.exp(thing)


def test_arguments_may_be_given_by_name() -> None:
    assert autograd.leaky_relu(-2.0, alpha=0.5) == autograd.leaky_relu(alpha=0.5, z=-2.0) == -1.0
    assert autograd.leaky_relu(Value(-2.0), alpha=0.5).data == -1.0
    with pytest.raises(TypeError, match="slope"):
        autograd.leaky_relu(-2.0, slope=0.5)


@pytest.mark.parametrize("upstream", [-3.0, 5e-324, 3.0, math.inf])
def test_a_contribution_is_local_times_upstream_and_nothing_where_nothing_arrives(upstream: float) -> None:
    assert contribution(2.0, upstream) == 2.0 * upstream
    assert contribution(math.inf, 0.0) == contribution(math.inf, -0.0) == 0.0
