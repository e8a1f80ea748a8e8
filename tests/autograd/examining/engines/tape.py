"""A tape: every operation is written down when it is done, and the pass reads backwards."""

import itertools


class Number:
    def __init__(self, number, entry=None):
        self.number, self.grad, self.entry = number, 0.0, entry

    def __add__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.number + other.number, Entry((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.number * other.number, Entry((self, other.number), (other, self.number)))

    __radd__, __rmul__ = __add__, __mul__


class Entry:
    clock = itertools.count()

    def __init__(self, *edges):
        self.time, self.edges = next(Entry.clock), edges


def backward(root):
    written, stack = {}, [root]
    while stack:
        node = stack.pop()
        if node.entry and node.entry.time not in written:
            written[node.entry.time] = node
            stack.extend(x for x, _ in node.entry.edges)
    for node in written.values():
        node.grad = 0.0
    root.grad = 1.0
    for time in sorted(written, reverse=True):
        for x, local in written[time].entry.edges:
            x.grad += local * written[time].grad
