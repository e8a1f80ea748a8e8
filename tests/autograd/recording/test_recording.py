"""What a recording holds, and what a function must not do while it is recorded."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from autograd import Draw, GateError, RecordingError, Value, dot, exp, grad, log, maximum, no_grad, total
from autograd.recording.recording import Recording
from autograd.recording.tracing import record


def applied(recording: Recording) -> list[str]:
    """The instructions in names: `g7 = add 1.0 g6`."""
    names = recording.names
    return [
        " ".join([names[i.output], "=", i.gate.name, *(names[slot] for slot in i.arguments)])
        for i in recording.instructions
    ]


# ── slots ───────────────────────────────────────────────────────────────────────────────


A, B = Value(2.0, "a"), Value(-1.0, "b")


SLOTS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "inputs, parameters, constants, results": (
        lambda x: 3.0 * (A * x + B),
        "x a b 3.0 v1 v2 v3",
        "v1 = multiply a x, v2 = add v1 b, v3 = multiply 3.0 v2",
    ),
    "parameters by their first use": (lambda x: B * A, "x b a v1", "v1 = multiply b a"),
    "constants once each": (lambda x: (1 / x) / 1, "x 1.0 v1 v2", "v1 = divide 1.0 x, v2 = divide v1 1.0"),
    "0 is not -0, and NaN is NaN": (
        lambda x: [maximum(x, 0.0), maximum(x, -0.0), x * math.nan, float("nan")],
        "x 0.0 -0.0 nan v1 v2 v3",
        "v1 = maximum x 0.0, v2 = maximum x -0.0, v3 = multiply x nan",
    ),
    "one value in several places": (
        lambda x: dot([x, x], [x, 2.0], x) + A * A,
        "x a 2.0 v1 v2 v3",
        "v1 = dot x x x 2.0 x, v2 = multiply a a, v3 = add v1 v2",
    ),
    "without what does not reach the result": (
        lambda x: (exp(x), x + 1)[1],
        "x 1.0 v1",
        "v1 = add x 1.0",
    ),
}


@pytest.mark.parametrize(("function", "names", "instructions"), SLOTS.values(), ids=SLOTS)
def test_slots_and_instructions(function: Callable[..., Any], names: str, instructions: str) -> None:
    recording = record(function, 5.0)
    assert recording.names == names.split()
    assert ", ".join(applied(recording)) == instructions


def test_the_result_has_slots_in_place_of_values_and_numbers() -> None:
    recording = record(lambda x: [A, (x, 7), {"again": A}], 1.0)
    assert recording.result == [1, (0, 2), {"again": 1}]
    assert (recording.outputs, recording.parameters, recording.constants) == ([1, 0, 2, 1], (A,), (7.0,))
    assert record(lambda: A).parameters == (A,)
    assert record(lambda x: 3, 1.0).constants == (3.0,)


def test_what_is_the_same_for_all_samples_and_where_gradients_flow() -> None:
    w = Value(2.0, "w")
    recording = record(lambda x: (w * w + x, x * x), 1.0)
    assert recording.names == ["x", "w", "v1", "v2", "v3"]
    assert [i.gate.name for i in recording.instructions] == ["multiply", "multiply", "add"]
    per_sample, flows = recording.per_sample, recording.flows
    assert (per_sample[0], flows[0], per_sample[1], flows[1]) == (True, False, False, True)
    assert sorted(zip(per_sample[2:4], flows[2:4], strict=True)) == [(False, True), (True, False)]
    assert (per_sample[4], flows[4]) == (True, True)


def test_a_part_of_a_recording_has_what_it_is_computed_from() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    recording = record(lambda x, y: [a * x + 3.0, b * x * 4.0], 1.0, 2.0)
    part = recording.only(recording.result[1:])
    assert (part.inputs, part.parameters, part.constants) == (("x", "y"), (b,), (4.0,))
    assert applied(part) == ["v1 = multiply b x", "v2 = multiply v1 4.0"]
    assert part.result == [part.first_result + 1]
    whole = recording.only(recording.result)
    assert (whole.instructions, whole.names) == (recording.instructions, recording.names)


# ── names ───────────────────────────────────────────────────────────────────────────────


def test_labels_given_in_the_function_are_names() -> None:
    def f(x: Value) -> Value:
        y = x * x
        y.label, x.label = "y", "x1"
        return y + 1

    assert record(f, 2.0).names == ["x1", "1.0", "y", "v1"]
    a, b = Value(1.0, "w"), Value(2.0, "w")
    assert record(lambda w: a * w + b, 1.0).names == ["w", "w#2", "w#3", "v1", "v2"]


def test_inputs_are_named_by_their_arguments_and_places() -> None:
    def names(function: Callable[..., Any], *example: Any) -> list[str]:
        return list(record(function, *example).inputs)

    assert names(lambda x, y: y, [1.0, (2.0, 3.0)], 4.0) == ["x[0]", "x[1][0]", "x[1][1]", "y"]
    assert names(lambda *inputs, scale=2.0: inputs[0] * scale, 1.0, 2.0) == ["x1", "x2"]
    assert names(lambda x, *others: x, 1.0, 2.0) == ["x", "x2"]
    assert names(lambda x2, *others: x2, 1.0, 2.0, 3.0) == ["x2", "x3", "x4"]
    assert names(exp, 1.0) == ["x"]
    assert names(lambda X: X[0, 0], np.ones((1, 2))) == ["X[0][0]", "X[0][1]"]


def test_a_number_of_the_example_that_is_none_is_named() -> None:
    with pytest.raises(TypeError, match=r"y\[1\] is a number, got Value"):
        record(lambda x, y: x * y[0], 1.0, [2.0, Value(3.0)])
    assert record(lambda x: x * 2.0, math.inf).inputs == ("x",)


# ── the example ─────────────────────────────────────────────────────────────────────────


def test_the_function_gets_values_in_the_shape_of_the_example() -> None:
    seen: list[Any] = []

    def f(number: Any, pair: Any, table: Any) -> Any:
        seen.extend([number, pair, table])
        return total([number, *pair[1], *table.ravel()])

    recording = record(f, 1, (2, [np.float32(3.0), True]), np.array([[4, 5]]))
    number, pair, table = seen[:3]
    assert (number.data, [v.data for v in pair[1]], pair[0].data) == (1.0, [3.0, 1.0], 2.0)
    assert (type(pair), type(pair[1]), table.shape) == (tuple, list, (1, 2))
    assert len(recording.inputs) == 6


def test_inside_no_grad_a_function_is_recorded_all_the_same() -> None:
    w = Value(2.0)
    with no_grad():
        recording = record(lambda x: w * x, 1.0)
    assert (recording.parameters, len(recording.instructions)) == ((w,), 1)


def test_what_holds_no_numbers_is_refused() -> None:
    for result in (None, "text", []):
        with pytest.raises(TypeError, match=r"the function's result|nothing to record"):
            record(lambda x, result=result: result, 1.0)
    for example in ("text", [1.0, "2"]):
        with pytest.raises(TypeError, match="x: expected a number"):
            record(lambda x: x, example)


# ── numbers that would be frozen ────────────────────────────────────────────────────────

READING: dict[str, Callable[[Any, Any], Any]] = {
    "if": lambda a, b: a if a > 0 else b,
    "truth": lambda a, b: a or b,
    "equal": lambda a, b: a if b == 1 else b,
    "float": lambda a, b: float(a) * b,
    "max": lambda a, b: max(a, b),
    "math": lambda a, b: math.sin(a) * b,
    "format": lambda a, b: float(f"{a:.2f}") * b,
    "np.maximum": lambda a, b: np.maximum(np.array([a]), np.array([b]))[0],
    "array of floats": lambda a, b: np.array([a, b], dtype=float)[0] * b,
}


@pytest.mark.parametrize("function", READING.values(), ids=READING)
def test_looking_at_a_number_is_refused_with_what_to_write_instead(function: Callable[..., Any]) -> None:
    with pytest.raises(RecordingError, match=r"while recording: .* frozen .* Instead, (write|call) "):
        record(function, 1.0, 2.0)


def without_recording(w: Value, x: Value) -> Any:
    with no_grad():
        return w * x


def differentiated(w: Value, x: Value) -> Value:
    (w * x).backward()
    return w * x * w.grad


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda w, x: w.detach() * x, r"detach\(\) while recording: .* give them as an input"),
        (without_recording, r"no_grad\(\) while recording: .* give them as an input"),
        (differentiated, r"backward\(\) while recording: .* a backward\(\) of its own"),
        (lambda w, x: grad(lambda a: a * w)(2.0) * x, r"v\.grad while recording"),
        (lambda w, x: math.exp(w) * x, r"float\(v\) while recording: .* autograd\.exp for math\.exp"),
        (lambda w, x: w.data * x, r"v\.data while recording: .* compute with v itself"),
        (lambda w, x: [x, x][int(w)], r"int\(v\) while recording: .* choose\(v, values\)"),
    ],
)
def test_taking_numbers_out_of_the_graph_is_refused(function: Callable[..., Any], message: str) -> None:
    w = Value(2.0)
    with pytest.raises(RecordingError, match=message):
        record(lambda x: function(w, x), 3.0)
    assert w.grad == 0.0


def test_what_does_not_depend_on_a_number_may_branch() -> None:
    def f(x: Value) -> Value:
        v = x if x is not None and x.gate is None else x * 2
        print(v, repr(v), f"{v}")  # a look for people alone
        return v + 1

    assert len(record(f, 0.0).instructions) == 1


def test_recording_ends_with_the_function_even_if_that_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        record(lambda x: 1 / 0, 1.0)
    assert Value(2.0) > 1


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_other_threads_may_look_at_other_numbers_meanwhile() -> None:
    assert applied(record(lambda x: x * in_a_thread(lambda: Value(5.0).data), 1.0)) == ["v1 = multiply x 5.0"]


# ── what differs between calls ──────────────────────────────────────────────────────────


UNSEEN: dict[str, Callable[[Value], Any]] = {
    "a random leaf": lambda x: x * Value(random.random()),
    "a random gate": lambda x: x * x if next(TURNS) % 2 else x + x,
    "more and more gates": lambda x: total([x] * (next(TURNS) % 1000 + 1)) * 1.0 + sum([x] * next(TURNS)),
    "a thread": lambda x: x * in_a_thread(lambda: x.data),
    "a result that changes": lambda x: [x, 1.0 + next(TURNS)],
    "a gate, then a number": lambda x: [x * x, x * 2.0 if next(TURNS) % 2 else 4.0],
    "leaves that change places": lambda x: dot([x, x * x], PAIR if next(TURNS) % 2 else PAIR[::-1]),
    "one input twice": lambda x: dot([x, x], PAIR if next(TURNS) % 2 else [PAIR[0]] * 2),
}
TURNS = itertools.count()
PAIR = [Value(0.0), Value(0.0)]


@pytest.mark.parametrize("function", UNSEEN.values(), ids=UNSEEN)
def test_what_is_something_else_in_each_call_would_be_frozen(function: Callable[[Value], Any]) -> None:
    with pytest.raises(RecordingError, match="computes something else each time it is called"):
        record(function, 2.0)


def test_the_error_says_what_differs() -> None:
    turns = itertools.count()
    with pytest.raises(RecordingError, match=r"as dropout does: multiply takes 0\.5 in one call and 1\.5"):
        record(lambda x: (x + 1.0) * (0.5 + next(turns)), 2.0)


def test_a_refusal_that_is_caught_is_a_refusal() -> None:
    def careful(x: Value) -> Value:
        try:
            return x * float(x)
        except RuntimeError:
            return x * 2.0

    with pytest.raises(RecordingError, match=r"float\(v\) while recording"):
        record(careful, 2.0)


def test_an_error_of_a_gate_that_is_caught_is_a_branch() -> None:
    def careful(x: Value) -> Value:
        try:
            return log(x)
        except GateError:
            return x * 0.0 - 10.0

    with pytest.raises(RecordingError, match=r"caught an error while recording \(log\(x = -1\.0\) is"):
        record(careful, -1.0)
    with pytest.raises(RecordingError, match="caught an error while recording"):
        record(careful, 1.0)  # compared on a negative number


def test_a_leaf_that_the_function_sets_is_refused() -> None:
    w = Value(0.0, "w")

    def f(x: Value) -> Value:
        w.data = float(next(turns))
        return w * x

    turns = itertools.count()
    with pytest.raises(RecordingError, match=r"sets the number of a leaf \(w = 1\.0, in another call 0\.0\)"):
        record(f, 2.0)


def test_a_node_that_is_older_than_the_call_is_refused() -> None:
    # The function keeps 4 = 2², which a program would compute anew when w is 3.
    w = Value(2.0, "w")
    square = w * w
    with pytest.raises(RecordingError, match=r"multiply\(w = 2\.0, w = 2\.0\) was computed before"):
        record(lambda x: square * x, 1.0)
    assert applied(record(lambda x: w * w * x, 1.0)) == ["v1 = multiply w w", "v2 = multiply v1 x"]


def test_leaves_made_in_the_call_are_parameters_if_their_numbers_stay() -> None:
    recording = record(lambda x: Value(2.0, "two") * x, 1.0)
    assert [p.data for p in recording.parameters] == [2.0]


def test_an_example_at_the_edge_of_a_domain_is_compared_with_numbers_beside_it() -> None:
    assert applied(record(lambda x: log(x), 1e-300)) == ["v1 = log x"]
    with pytest.raises(RecordingError, match="something else each time"):
        record(lambda x: log(x) * random.random(), 1e-300)


# ── draws ───────────────────────────────────────────────────────────────────────────────


def test_draws_are_the_last_inputs_and_their_numbers_are_not_looked_at() -> None:
    rng = random.Random(0)
    recording = record(lambda x: x * Draw(rng.random, 0.5, "mask") + Draw(rng.random, 0.5), 1.0)
    assert recording.inputs == ("x", "mask", "draw")
    assert [draw.mean for draw in recording.draws] == [0.5, 0.5]
    assert applied(recording) == ["v1 = multiply x mask", "v2 = add v1 draw"]


def test_a_distribution_is_a_function() -> None:
    with pytest.raises(TypeError, match=r"distribution is a function, such as random.*, got float: 0\.5"):
        Draw(0.5, 0.5)  # type: ignore[arg-type]


def test_a_draw_that_is_held_is_a_leaf_like_others() -> None:
    held = Draw(random.Random(0).random, 0.5)
    recording = record(lambda x: x * held, 1.0)
    assert (recording.draws, recording.parameters) == ((), (held,))


# ── replay ──────────────────────────────────────────────────────────────────────────────


def test_replay_is_the_eager_graph_with_the_very_parameters() -> None:
    w = Value(2.0, "w")
    recording = record(lambda x: (w * x).tanh() - 1, 0.3)
    w.data = 4.0
    result = recording.replay([0.5])[recording.result]
    assert result.data == math.tanh(2.0) - 1.0
    result.backward()
    assert w.grad == pytest.approx(0.5 / math.cosh(2.0) ** 2, rel=1e-15)
