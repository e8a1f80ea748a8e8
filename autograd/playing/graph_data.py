"""A graph as the page holds it: leaves' numbers, gates with their formulas, and how they are connected.

The page computes everything else. A node is known by its place in the topological order. What is
written here is read by `page/graph.js` and `page/notation.js`.

>>> from autograd import Value
>>> from autograd.expansion import expansion
>>> x = Value(3.0, "x")
>>> data = GraphData(expansion(2.0 * x))
>>> data.nodes
[['x', 3.0], ['v1', 0, [[2.0], 0]]]
>>> data.gates[0]["output"], data.gates[0]["local"]
(['*', 'a', 'b'], ['b', 'a'])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from autograd.choice import AnyGate
from autograd.declaration import Gate
from autograd.expansion import Expansion
from autograd.fused import FusedGate
from autograd.gates import subtract
from autograd.graph import topological_order
from autograd.languages import Said
from autograd.passes import passes
from autograd.playing.javascript import finite
from autograd.playing.translation import Translation
from autograd.stepping.applied_gate import AppliedGate, is_ones_own, untrue_formulas
from autograd.stepping.walk import names_of
from autograd.typesetting.formulas import SIGNS, parsed
from autograd.typesetting.gate_formulas import formulas_of
from autograd.typesetting.labels import Subscripted
from autograd.typesetting.symbols import WITH_NUMBER
from autograd.typesetting.text import Text
from autograd.value import Value

Tree = Any
"""A formula: a number, a parameter's name, or [sign or function, operands…]."""


class GraphData:
    """The nodes and gates of a graph of elementary gates.

    order    the nodes in topological order, the root last
    names    what each is called
    numbers  what they were in the forward pass
    """

    def __init__(self, expansion: Expansion) -> None:
        self.root = expansion.root
        self.order = topological_order(self.root)
        self.index = {node: i for i, node in enumerate(self.order)}
        self.names = names_of(self.order)
        self._copies = expansion.copies
        self._passes = passes(self.root)
        self.numbers = self._passes.numbers
        self._shifts = self._shifts_of(expansion)
        self._kinds: dict[tuple[AnyGate, int], int] = {}
        self.nodes = [self._node(node) for node in self.order]

    def kind(self, gate: AnyGate, count: int) -> int:
        """The place among `gates` of a gate applied to so many arguments."""
        return self._kinds.setdefault((gate, count), len(self._kinds))

    def arguments(self, node: Value) -> list[Any]:
        """The inputs by their places, constants each in a list of its own; of a fused gate's node too."""
        return [
            self.index[self._copies.get(x, x)] if isinstance(x, Value) else [finite(x)]
            for x in node.arguments
        ]

    def _node(self, node: Value) -> list[Any]:
        name = self.names[node]
        if node in self._shifts:
            return [name, self.kind(node.gate or subtract, 2), self._shifts[node]]
        if node.gate is None:
            return [name, finite(self.numbers[node])]
        arguments = self.arguments(node)
        return [name, self.kind(node.gate, len(arguments)), arguments]

    def _shifts_of(self, expansion: Expansion) -> dict[Value, Any]:
        """The gates that take the largest term off every term of a logsumexp, or add it again.

        With the arguments of each: a plain number among the terms is no input, but what is left of it
        depends on the largest term too.
        """
        found: dict[Value, Any] = {}
        plain: dict[Value, list[Any]] = {}
        for node, origin in expansion.origin.items():
            gate = origin.gate
            if node is origin or node.gate is gate or not isinstance(gate, FusedGate) or not gate.shifted:
                continue
            terms = self.arguments(origin)
            if node.gate is None:
                left = plain.setdefault(origin, [term for term in terms if isinstance(term, list)])
                found[node] = [left.pop(0), {"largest": terms}]
            elif node.constants:
                found[node] = [*self.arguments(node)[:-1], {"largest": terms}]
        return found

    @property
    def leaves(self) -> list[Value]:
        """The leaves, in the order in which the page keeps their numbers."""
        return [node for node, data in zip(self.order, self.nodes, strict=True) if len(data) == 2]

    @cached_property
    def gates(self) -> list[dict[str, Any]]:
        """What the page says of each gate, and its formulas."""
        return [_gate(gate, count) for gate, count in self._kinds]

    @cached_property
    def translation(self) -> Translation:
        return Translation(gate for gate, _ in self._kinds)

    @property
    def script(self) -> str:
        """The gates in JavaScript: the list GATES, in the order of `gates`."""
        names = ", ".join(self.translation.names.get(gate, "null") for gate, _ in self._kinds)
        return f"const GATES = (() => {{\n{self.translation.script}\nreturn [{names}];\n}})();\n"

    @property
    def fixed(self) -> dict[int, Any]:
        """The output and local gradients of nodes whose gates have no translation: these stay as they are."""
        return {
            i: [finite(node.data), [finite(x) for x in node.local_grads]]
            for i, node in enumerate(self.order)
            if node.gate is not None and node.gate not in self.translation.names
        }

    @property
    def data(self) -> dict[str, Any]:
        """All that the page holds of the graph.

        graph    what the page computes with
        symbols  how gates are written around a plain number; empty if it is named after the gate's symbol
        labels   the names that spell symbols, taken apart; stand-ins such as v12 excepted
        notes    what to say at the start: sentences by their keys, with what to put in
        untrue   what to say of formulas that are not what their gates give, by node
        """
        labels = {name: _label(name) for node, name in self.names.items() if node.label}
        symbols = {
            i: WITH_NUMBER[node.gate][node.constants[0][0]] if node.gate in WITH_NUMBER else ""
            for i, node in enumerate(self.order)
            if isinstance(node.gate, Gate) and node.constants
        }
        return {
            "graph": {"nodes": self.nodes, "gates": self.gates, "fixed": self.fixed},
            "symbols": symbols,
            "labels": {name: label for name, label in labels.items() if label},
            "notes": [_keyed(said) for said in self._passes.remarks(self.names[self.root])],
            "untrue": self._untrue(),
        }

    def _untrue(self) -> dict[int, list[Any]]:
        own = (node for node in self.order if is_ones_own(node.gate))
        applied = (AppliedGate(node, self.names, self._passes.arguments[node]) for node in own)
        notes: dict[int, list[Any]] = {}
        for (node, _), note in untrue_formulas(applied).items():
            notes.setdefault(self.index[node], []).append(_keyed(note))
        return notes


def _keyed(said: Said) -> list[Any]:
    return [said.key, {name: x if isinstance(x, str) else _keyed(x) for name, x in said.values}]


def _gate(gate: AnyGate, count: int) -> dict[str, Any]:
    formulas = formulas_of(gate, count)
    said = {
        "name": gate.name,
        "symbol": gate.symbol,
        "parameters": list(formulas.parameters),
        "output": tree_of(formulas.output),
        "local": [tree_of(formula) for formula in formulas.local],
        "defaults": gate.defaults,
        "role": gate.role,
    }
    if isinstance(gate, Gate):
        said |= {"domain": gate.domain, "convention": gate.convention}
    return {key: value for key, value in said.items() if value}


def _label(name: str) -> Any:
    """How tightly a label binds in a formula, and the symbols that its words spell."""
    piece, symbols = Text().name(name), [Subscripted.read(word) for word in name.split(" ")]
    spelt = [[s.base, s.accent, s.below, s.above] for s in symbols if s] if all(symbols) else []
    return [piece.level, piece.open, spelt]


# ── formulas as trees ───────────────────────────────────────────────────────────────────

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    **SIGNS,
}


def tree_of(formula: str) -> Tree:
    """A formula in Python's notation as nested lists.

    >>> tree_of("-a/b**2"), tree_of("1 if z > 0 else alpha")
    (['/', ['neg', 'a'], ['**', 'b', 2]], ['if', 1, ['compare', 'z', '>', 0], 'alpha'])
    """
    tree = parsed(formula)
    return ["words", formula] if tree is None else _nested(tree)


def _nested(tree: ast.expr) -> Tree:
    match tree:
        case ast.Constant(value=x):
            return x if isinstance(x, (int, float)) else ["dots"]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return ["neg", _nested(x)]
        case ast.UnaryOp(operand=x):
            return _nested(x)
        case ast.BinOp(left=left, op=op, right=right):
            return [OPERATORS[type(op)], _nested(left), _nested(right)]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ["if", _nested(body), _nested(test), _nested(orelse)]
        case ast.Compare(left=first, ops=ops, comparators=others):
            return ["compare", _nested(first), *_links(ops, others)]
        case ast.BoolOp(op=op, values=[first, *others]):
            return ["compare", _nested(first), *_links([op] * len(others), others)]
        case ast.Call(func=function, args=arguments):
            name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
            return [name, *map(_nested, arguments)]
    raise AssertionError(f"parsed lets no {type(tree).__name__} through")


def _links(operators: Sequence[ast.AST], others: Sequence[ast.expr]) -> Iterator[Tree]:
    for operator, other in zip(operators, others, strict=True):
        yield from (OPERATORS[type(operator)], _nested(other))
