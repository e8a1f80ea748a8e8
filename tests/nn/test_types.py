"""What a strict type checker sees in a script that trains a network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import numpy as np
from typing import reveal_type

from autograd import Value
from nn import MLP, SGD, Adam, Layer, Maxout, Neuron, accuracy, evaluate, fit, hinge, moons, predict

X, y = moons(rng=0, labels=(-1, 1))
model = MLP(2, [4, 1], rng=0)
prediction = model(X[0])
reveal_type(prediction)  # Prediction
reveal_type(prediction.data)  # float
prediction.backward()
reveal_type(MLP(2, [4, 3])([1, 2.5])[0])  # Value
reveal_type(MLP(1, [3])(np.array([1.0]))[-1].grad)  # float
reveal_type([h * 2 for h in Layer(2, 3)((1.0, Value(2.0)))])  # list[Value]
reveal_type(Neuron(1, "tanh")(0.5))  # Value
reveal_type(Maxout(2)(X[0]))  # Value
reveal_type(model.parameters())  # list[Value]
optimizer = Adam(model.parameters(), lr=lambda updates: 0.1 / (1 + updates), beta1=0.8)
reveal_type(fit(model, hinge, X, y, optimizer=optimizer, epochs=1, metrics=accuracy).loss)  # list[float]
reveal_type(evaluate(model, hinge, X, y, metrics=[accuracy]))  # dict[str, float]
model(X[0]).bakward()  # error: "Prediction" has no attribute "bakward"
MLP(2, 4)  # error: Argument 2 to "MLP" has incompatible type "int"
model("text")  # error: Argument 1 to "__call__" of "MLP" has incompatible type "str"
SGD(model.parameters(), lr="0.1")  # error: Argument "lr" to "SGD" has incompatible type "str"
"""


def test_mypy_sees_values_where_there_are_values(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--show-column-numbers",
            str(script),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    said: dict[int, str] = {}
    for line in run.stdout.splitlines():
        number, message = int(line.split("script.py:")[1].split(":")[0]), line.split(": ", 1)[1]
        said[number] = said.get(number, "") + message
    for number, line in enumerate(SCRIPT.splitlines(), 1):
        _, _, expected = line.partition("  # ")
        found = (
            said.pop(number, "")
            .replace("builtins.", "")
            .replace("autograd.value.", "")
            .replace("nn.layers.", "")
        )
        if expected.startswith("error"):
            assert expected in found, line
        elif expected:
            assert found == f'note: Revealed type is "{expected}"', line
        else:
            assert found == "", line
    assert not said
