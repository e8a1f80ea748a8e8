"""A network as layers of neurons, and the gradient of the loss by every weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.graph import leaves
from autograd.parameter_names import Path, indices_of, layer_and_unit, part_of, path_of, title_of
from autograd.picture.looks import (
    COLORS,
    FAINT,
    INK,
    LEAF_FILL,
    VALUE_FILL,
    direction,
    shown,
    signs,
    stroke_width,
)
from autograd.picture.picture import Picture
from autograd.picture.sheet import Sheet, Spot, Wire, Words
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
    """A neuron: its weights by the input that they multiply (several for a maxout), and its biases."""

    weights: dict[int, list[Value]] = field(default_factory=dict)
    biases: list[Value] = field(default_factory=list)

    @property
    def parameters(self) -> list[Value]:
        return [*self.biases, *(w for group in self.weights.values() for w in group)]


@dataclass
class Column:
    """A layer: its title, and its neurons."""

    title: str
    units: list[Unit]


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
    columns = columns_of(model)
    units = [unit for column in columns for unit in column.units]
    parameters = [parameter for unit in units for parameter in unit.parameters]
    if not set(parameters) & set(leaves(loss)):
        raise ValueError("the loss does not depend on any parameter of this model")
    if loss.grad is None:
        raise ValueError("there are no gradients yet: call backward() on the loss first")
    description = f"{len(parameters)} parameters in {len(columns)} layers"
    return Picture(_Network(columns, parameters, shown(loss.label) or "loss").sheet(), description)


def columns_of(model: Any) -> list[Column]:
    """The layers of a model, found by the names of its parameters."""
    layers: dict[Path, dict[Path, Unit]] = {}
    for name, parameter in _named_parameters(model):
        path = path_of(name)
        layer, neuron = layer_and_unit(path)
        places = indices_of(path)
        if not neuron:  # a list of neurons by another name, or one neuron alone
            neuron = part_of(path)
            layer = neuron[: len(neuron) - 2 * bool(indices_of(neuron))]
        unit = layers.setdefault(layer, {}).setdefault(neuron, Unit())
        if len(places) > 1:
            raise ValueError(f"{WANTED}; {name} has one index too many")
        if places:
            unit.weights.setdefault(int(places[0]), []).append(parameter)
        else:
            unit.biases.append(parameter)
    columns = [Column(title_of(path) or "output", list(units.values())) for path, units in layers.items()]
    for before, column in zip([None, *columns], columns, strict=False):
        sizes = {len(unit.weights) for unit in column.units}
        wanted = sizes if before is None else {len(before.units)}
        if 0 in sizes or len(sizes) > 1 or sizes != wanted:
            raise ValueError(
                f"{WANTED}; the {column.title} here has neurons "
                f"of {' or '.join(map(str, sorted(sizes)))} weights"
            )
    return columns


def _named_parameters(model: Any) -> list[tuple[str, Value]]:
    try:
        return list(model.named_parameters())
    except (AttributeError, TypeError):
        raise TypeError(f"{WANTED}; {type(model).__name__} has no named_parameters()") from None


class _Network:
    """The places of everything: layers in columns, the neurons of each around a common middle."""

    def __init__(self, columns: Sequence[Column], parameters: Sequence[Value], loss: str) -> None:
        self.columns = columns
        self.loss = loss
        self.strongest = max((abs(p.grad or 0.0) for p in parameters), default=0.0)
        self.inputs = len(columns[0].units[0].weights)
        self.rows = max(self.inputs, *(len(column.units) for column in columns))

    def sheet(self) -> Sheet:
        sheet = Sheet(
            f"gradients of {self.loss}", MARGIN + len(self.columns) * COLUMN + MARGIN, TITLE + self.rows * ROW
        )
        self._title(sheet, 0, "inputs")
        for k in range(self.inputs):
            label = Words(f"x{k + 1}", "label", 11.0)
            sheet.spots.append(self._circle(f"0-{k}", "input", 0, k, self.inputs, label, LEAF_FILL, FAINT))
        for i, column in enumerate(self.columns, start=1):
            self._title(sheet, i, column.title)
            for j, unit in enumerate(column.units):
                sheet.spots.append(self._unit(unit, i, j, len(column.units)))
        sheet.wires = self._weights({spot.id: spot for spot in sheet.spots})
        sheet.legend = self._legend()
        return sheet

    def _title(self, sheet: Sheet, column: int, title: str) -> None:
        words = Words(shown(title), "title", 12.0, True, FAINT)
        sheet.words.append((MARGIN + column * COLUMN, TITLE / 2, words))

    def _circle(
        self, name: str, kind: str, column: int, row: int, rows: int, label: Words, fill: str, rim: str
    ) -> Spot:
        x, y = MARGIN + column * COLUMN, TITLE + ((self.rows - rows) / 2 + row + 0.5) * ROW
        return Spot(
            name, kind, SIZE, SIZE, (label,), fill, rim, radius=SIZE / 2, x=x - SIZE / 2, y=y - SIZE / 2
        )

    def _unit(self, unit: Unit, column: int, row: int, rows: int) -> Spot:
        silent = all(not parameter.grad for parameter in unit.parameters)
        label = Words(str(row + 1), "label", 11.0, color=FAINT if silent else INK)
        fill = LEAF_FILL if silent else VALUE_FILL
        circle = self._circle(f"{column}-{row}", "neuron", column, row, rows, label, fill, FAINT)
        gradients = [bias.grad or 0.0 for bias in unit.biases]
        if gradients:
            color, width, _, kind = self._stroke(gradients)
            circle = replace(circle, kind=f"neuron {kind}", rim=color, rim_width=max(width, 1.0))
        return replace(circle, dashed=silent)

    def _weights(self, spots: Mapping[str, Spot]) -> list[Wire]:
        """The strongest last, so that it lies on top."""
        lines = [
            ([weight.grad or 0.0 for weight in weights], f"{i}-{k}", f"{i + 1}-{j}")
            for i, column in enumerate(self.columns)
            for j, unit in enumerate(column.units)
            for k, weights in sorted(unit.weights.items())
        ]
        wires = []
        for gradients, tail, head in sorted(lines, key=lambda line: max(map(abs, line[0]))):
            a, b = spots[tail], spots[head]
            ends = ((a.x + SIZE / 2, a.y + SIZE / 2), (b.x + SIZE / 2, b.y + SIZE / 2))
            color, width, dashed, kind = self._stroke(gradients)
            name = f"{tail}-to-{head}"
            wires.append(Wire(name, kind, tail, head, ends, color, width, dashed, False, straight=True))
        return wires

    def _stroke(self, gradients: Sequence[float]) -> tuple[str, float, bool, str]:
        kind = direction(gradients)
        if kind == "none":
            return SILENT, 0.5, True, kind
        return COLORS[kind], stroke_width(max(map(abs, gradients)), self.strongest) - 0.5, False, kind

    def _legend(self) -> list[list[tuple[str, str]]]:
        strongest = decimal(self.strongest)
        return [
            [(f"A line: a weight w, by ∂{self.loss}/∂w. A rim: the bias.", FAINT)],
            signs(f"; the widest is {strongest}"),
        ]
