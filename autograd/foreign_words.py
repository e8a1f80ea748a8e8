"""Names from other engines: each, asked of a Value, raises an error that says what a Value has instead."""

from __future__ import annotations

from typing import Any

from autograd.value import Value

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
    "name": "v.label is its name",
}
"""Attributes of other engines, and what a Value has instead."""


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


def _our_names(node: object) -> list[str]:
    return [name for name in object.__dir__(node) if name not in OUR_WORD]


for _name in OUR_WORD:
    setattr(Value, _name, Elsewhere(_name))
Value.__dir__ = _our_names  # type: ignore[assignment]
