r"""Formulas, from Python's notation to that of any `Notation`.

The table of gates gives every formula once, in Python's notation over the names of the
gate's parameters. Here such a formula is read, names or numbers are put in, and it is
written for people:

>>> text("-a/b**2", {"a": 1.0, "b": "g7"})
'-1/g7²'
>>> text("sigmoid(z)*(1 - sigmoid(z))", {"z": 0.8})
'σ(0.8)(1 - σ(0.8))'
>>> print(latex("-a/b**2", {"a": "w11(2)", "b": "g8"}))
-\frac{w_{11}^{(2)}}{g_{8}^{2}}

A formula that is not in Python's notation, as the author of a gate may have left it, is
shown as it stands.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from autograd.typesetting.labels import GREEK, printable
from autograd.typesetting.latex import Latex
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.text import Text

Arguments = Mapping[str, str | float]
"""What to put in for a formula's parameters: labels (text) or numbers."""


def text(formula: str, arguments: Arguments | None = None) -> str:
    """The formula on one line: `2·g1`, `-1/g7²`, `z if z ≥ 0, else 0.01·z`."""
    return write(formula, arguments or {}, Text())


def latex(formula: str, arguments: Arguments | None = None) -> str:
    """The formula in LaTeX, for math mode."""
    return write(formula, arguments or {}, Latex())


def write(formula: str, arguments: Arguments, notation: Notation) -> str:
    """The formula in a notation, with `arguments` put in for its parameters."""
    return notation.finished(piece(formula, arguments, notation))


def piece(formula: str, arguments: Arguments, notation: Notation) -> Piece:
    """The formula as a piece, to become part of an equation."""
    tree = parsed(formula)
    return notation.words(printable(formula)) if tree is None else _Writer(arguments, notation).write(tree)


# ── reading and writing a formula ───────────────────────────────────────────────────────

SIGNS: dict[type[ast.AST], str] = {
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Eq: "=",
    ast.NotEq: "≠",
    ast.And: "and",
    ast.Or: "or",
}
"""Comparisons and what joins them, as people write them."""

_KNOWN = (
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UnaryOp, ast.USub, ast.UAdd),
    *(ast.Constant, ast.Name, ast.Attribute, ast.Load, ast.Call, ast.IfExp, ast.Compare, ast.BoolOp, *SIGNS),
)


@lru_cache(maxsize=1024)
def parsed(formula: str) -> ast.expr | None:
    """The formula's syntax tree; None for anything but arithmetic."""
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # deep nesting raises the last two
        return None
    for node in ast.walk(tree):
        if not isinstance(node, _KNOWN) or (isinstance(node, ast.Call) and node.keywords):
            return None
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float, type(...))):
            return None
    return tree


def plain_number(tree: ast.expr) -> float | None:
    """The number that a tree stands for, with its sign; None for anything but a number."""
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        x = plain_number(tree.operand)
        return None if x is None else -x
    if isinstance(tree, ast.Constant) and isinstance(tree.value, (int, float)):
        return float(tree.value)
    return None


class _Writer:
    def __init__(self, arguments: Arguments, notation: Notation) -> None:
        self.arguments = arguments
        self.notation = notation

    def write(self, tree: ast.expr) -> Piece:
        if (number := plain_number(tree)) is not None:
            return self.notation.number(number)
        match tree:
            case ast.Constant():
                return self.notation.dots()
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._argument(name)
            case ast.UnaryOp(op=ast.USub(), operand=x):
                return self.notation.negative(self.write(x))
            case ast.UnaryOp(operand=x):
                return self.write(x)
            case ast.BinOp():
                return self._binary(tree)
            case ast.Call():
                return self._call(tree)
            case ast.IfExp():
                return self._cases(tree)
            case ast.Compare() | ast.BoolOp():
                return self._condition(tree)
        raise AssertionError(f"parsed lets no {type(tree).__name__} through")

    def _argument(self, name: str) -> Piece:
        put = self.arguments.get(name, GREEK.get(name, name))
        return self.notation.name(put) if isinstance(put, str) else self.notation.number(put)

    def _binary(self, tree: ast.BinOp) -> Piece:
        notation, left, right = self.notation, tree.left, tree.right
        if isinstance(tree.op, ast.Div) and isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
            fraction = self.write(ast.BinOp(left.operand, tree.op, right))
            return notation.negative(fraction)  # -(a/b), not (-a)/b
        a, b = self.write(left), self.write(right)
        match tree.op:
            case ast.Add():
                return notation.sum(a, "+", b)
            case ast.Sub():
                return notation.sum(a, "-", b)
        write = {ast.Mult: notation.product, ast.Div: notation.quotient, ast.Pow: notation.power}
        return write[type(tree.op)](a, b)

    def _call(self, tree: ast.Call) -> Piece:
        notation = self.notation
        name = tree.func.attr if isinstance(tree.func, ast.Attribute) else ast.unparse(tree.func)
        arguments = [self.write(x) for x in tree.args]
        special = {"exp": notation.exponential, "log": notation.logarithm}
        special |= {"sqrt": notation.root, "abs": notation.bars}
        if len(arguments) == 1 and name in special:
            return special[name](arguments[0])
        return notation.call({"sigmoid": "σ"}.get(name, name), *arguments)

    def _cases(self, tree: ast.expr) -> Piece:
        rows: list[tuple[Piece, Piece | None]] = []
        while isinstance(tree, ast.IfExp):
            rows.append((self.write(tree.body), self.write(tree.test)))
            tree = tree.orelse
        return self.notation.cases([*rows, (self.write(tree), None)])

    def _condition(self, tree: ast.Compare | ast.BoolOp) -> Piece:
        if isinstance(tree, ast.BoolOp):
            first, *others = tree.values
            signs = [SIGNS[type(tree.op)]] * len(others)
        else:
            first, others, signs = tree.left, tree.comparators, [SIGNS[type(op)] for op in tree.ops]
        condition = self.write(first)
        for sign, other in zip(signs, others, strict=True):
            condition = self.notation.compared(condition, sign, self.write(other))
        return condition
