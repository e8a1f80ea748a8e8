"""Value: a number that remembers which gate made it, from which inputs.

>>> x = Value(3.0, "x")
>>> y = x * x + 1
>>> y.backward()
>>> y.data, x.grad
(10.0, 6.0)
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, Never, SupportsFloat, cast

from autograd import gates
from autograd.choice import AnyGate
from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError
from autograd.foreign_words import OUR_WORD, Elsewhere, refused
from autograd.fused import dot, sum_of_products
from autograd.grad_mode import grad_enabled, guard_reading, is_guarded, pauses, reading_guard
from autograd.graph import gate_order, topological_order
from autograd.not_finite import first_not_finite
from autograd.reals import as_float, is_number, kind

# Placeholders for methods that are made at the end of this file.
OPERATOR: Callable[[Value, SupportsFloat], Value]
REFLECTED: Callable[[Value, SupportsFloat], Value]
COMPARISON: Callable[[Value, SupportsFloat], bool]
METHOD: Callable[[Value], Value]
METHOD_OF_MORE: Callable[..., Value]
OPERATOR, REFLECTED, COMPARISON, METHOD, METHOD_OF_MORE = cast("Any", range(5))


class Value:
    """A node of the computational graph: its gate, its inputs and its local gradients.

    That is what a node is; below, it is stored flat, for speed.

    data         the number: a float, whatever kind of real number is assigned
    grad         ∂L/∂this node after `L.backward()`. Leaves start at 0 and accumulate; a node
                 that a gate made has None until a backward pass has reached it. None, assigned
                 to a leaf, means 0.
    gate         the gate that made it, None for a leaf
    inputs       the Values that the gate was applied to
    local_grads  ∂(this node)/∂input for each of the inputs
    label        its name wherever it is shown; may also be set later

    `v.data` is the number, and nothing else takes a number out of a graph: `float(v)`, and so
    the functions of `math`, are refused outside `no_grad`. `v < 2.0` compares numbers, so that
    `max` and `sorted` work; `v == w` asks whether they are the same node, as sets and dicts
    of nodes need, and `v == 2.0` is refused. `sum` of Values has no `0 +` gate in front.

    copy.deepcopy and pickle include the graph above the node; two nodes pickled separately do
    not share it.

    Raises TypeError for anything but a real number, and for a label that is not text.

    >>> Value(2, "w")
    Value(2.0, label='w')
    """

    def backward(self, **options: Never) -> None:
        """The chain rule, once over the graph: x.grad += local gradient · upstream gradient.

        ∂L/∂L = 1 is set here, and every node that a gate made is visited once, after all
        the nodes it feeds. Their gradients are computed afresh; those of leaves add up
        over passes until they are set to 0.

        Raises GateError if this node's number is not finite, naming where that began.

        >>> a = Value(2.0)
        >>> b = a + a
        >>> (b * b).backward()  # (2a)², whose derivative is 8a
        >>> a.grad
        16.0
        """
        if options:  # those of other engines
            raise refused(**options)
        guard_reading("backward()")
        if not math.isfinite(self._data):
            raise GateError(f"backward() from a result that is not finite: {first_not_finite(self)}")
        order = gate_order(self)
        for node in order:
            node._grad = 0.0
        self._grad = 1.0 if self.gate is not None else self._grad + 1.0
        # `flow` along `edges_back`, written out: most gates have one or two inputs, left and right.
        for node in reversed(order):
            upstream = node._grad
            if upstream == 0.0:  # none is passed on, as in `contribution`
                continue
            left, right = node.left, node.right
            if right is not None:
                left._grad += node._local_left * upstream  # type: ignore[union-attr]
                right._grad += node._local_right * upstream
            elif left is not None:
                left._grad += node._local_left * upstream
            else:
                for x, local in zip(node._inputs, node._local_grads):  # noqa: B905  equal by construction
                    x._grad += local * upstream

    # ── storage ─────────────────────────────────────────────────────────────────────────

    # A node of one or two inputs holds them as left and right, each with its local gradient. Two
    # tuples per node would be tidier, but the garbage collector visits every object that can hold
    # others, again and again while a graph grows: the whole engine would take half as long again.
    # Nodes of more inputs have them in _inputs, and leaves have () there. Gates set neither _label
    # nor _constants.
    __slots__ = (
        "_constants", "_data", "_grad", "_inputs", "_label", "_local_grads", "_local_left", "_local_right",
        "gate", "left", "right",
    )  # fmt: skip

    gate: AnyGate | None
    left: Value | None
    right: Value | None
    _data: float
    _grad: float  # None where no backward pass has been
    _label: str
    _constants: tuple[tuple[int, float], ...]
    _local_left: float
    _local_right: float
    _inputs: tuple[Value, ...]
    _local_grads: tuple[float, ...]

    def __init__(self, data: SupportsFloat, label: str = "", *others: Never, **options: Never) -> None:
        if others or options:  # those of other engines
            raise refused(*others, **options)
        self.label = label
        self._data = data if type(data) is float else self._converted("data", data)
        self._grad = 0.0
        self.gate = self.left = self.right = None
        self._inputs = self._local_grads = ()

    def _converted(self, name: str, number: Any) -> float:
        try:
            return as_float(number)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name} of {self.label or 'a Value'}: {error}") from None

    @property
    def data(self) -> float:
        """The number, a float."""
        if _guard() is not None:
            guard_reading("v.data")
        return self._data

    @data.setter
    def data(self, data: SupportsFloat) -> None:
        self._data = data if type(data) is float else self._converted("data", data)

    @property
    def grad(self) -> float:
        """∂L/∂this node after `L.backward()`, added up over passes for a leaf."""
        if _guard() is not None:
            guard_reading("v.grad")
        return self._grad

    @grad.setter
    def grad(self, grad: SupportsFloat | None) -> None:
        if grad is None:
            self._grad = 0.0 if self.gate is None else None  # type: ignore[assignment]
        else:
            self._grad = grad if type(grad) is float else self._converted("grad", grad)

    @property
    def label(self) -> str:
        """Its name, wherever it is shown."""
        return getattr(self, "_label", "")

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"a label is text, got {kind(label)}")
        self._label = label

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The Values that the gate was applied to; none for a leaf."""
        left, right = self.left, self.right
        if left is None:
            return self._inputs
        return (left,) if right is None else (left, right)

    @property
    def local_grads(self) -> tuple[float, ...]:
        """The ∂(this node)/∂input of each of the inputs, as they were in the forward pass."""
        guard_reading("v.local_grads")
        if self.left is None:
            return self._local_grads
        return (self._local_left,) if self.right is None else (self._local_left, self._local_right)

    @property
    def constants(self) -> tuple[tuple[int, float], ...]:
        """The plain numbers among the gate's arguments, as (position, number)."""
        return getattr(self, "_constants", ())

    @property
    def arguments(self) -> tuple[Value | float, ...]:
        """What the gate was applied to, Values and constants, in their order."""
        inputs, constants = iter(self.inputs), dict(self.constants)
        count = len(self.inputs) + len(constants)
        return tuple(constants[i] if i in constants else next(inputs) for i in range(count))

    def detach(self) -> Value:
        """A leaf of the same number and label, through which no gradient flows back."""
        guard_reading("detach()")
        return Value(self._data, self.label)

    # ── reading the number ──────────────────────────────────────────────────────────────

    def __repr__(self) -> str:
        number = "…" if is_guarded() else repr(self._data)
        label = f", label={self.label!r}" if self.label else ""
        grad = f", grad={self._grad!r}" if self._grad and not is_guarded() else ""
        return f"Value({number}{label}{grad})"

    def __format__(self, specification: str) -> str:
        if not specification:
            return repr(self)
        guard_reading("formatting")
        return format(self._data, specification)

    def __bool__(self) -> bool:
        gate = self.gate
        if gate in (gates.less, gates.less_equal, gates.greater, gates.greater_equal):
            guard_reading(f"a comparison ({gate.symbol})")
        guard_reading("a truth (if v, not v, and, or)")
        return self._data != 0.0

    def _number_for(self, expression: str) -> float:
        """The number, if nothing is being recorded that would lose it."""
        guard_reading(expression)
        if grad_enabled():
            raise TypeError(
                f"{expression}, which functions of Python's math call too, takes the number out of the "
                "graph, and no gradient passes: take autograd.exp for math.exp, and "
                "v.data for the number alone"
            )
        return self._data

    def __float__(self) -> float:
        return self._number_for("float(v)")

    def __int__(self) -> int:
        return int(self._number_for("int(v)"))

    def __index__(self) -> Never:
        raise TypeError(
            "a Value cannot be an index, since no gradient would pass: choose(v, values) hands on one of "
            "them, and int(v.data) is the number"
        )

    def __round__(self, digits: int | None = None) -> float:
        return round(self._number_for("round(v)"), digits)

    # Sets and dicts of nodes compare identities. A number equal to a Value would need the same hash.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Value) or not is_number(other):
            return NotImplemented
        guard_reading("a comparison (==)")
        raise TypeError(f"v == {other!r} compares a node with a number: write v.data == {other!r}")

    def __dir__(self) -> list[str]:  # without what other engines have and a Value refuses
        return [name for name in super().__dir__() if name not in OUR_WORD]

    # ── gates ───────────────────────────────────────────────────────────────────────────

    # Each of these applies one gate: a loop at the end of this file replaces `exp` by the
    # method that applies `gates.exp`. The placeholders tell type checkers what it will be.
    __add__ = __sub__ = __mul__ = __truediv__ = __mod__ = OPERATOR
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rmod__ = REFLECTED
    __lt__ = __le__ = __gt__ = __ge__ = COMPARISON
    __neg__ = __abs__ = __floor__ = METHOD
    exp = exp2 = expm1 = log = log1p = log2 = log10 = sqrt = cbrt = square = reciprocal = sign = METHOD
    sin = cos = tan = sinh = cosh = tanh = erf = erfc = METHOD
    arcsin = arccos = arctan = arcsinh = arccosh = arctanh = METHOD  # as NumPy names them
    sigmoid = log_sigmoid = relu = softplus = silu = gelu = gelu_tanh = METHOD
    selu = mish = hardtanh = softsign = METHOD
    maximum = minimum = hypot = arctan2 = clip = leaky_relu = elu = METHOD_OF_MORE

    def __pow__(self, exponent: SupportsFloat) -> Value:
        if isinstance(exponent, Value):
            return apply(gates.exponentiate, self, exponent)
        return _beside_number(gates.power, self, exponent, 1)

    def __rpow__(self, base: SupportsFloat) -> Value:
        return _beside_number(gates.exponentiate, self, base, 0)

    def __pos__(self) -> Value:
        """The same Value: no gate is needed."""
        return self

    conjugate = __pos__  # np.var and np.std ask for it

    def __apply_gate__(self, gate: AnyGate, arguments: tuple[Any, ...]) -> Value:
        """What a gate calls if it is given a Value: `exp(v)` is `v.exp()`."""
        method = _methods.get(gate) if len(arguments) == 1 else None
        return method(self) if method else apply(gate, *arguments)

    # ── copies ──────────────────────────────────────────────────────────────────────────

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        guard_reading("a copy")
        for node in topological_order(self):
            if id(node) not in memo:
                memo[id(node)] = replace(node, tuple(memo[id(x)] for x in node.inputs))
        copied: Value = memo[id(self)]
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        guard_reading("a copy")
        if self.gate is None:
            return _restore, ((), *_state_of(self))
        order = topological_order(self)
        index = {node: i for i, node in enumerate(order)}
        flat = [
            node if node.gate is None else ([index[x] for x in node.inputs], *_state_of(node))
            for node in order
        ]
        return _rebuild, (flat,)


# ── applying gates ──────────────────────────────────────────────────────────────────────

_new = object.__new__
_paused, _guard = pauses.get, reading_guard.get  # _paused() > 0 inside `no_grad`, _guard() inside a recording


def _node(
    data: float, gate: AnyGate, left: Value | None, right: Value | None, local_left: float, local_right: float
) -> Value:
    """A node of one or two inputs."""
    node = _new(Value)
    node._data = data
    node._grad = None  # type: ignore[assignment]
    node.gate = gate
    node.left = left
    node.right = right
    node._local_left = local_left
    node._local_right = local_right
    return node


def _node_of(data: float, gate: AnyGate, inputs: Sequence[Value], local_grads: Sequence[float]) -> Value:
    """A node of any number of inputs."""
    match inputs:
        case (x,):
            return _node(data, gate, x, None, local_grads[0], 0.0)
        case (left, right):
            return _node(data, gate, left, right, local_grads[0], local_grads[1])
    node = _new(Value)  # not by way of `_node`: a network is made of these
    node._data = data
    node._grad = None  # type: ignore[assignment]
    node.gate = gate
    node.left = node.right = None
    node._inputs, node._local_grads = tuple(inputs), tuple(local_grads)
    return node


def apply(gate: AnyGate, *arguments: Any) -> Value:
    """Apply a gate to Values and plain numbers, which become constants of the new node.

    Raises TypeError for an argument that is not a number, GateError outside the gate's
    domain.

    >>> apply(gates.divide, 1, Value(4.0))
    Value(0.25)
    """
    if set(map(type, arguments)) == {Value}:  # most often, and faster than one by one
        data, local_grads = gate.answer(arguments, [x._data for x in arguments])
        if len(local_grads) == len(arguments):
            return Value(data) if _paused() > 0 else _node_of(data, gate, arguments, local_grads)
    places = [i for i, x in enumerate(arguments) if isinstance(x, Value)]
    numbers = [x._data if isinstance(x, Value) else as_float(x) for x in arguments]
    data, local_grads = gate.answer(arguments, numbers)
    if _paused() > 0 or not places:
        return Value(data)
    if places[-1] >= len(local_grads):
        raise TypeError(f"{gate.name} takes plain numbers, not Values, after argument {len(local_grads)}")
    node = _node_of(data, gate, [arguments[i] for i in places], [local_grads[i] for i in places])
    node._constants = tuple((i, numbers[i]) for i, x in enumerate(arguments) if not isinstance(x, Value))
    return node


def weighted_sum(
    weights: Sequence[Value], inputs: Sequence[Value], numbers: Sequence[float], bias: Value | None
) -> Value:
    """`dot(weights, inputs, bias)` of Values, where the numbers of the inputs have been read already.

    The neurons of a layer share their inputs: read once for all, they cost half the time.

    >>> w, x, b = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)], Value(1.0)
    >>> weighted_sum(w, x, [5.0, 7.0], b)
    Value(32.0)
    """
    start, last = ((), ()) if bias is None else ((bias._data,), (bias,))
    data, local_grads = sum_of_products([w._data for w in weights], numbers, start)
    return Value(data) if _paused() > 0 else _node_of(data, dot, (*weights, *inputs, *last), local_grads)


# ── operators and methods ───────────────────────────────────────────────────────────────

# They do what `apply` does for any gate, without its loops: the engine's hot path.

_methods: dict[AnyGate, Callable[[Value], Value]] = {}
"""For gates of one input the method that applies it, so that `exp(v)` is as fast as `v.exp()`."""


def _set(name: str, method: Callable[..., Any], documented: Any) -> None:
    """Give Value a method under a name that tracebacks and `help` show too."""
    method.__name__, method.__qualname__, method.__doc__ = name, f"Value.{name}", documented.__doc__
    method.__code__ = method.__code__.replace(co_name=name, co_qualname=f"Value.{name}")
    setattr(Value, name, method)


def _unary(name: str, gate: Gate) -> None:
    """Make the method that applies a gate of one input."""
    function = gate.function

    def method(self: Value) -> Value:
        try:
            data, (local,) = function(self._data)
        except ARITHMETIC_ERRORS as error:
            raise gate.refusal((self,), error) from None
        return Value(data) if _paused() > 0 else _node(data, gate, self, None, local, 0.0)

    _set(name, method, gate)
    _methods[gate] = method


def _beside_number(gate: Gate, x: Value, number: Any, position: int) -> Value:
    """A Value and a number, which stands at `position`, 0 or 1."""
    if isinstance(number, Value):  # a subclass, as the operators look for Value itself
        return apply(gate, x, number)
    if not is_number(number):
        return NotImplemented  # type: ignore[no-any-return]
    constant = as_float(number)
    numbers = (x._data, constant) if position else (constant, x._data)
    try:
        data, local_grads = gate.function(*numbers)
    except ARITHMETIC_ERRORS as error:
        raise gate.refusal((x, number) if position else (number, x), error) from None
    if _paused() > 0:
        return Value(data)
    node = _node(data, gate, x, None, local_grads[1 - position], 0.0)
    node._constants = ((position, constant),)
    return node


def _operator(name: str, gate: Gate) -> None:
    """Make an operator, `__add__`, and the one that Python asks if a number stands first, `__radd__`."""
    function = gate.function

    def method(self: Value, other: Any) -> Value:
        if type(other) is not Value:
            return _beside_number(gate, self, other, 1)
        try:
            data, (local, local_other) = function(self._data, other._data)
        except ARITHMETIC_ERRORS as error:
            raise gate.refusal((self, other), error) from None
        return Value(data) if _paused() > 0 else _node(data, gate, self, other, local, local_other)

    def reflected(self: Value, other: Any) -> Value:
        if type(other) is int and other == 0 and gate is gates.add:
            return self  # the 0 that sum() starts from
        return _beside_number(gate, self, other, 0)

    _set(name, method, gate)
    _set(f"__r{name[2:]}", reflected, gate)


def _comparison(name: str, gate: Gate) -> None:
    """Make a comparison: it compares numbers, and applies its gate in a recording alone."""
    compare = getattr(operator, name.strip("_"))

    def method(self: Value, other: Any) -> Value | bool:
        number = other._data if isinstance(other, Value) else other
        if not is_number(number):
            return NotImplemented  # type: ignore[no-any-return]
        if is_guarded():  # a recording takes the condition itself, for `where`; its truth is refused
            return apply(gate, self, other)
        return bool(compare(self._data, number))

    _set(name, method, compare)


def _method(name: str, gate: Gate) -> None:
    """Make the method of a gate of several arguments."""

    def method(self: Value, *others: Any, **named: Any) -> Value:
        return gate(self, *others, **named)  # type: ignore[no-any-return]

    method.__signature__ = gate.__signature__  # type: ignore[attr-defined]
    _set(name, method, gate)


_GATE_NAMES = {
    "__sub__": "subtract",
    "__mul__": "multiply",
    "__truediv__": "divide",
    "__neg__": "negate",
    "__abs__": "absolute",
    "__lt__": "less",
    "__le__": "less_equal",
    "__gt__": "greater",
    "__ge__": "greater_equal",
}
"""The gates of methods whose names Python or NumPy prescribes."""

for _placeholder, _make in (
    (OPERATOR, _operator),
    (COMPARISON, _comparison),
    (METHOD, _unary),
    (METHOD_OF_MORE, _method),
):
    for _name in [name for name, thing in vars(Value).items() if thing is _placeholder]:
        _make(_name, getattr(gates, _GATE_NAMES.get(_name, _name.strip("_").replace("arc", "a"))))
for _name in OUR_WORD:  # so that v.requires_grad raises an error that says what to write instead
    setattr(Value, _name, Elsewhere(_name))

# ── copies ──────────────────────────────────────────────────────────────────────────────


def replace(node: Value, inputs: tuple[Value, ...]) -> Value:
    """A copy of a node, numbers and all, with other inputs."""
    return _restore(inputs, *_state_of(node))


def _state_of(node: Value) -> tuple[Any, ...]:
    return (node.gate, node.local_grads, node._data, node._grad, node.label, node.constants)


def _restore(inputs: tuple[Value, ...], *state: Any) -> Value:
    gate, local_grads, data, grad, label, constants = state
    node = Value(data) if gate is None else _node_of(data, gate, inputs, local_grads)
    node._grad, node._label, node._constants = grad, label, constants
    return node


def _rebuild(flat: list[Any]) -> Value:
    """The root of a graph pickled as a flat list: leaves themselves, and the states of the rest.

    Flat, because pickle would recurse along a chain and run out of stack.
    """
    nodes: list[Value] = []
    for item in flat:
        if isinstance(item, Value):
            nodes.append(item)
        else:
            inputs, *state = item
            nodes.append(_restore(tuple(nodes[i] for i in inputs), *state))
    return nodes[-1]
