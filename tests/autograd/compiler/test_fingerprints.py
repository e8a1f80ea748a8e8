"""A fingerprint changes with everything that changes what a function does, and with nothing else."""

from __future__ import annotations

import math
import subprocess
import sys
import types
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Gate, gates, tanh
from autograd.compiler.fingerprints import UnknownError, fingerprint, references

numba = pytest.importorskip("numba")


def made(source: str, **names: Any) -> Callable[..., Any]:
    """The function f that a piece of source defines, as a notebook's cell would."""
    namespace: dict[str, Any] = dict(names)
    exec(source, namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def test_the_same_function_defined_twice_has_one_fingerprint() -> None:
    source = "import math\ndef f(x, a=2.0):\n    return math.exp(a * x), (x if x > 0.0 else -x,)"
    assert fingerprint(made(source)) == fingerprint(made(source))


def test_what_it_is_called_and_where_it_stands_do_not_count() -> None:
    here, there = "def f(x):\n    return 2.0 * x", "\n\n\ndef g(x):\n    return 2.0 * x\nf = g"
    assert fingerprint(made(here)) == fingerprint(made(there))


CHANGES: dict[str, tuple[str, str]] = {
    "code": ("def f(x): return x + x", "def f(x): return x * x"),
    "a constant": ("def f(x): return 2.0 * x", "def f(x): return 3.0 * x"),
    "constants that read alike in a row": ("def f(x): return 2.0*x + 31.0", "def f(x): return 2.03*x + 1.0"),
    "the type of a constant": ("def f(x): return 2 * x", "def f(x): return 2.0 * x"),
    "the sign of zero": ("def f(x): return x + 0.0", "def f(x): return x + -0.0"),
    "a default": ("def f(x, a=1.0): return a * x", "def f(x, a=2.0): return a * x"),
    "a keyword's default": ("def f(x, *, a=1.0): return a * x", "def f(x, *, a=2.0): return a * x"),
    "the order of arguments": ("def f(x, y): return x - y", "def f(y, x): return x - y"),
    "a global": ("a = 1.0\ndef f(x): return a * x", "a = 2.0\ndef f(x): return a * x"),
    "which global": ("a = b = 1.0\ndef f(x): return a * x", "a = b = 1.0\ndef f(x): return b * x"),
    "a called function": (
        "def g(x): return x\ndef f(x): return g(x)",
        "def g(x): return -x\ndef f(x): return g(x)",
    ),
    "a function called by that": (
        "def h(x): return x\ndef g(x): return h(x)\ndef f(x): return g(x)",
        "def h(x): return -x\ndef g(x): return h(x)\ndef f(x): return g(x)",
    ),
    "a function called by an inner one": (
        "def g(x): return x\ndef f(x): return [g(y) for y in (x, x)][0]",
        "def g(x): return -x\ndef f(x): return [g(y) for y in (x, x)][0]",
    ),
    "a variable around it": (
        "def around(a):\n def f(x): return a * x\n return f\nf = around(1.0)",
        "def around(a):\n def f(x): return a * x\n return f\nf = around(2.0)",
    ),
    "a function around it": (
        "def around(a):\n def g(x): return a * x\n def f(x): return g(x)\n return f\nf = around(1.0)",
        "def around(a):\n def g(x): return a * x\n def f(x): return g(x)\n return f\nf = around(2.0)",
    ),
    "an array": (
        "import numpy as np\na = np.array([1.0, 2.0])\ndef f(x): return a[0] * x",
        "import numpy as np\na = np.array([1.0, 3.0])\ndef f(x): return a[0] * x",
    ),
    "the type of an array": (
        "import numpy as np\na = np.zeros(2, dtype=np.int64)\ndef f(x): return a[0] * x",
        "import numpy as np\na = np.zeros(2)\ndef f(x): return a[0] * x",
    ),
    "which function of a module": (
        "import math\ndef f(x): return math.exp(x)",
        "import math\ndef f(x): return math.log(x)",
    ),
    "which function a name stands for": (
        "from math import exp as g\ndef f(x): return g(x)",
        "from math import log as g\ndef f(x): return g(x)",
    ),
    "a gate": (
        "from autograd import sin as g\ndef f(x): return g(x)",
        "from autograd import cos as g\ndef f(x): return g(x)",
    ),
    "what is caught": (
        "def f(x):\n try: return 1.0 / x\n except ValueError: return x",
        "def f(x):\n try: return 1.0 / x\n except ZeroDivisionError: return x",
    ),
    "a set": (
        "def f(x): return x if x in {1.0, 2.0} else -x",
        "def f(x): return x if x in {1.0, 3.0} else -x",
    ),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_of(before: str, after: str) -> None:
    assert fingerprint(made(before)) != fingerprint(made(after))


def test_what_a_module_of_ones_own_has_counts() -> None:
    module = types.ModuleType("settings")
    module.factor = 1.0  # type: ignore[attr-defined]
    function = made("def f(x): return settings.factor * x", settings=module)
    before = fingerprint(function)
    module.factor = 2.0  # type: ignore[attr-defined]
    assert fingerprint(function) != before
    module.factor = 1.0  # type: ignore[attr-defined]
    assert fingerprint(function) == before


def test_a_function_may_call_itself_and_another_that_calls_it() -> None:
    source = "def g(x): return f(x)\ndef f(x): return x if x < {} else g(f(x - 1.0))"
    one, other = made(source.format(1.0)), made(source.format(2.0))
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(made(source.format(1.0)))


def numba_compiled(x: float) -> float:
    return x


@pytest.mark.parametrize(
    "thing",
    [
        object(),
        {"a": 1.0},
        types.SimpleNamespace(a=1.0),
        np.random.default_rng(0),
        {"a": 1.0}.get,  # a method of this dict
        numba.njit(numba_compiled),  # numba froze what it refers to
        math,  # which of its functions
        namedtuple("pair", "a b")(2.0, 3.0),  # what its attributes are
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_anything_else_has_no_fingerprint_and_is_named(thing: Any) -> None:
    with pytest.raises(UnknownError, match=rf"^thing: {type(thing).__name__}: "):
        fingerprint(made("def f(x):\n    used = thing\n    return used(x)", thing=thing))


def test_what_a_called_function_refers_to_is_named_with_it() -> None:
    helper = made("def f(x): return thing * x", thing={})
    with pytest.raises(UnknownError, match=r"^helper: thing: dict: \{\}$"):
        fingerprint(made("def f(x): return helper(x)", helper=helper))


def test_tuples_are_told_from_their_items() -> None:
    tuples = [(1.0, 2.0), (1.0, (2.0,)), ((1.0,), 2.0), (1.0,), (), ("1.0", 2.0), (True, 2.0), (None, 2.0)]
    assert len({fingerprint(x) for x in tuples}) == len(tuples)


def test_every_gate_of_the_table_has_its_own() -> None:
    functions = {thing.function for thing in vars(gates).values() if isinstance(thing, Gate)}
    assert len({fingerprint(function) for function in functions}) == len(functions)


def test_names_of_nothing_and_not_yet_assigned_variables_are_left_out() -> None:
    def around() -> Any:
        def f(x: float) -> float:
            return later * x * nowhere  # type: ignore[no-any-return, name-defined] # noqa: F821

        first = dict(references(f))
        later = 2.0
        return first, dict(references(f))

    assert around() == ({}, {"later": 2.0})


def test_other_processes_arrive_at_the_same() -> None:
    code = """
from autograd import tanh
from autograd.compiler.fingerprints import fingerprint
print(fingerprint(tanh, (1, frozenset(["x", "y", "z"])), "a"))
"""
    found = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert found == {f"{fingerprint(tanh, (1, frozenset(['x', 'y', 'z'])), 'a')}\n"}
