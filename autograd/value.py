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
from typing import Any, Never, SupportsFloat

from autograd import gates
from autograd.choice import AnyGate
from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError
from autograd.fused import dot, sum_of_products
from autograd.grad_mode import current_guard, grad_enabled, guard_reading, is_guarded, pauses
from autograd.reals import as_float, is_number, kind, named_number

_paused = pauses.get  # above 0 inside `no_grad`
_guard = current_guard.get  # None unless a recording runs

Operator = Callable[["Value", SupportsFloat], "Value"]

_methods: dict[AnyGate, Callable[[Value], Value]] = {}
"""For every gate of one input the method that applies it, so that `exp(v)` is as fast as `v.exp()`."""


class Value:
    """A node of the computational graph: its gate, inputs and local gradients, stored flat for speed.

    data         the number: a float, whatever kind of real number is assigned
    grad         ∂L/∂this node after `L.backward()`. Leaves start at 0 and accumulate; a node
                 that a gate made has None until a backward pass has reached it. None, assigned
                 to a leaf, means 0.
    gate         the gate that made it, None for a leaf
    inputs       the Values that the gate was applied to
    local_grads  ∂(this node)/∂input for each of the inputs
    label        its name wherever it is shown; may also be set later

    `float(v)`, and so the functions of `math`, are refused outside `no_grad`: no gradient would
    pass. `v < 2.0` compares numbers, so that `max` and `sorted` work; `v == w` asks whether they
    are the same node, as sets and dicts of nodes need, and `v == 2.0` is refused. `sum` of Values
    has no `0 +` gate in front.

    copy.deepcopy and pickle include the graph above the node; two nodes pickled separately do
    not share it.

    Raises TypeError for anything but a real number, and for a label that is not text.

    >>> Value(2, "w")
    Value(2.0, label='w')
    """

    def backward(self) -> None:
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
        guard_reading("backward()")
        if not math.isfinite(self._data):
            culprit = next(node for node in all_nodes(self) if not math.isfinite(node._data))
            raise GateError(f"backward() from a result that is not finite: {origin(culprit)}")
        order = gate_order(self)
        for node in order:
            node._grad = 0.0
        self._grad = 1.0 if self.gate is not None else self._grad + 1.0
        # `flow` (autograd/graph.py), written out: most gates have one or two inputs, left and right.
        for node in reversed(order):
            upstream = node._grad
            if upstream == 0.0:  # none is passed on, however steep the gate: 0 · ∞ is 0 here
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
    # Nodes of more inputs have them in _inputs, and leaves have () there; left is None for both.
    # _label and _constants stay unset where there are none.
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

    def __init__(self, data: SupportsFloat, label: str = "") -> None:
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
        label = f", label={self.label!r}" if self.label else ""
        if is_guarded():
            return f"Value(…{label})"
        grad = f", grad={self._grad!r}" if self._grad else ""
        return f"Value({self._data!r}{label}{grad})"

    def __format__(self, specification: str) -> str:
        if not specification:
            return repr(self)
        guard_reading("formatting")
        return format(self._data, specification)

    def __bool__(self) -> bool:
        asked = "a truth (if v, not v, and, or)"
        if (gate := self.gate) in (gates.less, gates.less_equal, gates.greater, gates.greater_equal):
            asked = f"a comparison ({gate.symbol})"
        guard_reading(asked)
        return self._data != 0.0

    def _number_for(self, expression: str) -> float:
        """The number, for an expression that takes it out of the graph: inside `no_grad` alone."""
        guard_reading(expression)
        if grad_enabled():
            raise TypeError(
                f"{expression} takes the number out of the graph, so no gradient would pass; functions of "
                "math call it too: write autograd.exp for math.exp, and v.data for the number alone"
            )
        return self._data

    def __float__(self) -> float:
        return self._number_for("float(v)")

    def __int__(self) -> int:
        return int(self._number_for("int(v)"))

    def __index__(self) -> Never:
        raise TypeError(
            "a Value cannot be an index or multiply a list, since no gradient would pass: choose(v, xs) "
            "hands on one of them, [v * x for x in xs] multiplies each, and int(v.data) is the number"
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

    # ── gates ───────────────────────────────────────────────────────────────────────────

    # The operators and methods below apply one gate each, and these functions make them. They do what
    # `apply` does for any gate and arguments, without its loops: the engine's hot path.

    @staticmethod
    def _unary(gate: Gate) -> Callable[[Value], Value]:
        """The method that applies a gate of one input."""
        function = gate.function

        def method(self: Value) -> Value:
            try:
                data, (local,) = function(self._data)
            except ARITHMETIC_ERRORS as error:
                raise gate.refusal((self,), error) from None
            return Value(data) if _paused() > 0 else _node(data, gate, self, local)

        method.__doc__ = gate.__doc__
        _methods[gate] = method
        return method

    @staticmethod
    def _binary(gate: Gate) -> tuple[Operator, Operator]:
        """An operator, such as `__add__`, and `__radd__`, which Python asks if a number stands first."""
        function = gate.function

        def method(self: Value, other: Any) -> Value:
            if type(other) is not Value:
                return _beside_number(gate, self, other, 1)
            try:
                data, (local, local_other) = function(self._data, other._data)
            except ARITHMETIC_ERRORS as error:
                raise gate.refusal((self, other), error) from None
            return Value(data) if _paused() > 0 else _node(data, gate, self, local, other, local_other)

        def reflected(self: Value, other: Any) -> Value:
            if type(other) is int and other == 0 and gate is gates.add:
                return self  # the 0 that sum() starts from
            return _beside_number(gate, self, other, 0)

        method.__doc__ = reflected.__doc__ = gate.__doc__
        return method, reflected

    @staticmethod
    def _comparison(gate: Gate, compare: Callable[..., bool]) -> Callable[[Value, SupportsFloat], bool]:
        """A comparison of numbers, which applies its gate only in a recording."""

        def method(self: Value, other: Any) -> Any:
            number = other._data if isinstance(other, Value) else other
            if not is_number(number):
                return NotImplemented
            if is_guarded():  # a recording takes the condition itself, for `where`; its truth is refused
                return apply(gate, self, other)
            return bool(compare(self._data, number))

        method.__doc__ = compare.__doc__
        return method

    @staticmethod
    def _of_several(gate: Gate) -> Callable[..., Value]:
        """The method of a gate of several arguments."""

        def method(self: Value, *others: Any, **named: Any) -> Value:
            return gate(self, *others, **named)  # type: ignore[no-any-return]

        method.__signature__ = gate.__signature__  # type: ignore[attr-defined]
        method.__doc__ = gate.__doc__
        return method

    __add__, __radd__ = _binary(gates.add)
    __sub__, __rsub__ = _binary(gates.subtract)
    __mul__, __rmul__ = _binary(gates.multiply)
    __truediv__, __rtruediv__ = _binary(gates.divide)
    __mod__, __rmod__ = _binary(gates.mod)
    __lt__, __le__ = _comparison(gates.less, operator.lt), _comparison(gates.less_equal, operator.le)
    __gt__, __ge__ = _comparison(gates.greater, operator.gt), _comparison(gates.greater_equal, operator.ge)
    __neg__, __abs__, __floor__ = _unary(gates.negate), _unary(gates.absolute), _unary(gates.floor)
    exp, exp2, expm1 = _unary(gates.exp), _unary(gates.exp2), _unary(gates.expm1)
    log, log2, log10, log1p = _unary(gates.log), _unary(gates.log2), _unary(gates.log10), _unary(gates.log1p)
    sqrt, cbrt, square = _unary(gates.sqrt), _unary(gates.cbrt), _unary(gates.square)
    reciprocal, sign = _unary(gates.reciprocal), _unary(gates.sign)
    sin, cos, tan = _unary(gates.sin), _unary(gates.cos), _unary(gates.tan)
    sinh, cosh, tanh = _unary(gates.sinh), _unary(gates.cosh), _unary(gates.tanh)
    erf, erfc = _unary(gates.erf), _unary(gates.erfc)
    # NumPy's names for these, since it calls the methods of the objects in an array.
    arcsin, arccos, arctan = _unary(gates.asin), _unary(gates.acos), _unary(gates.atan)
    arcsinh, arccosh, arctanh = _unary(gates.asinh), _unary(gates.acosh), _unary(gates.atanh)
    sigmoid, log_sigmoid, softplus = _unary(gates.sigmoid), _unary(gates.log_sigmoid), _unary(gates.softplus)
    relu, silu, mish = _unary(gates.relu), _unary(gates.silu), _unary(gates.mish)
    softsign = _unary(gates.softsign)
    gelu, gelu_tanh = _unary(gates.gelu), _unary(gates.gelu_tanh)
    selu, hardtanh = _unary(gates.selu), _unary(gates.hardtanh)
    maximum, minimum, clip = _of_several(gates.maximum), _of_several(gates.minimum), _of_several(gates.clip)
    hypot, arctan2 = _of_several(gates.hypot), _of_several(gates.atan2)
    leaky_relu, elu = _of_several(gates.leaky_relu), _of_several(gates.elu)

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
        method = _methods.get(gate)
        return method(*arguments) if method else apply(gate, *arguments)

    # ── copies ──────────────────────────────────────────────────────────────────────────

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        guard_reading("a copy")
        for node in all_nodes(self):
            if id(node) not in memo:
                memo[id(node)] = replace(node, tuple(memo[id(x)] for x in node.inputs))
        copied: Value = memo[id(self)]
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        # Flat, because pickle would recurse along a chain: leaves themselves, and the states of the rest.
        guard_reading("a copy")
        if self.gate is None:
            return _restored, ((), *_state_of(self))
        place = {node: i for i, node in enumerate(all_nodes(self))}
        flat = [x if x.gate is None else ([place[y] for y in x.inputs], *_state_of(x)) for x in place]
        return _unpickled, (flat,)


for _name, _method in vars(Value).items():
    if "<locals>" in getattr(_method, "__qualname__", ""):  # one that applies a gate
        # Help, tracebacks and profiles show it by its own name.
        _method.__name__, _method.__qualname__ = _name, f"Value.{_name}"
        _method.__code__ = _method.__code__.replace(co_name=_name, co_qualname=f"Value.{_name}")


# ── applying gates ──────────────────────────────────────────────────────────────────────

_new = object.__new__


def _node(
    data: float,
    gate: AnyGate,
    left: Value,
    local_left: float,
    right: Value | None = None,
    local_right: Any = None,
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
            return _node(data, gate, x, local_grads[0])
        case (left, right):
            return _node(data, gate, left, local_grads[0], right, local_grads[1])
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
    alike = set(map(type, arguments)) == {Value}  # most often, and faster than one by one
    if alike:
        numbers = [x._data for x in arguments]
    else:
        numbers = [x._data if isinstance(x, Value) else as_float(x) for x in arguments]
    data, local_grads = gate.answer(arguments, numbers)
    if _paused() > 0:
        return Value(data)
    if alike and len(local_grads) == len(arguments):
        return _node_of(data, gate, arguments, local_grads)
    places = [i for i, x in enumerate(arguments) if isinstance(x, Value)]
    if not places:
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


def _beside_number(gate: Gate, x: Value, number: Any, position: int) -> Value:
    """Apply a gate of two inputs to a Value and a number, which stands at `position`, 0 or 1."""
    if isinstance(number, Value):  # of a subclass, such as `Draw`
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
    node = _node(data, gate, x, local_grads[0 if position else 1])
    node._constants = ((position, constant),)
    return node


# ── the graph above a node ──────────────────────────────────────────────────────────────


def gate_order(root: Value) -> list[Value]:
    """Every node that a gate made, each once, after the nodes it was made from.

    Leaves are left out: the backward pass has nothing to do at them.
    """
    order: list[Value] = []
    visited: set[Value] = set()
    # A node is pushed, then None, then its inputs. When the None surfaces, all inputs are done.
    stack: list[Any] = [root] if root.gate is not None else []
    push, pop, done, visit = stack.append, stack.pop, order.append, visited.add
    while stack:
        node = pop()
        if node is None:
            done(pop())
        elif node not in visited:
            visit(node)
            push(node)
            push(None)
            left, right = node.left, node.right
            if left is None:
                inputs = node._inputs
                if not visited.issuperset(inputs):  # many neurons share their inputs
                    for x in inputs:
                        if x.gate is None:
                            visit(x)
                        elif x not in visited:
                            push(x)
            else:
                if left.gate is not None and left not in visited:
                    push(left)
                if right is not None and right.gate is not None and right not in visited:
                    push(right)
    return order


def all_nodes(root: Value) -> list[Value]:
    """The nodes of `gate_order` and the leaves, each before the nodes that are made from it."""
    order = gate_order(root)
    return list(dict.fromkeys(x for node in order for x in (*node.inputs, node))) or [root]


def origin(node: Value) -> str:
    """Where a number that is infinite or NaN came from, for an error."""
    if node.gate is None:
        return f"the leaf {named_number(node)} brought it in"
    return f"it began at {node.gate.applied_to(node.arguments)} = {node._data!r}"


# ── copies of nodes ─────────────────────────────────────────────────────────────────────


def replace(node: Value, inputs: tuple[Value, ...]) -> Value:
    """A copy of a node, numbers and all, with other inputs."""
    return _restored(inputs, *_state_of(node))


def _state_of(node: Value) -> tuple[Any, ...]:
    """All that a node holds but its inputs."""
    return (node.gate, node.local_grads, node._data, node._grad, node.label, node.constants)


def _restored(inputs: Sequence[Value], *state: Any) -> Value:
    gate, local_grads, data, grad, label, constants = state
    node = Value(data) if gate is None else _node_of(data, gate, inputs, local_grads)
    node._grad, node._label, node._constants = grad, label, constants
    return node


def _unpickled(flat: list[Any]) -> Value:
    nodes: list[Value] = []
    for item in flat:  # a leaf, or the places of a node's inputs and its state
        leaf = isinstance(item, Value)
        nodes.append(item if leaf else _restored([nodes[i] for i in item[0]], *item[1:]))
    return nodes[-1]
