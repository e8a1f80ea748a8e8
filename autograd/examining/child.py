"""The process in which a student's engine runs: it answers requests, one line of JSON each.

It imports the standard library alone, so that nothing of this package stands in the way of a
file that is itself called `autograd.py`, and it limits itself before it runs a line of the
student's code. Started as a script, it talks over what were standard input and output; what the
student prints goes nowhere.
"""

from __future__ import annotations

import gc
import json
import operator
import os
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

MEMORY = 1024**3
"""Bytes that it may take beyond what the process has when it begins."""

FILE_SIZE = 16 * 1024**2

DATA = ("data", "value", "val", "v", "x", "item", "number", "_data", "_value", "_val")
GRAD = ("grad", "gradient", "g", "adjoint", "derivative", "der", "adj", "grad_value", "_grad")
BACKWARD = ("backward", "backprop", "backpropagate", "back", "propagate", "compute_gradients", "run_backward")

OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
    "negate": operator.neg,
    "absolute": abs,
}


class NotAnEngineError(Exception):
    """What is missing, in words that its author understands."""


class Engine:
    """A student's class, and the names it uses: those the caller gave, or the first that fit."""

    def __init__(self, value: type, module: Any, names: dict[str, str]) -> None:
        self.value, self.module = value, module
        node = value(2.0)
        own = [*getattr(node, "__dict__", ()), *getattr(value, "__slots__", ())]
        self.data = names.get("data") or _holding((2.0,), node, [*DATA, *own], "its number, 2.0")
        self.grad = names.get("grad") or _holding((0.0, None), node, GRAD, "its gradient")
        self.backward = names.get("backward") or self._backward_name(node)

    def _backward_name(self, node: Any) -> str:
        for name in BACKWARD:
            if callable(getattr(node, name, None)) or callable(getattr(self.module, name, None)):
                return name
        raise NotAnEngineError(
            f"{type(node).__name__} has no method for the backward pass: looked for {', '.join(BACKWARD)}"
        )

    def function(self, name: str) -> Callable[..., Any] | None:
        """How the student writes +, exp, tanh, …: as an operator, a method, or a function of the module."""
        if name in OPERATORS:
            return OPERATORS[name] if hasattr(self.value, f"__{OPERATORS[name].__name__}__") else None
        if callable(getattr(self.value, name, None)):
            return lambda x, *rest: getattr(x, name)(*rest)
        function = getattr(self.module, name, None)
        return function if callable(function) and not isinstance(function, types.ModuleType) else None

    def back(self, root: Any) -> None:
        """Run the student's backward pass from `root`."""
        method = getattr(root, self.backward, None)
        if callable(method):
            method()
        else:
            getattr(self.module, self.backward)(root)

    def numbers(self, nodes: Iterable[Any], name: str) -> list[float | None]:
        """What nodes hold under a name, as floats; None for one that holds nothing."""
        held = [getattr(node, name, None) for node in nodes]
        held = [x() if callable(x) else x for x in held]
        return [None if x is None else float(x) for x in held]


def _holding(numbers: tuple[float | None, ...], node: Any, names: Iterable[str], what: str) -> str:
    """The first attribute that holds one of these numbers."""
    for name in names:
        with suppress(Exception):
            held = getattr(node, name)
            if not callable(held) and (None if held is None else float(held)) in numbers:
                return name
    looked_for = ", ".join(dict.fromkeys(names))
    raise NotAnEngineError(
        f"{type(node).__name__} does not show {what}: looked for the attributes {looked_for}"
    )


# ── requests ────────────────────────────────────────────────────────────────────────────


def surface(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """What the engine calls things, and which of the operations it has."""
    names = {"data": engine.data, "grad": engine.grad, "backward": engine.backward}
    operations = [name for name in request["operations"] if engine.function(name)]
    return {"class": engine.value.__name__, "operations": operations, **names}


def run(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """Build an expression with the student's class, go backward from its end, and read every number.

    inputs   the leaves' numbers
    steps    [operation, operands]: an operand is [place of an earlier number] or a plain number
    passes   how many backward passes to run; `zeroed` sets the leaves' gradients to 0 in between
    """
    nodes = [engine.value(number) for number in request["inputs"]]
    for name, operands in request["steps"]:
        arguments = [nodes[x[0]] if isinstance(x, list) else x for x in operands]
        if name == "power" and isinstance(arguments[-1], float) and arguments[-1].is_integer():
            arguments[-1] = int(arguments[-1])
        function = engine.function(name)
        if function is None:
            raise NotAnEngineError(f"there is no {name}")
        nodes.append(function(*arguments))
    for node in nodes:
        if getattr(node, engine.data, None) is None:
            raise NotAnEngineError(f"an operation gave {type(node).__name__}, which has no .{engine.data}")
    data = engine.numbers(nodes, engine.data)
    for i in range(request["passes"]):
        if i and request["zeroed"]:
            for node in nodes[: len(request["inputs"])]:
                setattr(node, engine.grad, 0.0)
        engine.back(nodes[-1])
    return {"data": data, "grad": engine.numbers(nodes, engine.grad) if request["passes"] else []}


def freed(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """How many nodes are left when graphs have been built, run backward and let go."""

    def count() -> int:
        gc.collect()
        return sum(isinstance(thing, engine.value) for thing in gc.get_objects())

    def one_graph() -> None:
        x = engine.value(1.0)
        y = x * x + x
        engine.back(y)

    one_graph()
    before = count()
    for _ in range(request["graphs"]):
        one_graph()
    return {"left": count() - before}


# ── networks, losses and steps that stand in the same file ──────────────────────────────


def part(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """Make a neuron, layer or network of the student's, call it, and go backward from the sum of its outputs.

    names      what the class may be called; arguments are handed to it
    x          the sample
    parameters, weights and gradients are in the order in which the student's `parameters()` gives them
    """
    random.seed(0)  # the same weights in every examination, if they are drawn from `random`
    model = _found(engine, request["names"])(*request["arguments"])
    parameters = list(model.parameters())
    given = model([engine.value(x) for x in request["x"]])
    outputs = list(given) if isinstance(given, (list, tuple)) else [given]
    root = outputs[0]
    for output in outputs[1:]:
        root = root + output
    engine.back(root)
    return {
        "outputs": engine.numbers(outputs, engine.data),
        "parameters": engine.numbers(parameters, engine.data),
        "gradients": engine.numbers(parameters, engine.grad),
        "different": len({id(x) for x in parameters}),
    }


def loss(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """A loss function of the student's, of one prediction or of a list, with its gradients."""
    function = _found(engine, request["names"])
    values = [engine.value(x) for x in request["predictions"]]
    result = function(values if request["many"] else values[0], request["target"])
    engine.back(result)
    (number,) = engine.numbers([result], engine.data)
    return {"loss": number, "grad": engine.numbers(values, engine.grad)}


def step(engine: Engine, request: dict[str, Any]) -> dict[str, Any]:
    """The parameters after each step of the student's optimizer, for the gradients of each step."""
    parameters = [engine.value(x) for x in request["numbers"]]
    optimizer = _found(engine, request["names"])(parameters, request["lr"])
    found = []
    for gradients in request["gradients"]:
        for x, gradient in zip(parameters, gradients, strict=True):
            setattr(x, engine.grad, gradient)
        optimizer.step()
        found.append(engine.numbers(parameters, engine.data))
    return {"numbers": found}


def _found(engine: Engine, names: list[str]) -> Callable[..., Any]:
    for name in names:
        if callable(thing := getattr(engine.module, name, None)):
            return thing  # type: ignore[no-any-return]
    raise NotAnEngineError(f"there is no {' or '.join(names)}")


REQUESTS = {"surface": surface, "run": run, "freed": freed, "part": part, "loss": loss, "step": step}


def serve(find: Callable[[], Engine], reader: Iterable[str], writer: Any) -> None:
    """Answer one request after the other; what the student's code raises is an answer too."""
    engine: Engine | None = None
    for line in reader:
        request = json.loads(line)
        try:
            engine = engine or find()
            answer = REQUESTS[request["kind"]](engine, request)
        except MemoryError:
            answer = {"error": "memory", "message": "it needs more memory than it may take"}
        except NotAnEngineError as error:
            answer = {"error": "missing", "message": str(error)}
        except BaseException as error:  # whatever a student's code raises, SystemExit too
            answer = {"error": "raised", "message": _described(error)}
        writer.write(json.dumps(answer) + "\n")
        writer.flush()


def _described(error: BaseException) -> str:
    """The error in one line, with the line of the student's file in which it was raised."""
    if isinstance(error, RecursionError):
        return "RecursionError: maximum recursion depth exceeded"
    text = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename != __file__]
    return f"{text} (line {lines[-1]})" if lines else text


# ── the process ─────────────────────────────────────────────────────────────────────────


def limit() -> None:
    """Bound memory and the size of files, where the system lets a process do so."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        memory = MEMORY
        with suppress(OSError):
            memory += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load(path: str) -> Any:
    """The student's file as a module."""
    sys.path.insert(0, str(Path(path).parent))
    module = types.ModuleType("engine_under_examination")
    module.__file__ = path
    sys.modules[module.__name__] = module
    # Not imported, as cached bytecode may be that of the file as it was a moment ago.
    exec(compile(Path(path).read_bytes(), path, "exec"), vars(module))
    return module


def engine_class(module: Any, name: str) -> type:
    """The class that was named; without a name, `Value`, or the one class that can add and multiply."""
    named = getattr(module, name or "Value", None)
    if isinstance(named, type):
        return named
    if name:
        raise NotAnEngineError(f"there is no class {name} in it")
    own = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and {"__add__", "__mul__"} <= vars(thing).keys()
    ]
    if len(own) == 1:
        return own[0]
    found = ", ".join(thing.__name__ for thing in own) or "none"
    raise NotAnEngineError(f"say which class it is: those with __add__ and __mul__ are {found}")


def silence() -> None:
    """Nothing is read from the terminal any more, and nothing printed."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def main() -> None:
    """`python -I child.py PATH CLASS NAMES`: the file, its class, what that calls data, grad, backward."""
    path, name, names = sys.argv[1:]
    with os.fdopen(os.dup(0)) as reader, os.fdopen(os.dup(1), "w") as writer:
        silence()
        limit()

        def find() -> Engine:
            module = load(path)
            return Engine(engine_class(module, name), module, json.loads(names))

        serve(find, reader, writer)


if __name__ == "__main__":
    main()
