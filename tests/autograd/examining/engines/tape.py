"""A tape: every operation is written down when it is done, and the pass reads backwards."""

import itertools
import weakref


class Number:
    def __init__(self, number, tape=None):
        self.number, self.grad = number, 0.0
        self.tape = tape or []

    def _record(self, number, *edges):
        out = Number(number)
        tapes = {id(x.tape): x.tape for x, _ in edges}
        out.tape = Tape(edges, out)
        out.before = list(tapes.values())
        return out

    def __add__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return self._record(self.number + other.number, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return self._record(self.number - other.number, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return self._record(self.number * other.number, (self, other.number), (other, self.number))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Number(other) - self


class Tape:
    counter = itertools.count()

    def __init__(self, edges, out):
        self.time, self.edges, self.out = next(Tape.counter), edges, weakref.ref(out)
        self.out_of = {id(x): x for x, _ in edges}


def backward(root):
    entries, stack = {}, [root]
    while stack:
        node = stack.pop()
        if isinstance(node.tape, Tape) and node.tape.time not in entries:
            entries[node.tape.time] = node
            stack.extend(x for x, _ in node.tape.edges)
    for node in entries.values():
        node.grad = 0.0
    root.grad = 1.0
    for time in sorted(entries, reverse=True):
        node = entries[time]
        for x, local in node.tape.edges:
            x.grad += local * node.grad
