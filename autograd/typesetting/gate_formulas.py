"""The formulas of the gates in a graph: constants put in, fused gates written out."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from autograd.choice import AnyGate, Choice
from autograd.declaration import Gate
from autograd.typesetting.formulas import parsed, piece, plain_number, text
from autograd.typesetting.notation import Notation, Piece


@dataclass(frozen=True)
class Formula:
    """A formula in Python's notation, and the names and numbers that stand for its parameters.

    Plain numbers among the gate's arguments are part of the formula: for `1/g7` it is
    `1 / b` with b standing for g7. The name stands in for a number that is not known.
    """

    formula: str
    names: Mapping[str, str]
    numbers: Mapping[str, float | str]

    def in_names(self) -> str:
        """-1/g7²."""
        return text(self.formula, self.names)

    def names_piece(self, notation: Notation) -> Piece:
        """The formula in names, as a side of an equation."""
        return notation.side(piece(self.formula, self.names, notation))

    def numbers_piece(self, notation: Notation) -> Piece:
        """The formula in numbers, -1/1.3679², as a side of an equation."""
        return notation.side(piece(self.formula, self.numbers, notation))


@dataclass(frozen=True)
class GateFormulas:
    """The formulas of a gate for a given number of arguments: output and local gradients."""

    parameters: tuple[str, ...]
    output: str
    local: tuple[str, ...]


@lru_cache(maxsize=256)
def formulas_of(gate: AnyGate, count: int) -> GateFormulas:
    """The formulas of a gate applied to `count` arguments.

    Those of a fused gate follow from the gates that it folds. A sum of many terms is
    shortened, with … in its middle.

    >>> from autograd import dot
    >>> formulas_of(dot, 5).output
    'p4 + p0 * p2 + p1 * p3'
    """
    if isinstance(gate, Gate):
        return GateFormulas(gate.parameters, gate.formula, gate.local)
    parameters = tuple(f"p{i}" for i in range(count))
    if isinstance(gate, Choice):
        index, *values = parameters
        local = ["0", *(f"1 if {index} == {place} else 0" for place in range(len(values)))]
        return GateFormulas(parameters, f"{gate.name}({', '.join(_few(parameters))})", tuple(local))
    columns, start = gate.columns(parameters)
    terms = list(zip(*columns, strict=True))
    each = formulas_of(gate.each, gate.width) if gate.each else GateFormulas(("x",), "x", ("1",))

    def of(formula: str, term: Sequence[str]) -> str:
        return _renamed(formula, dict(zip(each.parameters, term, strict=True)))

    added = [*start, *("..." if term == "..." else of(each.output, term) for term in _few(terms))]
    output, outer = " + ".join(added), ""
    if gate.finish is not None:
        (parameter,) = gate.finish.parameters
        outer = _renamed(gate.finish.local[0], {parameter: output})
        output = _renamed(gate.finish.formula, {parameter: output})
    local = [of(slope, term) for slope in each.local for term in terms] + ["1"] * len(start)
    return GateFormulas(parameters, output, tuple(f"({outer})*({x})" if outer else x for x in local))


LONGEST_SUM = 6
"""A sum of more terms than this is shortened."""


def _few(terms: Sequence[Any]) -> Sequence[Any]:
    """The terms, or of many the first and the last, with ... between them."""
    return terms if len(terms) <= LONGEST_SUM else [*terms[: LONGEST_SUM - 3], "...", terms[-1]]


def _renamed(formula: str, names: Mapping[str, str]) -> str:
    """The formula with other expressions in place of its parameters."""
    return _replaced(formula, {name: ast.parse(written, mode="eval").body for name, written in names.items()})


def put_in(formula: str, constants: Mapping[str, float]) -> str:
    """The formula with constants put in, still in Python's notation.

    Sums of bare numbers are worked out, and x**1 is x, so that the slope of a cube reads
    as it should:

    >>> put_in("exponent*x**(exponent - 1)", {"exponent": 3.0})
    '3 * x ** 2'
    """
    return _put_in(formula, tuple(constants.items())) if constants else formula


@lru_cache(maxsize=1024)
def _put_in(formula: str, constants: tuple[tuple[str, float], ...]) -> str:
    return _replaced(formula, {name: _number(x) for name, x in constants}) if parsed(formula) else formula


def _replaced(formula: str, trees: Mapping[str, ast.expr]) -> str:
    return ast.unparse(_PutIn(trees).visit(ast.parse(formula, mode="eval")))


class _PutIn(ast.NodeTransformer):
    def __init__(self, trees: Mapping[str, ast.expr]) -> None:
        self.trees = trees

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.trees.get(node.id, node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        x = plain_number(node)
        return node if x is None else _number(x)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        a, b = plain_number(node.left), plain_number(node.right)
        match node.op, a, b:
            case ast.Pow(), _, 1.0:
                return node.left
            case ast.Add(), float(), float():
                return _number(a + b)
            case ast.Sub(), float(), float():
                return _number(a - b)
        return node


def _number(x: float) -> ast.expr:
    size = ast.Constant(int(abs(x)) if x.is_integer() else abs(x))
    return ast.UnaryOp(ast.USub(), size) if x < 0.0 else size


def on_a_boundary(formula: str, numbers: Mapping[str, float | str]) -> bool:
    """Whether the formula compares two equal numbers: where one case ends and the next begins.

    >>> on_a_boundary("1 if z > 0 else 0", {"z": 0.0}), on_a_boundary("1 if z > 0 else 0", {"z": 0.1})
    (True, False)
    """
    tree = parsed(formula)

    def number(side: ast.expr) -> float | str | None:
        return numbers.get(side.id) if isinstance(side, ast.Name) else plain_number(side)

    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Compare):
            sides = [number(side) for side in (node.left, *node.comparators)]
            if any(a is not None and a == b for a, b in pairwise(sides)):
                return True
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "sign" and number(node.args[0]) == 0.0:
            return True
    return False
