"""Kernels are compiled once: for all programs, for all processes, and anew for a gate that changed."""

from __future__ import annotations

import enum
import inspect
import os
import re
import subprocess
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograd import GateError, Program, compile, gate, log  # noqa: A004  as the field calls it

pytest.importorskip("numba")

from autograd.compiler import kernels, machine_code, native
from autograd.compiler.signatures import TABLES

PROCESS = """
import sys
from autograd import Value, compile
w = Value(2.0)
print(compile(lambda x: w * x, 0.0)(0.25), "numba" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as a process sees it that has compiled no kernel of a gate yet."""
    with pytest.raises(GateError):
        compile(lambda x: log(x), 1.0)(0.0)  # makes the drivers, which are made once
    monkeypatch.setattr(machine_code, "folders", lambda: [tmp_path])
    monkeypatch.setattr(kernels, "_addresses", {})
    return tmp_path


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are compiled during a test, one after the other."""
    compiled: list[str] = []
    original = native.compiled

    def recorded(template: str, names: dict[str, Any]) -> str:
        compiled.append(template)
        return original(template, names)

    monkeypatch.setattr(native, "compiled", recorded)
    return compiled


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as a new process would: look on disk first."""
    monkeypatch.setattr(kernels, "_addresses", {})


def tripled() -> Program:
    @gate(symbol="3x", formula="3*x", local=("3",))
    def triple(x: float) -> Any:
        return 3.0 * x, (3.0,)

    return compile(lambda x: triple(x), 0.0)


def test_two_processes_at_once_keep_what_a_third_runs_without_numba(tmp_path: Path) -> None:
    # The package is in a zip file, where nothing can be kept beside it.
    project = Path(__file__).parents[3]
    with zipfile.ZipFile(tmp_path / "packages.zip", "w") as archive:
        for path in (project / "autograd").rglob("*.py"):
            archive.write(path, path.relative_to(project))
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "packages.zip"), "XDG_CACHE_HOME": str(tmp_path)}

    def start() -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [sys.executable, "-c", PROCESS], env=environment, cwd=tmp_path, text=True, **pipes
        )

    first, second = (process.communicate() for process in [start(), start()])
    assert first == second == ("0.5 True\n", "")
    assert start().communicate() == ("0.5 False\n", "")
    assert {path.suffix for path in (tmp_path / "scalar-autograd").iterdir()} == {".o"}


@pytest.mark.parametrize("name", TABLES)
def test_a_native_function_takes_what_its_table_says(name: str) -> None:
    assert list(inspect.signature(native.source(name)).parameters) == list(TABLES[name])


def test_a_kernel_is_compiled_once_for_all_programs_and_again_if_its_file_is_damaged(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    assert compilations == ["elementary"]
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    for _ in range(2):
        forget(monkeypatch)
        assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    assert compilations == ["elementary"] * 2


def test_a_changed_gate_is_compiled_anew_and_the_old_one_found_again(
    folder: Path, compilations: list[str]
) -> None:
    module = types.ModuleType("settings")

    @gate(symbol="ax", formula="a*x", local=("a",))
    def scaled(x: float) -> Any:
        return module.factor * x, (module.factor,)

    for factor, count in ((2.0, 1), (3.0, 2), (2.0, 2)):
        module.factor = factor  # type: ignore[attr-defined]
        assert compile(lambda x: scaled(x), 0.0)(5.0) == factor * 5.0
        assert len(compilations) == len(list(folder.iterdir())) == count


def test_a_gate_that_cannot_be_told_from_others_is_not_kept_and_says_so(
    folder: Path, compilations: list[str]
) -> None:
    class Level(enum.IntEnum):
        HIGH = 7

    @gate(symbol="7x", formula="7*x", local=("7",))
    def leveled(x: float) -> Any:
        return Level.HIGH.value * x, (Level.HIGH.value * 1.0,)

    for _ in range(2):
        message = "leveled is compiled anew in every process: it refers to Level"
        with pytest.warns(UserWarning, match=message) as warned:
            assert compile(lambda x: leveled(x), 0.0)(2.0) == 14.0
        assert [warning.filename for warning in warned] == [__file__]
    assert (compilations, list(folder.iterdir())) == (["elementary"] * 2, [])


def test_a_gate_that_needs_numba_s_runtime_is_not_kept_and_says_so(folder: Path) -> None:
    @gate(symbol="p", formula="x", local=("1",))
    def listed(x: float) -> Any:
        return [x, x][int(x)], (1.0,)

    program = compile(lambda x: listed(x), 0.0)
    with pytest.warns(UserWarning, match="listed is compiled anew in every process: it calls .*NRT"):
        program(0.0)
    with pytest.raises(IndexError, match="list index out of range"):
        program(2.0)
    assert list(folder.iterdir()) == []


def test_native_code_that_cannot_be_kept_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "file"
    file.touch()
    monkeypatch.setattr(machine_code, "folders", lambda: [file])
    message = f"native code is compiled anew in every process: no folder for it can be written ({file})"
    with pytest.warns(UserWarning, match=re.escape(message)):
        assert tripled()(2.0) == 6.0


def test_a_gate_that_calls_python_is_refused(folder: Path) -> None:
    @gate(symbol="p", formula="x", local=("1",))
    def printed(x: float) -> Any:
        print(x)
        return x, (1.0,)

    with pytest.raises(TypeError, match="printed cannot be compiled: its native code calls numba_gil_ensure"):
        compile(lambda x: printed(x), 0.0)(2.0)


def test_a_gate_that_raises_is_kept(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @gate(symbol="+x", formula="x", local=("1",), domain="x > 0")
    def positive(x: float) -> Any:
        if x <= 0.0:
            raise ValueError("not positive")
        return x, (1.0,)

    for _ in range(2):
        program = compile(lambda x: positive(x), 1.0)
        assert program([1.0, 2.0]).tolist() == [1.0, 2.0]
        with pytest.raises(ValueError, match=r"positive\(x = -1.0\) is not defined: .* x > 0 \(sample 1\)"):
            program([1.0, -1.0])
        forget(monkeypatch)
    assert compilations == ["elementary"]


@pytest.mark.filterwarnings("ignore:native code is compiled anew")
def test_the_first_compilation_is_announced_in_a_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine_code, "folders", list)
    for is_terminal in (False, True):
        kernels._say_that_something_is_compiled.cache_clear()
        monkeypatch.setattr(sys.stderr, "isatty", lambda is_terminal=is_terminal: is_terminal)
        for _ in range(1 + is_terminal):
            forget(monkeypatch)
            tripled()(1.0)
        assert capsys.readouterr().err.count("compiling native code") == is_terminal
