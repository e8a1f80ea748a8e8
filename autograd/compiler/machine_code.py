"""Machine code on disk: kept when a kernel is first compiled, loaded by every later process.

To load a kernel takes a millisecond and llvmlite alone. numba, which compiles, takes half a
second to import and a tenth or more for every kernel. Its own cache (`cache=True`) does not
help: it needs numba to read it, looks functions up by file and line, which a gate typed into
a notebook does not have, and takes no notice of the globals that a function refers to.

A file holds a digest of all that follows, a line with the names that the code needs from the
C library, and the object code. A damaged file counts as no file.
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

ENTRY = "kernel"
"""The name of the function to call, in LLVM code and in machine code."""


@dataclass(frozen=True)
class MachineCode:
    """Object code, and the names of the functions outside it that it calls."""

    externals: tuple[str, ...]
    object_code: bytes

    @property
    def foreign(self) -> list[str]:
        """What it calls beside the C library: with any of it, it runs in this process alone."""
        return [name for name in self.externals if _in_c_library(name) is None]

    @property
    def calls_python(self) -> bool:
        """Whether it calls back into Python, as `print` does."""
        return any(name.startswith(("Py", "numba_gil")) for name in self.foreign)


def emitted(llvm_code: str) -> MachineCode:
    """The machine code of an LLVM module."""
    machine = _target().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if _target().name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )
    module = llvm.parse_assembly(llvm_code)
    _drop_unused_functions(module, machine)
    declared = [function.name.split(".") for function in module.functions if function.is_declaration]
    externals = [".".join(name) for name in declared if name[0] != "llvm"]
    # An intrinsic, as llvm.exp.f64, may end in a call of exp.
    externals += [name[1] for name in declared if name[0] == "llvm" and _in_c_library(name[1])]
    return MachineCode(tuple(externals), machine.emit_object(module))


def _drop_unused_functions(module: Any, machine: Any) -> None:
    """Drop what numba adds to every module: unused, it would still ask for numba's runtime."""
    for function in module.functions:
        if not function.is_declaration and function.name != ENTRY:
            function.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_dead_prototype_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))


def load(code: MachineCode) -> int | None:
    """The address of the function in machine code; None if something that it calls is not there."""
    for name in code.externals:
        if (address := _in_c_library(name)) is not None:
            llvm.add_symbol(name, address)
        elif llvm.address_of_symbol(name) is None:
            return None
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target().create_target_machine(jit=True))
    object_file = llvm.ObjectFileRef.from_data(code.object_code)
    engine.add_object_file(object_file)
    engine.finalize_object()
    _loaded.append((engine, object_file))  # the code lives as long as they do
    return engine.get_function_address(ENTRY) or None


_loaded: list[Any] = []


def machine() -> str:
    """What machine code depends on, besides its source: compiler and processor."""
    processor = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    return " ".join((llvmlite.__version__, llvm.get_process_triple(), *processor))


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
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    function = getattr(library, name, None)
    return function and ctypes.cast(function, ctypes.c_void_p).value


# ── on disk ─────────────────────────────────────────────────────────────────────────────


def folders() -> list[Path]:
    """Where code is kept: beside Python's own compiled files, or else in the user's cache."""
    kept = [Path(__file__).parent / "__pycache__"]
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    with suppress(RuntimeError):  # a user without a home
        kept.append((Path(base) if base else Path.home() / ".cache") / "scalar-autograd")
    return kept


def read(key: str) -> MachineCode | None:
    """What `write` kept under a key; None if there is nothing, or it is damaged."""
    for folder in folders():
        with suppress(OSError):
            content = (folder / f"kernel-{key[:32]}.o").read_bytes()
            if hashlib.sha256(content[32:]).digest() == content[:32]:
                names, object_code = content[32:].split(b"\n", 1)
                return MachineCode(tuple(names.decode().split()), object_code)
    return None


def write(key: str, code: MachineCode) -> bool:
    """Keep code under a key, in the first folder that can be written. Returns whether there is one."""
    content = " ".join(code.externals).encode() + b"\n" + code.object_code
    for folder in folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / f"kernel-{key[:32]}.o", hashlib.sha256(content).digest() + content)
            return True
    return False
