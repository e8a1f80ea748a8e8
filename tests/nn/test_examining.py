"""Networks that students write: whatever their conventions, right ones pass and wrong ones fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn.examining import examine_network

ENGINE = Path(__file__).parents[1] / "autograd" / "examining" / "engines" / "closures.py"

NETWORK = """
import random


class Neuron:
    def __init__(self, n):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(n)]
        self.b = Value(0.1)

    def __call__(self, x):
        z = self.b
        for wi, xi in zip(self.w, x):
            z = z + wi * xi
        return z.tanh()

    def parameters(self):
        return self.w + [self.b]


class Layer:
    def __init__(self, n, m):
        self.neurons = [Neuron(n) for _ in range(m)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    def __init__(self, n, sizes):
        self.layers = [Layer(a, b) for a, b in zip([n] + sizes, sizes)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


def mse(predictions, targets):
    total = Value(0.0)
    for p, t in zip(predictions, targets):
        total = total + (p - t) ** 2
    return total / len(predictions)


class SGD:
    def __init__(self, parameters, lr):
        self.parameters, self.lr = parameters, lr

    def step(self):
        for p in self.parameters:
            p.data -= self.lr * p.grad


class Momentum:
    def __init__(self, parameters, lr, beta=0.9):
        self.parameters, self.lr, self.beta = parameters, lr, beta
        self.v = [0.0] * len(parameters)

    def step(self):
        for i, p in enumerate(self.parameters):
            self.v[i] = self.beta * self.v[i] + (1 - self.beta) * p.grad
            p.data -= self.lr * self.v[i]
"""


def examined(folder: Path, before: str = "", after: str = ""):
    assert before in NETWORK
    path = folder / "network.py"
    path.write_text(ENGINE.read_text(encoding="utf-8") + NETWORK.replace(before, after, 1), encoding="utf-8")
    return examine_network(path)


def test_a_right_network_passes_and_its_conventions_are_said(tmp_path: Path) -> None:
    report = examined(tmp_path)
    assert [result.verdict for result in report.results] == ["passed"] * 5
    assert report["neuron"].remark == "f is tanh"
    assert report["losses"].remark == "mse"
    assert report["steps"].remark == "SGD, Momentum"


def test_a_sum_in_place_of_a_mean_is_a_convention(tmp_path: Path) -> None:
    result = examined(tmp_path, "return total / len(predictions)", "return total")["losses"]
    assert (result.verdict, result.remark) == ("passed", "mse: a sum, not a mean")


@pytest.mark.parametrize(
    ("before", "after", "skill", "said"),
    [
        ("return self.w + [self.b]", "return self.w", "neuron", "has 3 parameters"),
        ("        z = self.b\n", "        z = Value(0.0)\n", "neuron", "gives other outputs"),
        ("return z.tanh()", "return Value(z.tanh().data)", "neuron", "the gradients are not"),
        ("Value(random.uniform(-1, 1)) for _", "Value(0.0) for _", "neuron", "begin with the same number"),
        ("[Neuron(n) for _ in range(m)]", "[Neuron(n)] * m", "layer", "weights are shared"),
        ("(p - t) ** 2", "(p - t) ** 3", "losses", r"mse\(\[0.5, -1.0, 2.0\], \[1.0, 1.0, 0.0\]\) is"),
        ("p.data -= self.lr * p.grad", "p.data += self.lr * p.grad", "steps", "SGD: after 1 step from"),
        ("+ (1 - self.beta) * p.grad", "+ p.grad", "steps", "Momentum: after 1 step from"),
    ],
)
def test_a_wrong_network_fails_where_it_is_wrong(
    tmp_path: Path, before: str, after: str, skill: str, said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        examined(tmp_path, before, after).check(skill)


def test_a_gradient_that_never_arrives_is_not_right(tmp_path: Path) -> None:
    path = tmp_path / "network.py"
    engine = (ENGINE.parent / "operations.py").read_text(encoding="utf-8")  # None until a gradient arrives
    detached = "def squared_error(p, t):\n    return Scalar(((p - t) * (p - t) * 0.5).val)\n"
    path.write_text(f"{engine}\n\n{detached}", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"squared_error.* its gradients are not: \[None\]"):
        examine_network(path).check("losses")


def test_what_is_not_there_is_not_judged() -> None:
    report = examine_network(ENGINE)
    assert {result.verdict for result in report.results} == {"not there"}
    assert report.passed
