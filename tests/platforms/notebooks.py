"""The notebooks that say that they run in a browser, run there: python tests/platforms/notebooks.py

The cells of each are executed in order, and what they show is typeset as a notebook would. Needs nothing
but the engine: where Graphviz or matplotlib is missing, the cell must say so.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import time
from pathlib import Path
from typing import Any

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def in_a_browser(cells: list[Any]) -> str:
    """What a notebook says of a browser: yes; yes, but …; with NumPy; no, …"""
    found = re.search(r"In a browser \(Pyodide\): (.*?)\. Words: ", "".join(cells[0]["source"]))
    assert found, "a notebook's first cell says whether it runs in a browser"
    return found[1]


def run(path: Path) -> str:
    """Execute a notebook's code; return what it printed. A cell that draws may find no Graphviz."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "__main__"}
    said = io.StringIO()
    for cell in cells:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            with contextlib.redirect_stdout(said):
                try:
                    execute(source, names, f"{path.stem}, {cell['id']}")
                except RuntimeError as error:
                    if "Graphviz" not in str(error) or not re.search(r"\b(draw|player)\(", source):
                        raise
    return said.getvalue()


def execute(source: str, names: dict[str, Any], where: str) -> None:
    """Run a cell, and show the value of its last line."""
    *lines, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        lines, last = [*lines, last], None
    exec(compile(ast.Module(lines, []), where, "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), where, "eval"), names)
        for form in ("_repr_markdown_", "_repr_html_", "__repr__"):
            if hasattr(value, form):
                getattr(value, form)()
                break


def main() -> None:
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if not in_a_browser(cells).startswith("yes"):
            continue
        start = time.perf_counter()
        said = run(path)
        right = len(re.findall(r"^Exercise \d: right", said, re.MULTILINE))
        exercises = sum("solution" in cell["metadata"].get("tags", ()) for cell in cells)
        assert right == exercises, f"{path.stem}: {right} of {exercises} solutions are right\n{said}"
        print(f"{path.stem}: {exercises} exercises, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
