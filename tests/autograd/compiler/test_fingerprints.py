"""A fingerprint changes with everything that changes what a function does, and with nothing else."""

from __future__ import annotations

import math
import types
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd.compiler.fingerprints import UnknownError, fingerprint, references

numba = pytest.importorskip("numba")


def f_of(source: str, **names: Any) -> Callable[..., Any]:
    """The function f that a piece of source defines, as a notebook's cell would."""
    namespace: dict[str, Any] = dict(names)
    exec(source, namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def test_a_function_has_one_fingerprint_whatever_it_is_called_and_wherever_it_stands() -> None:
    here = "import math\ndef f(x, a=2.0):\n    return math.exp(a * x), (x if x > 0.0 else -x,)"
    there = here.replace("def f", "\n\n\ndef g") + "\nf = g"
    assert fingerprint(f_of(here)) == fingerprint(f_of(here)) == fingerprint(f_of(there))


CHANGES: dict[str, tuple[str, str, str]] = {
    "code": ("def f(x): return x @ x", "+", "*"),
    "a constant": ("def f(x): return @ * x", "2.0", "3.0"),
    "constants that read alike in a row": ("def f(x): return @", "2.0*x + 31.0", "2.03*x + 1.0"),
    "the type of a constant": ("def f(x): return @ * x", "2", "2.0"),
    "the sign of zero": ("def f(x): return x + @", "0.0", "-0.0"),
    "a keyword's default": ("def f(x, *, a=@): return a * x", "1.0", "2.0"),
    "the order of arguments": ("def f(@): return x - y", "x, y", "y, x"),
    "a global": ("a = @\ndef f(x): return a * x", "1.0", "2.0"),
    "which global": ("a = b = 1.0\ndef f(x): return @ * x", "a", "b"),
    "a function called by an inner one": (
        "def g(x): return @\ndef f(x): return [g(y) for y in (x, x)][0]", "x", "-x"
    ),
    "what a module of one's own has": (
        "from types import ModuleType\ns = ModuleType('s')\ns.a = @\ndef f(x): return s.a * x",
        "1.0", "2.0",
    ),
    "a function around it": (
        "def around(a):\n def g(x): return a * x\n def f(x): return g(x)\n return f\nf = around(@)",
        "1.0", "2.0",
    ),
    "an array": ("import numpy as np\na = np.array([1.0, @])\ndef f(x): return a[0] * x", "2.0", "3.0"),
    "the type of an array": ("import numpy as np\na = np.zeros(2, @)\ndef f(x): return a[0]", "int", "float"),
    "which function of a module": ("import math\ndef f(x): return math.@(x)", "exp", "log"),
    "which function a name stands for": ("from math import @ as g\ndef f(x): return g(x)", "exp", "log"),
    "a gate": ("from autograd import @ as g\ndef f(x): return g(x)", "sin", "cos"),
    "what is caught": (
        "def f(x):\n try: return 1.0 / x\n except @: return x", "ValueError", "ZeroDivisionError"
    ),
    "a set": ("def f(x): return x if x in {1.0, @} else -x", "2.0", "3.0"),
}  # fmt: skip
"""Source of a function with a gap, and two fillings of it."""


@pytest.mark.parametrize(("source", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_of(source: str, before: str, after: str) -> None:
    assert fingerprint(f_of(source.replace("@", before))) != fingerprint(f_of(source.replace("@", after)))


def test_a_function_may_call_itself_and_another_that_calls_it() -> None:
    source = "def g(x): return f(x)\ndef f(x): return x if x < {} else g(f(x - 1.0))"
    one, other = f_of(source.format(1.0)), f_of(source.format(2.0))
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(f_of(source.format(1.0)))


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
    with pytest.raises(UnknownError, match=rf"^g: thing: {type(thing).__name__}: "):
        fingerprint(f_of("def g(x): return thing(x)\ndef f(x): return g(x)", thing=thing))


def test_tuples_are_told_from_their_items() -> None:
    tuples = [(1.0, 2.0), (1.0, (2.0,)), ((1.0,), 2.0), (1.0,), (), ("1.0", 2.0), (True, 2.0), (None, 2.0)]
    assert len({fingerprint(x) for x in tuples}) == len(tuples)
    assert fingerprint(frozenset("zyx")) == fingerprint(["x", "y", "z"])  # in any process


def test_names_of_nothing_and_not_yet_assigned_variables_are_left_out() -> None:
    def around() -> Any:
        def f(x: float) -> float:
            return later * x * nowhere  # type: ignore[no-any-return, name-defined] # noqa: F821

        first = dict(references(f))
        later = 2.0
        return first, dict(references(f))

    assert around() == ({}, {"later": 2.0})
