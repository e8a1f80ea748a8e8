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
from tests.gate_cases import GATE_CASES, GateCase, Point

LARGEST = mpf(1.7976931348623157e308)
SMALLEST = mpf(5e-324)
ULP = mpf(2) ** -52

# Far more than 50: mpmath differentiates by steps, which are to be small beside 1e-308 and seen beside 1e308.
DIGITS = 800


each_gate = pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)


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
def test_a_gate_states_its_symbol_and_a_convention_and_domain_where_the_table_has_any(case: GateCase) -> None:
    assert bool(case.stated) == bool(case.gate.convention)
    assert bool(case.undefined) == bool(case.gate.domain)
    assert case.gate.symbol


# ── numbers ─────────────────────────────────────────────────────────────────────────────


@each_gate
def test_output_and_local_gradients_are_those_of_mpmath(case: GateCase) -> None:
    for point in (*case.ordinary, *case.extreme):
        output, local_grads = case.gate.function(*point)
        assert_right(output, true_output(case, point), case.ulps, point)
        assert len(local_grads) == len(case.gate.local)
        for position, slope in enumerate(local_grads):
            assert_right(slope, true_slope(case, point, position), case.ulps, point)


@each_gate
def test_local_gradients_are_those_of_central_differences(case: GateCase) -> None:
    for point in case.ordinary:
        inputs, constants = point[: len(case.gate.local)], point[len(case.gate.local) :]
        gradcheck(lambda *values, constants=constants: case.gate(*values, *constants), inputs, tolerance=1e-8)


@each_gate
def test_kinks_ties_and_edges_follow_the_stated_convention(case: GateCase) -> None:
    found = [(point, *case.gate.function(*point)) for point, *_ in case.stated]
    assert repr(found) == repr(list(case.stated))  # repr tells -0.0 from 0.0


@each_gate
def test_a_refusal_says_what_the_gate_was_given_and_what_it_needs(case: GateCase) -> None:
    gate, count = case.gate, len(case.gate.local)
    undefined = dict.fromkeys(case.undefined, f"is not defined: it needs {gate.domain}")
    for point, words in (undefined | dict.fromkeys(case.too_large, "is too large for a float")).items():
        with pytest.raises(GateError) as caught:
            gate(*point)
        assert str(caught.value) == f"{gate.name}({', '.join(map(repr, point))}) {words}"
        inputs = [Value(x, f"x{i}") for i, x in enumerate(point[:count])]
        with pytest.raises(GateError) as caught:
            gate(*inputs, *point[count:])
        labelled = [*(f"{x.label} = {x.data!r}" for x in inputs), *map(repr, point[count:])]
        assert str(caught.value) == f"{gate.name}({', '.join(labelled)}) {words}"


@each_gate
def test_with_values_a_gate_records_the_numbers_of_its_function(case: GateCase) -> None:
    for point in (*case.ordinary, *case.extreme):
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
    point = case.ordinary[0]
    # What `where` does not take leaves no trace.
    for position in range(1 if case.gate is autograd.where else len(case.gate.local)):
        assert math.isnan(case.gate(*point[:position], math.nan, *point[position + 1 :]))


@pytest.mark.parametrize(
    ("gate", "point", "output", "local_grads"),
    [
        (autograd.exp, (math.inf,), math.inf, (math.inf,)),
        (autograd.exp, (-math.inf,), 0.0, (0.0,)),
        (autograd.sqrt, (math.inf,), math.inf, (0.0,)),
        (autograd.sigmoid, (math.inf,), 1.0, (0.0,)),
        (autograd.tanh, (math.inf,), 1.0, (0.0,)),
        (autograd.relu, (math.inf,), math.inf, (1.0,)),
        (autograd.relu, (-math.inf,), 0.0, (0.0,)),
        (autograd.softplus, (math.inf,), math.inf, (1.0,)),
        (autograd.elu, (-math.inf,), -1.0, (0.0,)),
        (autograd.leaky_relu, (-math.inf,), -math.inf, (0.01,)),
        (autograd.maximum, (math.inf, 1.0), math.inf, (1.0, 0.0)),
        (autograd.divide, (1.0, math.inf), 0.0, (0.0, -0.0)),
        (autograd.power, (math.inf, -1.0), 0.0, (-0.0,)),
        (autograd.clip, (math.inf, 0.0, 1.0), 1.0, (0.0,)),
        (autograd.clip, (-math.inf, 0.0, 1.0), 0.0, (0.0,)),
        (autograd.clip, (math.inf, 0.0, math.inf), math.inf, (1.0,)),
    ],
    ids=str,
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


@each_gate
def test_the_formulas_shown_to_readers_give_the_numbers(case: GateCase) -> None:
    for point in case.ordinary:
        output, local_grads = case.gate.function(*point)
        shown = [evaluated(formula, case.gate, point) for formula in (case.gate.formula, *case.gate.local)]
        assert shown == pytest.approx([output, *local_grads], rel=1e-9, abs=1e-15)


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


@pytest.mark.parametrize(
    ("function", "fields", "mistake"),
    [
        (plain, {"symbol": 3}, "its symbol is text, got int: 3"),
        (plain, {"convention": None}, "its convention is text, got NoneType: None"),
        (plain, {"local": "1"}, "its local is a tuple of formulas, one for each input, got '1'"),
        (plain, {"computed": (1.0,)}, "its computed is a tuple of formulas, one for each input, got (1.0,)"),
        (plain, {"computed": ("1", "2")}, "its computed has one formula for each of local, got ('1', '2')"),
        (plain, {"local": ()}, "0 local gradients for the parameters ('x',)"),
        (plain, {"local": ("1", "1")}, "2 local gradients for the parameters ('x',)"),
        (lambda *x: (sum(x), (1.0,)), {}, "its function takes arguments by position; *x is not one"),
        (lambda x, *, a=2.0: (a * x, (a,)), {}, "its function takes arguments by position; a=2.0 is not one"),
        (lambda x, a=None: (x, (1.0,)), {}, "the default of a is a number, got NoneType: None"),
        (lambda x, a="1": (x, (1.0,)), {}, "the default of a is a number, got str: '1'"),
    ],
)
def test_a_mistake_in_a_declaration_is_named(function: Any, fields: dict[str, Any], mistake: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"gate {function.__name__}: {mistake}")):
        gate(**({"symbol": "q", "formula": "x", "local": ("1",)} | fields))(function)


@pytest.mark.parametrize(
    ("apply", "words"),
    [
        (autograd.exp, r"exp\(x\): missing a required argument: 'x'"),
        (lambda: autograd.exp(1.0, 2.0), r"exp\(x\): too many positional arguments"),
        (lambda: autograd.multiply(Value(1.0)), r"multiply\(a, b\): missing .* 'b'"),
        (lambda: autograd.clip(Value(1.0), low=0.0), r"clip\(x, low, high\): missing .* 'high'"),
        (
            lambda: autograd.leaky_relu(Value(1.0), slope=0.5),
            r"leaky_relu\(.*\): got an unexpected .* 'slope'",
        ),
        (lambda: autograd.dot([1.0], inputs=[2.0], bais=3.0), r"dot\(\) got an unexpected .* 'bais'"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_the_name_of_the_gate(apply: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        apply()


def test_a_gate_is_the_same_as_itself_alone_and_cannot_be_changed() -> None:
    twin = dataclasses.replace(autograd.add)
    assert twin != autograd.add
    assert len({twin, autograd.add}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        autograd.add.symbol = "plus"  # type: ignore[misc]


@each_gate
def test_gates_are_pickled_and_copied_by_name_and_documented_as_their_function(case: GateCase) -> None:
    assert pickle.loads(pickle.dumps(case.gate)) is copy.deepcopy(case.gate) is case.gate
    called, function = (inspect.signature(x).parameters for x in (case.gate, case.gate.function))
    assert [(x.name, x.default) for x in called.values()] == [(x.name, x.default) for x in function.values()]
    assert case.gate.__doc__ == case.gate.function.__doc__


# ── defaults ────────────────────────────────────────────────────────────────────────────


@gate(symbol="s", formula="alpha*z + beta", local=("alpha",))
def shifted(z: float, alpha: float = 1.0, beta: float = 1.0) -> Any:
    return alpha * z + beta, (alpha,)


@gate(symbol="a·b", formula="a*b", local=("b", "a"))
def scaled(a: float, b: float = 2) -> Any:
    return a * b, (b, a)


def test_arguments_may_be_given_by_name_or_left_out_for_their_defaults() -> None:
    assert shifted(3.0, beta=2.0) == 5.0
    assert shifted(alpha=2.0, z=3.0) == 7.0
    z = Value(3.0)
    for node in (shifted(z), shifted(z, 1.0), shifted(z, beta=1.0)):  # a default is a constant like any other
        assert (node.arguments, node.local_grads) == ((z, 1.0, 1.0), (1.0,))
    node = shifted(z, beta=2.0)
    assert (node.data, node.constants) == (5.0, ((1, 1.0), (2, 2.0)))


def test_an_input_that_is_left_out_is_a_constant_too() -> None:
    a, b = Value(3.0), Value(4.0)
    node = scaled(a)
    node.backward()
    assert (node.data, node.arguments, node.local_grads, a.grad) == (6.0, (a, 2.0), (2.0,), 2.0)
    assert scaled(a, b).local_grads == (4.0, 3.0)
    assert scaled(3.0) == 6.0
    assert scaled(b=b, a=1.0).local_grads == (1.0,)


# ── numbers, and what is not one ────────────────────────────────────────────────────────

REAL_NUMBERS = [2, True, Fraction(1, 2), Decimal("0.5")]
NOT_REAL_NUMBERS = ["2", b"2", 2j, None, [2.0], {}]


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_gates_take_every_kind_of_real_number(number: Any) -> None:
    result = autograd.multiply(number, 1.5)
    assert type(result) is float
    assert result == float(number) * 1.5


@pytest.mark.parametrize("thing", NOT_REAL_NUMBERS, ids=repr)
def test_gates_refuse_what_is_not_one_real_number(thing: Any) -> None:
    with pytest.raises(TypeError, match=f"expected one real number, got {type(thing).__name__}: "):
        autograd.exp(thing)
