"""One list of all operations, as Wengert drew it up; a node lives as long as somebody holds it."""

import weakref


class Scalar:
    tape = []  # noqa: RUF012  shared by all, which is the point

    def __init__(self, data):
        self.data, self.grad = float(data), 0.0

    def record(self, data, *edges):
        out = Scalar(data)
        out.edges = edges
        Scalar.tape.append(weakref.ref(out))
        return out

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return self.record(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return self.record(self.data * other.data, (self, other.data), (other, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        Scalar.tape = [entry for entry in Scalar.tape if entry() is not None]
        nodes = [entry() for entry in Scalar.tape]
        nodes = nodes[: next((i for i, node in enumerate(nodes) if node is self), -1) + 1]
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for x, local in node.edges:
                x.grad += local * node.grad
