"""A progress bar over epochs, where somebody can see it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress_bar(epochs: int, wanted: bool) -> Iterator[Callable[[Callable[[], str]], None]]:
    """Gives a function to call after each epoch, with one that gives the text beside the bar.

    The bar is tqdm's. It is shown in terminals and notebooks; where tqdm is not installed or
    the output goes to a file, nothing is shown.
    """
    tqdm = _tqdm() if wanted and _is_watched() else None
    if tqdm is None:
        yield lambda text: None
        return
    with tqdm(total=epochs, unit="epoch") as bar:

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
        warnings.simplefilter("ignore")  # of a notebook without ipywidgets, where the plain bar does
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return None
    return tqdm
