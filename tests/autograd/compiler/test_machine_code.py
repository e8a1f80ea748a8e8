"""Machine code that is kept, found, damaged, and never half there."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path

import pytest

pytest.importorskip("llvmlite")

from autograd.compiler import machine_code
from autograd.compiler.machine_code import MachineCode, emitted, load, read, write

KEY = "0123456789abcdef" * 4
CODE = MachineCode(("exp", "log"), bytes(range(256)) * 4)

GAUSS = """
declare double @exp(double)
define double @kernel(double %x) {
  %square = fmul double %x, %x
  %minus = fneg double %square
  %y = call double @exp(double %minus)
  ret double %y
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "new" / "folder"
    monkeypatch.setattr(machine_code, "folders", lambda: [folder])
    return folder


def function(code: MachineCode) -> ctypes._CFuncPtr:
    return ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(load(code) or 0)


def test_llvm_code_is_compiled_kept_and_loaded() -> None:
    code = emitted(GAUSS)
    assert (code.externals, code.foreign) == (("exp",), [])
    write(KEY, code)
    kept = read(KEY)
    assert kept == code
    other = emitted(GAUSS.replace("fneg double %square", "fneg double %x"))  # with the same names in it
    assert (function(kept)(2.0), function(other)(2.0)) == (math.exp(-4.0), math.exp(-2.0))


def test_code_says_what_it_needs_beside_the_c_library() -> None:
    code = emitted(GAUSS.replace("@exp", "@no_such_function"))
    assert code.foreign == ["no_such_function"]
    assert load(code) is None
    intrinsic = GAUSS.replace("@exp", "@llvm.exp.f64")  # ends in a call of exp
    unused = "declare void @other()\ndefine void @unused() {\n call void @other()\n ret void\n}"
    assert emitted(intrinsic + unused).externals == ("exp",)


def test_what_is_kept_is_found_under_its_key_alone(folder: Path) -> None:
    assert read(KEY) is None
    write(KEY, CODE)
    assert read(KEY) == CODE
    assert read(KEY.replace("0", "1")) is None
    assert [path.suffix for path in folder.iterdir()] == [".o"]


def test_a_damaged_file_counts_as_none(folder: Path) -> None:
    write(KEY, CODE)
    (path,) = folder.iterdir()
    content = path.read_bytes()
    damaged = [content[:length] for length in (0, 1, 32, 33, 40, -1)]
    for place in (0, 31, 32, 50, len(content) - 1):
        damaged.append(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    for other in damaged:
        path.write_bytes(other)
        assert read(KEY) is None
    write(KEY, CODE)
    assert read(KEY) == CODE
