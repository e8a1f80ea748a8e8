"""Module: whatever holds parameters, from one neuron to a whole network.

A parameter is a leaf Value that a module holds in an attribute, however deep: in a list,
tuple, dict, deque or NumPy array, in another module, or in any other object. Its name is the
way to it:

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
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograd.arguments import counted, is_finite
from autograd.files import write_whole
from autograd.reals import kind
from autograd.value import Value
from nn.foreign_words import OF_MODULE, refuse_word

FILE_FORMAT = "scalar-autograd parameters, version 1"

_SHOWN = 20  # how many names of one kind an error lists


class Module:
    """What every neuron, layer and network is: parameters with names.

    A subclass sets its parameters and its parts as attributes and defines `__call__`.
    Everything here is found through those attributes, so nothing needs to be registered.
    """

    def __call__(self, x: Any) -> Any:
        """The output for one sample. Every subclass defines it."""
        remedy = ": rename forward to __call__" if hasattr(self, "forward") else ""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__{remedy}")

    def __getattr__(self, name: str) -> Any:
        refuse_word(type(self).__name__, name, OF_MODULE, AttributeError)

    def __setattr__(self, name: str, thing: Any) -> None:
        before, after = vars(self).get(name), thing
        while isinstance(before, list) and isinstance(after, list) and before and after:
            before, after = before[0], after[0]
        is_leaf = isinstance(before, Value) and before.gate is None
        if is_leaf and isinstance(after, Value) and after.gate and before in after.inputs:
            raise ValueError(
                f"{type(self).__name__}.{name} holds parameters, and the output of {after.gate.name} is not "
                "one: change their numbers instead, w.data -= lr * w.grad"
            )
        super().__setattr__(name, thing)

    # ── parameters ──────────────────────────────────────────────────────────────────────

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter once, with its name, in the order in which attributes were set.

        A parameter that is reached in two ways (shared weights) has the first of its names.

        Raises TypeError for parameters in a set, which has no order, and in an attribute of
        the class, which all its instances would share; ValueError if two have the same name.

        >>> from nn import MLP
        >>> names = [name for name, parameter in MLP(2, [4, 1], rng=0).named_parameters()]
        >>> names[:4]
        ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.w.1', 'layers.0.neurons.0.b', 'layers.0.neurons.1.w.0']
        """
        names: set[str] = set()
        for name, _, parameter in _parameters_of(self):
            if name in names:
                raise ValueError(f"two parameters have the name {name}: keys of a dict must differ as text")
            names.add(name)
            yield name, parameter

    def parameters(self) -> list[Value]:
        """Each parameter once, in the order of `named_parameters`."""
        return [parameter for _, _, parameter in _parameters_of(self)]

    def weights(self) -> list[Value]:
        """The parameters but for the biases: those in an attribute `b`, alone or in a list."""
        return [parameter for _, attribute, parameter in _parameters_of(self) if attribute != "b"]

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
            parameter._grad = 0.0

    def _description(self) -> str:
        """What a subclass says of its inputs and outputs in its repr."""
        return ""

    def __repr__(self) -> str:
        described = [self._description(), counted(self.parameter_count, "parameter")]
        return f"{type(self).__name__}({', '.join(filter(None, described))})"

    # ── the numbers alone ───────────────────────────────────────────────────────────────

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter, by name."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Give every parameter the number that `state` has under its name.

        Raises one ValueError that lists the names that are missing, the names that no
        parameter has, and the entries that are not one finite number; nothing is changed then.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"a state is a dict of numbers by parameter name, got {kind(state)}")
        parameters = dict(self.named_parameters())
        known = {name: entry for name, entry in state.items() if name in parameters}
        misfits = {
            "missing": [name for name in parameters if name not in state],
            "unexpected": [str(name) for name in state if name not in parameters],
            "not a finite number": [f"{name} ({kind(x)})" for name, x in known.items() if not is_finite(x)],
        }
        if any(misfits.values()):
            lines = [f"\n  {misfit}: {_listed(names)}" for misfit, names in misfits.items() if names]
            raise ValueError(f"this state does not fit {self!r}, and nothing was changed:{''.join(lines)}")
        for name, parameter in parameters.items():
            parameter.data = known[name]

    # ── files ───────────────────────────────────────────────────────────────────────────

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the parameters to a JSON file, each number with all its digits.

        Whatever happens meanwhile, the old file or the new one is there, whole. Raises ValueError,
        naming them, if parameters are not finite: an older file stays then.
        """
        state = self.state_dict()
        not_finite = [f"{name} ({number})" for name, number in state.items() if not math.isfinite(number)]
        if not_finite:
            raise ValueError(f"{self!r} was not saved; not finite: {_listed(not_finite)}")
        saved = {"format": FILE_FORMAT, "model": repr(self), "parameters": state}
        write_whole(path, f"{json.dumps(saved, indent=1, ensure_ascii=False)}\n".encode())

    def load(self, path: str | os.PathLike[str]) -> None:
        """Read the parameters from a file that `save` wrote.

        Raises one ValueError if the file is anything else, or holds the parameters of
        another model, in the words of `load_state_dict`; nothing is changed then.
        """
        try:
            saved = json.loads(Path(path).read_text(encoding="utf-8"))
            if not isinstance(saved, dict) or saved.get("format") != FILE_FORMAT:
                raise ValueError(f"it does not say that its format is {FILE_FORMAT!r}")
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path} is not a file that save() wrote: {error}") from None
        try:
            parameters: Any = saved.get("parameters")
            self.load_state_dict(parameters)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path} was saved from {saved.get('model')}: {error}") from None


# ── where parameters are found ──────────────────────────────────────────────────────────


_Part = tuple[str, str, Any]
"""The name of a part, the attribute that it is in or under, and the part itself."""

_SIMPLE = (float, int, str, bytes, type(None), type, FunctionType, ModuleType)
"""What holds no parameters: looking into it would only take time."""


def _parameters_of(whole: Any) -> Iterator[_Part]:
    """Every parameter once, depth first, without recursion."""
    met: dict[int, Any] = {}  # it keeps them alive, so that no id is used twice
    classes: set[type] = set()
    open_parts: list[Iterator[_Part]] = [iter([("", "", whole)])]
    while open_parts:
        for name, attribute, thing in open_parts[-1]:
            if isinstance(thing, _SIMPLE) or id(thing) in met:
                continue
            met[id(thing)] = thing
            if not isinstance(thing, Value):
                if isinstance(thing, Module) and type(thing) not in classes:
                    classes.add(type(thing))
                    _refuse_shared_parameters(type(thing))
                open_parts.append(_parts(name, attribute, thing))
                break
            if thing.gate is None:
                yield name, attribute, thing
        else:
            open_parts.pop()


def _parts(name: str, attribute: str, thing: Any) -> Iterator[_Part]:
    """What a module, a container or another object directly holds."""
    prefix = f"{name}." if name else ""
    if isinstance(thing, Mapping):
        return ((f"{prefix}{key}", "", part) for key, part in thing.items())
    if isinstance(thing, (list, tuple, deque)):
        return ((f"{prefix}{i}", attribute, part) for i, part in enumerate(thing))
    if isinstance(thing, (set, frozenset)) and any(isinstance(part, (Value, Module)) for part in thing):
        raise TypeError(f"{name} is a {type(thing).__name__}, whose parameters have no order: take a list")
    if str(getattr(thing, "dtype", "")) == "object":  # a NumPy array of Values
        rows = thing.tolist()  # for an array without dimensions, the one thing in it
        return _parts(name, attribute, rows) if isinstance(rows, list) else iter([(name, attribute, rows)])
    if not isinstance(thing, Module) and type(thing).__module__.partition(".")[0] == "autograd":
        return iter(())  # a gate, a program, a walk
    return ((f"{prefix}{own}", own, part) for own, part in _attributes(thing).items())


def _attributes(thing: Any) -> dict[str, Any]:
    """The attributes that an object itself has, in `__dict__` and in `__slots__`."""
    state = object.__getstate__(thing)
    held, slots = state if isinstance(state, tuple) else (state, None)
    return (held or {}) | (slots or {})


def _refuse_shared_parameters(cls: type) -> None:
    for owner in cls.__mro__:
        for name, held in vars(owner).items():
            if isinstance(held, (Value, Module, list, tuple, deque, dict)) and any(_parameters_of(held)):
                raise TypeError(
                    f"{owner.__name__}.{name} is an attribute of the class, and all its instances would "
                    f"share the parameters in it: set self.{name} in __init__"
                )


def _listed(names: list[str]) -> str:
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
