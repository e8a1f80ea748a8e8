"""Values from a user's own file: which one, under which name, and what can go wrong."""

from pathlib import Path

import pytest

from autograd import Value
from autograd.command_line.user_file import UserFile


def value_in_file(path: Path, name: str) -> Value:
    return UserFile(path).value(name)


@pytest.fixture
def write(tmp_path: Path):
    def file(source: str, name: str = "mine.py") -> Path:
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        return path

    return file


def test_values_without_a_label_take_the_names_of_the_file(write) -> None:
    source = "a = Value(1.0)\nb = a * 2\nc = Value(1.0, 'mine')\nd = b * c\nd.backward()\n"
    d = value_in_file(write(f"from autograd import Value\n{source}"), "d")
    b, c = d.inputs
    assert (b.inputs[0].label, b.label, c.label, d.label) == ("a", "b", "mine", "d")
    assert (d.data, c.grad) == (2.0, 2.0)


def test_the_file_is_not_the_main_program_and_finds_its_neighbours(write) -> None:
    write("number = 5.0\n", "neighbour.py")
    path = write(
        "from dataclasses import dataclass\nfrom autograd import Value\nimport neighbour\n"
        "@dataclass\nclass Pair:\n    a: float\n"
        "x = Value(neighbour.number) * Pair(2.0).a\nif __name__ == '__main__':\n    raise SystemExit\n"
    )
    assert value_in_file(path, "x").data == 10.0


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
def test_a_file_that_raises_is_named_with_its_line(write, source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        value_in_file(write(source), "x")


def test_a_name_that_is_no_value_is_refused_with_those_that_are(write) -> None:
    path = write("from autograd import Value\na = Value(1.0)\nn = 3\n")
    with pytest.raises(ValueError, match=r"has no 'z': the Values in it are a"):
        value_in_file(path, "z")
    with pytest.raises(ValueError, match=r"n in .* is a int, not a Value: the Values in it are a"):
        value_in_file(path, "n")
    with pytest.raises(ValueError, match="there is no Value in it, outside of functions"):
        value_in_file(write(""), "a")
    with pytest.raises(ValueError, match=r"did you mean loss\?"):
        value_in_file(write("from autograd import Value\nloss = Value(1.0)\n"), "los")


NESTED = """
from types import SimpleNamespace
from autograd import Value
ws = [Value(1.0), Value(2.0, "mine")]
net = SimpleNamespace(loss=ws[0] * 3, layers=[{"b": ws[1] * 5}])
"""


def test_attributes_and_elements_are_names_too(write) -> None:
    file = UserFile(write(NESTED))
    assert file.value("ws[0]").label == "ws[0]"
    assert file.value("ws[-1]").label == "mine"
    assert file.value("net.loss").data == 3.0
    assert file.value("net.layers[0]['b']").data == 10.0
    assert file.value("net.loss").inputs[0].label == "ws[0]"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("ws[7]", r"has no ws\[7\]: list index out of range"),
        ("net.los", r"has no net\.los: "),
        ("ws[0", "is not a name such as loss, net.loss or ws"),
        ("ws[open('x')]", "is not a name such as"),
        ("ws", "is a list, not a Value"),
    ],
)
def test_what_is_not_there_is_said_part_by_part(write, expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        UserFile(write(NESTED)).value(expression)


def test_the_main_guard_is_named_as_the_reason(write) -> None:
    path = write("from autograd import Value\na = Value(1.0)\nif __name__ == '__main__':\n    loss = a * 2\n")
    with pytest.raises(ValueError, match=r"if __name__ == '__main__':` is not run here; set loss outside"):
        value_in_file(path, "loss")
    assert value_in_file(path, "a").data == 1.0


def test_a_notebook_is_refused_in_words(write) -> None:
    with pytest.raises(ValueError, match="is a notebook, and Python files alone are run here"):
        value_in_file(write("{}", "mine.ipynb"), "loss")
