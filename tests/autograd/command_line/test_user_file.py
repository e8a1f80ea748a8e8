"""Values from a user's own file: which one, under which name, and what can go wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograd.command_line.user_file import UserFile

IMPORT = "from autograd import Value\n"

NESTED = """
from types import SimpleNamespace
from autograd import Value
ws = [Value(1.0), Value(2.0, "mine")]
net = SimpleNamespace(loss=ws[0] * 3, layers=[{"b": ws[1] * 5}])
loss = net.loss * 2
loss.backward()
if __name__ == "__main__":
    guarded = Value(1.0)
"""

Run = Callable[..., UserFile]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_source(source: str, name: str = "mine.py") -> UserFile:
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        return UserFile(path)

    return run_source


def test_values_without_a_label_take_the_names_of_the_file(run: Run) -> None:
    file = run(NESTED)
    loss = file.value("loss")
    assert (loss.label, loss.data, loss.inputs[0].grad) == ("loss", 6.0, 2.0)
    assert file.value("ws[0]").label == "ws[0]"
    assert file.value("ws[-1]").label == "mine"
    assert file.value("net.loss").inputs[0].label == "ws[0]"
    assert file.value("net.layers[0]['b']").data == 10.0


def test_the_file_is_not_the_main_program_and_finds_its_neighbours(run: Run) -> None:
    run("number = 5.0\n", "neighbour.py")
    file = run(
        f"{IMPORT}from dataclasses import dataclass\nimport neighbour\n"
        "@dataclass\nclass Pair:\n    a: float\n"
        "x = Value(neighbour.number) * Pair(2.0).a\nif __name__ == '__main__':\n    raise SystemExit\n"
    )
    assert file.value("x").data == 10.0


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\ny = 1/0\n", r"mine\.py, line 2: ZeroDivisionError: division by zero"),
        ("import json\njson.loads('{')\n", r"mine\.py, line 2: JSONDecodeError"),
        ("x = (\n", r"mine\.py, line 1: SyntaxError: '\(' was never closed"),
        ("import sys\nsys.exit('enough')\n", r"line 2: SystemExit: enough"),
        ("def f():\n    f()\nf()\n", r"line 2: RecursionError"),
    ],
)
def test_a_file_that_raises_is_named_with_its_line(run: Run, source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(source)


@pytest.mark.parametrize(
    ("source", "expression", "message"),
    [
        (f"{IMPORT}a = Value(1.0)\n", "z", r"has no 'z': the Values in it are a"),
        (f"{IMPORT}loss = Value(1.0)\n", "los", r"did you mean loss\?"),
        ("", "a", "there is no Value in it, outside of functions"),
        (NESTED, "ws", r"ws in .* is a list, not a Value: the Values in it are loss, ws\[0\], ws\[1\]"),
        (NESTED, "ws[7]", r"has no ws\[7\]: list index out of range"),
        (NESTED, "net.los", r"has no net\.los: "),
        (NESTED, "ws[0", "is not a name such as loss, net.loss or ws"),
        (NESTED, "ws[open('x')]", "is not a name such as"),
        (NESTED, "guarded", r"if __name__ == '__main__':` is not run here; set guarded outside"),
    ],
)
def test_what_is_not_there_is_said(run: Run, source: str, expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(source).value(expression)
