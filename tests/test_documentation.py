"""Documentation: every public name has a docstring, and every gate says what a reader may ask of it.

The examples themselves are run by pytest as doctests, those of the README by test_readme.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import Gate

PROJECT = Path(__file__).parents[1]

PUBLIC: dict[str, Any] = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in (autograd, nn)
    for name in package.__all__
}


def members(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that a class of ours has or inherits from ours."""
    for name, member in inspect.getmembers_static(thing):
        function = getattr(member, "fget", None) or getattr(member, "func", None) or member
        home = getattr(function, "__module__", None) or ""
        if name[0] != "_" and home.split(".")[0] in ("autograd", "nn"):
            yield name, member


def test_every_public_name_has_a_docstring() -> None:
    documented = {name: thing for name, thing in PUBLIC.items() if callable(thing) or inspect.ismodule(thing)}
    for name, thing in PUBLIC.items():
        if inspect.isclass(thing):
            documented |= {f"{name}.{key}": member for key, member in members(thing)}
    assert [name for name, thing in documented.items() if not inspect.getdoc(thing)] == []


@pytest.mark.parametrize(
    "gate", [pytest.param(thing, id=name) for name, thing in PUBLIC.items() if isinstance(thing, Gate)]
)
def test_every_gate_states_what_a_reader_may_ask(gate: Gate) -> None:
    assert gate.__doc__
    assert gate.symbol
    assert gate.formula
    assert all(gate.local)
    assert len(gate.local) <= len(gate.parameters)
