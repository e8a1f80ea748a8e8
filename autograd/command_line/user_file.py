"""The Values of a user's own Python file, for the command line: `path/to/file.py:loss`."""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from autograd.arguments import did_you_mean
from autograd.value import Value

MODULE_NAME = "__walked__"
"""What the file's `__name__` is: not `__main__`, so that a program guarded by it does not start."""


class UserFile:
    """A Python file that has been run.

    Values without a label get the names that the file has for them: loss, ws[0].

    Raises ValueError if there is no such file, or if it raises an error, with its line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.module = _run(path)
        self.names = {name: thing for name, thing in vars(self.module).items() if not name.startswith("__")}
        self.values = dict(self._values())
        for name, value in self.values.items():
            value.label = value.label or name

    def value(self, expression: str) -> Value:
        """The Value of a name, an attribute or an element: loss, net.loss, ws[0], parts["b"].

        Raises ValueError for anything else, with the names of the file's Values.
        """
        found = self.thing(expression)
        if not isinstance(found, Value):
            kind = type(found).__name__
            raise ValueError(f"{expression} in {self.path} is a {kind}, not a Value: {self._there()}")
        found.label = found.label or expression
        return found

    def thing(self, expression: str) -> Any:
        """Whatever the file has under such a name. Raises ValueError if there is nothing."""
        try:
            return self._found(ast.parse(expression, mode="eval").body)
        except SyntaxError:
            raise ValueError(f"{expression!r} is not a name such as loss, net.loss or ws[0]") from None
        except (AttributeError, LookupError, TypeError) as error:
            raise ValueError(f"{self.path} has no {expression}: {error}") from None

    def _found(self, tree: ast.expr) -> Any:
        match tree:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name):
                hint = did_you_mean(name, self.values)
                raise ValueError(f"{self.path} has no {name!r}: {self._there(name)}{hint}")
            case ast.Attribute(value=owner, attr=name):
                return getattr(self._found(owner), name)
            case ast.Subscript(value=owner, slice=ast.Constant() | ast.UnaryOp() as place):
                return self._found(owner)[ast.literal_eval(place)]
        raise SyntaxError("a call or an operation")

    def _values(self) -> Iterator[tuple[str, Value]]:
        """The Values of the file by name, those in its lists and tuples too."""
        elements = []
        for name, thing in self.names.items():
            if isinstance(thing, Value):
                yield name, thing
            elif isinstance(thing, (list, tuple)):
                elements += [(f"{name}[{i}]", x) for i, x in enumerate(thing) if isinstance(x, Value)]
        yield from elements

    def _there(self, name: str = "") -> str:
        guarded = _guarded_names(self.path)
        if guarded is not None and (name in guarded or not self.values):
            guard = "what stands under `if __name__ == '__main__':` is not run here"
            return f"{guard}; set {name or 'it'} outside of it"
        if not self.values:
            return "there is no Value in it, outside of functions"
        names = list(self.values)
        shown = names if len(names) <= 12 else [*names[:10], "…", names[-1]]
        return f"the Values in it are {', '.join(shown)}"


def _guarded_names(path: Path) -> set[str] | None:
    """The names that a file sets under its `__main__` guard; None if it has no such guard."""
    body = ast.parse(path.read_bytes()).body
    tests = [(node, ast.unparse(node.test)) for node in body if isinstance(node, ast.If)]
    guards = [node for node, test in tests if "__name__" in test and "__main__" in test]
    inside = [x for guard in guards for x in ast.walk(guard) if isinstance(x, ast.Name)]
    return {x.id for x in inside if isinstance(x.ctx, ast.Store)} if guards else None


def _run(path: Path) -> ModuleType:
    if path.suffix == ".ipynb":
        raise ValueError(
            f"{path} is a notebook, and Python files alone are run here: in the notebook itself, walk(loss), "
            "draw(loss) and player(loss) show the same"
        )
    if not path.is_file():
        raise ValueError(f"{path}: no such file")
    sys.modules[MODULE_NAME] = module = ModuleType(MODULE_NAME)
    module.__file__ = str(path)
    sys.path.insert(0, str(path.resolve().parent))
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        where = f"{error.filename or path}, line {error.lineno}" if error.lineno else str(path)
        raise ValueError(f"{where}: {type(error).__name__}: {error.msg}") from None
    except (Exception, SystemExit) as error:
        raise ValueError(f"{path}, line {_line(error, path)}: {type(error).__name__}: {error}") from None
    return module


def _line(error: BaseException, path: Path) -> int | str:
    """The last line of the user's own file that was running."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None) or "?"
