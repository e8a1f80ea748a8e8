"""Ctrl-C as a question: work that must not be left half-done asks whether to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def deferred_interrupts() -> Iterator[Callable[[], bool]]:
    """Inside the `with` block Ctrl-C is noted, and the function it gives says whether it was pressed.

    Pressed a second time, Ctrl-C raises KeyboardInterrupt at once. In threads, and in a program
    that handles the signal itself, nothing changes and the answer stays no.

    >>> with deferred_interrupts() as stop:
    ...     signal.raise_signal(signal.SIGINT)
    ...     stop()
    True
    """
    pressed = False

    def press(signal_number: int, frame: Any) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    usual = signal.default_int_handler
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not usual
    ):
        yield lambda: False
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, usual)
