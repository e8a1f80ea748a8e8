"""The step-through: the forward pass and the backward pass of a graph, one step at a time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from autograd.arguments import boolean, real_number, require_root, too_large, values, whole_number
from autograd.expansion import expansion
from autograd.fused import FusedGate
from autograd.graph import edges_back, flow, topological_order, uses
from autograd.languages import Said
from autograd.passes import close, passes
from autograd.stepping.applied_gate import AppliedGate, untrue_formulas
from autograd.stepping.narration import Walk
from autograd.stepping.steps import BackwardStep, ForwardStep, Given, Recomputed, Update, UpdateStep
from autograd.typesetting.labels import distinct, layer_of
from autograd.typesetting.numbers import decimal, decimals_showing
from autograd.value import Value


def walk(
    root: Value,
    *,
    parameters: Iterable[Value] = (),
    learning_rate: float = 0.001,
    keep_fused: bool = False,
    limit: int = 500,
) -> Walk:
    """Step through the computation of `root`, and through its backward pass.

    Backward steps are there once a backward pass has reached `root`. They go gate by gate,
    deepest first, as one would on the board, and each is one edge: upstream × local =
    contribution, added to what the input has so far. They start from `root`, even if
    `backward()` was called on a larger graph of which it is a part.

    The numbers are those of the forward pass, even if a leaf was changed since; the walk then says so.
    A leaf whose change alters no gate's answer, as that of relu's input from -2 to -7, is shown with
    its new number. If the number of a gate's output was set, leaves are taken to have changed.

    parameters     leaves for one step of gradient descent, old - learning_rate · gradient = new,
                   and the output of every gate with the new numbers. No Value is changed.
    learning_rate  η of that step
    keep_fused     keep fused gates; else they are opened into elementary ones
    limit          how many values may be in the graph

    Raises TypeError for anything but a Value, ValueError for a graph of more than `limit` values,
    and for parameters before backward() or that are not leaves of this graph.

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
    """
    require_root("walk", root)
    limit = whole_number("limit", limit)
    learning_rate = real_number("learning_rate", learning_rate)
    to_update = values("parameters", parameters)
    keep_fused = boolean("keep_fused", keep_fused)
    order = topological_order(root)
    _check_size(len(order), limit)
    opened = expansion(root) if any(isinstance(node.gate, FusedGate) for node in order) else None
    names = names_of(topological_order(opened.root) if opened else order)
    if opened and keep_fused:  # a fused gate has the name of the last node that it opens into
        names = {original: names[copy] for original, copy in opened.copies.items()}
    elif opened:
        root, order = opened.root, topological_order(opened.root)
        _check_size(len(order), limit, "keep its fused gates closed with keep_fused=True")
    return _Walker(root, order, names).walk(to_update, learning_rate)


def _check_size(count: int, limit: int, *advice: str) -> None:
    if count > limit:
        part = "walk a part of the graph, that is one of the Values inside"
        raise ValueError(too_large("walk", count, limit, part, *advice))


def names_of(order: Sequence[Value]) -> dict[Value, str]:
    """Names that differ: labels, v1, v2, … for nodes without one, x#2 for the second node labelled x."""
    return dict(zip(order, distinct(node.label for node in order), strict=True))


class _Walker:
    """Makes the steps of one graph."""

    def __init__(self, root: Value, order: Sequence[Value], names: dict[Value, str]) -> None:
        self.root, self.names, self.name = root, names, names[root]
        self.index = {node: i for i, node in enumerate(order)}
        self.passes = passes(root)
        self.gates = {
            node: AppliedGate(node, names, self.passes.arguments[node])
            for node in order
            if node.gate is not None
        }
        self.untrue = untrue_formulas(self.gates.values())

    def walk(self, parameters: list[Value], learning_rate: float) -> Walk:
        backward = tuple(self._backward()) if self.passes.gradients else ()
        infinite = next((step for step in backward if not math.isfinite(step.after)), None)
        leaves = sorted((x for x in self.index if x.gate is None), key=lambda x: layer_of(self.names[x]))
        given = tuple(self._given(leaf, infinite) for leaf in leaves)
        forward = tuple(self._forward(*item) for item in self.gates.items())
        update = self._update(parameters, learning_rate) if parameters else None
        remarks = tuple(self.passes.remarks(self.name))
        return Walk(self.root, self.name, self.names, given, forward, backward, update, remarks)

    def _given(self, node: Value, infinite: BackwardStep | None) -> Given:
        found, name, notes = self.passes, self.names[node], list[Said]()
        if node in found.changed:
            notes.append(Said.of("changed", name=name, number=decimal(node.data)))
        elif node in found.uncertain:
            notes.append(Said.of("as it is now", name=name))
        gradient = found.gradients[node] if found.gradients else None
        if gradient is not None:
            if not math.isfinite(gradient) and infinite:
                at = {"name": infinite.name, "next": infinite.input_name, "number": decimal(gradient)}
                notes.append(Said.of("not finite", root=self.name, input=name, **at))
            if not found.of_another and not close(node.grad, gradient, found.sizes[node]):
                decimals = decimals_showing(node.grad - gradient)
                both = {"number": decimal(node.grad, decimals), "alone": decimal(gradient, decimals)}
                notes.append(Said.of("another gradient", name=name, **both))
        number = found.numbers.get(node, node.data)
        return Given(self.index[node], node, name, number, gradient, tuple(notes))

    def _forward(self, node: Value, applied: AppliedGate) -> ForwardStep:
        name, result = self.names[node], self.passes.numbers[node]
        notes = *self._untrue(node), *applied.boundary, *applied.forgotten(name)
        return ForwardStep(self.index[node], node, name, applied.gate, applied.output, result, notes)

    def _untrue(self, node: Value, position: int | None = None) -> Iterator[Said]:
        if note := self.untrue.get((node, position)):
            yield note

    def _backward(self) -> Iterator[BackwardStep]:
        use, times_used = Counter[Value](), uses(self.root)
        for edge in flow(edges_back(self.root), {self.root: 1.0}):
            applied, x, position = self.gates[edge.node], edge.input, edge.position
            use[x] += 1
            yield BackwardStep(
                **edge._asdict(),
                index=self.index[edge.node],
                name=self.names[edge.node],
                input_index=self.index[x],
                input_name=self.names[x],
                root_name=self.name,
                local=applied.locals[position],
                use=use[x],
                uses=times_used[x],
                slot=applied.slots[position],
                notes=(
                    *self._untrue(edge.node, position),
                    *applied.notes(position, edge.upstream, edge.contribution, edge.before),
                ),
            )

    def _update(self, parameters: list[Value], learning_rate: float) -> Update:
        for parameter in parameters:
            if parameter not in self.index or parameter.gate is not None:
                raise ValueError(
                    f"parameters are leaves of the graph of {self.name}, which {parameter!r} is not"
                )
        if not self.passes.gradients:
            raise ValueError(f"an update needs gradients: call backward() on {self.name} first")
        if self.passes.uncertain:
            names = ", ".join(self.names[x] for x in self.index if x in self.passes.uncertain)
            raise ValueError(
                f"an update starts from the numbers of the forward pass, and {names} may have been changed "
                f"since: compute {self.name} again, and call backward()"
            )
        numbers, steps, recomputed = dict(self.passes.numbers), [], []
        for node in dict.fromkeys(parameters):
            before, gradient = numbers[node], self.passes.gradients[node]
            numbers[node] = after = before - learning_rate * gradient
            place = self.index[node], node, self.names[node]
            steps.append(UpdateStep(*place, self.name, before, gradient, learning_rate, after))
        for node, applied in self.gates.items():
            before, numbers[node] = numbers[node], applied.recomputed(numbers)
            recomputed.append(Recomputed(self.index[node], node, self.names[node], before, numbers[node]))
        return Update(learning_rate, tuple(steps), tuple(recomputed))
