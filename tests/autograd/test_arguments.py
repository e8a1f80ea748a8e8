"""What functions are given: taken as what is meant, or refused in one sentence that names it."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograd import Value
from autograd.arguments import (
    as_list,
    boolean,
    file_path,
    function,
    nonnegative,
    positive,
    real_number,
    whole_number,
)
from autograd.reals import as_float, is_finite, is_number, kind, shortened


def refused(take: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        take()


# ── whole numbers ───────────────────────────────────────────────────────────────────────


class Seven:
    def __index__(self) -> int:
        return 7


@pytest.mark.parametrize(("given", "meant"), [(0, 0), (3, 3), (Seven(), 7), (sys.maxsize, sys.maxsize)])
def test_a_whole_number_is_what_counts_as_an_index(given: Any, meant: int) -> None:
    number = whole_number("n", given)
    assert (type(number), number) == (int, meant)


@pytest.mark.parametrize("given", [2.0, True, "3", None, [3]])
def test_anything_else_is_no_whole_number(given: Any) -> None:
    message = f"n is a whole number of at least 0, got {type(given).__name__}: {given!r}"
    refused(lambda: whole_number("n", given), TypeError, message)


def test_a_whole_number_has_a_least_and_a_largest() -> None:
    assert whole_number("n", 2, at_least=2, at_most=3) == 2
    assert whole_number("n", 3, at_least=2, at_most=3) == 3
    refused(lambda: whole_number("n", -1), ValueError, "n is a whole number of at least 0, got -1")
    refused(lambda: whole_number("n", 1, at_least=2), ValueError, "n is a whole number of at least 2, got 1")
    refused(lambda: whole_number("n", -(10**5000)), ValueError, "n is a whole number of at least 0, got …")
    refused(lambda: whole_number("n_in", 4000, 1, 3999), ValueError, "n_in is at most 3,999, got 4000")


# ── real numbers ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("given", [-1.5, 0, True, 5e-324, -sys.float_info.max])
def test_a_real_number_is_finite_where_nothing_else_is_said(given: float) -> None:
    number = real_number("x", given)
    assert (type(number), number) == (float, given)


@pytest.mark.parametrize("given", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_refused_as_it_was_given(given: float) -> None:
    refused(lambda: real_number("x", given), ValueError, f"x is a finite number, got {given}")


def test_what_is_beyond_the_floats_is_refused_by_name() -> None:
    message = f"x is a finite number: int too large for a float: 1{'0' * 58}…"
    refused(lambda: real_number("x", 10**400), ValueError, message)


@pytest.mark.parametrize("given", ["1.0", None, 1j, [1.0], Value(1.0)])
def test_what_is_no_number_is_refused_with_its_type(given: Any) -> None:
    message = f"x is a finite number, got {type(given).__name__}: {given!r}"
    refused(lambda: real_number("x", given), TypeError, message)


@pytest.mark.parametrize(
    ("take", "allowed", "refusals", "wanted"),
    [
        (nonnegative, [0.0, 5e-324, 1e308], [-5e-324, -1.0, math.inf, math.nan], "of at least 0"),
        (positive, [5e-324, 1.0, 1e308], [0.0, -1.0, math.inf, math.nan], "above 0"),
    ],
)
def test_bounds_stand_where_they_are_said_to(
    take: Callable[[str, Any], float], allowed: list[float], refusals: list[float], wanted: str
) -> None:
    assert [take("x", number) for number in allowed] == allowed
    for number in refusals:
        with pytest.raises(
            ValueError, match=rf"^x is a finite number {wanted}, got {re.escape(repr(number))}$"
        ):
            take("x", number)
    with pytest.raises(TypeError, match=f"^x is a finite number {wanted}, got str: '1'$"):
        take("x", "1")


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


# ── truths, functions, lists, files, generators ─────────────────────────────────────────


def test_a_truth_is_true_or_false_and_nothing_that_counts_as_one() -> None:
    assert boolean("bias", True) is True
    assert boolean("bias", False) is False
    for given in (1, 0, None, "yes", []):
        message = f"bias is True or False, got {type(given).__name__}: {given!r}"
        refused(lambda given=given: boolean("bias", given), TypeError, message)


@pytest.mark.parametrize(("dtype", "dimensions", "taken"), [("b", 0, True), ("b", 1, False), ("f", 0, False)])
def test_a_truth_of_an_array_is_one(dtype: str, dimensions: int, taken: bool) -> None:
    class Array(SimpleNamespace):
        def __bool__(self) -> bool:
            return True

    given = Array(dtype=SimpleNamespace(kind=dtype), ndim=dimensions)
    if taken:
        assert boolean("bias", given) is True
    else:
        with pytest.raises(TypeError, match=r"^bias is True or False, got Array: "):
            boolean("bias", given)


def test_a_function_can_be_called() -> None:
    assert function("loss", math.sin) is math.sin
    refused(lambda: function("loss", 3), TypeError, "loss is a function, got int: 3")
    message = "loss is a function, such as nn.hinge, got int: 3"
    refused(lambda: function("loss", 3, "nn.hinge"), TypeError, message)


def test_a_list_is_anything_in_an_order() -> None:
    given: Any
    for given in ([1, 2], (1, 2), range(1, 3), iter([1, 2])):
        assert as_list("X", given, "samples") == [1, 2]
    for given in ("12", b"12", {1, 2}, frozenset({1, 2}), {1: 2}, 3, None):
        message = f"X is a list of samples, got {type(given).__name__}: {given!r}"
        refused(lambda given=given: as_list("X", given, "samples"), TypeError, message)


def test_a_path_is_that_of_a_file() -> None:
    assert file_path("path", "a/b.json") == file_path("path", Path("a/b.json")) == Path("a/b.json")
    for given in (b"b.json", 3, None):
        message = f"path is the path of a file, got {type(given).__name__}: {given!r}"
        refused(lambda given=given: file_path("path", given), TypeError, message)
    for given in ("", "/", "."):
        refused(
            lambda given=given: file_path("path", given),
            ValueError,
            f"path is the path of a file, got {given!r}",
        )


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
