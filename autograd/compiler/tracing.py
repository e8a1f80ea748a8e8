"""Recording a function: call it with Values, and flatten the graphs that it returns.

It is called at least twice, on different numbers. A program runs the same gates on any numbers,
so all calls must make the same graph. What differs would be frozen into the program, and is
refused: a random number, a number that was read past the guard, a setting that changes from call
to call. A gate that is the same node in two calls is older than they are, and refused as well:
a program would compute it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import Any

from autograd.arguments import real_number
from autograd.compiler.recording import Instruction, Recording
from autograd.declaration import GateError, gate_errors
from autograd.draws import Draw
from autograd.fused import total
from autograd.grad_mode import RecordingError, enable_grad, reading_guarded
from autograd.graph import topological_order
from autograd.reals import as_float, named_number
from autograd.shapes import flat, places, shaped, titles
from autograd.value import Value


def record(function: Callable[..., Any], *example: Any) -> Recording:
    """Call `function` with Values in the place of the numbers in `example`, and record its gates.

    `example` has numbers, or lists, tuples and arrays of them, nested as you like; the
    function returns Values, or lists, tuples and arrays of them.

    Raises RecordingError if the function takes a number out of the graph (`v.data`, `float(v)`,
    a comparison, `max`, `detach`, `no_grad`) or computes something else in its second call, on
    other numbers; TypeError if it returns anything else.

    >>> [instruction.gate.name for instruction in record(lambda x, y: x * y + 1, 2.0, 3.0).instructions]
    ['multiply', 'add']
    """
    first = _Trace(function, example)
    numbers = [v._data for v in first.inputs]
    others = ([-1.25 * x - 0.5 for x in numbers], [x + 2.0**-20 * (1.0 + x) for x in numbers], numbers)
    return _recording_of(first, next(_traces(function, ((example, other) for other in others))))


def record_on(function: Callable[..., Any], samples: Iterable[tuple[Any, ...]]) -> Recording:
    """Record a function as `record` does, on the first two samples for which its gates are defined.

    Raises the GateError of the first sample if there is none.
    """
    traces = _traces(function, ((sample, None) for sample in samples))
    first = next(traces)
    return _recording_of(first, next(traces, None) or _Trace(function, first.example))


def _traces(
    function: Callable[..., Any], calls: Iterable[tuple[tuple[Any, ...], list[float] | None]]
) -> Iterator[_Trace]:
    """The graphs of those calls whose numbers lie in the domain of every gate."""
    refused: list[GateError] = []
    found = False
    for example, numbers in calls:
        try:
            trace = _Trace(function, example, numbers)
        except GateError as error:
            refused.append(error)
        else:
            found = True
            yield trace
    if not found:
        raise refused[0]


def require_same(recording: Recording, function: Callable[..., Any], sample: tuple[Any, ...]) -> None:
    """Call a recorded function once more. Raises RecordingError if it now computes something else."""
    before = [p._data for p in recording.parameters]
    other = _flattened(_Trace(function, sample), set(recording.parameters))
    _require_unchanged(
        zip(recording.parameters, before, [p._data for p in recording.parameters], strict=True)
    )
    _require_equal(recording, other)


# ── one call ────────────────────────────────────────────────────────────────────────────


class _Trace:
    """The graph that one call of a function made.

    inputs   the Values in the place of the example's numbers
    gates    the nodes above the results that gates made, each after its inputs
    leaves   the other leaves, in the order of their first use
    numbers  the numbers of the leaves when the call had ended
    found    the results, in reading order
    """

    def __init__(
        self, function: Callable[..., Any], example: tuple[Any, ...], numbers: list[float] | None = None
    ) -> None:
        self.example, self.titles = example, tuple(titles(function, len(example)))
        named = [
            (place, real_number(place, number, "a number", lambda _: True))
            for title, argument in zip(self.titles, example, strict=True)
            for number, place in zip(flat(argument, title), places(argument, title), strict=True)
        ]
        self.inputs = [Value(number, place) for place, number in named]
        if numbers is not None:
            for v, number in zip(self.inputs, numbers, strict=True):
                v._data = number
        with enable_grad():
            self.result = _guarded(function, shaped(example, self.inputs))
            self.found = flat(self.result, "the function's result")
            if not self.found:
                raise TypeError("the function's result holds no Value: there is nothing to record")
            roots = [node for node in self.found if isinstance(node, Value)]
            order = topological_order(total(roots))[:-1] if roots else []
        self.gates = [node for node in order if node.gate is not None]
        reached = dict.fromkeys(chain(chain.from_iterable(node.inputs for node in self.gates), roots))
        own = set(self.inputs)
        self.leaves = [node for node in reached if node.gate is None and node not in own]
        self.numbers = {leaf: leaf._data for leaf in self.leaves}


def _guarded(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    refusals: list[RecordingError] = []

    def refuse(expression: str) -> None:
        refusals.append(_refusal(expression))
        raise refusals[0]

    noting = gate_errors.set([])
    try:
        with reading_guarded(refuse):
            result = function(*arguments)
        caught = gate_errors.get()
    finally:
        gate_errors.reset(noting)
    if refusals:  # which the function caught
        raise refusals[0]
    if caught:
        raise RecordingError(
            f"the function caught an error while recording ({caught[0]}): which way it takes depends on "
            "numbers, and would be frozen into the program. Write gates that are defined everywhere"
        )
    return result


_INSTEAD = {
    "backward()": "return the loss: the program has a backward() of its own",
    "a program with parameters": "call the function that it was compiled from",
    "no_grad()": "compute such numbers outside, and give them as an input",
    "detach()": "compute such numbers outside, and give them as an input",
}


def _refusal(expression: str) -> RecordingError:
    instead = _INSTEAD.get(
        expression,
        "write gates: maximum(a, b) or minimum(a, b) for max and min, "
        "relu(v) or maximum(v, 0) for `v if v > 0 else 0`, whose slopes at 0 are 0 and 1",
    )
    return RecordingError(
        f"{expression} while recording: the number it gives would be frozen into the program. "
        f"Instead, {instead}"
    )


# ── a recording of several calls ────────────────────────────────────────────────────────


def _recording_of(one: _Trace, other: _Trace) -> Recording:
    """The recording of one call, if another made the same graph."""
    older = set(one.gates).intersection(other.gates)
    if older:
        node = next(node for node in one.gates if node in older)
        raise RecordingError(
            f"{node.gate.applied_to(node.arguments)} was computed before the recording: a program would "  # type: ignore[union-attr]
            "compute it anew at each run, where the function keeps its number. Compute it in the "
            "function, or take its number alone, v.detach()"
        )
    held = set(one.leaves).intersection(other.leaves)
    _require_unchanged([(leaf, one.numbers[leaf], other.numbers[leaf]) for leaf in held])
    recording = _flattened(one, held)
    _require_equal(recording, _flattened(other, held))
    return recording


def _flattened(trace: _Trace, held: Set[Value]) -> Recording:
    """The graph as instructions. Draws of this call alone are inputs; held leaves are parameters."""
    draws = [leaf for leaf in trace.leaves if isinstance(leaf, Draw) and leaf not in held]
    inputs = [*trace.inputs, *draws]
    drawn = set(draws)
    parameters = [leaf for leaf in trace.leaves if leaf not in drawn]
    slot: dict[Value, int] = {leaf: i for i, leaf in enumerate([*inputs, *parameters])}
    first_constant = len(slot)
    constants: dict[str, int] = {}

    def constant(number: float) -> int:
        return constants.setdefault(as_float(number).hex(), first_constant + len(constants))

    for node in trace.gates:
        for _, number in node.constants:
            constant(number)
    for x in trace.found:
        if not isinstance(x, Value):
            constant(x)
    first_result = first_constant + len(constants)
    slot.update((node, first_result + i) for i, node in enumerate(trace.gates))

    def slot_of(argument: Value | float) -> int:
        return slot[argument] if isinstance(argument, Value) else constant(argument)

    def instruction(node: Value) -> Instruction:
        if node.constants:
            arguments = tuple(map(slot_of, node.arguments))
        else:
            arguments = tuple(map(slot.__getitem__, node.inputs))
        return Instruction(node.gate, slot[node], arguments)  # type: ignore[arg-type]

    return Recording(
        example=trace.example,
        titles=trace.titles,
        inputs=tuple(leaf.label or "draw" for leaf in inputs),
        draws=tuple(draws),
        parameters=tuple(parameters),
        constants=tuple(map(float.fromhex, constants)),
        instructions=tuple(map(instruction, trace.gates)),
        result=shaped((trace.result,), [slot_of(x) for x in trace.found])[0],
        labels={slot[node]: node.label for node in trace.gates if node.label},
    )


# ── comparing calls ─────────────────────────────────────────────────────────────────────


def _require_equal(recording: Recording, other: Recording) -> None:
    if difference := _difference(recording, other):
        raise RecordingError(
            f"the function computes something else each time it is called, as dropout does: {difference}. "
            "One of its ways would be frozen into the program. For random numbers take nn.Dropout, nn.Noise "
            "or autograd.Draw; numbers that change from call to call give as inputs"
        )


def _difference(one: Recording, other: Recording) -> str:
    """Where two recordings differ, in words; empty if they do not."""
    for leaf, other_leaf in zip(one.parameters, other.parameters, strict=False):
        if leaf is not other_leaf and leaf._data.hex() != other_leaf._data.hex():
            return (
                f"it uses a leaf {named_number(leaf)} in one call and {named_number(other_leaf)} in another"
            )
    if _structure(one) == _structure(other):
        return ""
    for a, b in zip(one.instructions, other.instructions, strict=False):
        if a.gate is not b.gate:
            return f"one call applies {a.gate.name} where another applies {b.gate.name}"
        for x, y in zip(_operands(one, a.arguments), _operands(other, b.arguments), strict=False):
            if isinstance(x, str) and isinstance(y, str) and x != y:
                numbers = float.fromhex(x), float.fromhex(y)
                return f"{a.gate.name} takes {numbers[0]!r} in one call and {numbers[1]!r} in another"
            if x != y:
                return f"{a.gate.name} has other inputs in another call"
    counts = len(one.instructions), len(other.instructions)
    if counts[0] != counts[1]:
        return f"{counts[0]} gates in one call, {counts[1]} in another"
    return "it returns other results"


def _structure(recording: Recording) -> tuple[Any, ...]:
    """What two calls of one function have in common; of leaves made in the call, how many there are."""
    digits = list(map(float.hex, recording.constants))
    leaves = len(recording.draws), len(recording.parameters)
    return recording.instructions, recording.outputs, leaves, digits


def _operands(recording: Recording, slots: Sequence[int]) -> list[tuple[str, int] | str]:
    """What stands in some slots: a number by its digits, anything else by its place."""
    first, result = recording.first_constant, recording.first_result
    return [
        recording.constants[slot - first].hex()
        if first <= slot < result
        else ("result", slot - result)
        if slot >= result
        else ("leaf", slot)
        for slot in slots
    ]


def _require_unchanged(numbers: Iterable[tuple[Value, float, float]]) -> None:
    """Raise RecordingError for a leaf with one number before a call, and another after it."""
    for leaf, before, after in numbers:
        if before is not after and before.hex() != after.hex():
            raise RecordingError(
                f"the function sets the number of a leaf ({named_number(leaf)}, in another call {before!r}), "
                "which a program reads once for a whole batch. Give such numbers as inputs"
            )
