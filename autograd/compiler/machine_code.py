"""Machine code on disk: kept when a kernel is first compiled, loaded by every later process.

To load a kernel takes a millisecond and llvmlite alone. numba, which compiles, takes a
good part of a second to import, and as much again for a kernel; it is not imported where
all kernels are found.

A file holds a digest of all that follows, a line with the name of the function in it and
the names that it needs from the C library, and the object code. A file that is damaged
counts as none. Code that needs anything but the C library's mathematics is not kept.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from autograd.files import write_whole


@dataclass(frozen=True)
class MachineCode:
    """Object code with one function to call, and the names that it needs from the C library."""

    entry: str
    externals: tuple[str, ...]
    object_code: bytes


def emitted(entry: str, llvm_code: str) -> MachineCode | None:
    """The machine code of an LLVM module; None where it needs more than the C library."""
    machine = _target().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if _target().name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )
    module = llvm.parse_assembly(llvm_code)
    _drop_unused_functions(module, entry, machine)
    externals: list[str] = []
    for function in module.functions:
        if not function.is_declaration:
            continue
        if not function.name.startswith("llvm."):
            if _in_c_library(function.name) is None:
                return None
            externals.append(function.name)
        elif _in_c_library(name := function.name.split(".")[1]) is not None:
            externals.append(name)  # an intrinsic, as llvm.exp.f64, may end in a call of exp
    return MachineCode(entry, tuple(externals), machine.emit_object(module))


def _drop_unused_functions(module: Any, entry: str, machine: Any) -> None:
    """Drop what numba adds to every module: unused, it would still ask for numba's runtime."""
    for function in module.functions:
        if not function.is_declaration and function.name != entry:
            function.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_dead_prototype_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))


def load(code: MachineCode) -> int | None:
    """The address of the function in machine code; None where the C library lacks what it needs."""
    for name in code.externals:
        address = _in_c_library(name)
        if address is None:
            return None
        llvm.add_symbol(name, address)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target().create_target_machine(jit=True))
    object_file = llvm.ObjectFileRef.from_data(code.object_code)
    engine.add_object_file(object_file)
    engine.finalize_object()
    _loaded.append((engine, object_file))  # the code lives as long as they do
    return engine.get_function_address(code.entry) or None


_loaded: list[Any] = []


def machine() -> str:
    """What machine code depends on, besides its source: compiler and processor."""
    return " ".join(
        (
            llvmlite.__version__,
            llvm.get_process_triple(),
            llvm.get_host_cpu_name(),
            llvm.get_host_cpu_features().flatten(),
        )
    )


@cache
def _target() -> llvm.Target:
    with suppress(RuntimeError):  # which recent versions raise: they do it by themselves
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(llvm.get_process_triple())


@cache
def _in_c_library(name: str) -> int | None:
    """The address of a function of the C library."""
    try:
        return ctypes.cast(getattr(_c_library(), name), ctypes.c_void_p).value
    except AttributeError:
        return None


@cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)


# ── on disk ─────────────────────────────────────────────────────────────────────────────


def folders() -> list[Path]:
    """Where code is kept: beside Python's own compiled files, or else in the user's cache."""
    kept = [Path(__file__).parent / "__pycache__"]
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    with suppress(RuntimeError):  # a user without a home
        kept.append((Path(base) if base else Path.home() / ".cache") / "scalar-autograd")
    return kept


def read(key: str) -> MachineCode | None:
    """What `write` kept under a key; None where nothing is, or it is damaged."""
    for folder in folders():
        with suppress(OSError):
            content = (folder / _file_name(key)).read_bytes()
            digest, code = content[:32], content[32:]
            if hashlib.sha256(code).digest() == digest:
                names, object_code = code.split(b"\n", 1)
                entry, *externals = names.decode().split()
                return MachineCode(entry, tuple(externals), object_code)
    return None


def write(key: str, code: MachineCode) -> None:
    """Keep code under a key: in the first folder that can be written, or nowhere."""
    content = " ".join((code.entry, *code.externals)).encode() + b"\n" + code.object_code
    for folder in folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / _file_name(key), hashlib.sha256(content).digest() + content)
            return


def _file_name(key: str) -> str:
    return f"kernel-{key[:32]}.o"
