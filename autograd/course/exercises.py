"""Exercises that check an answer: they say what is wrong and where it comes from, never what is right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, SupportsFloat

from autograd.value import Value

Check = Callable[[Any], str | None]


def mark(number: int, check: Check, answer: Any) -> None:
    """Print what a check says about an answer: not written yet, not yet right and why, or right.

    check   a function of the answer that raises AssertionError with a sentence for its author,
            or returns what to print of a right answer: "right" if it returns nothing

    Whatever else the answer raises is said in a sentence too, without a traceback.

    >>> mark(1, lambda answer: agree(answer, 4.0), None)
    Exercise 1: not written yet
    >>> mark(1, lambda answer: agree(answer, 4.0), -4)
    Exercise 1: not yet. Look at the sign.
    >>> mark(1, lambda answer: agree(answer, 4.0), 4)
    Exercise 1: right
    """
    if answer is None:
        verdict = "not written yet"
    else:
        try:
            verdict = check(answer) or "right"
        except AssertionError as error:
            reason = str(error) or "Something differs"
            verdict = f"not yet. {reason}" + ("" if reason.endswith((".", "!", "?")) else ".")
        except Exception as error:
            verdict = (
                f"not yet. The check could not use it ({type(error).__name__}: {error}). "
                f"Compare its form with the comment beside yours_{number}."
            )
    print(f"Exercise {number}: {verdict}")


def agree(
    answer: Any,
    right: Any,
    known: Mapping[str, Any] | None = None,
    *,
    name: str = "",
    rel: float = 1e-9,
    off: float = 1e-12,
) -> None:
    """Raise AssertionError if an answer differs from the right one, with the reason as far as it is known.

    answer, right  numbers, or lists and dicts of them, nested as one likes; arrays are lists
    known          wrong answers and where they come from: {"the branch is missing": {"a": 5}}.
                   One applies if all its numbers are the answer's and one of them is wrong;
                   a dict may name some keys alone.
    name           what stands before the place in a message, such as "dW"
    rel, off       how far a number may be off, relative and absolute

    >>> agree({"a": 5}, {"a": 7}, {"a is used twice": {"a": 5}})
    Traceback (most recent call last):
    AssertionError: a is used twice
    >>> agree([[1, 3], [2, 4]], [[1, 2], [3, 4]])
    Traceback (most recent call last):
    AssertionError: Rows and columns are exchanged
    """
    wanted, found = parts(right), parts(answer)
    if found.keys() != wanted.keys():
        raise AssertionError(f"{name or 'It'} should have {form(right)}, it has {form(answer)}")

    def same(a: float, b: float) -> bool:
        return math.isclose(a, b, rel_tol=rel, abs_tol=off)

    wrong = [place for place in wanted if not same(found[place], wanted[place])]
    if not wrong:
        return
    for reason, mistaken in (known or {}).items():
        numbers = parts(mistaken)
        if numbers.keys() & set(wrong) and all(same(found[place], x) for place, x in numbers.items()):
            raise AssertionError(reason)
    first = wrong[0]
    where = f"{name} {place_in_words(first)}".strip()
    turned = {place[::-1]: number for place, number in found.items()}
    if len(first) == 2 and turned.keys() == wanted.keys() and all(same(turned[x], wanted[x]) for x in wanted):
        raise AssertionError("Rows and columns are exchanged")
    if all(same(found[place], -wanted[place]) for place in wrong):
        signed = name if len(wrong) == len(wanted) else where
        raise AssertionError(f"Look at the sign{f' of {signed}' if signed else ''}")
    ratios = [found[place] / wanted[place] for place in wanted if wanted[place]]
    if len(ratios) > 1 and ratios[0] and all(math.isclose(r, ratios[0], rel_tol=1e-6) for r in ratios):
        raise AssertionError(f"{name or 'Every number'} is off by one and the same factor")
    raise AssertionError(f"Look again at {where}" if where else "It is not right yet")


def agree_on(
    answer: Any,
    right: Callable[..., Any],
    samples: Iterable[Sequence[Any]],
    known: Mapping[str, Callable[..., Any]] | None = None,
    **options: Any,
) -> None:
    """`agree` for a function, on samples of its arguments; the known wrong answers are functions.

    >>> agree_on(lambda z: 2 * z, lambda z: 3 * z * z, [(1.0,), (2.0,)], {"that is of z²": lambda z: 2 * z})
    Traceback (most recent call last):
    AssertionError: that is of z²
    >>> agree_on(lambda w: w.append(1.0) or w, lambda w: [*w, 1.0], [([],)])
    """
    assert callable(answer), f"It should be a function, it is {form(answer)}"
    samples = [tuple(sample) for sample in samples]

    def results(function: Callable[..., Any]) -> list[Any]:
        return [function(*sample) for sample in samples]

    mistaken = {reason: results(function) for reason, function in (known or {}).items()}
    wanted = results(right)
    found = results(answer)  # last: it may change its arguments, as `w[0] -= …` does
    for result, number in zip(found, wanted, strict=True):
        assert result is not None, "The function returns nothing"
        assert parts(result).keys() == parts(number).keys(), (
            f"The function should return {form(number)}, it returns {form(result)}"
        )
    try:
        agree(found, wanted, mistaken, **options)
    except AssertionError as error:
        reason = str(error).partition(" of number")[0]  # which sample it is says nothing to the reader
        raise AssertionError("The numbers differ" if reason.startswith("Look again") else reason) from None


Place = tuple[Any, ...]


def place_in_words(place: Place) -> str:
    """Where a number stands: number 2, row 1 column 3, or its key."""
    if len(place) == 2 and all(isinstance(index, int) for index in place):
        return f"row {place[0] + 1} column {place[1] + 1}"
    return " ".join(f"number {key + 1}" if isinstance(key, int) else str(key) for key in place)


def parts(answer: Any, place: Place = ()) -> dict[Place, float]:
    """The numbers of an answer, by where they stand."""
    if isinstance(answer, Value):
        return {place: answer.data}
    if isinstance(answer, Mapping):
        return {k: v for key, part in answer.items() for k, v in parts(part, (*place, key)).items()}
    if isinstance(answer, Iterable) and not is_single(answer):
        return {k: v for i, part in enumerate(answer) for k, v in parts(part, (*place, i)).items()}
    assert isinstance(answer, SupportsFloat), f"A number is needed, and there is {form(answer)}"
    return {place: float(answer)}


def is_single(answer: Iterable[Any]) -> bool:
    """Whether this has no parts: a text, or an array without axes."""
    return isinstance(answer, str) or not len(getattr(answer, "shape", (1,)))


def form(answer: Any) -> str:
    """How an answer is built, in words."""
    if isinstance(answer, Mapping):
        return "the keys " + ", ".join(map(str, answer))
    if isinstance(answer, Iterable) and not is_single(answer):
        rows = list(answer)
        if rows and isinstance(rows[0], Iterable) and not is_single(rows[0]):
            return f"{'one row' if len(rows) == 1 else f'{len(rows)} rows'} of {len(list(rows[0]))}"
        return f"{len(rows)} numbers" if len(rows) != 1 else "one number in a list"
    if isinstance(answer, SupportsFloat):
        return "one number"
    return "a function" if callable(answer) else f"a {type(answer).__name__}"
