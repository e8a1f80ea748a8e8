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
from typing import Any

from autograd import gates
from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError
from autograd.fused import FusedGate, dot
from autograd.grad_mode import guard_reading, pauses, recorded
from autograd.graph import first_not_finite, gate_order, topological_order
from autograd.reals import as_float, is_number, kind, shortened

_new = object.__new__

# ── applying gates ──────────────────────────────────────────────────────────────────────


def apply(gate: Gate | FusedGate, *arguments: Any) -> Value:
    """Apply a gate to Values and plain numbers, which become constants of the new node.

    Raises TypeError for an argument that is not a number, GateError outside the gate's
    domain.

    >>> apply(gates.divide, 1, Value(4.0))
    Value(0.25)
    """
    return _apply(gate, arguments)


def _apply(gate: Gate | FusedGate, arguments: tuple[Any, ...]) -> Value:
    # The hot path: Values alone, and an answer as it should be. `_apply_to_some_numbers` takes the rest.
    if set(map(type, arguments)) != {Value} or (type(gate) is Gate and len(gate.local) != len(arguments)):
        return _apply_to_some_numbers(gate, arguments)
    try:
        answer = gate.function(*[x.data for x in arguments])
    except ARITHMETIC_ERRORS as error:
        raise gate.refusal(arguments, error) from None
    if type(answer) is not tuple or list(map(type, answer)) != [float, tuple]:
        return _apply_to_some_numbers(gate, arguments)
    data, local_grads = answer
    if len(local_grads) != len(arguments):
        return _apply_to_some_numbers(gate, arguments)
    if pauses and not recorded.get():
        return Value(data)
    return _node(data, gate, arguments, local_grads)


def weighted_sum(
    weights: Sequence[Value], inputs: Sequence[Value], numbers: Sequence[float], bias: Value | None
) -> Value:
    """`dot(weights, inputs, bias)` of Values, where the numbers of the inputs have been read already.

    The neurons of a layer share their inputs: read once for all, they cost half the time.

    >>> w, x, b = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)], Value(1.0)
    >>> weighted_sum(w, x, [5.0, 7.0], b)
    Value(32.0)
    """
    values = [w.data for w in weights]
    if bias is None:
        data, local_grads = dot.fold_switches(values, numbers, ())
        arguments = (*weights, *inputs)
    else:
        data, local_grads = dot.fold_switches(values, numbers, (bias.data,))
        arguments = (*weights, *inputs, bias)
    if type(data) is not float:  # somebody set another kind of number as data
        return _apply_to_some_numbers(dot, arguments)
    if pauses and not recorded.get():
        return Value(data)
    return _node(data, dot, arguments, local_grads)


def _apply_to_some_numbers(gate: Gate | FusedGate, arguments: tuple[Any, ...]) -> Value:
    numbers: list[float] = []
    inputs: dict[int, Value] = {}  # by their positions among the arguments
    constants: list[tuple[int, float]] = []
    for position, x in enumerate(arguments):
        if isinstance(x, Value):
            numbers.append(float(x.data))
            inputs[position] = x
        else:
            numbers.append(as_float(x))
            constants.append((position, numbers[-1]))
    data, local_grads = gate.answer(arguments, numbers)
    if not inputs or (pauses and not recorded.get()):
        return Value(data)
    declared = len(local_grads)
    if max(inputs) >= declared:
        raise TypeError(f"{gate.name} takes plain numbers, not Values, after argument {declared}")
    node = _node(data, gate, tuple(inputs.values()), tuple(map(local_grads.__getitem__, inputs)))
    node._constants = tuple(constants)
    return node


def _node(
    data: float, gate: Gate | FusedGate, inputs: tuple[Value, ...], local_grads: tuple[float, ...]
) -> Value:
    node = _new(Value)
    node.data = data
    node.grad = None  # type: ignore[assignment]
    node.gate = gate
    match inputs:
        case (left, right):
            node._left, node._right = left, right
            node._local_left, node._local_right = local_grads
        case (left,):
            node._left, node._right = left, None
            (node._local_left,) = local_grads
        case _:
            node._left = node._right = None
            node._inputs, node._local_grads = inputs, local_grads
    return node


def _flow_back_to_none(node: Value) -> None:
    """The chain rule at a node where it stopped half-way, at an input whose gradient had been set to None."""
    edges = list(zip(node.inputs, node.local_grads, strict=True))
    reached = next((i for i, (x, _) in enumerate(edges) if x.grad is None), None)
    if reached is None:
        wrong = next((x for x, _ in edges if not is_number(x.grad)), None)
        if wrong is None:
            raise TypeError(f"{node.gate!r}: local gradients are floats, got {shortened(node.local_grads)}")
        raise TypeError(f"a gradient is a float or None; that of {wrong!r} is {type(wrong.grad).__name__}")
    for x, local in edges[reached:]:
        x.grad = (x.grad or 0.0) + local * node.grad


# Operators and methods do what `apply` does, written out: they are the engine's hot path.

_methods: dict[Gate | FusedGate, Callable[[Value], Value]] = {}
"""Of gates of one input: to apply such a gate to a Value is to call its method."""


def _unary(gate: Gate) -> Callable[[Value], Value]:
    function = gate.function

    def method(self: Value) -> Value:
        try:
            data, (local,) = function(self.data)
        except ARITHMETIC_ERRORS as error:
            raise gate.refusal((self,), error) from None
        if pauses and not recorded.get():
            return Value(data)
        node = _new(Value)
        node.data = data
        node.grad = None  # type: ignore[assignment]
        node.gate = gate
        node._left = self
        node._right = None
        node._local_left = local
        return node

    method.__name__, method.__doc__ = gate.name, gate.__doc__
    _methods[gate] = method
    return method


def _binary(gate: Gate) -> tuple[Callable[[Value, Any], Value], Callable[[Value, Any], Value]]:
    """The operator and its reflection, for a number on the left."""
    function = gate.function

    def method(self: Value, other: Any) -> Value:
        if type(other) is not Value:
            return _beside_number(self, other, 1)
        try:
            data, (local, local_other) = function(self.data, other.data)
        except ARITHMETIC_ERRORS as error:
            raise gate.refusal((self, other), error) from None
        if pauses and not recorded.get():
            return Value(data)
        node = _new(Value)
        node.data = data
        node.grad = None  # type: ignore[assignment]
        node.gate = gate
        node._left = self
        node._right = other
        node._local_left = local
        node._local_right = local_other
        return node

    def _beside_number(self: Value, other: Any, position: int) -> Value:
        if isinstance(other, Value):  # of a subclass
            return apply(gate, self, other)
        if not is_number(other):
            return NotImplemented  # type: ignore[no-any-return]
        number = as_float(other)
        try:
            if position:
                data, (local, _) = function(self.data, number)
            else:
                data, (_, local) = function(number, self.data)
        except ARITHMETIC_ERRORS as error:
            raise gate.refusal((self, other) if position else (other, self), error) from None
        if pauses and not recorded.get():
            return Value(data)
        node = _node(data, gate, (self,), (local,))
        node._constants = ((position, number),)
        return node

    def reflected(self: Value, other: Any) -> Value:
        if type(other) is int and other == 0 and gate is gates.add:
            return self  # the 0 that sum() starts from
        return _beside_number(self, other, 0)

    method.__doc__ = reflected.__doc__ = gate.__doc__
    return method, reflected


def _comparison(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Value, Any], bool]:
    def method(self: Value, other: Any) -> bool:
        number = other.data if isinstance(other, Value) else other
        if not is_number(number):
            return NotImplemented  # type: ignore[no-any-return]
        guard_reading(f"a comparison ({sign})")
        return bool(compare(self.data, number))

    return method


class Value:
    """A node of the computational graph.

    data         the number, a float: assign no other kind of number
    grad         ∂L/∂this node after `L.backward()`. Leaves start at 0 and accumulate; a node
                 that a gate made has None until a backward pass has reached it.
    gate         the gate that made it, None for a leaf
    label        its name wherever it is shown; may also be set later

    Beside a number, comparisons ask for the number; two Values are equal where they are one
    node. `0 + v`, as `sum` begins, is v itself. A copy of a node takes the graph above it
    along, and so does a pickle, each of several nodes for itself.

    Raises TypeError for anything but a real number, and for a label that is not text.

    >>> Value(2, "w")
    Value(2.0, label='w')
    """

    # Most gates have one or two inputs: those stand in the node itself, as _left and _right
    # with their local gradients, and no tuple is kept. The garbage collector visits every
    # object that can hold others, again and again while a graph grows; one such object per
    # node in place of three makes the whole engine half as slow again. A node without _left
    # (a leaf, a fused gate) has its inputs in _inputs.
    __slots__ = (
        "_constants",
        "_inputs",
        "_label",
        "_left",
        "_local_grads",
        "_local_left",
        "_local_right",
        "_right",
        "data",
        "gate",
        "grad",
    )

    data: float
    grad: float
    gate: Gate | FusedGate | None
    _constants: tuple[tuple[int, float], ...]
    _label: str
    _left: Value | None
    _right: Value | None
    _local_left: float
    _local_right: float
    _inputs: tuple[Value, ...]
    _local_grads: tuple[float, ...]

    def __init__(self, data: Any, label: str = "") -> None:
        self.label = label
        self.data = as_float(data)
        self.grad = 0.0
        self.gate = None
        self._left = self._right = None
        self._inputs = self._local_grads = ()

    # Gates leave these two slots empty: what is not stored costs no time there, and none when
    # the garbage collector visits the node.

    @property
    def label(self) -> str:
        """Its name, wherever it is shown."""
        try:
            return self._label
        except AttributeError:
            return ""

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"a label is text, got {kind(label)}")
        self._label = label

    @property
    def constants(self) -> tuple[tuple[int, float], ...]:
        """The plain numbers among the gate's arguments, as (position, number)."""
        try:
            return self._constants
        except AttributeError:
            return ()

    # ── the graph ───────────────────────────────────────────────────────────────────────

    def backward(self) -> None:
        """The chain rule, once over the graph: x.grad += local gradient · upstream gradient.

        ∂L/∂L = 1 is set here, and every node that a gate made is visited once, after all
        the nodes it feeds. Their gradients are computed afresh; those of leaves add up
        over passes until they are set to 0, or to None, which here is the same.

        Raises GateError where this node's number is not finite, naming where that began.

        >>> a = Value(2.0)
        >>> b = a + a
        >>> (b * b).backward()  # (2a)², whose derivative is 8a
        >>> a.grad
        16.0
        """
        guard_reading("backward()")
        if not math.isfinite(self.data):
            raise GateError(first_not_finite(self))
        order = gate_order(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0 if self.gate is not None else 1.0 + (self.grad or 0.0)
        for node in reversed(order):
            upstream = node.grad
            if upstream == 0.0:  # as `contribution` has it, for all edges at once
                continue
            left, right = node._left, node._right
            try:
                if right is not None:
                    left.grad += node._local_left * upstream  # type: ignore[union-attr]
                    right.grad += node._local_right * upstream
                elif left is not None:
                    left.grad += node._local_left * upstream
                else:
                    for x, local in zip(node._inputs, node._local_grads):  # noqa: B905  equal by construction
                        x.grad += local * upstream
            except TypeError:  # of `None + …`
                _flow_back_to_none(node)

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The Values that the gate was applied to; none for a leaf."""
        left, right = self._left, self._right
        if left is None:
            return self._inputs
        return (left,) if right is None else (left, right)

    @property
    def local_grads(self) -> tuple[float, ...]:
        """The ∂(this node)/∂input of each of the inputs, as they were in the forward pass."""
        if self._left is None:
            return self._local_grads
        return (self._local_left,) if self._right is None else (self._local_left, self._local_right)

    @property
    def arguments(self) -> tuple[Value | float, ...]:
        """What the gate was applied to, Values and constants, in their order."""
        arguments: list[Value | float] = list(self.inputs)
        for position, number in self.constants:
            arguments.insert(position, number)
        return tuple(arguments)

    def detach(self) -> Value:
        """A leaf of the same number and label, through which no gradient flows back."""
        guard_reading("detach()")
        return Value(self.data, self.label)

    def __apply_gate__(self, gate: Gate | FusedGate, arguments: tuple[Any, ...]) -> Value:
        method = _methods.get(gate) if len(arguments) == 1 else None
        return method(self) if method else _apply(gate, arguments)

    # ── reading the number ──────────────────────────────────────────────────────────────

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        grad = f", grad={self.grad!r}" if self.grad else ""
        return f"Value({self.data!r}{label}{grad})"

    def __float__(self) -> float:
        guard_reading("float(v)")
        return float(self.data)  # which a gate may have left as a number of NumPy's

    def __format__(self, specification: str) -> str:
        if not specification:
            return repr(self)
        guard_reading("formatting")
        return format(self.data, specification)

    def __bool__(self) -> bool:
        guard_reading("a truth (if v, not v, and, or)")
        return self.data != 0.0

    # Two Values are equal where they are one node: sets and dicts of nodes are the engine's own.
    # Beside a number, == asks for the number, as < and <= do.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Value) or not is_number(other):
            return NotImplemented
        guard_reading("a comparison (==)")
        return bool(self.data == other)

    __lt__ = _comparison("<", operator.lt)
    __le__ = _comparison("<=", operator.le)
    __gt__ = _comparison(">", operator.gt)
    __ge__ = _comparison(">=", operator.ge)

    # ── gates ───────────────────────────────────────────────────────────────────────────

    __add__, __radd__ = _binary(gates.add)
    __sub__, __rsub__ = _binary(gates.subtract)
    __mul__, __rmul__ = _binary(gates.multiply)
    __truediv__, __rtruediv__ = _binary(gates.divide)
    __rpow__ = _binary(gates.exponentiate)[1]

    def __pow__(self, exponent: Any) -> Value:
        if isinstance(exponent, Value):
            return apply(gates.exponentiate, self, exponent)
        return apply(gates.power, self, exponent) if is_number(exponent) else NotImplemented

    def maximum(self, other: Value | float) -> Value:
        """The larger of two; the gradient goes to it alone, at a tie to this one."""
        return apply(gates.maximum, self, other)

    def minimum(self, other: Value | float) -> Value:
        """The smaller of two; the gradient goes to it alone, at a tie to this one."""
        return apply(gates.minimum, self, other)

    def leaky_relu(self, alpha: float = 0.01) -> Value:
        """z, and alpha·z below 0."""
        return apply(gates.leaky_relu, self, alpha)

    def elu(self, alpha: float = 1.0) -> Value:
        """z, and alpha·(e^z - 1) at 0 and below."""
        return apply(gates.elu, self, alpha)

    __neg__ = _unary(gates.negate)
    __abs__ = _unary(gates.absolute)
    exp = _unary(gates.exp)
    log = _unary(gates.log)
    sqrt = _unary(gates.sqrt)
    sin = _unary(gates.sin)
    cos = _unary(gates.cos)
    tanh = _unary(gates.tanh)
    sigmoid = _unary(gates.sigmoid)
    relu = _unary(gates.relu)
    softplus = _unary(gates.softplus)

    def __pos__(self) -> Value:
        return self

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
            return _restore, ((), *_record(self))
        order = topological_order(self)
        index = {node: i for i, node in enumerate(order)}
        flat = [
            node if node.gate is None else ([index[x] for x in node.inputs], *_record(node)) for node in order
        ]
        return _rebuild, (flat,)


def replace(node: Value, inputs: tuple[Value, ...]) -> Value:
    """A copy of a node, numbers and all, that was made from other inputs."""
    return _restore(inputs, *_record(node))


def _record(node: Value) -> tuple[Any, ...]:
    return (node.gate, node.local_grads, node.data, node.grad, node.label, node.constants)


def _restore(
    inputs: tuple[Value, ...],
    gate: Gate | FusedGate | None,
    local_grads: tuple[float, ...],
    data: float,
    grad: float,
    label: str,
    constants: tuple[tuple[int, float], ...],
) -> Value:
    node = Value(data) if gate is None else _node(data, gate, inputs, local_grads)
    node.grad, node.label, node._constants = grad, label, constants
    return node


def _rebuild(flat: list[Any]) -> Value:
    """The root of a graph pickled as a flat list, leaves themselves and records of the rest."""
    nodes: list[Value] = []
    for item in flat:
        if isinstance(item, Value):
            nodes.append(item)
        else:
            inputs, *record = item
            nodes.append(_restore(tuple(nodes[i] for i in inputs), *record))
    return nodes[-1]
