"""Which nodes of a graph belong to which part of a model: its layers, its neurons.

A model is anything with `named_parameters()`, as in PyTorch and in `nn`. A parameter's
name is the way to it, and so says which part it is of: `layers.0.neurons.3.w.1` is of
neuron 4 of layer 1. A gate that takes a parameter belongs to that parameter's part, and so
does a gate that takes nothing but that part's own results: the sum of its products, the
largest of its pieces, its activation. A softmax belongs to the layer whose neurons it takes.

>>> from autograd import Value, dot
>>> class Neuron:
...     w, b = [Value(2.0), Value(-1.0)], Value(0.5)
...     def named_parameters(self):
...         return [("w.0", self.w[0]), ("w.1", self.w[1]), ("b", self.b)]
>>> loss = (dot(Neuron.w, [Value(3.0), Value(4.0)], Neuron.b).tanh() - 1.0) ** 2
>>> [neuron] = groups(loss, Neuron())
>>> neuron.title, [node.gate.name for node in neuron.nodes]
('Neuron', ['dot', 'tanh'])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograd import gates
from autograd.choice import AnyGate, choose
from autograd.declaration import Gate
from autograd.expansion import Expansion
from autograd.fused import logsumexp, total
from autograd.gates import activations
from autograd.graph import topological_order, uses
from autograd.parameter_names import Path, levels_of, part_of, path_of, title_of
from autograd.value import Value

ACTIVATIONS = {gate for gate in vars(activations).values() if isinstance(gate, Gate)}
CHOICES: set[AnyGate] = {gates.maximum, gates.minimum, choose}
WITHIN_A_PART = {gates.add, total, *CHOICES, *ACTIVATIONS}
"""Gates that belong to a part if all of their inputs do, and go nowhere else."""


@dataclass(frozen=True, eq=False)
class Group:
    """A part of a model, in one of its calls.

    path        its name, empty for the model itself
    title       the same for people: "neuron 4", which is in the group "layer 1"
    call        which call of the model, counted from 0: one for each sample
    nodes       the outputs of its gates in topological order, those of its parts among them
    parameters  the parameters that it uses
    parts       the groups within it
    gate        the fused gate that is open in it, if it is not a part but that
    """

    path: Path
    title: str
    call: int
    nodes: tuple[Value, ...]
    parameters: tuple[Value, ...]
    parts: tuple[Group, ...]
    gate: AnyGate | None = None


def groups(root: Value, model: Any, expanded: Expansion | None = None) -> list[Group]:
    """The parts of a model in the graph of `root`, those that lie within others inside them.

    Given an expansion of `root`: the same parts, in the expanded graph.

    Raises TypeError if the model has no `named_parameters()`, ValueError if none of its
    parameters is in the graph.
    """
    parameters = {parameter: part_of(path) for path, parameter in parameters_of(model)}
    order = topological_order(root)
    if not any(node in parameters for node in order):
        raise ValueError(
            f"none of the {len(parameters)} parameters of this {type(model).__name__} is in the graph: "
            "was the result computed with this model?"
        )
    places = _Ownership(order, parameters).places()
    if expanded is not None:
        origins = [(node, expanded.origin[node]) for node in topological_order(expanded.root) if node.gate]
        places = {node: places[origin] for node, origin in origins if origin in places}
    return _nested(places, parameters, type(model).__name__)


def parameters_of(model: Any) -> list[tuple[Path, Value]]:
    """The parameters of a model, each with its path; raises TypeError if it has no `named_parameters()`."""
    with suppress(AttributeError, TypeError, ValueError):
        named = [(path_of(name), parameter) for name, parameter in model.named_parameters()]
        if all(isinstance(parameter, Value) for _, parameter in named):
            return named
    raise TypeError(
        f"a model has named_parameters(), pairs of a name such as layers.0.neurons.3.w.1 and a Value; "
        f"{type(model).__name__} has not"
    )


# ── which part a node belongs to, and in which call ─────────────────────────────────────

Place = tuple[Path, int]
"""A part, and its call."""


class _Ownership:
    """Finds the part of every node, and which nodes come from one call of it."""

    def __init__(self, order: Sequence[Value], parameters: Mapping[Value, Path]) -> None:
        self.parameters = parameters
        self.path: dict[Value, Path] = {}
        self.joined: dict[Value, Value] = {}  # to another node of the same call; the last to itself
        self.took: dict[Value, set[Value]] = {}  # by the last node of a call: its parameters so far
        self.softmax = set[Value]().union(*map(_softmax_that_ends_in, order))
        used = uses(order[-1])
        for node in order:
            if node.gate is not None:
                self._place(node, used)

    def _place(self, node: Value, used: Mapping[Value, int]) -> None:
        own = {x for x in node.inputs if x in self.parameters}
        computed = [x for x in node.inputs if x.gate is not None]
        within = [x for x in computed if x in self.path]
        calls = {self.call(x) for x in within}
        paths = {self.parameters[x] for x in own} | {self.path[x] for x in within}
        taken = [own, *(self.took[call] for call in calls)]
        took = set[Value]().union(*taken)
        softmax, alone = node in self.softmax, all(used[x] == 1 for x in computed)
        continues = (
            len(within) == len(computed)
            and (softmax or (node.gate in WITHIN_A_PART and alone))
            and (softmax or node.gate in CHOICES or len(paths) == 1)
            and len(took) == sum(map(len, taken))  # else there are two calls, with the same parameters
        )
        if not continues:
            calls, paths, took = set(), {self.parameters[x] for x in own}, own
        if own or (continues and len(computed) == len(node.inputs)):
            self.path[node], self.joined[node], self.took[node] = _common(paths), node, took
            self.joined |= dict.fromkeys(calls, node)

    def call(self, node: Value) -> Value:
        """The last node of the call that a node is in."""
        while self.joined[node] is not node:
            node = self.joined[node]
        return node

    def places(self) -> dict[Value, Place]:
        """The part of every node that has one, and the number of its call."""
        numbers: dict[Value, int] = {}
        count: Counter[Path] = Counter()
        for call in map(self.call, self.path):
            if call not in numbers:
                numbers[call] = count[self.path[call]]
                count[self.path[call]] += 1
        return {node: (path, numbers[self.call(node)]) for node, path in self.path.items()}


def _softmax_that_ends_in(node: Value) -> set[Value]:
    """The nodes of e^(z - logsumexp(…, z, …)), if this is one: a probability."""
    if node.gate is gates.exp and node.inputs[0].gate is gates.subtract and len(node.inputs[0].inputs) == 2:
        difference = node.inputs[0]
        z, log_of_sum = difference.inputs
        if log_of_sum.gate is logsumexp and z in log_of_sum.inputs:
            return {node, difference, log_of_sum}
    return set()


def _common(paths: Collection[Path]) -> Path:
    """The part that all of these lie in."""
    common: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    while common and not common[-1].isdecimal() and any(len(path) > len(common) for path in paths):
        common.pop()  # not a list, but its items are parts
    return tuple(common)


# ── the parts within each other ─────────────────────────────────────────────────────────


def _nested(places: Mapping[Value, Place], parameters: Mapping[Value, Path], model: str) -> list[Group]:
    members: dict[Place, list[Value]] = {}
    for node, (path, call) in places.items():
        for level in levels_of(path):
            members.setdefault((level, call), []).append(node)
    several = max(call for _, call in members) > 0

    def group_at(path: Path, call: int) -> Group:
        nodes = tuple(members[path, call])
        used = dict.fromkeys(x for node in nodes for x in node.inputs if x in parameters)
        within = (part for part, of_call in members if of_call == call and _above(part) == path)
        parts = tuple(group_at(part, call) for part in sorted(within, key=_counted))
        above = _above(path)
        title = title_of(path[len(above or ()) :]) or model
        if several and above is None:
            title += f", sample {call + 1}"
        return Group(path, title, call, nodes, tuple(used), parts)

    return [group_at(path, call) for path, call in members if _above(path) is None]


def _counted(path: Path) -> list[tuple[int, str]]:
    """To sort parts by their numbers: neuron 2 before neuron 10."""
    return [(int(name), "") if name.isdecimal() else (-1, name) for name in path]


def _above(path: Path) -> Path | None:
    """The part that a part lies in."""
    levels = levels_of(path)
    return levels[-2] if len(levels) > 1 else None
