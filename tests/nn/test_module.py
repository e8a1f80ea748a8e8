"""Modules: finding and naming parameters, states, files, copies."""

from __future__ import annotations

import copy
import inspect
import json
import math
import pickle
import re
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, compile, walk  # noqa: A004
from nn import MLP, SGD, Layer, Maxout, Module, Neuron
from nn.foreign_words import IN_PACKAGE, OF_OPTIMIZER


class Holding(Module):
    def __init__(self, parts: Any) -> None:
        self.parts = parts


def numbers(model: Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


# ── parameters ──────────────────────────────────────────────────────────────────────────


def test_parameters_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two parameters have the name parts\.1: keys of a dict"):
        Holding({1: Value(1.0), "1": Value(2.0)}).state_dict()
    with pytest.raises(TypeError, match="parts is a set, whose parameters have no order: take a list"):
        Holding({Value(1.0)}).parameters()
    assert Holding({"a", "b"}).parameters() == []


@dataclass
class Pair:
    w: Any
    b: Any


class Slotted:
    __slots__ = ("gain", "unset")

    def __init__(self) -> None:
        self.gain = Value(1.0)


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (deque([Value(1.0), Value(2.0)]), ["parts.0", "parts.1"]),
        (Pair(Value(1.0), Value(2.0)), ["parts.w", "parts.b"]),
        (SimpleNamespace(a=SimpleNamespace(b=Value(1.0))), ["parts.a.b"]),
        (Slotted(), ["parts.gain"]),
        (MappingProxyType({"w": Value(1.0)}), ["parts.w"]),
        (np.array([[Value(1.0), Value(2.0)]]), ["parts.0.0", "parts.0.1"]),
        (np.array(Value(1.0), dtype=object), ["parts"]),  # of no dimension, as a number is
        (np.ones((2, 2)), []),
        ([Holding({"inner": Holding((Value(1.0),))})], ["parts.0.parts.inner.parts.0"]),
        (
            {"rate": 0.1, "words": "abc", "result": Value(6.0) * 2, "unit": Neuron(1)},
            ["parts.unit.w.0", "parts.unit.b"],
        ),
        (Maxout(1), ["parts.pieces.0.w.0", "parts.pieces.0.b", "parts.pieces.1.w.0", "parts.pieces.1.b"]),
        (
            Pair(shared := Layer(1, 1), [shared, shared.neurons[0].b]),
            ["parts.w.neurons.0.w.0", "parts.w.neurons.0.b"],
        ),
    ],
)
def test_parameters_are_found_wherever_they_are_held(parts: Any, names: list[str]) -> None:
    assert [name for name, _ in Holding(parts).named_parameters()] == names


def test_an_attribute_of_the_class_would_be_shared_and_is_refused() -> None:
    class Shared(Module):
        w = Value(1.0)

    class SharedList(Module):
        layers = [Neuron(1, rng=0)]  # noqa: RUF012

    class Derived(Shared):
        pass

    for model, name in ((Shared(), "Shared.w"), (SharedList(), "SharedList.layers"), (Derived(), "Shared.w")):
        with pytest.raises(TypeError, match=f"{name} is an attribute of the class.*in __init__"):
            model.parameters()


def test_what_looks_at_a_model_adds_no_parameters_to_it() -> None:
    model = Neuron(1)
    before = list(model.named_parameters())
    for thing in (SGD(model.parameters(), lr=0.1), compile(model, [1.0]), walk(model([1.0]))):
        model.looking = thing
        assert list(model.named_parameters()) == before


def test_only_an_attribute_b_holds_biases() -> None:
    weight, bias = Value(1.0), Value(2.0)
    assert Holding({"b": weight}).weights() == [weight]
    assert Holding(Pair(weight, bias)).weights() == [weight]
    assert Holding({"b": Holding(Pair(weight, bias))}).weights() == [weight]
    assert Holding(SimpleNamespace(w=[weight], b=[bias, Value(3.0)])).weights() == [weight]
    model = MLP(2, [3, 1], "maxout", rng=0)
    assert len(model.weights()) == 2 * 3 * 2 + 3
    assert {w.label[0] for w in model.weights()} == {"w"}


def test_the_output_of_a_gate_takes_no_parameters_place() -> None:
    neuron, holding = Neuron(2, rng=0), Holding([[Value(1.0)]])
    before = neuron.parameters()
    neuron([1.0, 2.0]).backward()
    told = "^Neuron.{} holds parameters, and the output of subtract is not one: .* w.data -= lr"
    with pytest.raises(ValueError, match=told.format("w")):
        neuron.w = [w - 0.1 * w.grad for w in neuron.w]
    with pytest.raises(ValueError, match=told.format("b")):
        neuron.b -= 0.1 * neuron.b.grad
    with pytest.raises(ValueError, match=r"^Holding\.parts holds"):
        holding.parts = [[w * 2.0 for w in row] for row in holding.parts]
    assert neuron.parameters() == before
    holding.parts = neuron
    holding.result = neuron([1.0, 2.0])
    holding.result = [neuron([3.0, 4.0])]
    assert holding.parameters() == before


def test_modules_within_modules_a_thousand_deep_and_more() -> None:
    model = Holding(Value(0.0))
    for _ in range(2000):
        model = Holding([model, Value(1.0)])
    assert model.parameter_count == 2001
    deepest, parameter = next(model.named_parameters())
    assert (deepest.count("parts"), parameter.data) == (2001, 0.0)


def test_zero_grad() -> None:
    model = MLP(2, [3, 1], "tanh", rng=0)
    model([1.0, 2.0]).backward()
    assert all(parameter.grad for parameter in model.parameters())
    model.zero_grad()
    assert all(parameter.grad == 0.0 for parameter in model.parameters())


def test_a_module_without_a_call_says_so() -> None:
    class Forwarding(Module):
        def forward(self, x: Any) -> Any:
            return x

    with pytest.raises(NotImplementedError, match=r"Holding does not define __call__$"):
        Holding([])(1.0)
    with pytest.raises(NotImplementedError, match="does not define __call__: rename forward to __call__"):
        Forwarding()(1.0)


@pytest.mark.parametrize(
    ("owner", "word", "meant"),
    [
        (MLP(2, [1], rng=0), "train", "leave it out: Dropout"),
        (MLP(2, [1], rng=0), "forward", "call model"),
        (nn, "Linear", "Layer"),
        (nn, "CrossEntropyLoss", "softmax_cross_entropy"),
    ],
)
def test_words_of_other_libraries_are_answered_with_ours(owner: Any, word: str, meant: str) -> None:
    with pytest.raises(AttributeError, match=f"(MLP|nn) has no '{word}': .*{meant}"):
        getattr(owner, word)
    with pytest.raises(AttributeError, match=r"(MLP|nn) has no 'layer'$"):
        _ = owner.layer


def test_every_name_that_an_error_offers_is_one_of_ours() -> None:
    ours = {*nn.__all__, "Value", *inspect.signature(nn.fit).parameters}
    ours |= {name for cls in (nn.Adam, nn.Momentum, Layer) for name in inspect.signature(cls).parameters}
    for meant in (*IN_PACKAGE.values(), *OF_OPTIMIZER.values()):
        assert {*re.findall(r"(?:take|call it) (?:autograd\.)?(?!a\b)(\w+)", meant)} <= ours, meant


# ── states ──────────────────────────────────────────────────────────────────────────────


def test_a_state_carries_a_model_over_and_is_numbers_alone() -> None:
    one, other = MLP(2, [3, 1], rng=1), MLP(2, [3, 1], rng=2)
    state = one.state_dict()
    assert state["layers.1.neurons.0.b"] == 0.0
    other.load_state_dict(state)
    assert one([0.5, -1.0]).data == other([0.5, -1.0]).data
    one.parameters()[0].data = 7.0
    assert numbers(other) == list(state.values()) != numbers(one)


def test_numbers_of_all_kinds_are_taken_as_floats() -> None:
    model = Neuron(2, rng=0)
    model.load_state_dict({"w.0": 1, "w.1": np.float32(0.5), "b": np.int64(3)})
    assert repr(numbers(model)) == "[1.0, 0.5, 3.0]"


def test_a_state_that_does_not_fit_is_refused_whole_and_every_misfit_is_listed() -> None:
    model = MLP(1, [2, 1], rng=0)
    before = numbers(model)
    state: dict[Any, Any] = dict.fromkeys(model.state_dict(), 9.0)
    del state["layers.1.neurons.0.b"]
    state.update(
        {
            "layers.0.neurons.0.w.0": [1.0, 2.0],
            "layers.0.neurons.0.b": math.nan,
            "layers.0.neurons.1.w.0": "0.5",
            "layers.0.neurons.1.b": 10**400,
            "layers.1.neurons.0.w.0": -math.inf,
            "layers.7": 1.0,
            3: 1.0,
        }
    )
    with pytest.raises(ValueError, match="nothing was changed") as caught:
        model.load_state_dict(state)
    first, missing, unexpected, not_finite = str(caught.value).splitlines()
    assert "MLP(1 → 2 relu → 1 linear, 7 parameters)" in first
    assert missing == "  missing: layers.1.neurons.0.b"
    assert unexpected == "  unexpected: layers.7, 3"
    assert not_finite.startswith("  not a finite number: layers.0.neurons.0.w.0 (list: [1.0, 2.0]), layers.0")
    assert re.findall(r"\((\w+): ", not_finite) == ["list", "float", "str", "int", "float"]
    assert numbers(model) == before


def test_a_long_list_of_misfits_is_cut_but_counted() -> None:
    with pytest.raises(ValueError, match=r"missing: layers\.0.*, and 317 more$"):
        MLP(2, [16, 16, 1], rng=0).load_state_dict({})


# ── files ───────────────────────────────────────────────────────────────────────────────


def test_a_file_is_json_that_says_what_it_holds_and_brings_back_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    model, other = Neuron(5, rng=0), Neuron(5, rng=1)
    for w, number in zip(model.w, [0.1 + 0.2, 5e-324, -0.0, 1.7976931348623157e308, 1 / 3], strict=True):
        w.data = number
    model.save(path)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["format"] == "scalar-autograd parameters, version 1"
    assert saved["model"] == repr(model)
    other.load(str(path))
    assert repr(numbers(other)) == repr(numbers(model)) == repr(list(saved["parameters"].values()))


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    model = Neuron(2, rng=0)
    model.save(path)
    before = path.read_bytes()
    model.w[1].data = math.nan
    with pytest.raises(ValueError, match=r"was not saved; not finite: w\.1 \(nan\)"):
        model.save(path)
    assert path.read_bytes() == before


GOOD = '"format": "scalar-autograd parameters, version 1", "model": "Neuron"'

HOSTILE = {
    "empty": (b"", "not a file that save"),
    "not text": (b"\xff\xfe\x00", "not a file that save"),
    "cut off": (f'{{{GOOD}, "parameters": {{"w.0": 1.0,'.encode(), "not a file that save"),
    "another format": (b'{"parameters": {"w.0": 1.0, "b": 0.0}}', "does not say that its format is"),
    "parameters in a list": (f'{{{GOOD}, "parameters": [1.0]}}'.encode(), "a dict of numbers by parameter"),
    "of another model": (
        f'{{{GOOD}, "parameters": {{"w.0": "1"}}}}'.encode(),
        r"from Neuron: .* does not fit Neuron",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_clear_error_and_changes_nothing(tmp_path: Path, kind: str) -> None:
    content, words = HOSTILE[kind]
    path = tmp_path / "model.json"
    path.write_bytes(content)
    model = Neuron(1, rng=0)
    before = numbers(model)
    with pytest.raises(ValueError, match=f"{path.name} .*{words}"):
        model.load(path)
    assert numbers(model) == before


# ── copies ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("activation", ["relu", "softmax", "maxout"])
def test_a_copy_computes_the_same_and_is_apart(activation: str) -> None:
    model = MLP(2, [3, 2], "tanh", activation, rng=0)
    before = [(p.label, p.data) for p in model.parameters()]
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert [y.data for y in again([1.0, 2.0])] == [y.data for y in model([1.0, 2.0])]
        assert [(p.label, p.data) for p in again.parameters()] == before
        assert repr(again) == repr(model)
        again.parameters()[0].data += 1.0
        assert [(p.label, p.data) for p in model.parameters()] == before


def test_a_large_model_needs_no_deep_recursion() -> None:
    model = MLP(1, [1] * (sys.getrecursionlimit() + 100), "linear", rng=0)
    assert numbers(copy.deepcopy(model)) == numbers(model)
