"""Which tests need nothing but the engine: python tests/platforms/core.py prints them.

They run with pytest, hypothesis and mpmath alone: no NumPy, no numba, no Graphviz, no browser.
"""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]

BEYOND_THE_CORE = (
    "numpy|numba|jedi|llvmlite|sklearn|matplotlib|PIL|selenium|playwright|torch|jax|nbformat|nbclient|subprocess|pty|threading"
    r"|autograd\.compiler\.(?:kernels|layout|descent)|autograd\.(?:playing|examining)|nn\.examining|tests\.autograd\.examining"
)

SHALLOW = "not recursion and not million and not thousand and not long_chain"
"""For Pyodide, whose interpreter frees nested objects by recursion, of any class: it crashes where
Python itself does not, when some thousands of nodes that hold one another go at once."""


NEEDS = re.compile(rf"^\s*(?:import|from) (?:{BEYOND_THE_CORE})\b", re.M)
DRAWS = re.compile(r"importorskip|\bdraw\(|\bplayer\(|\.pipe\(|\.render\(|compile\(|\bcompiled\b")
BESIDE = re.compile(r"^from (tests\.[\w.]+) import", re.M)


def files() -> list[str]:
    """The test files that import nothing beyond the core, themselves or by other test modules."""
    return [str(path) for path in sorted(TESTS.rglob("test_*.py")) if _is_core(path)]


def _is_core(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    beside = (TESTS.parent.joinpath(*name.split(".")).with_suffix(".py") for name in BESIDE.findall(text))
    imported = [file.read_text(encoding="utf-8") for file in beside if file.is_file()]
    return not DRAWS.search(text) and not any(map(NEEDS.search, [text, *imported]))


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
