"""Junk at every door: whatever a public function is given, it works or says clearly what is wrong.

The public API is walked, so a function that is added is tried without anybody remembering
to. In a sensible call one argument or two are replaced by junk. What comes of it is a result, or
an error that the project raises itself, in words of its own, of a type that the docstring
speaks of; nothing that was handed over is changed by a call that is refused; and there are
no warnings and no waiting.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import decimal
import fractions
import inspect
import io
import json
import linecache
import math
import operator
import random
import re
import signal
import tempfile
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Gate, Value
from autograd.command_line.commands import _one_line, main
from autograd.fused import FusedGate
from autograd.graph import topological_order
from tests.tally import tried

PROJECT = Path(__file__).parents[1]

# ── junk ────────────────────────────────────────────────────────────────────────────────

HOSTILE_TEXT = (
    *("", " ", "\n", "\0", "\x1b[2J", "\ud800", "\u202etxet", "\u200b", "é" * 5000, "w" * 20_000),
    *("<script>alert(1)</script>", "</script>", "<!--", "&amp;", "]]>", '"', "'", "\\", "{", "}", "%", "$x$"),
    *("\\input{etc}", "a|b", "`", "#", "_", "^", "->", "digraph{", "\\N", "\\l", "x=1;", "w1", "w_1"),
    *("__class__", "relu", "softmax", "nan", "1.0", "0", "path.svg", "∂", "𝒘", "١", "²", "-o"),
)

# Without slashes: some of it becomes the name of a file, which stays in the test's own folder.
texts = st.sampled_from(HOSTILE_TEXT) | st.text(st.characters(exclude_characters="/\\"), max_size=8)
whole_numbers = st.sampled_from([0, 1, -1, 2, 3, 7, 10**400, -(10**400), 2**31, 2**63, -(2**63)])
numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 0.5, 1.0, -1.0, 1e-320, 1e308, -1e308, math.inf, -math.inf, math.nan]),
    whole_numbers,
    st.booleans(),
    st.sampled_from(
        [np.float32(0.5), np.float64(math.nan), np.int8(3), np.uint64(2**64 - 1), np.bool_(True)]
    ),
    st.sampled_from([decimal.Decimal("0.1"), decimal.Decimal("sNaN"), fractions.Fraction(1, 3)]),
    st.sampled_from([np.longdouble(2), np.float16(1)]),
)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    shape = draw(st.sampled_from([(), (0,), (1,), (2,), (3,), (2, 2), (0, 2), (2, 0), (3, 2), (1, 1, 1)]))
    kind = draw(
        st.sampled_from(
            ["f8", "f4", "f2", "i8", "u1", "?", "c16", "U3", "S3", "O", "M8[s]", "m8[s]", "V4", "rec"]
        )
    )
    if kind == "rec":
        return np.zeros(shape, dtype=[("a", "f8"), ("b", "i4")])
    if kind == "O":
        filled = np.empty(shape, dtype=object)
        for i in np.ndindex(shape):
            filled[i] = draw(st.sampled_from([None, "a", 1.0, Value(2.0), [1.0], math.nan, 10**400]))
        return filled
    array = np.ones(shape, dtype=kind)
    if kind[0] == "f" and array.size and draw(st.booleans()):
        array.flat[0] = draw(st.sampled_from([math.nan, math.inf, -1.0]))
    return array


class Giver:
    """A function that takes anything, and gives one thing."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        self.__name__ = "giver"

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.thing

    def __repr__(self) -> str:
        return f"<gives {self.thing!r}>"


def gate_made() -> Value:
    return (Value(1.5, "a") * Value(-2.0, "b")).tanh()


class Unlikely:
    """Something of the user's own."""


atoms = st.one_of(
    st.none(),
    numbers,
    texts,
    st.sampled_from([b"", b"abc", 1j, complex(math.nan, 0), ..., NotImplemented, float, Value, math, len]),
    st.sampled_from([datetime.date(2020, 1, 1), Path("a"), range(3), slice(1), ValueError("x")]),
    st.builds(Unlikely),
    st.builds(bytearray, st.just(b"ab")),
    st.builds(Value, st.sampled_from([0.0, 1.0, -1.0, math.nan, math.inf])),
    st.builds(gate_made),
    st.builds(lambda: nn.Neuron(1, rng=0)),
    st.builds(lambda: nn.SGD([Value(1.0)], lr=0.1)),
    arrays(),
)

junk = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(texts, inner, max_size=2),
        inner.map(Giver),
        st.lists(inner, max_size=2).map(iter),
    ),
    max_leaves=4,
)

# ── sensible arguments, by the names of parameters ──────────────────────────────────────


def line_of(model: Any = None) -> Value:
    """A loss, with gradients."""
    loss: Value = ((model or neuron())([0.5, -1.0]) - 1.0) ** 2
    loss.backward()
    return loss


def neuron() -> nn.Neuron:
    return nn.Neuron(2, "tanh", rng=0)


def square(x: Any) -> Any:
    return x * x


def cubed(x: float) -> tuple[float, tuple[float]]:
    return x * x * x, (3.0 * x * x,)


def sign_descent(parameter: float, gradient: float, step: int, learning_rate: float) -> tuple[float]:
    return (parameter - learning_rate * math.copysign(1.0, gradient),)


SENSIBLE: dict[str, Callable[[], Any]] = {
    # numbers
    **dict.fromkeys(("a", "b", "x", "exponent", "alpha", "data", "other"), lambda: 0.5),
    **dict.fromkeys(("c", "base", "strength", "factor", "inner", "turns", "tolerance"), lambda: 0.5),
    **dict.fromkeys(("rate", "start", "end", "lr", "learning_rate", "epsilon", "weight_decay"), lambda: 0.1),
    **dict.fromkeys(("beta", "beta1", "beta2", "threshold", "noise"), lambda: 0.2),
    **dict.fromkeys(("n", "updates", "every", "limit"), lambda: 40),
    **dict.fromkeys(("n_in", "n_out", "pieces", "classes", "arms", "batch_size", "epochs"), lambda: 2),
    **dict.fromkeys(("warmup", "patience", "decimals"), lambda: 1),
    "rng": lambda: random.Random(0),
    **dict.fromkeys(("clip_norm",), lambda: 1.0),
    # text, yes and no
    **dict.fromkeys(("label", "symbol", "role", "domain", "convention"), lambda: "name"),
    **dict.fromkeys(("bias", "keep_fused", "progress", "compiled"), lambda: False),
    "formula": lambda: "x**3",
    "local": lambda: ("3*x**2",),
    "activation": lambda: "tanh",
    "output": lambda: "linear",
    "init": lambda: "he_normal",
    # rows and tables
    **dict.fromkeys(("z", "prediction", "gradients"), lambda: [0.25, 0.75]),
    **dict.fromkeys(("predictions", "fractions"), lambda: [0.25, 0.75]),
    "target": lambda: [0.0, 1.0],
    "targets": lambda: [0, 1],
    "labels": lambda: [0, 1],
    "stratify": lambda: [0, 1] * 4,
    "sizes": lambda: [3, 1],
    "centers": lambda: [(0.0, 0.0), (1.0, 1.0)],
    **dict.fromkeys(("X", "train", "others", "tables"), lambda: [[0.5, -1.0], [2.0, 0.0], [1.0, 1.0]] * 2),
    "y": lambda: [0.0, 1.0, -1.0] * 2,
    "validation": lambda: ([[0.5, -1.0], [2.0, 0.0]], [0.0, 1.0]),
    "inputs": lambda: [0.5],
    "columns": lambda: [0.5, 0.25],
    # functions
    **dict.fromkeys(("f", "function"), lambda: square),
    "loss": lambda: nn.squared_error,
    "metrics": lambda: [nn.mean_absolute_error],
    "penalty": lambda: lambda model: nn.l2_penalty(model, 0.1),
    "rule": lambda: sign_descent,
    # objects
    "model": neuron,
    "root": line_of,
    "parameters": lambda: [Value(1.0, "w"), Value(-1.0)],
    "state": lambda: neuron().state_dict(),
    "saved": lambda: {"rule": "sgd", "step_count": 3},
    "axes": lambda: None,
    "path": lambda: "model.json",
    "example": lambda: 0.5,
}
"""What a parameter of this name takes, anywhere."""

HERE: dict[str, Callable[[], dict[str, Any]]] = {
    "autograd.compile": lambda: {"example": [0.5]},
    "autograd.dot": lambda: {"columns": [[0.5, 1.0], [2.0, 3.0], 0.25]},
    **{f"autograd.{name}": lambda: {"columns": [[0.5, 1.0]]} for name in ("total", "logsumexp")},
    **{f"autograd.{name}": lambda: _with_model("root") for name in ("draw", "player")},
    "autograd.gradient_flow": lambda: _with_model("loss"),
    "autograd.draw(…).save": lambda: {"path": "drawing.svg"},
    "autograd.player(…).save": lambda: {"path": "page.html"},
    "autograd.walk": lambda: {"update": ()},
    "nn.binary_cross_entropy": lambda: {"prediction": 0.25, "target": 1.0},
    "nn.hinge": lambda: {"target": [-1, 1]},
    "autograd.lectures.logistic().__getitem__": lambda: {"label": "g8"},
    "nn.linear": lambda: {"z": 0.5},
    "nn.one_hot": lambda: {"labels": [0, 2, 1], "classes": 3},
    "nn.split": lambda: {"stratify": [0, 1] * 3, "fractions": (0.5, 0.5)},
    "nn.yin_yang": lambda: {"labels": [0, 1, 2]},
    **dict.fromkeys(("nn.fit", "nn.fit(compiled=True)"), lambda: _training()),
    **{f"nn.{name}_schedule(…)": lambda: {"x": 3} for name in ("constant", "linear", "step", "cosine")},
    "nn.to_torch": lambda: {"model": nn.Layer(2, 1, rng=0)},
    "nn.from_torch": lambda: {"sequential": _torch_sequential()},
}
"""What is special to one door: arguments that have to fit each other, above all."""


def _with_model(result: str) -> dict[str, Any]:
    model = neuron()
    return {"model": model, result: line_of(model)} | (
        {"update": model.parameters()} if result == "root" else {}
    )


def _training() -> dict[str, Any]:
    model = neuron()
    return {"model": model, "optimizer": nn.Momentum(model.parameters(), lr=0.1)}


# What stands between modules and is not called by users.
BETWEEN_MODULES = {
    *("autograd.Gate.refusal", "autograd.Gate.applied_to", "nn.History.append"),
    *("nn.Neuron.output", "nn.Maxout.output"),
    *(f"nn.{name}.assign" for name in ("Optimizer", "SGD", "Momentum", "RMSProp", "Adam", "AdamW")),
}

# ── the doors ───────────────────────────────────────────────────────────────────────────


@dataclass(repr=False)
class Door:
    """A public function, class, method or gate, and what it says of itself."""

    name: str
    function: Callable[..., Any]  # for a method, of the object itself first
    doc: str
    parameters: dict[str, inspect.Parameter]
    owner: Callable[[], Any] | None = None

    def __repr__(self) -> str:
        return self.name

    def sensible(self) -> dict[str, Any]:
        """Arguments by name that it takes; for a method also `self`."""
        arguments = {"self": self.owner()} if self.owner else {}
        here = HERE.get(self.name, dict)()
        for name, parameter in self.parameters.items():
            if name in here:
                arguments[name] = here[name]
            elif isinstance(self.function, Gate):
                arguments[name] = 0.5
            elif name in OWN and self.owner:
                arguments[name] = OWN[name](arguments["self"])
            elif name in SENSIBLE:
                several = parameter.kind is parameter.VAR_POSITIONAL
                arguments[name] = [SENSIBLE[name]()] if several else SENSIBLE[name]()
            else:
                raise LookupError(
                    f"{Path(__file__).name}: say in SENSIBLE what {name!r} of {self.name} takes"
                )
        return arguments

    def call(self, arguments: dict[str, Any]) -> Any:
        """Call it, and bring what it gives to light: an iterator to its end, an object to its repr."""
        positional = [arguments["self"]] if self.owner else []
        named = {}
        for name, parameter in self.parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY:
                named[name] = arguments[name]
            elif parameter.kind is parameter.VAR_POSITIONAL:
                positional += arguments[name]
            else:
                positional.append(arguments[name])
        result = self.function(*positional, **named)
        if isinstance(result, types.GeneratorType):
            result = list(result)
        repr(result)
        return result


OWN: dict[str, Callable[[Any], Any]] = {
    "state": lambda owner: owner.state_dict(),
    "saved": lambda owner: owner.state_dict(),
    "path": lambda owner: owner.save("model.json") or "model.json",
    "x": lambda owner: [0.5, -1.0],
    "inputs": lambda owner: [0.5],
}
"""What the methods of an object take that depends on the object."""

VIEWS = [autograd.walk, autograd.draw, autograd.player]

OWNERS: dict[str, Callable[[], Any]] = {
    "autograd.Value": lambda: Value(0.5, "x"),
    "autograd.Program": lambda: program(),
    **{f"autograd.{view.__name__}(…)": cache(lambda view=view: view(line_of())) for view in VIEWS},
    "autograd.lectures.logistic()": cache(autograd.lectures.logistic),
    "nn.Module": neuron,
    "nn.Neuron": neuron,
    "nn.Maxout": lambda: nn.Maxout(2, rng=0),
    "nn.Layer": lambda: nn.Layer(2, 3, "softmax", rng=0),
    "nn.MLP": lambda: nn.MLP(2, [3, 1], "maxout", rng=0),
    "nn.Optimizer": lambda: nn.Optimizer([Value(1.0, "w")], sign_descent, lr=0.1),
    "nn.SGD": lambda: nn.SGD([Value(1.0, "w")], lr=0.1),
    "nn.Momentum": lambda: nn.Momentum([Value(1.0, "w")], lr=0.1),
    "nn.RMSProp": lambda: nn.RMSProp([Value(1.0, "w")]),
    "nn.Adam": lambda: nn.Adam([Value(1.0, "w")]),
    "nn.AdamW": lambda: nn.AdamW([Value(1.0, "w")]),
    "nn.History": lambda: nn.History([0.9, 0.4]),
}
"""An object of every public class that has methods, and of those that functions give."""


@cache
def program() -> Any:
    w = Value(0.5, "w")
    return autograd.compile(lambda x: (w * x).tanh(), 0.0)


def _torch_sequential() -> Any:
    import torch

    return torch.nn.Sequential(torch.nn.Linear(2, 1, dtype=torch.float64))


def doors() -> Iterator[Door]:
    for package in (autograd, nn):
        for name in package.__all__:
            thing, title = getattr(package, name), f"{package.__name__}.{name}"
            if isinstance(thing, (Gate, FusedGate)) or inspect.isfunction(thing):
                yield Door(title, thing, thing.__doc__ or "", parameters_of(thing))
            elif inspect.isclass(thing) and not issubclass(thing, BaseException):
                yield from doors_of_class(title, thing)
    for title in (
        "autograd.walk(…)",
        "autograd.draw(…)",
        "autograd.player(…)",
        "autograd.lectures.logistic()",
    ):
        yield from doors_of_class(title, type(OWNERS[title]()))


def doors_of_class(title: str, thing: type) -> Iterator[Door]:
    doc = "\n".join(base.__doc__ or "" for base in thing.__mro__[:-1])
    is_record = "__dataclass_fields__" in vars(thing)
    made_by_users = title.endswith(f".{thing.__name__}") and title != "autograd.Program"
    if "__init__" in vars(thing) and made_by_users and not is_record:
        yield Door(title, thing, doc, parameters_of(thing))
    if title not in OWNERS:
        return
    for name, member in inspect.getmembers_static(thing):
        if not callable(member) or (name[0] == "_" and name not in ("__call__", "__getitem__")):
            continue
        if member is nn.Module.__call__:  # says that it is not defined
            continue
        home = getattr(member, "__module__", None) or ""
        if home.split(".")[0] in ("autograd", "nn") and len(parameters_of(member)) > 1:
            parameters = parameters_of(member)
            parameters.pop("self")
            yield Door(f"{title}.{name}", member, f"{member.__doc__}\n{doc}", parameters, OWNERS[title])


def parameters_of(thing: Any) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(thing).parameters
    return {name: p for name, p in parameters.items() if p.kind is not inspect.Parameter.VAR_KEYWORD}


# What functions give that are called again.
def gate_in_a_picture(
    symbol: Any, formula: Any, local: Any, role: Any, domain: Any, convention: Any, label: Any
) -> str:
    """A gate of one's own, with all that shows it."""
    made = autograd.gate(symbol, formula, local, role, domain, convention)(cubed)
    root = made(Value(0.5, label))
    root.backward()
    return f"{autograd.walk(root)}{autograd.walk(root).markdown()}{autograd.draw(root).svg}"


def compiled_fit(model: Any, loss: Any, X: Any, y: Any, optimizer: Any, batch_size: Any, penalty: Any) -> Any:
    given = {"batch_size": batch_size, "penalty": penalty, "optimizer": optimizer}
    return nn.fit(model, loss, X, y, epochs=2, compiled=True, **given)


GIVEN: list[Door] = [
    Door(
        "autograd.gate(…)", gate_in_a_picture, autograd.gate.__doc__ or "", parameters_of(gate_in_a_picture)
    ),
    Door("nn.fit(compiled=True)", compiled_fit, nn.fit.__doc__ or "", parameters_of(compiled_fit)),
    *(
        Door(name, function, doc, {"x": inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY)})
        for name, function, doc in (
            ("autograd.grad(f)", autograd.grad(square), autograd.grad.__doc__),
            ("autograd.value_and_grad(f)", autograd.value_and_grad(square), autograd.grad.__doc__),
            ("nn.constant_schedule(…)", nn.constant_schedule(0.1), nn.constant_schedule.__doc__),
            ("nn.linear_schedule(…)", nn.linear_schedule(0.1, 0.2, 10), nn.linear_schedule.__doc__),
            ("nn.step_schedule(…)", nn.step_schedule(0.1, 0.5, 10), nn.step_schedule.__doc__),
            ("nn.cosine_schedule(…)", nn.cosine_schedule(0.1, 0.0, 10, 2), nn.cosine_schedule.__doc__),
        )
    ),
]


def distinct() -> Iterator[Door]:
    """Those that take anything, each once: a method by the first of the classes that have it."""
    seen = set()
    for door in [*doors(), *GIVEN]:
        if door.name.endswith("_torch") and find_spec("torch") is None:
            continue
        if door.parameters and door.name not in BETWEEN_MODULES and id(door.function) not in seen:
            seen.add(id(door.function))
            yield door


DOORS = list(distinct())
each_door = pytest.mark.parametrize("door", [pytest.param(door, id=door.name) for door in DOORS])

# ── what may come of it ─────────────────────────────────────────────────────────────────


OURS = (str(PROJECT / "autograd"), str(PROJECT / "nn"), str(PROJECT / "tests"))


class Waiting(BaseException):
    """A call took too long."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: Any) -> None:
        raise Waiting(f"after {seconds} seconds there was still no answer")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@cache
def raising_lines(file: str) -> set[int]:
    """The lines of `raise` statements, from their first to their last."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    raises = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {line for node in raises for line in range(node.lineno, node.end_lineno + 1)}


# What Python says clearly enough by itself: of a path that is none, of a user's own function that
# takes other arguments.
PYTHONS_OWN = re.compile(
    r"os\.PathLike|\w+\(\) (takes|missing|got) .*argument|embedded null byte|surrogates not allowed"
)


def accident(error: Exception, door: Door) -> str:
    """What is wrong with an error: empty where it is one that the project means to raise."""
    trace = traceback.walk_tb(error.__traceback__)
    *_, (frame, line) = (at for at in trace if at[0].f_code.co_filename.startswith(OURS))
    file = frame.f_code.co_filename
    where = f"{Path(file).relative_to(PROJECT)}:{line}: {linecache.getline(file, line).strip()}"
    message = str(error)
    names = [kind.__name__ for kind in type(error).__mro__ if kind not in (Exception, BaseException, object)]
    if not isinstance(error, (TypeError, ValueError)) and not any(name in door.doc for name in names):
        return f"{type(error).__name__} is not documented: {message} ({where})"
    if isinstance(error, OSError) or PYTHONS_OWN.search(message) or frame.f_code is square.__code__:
        return ""
    if line not in raising_lines(file):
        return f"raised by accident: {type(error).__name__}: {message} ({where})"
    if not message.strip() or len(message) > 5000:
        return f"no message, or an endless one: {message[:200]!r} ({where})"
    return ""


def description(thing: Any, seen: tuple[int, ...] = ()) -> Any:
    """What a thing is, deep inside, so that a change can be seen."""
    if id(thing) in seen or len(seen) > 8:
        return "…"
    seen = (*seen, id(thing))
    if isinstance(thing, Value):
        return [
            (n.data.hex() if type(n.data) is float else repr(n.data), repr(n.grad), n.label, id(n.gate))
            for n in topological_order(thing)
        ]
    if isinstance(thing, (list, tuple)):
        return [type(thing), *(description(item, seen) for item in thing)]
    if isinstance(thing, dict):
        return [(repr(key), description(item, seen)) for key, item in thing.items()]
    if isinstance(thing, np.ndarray):
        return [thing.shape, thing.dtype, [description(item, seen) for item in thing.ravel().tolist()]]
    if isinstance(thing, (nn.Module, nn.Optimizer, Giver)):
        return [(name, description(item, seen)) for name, item in vars(thing).items()]
    if isinstance(thing, random.Random):
        return thing.getstate()
    return id(thing) if type(thing).__repr__ is object.__repr__ else repr(thing)[:10_000]


def assert_answered_or_refused(door: Door, arguments: dict[str, Any]) -> None:
    tried("calls with junk")
    before = description(arguments)
    try:
        with at_most(60.0):  # a hang, on the slowest of machines
            door.call(arguments)
    except Exception as error:
        wrong = accident(error, door)
        assert not wrong, wrong
        if not getattr(arguments.get("optimizer"), "step_count", 0):  # training that was under way
            assert description(arguments) == before, "a call that was refused changed what it was given"


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@each_door
def test_a_sensible_call_is_answered(door: Door) -> None:
    door.call(door.sensible())


def _many(epochs: Any) -> bool:
    return isinstance(epochs, (int, np.integer)) and epochs > 100


def spoilt(door: Door, data: st.DataObject) -> dict[str, Any]:
    """Sensible arguments, one or two of them replaced by junk."""
    arguments = door.sensible()
    parameters = list(door.parameters)
    names = st.lists(st.sampled_from(parameters), min_size=1, max_size=2, unique=True)
    for name in data.draw(names):
        if door.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
            several = st.lists(junk | st.sampled_from(arguments[name]), max_size=3)
            arguments[name] = data.draw(several, label=name)
        else:
            wanted = junk.filter(lambda x: not _many(x)) if name == "epochs" else junk
            arguments[name] = data.draw(wanted, label=name)
    return arguments


@each_door
@settings(max_examples=settings.default.max_examples // 4)  # of each of more than a hundred doors
@given(data=st.data())
def test_junk_is_answered_or_refused(door: Door, data: st.DataObject) -> None:
    assert_answered_or_refused(door, spoilt(door, data))


# ── labels ──────────────────────────────────────────────────────────────────────────────

labels = (
    st.sampled_from([text for text in HOSTILE_TEXT if len(text) < 200])
    | st.text(max_size=12)
    | st.text(
        alphabet="<>&\"'\\{}|`$#_^%~[]()-+/*=;:.,\n\t\r\0\x1b\u202e\u2028\ud800 aw1₂²\u0302", max_size=12
    )
)

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def labelled(first: str, second: str, third: str) -> Value:
    x, w = Value(2.0, first), Value(-0.5, second)
    root = autograd.dot([x, w], [w, x], 1.0).tanh() * x
    root.label = third
    root.backward()
    return root


class Page(HTMLParser):
    """The tags of a page that are open at its end, and what stands in it."""

    VOID = frozenset(("meta", "link", "input", "br", "hr", "img"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", text))


@cache
def usual() -> tuple[Value, int, int, list[str | None], tuple[list[str], int]]:
    """The same with labels that nobody can mind: lines of text and of Markdown, shapes, tags and frames."""
    root = labelled("x", "w", "y")
    walk = autograd.walk(root)
    lines, markdown = len(str(walk).splitlines()), len(walk.markdown().splitlines())
    tags, data = tags_and_data(autograd.player(root, update=()).html)
    return root, lines, markdown, shapes(root), (tags, len(data["views"][0]["frames"]))


def shapes(root: Value) -> list[str | None]:
    svg = ElementTree.fromstring(autograd.draw(root).svg)
    return [element.get("id") for element in svg.iter() if element.get("id")]


def tags_and_data(html: str) -> tuple[list[str], Any]:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    [data] = [text for tag, text in page.texts if tag == "script" and text.lstrip().startswith("{")]
    return [tag for tag, _ in page.texts], json.loads(data)


def strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, (list, dict)):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


@given(labels, labels, labels)
def test_any_labels_are_walked_drawn_and_played_well_formed(first: str, second: str, third: str) -> None:
    tried("graphs with hostile labels")
    root = labelled(first, second, third)
    _, lines, markdown_lines, usual_shapes, usual_page = usual()
    walk = autograd.walk(root)
    for written, expected in ((str(walk), lines), (walk.markdown(), markdown_lines)):
        assert not STEERING.search(written)
        assert len(written.splitlines()) == expected
        written.encode()
    assert not STEERING.search(autograd.draw(root).svg)
    assert shapes(root) == usual_shapes
    tags, data = tags_and_data(autograd.player(root, update=()).html)
    assert (tags, len(data["views"][0]["frames"])) == usual_page
    for view in data["views"]:
        ElementTree.fromstring(view["svg"])
    for text in strings(data):
        if text.startswith("<math"):
            ElementTree.fromstring(text)


# ── operators ───────────────────────────────────────────────────────────────────────────

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
BINARY += [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


@given(st.sampled_from(BINARY), junk, st.booleans())
def test_operators_take_a_value_and_a_number_and_leave_the_rest_to_python(
    compute: Callable[[Any, Any], Any], other: Any, reflected: bool
) -> None:
    tried("operators with junk")
    x, refusal = Value(0.5, "x"), "Value"
    before = description([x, other])
    try:
        compute(other, x) if reflected else compute(x, other)
    except (TypeError, ValueError) as error:
        refusal = str(error)
    assert re.search(r"Value|real number|float|defined|finite|truth", refusal)
    assert description([x, other]) == before


# ── the command line ────────────────────────────────────────────────────────────────────

WORDS = (
    *("list", "walk", "draw", "logistic", "forward", "two-layer", "user.py:y", "user.py:no", "user.py", ":"),
    *("--svg", "--html", "-o", "--decimals", "--limit", "--keep-fused", "a.svg", "a.gv", "no/a.png", "."),
    *("0", "-1", "3", "400", "99999999999999999999", "nan", "", "--", "--no"),
)
words = st.sampled_from(WORDS) | st.sampled_from(WORDS) | texts.filter(lambda text: len(text) < 200)


@given(arguments=st.lists(words, max_size=6))
def test_any_command_line_ends_in_an_answer_or_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    tried("command lines")
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    (folder / "user.py").write_text("from autograd import Value\nx = Value(2.0)\ny = x * x\ny.backward()\n")
    out, err = io.StringIO(), io.StringIO()
    failures: list[Exception] = []

    def one_line(error: Exception) -> str:
        failures.append(error)
        return _one_line(error)

    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.MonkeyPatch.context() as patched,
        at_most(20.0),
    ):
        patched.setattr("autograd.command_line.commands._one_line", one_line)
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
    if status:
        assert status == 2
        assert len(err.getvalue().splitlines()) == 1, err.getvalue()
        assert len(err.getvalue()) < 1000
        assert not any(type(error) in (AttributeError, KeyError, AssertionError) for error in failures)
    else:
        assert err.getvalue() == ""
        assert out.getvalue()
