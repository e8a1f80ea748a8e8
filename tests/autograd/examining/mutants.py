"""Mistakes put into a right engine, one at a time: what is replaced, which skill must fail, what is named.

`None` as the mistake stands for those that no single mistake of the table explains.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ENGINE = Path(__file__).parent / "engines" / "closures.py"

ORDER = """        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((child, False) for child in node._children)
"""

RECURSIVE_ORDER = """        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
"""

LEVELS = """        order, queue = [], [self]
        while queue:
            node = queue.pop(0)
            if node not in order:
                order.insert(0, node)
                queue.extend(node._children)
"""

PASS = (
    ORDER
    + """        for node in order:
            if node._children:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
"""
)

RECURSIVE = """        self.grad = 1.0

        def visit(node):
            node._backward()
            for child in node._children:
                visit(child)

        visit(self)
"""


class Mutant(NamedTuple):
    before: str
    after: str
    skill: str
    mistake: str | None


ADD = "            self.grad += out.grad\n            other.grad += out.grad\n"
MULTIPLY = "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad\n"
EXCHANGED = "            self.grad += self.data * out.grad\n            other.grad += other.data * out.grad\n"
KEPT_LEFT = "            self.grad += other.data * out.grad\n"
OTHER_TWICE = KEPT_LEFT + "            other.grad += other.data * out.grad\n"
INIT = "class Value:\n    def __init__(self, data, children=()):\n"
DIVIDE_LEFT = "self.grad += out.grad / other.data"
DIVIDE_RIGHT = "other.grad += -self.data / other.data**2 * out.grad"
POWER = "self.grad += n * self.data ** (n - 1) * out.grad"
EXP = "self.grad += out.data * out.grad"
LOG = "self.grad += out.grad / self.data"
SIN = "self.grad += math.cos(self.data) * out.grad"
TANH = "self.grad += (1 - out.data**2) * out.grad"
SIGMOID = "self.grad += s * (1 - s) * out.grad"
RELU = "self.grad += (self.data > 0) * out.grad"
SEED = "        self.grad = 1.0\n"
ZEROING = "        for node in order:\n            if node._children:\n                node.grad = 0.0\n"
LOOP = "        for node in reversed(order):\n            node._backward()\n"
STABLE = "s = 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))"

MUTANTS = (
    # numbers
    Mutant("self.data + other.data", "self.data - other.data", "forward", "subtract for it"),
    Mutant("Value(self.data * other.data", "Value(self.data + other.data", "forward", "add for it"),
    Mutant("self.data - other.data", "other.data - self.data", "forward", "sides exchanged"),
    Mutant("Value(self.data / other.data", "Value(self.data // other.data", "forward", "whole numbers"),
    Mutant("return self * -1.0", "return self * 1.0", "forward", "first operand"),
    # local gradients
    Mutant(MULTIPLY, EXCHANGED, "local", "other input"),
    Mutant(MULTIPLY, OTHER_TWICE, "local", "other input"),
    Mutant(MULTIPLY, KEPT_LEFT, "local", "zero"),
    Mutant(MULTIPLY, MULTIPLY.replace("other.data *", "out.data *", 1), "local", "the result"),
    Mutant(ADD, "            self.grad += out.grad\n", "local", "zero"),
    Mutant(ADD, ADD.replace("other.grad += out", "other.grad += -out"), "local", "sign"),
    Mutant(ADD, ADD.replace("self.grad += out", "self.grad += 2 * out"), "local", "twice"),
    Mutant(ADD, ADD.replace("self.grad += out", "self.grad += self.data * out"), "local", None),
    Mutant(DIVIDE_LEFT, "self.grad += out.grad * other.data", "local", "upside down"),
    Mutant(DIVIDE_LEFT, "self.grad += out.grad", "local", "forgets-local"),
    Mutant(DIVIDE_RIGHT, "other.grad += -self.data / other.data * out.grad", "local", "divisor not squared"),
    Mutant(DIVIDE_RIGHT, "other.grad += -1 / other.data**2 * out.grad", "local", "numerator forgotten"),
    # numbers on either side
    Mutant("return Value(other) - self", "return self - other", "sides", "sides exchanged"),
    Mutant("return Value(other) / self", "return self / other", "sides", "sides exchanged"),
    Mutant("    def __radd__(self, other):\n        return self + other\n", "", "sides", None),
    Mutant("    def __rsub__(self, other):\n        return Value(other) - self\n", "", "sides", None),
    # powers
    Mutant(POWER, "self.grad += self.data ** (n - 1) * out.grad", "powers", "exponent forgotten"),
    Mutant(POWER, "self.grad += n * self.data ** n * out.grad", "powers", "exponent kept"),
    Mutant(POWER, "self.grad += n * out.data ** (n - 1) * out.grad", "powers", "at the output"),
    # functions
    Mutant(EXP, "self.grad += self.data * out.grad", "functions", "input for output"),
    Mutant(EXP, "self.grad += math.exp(out.data) * out.grad", "functions", "at the output"),
    Mutant(EXP, "self.grad += out.grad", "functions", "forgets-local"),
    Mutant(LOG, "self.grad += out.grad / out.data", "functions", "at the output"),
    Mutant(LOG, "self.grad += self.data * out.grad", "functions", "upside down"),
    Mutant(SIN, "self.grad += -math.cos(self.data) * out.grad", "functions", "sign"),
    Mutant(SIN, "self.grad += math.cos(out.data) * out.grad", "functions", "at the output"),
    Mutant(SIN, "self.grad += out.data * out.grad", "functions", "the result"),
    Mutant(TANH, "self.grad += (1 - self.data**2) * out.grad", "functions", "input for output"),
    Mutant(TANH, "self.grad += (1 - out.data) * out.grad", "functions", "a factor forgotten"),
    Mutant(TANH, "self.grad += out.data**2 * out.grad", "functions", "a term forgotten"),
    Mutant(TANH, "self.grad += (1 - math.tanh(out.data)**2) * out.grad", "functions", "at the output"),
    Mutant(SIGMOID, "self.grad += s * out.grad", "functions", "a factor forgotten"),
    Mutant(SIGMOID, "self.grad += (1 - s) * out.grad", "functions", "a term forgotten"),
    Mutant(SIGMOID, "self.grad += z * (1 - z) * out.grad", "functions", "input for output"),
    Mutant(RELU, "self.grad += out.grad", "functions", "forgets-local"),
    Mutant(RELU, "self.grad += (self.data < 0) * out.grad", "functions", "zero"),  # it is, above 0
    # the chain rule
    Mutant(MULTIPLY, MULTIPLY.replace(" * out.grad", ""), "upstream", "forgets-upstream"),
    *(Mutant(ADD, ADD.replace("self.grad += out.grad", "self.grad += 1.0"), skill, "forgets-upstream")
      for skill in ("upstream", "twice")),
    Mutant(EXP, "self.grad += out.data", "upstream", "forgets-upstream"),
    Mutant(TANH, "self.grad += 1 - out.data**2", "upstream", "forgets-upstream"),
    Mutant(LOOP, "        self._backward()\n", "upstream", "wrong-order"),
    Mutant(LOOP, LOOP.replace("reversed(order)", "order"), "upstream", "wrong-order"),
    Mutant(SEED, "", "local", "no seed"),
    # numbers used twice
    Mutant(ADD, ADD.replace("+=", "="), "twice", "overwrite"),
    Mutant(MULTIPLY, MULTIPLY.replace("+=", "="), "twice", "overwrite"),
    Mutant(ADD, ADD.replace("other.grad +=", "other.grad ="), "twice", "overwrite"),
    # the order
    Mutant(ORDER, LEVELS, "order", "level by level"),
    Mutant(PASS, RECURSIVE, "inner twice", "every path anew"),
    # a second pass, depth, care, memory
    Mutant(ZEROING, "", "second pass", "inner gradients kept"),
    Mutant(ZEROING + SEED, SEED.replace("=", "+="), "second pass", "inner gradients kept"),
    Mutant(ADD, ADD.replace("+=", "="), "second pass", "overwrite"),
    Mutant(ORDER, RECURSIVE_ORDER, "long chains", None),
    Mutant(STABLE, "s = 1 / (1 + math.exp(-z))", "care", None),
    Mutant(INIT, "NODES = []\n\n\n" + INIT + "        NODES.append(self)\n", "freed", None),
)  # fmt: skip
