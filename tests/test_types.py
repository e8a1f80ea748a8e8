"""What type checkers and editors tell a user: the type of every result, a gate's formula under the cursor."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jedi

PROJECT = Path(__file__).parents[1]

SCRIPT = '''
import numpy as np
import nn
from autograd import Value, dot, exp, gate, grad, jacobian, logsumexp, maximum, power, total, value_and_grad

x = Value(1.0, "x")
xs = [x, Value(2.0)]

@gate(symbol="s", formula="x**2", local=("2*x",))
def square(x: float) -> tuple[float, tuple[float, ...]]:
    """square(x) = x²."""
    return x * x, (2.0 * x,)

reveal_type(exp(x))  # Value
reveal_type(exp(2.0))  # float
reveal_type(maximum(x, 0.0))  # Value
reveal_type(maximum(0, x))  # Value
reveal_type(power(x, exponent=2))  # Value
reveal_type(square(x))  # Value
reveal_type(square(2.0))  # float
reveal_type(dot(xs, [1.0, 2.0], x))  # Value
reveal_type(dot([1.0, 2.0], xs))  # Value
reveal_type(dot([1.0], [2.0], bias=x))  # Value
reveal_type(dot([1.0], [2.0]))  # float
reveal_type(total(xs))  # Value
reveal_type(total([1.0, 2.0]))  # float
reveal_type(logsumexp(v * 2 for v in xs))  # Value
reveal_type(x + 1)  # Value
reveal_type(2 * x - x / 3)  # Value
reveal_type(-x)  # Value
reveal_type(x**2)  # Value
reveal_type(2**x)  # Value
reveal_type(x.exp())  # Value
reveal_type(x.leaky_relu(0.2))  # Value
reveal_type(x.data)  # float
reveal_type(x.grad)  # float
reveal_type(x < 2)  # bool
reveal_type(max(xs))  # Value
reveal_type(grad(exp)(1.0))  # float
reveal_type(grad(total)([1.0, 2.0]))  # list[float]
reveal_type(grad(power)(1.0, 2.0))  # Any
reveal_type(value_and_grad(exp)(1.0))  # tuple[Any, Any]
reveal_type(jacobian(exp)(1.0))  # list[list[Any]]

X, y = nn.moons(rng=0, labels=(-1, 1))
model = nn.MLP(2, [4, 1], rng=0)
optimizer = nn.Adam(model.parameters(), lr=lambda updates: 0.1 / (1 + updates), beta1=0.8)
reveal_type(model(X[0]))  # Prediction
reveal_type(model(X[0]).data)  # float
reveal_type(nn.MLP(2, [4, 3])([1, 2.5])[0])  # Value
reveal_type(nn.MLP(1, [3])(np.array([1.0]))[-1].grad)  # float
reveal_type([h * 2 for h in nn.Layer(2, 3)((1.0, Value(2.0)))])  # list[Value]
reveal_type(nn.Neuron(1, "tanh")(0.5))  # Value
reveal_type(nn.Maxout(2)(X[0]))  # Value
reveal_type(model.parameters())  # list[Value]
reveal_type(nn.fit(model, nn.hinge, X, y, optimizer=optimizer, epochs=1).loss)  # list[float]
reveal_type(nn.evaluate(model, nn.hinge, X, y, metrics=[nn.accuracy]))  # dict[str, float]
model(X[0]).bakward()  # error
nn.MLP(2, 4)  # error
model("text")  # error
nn.SGD(model.parameters(), lr="0.1")  # error
x.data = x.grad = 1
exp("2")  # error
x + "2"  # error
x.data = "2"  # error
Value("2")  # error
x.backward(retain_graph=True)  # error
'''


def test_a_strict_type_check_knows_every_result(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    script.write_text(SCRIPT, encoding="utf-8")
    cache = "--cache-dir=.mypy_cache/users"  # of its own: other options than the project's would empty it
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", cache, str(script)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    told: dict[int, str] = {}
    for line in run.stdout.splitlines():
        # The folder is not looked at: mypy may answer from its cache, with that of an earlier run.
        if found := re.match(r'.*/user\.py:(\d+): (error|note: Revealed type is "(.*)")', line):
            told[int(found[1])] = re.sub(r"\w+\.", "", found[3]) if found[3] else "error"
    expected = {
        number: line.split("  # ")[1] for number, line in enumerate(SCRIPT.splitlines(), 1) if "  # " in line
    }
    assert told == expected, run.stdout + run.stderr


HOVERED = {
    "exp": "exp(x) = e^x.",
    "dot": "dot(weights, inputs, bias=None) = bias + w1·x1",
    "maximum": "maximum(a, b), the larger of two numbers.",
    "square": "square(x) = x².",
}


def test_an_editor_shows_a_gate_with_its_parameters() -> None:
    source = "\n".join([SCRIPT, *HOVERED])
    script = jedi.Script(source, path=PROJECT / "user.py", project=jedi.Project(PROJECT))
    for line, said in enumerate(HOVERED.values(), SCRIPT.count("\n") + 2):
        (hover,) = script.help(line, 1)
        assert said in hover.docstring()
        assert "kwargs" not in hover.docstring()
