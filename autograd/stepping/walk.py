"""The step-through: the forward pass and the backward pass of a graph, one step at a time.

>>> from autograd import Value
>>> x, w = Value(2.0, "x"), Value(-3.0, "w")
>>> L = (w * x).exp()
>>> L.label = "L"
>>> L.backward()
>>> print(walk(L))
Forward
  given: w = -3   x = 2
  v1 = w·x  = -3 × 2 = -6
  L  = e^v1 = e^-6   = 0.00248
<BLANKLINE>
Backward
  L = e^v1
      ∂L/∂v1 = e^v1 = e^-6 = 0.00248
  v1 = w·x, a gradient switcher
      ∂v1/∂w = x = 2
       ∂L/∂w = ∂L/∂v1 × ∂v1/∂w = 0.00248 × 2 = 0.00496
      ∂v1/∂x = w = -3
       ∂L/∂x = ∂L/∂v1 × ∂v1/∂x = 0.00248 × -3 = -0.00744
<BLANKLINE>
Gradients
  ∂L/∂w = 0.00496
  ∂L/∂x = -0.00744

What is printed is a view of data: the steps of `walk(L).forward` and `walk(L).backward`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograd.arguments import as_list, boolean, real_number, whole_number
from autograd.declaration import contribution
from autograd.derivatives.grad import gradient_descent
from autograd.expansion import expand
from autograd.graph import gate_order, topological_order, uses
from autograd.passes import close, passes
from autograd.stepping import narration
from autograd.stepping.application import Application
from autograd.stepping.steps import BackwardStep, ForwardStep, Given, Note, Recomputed, Update, UpdateStep
from autograd.typesetting.labels import distinct, layer_of
from autograd.typesetting.numbers import decimal
from autograd.typesetting.symbols import gate_symbol
from autograd.value import Value


@dataclass(frozen=True, repr=False)
class Walk:
    """The steps of a graph, as data; `print` shows them as text, a notebook as typeset formulas.

    root      the graph that was walked: fused gates opened, unless they were to be kept
    name      the root's name in the steps
    names     the name of every node: its label, or v1, v2, … where it has none
    given     the leaves, those of layer 1 before those of layer 2 where labels name layers: w11(2)
    forward   one step for every gate, inputs before outputs
    backward  one step for every edge, from the root to the leaves; empty before backward()
    update    the step of gradient descent that was asked for
    """

    root: Value
    name: str
    names: Mapping[Value, str]
    given: tuple[Given, ...]
    forward: tuple[ForwardStep, ...]
    backward: tuple[BackwardStep, ...]
    update: Update | None = None

    @property
    def went_back(self) -> bool:
        """Whether gradients were there to walk: `backward()` had been called."""
        return self.root.grad is not None

    def text(self, decimals: int = 4) -> str:
        """The steps as aligned text, numbers to so many decimals, 1 to 100.

        Raises ValueError for more or less, TypeError for no whole number.
        """
        return narration.text(self, whole_number("decimals", decimals, 1, 100))

    def markdown(self, decimals: int = 4) -> str:
        """The steps as Markdown with formulas in LaTeX."""
        return narration.markdown(self, whole_number("decimals", decimals, 1, 100))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<walk of {self.name}: {len(self.forward)} steps forward, {len(self.backward)} back>"

    def _repr_markdown_(self) -> str:
        return self.markdown()


def walk(
    root: Value,
    *,
    update: Iterable[Value] = (),
    learning_rate: float = 0.001,
    keep_fused: bool = False,
    limit: int = 500,
) -> Walk:
    """Step through the computation of `root`, and through its backward pass.

    Backward steps are there once `root.backward()` has been called. They go gate by gate,
    deepest first, as one would on the board, and each is one edge: upstream × local =
    contribution, added to what the input has so far.

    `update` names parameters for one step of gradient descent: old - learning_rate ·
    gradient = new, and what every gate gives with the new numbers. The Values themselves
    stay as they are.

    Fused gates are opened into elementary ones, unless `keep_fused`.

    Raises TypeError for anything but a Value, and ValueError where the graph has more
    than `limit` gates, and for an update before backward() or of anything but a leaf of
    this graph.
    """
    if not isinstance(root, Value):
        raise TypeError(f"walk needs the Value that a computation ends in, got {type(root).__name__}")
    limit = whole_number("limit", limit)
    learning_rate = real_number("learning_rate", learning_rate)
    parameters = as_list("update", update, "Values")
    if not boolean("keep_fused", keep_fused):
        root = _expanded(root, limit)
    order = topological_order(root)
    count = sum(node.gate is not None for node in order)
    if count > limit:
        raise ValueError(_too_long(count, limit))
    return _Walker(root, order).walk(parameters, learning_rate)


def _expanded(root: Value, limit: int) -> Value:
    """The graph without fused gates, unless even with them it is too long to be copied."""
    count = len(gate_order(root))
    if count > limit:
        raise ValueError(_too_long(count, limit))
    return expand(root)


def _too_long(count: int, limit: int) -> str:
    return (
        f"a walk of {count} gates is too long to read (limit {limit}): walk a part of the graph, that is "
        f"one of the Values inside; keep its fused gates closed with keep_fused=True; "
        f"or raise the limit with limit={count}"
    )


def names_of(order: Sequence[Value]) -> dict[Value, str]:
    """A name of its own for every node: its label, or v1, v2, … where it has none.

    Where several nodes have one label, the second is x#2, and so on.

    >>> a, b, c = Value(1.0, "x"), Value(2.0), Value(3.0, "x")
    >>> list(names_of([a, b, c]).values())
    ['x', 'v1', 'x#2']
    """
    return dict(zip(order, distinct(node.label for node in order), strict=True))


class _Walker:
    """Makes the steps of one graph."""

    def __init__(self, root: Value, order: Sequence[Value]) -> None:
        self.root = root
        self.order = order
        self.index = {node: i for i, node in enumerate(order)}
        self.names = names_of(order)
        self.name = self.names[root]
        self.gradients = dict.fromkeys(order, 0.0)

    def walk(self, update: list[Value], learning_rate: float) -> Walk:
        gates = [Application(node, self.names) for node in self.order if node.gate is not None]
        forward = tuple(self._forward(applied) for applied in gates)
        backward = tuple(self._backward(gates)) if self.root.grad is not None else ()
        leaves = sorted(
            (node for node in self.order if node.gate is None), key=lambda x: layer_of(self.names[x])
        )
        size = passes(self.root).sizes
        given = tuple(self._given(leaf, size.get(leaf, 0.0)) for leaf in leaves)
        updated = self._update(update, learning_rate, gates) if update else None
        return Walk(self.root, self.name, self.names, given, forward, backward, updated)

    def _given(self, node: Value, size: float) -> Given:
        index, name = self.index[node], self.names[node]
        if self.root.gate is None or self.root.grad is None:
            return Given(index, node, name, node.data, None)
        gradient = self.gradients[node]
        notes: tuple[Note, ...] = ()
        if node.grad is not None and not close(node.grad, gradient, size):
            sentence = (
                f"{name}.grad is {decimal(node.grad)}: other backward passes added to it, "
                "as they do until it is set to 0"
            )
            notes = (Note("adds", sentence),)
        return Given(index, node, name, node.data, gradient, notes)

    def _forward(self, applied: Application) -> ForwardStep:
        node, name = applied.node, self.names[applied.node]
        notes = applied.boundary
        if applied.now is None or not close(applied.now[0], node.data):
            notes += (Note("stale", f"an input was changed after {name} was computed from it"),)
        return ForwardStep(
            self.index[node], node, name, applied.gate, gate_symbol(node), applied.output, node.data, notes
        )

    def _backward(self, gates: Sequence[Application]) -> Iterator[BackwardStep]:
        depth = dict.fromkeys(self.order, 0)
        for applied in gates:
            depth[applied.node] = 1 + max(depth[x] for x in applied.node.inputs)
        use, times_used = Counter[Value](), uses(self.root)
        self.gradients[self.root] = 1.0
        for applied in sorted(gates, key=lambda applied: -depth[applied.node]):
            node = applied.node
            upstream = self.gradients[node]
            for position, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True)):
                before = self.gradients[x]
                added = contribution(local, upstream)
                self.gradients[x] = after = before + added
                use[x] += 1
                yield BackwardStep(
                    index=self.index[node],
                    position=position,
                    input_index=self.index[x],
                    node=node,
                    name=self.names[node],
                    input=x,
                    input_name=self.names[x],
                    root_name=self.name,
                    gate=applied.gate,
                    upstream=upstream,
                    local=applied.locals[position],
                    local_gradient=local,
                    contribution=added,
                    use=use[x],
                    uses=times_used[x],
                    before=before,
                    after=after,
                    role=applied.role(position),
                    notes=applied.notes(position, upstream),
                )

    def _update(self, parameters: list[Value], learning_rate: float, gates: Sequence[Application]) -> Update:
        steps = []
        for parameter in parameters:
            if not isinstance(parameter, Value):
                raise TypeError(f"update takes Values, got {type(parameter).__name__}")
        for parameter in dict.fromkeys(parameters):
            if parameter not in self.index or parameter.gate is not None:
                raise ValueError(f"update takes leaves of the graph of {self.name}; {parameter!r} is none")
            if self.root.grad is None:
                raise ValueError(f"an update needs gradients: call backward() on {self.name} first")
            gradient = self.gradients[parameter]
            after = gradient_descent(parameter.data, gradient, learning_rate)
            steps.append(
                UpdateStep(
                    self.index[parameter], parameter, self.names[parameter], self.name,
                    parameter.data, gradient, learning_rate, after,
                )
            )  # fmt: skip
        numbers = {step.node: step.after for step in steps}
        recomputed = []
        for applied in gates:
            node = applied.node
            numbers[node] = applied.recomputed(numbers)
            recomputed.append(Recomputed(self.index[node], node, self.names[node], node.data, numbers[node]))
        return Update(learning_rate, tuple(steps), tuple(recomputed))
