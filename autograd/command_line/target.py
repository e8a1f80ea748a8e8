"""What a command is to show: an example, or a Value in a user's file, and what is known about it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd.arguments import did_you_mean, whole_number
from autograd.command_line.user_file import UserFile
from autograd.graph import leaves
from autograd.lectures import EXAMPLES
from autograd.lectures.example import Example
from autograd.stepping.walk import names_of
from autograd.value import Value


class TargetError(Exception):
    """There is no such example, or an option does not fit it."""


@dataclass(frozen=True)
class Target:
    """What to show: a Value, and what is known about it.

    example     the worked example that it is
    model       the model of the user's file that was named
    parameters  what takes a step of gradient descent
    """

    root: Value
    example: Example | None
    model: Any
    parameters: tuple[Value, ...]
    learning_rate: float

    @property
    def step(self) -> dict[str, Any]:
        """The step of gradient descent, as arguments."""
        return {"parameters": self.parameters, "learning_rate": self.learning_rate}


def target_of(asked: argparse.Namespace) -> Target:
    """The example of a name, with its gradients; or the Value in a file."""
    whole_number("--decimals", asked.decimals, 1, 100)
    update, rate = getattr(asked, "update", None), getattr(asked, "learning_rate", None)
    if asked.target in EXAMPLES:
        if asked.model:
            raise TargetError(f"--model is in a file of your own, and {asked.target} is an example")
        example = EXAMPLES[asked.target]()
        if example.parameters:
            example.root.backward()
        parameters = _named_leaves(example.root, update) if update else example.parameters
        return Target(example.root, example, None, tuple(parameters), rate or example.learning_rate)
    path, colon, name = asked.target.rpartition(":")
    if asked.target.endswith((".py", ".ipynb")):
        if asked.target.endswith(".ipynb"):
            UserFile(Path(asked.target))
        raise TargetError(f"{asked.target}: say which Value in it, as in {asked.target}:loss")
    if not colon:
        there = f"there are {', '.join(EXAMPLES)}, or a file: path/to/file.py:name"
        raise TargetError(f"no example {asked.target!r}: {there}{did_you_mean(asked.target, EXAMPLES)}")
    file = UserFile(Path(path))
    root = file.value(name)
    model = file.thing(asked.model) if asked.model else None
    if update:
        parameters = _of_file(file, root, update)
    elif model is not None and root.grad is not None:
        known = set(leaves(root))
        parameters = [parameter for _, parameter in model.named_parameters() if parameter in known]
    else:
        parameters = []
    if rate is not None and not parameters:
        raise TargetError("--learning-rate is that of a step: name the parameters with --update or --model")
    return Target(root, None, model, tuple(parameters), 0.001 if rate is None else rate)


def _of_file(file: UserFile, root: Value, names: str) -> list[Value]:
    """The parameters that `--update` names: labels of the graph, or Values, lists and models of the file."""
    labelled = {leaf.label: leaf for leaf in leaves(root)}
    found: list[Value] = []
    for name in names.split(","):
        thing = labelled[name] if name in labelled else file.thing(name)
        if hasattr(thing, "parameters"):
            thing = thing.parameters()
        found += [thing] if isinstance(thing, Value) else thing
    return found


def _named_leaves(root: Value, names: str) -> list[Value]:
    labelled = {name: leaf for leaf, name in names_of(leaves(root)).items()}
    for name in names.split(","):
        if name not in labelled:
            hint = did_you_mean(name, labelled)
            raise TargetError(f"--update {name}: the leaves are {', '.join(labelled)}{hint}")
    return [labelled[name] for name in names.split(",")]
