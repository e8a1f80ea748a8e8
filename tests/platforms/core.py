"""Which tests need nothing but the engine: python tests/platforms/core.py prints them.

They run with pytest, hypothesis and mpmath alone: no NumPy, no numba, no Graphviz, no browser.
"""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]

BEYOND_THE_CORE = (
    "numpy|numba|jedi|llvmlite|sklearn|matplotlib|PIL|selenium|playwright|torch|nbformat|nbclient|subprocess|pty|threading"
    r"|autograd\.compiler\.(?:kernels|layout|descent)|autograd\.(?:playing|examining)|nn\.examining|tests\.autograd\.examining"
)

SHALLOW = "not recursion and not million and not thousand and not long_chain"
"""For Pyodide, whose interpreter frees nested objects by recursion, of any class: it crashes where
Python itself does not, when some thousands of nodes that hold one another go at once."""


def files() -> list[str]:
    """The test files that import nothing beyond the core."""
    needs = re.compile(rf"^\s*(?:import|from) (?:{BEYOND_THE_CORE})\b", re.M)
    draws = re.compile(r"importorskip|\bdraw\(|\bplayer\(|\.pipe\(|\.render\(|compile\(|\bcompiled\b")
    return [
        str(path)
        for path in sorted(TESTS.rglob("test_*.py"))
        if not needs.search(text := path.read_text(encoding="utf-8")) and not draws.search(text)
    ]


def draw_says_what_is_missing() -> None:
    """Without Graphviz, in whatever form, a drawing names what would bring it."""
    from autograd import Value, draw

    root = Value(2.0, "x") * 3.0
    try:
        draw(root).save("drawing.png")
    except Exception as error:
        message = str(error)
        assert "pygraphviz" in message, message
        assert "dot" in message, message
        print("draw:", message)
    else:
        raise AssertionError("a picture was rendered where there is no renderer")


if __name__ == "__main__":
    print("\n".join(files()))
