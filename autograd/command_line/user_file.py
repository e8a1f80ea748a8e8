"""A Value from a user's own Python file, for the command line."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

from autograd.value import Value

MODULE_NAME = "__walked__"
"""What the file's `__name__` is: not `__main__`, so that a program guarded by it does not start."""


class UserFileError(Exception):
    """A file could not be run, or holds no such Value; says where and why."""


def value_in_file(path: Path, name: str) -> Value:
    """Run a Python file and return the Value that it calls `name`.

    Values without a label get the names that the file has for them.

    Raises UserFileError where there is no such file, where it raises an error (with its
    line), and where `name` is not a Value in it.
    """
    module = _run(path)
    values = {key: thing for key, thing in vars(module).items() if isinstance(thing, Value)}
    for key, value in values.items():
        value.label = value.label or key
    if name in values:
        return values[name]
    found = getattr(module, name, None)
    there = f"the Values in it are {', '.join(values)}" if values else "there is no Value in it"
    if found is None:
        raise UserFileError(f"{path} has no {name!r}: {there}")
    raise UserFileError(f"{name} in {path} is no Value, its type is {type(found).__name__}: {there}")


def _run(path: Path) -> ModuleType:
    if not path.is_file():
        raise UserFileError(f"{path}: no such file")
    loader = SourceFileLoader(MODULE_NAME, str(path))
    module = module_from_spec(ModuleSpec(MODULE_NAME, loader, origin=str(path)))
    module.__file__ = str(path)
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)
    sys.modules[MODULE_NAME] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        where = f"{error.filename or path}, line {error.lineno}" if error.lineno else str(path)
        raise UserFileError(f"{where}: {type(error).__name__}: {error.msg}") from None
    except (Exception, SystemExit) as error:
        raise UserFileError(f"{path}, line {_line(error, path)}: {type(error).__name__}: {error}") from None
    finally:
        with suppress(ValueError):  # the file itself may have taken it away
            sys.path.remove(folder)
    return module


def _line(error: BaseException, path: Path) -> int | str:
    """The last line of the file itself that was running."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return lines[-1] if lines and lines[-1] else "?"
