"""A network as layers of neurons, and the gradient of the loss by every weight."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.arguments import counted
from autograd.graph import leaves
from autograd.parameter_names import Path, indices_of, layer_and_unit, part_of, title_of
from autograd.picture import looks
from autograd.picture.grouping import parameters_of
from autograd.picture.picture import Picture
from autograd.picture.sheet import Box, Edge, Point, Sheet, Words
from autograd.typesetting.numbers import decimal
from autograd.value import Value

SILENT = "#c4c9cf"
"""Lines without gradient, which can be hundreds, are lighter than in other drawings."""

COLUMN, ROW, SIZE = 158.0, 36.0, 26.0
"""How far apart layers and neurons stand, and how large a neuron is, in points."""

MARGIN, TITLE = 34.0, 28.0
"""At the sides, and above the neurons for the titles of the layers."""

WANTED = (
    "gradient_flow draws layers of neurons, each fed by the one before: named_parameters() with names such "
    "as layers.0.neurons.3.w.1 for a weight and layers.0.neurons.3.b for a bias"
)


@dataclass
class Unit:
    """A neuron: the gradients of its weights by their input (several for a maxout), and of its biases."""

    weights: dict[int, list[float]] = field(default_factory=dict)
    biases: list[float] = field(default_factory=list)

    @property
    def gradients(self) -> list[float]:
        return [*self.biases, *itertools.chain(*self.weights.values())]


def gradient_flow(loss: Value, *, model: Any) -> Picture:
    """Draw a network as layers, each weight by the gradient of the loss with respect to it.

    A line is a weight: the wider the larger |∂loss/∂w| (the width grows with its square
    root), blue if that is positive, orange if it is negative, grey and dashed if it is 0. The
    rim of a neuron shows the gradient of its bias in the same way. A neuron is grey if all of
    its gradients are 0, as those of a dead ReLU are.

    Raises TypeError if the model has no `named_parameters()`, ValueError if they are not those of
    layers of neurons, one after the other, if the loss does not depend on them, or if
    `loss.backward()` has not been called.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=0)
    >>> loss = (model([1.0, -2.0]) - 1.0) ** 2
    >>> loss.backward()
    >>> gradient_flow(loss, model=model).dot.count("->")
    9
    """
    if not isinstance(loss, Value):
        raise TypeError(f"gradient_flow needs the loss as a Value, got {type(loss).__name__}")
    layers = layers_of(model)
    parameters = [parameter for _, parameter in parameters_of(model)]
    if not set(parameters) & set(leaves(loss)):
        raise ValueError("the loss does not depend on any parameter of this model")
    if loss.grad is None:
        raise ValueError("there are no gradients yet: call backward() on the loss first")
    sheet = _Network(layers).sheet(looks.shown(loss.label) or "loss")
    return Picture(sheet, f"{counted(len(parameters), 'parameter')} in {counted(len(layers), 'layer')}")


def layers_of(model: Any) -> list[tuple[str, list[Unit]]]:
    """The layers of a model with their titles, found by the names of its parameters."""
    found: dict[Path, dict[Path, Unit]] = {}
    for path, parameter in parameters_of(model):
        layer, neuron = layer_and_unit(path)
        places = indices_of(path)
        if not neuron:  # a list of neurons by another name, or one neuron alone
            neuron = part_of(path)
            layer = neuron[: len(neuron) - 2 * bool(indices_of(neuron))]
        unit = found.setdefault(layer, {}).setdefault(neuron, Unit())
        if len(places) > 1:
            raise ValueError(f"{WANTED}; {'.'.join(path)} has one index too many")
        gradients = unit.weights.setdefault(int(places[0]), []) if places else unit.biases
        gradients.append(parameter.grad or 0.0)
    layers = [(title_of(path) or "output", list(units.values())) for path, units in found.items()]
    inputs = len(layers[0][1][0].weights) if layers else 0
    for title, units in layers:
        sizes = sorted({len(unit.weights) for unit in units})
        if not inputs or sizes != [inputs]:
            raise ValueError(
                f"{WANTED}; the {title} here has neurons of {' or '.join(map(str, sizes))} weights"
            )
        inputs = len(units)
    return layers


class _Network:
    """The places of everything: layers in columns, the neurons of each around a common middle."""

    def __init__(self, layers: list[tuple[str, list[Unit]]]) -> None:
        self.layers = layers
        self.sizes = [len(layers[0][1][0].weights), *(len(units) for _, units in layers)]
        gradients = [g for *_, unit in self._units() for g in unit.gradients]
        self.strongest, self.all_finite = looks.strongest_of(gradients), all(map(math.isfinite, gradients))

    def sheet(self, loss: str) -> Sheet:
        inputs = [
            self._circle(0, k, "input", Words(f"x{k + 1}", "label", 11.0), looks.LEAF_FILL)
            for k in range(self.sizes[0])
        ]
        titles = ["inputs", *(title for title, _ in self.layers)]
        return Sheet(
            f"gradients of {loss}",
            2 * MARGIN + len(self.layers) * COLUMN,
            TITLE + max(self.sizes) * ROW,
            [*inputs, *(self._neuron(i, j, unit) for i, j, unit in self._units())],
            self._weights(),
            words=[
                (MARGIN + i * COLUMN, TITLE / 2, Words(looks.shown(title), "title", 12.0, True, looks.FAINT))
                for i, title in enumerate(titles)
            ],
            legend=[
                [(f"A line: a weight w, by ∂{loss}/∂w. A rim: the bias.", looks.FAINT)],
                looks.signs(self._widest(), self.all_finite),
            ],
        )

    def _widest(self) -> str:
        if self.all_finite:
            return f"; the widest is {decimal(self.strongest)}"
        return f"; the widest finite one is {decimal(self.strongest)}" if self.strongest else ""

    def _units(self) -> Iterator[tuple[int, int, Unit]]:
        """Every neuron with its column and its row; the inputs are column 0."""
        for i, (_, units) in enumerate(self.layers, start=1):
            for j, unit in enumerate(units):
                yield i, j, unit

    def _middle(self, column: int, row: int) -> Point:
        above = (max(self.sizes) - self.sizes[column]) / 2
        return MARGIN + column * COLUMN, TITLE + (above + row + 0.5) * ROW

    def _circle(self, column: int, row: int, kind: str, label: Words, fill: str) -> Box:
        x, y = (middle - SIZE / 2 for middle in self._middle(column, row))
        name = f"{column}-{row}"
        return Box(name, kind, SIZE, SIZE, (label,), fill, looks.FAINT, radius=SIZE / 2, x=x, y=y)

    def _neuron(self, column: int, row: int, unit: Unit) -> Box:
        silent = not any(unit.gradients)
        label = Words(str(row + 1), "label", 11.0, color=looks.FAINT if silent else looks.INK)
        circle = self._circle(column, row, "neuron", label, looks.LEAF_FILL if silent else looks.VALUE_FILL)
        if unit.biases:
            kind, color, width = self._stroke(unit.biases)
            circle = replace(circle, kind=f"neuron {kind}", rim=color, rim_width=max(width, 1.0))
        return replace(circle, dashed=silent)

    def _weights(self) -> list[Edge]:
        """The strongest last, so that it lies on top."""
        edges = [
            Edge(
                f"{i - 1}-{k}-to-{i}-{j}", f"{i - 1}-{k}", f"{i}-{j}", *self._stroke(gradients),
                points=(self._middle(i - 1, k), self._middle(i, j)), straight=True,
            )
            for i, j, unit in self._units()
            for k, gradients in sorted(unit.weights.items())
        ]  # fmt: skip
        return sorted(edges, key=lambda edge: edge.width)

    def _stroke(self, gradients: Collection[float]) -> tuple[str, str, float]:
        """The direction of the gradients along a line, its color and its width."""
        kind, color, width = looks.stroke(gradients, self.strongest)
        return (kind, SILENT, 0.5) if kind == "none" else (kind, color, width - 0.5)
