"""`autograd examine`: a report on standard output, files for graders, and an exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograd.command_line.commands import main
from tests.autograd.examining.mutants import ENGINE

RECURSIVE = ENGINE.parent / "recursive.py"


def test_a_right_engine_ends_with_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examine", str(ENGINE)]) == 0
    assert capsys.readouterr().out.endswith("100 of 100\n")


def test_a_wrong_one_ends_with_status_1_and_leaves_files(tmp_path: Path, capsys) -> None:
    results, page, picture = (tmp_path / name for name in ("results.json", "page.html", "graph.svg"))
    engine = tmp_path / "engine.py"
    engine.write_text(RECURSIVE.read_text(encoding="utf-8").replace("self.grad += g\n", "self.grad = g\n"))
    files = ["--json", str(results), "--html", str(page), "--svg", str(picture)]
    assert main(["examine", f"{engine}:Value", *files]) == 1
    said = capsys.readouterr().out
    assert "✗ a number that is used twice" in said
    assert f"{page}#backward/1?mistake=overwrite plays the mistake" in said
    assert json.loads(results.read_text(encoding="utf-8"))["score"] < 100
    assert "<html" in page.read_text(encoding="utf-8")
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_a_folder_is_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (ENGINE, RECURSIVE):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["examine", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["submission", "mark"]
    assert lines[1].split()[:2] == ["closures.py", "100"]
    assert main(["examine", str(tmp_path), "--svg", str(tmp_path / "graph.svg")]) == 2
    assert "is a folder, and --html and --svg show a failure of one engine" in capsys.readouterr().err


def test_what_cannot_be_examined_is_one_line_and_status_2(tmp_path: Path, capsys) -> None:
    assert main(["examine", str(tmp_path / "not_there.py")]) == 2
    assert "there is no such file" in capsys.readouterr().err
