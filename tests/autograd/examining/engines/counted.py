"""Slots and Kahn's algorithm: a node is ready when all that it feeds has handed back."""


class Number:
    __slots__ = ("derivative", "inputs", "locals", "val")

    def __init__(self, val, inputs=(), locals=()):  # noqa: A002  as a student would
        self.val, self.derivative, self.inputs, self.locals = val, 0.0, inputs, locals

    def __add__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.val + other.val, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.val * other.val, (self, other), (other.val, self.val))

    def __abs__(self):
        return Number(abs(self.val), (self,), ((self.val > 0) - (self.val < 0),))

    __radd__, __rmul__ = __add__, __mul__

    def backpropagate(self):
        feeds, todo = {}, [self]
        while todo:
            for x in todo.pop().inputs:
                feeds[x] = feeds.get(x, 0) + 1
                if feeds[x] == 1:
                    todo.append(x)
                    x.derivative = x.derivative if not x.inputs else 0.0
        self.derivative = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for x, local in zip(node.inputs, node.locals, strict=True):
                x.derivative += local * node.derivative
                feeds[x] -= 1
                if feeds[x] == 0:
                    ready.append(x)
