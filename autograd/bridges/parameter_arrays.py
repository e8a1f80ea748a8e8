"""Parameters as arrays with names, there and back.

Numbers at the end of a name are a parameter's place in an array, and so is its neuron's place in a layer:

>>> from autograd import Value
>>> names = ["layers.0.neurons.0.w.0", "layers.0.neurons.0.w.1", "layers.0.neurons.0.b", "gain"]
>>> [(array.name, array.shape) for array in arrays_of([(name, Value(0.0)) for name in names])]
[('layers.0.w', (1, 2)), ('layers.0.b', (1,)), ('gain', ())]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograd.arguments import is_finite
from autograd.parameter_names import Path, indices_of, layer_and_unit, path_of
from autograd.recording.recording import Recording
from autograd.shapes import flat
from autograd.value import Value

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ParameterArray:
    """Parameters that share an array, in reading order; one that stands alone has the shape ()."""

    name: str
    shape: Shape
    parameters: tuple[Value, ...]

    @property
    def numbers(self) -> list[float]:
        """The parameters' numbers now."""
        return [parameter.data for parameter in self.parameters]


def arrays_of(named: Iterable[tuple[str, Value]]) -> list[ParameterArray]:
    """Put parameters whose names differ only in their places into one array, in the order of first names.

    If a place is missing, each of them stands alone, under its own name. Raises ValueError if two
    parameters have the same name.
    """
    groups: dict[str, dict[Shape, tuple[str, Value]]] = {}
    for name, parameter in named:
        array, place = _array_and_place(path_of(name))
        members = groups.setdefault(".".join(array) or name, {})
        if place in members:
            raise ValueError(f"two parameters have the name {name}: label them apart")
        members[place] = name, parameter
    found = []
    for name, members in groups.items():
        shape = tuple(1 + max(places) for places in zip(*members, strict=False))
        if set(members) == set(product(*map(range, shape))):
            found.append(ParameterArray(name, shape, tuple(members[place][1] for place in sorted(members))))
        else:
            found += [ParameterArray(own, (), (parameter,)) for own, parameter in members.values()]
    return found


def _array_and_place(path: Path) -> tuple[Path, Shape]:
    layer, unit = layer_and_unit(path)
    within = path[len(unit) :] if unit else path
    places = indices_of(within)
    array = within[: len(within) - len(places)]
    return (*(layer if unit else ()), *array), tuple(map(int, (*unit[-1:], *places)))


def arrays_of_program(recording: Recording, model: Any = None) -> list[ParameterArray]:
    """The parameters of a program and all others of its model, by the model's names.

    model  anything with `named_parameters`, such as an `nn.Module`

    A parameter that the model does not name goes by its label; so do all if there is no model.
    """
    named = list(model.named_parameters()) if model is not None else []
    known = {parameter for _, parameter in named}
    if not known.issuperset(recording.parameters):
        labels = recording.names[recording.first_parameter : recording.first_constant]
        others = zip(labels, recording.parameters, strict=True)
        named += [(label, parameter) for label, parameter in others if parameter not in known]
    return arrays_of(named)


def load(arrays: Iterable[ParameterArray], state: Mapping[str, Any]) -> None:
    """Give every parameter its number in `state`, which has an array for each name.

    If a name is missing or unknown, a shape differs or a number is not finite, one ValueError lists
    them all, and nothing is changed.
    """
    wanted = {array.name: array for array in arrays}
    known = {name: state[name] for name in wanted if name in state}
    numbers = {name: flat(array.tolist(), name) for name, array in known.items()}
    shapes = {name: tuple(array.shape) for name, array in known.items()}
    misfits = {
        "missing": [name for name in wanted if name not in state],
        "unexpected": [str(name) for name in state if name not in wanted],
        "of another shape": [
            f"{name} ({shape} where {wanted[name].shape} is expected)"
            for name, shape in shapes.items()
            if shape != wanted[name].shape
        ],
        "not finite": [name for name, xs in numbers.items() if not all(map(is_finite, xs))],
    }
    if any(misfits.values()):
        listed = "\n".join(f"  {kind}: {', '.join(names)}" for kind, names in misfits.items() if names)
        raise ValueError(f"these arrays do not fit the program, and nothing was changed:\n{listed}")
    for name, array in wanted.items():
        for parameter, number in zip(array.parameters, numbers[name], strict=True):
            parameter.data = number
