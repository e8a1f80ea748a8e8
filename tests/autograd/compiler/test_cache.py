"""The cache of machine code on disk: damaged, unwritable, filled by several processes at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import Value
from tests.processes import child, output_of


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a process that has no kernel yet."""
    pytest.importorskip("numba")
    from autograd.compiler import kernels, machine_code

    folder = tmp_path / "cache"
    monkeypatch.setattr(machine_code, "folders", lambda: [folder])
    monkeypatch.setattr(kernels, "_addresses", {})
    kernels._driver.cache_clear()
    yield folder
    kernels._driver.cache_clear()


def forget_kernels() -> None:
    from autograd.compiler import kernels

    kernels._addresses.clear()
    kernels._driver.cache_clear()


def compiled_run() -> tuple[float, float]:
    w = Value(0.7, "w")
    loss = autograd.compile(lambda x: (w * x).tanh(), 0.0).backward([0.5, 2.0])
    return loss, w.grad


def eager_run() -> tuple[float, float]:
    w = Value(0.7, "w")
    loss = ((w * 0.5).tanh() + (w * 2.0).tanh()) / 2
    loss.backward()
    return loss.data, w.grad


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "garbage of the right length": lambda content: random.Random(0).randbytes(len(content)),
    "a bit flipped in the machine code": lambda content: (
        content[:-500] + bytes([content[-500] ^ 4]) + content[-499:]
    ),
    "a bit flipped in the digest": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "something else": lambda content: b"#!/bin/sh\nexit 1\n",
}


def test_a_damaged_cache_is_compiled_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.compiler import native

    compiled, calls = native.compiled, []

    def counted(*made_of: Any) -> Any:
        calls.append(made_of)
        return compiled(*made_of)

    monkeypatch.setattr(native, "compiled", counted)
    right = pytest.approx(eager_run(), rel=1e-15)
    assert compiled_run() == right
    assert len(calls) == len(list(cache.iterdir())) == 3  # a driver, two gates
    for i, spoil in enumerate(DAMAGE.values()):
        path = sorted(cache.iterdir())[i % 3]
        path.write_bytes(spoil(path.read_bytes()))
        for compilations in (1, 0):  # the damaged one is compiled, and kept again
            calls.clear()
            forget_kernels()
            assert compiled_run() == right
            assert len(calls) == compilations


def test_programs_run_where_nothing_can_be_kept(cache: Path) -> None:
    cache.write_bytes(b"a file in the folder's place")
    assert compiled_run() == pytest.approx(eager_run(), rel=1e-15)


def test_processes_that_fill_the_cache_at_once_all_get_it_right(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    code = """
        import sys
        from pathlib import Path
        import autograd
        from autograd.compiler import kernels, machine_code

        machine_code.folders = lambda: [Path(sys.argv[1])]
        from autograd.compiler import native  # numba takes its time: begin together, when all have it
        print("ready", flush=True)
        sys.stdin.readline()
        w = autograd.Value(0.7, "w")
        program = autograd.compile(lambda x: (w * x).tanh(), 0.0)
        print(program.backward([0.5, 2.0]), w.grad)
    """
    processes = [child(code, tmp_path / "cache") for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        assert [float(word) for word in output_of(process).split()] == pytest.approx(eager_run(), rel=1e-15)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".o"] * 3
