"""The source of a plain function, read to be translated: to JavaScript, or to a function of arrays.

>>> import math
>>> from autograd import gates
>>> definition(gates.square.function).name
'square'
>>> meaning(ast.parse("math.exp", mode="eval").body, gates.exp.function, set()) is math.exp
True
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import textwrap
from collections.abc import Container, Mapping
from types import FunctionType, ModuleType
from typing import Any

from autograd import gates
from autograd.declaration import Gate

MATHEMATICS = {
    *("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "asin", "acos", "atan", "atan2"),
    *("expm1", "log1p", "log2", "log10", "exp2", "cbrt", "pow", "fabs", "copysign", "hypot", "floor", "ceil"),
    *("trunc", "isnan", "isinf", "isfinite", "fmod", "erf", "erfc", "asinh", "acosh", "atanh"),
}
"""The functions of Python's `math` that have a translation."""

IN_FORMULAS: Mapping[str, Any] = {
    **{name: getattr(gates, name) for name in gates.__all__},
    "abs": abs,
    "max": max,
    "min": min,
    "pi": math.pi,
}
"""What the names in a gate's formula stand for, but for its parameters."""


class UntranslatableError(Exception):
    """A function uses something that has no translation."""


class _Plain(ast.NodeTransformer):
    """Rewrites in one way what Python can say in several, and leaves out what computes nothing."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.Assign:
        if not isinstance(node.target, ast.Name):
            raise UntranslatableError(f"`{ast.unparse(node)}` changes more than a variable")
        whole = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        return ast.Assign([node.target], self.visit(whole))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign | None:
        return ast.Assign([node.target], self.visit(node.value)) if node.value else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match self.generic_visit(node):
            case ast.Call(func=ast.Name(id="range") as name, args=[end], keywords=[]):
                return ast.Call(name, [ast.Constant(0), end], [])
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node

    def visit_Pass(self, node: ast.Pass) -> None:
        return None


def definition(function: Any) -> ast.FunctionDef:
    """The syntax tree of a function that was written with `def`.

    `x += y` stands in it as `x = x + y`, `range(n)` as `range(0, n)`; types and docstrings do not.
    """
    if not isinstance(function, FunctionType):
        raise UntranslatableError(f"{function!r} is not a Python function")
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        raise UntranslatableError(f"the source of {function.__name__} is not at hand") from None
    match tree.body:
        case [ast.FunctionDef() as found] if found.name == function.__name__:
            return _Plain().visit(found)  # type: ignore[no-any-return]
    raise UntranslatableError(f"{function.__name__} is not defined by def")


def is_truth(tree: ast.expr) -> bool:
    """Whether an expression is true or false in every language; a number is so by Python's rules alone.

    >>> [is_truth(ast.parse(text, mode="eval").body) for text in ("x > 0", "not x", "x")]
    [True, True, False]
    """
    return isinstance(tree, ast.Compare | ast.BoolOp) or (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    )


def meaning(tree: ast.expr, function: Any, variables: Container[str]) -> Any:
    """What a name outside the function stands for now, such as a constant or `math.exp`.

    variables  the function's own names, which stand for something else in every call
    """
    match tree:
        case ast.Name(id=name) if name not in variables:
            around: Mapping[str, Any] = inspect.getclosurevars(function).nonlocals
            for names in (around, function.__globals__, vars(builtins)):
                if name in names:
                    return names[name]
        case ast.Attribute(value=owner, attr=attribute):
            known = meaning(owner, function, variables)
            if isinstance(known, (ModuleType, Gate)) and hasattr(known, attribute):
                return getattr(known, attribute)
    raise UntranslatableError(f"{ast.unparse(tree)} cannot be read")


def meaning_in_formula(tree: ast.expr) -> Any:
    """The same in a formula that a gate declares."""
    match tree:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in IN_FORMULAS:
            return IN_FORMULAS[name]
    raise UntranslatableError(f"{ast.unparse(tree)} is no gate")
