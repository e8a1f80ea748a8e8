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


class Parts(Module):
    """Parameters in every kind of place."""

    def __init__(self) -> None:
        self.alone = Value(1.0)
        self.listed = [Value(2.0), Value(3.0)]
        self.keyed = {"inner": (Value(4.0), [Value(5.0)])}
        self.neuron = Neuron(1, rng=0)
        self.rate = 0.1
        self.words = "abc"
        self.result = Value(6.0) * 2


def numbers(model: Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


# ── parameters ──────────────────────────────────────────────────────────────────────────


def test_a_name_is_the_way_to_a_parameter() -> None:
    names = [name for name, _ in Parts().named_parameters()]
    assert names == [
        "alone",
        "listed.0",
        "listed.1",
        "keyed.inner.0",
        "keyed.inner.1.0",
        "neuron.w.0",
        "neuron.b",
    ]


class Holding(Module):
    def __init__(self, parts: Any) -> None:
        self.parts = parts


def test_parameters_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two parameters have the name parts\.1: keys of a dict"):
        Holding({1: Value(1.0), "1": Value(2.0)}).state_dict()
    with pytest.raises(TypeError, match="parts is a set, whose parameters have no order: take a list"):
        Holding({Value(1.0)}).parameters()
    assert Holding({"a", "b"}).parameters() == []


@dataclass
class Pair:
    w: Value
    b: Value


class Slotted:
    __slots__ = ("gain", "unset")

    def __init__(self) -> None:
        self.gain = Value(1.0)


class Block:
    """Not a Module, as somebody may write who comes from micrograd."""

    def __init__(self) -> None:
        self.rows = [[Value(1.0)], [Value(2.0)]]


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
        (Block(), ["parts.rows.0.0", "parts.rows.1.0"]),
        ([Holding({"inner": Holding((Value(1.0),))})], ["parts.0.parts.inner.parts.0"]),
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
    model = Parts()
    before = list(model.named_parameters())
    model.optimizer = SGD(model.parameters(), lr=0.1)  # type: ignore[attr-defined]
    model.program = compile(model.neuron, [1.0])  # type: ignore[attr-defined]
    model.walk = walk(model.neuron([1.0]))  # type: ignore[attr-defined]
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


def test_modules_within_modules_a_thousand_deep_and_more() -> None:
    model = Holding(Value(0.0))
    for _ in range(5000):
        model = Holding([model, Value(1.0)])
    assert model.parameter_count == 5001
    deepest, parameter = next(model.named_parameters())
    assert (deepest.count("parts"), parameter.data) == (5001, 0.0)


def test_names_in_networks_and_maxout_neurons() -> None:
    model = MLP(2, [4, 1], rng=0)
    parameters = dict(model.named_parameters())
    assert model.layers[0].neurons[3].w[1] is parameters["layers.0.neurons.3.w.1"]  # type: ignore[union-attr]
    assert "layers.1.neurons.0.b" in parameters
    assert len(parameters) == 17 == model.parameter_count
    names = [name for name, _ in Maxout(1, pieces=2, rng=0).named_parameters()]
    assert names == ["pieces.0.w.0", "pieces.0.b", "pieces.1.w.0", "pieces.1.b"]


def test_a_shared_parameter_counts_once_under_its_first_name() -> None:
    class Tied(Module):
        def __init__(self) -> None:
            self.first = Layer(1, 1, rng=0)
            self.second = self.first
            self.again = self.first.neurons[0].b

    assert [name for name, _ in Tied().named_parameters()] == ["first.neurons.0.w.0", "first.neurons.0.b"]


def test_zero_grad() -> None:
    model = MLP(2, [3, 1], "tanh", rng=0)
    model([1.0, 2.0]).backward()
    assert all(parameter.grad for parameter in model.parameters())
    model.zero_grad()
    assert all(parameter.grad == 0.0 for parameter in model.parameters())


def test_a_module_without_a_call_says_so() -> None:
    with pytest.raises(NotImplementedError, match="Parts does not define __call__"):
        Parts()(1.0)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("train", "leave it out: Dropout"),
        ("eval", "leave it out: Dropout"),
        ("forward", "call model"),
        ("fit", "call nn.fit"),
    ],
)
def test_words_of_other_libraries_are_answered_with_ours(word: str, meant: str) -> None:
    with pytest.raises(AttributeError, match=f"MLP has no '{word}': .*{meant}"):
        getattr(MLP(2, [1], rng=0), word)
    with pytest.raises(AttributeError, match=r"MLP has no 'layer'$"):
        _ = MLP(2, [1], rng=0).layer
    with pytest.raises(TypeError, match="leave set_to_none out"):
        MLP(2, [1], rng=0).zero_grad(set_to_none=True)  # type: ignore[arg-type]


def test_names_of_other_libraries_are_answered_with_ours() -> None:
    for word, meant in (
        ("Linear", "Layer"),
        ("CrossEntropyLoss", "softmax_cross_entropy"),
        ("optim", "nn.SGD"),
    ):
        with pytest.raises(AttributeError, match=f"nn has no '{word}': .*{meant}"):
            getattr(nn, word)
    assert not hasattr(nn, "linears")


def test_every_name_that_an_error_offers_is_one_of_ours() -> None:
    ours = {*nn.__all__, "Value", *inspect.signature(nn.fit).parameters}
    ours |= {name for cls in (nn.Adam, nn.Momentum, Layer) for name in inspect.signature(cls).parameters}
    for meant in (*IN_PACKAGE.values(), *OF_OPTIMIZER.values()):
        assert {*re.findall(r"(?:take|call it) (?:autograd\.)?(?!a\b)(\w+)", meant)} <= ours, meant


def test_repr_counts() -> None:
    assert repr(Parts()) == "Parts(7 parameters)"
    assert repr(Neuron(1, bias=False, rng=0)) == "Neuron(1 → linear, 1 parameter)"


# ── states ──────────────────────────────────────────────────────────────────────────────


def test_a_state_carries_a_model_over() -> None:
    one, other = MLP(2, [3, 1], rng=1), MLP(2, [3, 1], rng=2)
    assert one([0.5, -1.0]).data != other([0.5, -1.0]).data
    other.load_state_dict(one.state_dict())
    assert numbers(one) == numbers(other)
    assert one([0.5, -1.0]).data == other([0.5, -1.0]).data


def test_a_state_is_numbers_and_not_the_parameters_themselves() -> None:
    model = Neuron(1, rng=0)
    state = model.state_dict()
    model.b.data = 7.0  # type: ignore[union-attr]
    assert state["b"] == 0.0


def test_numbers_of_all_kinds_are_taken_as_floats() -> None:
    model = Neuron(2, rng=0)
    model.load_state_dict({"w.0": 1, "w.1": np.float32(0.5), "b": np.int64(3)})
    assert numbers(model) == [1.0, 0.5, 3.0]
    assert {type(number) for number in numbers(model)} == {float}


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
            "layers.1.neurons.0.w.1": True,
            "layers.7": 1.0,
            3: 1.0,
        }
    )
    with pytest.raises(ValueError, match="nothing was changed") as caught:
        model.load_state_dict(state)
    first, missing, unexpected, not_numbers, not_finite = str(caught.value).splitlines()
    assert "MLP(1 → 2 relu → 1 linear, 7 parameters)" in first
    assert missing == "  missing: layers.1.neurons.0.b"
    assert unexpected == "  unexpected: layers.7, 3"
    assert re.fullmatch(
        r"  not one number: .*0\.w\.0 \(list: .*1\.w\.0 \(str: .*0\.w\.1 \(bool: True\)", not_numbers
    )
    assert re.fullmatch(r"  not finite: .*0\.b \(nan\), .*1\.b \(1000.*0\.w\.0 \(-inf\)", not_finite)
    assert numbers(model) == before


def test_a_long_list_of_misfits_is_cut_but_counted() -> None:
    with pytest.raises(ValueError, match=r"missing: layers\.0.*, and 317 more$"):
        MLP(2, [16, 16, 1], rng=0).load_state_dict({})


# ── files ───────────────────────────────────────────────────────────────────────────────


def test_a_file_brings_back_every_digit(tmp_path: Path) -> None:
    model, other = Neuron(5, rng=0), Neuron(5, rng=1)
    for w, number in zip(model.w, [0.1 + 0.2, 5e-324, -0.0, 1.7976931348623157e308, 1 / 3], strict=True):
        w.data = number
    model.save(tmp_path / "model.json")
    other.load(str(tmp_path / "model.json"))
    assert list(map(repr, numbers(other))) == list(map(repr, numbers(model)))


def test_a_file_is_json_that_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    model = MLP(2, [3, 1], rng=0)
    model.save(path)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["format"] == "scalar-autograd parameters, version 1"
    assert saved["model"] == repr(model)
    assert saved["parameters"] == model.state_dict()


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
    "parameters in a list": (f'{{{GOOD}, "parameters": [1.0, 0.0]}}'.encode(), "not numbers by name"),
    "nested deeply": (b'{"a":' * 200_000, "recursion depth"),
    "text": (f'{{{GOOD}, "parameters": {{"w.0": "1", "b": 0}}}}'.encode(), r"not one number: w\.0 \(str: "),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_clear_error_and_changes_nothing(tmp_path: Path, kind: str) -> None:
    content, words = HOSTILE[kind]
    path = tmp_path / "model.json"
    path.write_bytes(content)
    model = Neuron(1, rng=0)
    before = numbers(model)
    with pytest.raises(ValueError, match=words) as caught:
        model.load(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 2000
    assert numbers(model) == before


def test_a_file_of_another_model_names_both(tmp_path: Path) -> None:
    MLP(2, [4, 1], rng=0).save(tmp_path / "model.json")
    with pytest.raises(ValueError, match=r"saved from MLP\(2 → 4 relu.*does not fit MLP\(2 → 3 relu"):
        MLP(2, [3, 1], rng=0).load(tmp_path / "model.json")


# ── copies ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
@pytest.mark.parametrize("activation", ["relu", "softmax", "maxout", "linear"])
def test_a_copy_computes_the_same_and_is_apart(copied: Any, activation: str) -> None:
    model = MLP(2, [3, 2], "tanh", activation, rng=0)
    again = copied(model)
    assert [y.data for y in again([1.0, 2.0])] == [y.data for y in model([1.0, 2.0])]
    assert [p.label for p in again.parameters()] == [p.label for p in model.parameters()]
    assert repr(again) == repr(model)
    again.parameters()[0].data += 1.0
    assert numbers(again) != numbers(model)


def test_a_large_model_needs_no_deep_recursion() -> None:
    model = MLP(1, [1] * (sys.getrecursionlimit() + 100), "linear", rng=0)
    assert model.parameter_count == 2 * len(model.layers)
    assert numbers(copy.deepcopy(model)) == numbers(model)
