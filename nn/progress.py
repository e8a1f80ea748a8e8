"""A progress bar over epochs or steps, if somebody can see it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress_bar(count: int, unit: str, wanted: bool) -> Iterator[Callable[[Callable[[], str]], None]]:
    """Yields a function to call after each epoch; its argument makes the text beside the bar.

    The bar is tqdm's. It is shown in terminals and notebooks; if tqdm is not installed or
    the output goes to a file, nothing is shown.
    """
    tqdm = _tqdm() if wanted and _is_watched() else None
    if tqdm is None:
        yield lambda text: None
        return
    with tqdm(total=count, unit=unit) as bar:

        def advance(text: Callable[[], str]) -> None:
            bar.set_postfix_str(text(), refresh=False)
            bar.update()

        yield advance


def _is_watched() -> bool:
    ipython = sys.modules.get("IPython")
    in_notebook = ipython is not None and ipython.get_ipython() is not None
    return in_notebook or (sys.stderr is not None and sys.stderr.isatty())


def _tqdm() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without ipywidgets a notebook gets the plain bar
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return None
    return tqdm
