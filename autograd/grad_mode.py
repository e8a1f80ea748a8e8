"""`no_grad`, and the guard that the compiler sets while it records a function.

Both hold for the thread or task that entered them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# ── whether gates remember their inputs ─────────────────────────────────────────────────

pauses: ContextVar[int] = ContextVar("pauses", default=0)
"""How many `no_grad` blocks are open. Gates remember their inputs if none is.

A count and not a flag, because blocks inside generators may close in any order.
"""


@contextmanager
def no_grad() -> Iterator[None]:
    """Inside the `with` block, gates do not remember their inputs: results are leaves.

    >>> from autograd import Value
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.gate is None
    True
    """
    guard_reading("no_grad()")
    pauses.set(pauses.get() + 1)
    try:
        yield
    finally:
        pauses.set(pauses.get() - 1)


@contextmanager
def enable_grad() -> Iterator[None]:
    """Inside the `with` block, gates remember their inputs, even within a `no_grad`."""
    around = pauses.get()
    pauses.set(0)
    try:
        yield
    finally:
        pauses.set(pauses.get() + around)


def grad_enabled() -> bool:
    """Whether gates remember their inputs: False inside `no_grad`."""
    return pauses.get() <= 0


# ── the guard of a recording ────────────────────────────────────────────────────────────

# The compiler records a function by running it once, with placeholders for its inputs. A number
# that such a run reads, to branch on it or to put it elsewhere, would stand in the program for
# good, whatever the inputs are. So whatever hands out a number asks the guard first.

current_guard: ContextVar[Callable[[str], None] | None] = ContextVar("current_guard", default=None)
"""What is asked before a number leaves the graph, while a recording runs; else None."""


@contextmanager
def guarded_by(guard: Callable[[str], None]) -> Iterator[None]:
    """Inside the `with` block, `guard` is called before a number leaves the graph, and may raise an error.

    It is given the expression that asks for the number, such as "v.data".
    """
    token = current_guard.set(guard)
    try:
        yield
    finally:
        current_guard.reset(token)


def guard_reading(expression: str) -> None:
    """Ask the guard, if there is one, before a number leaves the graph."""
    guard = current_guard.get()
    if guard is not None:
        guard(expression)


def is_guarded() -> bool:
    """Whether a recording runs."""
    return current_guard.get() is not None


class RecordingError(RuntimeError):
    """A function did something that a recording cannot hold, such as branching on a number."""
