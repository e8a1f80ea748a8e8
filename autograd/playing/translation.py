"""Gates, and other functions of floats, in JavaScript: translated from the one definition that there is.

What a function calls is translated along. Where a gate's function cannot be read, the formulas that the
gate declares are translated in its place.

>>> from autograd import gates
>>> print(Translation([gates.sqrt]).script)
function sqrt(x) {
  let root;
  root = python.sqrt(x);
  return [root, [root !== 0.0 ? python.divide(0.5, root) : Infinity]];
}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.declaration import Gate, Operation
from autograd.function_source import UntranslatableError, definition
from autograd.playing.javascript import FunctionWriter, identifier

Function = Callable[..., Any]


class Translation:
    """Gates, and other functions of floats, in JavaScript.

    script  the definitions, helper functions included
    names   what each function is called in the script; a gate without an entry could not be translated
    """

    def __init__(self, functions: Iterable[Gate | Function]) -> None:
        self.names: dict[Any, str] = {}
        self._definitions: list[str] = []
        for function in functions:
            ways = (self.called, self._formulas) if isinstance(function, Gate) else (self.called,)
            for translate in ways:
                known = dict(self.names), list(self._definitions)
                try:
                    translate(function)
                    break
                except UntranslatableError:
                    self.names, self._definitions = known

    @property
    def script(self) -> str:
        return "\n".join(self._definitions)

    def called(self, function: Any) -> str:
        """The name of a gate or function in the script, translated now if it is not yet."""
        if function in self.names:
            return self.names[function]
        if isinstance(function, Operation):
            own: Any = function.function
            self.names[function] = self.called(getattr(own, "__func__", own))  # or a class's method
        else:
            tree = definition(function)
            name = self.names[function] = self._new_name(tree.name)
            self._definitions.append(FunctionWriter(function, self.called, tree).definition(name))
        return self.names[function]

    def _formulas(self, gate: Any) -> None:
        """The gate by the formulas that it declares."""
        writer = FunctionWriter(gate.function, self.called, None)
        output, *local = (writer.formula(text) for text in (gate.formula, *gate.local))
        name = self.names[gate] = self._new_name(gate.name)
        body = f"  return [{output}, [{', '.join(local)}]];"
        self._definitions.append(f"function {name}({writer.parameters()}) {{\n{body}\n}}")

    def _new_name(self, wanted: str) -> str:
        name, count = identifier(wanted), 1
        while name in self.names.values():
            count += 1
            name = f"{identifier(wanted)}_{count}"
        return name
