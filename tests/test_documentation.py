"""Documentation that cannot rot: every public name says what it does, what it refuses and where it is from.

The examples themselves are run by pytest as doctests, those of the README by test_readme.py.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import autograd
import nn
from autograd import Gate
from autograd.fused import FusedGate

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

# Parameters that docstrings speak of by their letter, or by what they are.
OTHERWISE_CALLED = {
    "beta": ["β"],
    "beta1": ["β1"],
    "beta2": ["β2"],
    "epsilon": ["ε"],
    "path": ["file"],
    "x": ["Values", "inputs"],
    "model": ["weights", "network"],
    "train": ["training part"],
    "others": ["every part"],
}

# Formulas that are nobody's in particular.
NOBODYS = {
    "nn.constant_schedule",
    "nn.linear_schedule",
    "nn.step_schedule",
    "nn.gradient_norm",
    "nn.uniform",
    "nn.zeros",
}

# What users are given and do not make, what is written with operators, what only PyTorch can run.
SHOWN_OTHERWISE = {
    *("autograd.Gate", "autograd.GradientReport", "autograd.InputCheck", "autograd.Program"),
    *("autograd.absolute", "autograd.exponentiate"),
    *("nn.to_torch", "nn.from_torch"),
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


def documented() -> Iterator[Any]:
    for name, thing in PUBLIC.items():
        if callable(thing) or isinstance(thing, ModuleType):
            yield pytest.param(thing, id=name)
        if inspect.isclass(thing):
            for member_name, member in members(thing):
                yield pytest.param(member, id=f"{name}.{member_name}")


def functions() -> Iterator[Any]:
    """Public functions and methods, and all docstrings that speak of them.

    These are their own, their class's, their module's, and those that they refer to by name.
    """
    for name, thing in PUBLIC.items():
        doc = (inspect.getmodule(thing) or autograd).__doc__ or ""
        if inspect.isfunction(thing):
            yield pytest.param(thing, referred_to(f"{thing.__doc__}\n{doc}"), id=name)
        elif inspect.isclass(thing):
            doc = "\n".join([doc, *(base.__doc__ or "" for base in thing.__mro__[:-1])])
            if inspect.isfunction(thing.__init__) and not is_dataclass(thing):
                yield pytest.param(thing.__init__, referred_to(doc), id=name)
            for member_name, member in members(thing):
                if inspect.isfunction(member):
                    yield pytest.param(member, f"{member.__doc__}\n{doc}", id=f"{name}.{member_name}")


def referred_to(doc: str) -> str:
    names = re.findall(r"`(\w+)`", doc)
    return "\n".join(
        [doc, *(thing.__doc__ or "" for name, thing in PUBLIC.items() if name.split(".")[1] in names)]
    )


@pytest.mark.parametrize("thing", list(documented()))
def test_every_public_name_has_a_docstring_that_begins_with_a_sentence(thing: Any) -> None:
    first = (inspect.getdoc(thing) or "").split("\n\n")[0]
    assert first
    assert first[-1] in ".:?", first


@pytest.mark.parametrize(("function", "doc"), list(functions()))
def test_errors_that_a_function_raises_are_in_its_docstring(function: Any, doc: str) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    raised = {
        re.match(r"[\w.]+", ast.unparse(node.exc))[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None
    }
    assert not {error for error in raised if error.endswith("Error") and error not in doc}


@pytest.mark.parametrize(("function", "doc"), list(functions()))
def test_every_parameter_is_spoken_of(function: Any, doc: str) -> None:
    names = inspect.signature(function).parameters.keys() - {"self", "cls", "args", "kwargs"}
    words = {name: [name, *OTHERWISE_CALLED.get(name, [])] for name in names}
    assert not [
        name
        for name in names
        if not any(re.search(rf"\b{re.escape(word)}", doc, re.I) for word in words[name])
    ]


def test_every_public_function_and_class_is_shown_in_an_example() -> None:
    sources = [*PROJECT.glob("autograd/**/*.py"), *PROJECT.glob("nn/*.py"), PROJECT / "README.md"]
    examples = "\n".join(
        line
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(>>>|\.\.\.) ", line)
    )
    notebooks = "\n".join(cells("code"))
    written = set(re.findall(r"\w+", examples + notebooks))
    missing = {
        name for name, thing in PUBLIC.items() if callable(thing) and name.split(".")[1] not in written
    }
    assert missing <= SHOWN_OTHERWISE


# Formulas and rules are somebody's: which paper's, which book's, or the lecture's.
SOURCE = re.compile(r"lecture|\b(1[6-9]|20)\d\d\b|PyTorch|slides|notes", re.I)

SOURCED = [
    name
    for name, thing in PUBLIC.items()
    if name not in NOBODYS
    and getattr(thing, "__module__", "")
    in (
        "nn.losses",
        "nn.update_rules",
        "nn.optimizers",
        "nn.initializers",
        "nn.schedules",
        "nn.activations",
    )
    and not isinstance(thing, (Gate, FusedGate))
]


@pytest.mark.parametrize("name", SOURCED)
def test_formulas_and_rules_name_their_source(name: str) -> None:
    thing = PUBLIC[name]
    module = inspect.getmodule(thing)
    assert SOURCE.search(thing.__doc__ or "") or SOURCE.search(getattr(module, "__doc__", "") or "")


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


@pytest.mark.parametrize("word", GLOSSARY)
def test_the_words_of_the_field_are_spelt_one_way(word: str) -> None:
    wrong = re.compile(rf"\b({'|'.join(map(re.escape, GLOSSARY[word]))})\b")
    found = [(place, match[0]) for place, text in prose() for match in wrong.finditer(without_code(text))]
    assert not found, f"the project says {word}"
