"""A class for each operation, with forward and backward as methods; reference counts give the order."""


class Scalar:
    def __init__(self, val, operation=None, inputs=()):
        self.val, self.gradient = float(val), None
        self.operation, self.inputs = operation, inputs

    def __add__(self, other):
        return Add().apply(self, other)

    def __sub__(self, other):
        return Add().apply(self, Multiply().apply(other, -1.0))

    def __mul__(self, other):
        return Multiply().apply(self, other)

    def __neg__(self):
        return Multiply().apply(self, -1.0)

    def __rsub__(self, other):
        return Scalar(other) - self

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        waiting, stack = {}, [self]
        while stack:
            node = stack.pop()
            for x in node.inputs:
                waiting[x] = waiting.get(x, 0) + 1
                if waiting[x] == 1:
                    x.gradient = 0.0 if x.inputs or x.gradient is None else x.gradient
                    stack.append(x)
        self.gradient = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            if node.operation is None:
                continue
            for x, g in zip(node.inputs, node.operation.backward(node.gradient), strict=True):
                x.gradient += g
                waiting[x] -= 1
                if waiting[x] == 0:
                    ready.append(x)


class Operation:
    def apply(self, *inputs):
        inputs = tuple(x if isinstance(x, Scalar) else Scalar(x) for x in inputs)
        return Scalar(self.forward(*(x.val for x in inputs)), self, inputs)


class Add(Operation):
    def forward(self, a, b):
        return a + b

    def backward(self, upstream):
        return upstream, upstream


class Multiply(Operation):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, upstream):
        return upstream * self.b, upstream * self.a
