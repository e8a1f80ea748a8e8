"""Kernels are compiled once: for all programs, for all processes, and anew for a gate that changed."""

from __future__ import annotations

import enum
import inspect
import math
import os
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import Gate, Program, compile, gate, gates  # noqa: A004  as the field calls it
from nn import update_rules

pytest.importorskip("numba")

import numpy as np

from autograd.compiler import kernels, machine_code, native
from autograd.compiler.signatures import TABLES

PROCESS = """
import sys
from pathlib import Path
import nn
from autograd import Value, compile
from autograd.compiler import machine_code
machine_code.folders = lambda: [Path(sys.argv[1])]
w = Value(2.0)
program = compile(lambda x: (w * x).tanh(), 0.0)
print(program.backward([0.25, -0.5]), w.grad)
X, y = nn.moons(20, noise=0.1, rng=0, labels=(-1, 1))
for name, clip_norm in ((name, clip_norm) for name in ("SGD", "Adam") for clip_norm in (None, 1.0)):
    model = nn.MLP(2, [4, 1], rng=0)
    optimizer = getattr(nn, name)(model.parameters(), lr=0.05, clip_norm=clip_norm)
    nn.fit(model, nn.hinge, X, y, optimizer=optimizer, epochs=2, compiled=True, progress=False)
print(model.parameters()[0].data, "numba" in sys.modules)
"""


FORKED = """
import os, sys, threading
import numpy as np
import nn
from autograd import compile

model = nn.MLP(2, [4, 1], rng=0)
program = compile(lambda x, y: nn.hinge(model(x), y), [0.0, 0.0], 1.0)
batch = np.ones((300, 2)), np.ones(300)
program.backward(*batch)
done = threading.Event()

def run():
    while not done.is_set():
        program.backward(*batch)

thread = threading.Thread(target=run)
thread.start()
for _ in range(20):
    child = os.fork()
    if child == 0:
        program.backward(*batch)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
done.set()
thread.join()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as a process sees it that has compiled no kernel of a gate yet."""
    compile(lambda x: -x, 0.0)(math.inf)  # makes the drivers, which are made once
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


def test_two_processes_at_once_fill_an_empty_folder_and_a_third_compiles_nothing(tmp_path: Path) -> None:
    def start() -> subprocess.Popen[str]:
        arguments = [sys.executable, "-c", PROCESS, str(tmp_path)]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    first, second = (process.communicate() for process in [start(), start()])
    third = start().communicate()
    numbers, _, imported = first[0].rstrip().rpartition(" ")
    assert (imported, first[1]) == ("True", "")
    assert second == first
    assert third == (f"{numbers} False\n", "")
    assert {path.suffix for path in tmp_path.iterdir()} == {".o"}


EXAMPLES = ["exp", "multiply", "power"]
"""Gates of one input, of two, and with a constant."""


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(EXAMPLES, id="examples"),
        pytest.param(sorted(vars(gates)), marks=pytest.mark.thorough, id="all"),
    ],
)
def test_all_machine_code_is_kept(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every template and driver, with gates of the table and the rules of `nn`; else a warning fails."""
    monkeypatch.setattr(machine_code, "folders", list)
    monkeypatch.setattr(kernels, "_addresses", {})
    for named in (thing for name in names if isinstance(thing := getattr(gates, name), Gate)):
        arguments = len(inspect.signature(named.function).parameters)
        kernels.kernel(
            "elementary", gate=named.function, ZEROS=(0.0,) * arguments, ROW=(1,) * arguments, INPUTS=1
        )
    kernels.kernel("layer")
    fold = {"ZEROS": (0.0,), "WIDTH": 1, "SHIFTED": True}
    kernels.kernel("fold", gate=gates.exp.function, finish=gates.log.function, **fold)
    for rule in (update_rules.sgd, update_rules.momentum, update_rules.adam):
        states, settings = map(len, update_rules.declared(rule))
        for norm in (None, update_rules.norm):
            kernels.update_kernel(rule, states, 1 + settings, norm)
    for driver in ("forward", "backward", "evaluate", "descend"):
        kernels._driver.__wrapped__(driver, np.float64)


@pytest.mark.parametrize("name", TABLES)
def test_a_native_function_takes_what_its_table_says(name: str) -> None:
    assert list(inspect.signature(native.source(name)).parameters) == list(TABLES[name])


def test_a_package_in_a_zip_file_compiles_and_keeps(tmp_path: Path) -> None:
    project = Path(__file__).parents[3]
    with zipfile.ZipFile(tmp_path / "packages.zip", "w") as archive:
        for path in (path for package in ("autograd", "nn") for path in (project / package).rglob("*.py")):
            archive.write(path, path.relative_to(project))
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "packages.zip"), "XDG_CACHE_HOME": str(tmp_path)}
    answers = [
        subprocess.run(
            [sys.executable, "-c", PROCESS.replace("machine_code.folders =", "unused =")],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
        ).stdout.split()
        for _ in range(2)
    ]  # fmt: skip
    assert [answer[-1] for answer in answers] == ["True", "False"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_runs_programs_whatever_other_threads_were_running() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)


def test_a_kernel_is_compiled_once_for_all_programs(folder: Path, compilations: list[str]) -> None:
    for _ in range(3):
        assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    assert compilations == ["elementary"]


@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[:100], lambda content: b"garbage" * 99]
)
def test_damaged_files_are_compiled_again_and_replaced(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    tripled()(1.0)
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    for _ in range(2):
        forget(monkeypatch)
        assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    assert compilations == ["elementary"] * 2


def test_where_nothing_can_be_kept_programs_run_all_the_same(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "file").touch()
    monkeypatch.setattr(machine_code, "folders", lambda: [folder / "file" / "folder"])
    assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    forget(monkeypatch)
    assert tripled()([1.0, 2.0]).tolist() == [3.0, 6.0]
    assert compilations == ["elementary"] * 2


def test_a_changed_gate_is_compiled_anew_and_the_old_one_found_again(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
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
        with pytest.warns(UserWarning, match="leveled is compiled anew in every process: it refers to Level"):
            assert compile(lambda x: leveled(x), 0.0)(2.0) == 14.0
    assert (compilations, list(folder.iterdir())) == (["elementary"] * 2, [])


def test_a_gate_that_needs_numba_s_runtime_is_not_kept_and_says_so(folder: Path) -> None:
    @gate(symbol="p", formula="x", local=("1",))
    def listed(x: float) -> Any:
        return [x, x][int(x)], (1.0,)

    program = compile(lambda x: listed(x), 0.0)
    with pytest.warns(UserWarning, match="listed is compiled anew in every process: it calls .*NRT"):
        program(0.0)
    assert program(1.0) == 1.0
    with pytest.raises(IndexError, match="list index out of range"):
        program(2.0)
    assert list(folder.iterdir()) == []


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
        with pytest.raises(
            ValueError, match=r"positive\(x = -1.0\) is not defined: it needs x > 0 \(sample 1\)"
        ):
            program([1.0, -1.0])
        forget(monkeypatch)
    assert compilations == ["elementary"]


def test_the_first_compilation_is_announced_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_terminal in (False, True):
        kernels._say_that_something_is_compiled.cache_clear()
        monkeypatch.setattr(sys.stderr, "isatty", lambda is_terminal=is_terminal: is_terminal)
        monkeypatch.setattr(kernels, "_addresses", {})
        monkeypatch.setattr(machine_code, "folders", list)
        for _ in range(2):
            tripled()(1.0)
        assert capsys.readouterr().err.count("compiling native code") == is_terminal
