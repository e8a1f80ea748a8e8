"""The shortest there is: a recursive sort. Right, until a chain is longer than Python's recursion goes."""


class Value:
    __slots__ = ("_backward", "_inputs", "data", "grad")

    def __init__(self, data, inputs=(), backward=None):
        self.data, self.grad, self._inputs, self._backward = data, 0, inputs, backward

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)

        def backward(g):
            self.grad += g
            other.grad += g

        return Value(self.data + other.data, (self, other), backward)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)

        def backward(g):
            self.grad += g * other.data
            other.grad += g * self.data

        return Value(self.data * other.data, (self, other), backward)

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for x in node._inputs:
                    visit(x)
                order.append(node)

        visit(self)
        for node in order:
            if node._backward:
                node.grad = 0
        self.grad = 1
        for node in reversed(order):
            if node._backward:
                node._backward(node.grad)
