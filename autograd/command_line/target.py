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


@dataclass(frozen=True)
class Target:
    """A Value, and what is known about it.

    example     the worked example that it is
    model       the model of the user's file that was named
    parameters  what takes a step of gradient descent
    """

    root: Value
    example: Example | None
    model: Any
    parameters: list[Value]
    learning_rate: float

    @property
    def step(self) -> dict[str, Any]:
        """The step of gradient descent, as arguments."""
        return {"parameters": self.parameters, "learning_rate": self.learning_rate}


def target_of(asked: argparse.Namespace) -> Target:
    """The example of a name, with its gradients; or the Value in a file."""
    whole_number("--decimals", asked.decimals, 1, 100)
    if asked.target in EXAMPLES:
        return _example(EXAMPLES[asked.target](), asked)
    path, _, name = asked.target.rpartition(":")
    if asked.target.endswith(".py"):
        raise ValueError(f"{asked.target}: say which Value in it, as in {asked.target}:loss")
    if asked.target.endswith(".ipynb"):
        path = asked.target
    if not path:
        there = f"there are {', '.join(EXAMPLES)}, or a file: path/to/file.py:name"
        raise ValueError(f"no example {asked.target!r}: {there}{did_you_mean(asked.target, EXAMPLES)}")
    return _in_file(UserFile(Path(path)), name, asked)


def _example(example: Example, asked: argparse.Namespace) -> Target:
    if asked.model:
        raise ValueError(f"--model is in a file of your own, and {example.name} is an example")
    if example.parameters:
        example.root.backward()
    parameters = _parameters(example.root, asked.update) if asked.update else list(example.parameters)
    rate = example.learning_rate if asked.learning_rate is None else asked.learning_rate
    return Target(example.root, example, None, parameters, rate)


def _in_file(file: UserFile, name: str, asked: argparse.Namespace) -> Target:
    root = file.value(name)
    model = file.thing(asked.model) if asked.model else None
    if model is not None and not hasattr(model, "named_parameters"):
        raise ValueError(
            f"--model {asked.model} is a {type(model).__name__}, which has no named_parameters()"
        )
    parameters: list[Value] = []
    if asked.update:
        parameters = _parameters(root, asked.update, file)
    elif model is not None and root.grad is not None:
        known = set(leaves(root))
        parameters = [parameter for parameter in model.parameters() if parameter in known]
    rate = asked.learning_rate
    if rate is not None and not parameters:
        raise ValueError("--learning-rate is that of a step: name the parameters with --update or --model")
    return Target(root, None, model, parameters, 0.001 if rate is None else rate)


def _parameters(root: Value, names: str, file: UserFile | None = None) -> list[Value]:
    """What `--update` names: leaves of the graph, or Values, lists and models of the file."""
    labelled = {name: leaf for leaf, name in names_of(leaves(root)).items()}
    found: list[Value] = []
    for name in names.split(","):
        if name in labelled:
            thing: Any = labelled[name]
        elif file:
            thing = file.thing(name)
        else:
            hint = did_you_mean(name, labelled)
            raise ValueError(f"--update {name}: the leaves are {', '.join(labelled)}{hint}")
        if hasattr(thing, "parameters"):
            thing = thing.parameters()
        found += [thing] if isinstance(thing, Value) else thing
    return found
