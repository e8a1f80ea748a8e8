"""Gates over whole arrays, translated from their functions of floats.

A function of floats decides; over an array every element decides for itself. So each case is computed for
all elements, and `where` takes for each element the case that holds:

>>> from autograd import gates
>>> print(ArrayGates(math).source(gates.softplus.function))
def over_arrays(z_):
    v1 = math.exp((-abs(z_)))
    v2 = (where((z_ >= 0.0), 1.0, v1) / (1.0 + v1))
    return ((where((z_ > 0.0), z_, 0.0) + math.log1p(v1)), (v2,),)

Where the function cannot be read, the formulas that the gate declares are translated in its place.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from autograd.declaration import Gate
from autograd.function_source import (
    MATHEMATICS,
    UntranslatableError,
    definition,
    is_truth,
    meaning,
    meaning_in_formula,
)
from autograd.fused import FusedGate
from autograd.typesetting.formulas import parsed

Array = Any
ArrayFunction = Callable[..., tuple[Array, tuple[Array, ...]]]
"""Arrays -> the output and the local gradient for each input; a number stands for equal elements."""

# fmt: off
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.Mod: "%", ast.FloorDiv: "//",
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
    ast.And: "&", ast.Or: "|",
}
# fmt: on
"""The operators of arrays; `and` and `or` become those that work element by element."""

DIFFERENTIATED_ONCE = (
    "is differentiated once. For second derivatives record them: compile a function that calls "
    "autograd.gradients"
)

Names = dict[str, str]
"""The variables of a function: what each stands for, as an expression."""


class ArrayGates:
    """The functions of gates, translated to one kind of array.

    arrays  has the functions of Python's `math`, for arrays and numbers, and `where`, which chooses between
            two of them element by element; for fused gates also `added` and `largest`, along the second axis
    """

    def __init__(self, arrays: Any) -> None:
        self.arrays = arrays
        self._known: dict[Any, Callable[..., Any]] = {}

    def where(self, condition: Array, a: Any, b: Any) -> Any:
        """`a` where the condition holds and `b` elsewhere; for tuples, item by item."""
        if not isinstance(a, tuple) and not isinstance(b, tuple):
            return self.arrays.where(condition, a, b)
        count = len(a if isinstance(a, tuple) else b)
        rows = (x if isinstance(x, tuple) else (x,) * count for x in (a, b))
        return tuple(self.where(condition, *pair) for pair in zip(*rows, strict=True))

    def gate(self, gate: Gate) -> ArrayFunction:
        """The gate's function over arrays.

        Raises TypeError if neither the function nor the gate's formulas can be translated.
        """
        try:
            return self.function(gate.function)
        except UntranslatableError as of_function:
            try:
                return self._by_formulas(gate)
            except UntranslatableError as of_formulas:
                raise TypeError(
                    f"gate {gate.name} cannot be computed over arrays: {of_function}, and in its formulas "
                    f"{of_formulas}. Write its function in arithmetic, conditionals and `math`"
                ) from None

    def differentiable(self, gate: Any) -> Any:
        """The gate over arrays, with its own local gradients for a derivative."""
        return self.arrays.with_gradient(self.gate(gate) if isinstance(gate, Gate) else self.fused(gate))

    def function(self, function: Any) -> Callable[..., Any]:
        """A function of floats, translated to arrays."""
        if function not in self._known:
            writer = _Writer(self, function)
            self._known[function] = writer.finished(writer.of(definition(function)))
        return self._known[function]

    def source(self, function: Any) -> str:
        """The translation, to read."""
        return _Writer(self, function).of(definition(function))

    def _by_formulas(self, gate: Gate) -> ArrayFunction:
        if gate not in self._known:
            writer = _Writer(self, gate.function)
            writer.variables.append("output")
            writer.in_formulas = True
            output, *local = map(writer.formula, (gate.formula, *(gate.computed or gate.local)))
            writer.lines = [f"output_ = {output}"]
            self._known[gate] = writer.finished(writer.definition(f"(output_, ({', '.join(local)},))"))
        return self._known[gate]

    def fused(self, gate: FusedGate) -> ArrayFunction:
        """A fused gate over columns: arrays whose second axis is that of the terms, of length 1 for a start.

        The local gradients follow from those of the gates that it folds, as in `FusedGate.function`.
        """
        each, finish = (part and self.gate(part) for part in (gate.each, gate.finish))

        def function(*arguments: Array) -> tuple[Array, tuple[Array, ...]]:
            columns, start = arguments[: gate.width], arguments[gate.width :]
            shift: Any = 0.0
            if gate.shifted:
                shift = self.arrays.largest(columns[0])
                columns = (self.where(columns[0] == shift, 0.0, columns[0] - shift),)
            outputs, local = each(*columns) if each else (columns[0], (1.0,))
            result = sum(start, self.arrays.added(outputs))
            local = (*local, *([1.0] * len(start)))
            if finish:
                result, (slope,) = finish(result)
                local = tuple(slope * x for x in local)
            return result + shift, local

        return function


class _Writer:
    """Writes one function in straight lines: no statement of it depends on a number.

    Its parameters have a _ behind their names, apart from `where`, `math` and what else a line may call.
    """

    def __init__(self, translation: ArrayGates, function: Any) -> None:
        self.translation = translation
        self.function = function
        self.variables = list(inspect.signature(function).parameters)
        self.in_formulas = False
        self.lines: list[str] = []
        self.called: dict[str, Any] = {"inf": math.inf, "nan": math.nan}
        self.called |= {"math": translation.arrays, "where": translation.where}

    def of(self, tree: ast.FunctionDef) -> str:
        stored = (x.id for x in ast.walk(tree) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store))
        parameters = list(self.variables)
        self.variables += stored
        result = self.block(tree.body, {name: f"{name}_" for name in parameters})
        if result is None:
            raise UntranslatableError(f"{tree.name} returns nothing")
        return self.definition(result)

    def definition(self, result: str) -> str:
        return "\n    ".join((f"def over_arrays({self.parameters()}):", *self.lines, f"return {result}"))

    def parameters(self) -> str:
        written = []
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                raise UntranslatableError(f"{parameter} takes any arguments")
            written.append(f"{parameter.name}_")
            if parameter.default is not parameter.empty:
                written[-1] += f"={self.constant(parameter.default)}"
        return ", ".join(written)

    def finished(self, source: str) -> Callable[..., Any]:
        """Compile a source of this writer, which is nothing but arithmetic."""
        names = dict(self.called)
        exec(compile(source, f"<{self.function.__name__} over arrays>", "exec"), names)
        function: Callable[..., Any] = names["over_arrays"]
        return function

    # ── statements ──────────────────────────────────────────────────────────────────────

    def block(self, statements: Sequence[ast.stmt], names: Names) -> str | None:
        """What the statements return, None if nothing; `names` gets the variables that they assign."""
        for place, statement in enumerate(statements):
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self.text(value, names)
                case ast.Raise():
                    return "nan"
                case ast.Assign(targets=[target], value=value):
                    self.assign(target, self.text(value, names), names)
                case ast.If(test=test, body=body, orelse=orelse):
                    condition = self.kept(self.condition(test, names))
                    returns = any(isinstance(x, ast.Return | ast.Raise) for x in ast.walk(statement))
                    rest = statements[place + 1 :] if returns else []
                    then, otherwise = dict(names), dict(names)
                    results = self.block([*body, *rest], then), self.block([*orelse, *rest], otherwise)
                    if returns:
                        if None in results:
                            raise UntranslatableError("not every case returns something")
                        return f"where({condition}, {results[0]}, {results[1]})"
                    for name in then.keys() & otherwise.keys():
                        a, b = then[name], otherwise[name]
                        names[name] = a if a == b else self.kept(f"where({condition}, {a}, {b})")
                case ast.For(
                    target=ast.Name(id=name),
                    iter=ast.Call(func=ast.Name(id="range"), args=[first, end], keywords=[]),
                    body=body,
                    orelse=[],
                ):
                    for i in range(self.whole_number(first, names), self.whole_number(end, names)):
                        names[name] = str(i)
                        if self.block(body, names) is not None:
                            raise UntranslatableError("a loop that returns")
                case _:
                    raise UntranslatableError(f"`{ast.unparse(statement)}` is no arithmetic")
        return None

    def assign(self, target: ast.expr, value: str, names: Names) -> None:
        kept = self.kept(value)
        match target:
            case ast.Name(id=name):
                names[name] = kept
            case ast.Tuple(elts=elements):
                for i, element in enumerate(elements):
                    self.assign(element, f"{kept}[{i}]", names)
            case _:
                raise UntranslatableError(f"an assignment to {ast.unparse(target)}")

    def kept(self, value: str) -> str:
        """Assign an expression to a new variable; return the variable."""
        self.lines.append(f"v{len(self.lines) + 1} = {value}")
        return f"v{len(self.lines)}"

    def whole_number(self, tree: ast.expr, names: Names) -> int:
        try:
            return int(self.text(tree, names))
        except ValueError:
            raise UntranslatableError(f"range of {ast.unparse(tree)}, which is not known before") from None

    # ── expressions ─────────────────────────────────────────────────────────────────────

    def formula(self, formula: str) -> str:
        tree = parsed(formula)
        if tree is None:
            raise UntranslatableError(f"{formula!r} is no arithmetic")
        return self.text(tree, {name: f"{name}_" for name in self.variables})

    def condition(self, tree: ast.expr, names: Names) -> str:
        """An expression as a condition: a number is true unless it is 0."""
        return self.text(tree, names) if is_truth(tree) else f"({self.text(tree, names)} != 0)"

    def text(self, tree: ast.expr, names: Names) -> str:
        def text(x: ast.expr) -> str:
            return self.text(x, names)

        match tree:
            case ast.Constant(value=value):
                return self.constant(value)
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.Name() | ast.Attribute():
                return self.constant(self.meaning(tree))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return f"({''.join(f'{text(x)}, ' for x in elements).rstrip()})"
            case ast.Subscript(value=value, slice=ast.Constant(value=int(place))):
                return f"{text(value)}[{place}]"
            case ast.UnaryOp(op=ast.USub(), operand=x):
                return f"(-{text(x)})"
            case ast.UnaryOp(op=ast.UAdd(), operand=x):
                return text(x)
            case ast.UnaryOp(op=ast.Not(), operand=x):
                return f"({self.condition(x, names)} ^ True)"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return f"({text(left)} {OPERATORS[type(op)]} {text(right)})"
            case ast.BoolOp(op=op, values=values):
                return f"({f' {OPERATORS[type(op)]} '.join(self.condition(x, names) for x in values)})"
            case ast.Compare(left=x, ops=ops, comparators=others) if {*map(type, ops)} <= OPERATORS.keys():
                sides, signs = list(map(text, (x, *others))), [OPERATORS[type(op)] for op in ops]
                links = [f"({a} {sign} {b})" for a, sign, b in zip(sides, signs, sides[1:], strict=False)]
                return links[0] if len(links) == 1 else f"({' & '.join(links)})"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"where({self.condition(test, names)}, {text(body)}, {text(orelse)})"
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self.call(function, list(map(text, arguments)))
        raise UntranslatableError(f"`{ast.unparse(tree)}` is no arithmetic")

    def call(self, function: ast.expr, arguments: list[str]) -> str:
        called = self.meaning(function)
        inside = f"({', '.join(arguments)})"
        if called in (max, min):
            sign = ">" if called is max else "<"
            first, *others = arguments
            for other in others:  # in the order of Python, which keeps the first at a tie
                first = self.kept(f"where({other} {sign} {first}, {other}, {first})")
            return first
        if called is float:
            return inside
        if called is abs:
            return f"abs{inside}"
        name = getattr(called, "__name__", ast.unparse(function))
        if getattr(math, name, None) is called:
            if name in MATHEMATICS and hasattr(self.translation.arrays, name):
                return f"math.{name}{inside}"
        elif isinstance(called, Gate):
            self.called[f"{name}_gate"] = self.translation.gate(called)
            return f"{name}_gate{inside}[0]"
        elif isinstance(called, FunctionType):
            self.called[f"{name}_function"] = self.translation.function(called)
            return f"{name}_function{inside}"
        raise UntranslatableError(f"{ast.unparse(function)} has no translation")

    def meaning(self, tree: ast.expr) -> Any:
        return meaning_in_formula(tree) if self.in_formulas else meaning(tree, self.function, self.variables)

    def constant(self, value: Any) -> str:
        if not isinstance(value, int | float):
            raise UntranslatableError(f"{value!r} is not a number")
        return repr(value) if value >= 0 or value != value else f"({value!r})"
