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


# ── code ────────────────────────────────────────────────────────────────────────────────


def test_llvm_code_is_compiled_kept_and_loaded() -> None:
    code = emitted(GAUSS)
    assert (code.externals, code.foreign) == (("exp",), [])
    write(KEY, code)
    kept = read(KEY)
    assert kept == code
    address = load(kept)
    assert address is not None
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(address)(0.5) == math.exp(-0.25)


def test_intrinsics_that_end_in_the_c_library_count_as_calls_of_it() -> None:
    assert emitted(GAUSS.replace("@exp", "@llvm.exp.f64")).externals == ("exp",)


def test_code_says_what_it_needs_beside_the_c_library() -> None:
    code = emitted(GAUSS.replace("@exp", "@no_such_function"))
    assert code.foreign == ["no_such_function"]
    assert load(code) is None


def test_functions_that_the_kernel_does_not_call_need_nothing() -> None:
    unused = "declare void @other()\ndefine void @unused() {\n call void @other()\n ret void\n}"
    assert emitted(GAUSS + unused).externals == ("exp",)


def test_two_pieces_of_code_may_use_one_name() -> None:
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    addresses = []
    for text in (GAUSS, GAUSS.replace("fneg double %square", "fneg double %x")):
        addresses.append(load(emitted(text)))
    first, second = (function(address or 0) for address in addresses)
    assert (first(2.0), second(2.0)) == (math.exp(-4.0), math.exp(-2.0))


# ── files ───────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_is_found_under_its_key_alone(folder: Path) -> None:
    assert read(KEY) is None
    write(KEY, CODE)
    assert read(KEY) == CODE
    assert read(KEY.replace("0", "1")) is None
    assert [path.suffix for path in folder.iterdir()] == [".o"]


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 40, 500, -1])
def test_a_truncated_file_counts_as_none(folder: Path, length: int) -> None:
    write(KEY, CODE)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:length])
    assert read(KEY) is None


@pytest.mark.parametrize("place", [0, 31, 32, 50, -1])
def test_a_file_with_a_wrong_byte_counts_as_none(folder: Path, place: int) -> None:
    write(KEY, CODE)
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert read(KEY) is None
    write(KEY, CODE)
    assert read(KEY) == CODE


def test_something_else_in_the_files_place_counts_as_none(folder: Path) -> None:
    write(KEY, CODE)
    (path,) = folder.iterdir()
    path.unlink()
    path.mkdir()
    assert read(KEY) is None
    write(KEY, CODE)  # cannot be kept, and need not be
    assert read(KEY) is None


def test_where_one_folder_cannot_be_written_the_next_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(machine_code, "folders", lambda: [tmp_path / "file" / "folder", folder])
    write(KEY, CODE)
    assert read(KEY) == CODE
    assert len(list(folder.iterdir())) == 1


def test_the_users_folder_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    beside, own = machine_code.folders()
    assert beside == Path(machine_code.__file__).parent / "__pycache__"
    assert own == Path("/somewhere/scalar-autograd")
