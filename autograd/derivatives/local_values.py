"""Local gradients as Values: the formulas of the table, computed with gates instead of floats.

>>> x = Value(3.0)
>>> (slope,) = local_values(x**2)
>>> slope()
Value(6.0)

The condition of a formula is decided by the numbers of the moment, and only the case that holds
is computed: the slope of relu(3) is the number 1. While a function is recorded, nothing is decided:
the condition is a gate, and `where` chooses between both cases.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial, reduce
from itertools import pairwise
from typing import Any

from autograd import gates
from autograd.choice import Choice
from autograd.declaration import ARITHMETIC_ERRORS, Gate
from autograd.fused import FusedGate
from autograd.grad_mode import enable_grad, is_guarded
from autograd.typesetting.formulas import parsed
from autograd.value import Value

Number = Value | float

Later = Callable[[], Number]
"""Something to compute if it is needed: what is multiplied by a plain 0 is not."""

Formula = Callable[[Mapping[str, Number]], Number]
"""A formula as a function of the numbers that its names stand for."""


def local_values(node: Value) -> list[Later]:
    """∂node/∂input for each input of a node that a gate made, as gates over its arguments."""
    gate, arguments = node.gate, node.arguments
    assert gate is not None
    if isinstance(gate, Gate):
        later = _of_gate(gate, arguments, node)
    elif isinstance(gate, Choice):
        later = [lambda i=i: _is_equal(arguments[0], float(i)) for i in range(-1, len(arguments) - 1)]  # type: ignore[misc]
    else:
        later = _of_fused(gate, arguments, node)
    return [later[i] for i, x in enumerate(arguments) if isinstance(x, Value)]


def formula_value(formula: str, gate: Gate, arguments: Sequence[Number], output: float) -> Value | None:
    """What a formula of a gate gives for these arguments; None for prose, and outside its domain."""
    with suppress(TypeError, *ARITHMETIC_ERRORS), enable_grad():
        number = _compiled(formula, gate)(_named(gate, arguments, output))
        return number if isinstance(number, Value) else Value(number)
    return None


def _of_gate(gate: Gate, arguments: Sequence[Number], output: Number) -> list[Later]:
    numbers = _named(gate, arguments, output)
    formulas = [_compiled(formula, gate) for formula in gate.computed or gate.local]
    return [lambda f=f: f(numbers) for f in formulas]  # type: ignore[misc]


def _named(gate: Gate, arguments: Sequence[Number], output: Number) -> dict[str, Number]:
    """What the names in a gate's formulas stand for."""
    return dict(zip((*gate.parameters, "output", "pi"), (*arguments, output, math.pi), strict=True))


def _of_fused(gate: FusedGate, arguments: Sequence[Number], output: Value) -> list[Later]:
    columns, start = gate.columns(arguments)
    if gate.shifted:  # e^x / Σ e^x, without the overflow
        return [lambda x=x: gates.exp(x - output) for x in columns[0]]  # type: ignore[misc]
    terms = list(zip(*columns, strict=True))
    each, one = gate.each, lambda: 1.0
    inner = [[one]] * len(terms) if each is None else [_of_gate(each, term, math.nan) for term in terms]
    outer: Later = one
    if gate.finish is not None:
        values = [term[0] if each is None else each(*term) for term in terms]
        (outer,) = _of_gate(gate.finish, [reduce(plus, (*start, *values))], output)
    by_column = [term[i] for i in range(gate.width) for term in inner]
    return [lambda f=f: times(outer(), f) for f in (*by_column, *[one] * len(start))]  # type: ignore[misc]


# ── a formula as a function ─────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def _compiled(formula: str, gate: Gate) -> Formula:
    names = {*gate.parameters, "output", "pi"}

    def of(tree: ast.expr | None) -> Formula:
        match tree:
            case ast.Constant(value=int() | float() as number):
                return lambda numbers: number
            case ast.Name(id=name) if name in names:
                return lambda numbers: numbers[name]
            case ast.Call(func=ast.Name(id=name), args=parts) if name in _FUNCTIONS:
                return _combined(_FUNCTIONS[name], *map(of, parts))
            case ast.UnaryOp(op=sign, operand=operand):
                return _combined(_OPERATORS[type(sign)], of(operand))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                a, b = of(left), of(right)
                return lambda numbers: times(a(numbers), lambda: b(numbers))
            case ast.BinOp(left=left, op=sign, right=right):
                return _combined(_OPERATORS[type(sign)], of(left), of(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition, then, otherwise = of(test), of(body), of(orelse)
                return lambda numbers: _chosen(
                    condition(numbers), lambda: then(numbers), lambda: otherwise(numbers)
                )
            case ast.Compare(left=left, ops=signs, comparators=others):
                pairs = zip(signs, pairwise(map(of, (left, *others))), strict=True)
                compared = (_combined(_OPERATORS[type(sign)], a, b) for sign, (a, b) in pairs)
                return reduce(partial(_combined, gates.minimum), compared)
            case ast.BoolOp(op=sign, values=parts):
                return reduce(partial(_combined, _OPERATORS[type(sign)]), map(of, parts))
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
                raise TypeError(
                    f"gate {gate.name}: its local gradient {formula!r} uses {name}, which is no gate; "
                    f"say how to compute it: @gate(…, computed=…)"
                )
        raise TypeError(
            f"gate {gate.name}: its local gradient {formula!r} is not arithmetic, and so has no derivative"
        )

    return of(parsed(formula))


def _combined(function: Callable[..., Number], *parts: Formula) -> Formula:
    return lambda numbers: function(*[part(numbers) for part in parts])


# ── arithmetic that leaves out what changes nothing ─────────────────────────────────────


def plus(a: Number, b: Number) -> Number:
    """The sum. A plain 0 adds no gate."""
    return b if _is(a, 0.0) else a if _is(b, 0.0) else a + b


def minus(a: Number, b: Number) -> Number:
    """The difference. A plain 0 adds no gate but a sign."""
    return a if _is(b, 0.0) else -b if _is(a, 0.0) else a - b


def times(a: Number, later: Later) -> Number:
    """a·b. What is multiplied by a plain 0 is not computed, however steep it may be."""
    if _is(a, 0.0):
        return 0.0
    b = later()
    for factor, other in ((a, b), (b, a)):
        if _is(factor, 0.0):
            return 0.0
        if _is(factor, 1.0):
            return other
        if _is(factor, -1.0):
            return -other
    return a * b


def _over(a: Number, b: Number) -> Number:
    return 0.0 if _is(a, 0.0) else a if _is(b, 1.0) else gates.divide(a, b)


def _raised(x: Number, exponent: Number) -> Number:
    if _is(exponent, 0.0):
        return 1.0
    if _is(exponent, 1.0):
        return x
    return x**exponent if isinstance(x, Value) or isinstance(exponent, Value) else gates.power(x, exponent)


def _is(x: Number, number: float) -> bool:
    """Whether x is this plain number, and not a Value that happens to equal it."""
    return not isinstance(x, Value) and x == number


def _number(x: Number) -> float:
    return x.data if isinstance(x, Value) else x


def _chosen(condition: Number, then: Later, otherwise: Later) -> Number:
    if isinstance(condition, Value):
        return gates.where(condition, then(), otherwise())
    return then() if condition else otherwise()


def _compared(gate: Gate) -> Callable[[Number, Number], Number]:
    """The gate while a function is recorded, and otherwise the truth of the moment."""
    return lambda a, b: gate(a, b) if is_guarded() else gate(_number(a), _number(b))


def _is_equal(a: Number, b: Number) -> Number:
    return minus(1.0, _is_other(a, b))


def _is_other(a: Number, b: Number) -> Number:
    if is_guarded():
        return gates.sign(gates.absolute(a - b))
    return float(_number(a) != _number(b))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(gates, name) for name in gates.__all__},
    "abs": gates.absolute,
    "max": gates.maximum,
    "min": gates.minimum,
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: plus,
    ast.Sub: minus,
    ast.Div: _over,
    ast.Pow: _raised,
    ast.UAdd: lambda x: x,
    ast.USub: lambda x: minus(0.0, x),
    ast.Eq: _is_equal,
    ast.NotEq: _is_other,
    ast.Lt: _compared(gates.less),
    ast.LtE: _compared(gates.less_equal),
    ast.Gt: _compared(gates.greater),
    ast.GtE: _compared(gates.greater_equal),
    ast.And: gates.minimum,
    ast.Or: gates.maximum,
}
