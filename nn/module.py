"""Module: whatever holds parameters, from one neuron to a whole network.

A parameter is a leaf Value that a module holds in an attribute: itself, in a list, tuple,
dict or NumPy array, or in another module. Its name is the way to it:

>>> from autograd import Value
>>> class Line(Module):
...     def __init__(self):
...         self.slope = Value(2.0, "m")
...         self.intercept = Value(1.0, "c")
...
...     def __call__(self, x):
...         return self.slope * x + self.intercept
>>> line = Line()
>>> line
Line(2 parameters)
>>> [name for name, parameter in line.named_parameters()]
['slope', 'intercept']
>>> line(3.0)
Value(7.0)
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograd.files import write_whole
from autograd.parameter_names import is_bias
from autograd.reals import is_finite, is_number, shortened
from autograd.value import Value

FILE_FORMAT = "scalar-autograd parameters, version 1"

_SHOWN = 20  # how many names of one kind an error lists


class Module:
    """What every neuron, layer and network is: parameters with names.

    A subclass sets its parameters and its parts as attributes and defines `__call__`.
    Everything here is found through those attributes, so nothing needs to be registered.
    """

    def __call__(self, x: Any) -> Any:
        """The output for one sample. Every subclass defines it."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__")

    # ── parameters ──────────────────────────────────────────────────────────────────────

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter once, with its name, in the order in which attributes were set.

        One that is reached in two ways (shared weights) has the first of its names.

        Raises TypeError for parameters in a set, which has no order, and ValueError where
        two come to the same name.

        >>> from nn import MLP
        >>> names = [name for name, parameter in MLP(2, [4, 1], rng=0).named_parameters()]
        >>> names[:4]
        ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.w.1', 'layers.0.neurons.0.b', 'layers.0.neurons.1.w.0']
        """
        names: set[str] = set()
        for name, parameter in _parameters_below(self, "", set()):
            if name in names:
                raise ValueError(f"two parameters have the name {name}: keys of a dict are to differ as text")
            names.add(name)
            yield name, parameter

    def parameters(self) -> list[Value]:
        """Each parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def weights(self) -> list[Value]:
        """The parameters without the biases: those of an attribute `b`, or of a list of that name."""
        return [parameter for name, parameter in self.named_parameters() if not is_bias(name)]

    @property
    def parameter_count(self) -> int:
        """How many parameters there are.

        >>> from nn import MLP
        >>> MLP(5, [10, 20, 3]).parameter_count
        343
        """
        return len(self.parameters())

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, as before a new backward pass."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({counted(self.parameter_count, 'parameter')})"

    # ── the numbers alone ───────────────────────────────────────────────────────────────

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter, by name."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Give every parameter the number that `state` has under its name.

        Strict: raises one ValueError that lists the names that are missing, the names that
        no parameter has, and the entries that are not one finite number; then no parameter
        was changed. Raises TypeError where `state` is no mapping.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"a state is a dict of numbers by parameter name, got {type(state).__name__}")
        misfits = self._misfits(state)
        if misfits:
            raise ValueError(f"this state does not fit {self!r}, and nothing was changed:\n{misfits}")
        for name, parameter in self.named_parameters():
            parameter.data = float(state[name])

    def _misfits(self, state: Mapping[str, Any]) -> str:
        """Every way in which `state` does not fit, one kind a line; empty where it fits."""
        names = dict(self.named_parameters())
        known = {name: entry for name, entry in state.items() if name in names}
        kinds = {
            "missing": [name for name in names if name not in state],
            "unexpected": [str(name) for name in state if name not in names],
            "not one number": [f"{name} ({_kind(x)})" for name, x in known.items() if not _is_weight(x)],
            "not finite": [
                f"{n} ({shortened(x)})" for n, x in known.items() if _is_weight(x) and not is_finite(x)
            ],
        }
        return "\n".join(f"  {kind}: {_listed(names)}" for kind, names in kinds.items() if names)

    # ── files ───────────────────────────────────────────────────────────────────────────

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the parameters to a JSON file, each number with all its digits.

        Whatever happens meanwhile, the old file or the new one is there, whole; and once this
        method has returned, a loss of power does not undo it. See `autograd.files`.

        Raises ValueError, naming them, where parameters are not finite; OSError where the
        file cannot be written. An older file is then left as it was.
        """
        state = self.state_dict()
        not_finite = [f"{name} ({number})" for name, number in state.items() if not math.isfinite(number)]
        if not_finite:
            raise ValueError(f"{self!r} was not saved; not finite: {_listed(not_finite)}")
        text = json.dumps(
            {"format": FILE_FORMAT, "model": repr(self), "parameters": state}, indent=1, ensure_ascii=False
        )
        write_whole(path, f"{text}\n".encode())

    def load(self, path: str | os.PathLike[str]) -> None:
        """Read the parameters from a file that `save` wrote.

        Raises one ValueError where the file is not such a file, or holds the parameters of
        another model, in the words of `load_state_dict`; OSError where it cannot be read.
        Then no parameter was changed.
        """
        longest = 2**24 + 256 * self.parameter_count  # bytes; far above what save() writes for this model
        model, state = _read_state(Path(path), longest)
        misfits = self._misfits(state)
        if misfits:
            raise ValueError(
                f"{os.fspath(path)} was saved from {model} and does not fit {self!r}; "
                f"nothing was changed:\n{misfits}"
            )
        self.load_state_dict(state)


def counted(count: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "parameter"), counted(2, "parameter")
    ('1 parameter', '2 parameters')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _parameters_below(thing: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Value]]:
    parts: Iterable[tuple[Any, Any]]
    if isinstance(thing, Module):
        parts = vars(thing).items()
    elif isinstance(thing, dict):
        parts = thing.items()
    elif isinstance(thing, (list, tuple)):
        parts = enumerate(thing)
    elif str(getattr(thing, "dtype", "")) == "object":  # an array of NumPy's, as W is in `W @ x`
        rows = thing.tolist()  # which of an array without dimensions is the one thing in it
        parts = enumerate(rows) if isinstance(rows, list) else [("", rows)]
    elif isinstance(thing, (set, frozenset)) and any(isinstance(part, (Value, Module)) for part in thing):
        raise TypeError(f"{path} is a {type(thing).__name__}, whose parameters have no order: take a list")
    else:
        if isinstance(thing, Value) and thing.gate is None and id(thing) not in seen:
            seen.add(id(thing))
            yield path, thing
        return
    if id(thing) not in seen:  # a part that holds its whole would have no end
        seen.add(id(thing))
        for name, part in parts:
            yield from _parameters_below(part, f"{path}.{name}".strip("."), seen)


# ── what a state may hold ───────────────────────────────────────────────────────────────


def _is_weight(entry: Any) -> bool:
    return is_number(entry) and not isinstance(entry, bool)


def _kind(entry: Any) -> str:
    if hasattr(entry, "__len__") and not isinstance(entry, str):
        return f"a {type(entry).__name__} of {len(entry)}"
    return type(entry).__name__


def _listed(names: list[str]) -> str:
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(_shortened(name, 100) for name in names[:_SHOWN]) + more


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


# ── files ───────────────────────────────────────────────────────────────────────────────


def _read_state(path: Path, longest: int) -> tuple[str, dict[str, Any]]:
    """The description of the model that was saved, and its parameters, not checked yet."""
    with path.open("rb") as file:
        content = file.read(longest + 1)
    try:
        if len(content) > longest:
            raise ValueError(f"it is longer than {longest} bytes, far more than this model needs")
        saved = json.loads(content.decode("utf-8"), object_pairs_hook=_without_repetition)
        if not isinstance(saved, dict) or saved.get("format") != FILE_FORMAT:
            raise ValueError(f"it does not say that its format is {FILE_FORMAT!r}")
        if not isinstance(saved.get("parameters"), dict):
            raise ValueError("its parameters are not numbers by name")
    except RecursionError:
        raise ValueError(f"{path} is not a file that save() wrote: it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{path} is not a file that save() wrote: {_shortened(str(error), 200)}") from None
    return _shortened(str(saved.get("model")), 200), saved["parameters"]


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("it names an entry twice")
    return entries
