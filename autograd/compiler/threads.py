"""Work that several threads do side by side, as native code can: it holds no lock of Python's.

>>> side_by_side(lambda thread: 10 * thread, 3)
[0, 10, 20]
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def side_by_side(work: Callable[[int], T], threads: int) -> list[T]:
    """What work(0), …, work(threads - 1) return, each in a thread of its own if there are several.

    Raises what the first of them raised, once all have ended.
    """
    if threads == 1:
        return [work(0)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))
