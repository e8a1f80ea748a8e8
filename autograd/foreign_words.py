"""Names from other engines, and what a Value has instead."""

from __future__ import annotations

from typing import Any

OUR_WORD = {
    "_prev": "v.inputs holds the Values that the gate was applied to",
    "_children": "gates alone make nodes with inputs: write a + b",
    "_op": "v.gate is the gate that made it, and v.gate.symbol what a drawing shows",
    "_backward": "v.local_grads holds the local gradients, and loss.backward() applies the chain rule",
    "grad_fn": "v.gate is the gate that made it",
    "is_leaf": "a leaf is a Value whose v.gate is None",
    "item": "v.data is the number",
    "numpy": "v.data is the number",
    "tolist": "v.data is the number",
    "shape": "a Value is one number; lists and NumPy arrays of Values have a shape",
    "size": "a Value is one number; lists and NumPy arrays of Values have a shape",
    "zero_grad": "set v.grad = 0, or call model.zero_grad() or optimizer.zero_grad()",
    "retain_grad": "every node keeps its gradient in v.grad",
    "requires_grad": "every Value takes a gradient, plain numbers take none, and v.detach() cuts the graph",
    "requires_grad_": "every Value takes a gradient, plain numbers take none, and v.detach() cuts the graph",
    "retain_graph": "a graph stays while it is used, so backward() may be called again",
    "create_graph": "autograd.gradients(L, inputs) gives gradients as Values, to be differentiated again",
    "gradient": "backward() starts with ∂L/∂L = 1: multiply L to start with another number",
    "name": "v.label is its name",
}
"""Attributes and arguments of other engines, and what a Value has instead."""


class Elsewhere:
    """An attribute that other engines have, and Value has under another name.

    A descriptor: a `__getattr__` would slow down every attribute of a Value.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, node: Any, owner: Any = None) -> Any:
        raise AttributeError(f"a Value has no attribute {self.name!r}: {OUR_WORD[self.name]}")

    def __set__(self, node: Any, value: Any) -> None:
        self.__get__(node)


def refused(*others: Any, **options: Any) -> TypeError:
    """The error for arguments that only other engines have.

    >>> raise refused(retain_graph=True)
    Traceback (most recent call last):
    TypeError: no argument retain_graph: a graph stays while it is used, so backward() may be called again
    """
    names = [*(["_children"] if others else []), *options]
    words = [f"no argument {name}" + (f": {OUR_WORD[name]}" if name in OUR_WORD else "") for name in names]
    return TypeError("; ".join(words))
