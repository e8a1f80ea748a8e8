"""A node keeps its inputs with their local gradients, as pairs; numbers of NumPy inside."""

import numpy as np


class Node:
    def __init__(self, value, edges=()):
        self.value = np.float64(value)
        self.adjoint = np.float64(0.0)
        self.edges = edges

    def __add__(self, other):
        other = lift(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = lift(other)
        return Node(self.value * other.value, ((self, other.value), (other, self.value)))

    __radd__, __rmul__ = __add__, __mul__

    def backprop(self):
        order, seen, stack = [], set(), [self]
        while stack:
            node = stack[-1]
            waiting = [x for x, _ in node.edges if x not in seen]
            if waiting:
                stack.append(waiting[0])
                continue
            stack.pop()
            if node not in seen:
                seen.add(node)
                order.append(node)
        for node in order:
            node.adjoint = np.float64(0.0)
        self.adjoint = np.float64(1.0)
        for node in reversed(order):
            for x, local in node.edges:
                x.adjoint += local * node.adjoint


def lift(x):
    return x if isinstance(x, Node) else Node(x)


def exp(x):
    e = np.exp(x.value)
    return Node(e, ((x, e),))
