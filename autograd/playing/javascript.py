"""A Python function of floats, written in JavaScript.

It is read with `ast`: arithmetic, comparisons, conditionals, loops over `range`, local variables, and
calls of `math`, of gates and of plain functions. Anything else is untranslatable.

Python's arithmetic refuses what JavaScript's answers with Infinity or NaN (1/0, the logarithm of -1), so
that division, powers and `math` go through the page's object `python`.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType
from typing import Any

from autograd.declaration import Gate
from autograd.function_source import (
    MATHEMATICS,
    UntranslatableError,
    is_truth,
    meaning,
    meaning_in_formula,
)
from autograd.typesetting.formulas import parsed

PYTHON = {"abs", "max", "min", "float", "int", "bool", "len", "tuple"} | MATHEMATICS
"""Functions of Python and of its `math` that the page's object `python` has, by these names."""

OF_PYTHON = ("math", "builtins")

RESERVED = {
    *("arguments", "case", "catch", "const", "debugger", "default", "delete", "do", "enum", "eval"),
    *("export", "extends", "false", "function", "implements", "instanceof", "interface", "let", "new"),
    *("null", "of", "package", "private", "protected", "public", "static", "super", "switch", "this"),
    *("throw", "true", "typeof", "undefined", "var", "void", "python", "Infinity", "NaN"),
}
"""Names of Python that mean something to JavaScript, or to the page."""

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "===",
    ast.NotEq: "!==",
    ast.Is: "===",
    ast.IsNot: "!==",
    ast.And: "&&",
    ast.Or: "||",
}
CALLED: dict[type[ast.AST], str] = {
    ast.Div: "divide",
    ast.Pow: "pow",
    ast.FloorDiv: "floorDivide",
    ast.Mod: "modulo",
}

CONDITION, OR, AND, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)
"""How tightly JavaScript binds what is written."""

Written = tuple[str, int]
"""An expression, and how tightly it binds."""


def identifier(name: str) -> str:
    """A name that JavaScript takes for one.

    >>> identifier("new"), identifier("alpha"), identifier("<lambda>")
    ('new_', 'alpha', '_lambda_')
    """
    name = "".join(c if c.isidentifier() or c.isdecimal() else "_" for c in name)
    return f"{name}_" if name in RESERVED else name


def finite(x: float) -> float | str:
    """A number as JSON can hold it: NaN and infinity by the names that JavaScript has for them.

    >>> finite(0.5), finite(float("-inf"))
    (0.5, '-Infinity')
    """
    if math.isfinite(x):
        return float(x)
    return "NaN" if math.isnan(x) else ("Infinity" if x > 0.0 else "-Infinity")


class FunctionWriter:
    """Writes one function.

    called  the name in JavaScript of another function that this one calls
    tree    the function's own; None if only formulas with its parameters are written
    """

    def __init__(self, function: Any, called: Callable[[Any], str], tree: ast.FunctionDef | None) -> None:
        self.called = called
        self.function = function
        self.tree = tree
        self.locals = set(inspect.signature(function).parameters)

    def definition(self, name: str) -> str:
        assert self.tree is not None
        names = (x for x in ast.walk(self.tree) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store))
        assigned = dict.fromkeys(name.id for name in names if name.id not in self.locals)
        self.locals |= assigned.keys()
        lines = [f"  let {', '.join(map(identifier, assigned))};"] if assigned else []
        lines += self.block(self.tree.body, "  ")
        return f"function {name}({self.parameters()}) {{\n{chr(10).join(lines)}\n}}"

    def parameters(self) -> str:
        written = []
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                raise UntranslatableError(f"{parameter} takes any arguments")
            if parameter.name != "self":
                rest = "..." if parameter.kind is parameter.VAR_POSITIONAL else ""
                written.append(rest + identifier(parameter.name))
                if parameter.default is not parameter.empty:
                    written[-1] += f" = {self.constant(parameter.default)[0]}"
        return ", ".join(written)

    # ── statements ──────────────────────────────────────────────────────────────────────

    def block(self, statements: Iterable[ast.stmt], indent: str) -> list[str]:
        return [line for statement in statements for line in self.statement(statement, indent)]

    def statement(self, statement: ast.stmt, indent: str) -> list[str]:
        inside = indent + "  "
        match statement:
            case ast.Return(value=ast.expr() as value):
                return [f"{indent}return {self.text(value)};"]
            case ast.Assign(targets=[target], value=value):
                return [f"{indent}{self.target(target)} = {self.text(value)};"]
            case ast.If(test=test, body=body, orelse=orelse):
                lines = [f"{indent}if ({self.condition(test)}) {{", *self.block(body, inside)]
                if orelse:
                    lines += [f"{indent}}} else {{", *self.block(orelse, inside)]
                return [*lines, f"{indent}}}"]
            case ast.While(test=test, body=body, orelse=[]):
                head = f"{indent}while ({self.condition(test)}) {{"
                return [head, *self.block(body, inside), f"{indent}}}"]
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range"), args=[first, end], keywords=[]),
                body=body,
                orelse=[],
            ):
                head = f"{indent}for (const i of python.range({self.text(first)}, {self.text(end)})) {{"
                return [head, f"{inside}{identifier(name)} = i;", *self.block(body, inside), f"{indent}}}"]
            case ast.Raise():
                return [f"{indent}python.refuse();"]
        raise UntranslatableError(f"a statement that is no arithmetic: {ast.unparse(statement)}")

    def target(self, target: ast.expr) -> str:
        match target:
            case ast.Name(id=name):
                return identifier(name)
            case ast.Tuple(elts=elements):
                return f"[{', '.join(map(self.target, elements))}]"
            case ast.Starred(value=value):
                return f"...{self.target(value)}"
            case ast.Subscript():
                return self.text(target)
        raise UntranslatableError(f"an assignment to {ast.unparse(target)}")

    # ── expressions ─────────────────────────────────────────────────────────────────────

    def formula(self, formula: str) -> str:
        """A formula that a gate declares."""
        tree = parsed(formula)
        if tree is None:
            raise UntranslatableError(f"a formula that is no arithmetic: {formula}")
        return self.text(tree)

    def text(self, tree: ast.expr, level: int = CONDITION) -> str:
        """The expression, in parentheses if it binds less than `level`."""
        written, own = self.expression(tree)
        return written if own >= level else f"({written})"

    def condition(self, tree: ast.expr, level: int = CONDITION) -> str:
        """The same where its truth is asked for: NaN is true in Python, and false in JavaScript."""
        return self.text(tree, level) if is_truth(tree) else f"python.bool({self.text(tree)})"

    def expression(self, tree: ast.expr) -> Written:
        match tree:
            case ast.Constant(value=value):
                return self.constant(value)
            case ast.Name(id=name) if name in self.locals:
                return identifier(name), ATOM
            case ast.Name() | ast.Attribute():
                return self.constant(self.meaning(tree))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return f"[{', '.join(map(self.text, elements))}]", ATOM
            case ast.Subscript(value=value, slice=place) if not isinstance(place, ast.Slice):
                return f"{self.text(value, ATOM)}[python.place({self.text(value)}, {self.text(place)})]", ATOM
            case ast.BinOp(left=ast.List(elts=[element]), op=ast.Mult(), right=count):
                return f"Array({self.text(count)}).fill({self.text(element)})", ATOM
            case ast.Compare(
                left=x,
                ops=[ast.In() | ast.NotIn() as op],
                comparators=[ast.Call(func=ast.Name(id="range"), args=[ast.Constant(0), end])],
            ):
                inside = f"python.isPlace({self.text(x)}, {self.text(end)})"
                return (f"!{inside}", SIGN) if isinstance(op, ast.NotIn) else (inside, ATOM)
            case ast.UnaryOp(op=ast.USub(), operand=x):
                return f"-{self.text(x, ATOM)}", SIGN
            case ast.UnaryOp(op=ast.UAdd(), operand=x):
                return self.expression(x)
            case ast.UnaryOp(op=ast.Not(), operand=x):
                return f"!{self.condition(x, ATOM)}", SIGN
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                level = PRODUCT if isinstance(op, ast.Mult) else SUM
                return f"{self.text(left, level)} {OPERATORS[type(op)]} {self.text(right, level + 1)}", level
            case ast.BinOp(left=left, op=op, right=right) if type(op) in CALLED:
                return f"python.{CALLED[type(op)]}({self.text(left)}, {self.text(right)})", ATOM
            case ast.IfExp(test=test, body=body, orelse=orelse):
                cases = f"{self.text(body, OR)} : {self.text(orelse)}"
                return f"{self.condition(test, OR)} ? {cases}", CONDITION
            case ast.Compare(left=first, ops=ops, comparators=others) if all(
                type(op) in OPERATORS for op in ops
            ):
                sides = [self.text(side, SUM) for side in (first, *others)]
                links = [
                    f"{a} {OPERATORS[type(op)]} {b}" for a, op, b in zip(sides, ops, sides[1:], strict=False)
                ]
                return " && ".join(links), COMPARISON if len(links) == 1 else AND
            case ast.BoolOp(op=op, values=values):
                level = OR if isinstance(op, ast.Or) else AND
                return f" {OPERATORS[type(op)]} ".join(self.condition(x, level + 1) for x in values), level
            case ast.Call(func=function, args=arguments, keywords=[]):
                if any(isinstance(x, ast.Starred) for x in arguments):
                    raise UntranslatableError(f"any number of arguments: {ast.unparse(tree)}")
                return self.call(function, [self.text(x) for x in arguments]), ATOM
        raise UntranslatableError(f"an expression that is no arithmetic: {ast.unparse(tree)}")

    def call(self, function: ast.expr, arguments: list[str]) -> str:
        inside = f"({', '.join(arguments)})"
        called = self.meaning(function)
        if isinstance(called, Gate):
            return f"{self.called(called)}{inside}[0]"
        of_python = isinstance(called, (BuiltinFunctionType, type)) and called.__module__ in OF_PYTHON
        if of_python and called.__name__ in PYTHON:
            return f"python.{called.__name__}{inside}"
        if isinstance(called, FunctionType):
            return f"{self.called(called)}{inside}"
        raise UntranslatableError(f"{ast.unparse(function)} has no translation")

    def meaning(self, tree: ast.expr) -> Any:
        return meaning_in_formula(tree) if self.tree is None else meaning(tree, self.function, self.locals)

    def constant(self, value: Any) -> Written:
        if isinstance(value, bool):
            return str(value).lower(), ATOM
        if isinstance(value, (int, float)):
            return str(finite(value)), SIGN if value < 0 else ATOM
        raise UntranslatableError(f"{value!r} is not a number")
