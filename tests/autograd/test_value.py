"""Value: operators, backward, copies, and what bad numbers do."""

from __future__ import annotations

import copy
import itertools
import math
import pickle
import re
import traceback
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import autograd
from autograd import Gate, GateError, Value, gate, gates, no_grad
from autograd.foreign_words import OUR_WORD
from autograd.graph import leaves, topological_order
from autograd.value import apply
from tests.autograd.test_gates import NOT_REAL_NUMBERS, REAL_NUMBERS
from tests.gate_cases import GATE_CASES

# ── operators ───────────────────────────────────────────────────────────────────────────

BINARY_OPERATORS: dict[str, tuple[Callable[[Any, Any], Any], Gate]] = {
    "+": (lambda a, b: a + b, gates.add),
    "-": (lambda a, b: a - b, gates.subtract),
    "*": (lambda a, b: a * b, gates.multiply),
    "/": (lambda a, b: a / b, gates.divide),
    "**": (lambda a, b: a**b, gates.exponentiate),
    "maximum": (lambda a, b: a.maximum(b), gates.maximum),
    "%": (lambda a, b: a % b, gates.mod),
    "minimum": (lambda a, b: a.minimum(b), gates.minimum),
    "hypot": (lambda a, b: a.hypot(b), gates.hypot),
    "arctan2": (lambda a, b: a.arctan2(b), gates.atan2),
}

METHODS = {name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")}
"""Methods that are called as NumPy's functions are."""

UNARY_OPERATORS: dict[str, tuple[Callable[[Any], Any], Gate]] = {
    "-": (lambda x: -x, gates.negate),
    "abs": (abs, gates.absolute),
    "floor": (math.floor, gates.floor),
    **{
        case.name: (lambda x, name=case.name: getattr(x, METHODS.get(name, name))(), case.gate)
        for case in GATE_CASES
        if len(case.gate.parameters) - len(case.gate.defaults) == 1
        and hasattr(Value, METHODS.get(case.name, case.name))
    },
}


@pytest.mark.parametrize("name", BINARY_OPERATORS)
def test_an_operator_between_values_applies_its_gate(name: str) -> None:
    operate, gate = BINARY_OPERATORS[name]
    a, b = Value(1.5, "a"), Value(2.5, "b")
    node = operate(a, b)
    assert (node.gate, node.inputs, node.constants) == (gate, (a, b), ())
    assert (node.data, node.local_grads) == gate.function(1.5, 2.5)


@pytest.mark.parametrize("name", BINARY_OPERATORS)
@pytest.mark.parametrize("position", [0, 1])
def test_a_number_beside_a_value_is_a_constant_of_the_gate(name: str, position: int) -> None:
    operate, gate = BINARY_OPERATORS[name]
    if (name == "**" and position == 0) or (name.isalnum() and position == 1):
        return  # a power, below; and a method of a Value
    data, slopes = gate.function(1.5, 2.5)
    x = Value((1.5, 2.5)[position])
    arguments = (x, 2.5) if position == 0 else (1.5, x)
    node = operate(*arguments)
    assert (node.gate, node.data, node.inputs, node.local_grads) == (gate, data, (x,), (slopes[position],))
    assert (node.constants, node.arguments) == (((1 - position, arguments[1 - position]),), arguments)


def test_a_plain_exponent_is_a_power_even_of_a_negative_base() -> None:
    x = Value(-3.0)
    node = x**2
    assert (node.gate, node.data, node.local_grads, node.arguments) == (gates.power, 9.0, (-6.0,), (x, 2.0))


def test_a_gate_applied_to_numbers_alone_gives_a_leaf() -> None:
    product = apply(gates.multiply, 2, 3.0)
    assert (product.data, product.gate, product.inputs, product.grad) == (6.0, None, (), 0.0)


@pytest.mark.parametrize("name", UNARY_OPERATORS)
def test_a_method_applies_the_gate_of_its_name(name: str) -> None:
    operate, gate = UNARY_OPERATORS[name]
    x = Value(1.5 if gate is gates.acosh else 0.5)
    node = operate(x)
    assert (node.gate, node.inputs) == (gate, (x,))
    assert (node.data, node.local_grads) == gate.function(x.data)


def test_every_gate_of_one_input_has_a_method_or_an_operator() -> None:
    covered = {gate for _, gate in (*UNARY_OPERATORS.values(), *BINARY_OPERATORS.values())}
    assert {case.name for case in GATE_CASES if case.gate not in covered} == {
        *("power", "clip"),  # written x**2, and x.clip(low, high)
        *("less", "less_equal", "greater", "greater_equal", "where"),
    }
    clipped = Value(3.0).clip(0.0, 1.0)
    assert (clipped.gate, clipped.data, clipped.arguments[1:]) == (gates.clip, 1.0, (0.0, 1.0))


def test_sum_leaves_no_zero_behind() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    node = sum([a, b, c])
    assert node.inputs[0].inputs == (a, b)
    assert node.inputs[1] is c
    assert sum([a]) is +a is a
    for number in (0.0, False, -1, 1):  # only the 0 that sum starts from
        assert (number + a).arguments == (float(number), a)


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_every_kind_of_real_number_works_on_either_side(number: Any) -> None:
    x = Value(4.0)
    for result, expected in [
        (x * number, 4.0 * float(number)),
        (number * x, 4.0 * float(number)),
        (number - x, float(number) - 4.0),
        (x**number, 4.0 ** float(number)),
    ]:
        assert type(result) is Value
        assert type(result.data) is float
        assert result.data == expected


@pytest.mark.parametrize("thing", ["2", b"2", 2j, None, [2.0], {}])
@pytest.mark.parametrize("name", ["+", "-", "*", "/", "**"])
def test_operators_refuse_what_is_not_a_real_number(name: str, thing: Any) -> None:
    operate, _ = BINARY_OPERATORS[name]
    with pytest.raises(TypeError):
        operate(Value(2.0), thing)
    with pytest.raises(TypeError):
        operate(thing, Value(2.0))


# ── comparisons and reading ─────────────────────────────────────────────────────────────


def test_order_is_that_of_the_data() -> None:
    a, b = Value(1.0), Value(2.0)
    assert [a < b, a <= b, a > b, a >= b] == [True, True, False, False]
    assert [a <= Value(1.0), a >= 1, 0.5 < a] == [True, True, True]  # noqa: SIM300
    assert max(a, b) is b
    assert sorted([b, a]) == [a, b]
    with pytest.raises(TypeError, match="'<' not supported between instances of 'Value' and 'str'"):
        assert a < "2"


def test_two_values_are_equal_if_they_are_the_same_node() -> None:
    a = Value(1.0)
    assert a == a
    assert a != Value(1.0)
    assert len({a, Value(1.0), a}) == 2
    assert [Value(1.0), a].index(a) == 1
    assert a != "1"
    assert a is not None


@pytest.mark.parametrize("number", [1, 1.0, 1.5, True, Fraction(1), math.nan])
def test_a_node_and_a_number_are_not_compared_by_equality(number: Any) -> None:
    a = Value(1.0)
    with pytest.raises(TypeError, match=re.escape(f"write v.data == {number!r}")):
        assert a == number
    with pytest.raises(TypeError, match=r"write v\.data =="):
        assert number != a
    with pytest.raises(TypeError, match=r"write v\.data =="):
        assert a in [number]
    assert a not in {number}  # whose hash is another: no answer says that they are equal


def test_a_value_is_true_where_its_number_is() -> None:
    assert Value(2.0)
    assert Value(-2.0)
    assert not Value(0.0)


OUT_OF_THE_GRAPH: list[tuple[Callable[[Any], Any], float]] = [
    (float, 2.5),
    (int, 2),
    (round, 2),
    (lambda v: round(v, 1), 2.5),
    (math.exp, math.exp(2.5)),
    (complex, 2.5 + 0j),
]


@pytest.mark.parametrize(("take", "number"), OUT_OF_THE_GRAPH)
@pytest.mark.parametrize("v", [Value(2.5), Value(2.0) + 0.5])
def test_no_number_leaves_a_graph_but_inside_no_grad(
    take: Callable[[Any], Any], number: float, v: Value
) -> None:
    with pytest.raises(
        TypeError, match=r"write autograd\.exp for math\.exp, and v\.data for the number alone"
    ):
        take(v)
    with no_grad():
        assert take(v) == number


# ── making one ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_data_and_gradients_are_floats(number: Any) -> None:
    x = Value(number)
    x.grad = number
    assert [(type(n), n) for n in (x.data, x.grad)] == [(float, float(number))] * 2
    x = Value(0.5)
    x.data = number
    assert (type(x.data), x.data) == (float, float(number))


@pytest.mark.parametrize("thing", [*NOT_REAL_NUMBERS, Value(1.0)], ids=repr)
def test_what_is_not_one_real_number_is_neither_data_nor_a_gradient(thing: Any) -> None:
    words = f"expected one real number, got {type(thing).__name__}: "
    with pytest.raises(TypeError, match=f"data of a Value: {words}"):
        Value(thing)
    x = Value(2.0, "x")
    for name in ("data", "grad"):
        if name == "data" or thing is not None:  # a gradient of None is 0
            with pytest.raises(TypeError, match=f"{name} of x: {words}"):
                setattr(x, name, thing)
    assert (x.data, x.grad) == (2.0, 0.0)


@pytest.mark.parametrize("label", [None, 3, b"x", ["x"]])
def test_a_label_is_text(label: Any) -> None:
    with pytest.raises(TypeError, match="a label is text, got"):
        Value(1.0, label)
    value = Value(1.0, "x")
    with pytest.raises(TypeError, match="a label is text, got"):
        value.label = label
    assert value.label == "x"


def test_a_leaf_and_a_node() -> None:
    x = Value(3.0, "x")
    assert (x.data, x.grad, x.label, x.gate) == (3.0, 0.0, "x", None)
    assert (x.inputs, x.local_grads, x.constants, x.arguments) == ((), (), (), ())
    y = x * x
    assert (y.data, y.grad, y.label, y.gate) == (9.0, None, "", gates.multiply)
    assert (y.inputs, y.local_grads, y.constants, y.arguments) == ((x, x), (3.0, 3.0), (), (x, x))
    y.backward()
    assert x.grad == 6.0  # by both edges
    with pytest.raises(AttributeError):
        x.gradient = 1.0  # type: ignore[attr-defined]


def test_repr_shows_number_label_and_gradient() -> None:
    x = Value(3.0, "x")
    assert repr(x) == "Value(3.0, label='x')"
    y = x * x
    assert repr(y) == "Value(9.0)"
    y.backward()
    assert repr(x) == "Value(3.0, label='x', grad=6.0)"
    assert repr(y) == f"{y}" == "Value(9.0, grad=1.0)"
    assert f"{y:.2f}" == "9.00"


# ── backward ────────────────────────────────────────────────────────────────────────────


def test_a_gate_of_many_inputs_multiplies_the_upstream_gradient_by_each_local_one() -> None:
    w, x, b = [Value(2.0), Value(-3.0)], [Value(5.0), Value(7.0)], Value(11.0)
    (autograd.dot(w, x, b) * 4.0).backward()
    assert [v.grad for v in (*w, *x, b)] == [20.0, 28.0, 8.0, -12.0, 4.0]


def test_gradients_add_up_where_paths_meet() -> None:
    x = Value(2.0)
    a, b = x * 3.0, x * 5.0
    (a * b + a).backward()  # 15x² + 3x
    assert x.grad == 63.0
    assert (a.grad, b.grad) == (11.0, 6.0)


@pytest.mark.parametrize("upstream", [-2.0, -1.0, 1.0, 2.0])
def test_every_upstream_gradient_but_0_is_handed_on(upstream: float) -> None:
    x = Value(3.0)
    (x * x * upstream).backward()
    assert x.grad == 6.0 * upstream


def test_where_no_gradient_arrives_an_infinite_slope_makes_no_nan() -> None:
    x = Value(0.0)
    (x.sqrt() * 0.0).backward()
    assert x.grad == 0.0


@pytest.mark.parametrize("first", [True, False])
def test_a_branch_that_no_gradient_reaches_stops_no_other(first: bool) -> None:
    x, zero = Value(2.0), Value(0.0)
    silent, heard = (x * 5.0).exp(), (x * 3.0) * x
    root = silent * zero + heard if first else heard + silent * zero
    root.backward()
    assert (x.grad, silent.grad, zero.grad) == (12.0, 0.0, silent.data)


def test_a_second_pass_doubles_leaves_and_leaves_inner_nodes_the_same() -> None:
    w, x = Value(0.3), Value(-1.7)
    inner = (w * x).tanh()
    loss = inner * w + inner.exp()
    loss.backward()
    once = (w.grad, x.grad)
    inner_once = inner.grad
    loss.backward()
    # w is used twice, and what its four parts add up to is rounded in their order.
    assert w.grad == pytest.approx(2 * once[0], rel=1e-15)
    assert x.grad == 2 * once[1]
    assert (inner.grad, loss.grad) == (inner_once, 1.0)


def test_a_gradient_that_was_not_computed_is_none() -> None:
    x = Value(2.0)
    on_path, aside = x * 2.0, x * 3.0
    (on_path + 1.0).backward()
    assert on_path.grad == 1.0
    assert aside.grad is None
    on_path.grad = None  # type: ignore[assignment]
    assert on_path.grad is None


def test_a_gradient_that_was_set_to_none_is_begun_anew() -> None:
    """As users of PyTorch clear gradients, wherever the leaf stands among a gate's inputs."""
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(4.0, "c")
    for start in itertools.product((None, 0.5), repeat=3):
        a.grad, b.grad, c.grad = start  # type: ignore[assignment]
        (autograd.dot([a, b, c], [c, a, b]) - a / b + 1.0 / c).backward()
        once = [7.0 - 1.0 / 3.0, 6.0 + 2.0 / 9.0, 5.0 - 1.0 / 16.0]
        expected = [g + (s or 0.0) for g, s in zip(once, start, strict=True)]
        assert [a.grad, b.grad, c.grad] == pytest.approx(expected, rel=1e-15)
    a.grad = None  # type: ignore[assignment]
    a.backward()  # a leaf is its own derivative
    a.backward()
    assert a.grad == 2.0


def test_backward_from_an_inner_node_stays_above_it() -> None:
    x = Value(2.0)
    y = x * x
    z = y * 3.0
    z.backward()
    y.backward()
    assert (x.grad, y.grad, z.grad) == (12.0 + 4.0, 1.0, 1.0)


def test_local_gradients_are_those_of_the_forward_pass() -> None:
    a, b = Value(2.0), Value(3.0)
    product = a * b
    a.data, b.data = 100.0, 100.0
    product.backward()
    assert (a.grad, b.grad, product.data) == (3.0, 2.0, 6.0)


def test_detach_is_a_leaf_of_the_same_number_and_label() -> None:
    x = Value(2.0, "x")
    y = x * x
    y.label = "y"
    cut = y.detach()
    assert (cut.data, cut.label, cut.gate, cut.grad) == (4.0, "y", None, 0.0)
    (cut * x).backward()
    assert (x.grad, cut.grad, y.grad) == (4.0, 2.0, None)


# ── bad numbers ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda x, z: 1 / z, "divide(1, z = 0.0) is not defined: it needs b ≠ 0"),
        (lambda x, z: x / z, "divide(x = -2.0, z = 0.0) is not defined: it needs b ≠ 0"),
        (lambda x, z: x / 0, "divide(x = -2.0, 0) is not defined: it needs b ≠ 0"),
        (lambda x, z: (x * -500.0).exp(), "exp(1000.0) is too large for a float"),
    ],
)
def test_outside_a_domain_the_gate_objects_at_once(
    compute: Callable[[Value, Value], Value], message: str
) -> None:
    x, z = Value(-2.0, "x"), Value(0.0, "z")
    with pytest.raises(GateError) as caught:
        compute(x, z)
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)
    with pytest.raises(GateError), no_grad():
        compute(x, z)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_leaf_that_is_not_finite_is_named_by_backward(bad: float) -> None:
    x, y = Value(2.0, "x"), Value(bad, "y")
    result = x * 3.0 + y  # carried along
    assert repr(result.data) == repr(6.0 + bad)
    with pytest.raises(GateError) as caught:
        result.backward()
    began = f"the leaf y = {bad!r} brought it in"
    assert str(caught.value) == f"backward() from a result that is not finite: {began}"
    assert x.grad == 0.0


def test_the_first_gate_that_overflows_is_named_by_backward() -> None:
    x = Value(1e300, "x")
    result = (x * 8.0) * x * 2.0 - 1.0
    assert result.data == math.inf
    with pytest.raises(GateError, match=r"it began at multiply\(8e\+300, x = 1e\+300\) = inf$"):
        result.backward()
    assert x.grad == 0.0


def test_a_fused_gate_that_overflows_is_named_with_its_largest_number() -> None:
    weights = [Value(-1e300, "w1"), Value(2.0, "w2")]
    with pytest.raises(GateError, match=r"it began at dot of 4 numbers, the largest w1 = -1e\+300 = inf$"):
        autograd.dot(weights, [Value(-1e10), Value(1.0)]).backward()


def test_a_number_set_to_infinity_afterwards_is_named_by_backward() -> None:
    y = Value(2.0) * 3.0
    y.data = math.inf
    with pytest.raises(GateError, match="it began at multiply"):
        y.backward()


def test_an_error_in_the_function_of_a_gate_says_what_it_was_applied_to() -> None:
    @gate(symbol="?", formula="x", local=("1",))
    def broken(x: float) -> tuple[float, tuple[float, ...]]:
        raise KeyError("no such entry")

    with pytest.raises(KeyError) as caught:
        broken(Value(2.0, "x"))
    assert caught.value.__notes__ == ["in broken(x = 2.0)"]


def test_numbers_of_other_kinds_from_a_gate_become_floats() -> None:
    @gate(symbol="2", formula="2", local=("0",))
    def two(x: float) -> Any:
        return 2, (Fraction(0),)

    assert type(two(1.0)) is float
    assert type(two(Value(1.0)).data) is float


def test_too_many_arguments_or_values_for_constants_are_refused() -> None:
    x = Value(2.0)
    with pytest.raises(TypeError, match="power takes plain numbers, not Values, after argument 1"):
        autograd.power(x, x)
    with pytest.raises(TypeError, match="leaky_relu takes plain numbers, not Values, after argument 1"):
        x.leaky_relu(x)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="positional argument"):
        autograd.log(x, 2.0)

    @gate(symbol="?", formula="x + a + b", local=("1",))
    def shifted(x: float, a: float, b: float) -> tuple[float, tuple[float, ...]]:
        return x + a + b, (1.0,)

    with pytest.raises(TypeError, match="shifted takes plain numbers, not Values, after argument 1"):
        shifted(x, 1.0, x)


def test_a_gate_of_hundreds_of_inputs_takes_numbers_among_them() -> None:
    x = [Value(float(i)) for i in range(400)]
    node = autograd.total([*x, 0.5])
    assert (node.data, node.inputs, node.constants) == (79800.5, tuple(x), ((400, 0.5),))


# ── copies ──────────────────────────────────────────────────────────────────────────────

COPIERS = [
    pytest.param(copy.deepcopy, id="deepcopy"),
    pytest.param(lambda thing: pickle.loads(pickle.dumps(thing)), id="pickle"),
]


def described(root: Value) -> list[Any]:
    """All that a graph says, apart from the identity of its objects."""
    order = topological_order(root)
    index = {node: i for i, node in enumerate(order)}
    return [
        (n.data, n.grad, n.label, n.gate, n.local_grads, n.constants, [index[x] for x in n.inputs])
        for n in order
    ]


def example() -> Value:
    w, x = Value(0.5, "w"), Value(-1.0, "x")
    hidden = autograd.dot([w, w, 2.0], [x, x, x], 1.0).tanh()
    hidden.label = "hidden"
    loss = 1 / (hidden * hidden + w**2)
    loss.backward()
    return loss


@pytest.mark.parametrize("copier", COPIERS)
def test_copies_of_leaves_are_apart_and_stay_shared(copier: Callable[[Any], Any]) -> None:
    w = Value(2.0, "w")
    w.grad = 3.0
    (twin,), product = copier(([w], w * w))
    assert leaves(product) == [twin]
    assert described(twin) == described(w)
    twin.data = 5.0
    assert w.data == 2.0


@pytest.mark.parametrize("copier", COPIERS)
def test_copies_of_graphs_are_whole_and_apart(copier: Callable[[Any], Any]) -> None:
    loss = example()
    before = described(loss)
    twin = copier(loss)
    assert described(twin) == before
    assert not set(topological_order(twin)) & set(topological_order(loss))
    for leaf in leaves(twin):
        leaf.grad = 0.0
    twin.backward()
    assert described(twin) == described(loss) == before


def test_a_shallow_copy_of_a_node_shares_its_leaves() -> None:
    x = Value(3.0)
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    twin.backward()
    assert x.grad == 6.0


# ── coming from other engines ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OUR_WORD)
def test_the_names_of_foreign_words_are_answered_with_ours(name: str) -> None:
    v = Value(2.0)
    words = re.escape(f"a Value has no attribute {name!r}: {OUR_WORD[name]}")
    with pytest.raises(AttributeError, match=words):
        getattr(v, name)
    with pytest.raises(AttributeError, match=words):
        setattr(v, name, True)
    assert not hasattr(v, name)
    assert name not in dir(v)


def test_nn_is_a_package_of_its_own() -> None:
    with pytest.raises(ImportError, match="write import nn"):
        from autograd import nn  # noqa: F401


def test_help_and_tracebacks_show_methods_by_their_own_names() -> None:
    for name in ("exp", "__add__", "__radd__", "__lt__", "arcsin", "clip"):
        method = vars(Value)[name]
        assert (method.__name__, method.__qualname__) == (name, f"Value.{name}")
    assert Value.exp.__doc__ == gates.exp.__doc__
    with pytest.raises(GateError) as caught:
        Value(-1.0).log()
    assert traceback.extract_tb(caught.tb)[-1].name == "log"
