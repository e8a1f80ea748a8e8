"""Documentation that cannot rot: every public name has a docstring, and the words are the same everywhere.

The examples themselves are run by pytest as doctests, those of the README by test_readme.py.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
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

# A word of the field, and the spellings of it that the project does not use.
GLOSSARY = {
    "backpropagation": ["back-propagation", "back propagation"],
    "mini-batch": ["minibatch", "mini batch", "mini batches"],
    "local gradient": ["local derivative", "local derivatives"],
    "upstream gradient": ["incoming gradient", "adjoint"],
    "computational graph": ["computation graph", "compute graph"],
    "cross-entropy": ["cross entropy"],
    "one-hot": ["one hot", "onehot"],
    "hyperparameter": ["hyper-parameter", "hyper parameter"],
    "ReLU": ["Relu", "RELU"],
    "leaf": ["leaf node"],
    "gate": ["op node"],
    "step-through": ["stepthrough"],
}


def members(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that a public class of ours has or inherits from ours."""
    for name, member in inspect.getmembers_static(thing):
        if name[0] == "_" or (is_dataclass(thing) and name in thing.__dataclass_fields__):
            continue
        if isinstance(member, (classmethod, staticmethod)):
            member = member.__func__
        if inspect.isfunction(member) or isinstance(member, property) or hasattr(member, "__set_name__"):
            home = getattr(
                getattr(member, "fget", None) or getattr(member, "func", None) or member, "__module__", ""
            )
            if str(home).split(".")[0] in ("autograd", "nn"):
                yield name, member


def documented() -> Iterator[tuple[str, Any]]:
    for name, thing in PUBLIC.items():
        if callable(thing) or isinstance(thing, ModuleType):
            yield name, thing
        if inspect.isclass(thing):
            for member_name, member in members(thing):
                yield f"{name}.{member_name}", member


def test_every_public_name_has_a_docstring() -> None:
    missing = [name for name, thing in documented() if not inspect.getdoc(thing)]
    assert missing == []


@pytest.mark.parametrize(
    "gate", [pytest.param(thing, id=name) for name, thing in PUBLIC.items() if isinstance(thing, Gate)]
)
def test_every_gate_states_what_a_reader_may_ask(gate: Gate) -> None:
    assert gate.__doc__
    assert gate.symbol
    assert gate.formula
    assert all(gate.local)
    assert len(gate.local) <= len(gate.parameters)


# ── words ───────────────────────────────────────────────────────────────────────────────


def cells(kind: str) -> Iterator[str]:
    for path in sorted(PROJECT.glob("notebooks/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == kind:
                yield "".join(cell["source"])


def prose() -> Iterator[tuple[str, str]]:
    """All that people read and no interpreter does: docstrings, comments, Markdown."""
    for path in [*PROJECT.glob("autograd/**/*.py"), *PROJECT.glob("nn/*.py")]:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                yield path.name, ast.get_docstring(node) or ""
        yield path.name, "\n".join(re.findall(r"(?:^|\s)# (.*)", text))
    yield "README.md", (PROJECT / "README.md").read_text(encoding="utf-8")
    for cell in cells("markdown"):
        yield "notebooks", cell


def without_code(text: str) -> str:
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    text = re.sub(r"^\s*(>>>|\.\.\.).*", "", text, flags=re.M)
    return re.sub(r"`[^`]*`", "", text)


def test_the_words_of_the_field_are_spelt_one_way() -> None:
    texts = [(place, without_code(text)) for place, text in prose()]
    for word, others in GLOSSARY.items():
        wrong = re.compile(rf"\b({'|'.join(map(re.escape, others))})\b")
        found = [(place, match[0]) for place, text in texts for match in wrong.finditer(text)]
        assert not found, f"the project says {word}"
