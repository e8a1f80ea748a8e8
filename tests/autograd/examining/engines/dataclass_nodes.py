"""Data classes and a function for the backward pass; a node does not know that it is one."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Node:
    v: float
    parents: list = field(default_factory=list)
    slopes: list = field(default_factory=list)
    g: float = 0.0

    def __add__(self, other):
        return Node(self.v + number(other), [self, other], [1.0, 1.0])

    def __mul__(self, other):
        return Node(self.v * number(other), [self, other], [number(other), self.v])

    __radd__, __rmul__ = __add__, __mul__


def number(x):
    return x.v if isinstance(x, Node) else x


def backprop(root):
    order, stack, seen = [], [(root, iter(root.parents))], {id(root)}
    while stack:
        node, rest = stack[-1]
        following = next((x for x in rest if isinstance(x, Node) and id(x) not in seen), None)
        if following is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(id(following))
            stack.append((following, iter(following.parents)))
    for node in order:
        node.g = 0.0 if node.parents else node.g
    root.g = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes, strict=True):
            if isinstance(parent, Node):
                parent.g += slope * node.g
