"""Recording a function: call it with Values, and flatten the graphs that it returns.

It is called at least twice, on different numbers. A program runs the same gates on any numbers,
so all calls must make the same graph. What differs would be frozen into the program, and is
refused: a random number, a number that was read past the guard, a setting that changes from call
to call. A gate that is the same node in two calls is older than they are, and refused as well:
a program would compute it anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from autograd.arguments import real_number
from autograd.declaration import GateError, gate_errors
from autograd.draws import Draw
from autograd.fused import total
from autograd.grad_mode import RecordingError, enable_grad, guarded_by
from autograd.reals import as_float, named_number
from autograd.recording.garbage import collecting_later
from autograd.recording.recording import Instruction, Recording
from autograd.shapes import flat, places, shaped, titles
from autograd.value import Value, gate_order


@collecting_later()
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
    first = _Call(function, example)
    numbers = [v._data for v in first.inputs]
    others = ([-1.25 * x - 0.5 for x in numbers], [x + 2.0**-20 * (1.0 + x) for x in numbers], numbers)
    calls = _defined_calls(function, (shaped(example, other) for other in others))
    return _recording_of(function, first, calls)


@collecting_later()
def record_on(function: Callable[..., Any], samples: Iterable[tuple[Any, ...]]) -> Recording:
    """Record a function as `record` does, on the first two samples for which its gates are defined.

    Raises the GateError of the first sample if there is none.
    """
    calls = _defined_calls(function, samples)
    return _recording_of(function, next(calls), calls)


def _defined_calls(function: Callable[..., Any], examples: Iterable[tuple[Any, ...]]) -> Iterator[_Call]:
    """The calls on those of some examples whose numbers lie in the domain of every gate."""
    refused: list[GateError] = []
    found = False
    for example in examples:
        try:
            call = _Call(function, example)
        except GateError as error:
            refused.append(error)
        else:
            found = True
            yield call
    if not found:
        raise refused[0]


def _recording_of(function: Callable[..., Any], first: _Call, others: Iterator[_Call]) -> Recording:
    """The recording of one call, if another, by default on the same numbers, makes the same graph."""
    recording, gates = _flattened(first)
    numbers = [leaf._data for leaf in recording.parameters]
    at = _compared(recording, numbers, next(others, None) or _Call(function, first.example))
    older = next((node for slot, node in enumerate(gates, recording.first_result) if at[slot] is node), None)
    if older is not None:
        raise RecordingError(
            f"{older.gate.applied_to(older.arguments)} was computed before the recording: a program would "
            "compute it anew at each run, where the function keeps its number. Compute it in the "
            "function, or take its number alone, v.detach()"
        )
    held = [draw for slot, draw in enumerate(recording.draws, recording.first_draw) if at[slot] is draw]
    return _flattened(first, held)[0] if held else recording


@collecting_later()
def require_same(recording: Recording, function: Callable[..., Any], sample: tuple[Any, ...]) -> None:
    """Call a recorded function once more. Raises RecordingError if it now computes something else."""
    numbers = [leaf._data for leaf in recording.parameters]
    _compared(recording, numbers, _Call(function, sample))


# ── one call ────────────────────────────────────────────────────────────────────────────


class _Call:
    """One call of a function.

    inputs  the Values in the place of the example's numbers
    found   the results, in reading order
    """

    def __init__(self, function: Callable[..., Any], example: tuple[Any, ...]) -> None:
        self.example, self.titles = example, tuple(titles(function, len(example)))
        self.inputs = [
            Value(real_number(place, number, "a number", lambda _: True), place)
            for title, argument in zip(self.titles, example, strict=True)
            for number, place in zip(flat(argument, title), places(argument, title), strict=True)
        ]
        with enable_grad():
            self.result = _guarded(function, shaped(example, self.inputs))
        self.found = flat(self.result, "the function's result")
        if not self.found:
            raise TypeError("the function's result holds no Value: there is nothing to record")


def _guarded(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    refusals: list[RecordingError] = []

    def refuse(expression: str) -> None:
        refusals.append(
            RecordingError(
                f"{expression} while recording: the number it gives would be frozen into the program. "
                f"Instead, {_INSTEAD.get(expression, _GATES)}"
            )
        )
        raise refusals[0]

    noting = gate_errors.set([])
    try:
        with guarded_by(refuse):
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
    "v.data": "compute with v itself",
    "float(v)": "call the gates of autograd, such as autograd.exp for math.exp",
    "int(v)": "choose(v, values) hands on one of some values",
}


_GATES = (
    "write gates: maximum(a, b) or minimum(a, b) for max and min, "
    "relu(v) or maximum(v, 0) for `v if v > 0 else 0`, whose slopes at 0 are 0 and 1"
)


# ── flattening ──────────────────────────────────────────────────────────────────────────


def _flattened(call: _Call, held: Sequence[Draw] = ()) -> tuple[Recording, list[Value]]:
    """The graph as instructions, and their nodes. Draws are inputs, but for those that the function holds."""
    roots = [node for node in call.found if isinstance(node, Value)]
    gates = _by_depth(roots)
    reached = dict.fromkeys(chain(chain.from_iterable(node.inputs for node in gates), roots))
    own = set(call.inputs)
    leaves = [node for node in reached if node.gate is None and node not in own]
    draws = [leaf for leaf in leaves if isinstance(leaf, Draw) and leaf not in held]
    drawn = set(draws)
    parameters = [leaf for leaf in leaves if leaf not in drawn]
    with_numbers = {node: [_key(x) for x in node.arguments] for node in gates if node.constants}
    found = [_key(x) for x in call.found]
    constants = dict.fromkeys(key for key in chain(*with_numbers.values(), found) if isinstance(key, str))
    ordered: list[Value | str] = [*call.inputs, *draws, *parameters, *constants, *gates]
    slot = {key: i for i, key in enumerate(ordered)}
    recording = Recording(
        example=call.example,
        titles=call.titles,
        inputs=tuple(leaf.label or "draw" for leaf in (*call.inputs, *draws)),
        draws=tuple(draws),
        parameters=tuple(parameters),
        constants=tuple(map(float.fromhex, constants)),
        instructions=tuple(
            Instruction(
                node.gate,  # type: ignore[arg-type]
                slot[node],
                tuple(map(slot.__getitem__, with_numbers.get(node, node.inputs))),
            )
            for node in gates
        ),
        result=shaped((call.result,), map(slot.__getitem__, found))[0],
        labels={slot[node]: node.label for node in gates if node.label},
    )
    return recording, gates


def _by_depth(roots: Sequence[Value]) -> list[Value]:
    """The gates above some nodes: first those whose inputs are all leaves, and so on."""
    if not roots:
        return []
    with enable_grad():
        order = gate_order(total(roots))[-2::-1]  # which visits the last input first
    depth: defaultdict[Value, int] = defaultdict(int)
    for node in reversed(order):
        depth[node] = 1 + max(map(depth.__getitem__, node.inputs))
    return sorted(order, key=depth.__getitem__)


def _key(x: Any) -> Value | str:
    """A node itself, or what tells a number from others: 0.0 is not -0.0, and NaN is NaN."""
    return x if isinstance(x, Value) else as_float(x).hex()


# ── comparing calls ─────────────────────────────────────────────────────────────────────


def _compared(recording: Recording, numbers: Sequence[float], other: _Call) -> dict[int, Any]:
    """What another call has in each slot of a recording: a node, or the digits of a constant.

    numbers  those of the recording's parameters when it was made

    Raises RecordingError if the other call made another graph, or set the number of a leaf.
    """
    at: dict[int, Any] = dict(enumerate(other.inputs))
    at.update(enumerate(map(_key, recording.constants), recording.first_constant))

    def differing(slots: Sequence[int], arguments: Sequence[Any]) -> tuple[Any, Any] | None:
        """Two things of which one call has the first where the other has the second."""
        keys = list(map(_key, arguments))
        here = [
            at.setdefault(slot, key) if isinstance(key, Value) else at.get(slot)
            for slot, key in zip(slots, keys, strict=False)
        ]
        if len(slots) == len(keys) and here == keys:
            return None
        return next((pair for pair in zip(here, keys, strict=False) if pair[0] != pair[1]), (None, None))

    if differing(recording.outputs, other.found):
        raise _changing("it returns other results")
    for instruction in reversed(recording.instructions):
        gate, node = instruction.gate, at[instruction.output]
        if node.gate is not gate:
            other_gate = f"applies {node.gate.name}" if node.gate else "has a leaf"
            raise _changing(f"one call applies {gate.name} where another {other_gate}")
        slots, inputs = instruction.arguments, node.inputs
        if len(slots) == len(inputs) and tuple(map(at.setdefault, slots, inputs)) == inputs:
            continue  # most often, and faster than one by one
        if pair := differing(slots, node.arguments):
            if isinstance(pair[0], str) and isinstance(pair[1], str):
                one, another = map(float.fromhex, pair)
                raise _changing(f"{gate.name} takes {one!r} in one call and {another!r} in another")
            raise _changing(f"{gate.name} has other inputs in another call")
    _require_equal_leaves(recording, numbers, at)
    return at


def _require_equal_leaves(recording: Recording, numbers: Sequence[float], at: dict[int, Any]) -> None:
    held = set(recording.parameters)
    for slot, (leaf, number) in enumerate(
        zip(recording.parameters, numbers, strict=True), recording.first_parameter
    ):
        other = at[slot]
        if other is leaf and number is not leaf._data and _key(number) != _key(leaf._data):
            raise RecordingError(
                f"the function sets the number of a leaf ({named_number(leaf)}, in another call {number!r}), "
                "which a program reads once for a whole batch. Give such numbers as inputs"
            )
        if other is not leaf and (other in held or _key(number) != _key(other._data)):
            raise _changing(
                f"it uses a leaf {named_number(leaf)} in one call and {named_number(other)} in another"
            )
    drawn = [isinstance(at[slot], Draw) for slot in range(recording.first_draw, recording.first_parameter)]
    if not all(drawn) or len(set(at.values())) < len(at):
        raise _changing("it uses other leaves in another call")


def _changing(difference: str) -> RecordingError:
    return RecordingError(
        f"the function computes something else each time it is called, as dropout does: {difference}. "
        "One of its ways would be frozen into the program. For random numbers take nn.Dropout, nn.Noise "
        "or autograd.Draw; numbers that change from call to call give as inputs"
    )
