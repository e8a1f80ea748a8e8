"""Each node keeps its inputs with functions that pull a gradient back to them; gradients live in a dict."""

import math


class Var:
    def __init__(self, data, pullbacks=()):
        self.data, self.grad, self.pullbacks = data, 0.0, pullbacks

    def backward(self):
        order, arriving = ordered(self), {self: 1.0}
        for node in order:
            g = arriving.get(node, 0.0)
            node.grad = node.grad + g if not node.pullbacks else g
            for x, pull in node.pullbacks:
                arriving[x] = arriving.get(x, 0.0) + pull(g)

    def __add__(self, other):
        b = var(other)
        return Var(self.data + b.data, ((self, lambda g: g), (b, lambda g: g)))

    def __mul__(self, other):
        a, b = self, var(other)
        return Var(a.data * b.data, ((a, lambda g: g * b.data), (b, lambda g: g * a.data)))

    __radd__, __rmul__ = __add__, __mul__


def sin(x):
    return Var(math.sin(x.data), ((x, lambda g: g * math.cos(x.data)),))


def var(x):
    return x if isinstance(x, Var) else Var(x)


def ordered(root):
    """Outputs before inputs: the last visit of each node in a walk from the root."""
    place, stack, clock = {}, [(root, False)], 0
    while stack:
        node, done = stack.pop()
        if done:
            clock += 1
            place[node] = clock
        elif node not in place:
            place[node] = 0
            stack.append((node, True))
            stack.extend((x, False) for x, _ in node.pullbacks)
    return sorted(place, key=place.get, reverse=True)
