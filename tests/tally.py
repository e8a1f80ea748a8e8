"""How much was tried: counted while the tests run, and printed at their end."""

from __future__ import annotations

from collections import Counter

TRIED: Counter[str] = Counter()


def tried(what: str, times: int = 1) -> None:
    """Count something of which the tests try many."""
    TRIED[what] += times
