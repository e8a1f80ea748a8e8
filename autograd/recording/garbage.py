"""No garbage collection while many objects are made, none of them garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Inside the `with` block no garbage is collected.

    A recording makes a hundred thousand objects, which Python would go through again and again
    while they become more: that takes half as long again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
