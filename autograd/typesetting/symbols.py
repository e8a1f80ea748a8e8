"""The symbol of a gate, for a drawing and for a page: how it is written where space is short.

>>> from autograd import Value
>>> gate_symbol(1 / Value(4.0))
'1/x'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd import gates
from autograd.declaration import Gate
from autograd.typesetting.formulas import text
from autograd.typesetting.numbers import decimal

if TYPE_CHECKING:
    from autograd.value import Value

WITH_NUMBER: dict[Gate, tuple[str, str]] = {
    gates.add: ("+{operand}", "+{operand}"),
    gates.subtract: ("{number}−x", "−{operand}"),
    gates.multiply: ("×{operand}", "×{operand}"),
    gates.divide: ("{number}/x", "/{operand}"),
    gates.power: ("{number}ˣ", "{power}"),
    gates.exponentiate: ("{number}ˣ", "{power}"),
    gates.maximum: ("max({number}, x)", "max(x, {number})"),
    gates.minimum: ("min({number}, x)", "min(x, {number})"),
    gates.mod: ("{number} mod x", "mod {operand}"),
    gates.hypot: ("hypot({number}, x)", "hypot(x, {number})"),
    gates.atan2: ("atan2({number}, x)", "atan2(y, {number})"),
    gates.less: ("{number}<x", "<{operand}"),
    gates.less_equal: ("{number}≤x", "≤{operand}"),
    gates.greater: ("{number}>x", ">{operand}"),
    gates.greater_equal: ("{number}≥x", "≥{operand}"),
}
"""How a gate of two inputs is written if the first, or the second, is a plain number.

The number stands in it as it is, in parentheses if it is negative (operand), or as an exponent of x (power).
"""


def gate_symbol(node: Value) -> str:
    """The symbol of a node's gate, with the plain numbers among its arguments.

    >>> from autograd import Value
    >>> x = Value(4.0)
    >>> [gate_symbol(y) for y in (1 + x, -x, x * -3, 2 - x, x / 2, x**2, x**0.5, x.relu())]
    ['+1', '×(-1)', '×(-3)', '2−x', '/2', 'x²', 'x^0.5', 'ReLU']
    """
    gate = node.gate
    if gate is None:
        raise ValueError(f"{node!r} is a leaf: no gate made it")
    if not isinstance(gate, Gate) or not node.constants:
        return gate.symbol
    if gate in WITH_NUMBER:
        position, number = node.constants[0]
        written, power = decimal(number), text("x**n", {"n": number})
        operand = f"({written})" if written.startswith("-") else written
        return WITH_NUMBER[gate][position].format(number=written, operand=operand, power=power)
    constants = ((gate.parameters[position], number) for position, number in node.constants)
    unusual = [f"{name} = {decimal(x)}" for name, x in constants if x != gate.defaults.get(name)]
    return ", ".join([gate.symbol, *unusual])
