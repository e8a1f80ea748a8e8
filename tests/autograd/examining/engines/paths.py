"""No order at all: each path from the root hands its product on. Right, and slow where paths are many."""


class Variable:
    def __init__(self, value, local=()):
        self.value, self.local = value, local
        self.grad = 0.0

    def __add__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        return Variable(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        return Variable(self.value * other.value, ((self, other.value), (other, self.value)))

    __radd__, __rmul__ = __add__, __mul__

    def compute_gradients(self):
        stack = [(self, 1.0)]
        seen = []
        while stack:
            node, product = stack.pop()
            if not node.local:
                node.grad += product
            else:
                node.grad = node.grad + product if node in seen else product
                seen.append(node) if len(seen) < 100 else None
            stack.extend((x, product * local) for x, local in node.local)
