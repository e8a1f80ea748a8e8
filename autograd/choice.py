"""`choose`: one of a list's elements as a gate, so that the index can be an input of a program.

>>> choose(2, [4.0, 5.0, 6.0])
6.0
"""

from __future__ import annotations

from functools import partial
from typing import Any

from autograd.declaration import Gate, Result
from autograd.fused import FusedGate, SequenceGate
from autograd.reals import named_number


class Choice(SequenceGate):
    """A gate that hands on one of its values, chosen by a whole number, its first argument."""

    def flatten(self, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """The index and the values in one row."""
        index, column = columns
        values = self._items(column)
        if not values:
            raise ValueError(f"{self.name} needs at least one value to choose")
        return (index, *values)

    def function(self, *arguments: float) -> Result:
        """The chosen value. Its local gradient is 1; those of the others and of the index are 0."""
        index, *values = arguments
        if index not in range(len(values)):
            raise ValueError(f"it needs a whole index from 0 to {len(values) - 1}")
        place = int(index)
        local_grads = [0.0] * len(arguments)
        local_grads[1 + place] = 1.0
        return values[place], tuple(local_grads)

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """The gate's name, its index and how many values there are, for an error."""
        return f"{self.name}({named_number(arguments[0])}, of {len(arguments) - 1} values)"


AnyGate = Gate | FusedGate | Choice
"""Whichever of the three made a node."""


@partial(Choice, symbol="v[i]", formula="values[index]", role="router")
def choose(index: Any, values: Any) -> tuple[Any, ...]:
    """values[index], as a gate, so that the index may be an input of a compiled program.

    index is a whole number from 0, values a sequence of Values and numbers. The local gradient
    of the chosen value is 1, of all others 0; the index takes no gradient.

    >>> from autograd import Value
    >>> values = [Value(2.0), Value(3.0)]
    >>> chosen = choose(1, values)
    >>> chosen.backward()
    >>> chosen.data, [v.grad for v in values]
    (3.0, [0.0, 1.0])
    """
    return index, values
