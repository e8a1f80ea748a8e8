"""Every operation is a class of its own that inherits from the number."""


class Expression:
    inputs = ()

    def __init__(self, value):
        self.value, self.grad = value, 0.0

    def hand_back(self):
        """Leaves hand nothing back."""

    def backward(self):
        order, seen, todo = [], set(), [self]
        while todo:
            node = todo[-1]
            waiting = [x for x in node.inputs if x not in seen]
            if waiting:
                todo.extend(waiting)
            else:
                todo.pop()
                if node not in seen:
                    seen.add(node)
                    order.append(node)
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node.hand_back()

    def __add__(self, other):
        return Sum(self, other if isinstance(other, Expression) else Expression(other))

    def __mul__(self, other):
        return Product(self, other if isinstance(other, Expression) else Expression(other))

    __radd__, __rmul__ = __add__, __mul__


class Sum(Expression):
    def __init__(self, a, b):
        super().__init__(a.value + b.value)
        self.inputs = (a, b)

    def hand_back(self):
        for x in self.inputs:
            x.grad += self.grad


class Product(Expression):
    def __init__(self, a, b):
        super().__init__(a.value * b.value)
        self.inputs = (a, b)

    def hand_back(self):
        a, b = self.inputs
        a.grad += b.value * self.grad
        b.grad += a.value * self.grad
