"""Whether gates are remembered, and who minds when a number leaves the graph.

All of it holds for the thread or task that asked for it, and for no other. Each manager sets and
restores by itself, without another inside it: Ctrl-C may come between any two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

recorded: ContextVar[bool] = ContextVar("recorded", default=True)
"""Whether a gate's result remembers it."""

pauses: set[object] = set()
"""The `no_grad` blocks open in any thread: none spares every gate the look at `recorded`."""

_guard: ContextVar[Callable[[str], None] | None] = ContextVar("guard", default=None)


@contextmanager
def no_grad() -> Iterator[None]:
    """Record nothing inside the `with` block: results are leaves.

    Holds for the thread or task that entered it, and for no other.

    >>> from autograd import Value
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.gate is None
    True
    """
    guard_reading("no_grad()")
    pause, before = object(), recorded.get()
    try:  # what is set is set inside: Ctrl-C may come before any line
        pauses.add(pause)
        recorded.set(False)
        yield
    finally:
        try:
            recorded.set(before)
        finally:
            pauses.discard(pause)


@contextmanager
def recording() -> Iterator[None]:
    """Record inside the `with` block, even where that stands in a `no_grad`."""
    before = recorded.get()
    try:
        recorded.set(True)
        yield
    finally:
        recorded.set(before)


@contextmanager
def reading_guarded(guard: Callable[[str], None]) -> Iterator[None]:
    """Inside the `with` block, call `guard` before a number leaves the graph, with words for how.

    It raises where it minds; otherwise a guard set around the block is asked too.
    """
    around = _guard.get()

    def both(expression: str) -> None:
        guard(expression)
        if around is not None:
            around(expression)

    try:
        _guard.set(both)
        yield
    finally:
        _guard.set(around)


def guard_reading(expression: str) -> None:
    """Ask the guard: a number is to leave as a float, a truth, a leaf of its own, a gradient."""
    guard = _guard.get()
    if guard is not None:
        guard(expression)


class RecordingError(RuntimeError):
    """A function did something that a recording cannot hold, such as branching on a number."""
