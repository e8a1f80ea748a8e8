"""What functions are given: taken as what is meant, or refused in one sentence that names it."""

from __future__ import annotations

import math
import re
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograd import (
    Value,
    draw,
    first_not_finite,
    forward_gradients,
    gradients,
    player,
    walk,
    walk_forward,
)
from autograd.arguments import (
    as_list,
    boolean,
    file_path,
    function,
    is_finite,
    nonnegative,
    positive,
    real_number,
    whole_number,
)
from autograd.reals import as_float, is_number, kind, shortened


class Seven:
    def __index__(self) -> int:
        return 7


SAMPLES = partial(as_list, of="samples")
ARRAY = SimpleNamespace(dtype=SimpleNamespace(kind="b"), ndim=1)

TAKEN: list[tuple[Any, Any, Any]] = [
    *((whole_number, given, given) for given in (0, 3, sys.maxsize)),
    (whole_number, Seven(), 7),
    (partial(whole_number, at_least=2, at_most=2), 2, 2),
    *((real_number, given, float(given)) for given in (-1.5, 0, True, 5e-324, -sys.float_info.max)),
    *((nonnegative, given, given) for given in (0.0, 5e-324, 1e308)),
    *((positive, given, given) for given in (5e-324, 1.0, 1e308)),
    *((boolean, given, given) for given in (True, False)),
    (boolean, SimpleNamespace(dtype=SimpleNamespace(kind="b"), ndim=0), True),  # as NumPy has it
    (function, math.sin, math.sin),
    *((SAMPLES, given, [1, 2]) for given in ([1, 2], (1, 2), range(1, 3))),
    *((file_path, given, Path("a/b.json")) for given in ("a/b.json", Path("a/b.json"))),
]


@pytest.mark.parametrize(("take", "given", "meant"), TAKEN)
def test_an_argument_is_taken_as_what_is_meant(take: Any, given: Any, meant: Any) -> None:
    taken = take("x", given)
    assert (type(taken), taken) == (type(meant), meant)


OTHER_TYPES: list[tuple[Any, str, list[Any]]] = [
    (whole_number, "a whole number of at least 0", [2.0, True, "3", None, [3]]),
    (real_number, "a finite number", ["1.0", None, 1j, [1.0], Value(1.0)]),
    (nonnegative, "a finite number of at least 0", ["1"]),
    (positive, "a finite number above 0", ["1"]),
    (boolean, "True or False", [1, 0, None, "yes", [], ARRAY]),
    (function, "a function", [3]),
    (partial(function, example="nn.hinge"), "a function, such as nn.hinge", [3]),
    (SAMPLES, "a list of samples", ["12", b"12", {1, 2}, frozenset({1, 2}), {1: 2}, 3, None]),
    (file_path, "the path of a file", [b"b.json", 3, None]),
]


@pytest.mark.parametrize(("take", "wanted", "things"), OTHER_TYPES)
def test_anything_of_another_type_is_refused_by_name(take: Any, wanted: str, things: list[Any]) -> None:
    for thing in things:
        with pytest.raises(TypeError, match=f"^{re.escape(f'x is {wanted}, got {kind(thing)}')}$"):
            take("x", thing)


@pytest.mark.parametrize(
    ("take", "given", "message"),
    [
        (whole_number, -1, "x is a whole number of at least 0, got -1"),
        (partial(whole_number, at_least=2), 1, "x is a whole number of at least 2, got 1"),
        (partial(whole_number, at_most=3999), 4000, "x is at most 3,999, got 4000"),
        (whole_number, -(10**400), f"x is a whole number of at least 0, got -1{'0' * 57}…"),
        *(
            (real_number, given, f"x is a finite number, got {given}")
            for given in (math.inf, -math.inf, math.nan)
        ),
        (real_number, 10**400, f"x is a finite number: int too large for a float: 1{'0' * 58}…"),
        *(
            (nonnegative, given, f"x is a finite number of at least 0, got {given}")
            for given in (-5e-324, -1.0, math.inf, math.nan)
        ),
        *(
            (positive, given, f"x is a finite number above 0, got {given}")
            for given in (0.0, -1.0, math.inf, math.nan)
        ),
        *((file_path, given, f"x is the path of a file, got {given!r}") for given in ("", "/", ".")),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(take: Any, given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        take("x", given)


# ── numbers of other kinds ──────────────────────────────────────────────────────────────


class Half:
    def __float__(self) -> float:
        return 0.5


class Date(Half):
    def __float__(self) -> float:
        raise TypeError("a date is no float")


class Row(Half):
    def __len__(self) -> int:
        return 1


def test_a_number_is_what_python_can_make_a_float_of() -> None:
    assert [is_number(x) for x in (1, 1.5, True, Half(), Seven(), math.nan)] == [True] * 6
    assert [is_number(x) for x in (1j, "1", None, Row(), Value(1.0), object())] == [False] * 6
    numbers = [as_float(x) for x in (1, 1.5, True, Half(), Seven())]
    assert numbers == [1.0, 1.5, 1.0, 0.5, 7.0]
    assert set(map(type, numbers)) == {float}


def test_a_finite_number_is_one_that_fits_a_float() -> None:
    assert [is_finite(x) for x in (1, -1.5, Half(), sys.float_info.max)] == [True] * 4
    assert [is_finite(x) for x in (math.inf, -math.inf, math.nan, 10**400, "1", None, [1.0])] == [False] * 7


def test_what_only_looks_like_a_number_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^expected one real number, got Date: <"):
        as_float(Date())
    with pytest.raises(ValueError, match=f"^int too large for a float: {'1' + '0' * 58}…$"):
        as_float(10**400)


# ── what is shown of them ───────────────────────────────────────────────────────────────


def test_a_repr_is_shortened_to_sixty_characters() -> None:
    assert shortened("x" * 58) == f"'{'x' * 58}'"
    assert shortened("x" * 59) == f"'{'x' * 58}…"
    assert shortened([1, 2, 3], limit=5) == "[1, …"
    assert kind([1]) == "list: [1]"


def test_a_repr_that_fails_is_shown_as_such() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    assert kind(Broken()) == "Broken: …"


# ── graphs ──────────────────────────────────────────────────────────────────────────────

VIEWS = {
    "walk": walk,
    "walk_forward": lambda given: walk_forward(given, Value(1.0)),
    "draw": draw,
    "player": player,
    "gradients": lambda given: gradients(given, []),
    "forward_gradients": lambda given: forward_gradients(given, {}),
    "first_not_finite": first_not_finite,
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("given", [3, [Value(1.0)]])
def test_what_looks_at_a_graph_refuses_anything_but_a_value(name: str, given: Any) -> None:
    message = f"{name} needs the Value that a computation ends in, got {kind(given)}"
    with pytest.raises(TypeError, match=re.escape(message)):
        VIEWS[name](given)


def test_a_number_among_values_is_named() -> None:
    x = Value(3.0, "x")
    y = x * x
    for refused in (lambda: gradients(y, [x, 3]), lambda: gradients(y, x), lambda: walk(y, parameters=[3])):
        with pytest.raises(TypeError, match=r"(inputs|parameters) (are|is a list of) Values, got "):
            refused()
    for given in (3, [x]):
        for refused in (lambda given=given: walk_forward(y, given), lambda given=given: draw(y, by=given)):
            with pytest.raises(
                ValueError, match=re.escape(f"is a Value of the graph, which {given!r} is not")
            ):
                refused()
