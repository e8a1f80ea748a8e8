"""Gates of one's own in native code: compiled as they stand, with their errors."""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Gate, Program, Value, compile, gate  # noqa: A004  as the field calls it
from autograd import sigmoid as autograd_sigmoid
from autograd.recording.tracing import record
from tests.autograd.compiler.eager_answers import assert_same_gradients, assert_same_outputs, random_samples
from tests.random_programs import mix

pytest.importorskip("numba")


@gate(symbol="swish", formula="x*sigmoid(beta*x)", local=("...",))
def swish(x: float, beta: float = 1.0, scale: float = 2.0) -> Any:
    s = 1.0 / (1.0 + math.exp(-beta * x))
    return scale * x * s, (scale * (s + beta * x * s * (1.0 - s)),)


@gate(symbol="silu", formula="x*sigmoid(x)", local=("...",))
def calling_a_gate(x: float) -> Any:
    s = autograd_sigmoid(x)
    return x * s, (s * (1.0 + x * (1.0 - s)),)


@gate(symbol="step", formula="1 if x > 0 else 0", local=("0",))
def of_whole_numbers(x: float) -> Any:
    return (1 if x > 0 else 0), (0,)


def made_in_a_closure(factor: float, shift: float) -> Gate:
    def scaled(x: float) -> float:
        return factor * x

    @gate(symbol="ax²+b", formula="a*x*x + b", local=("2*a*x",))
    def shifted_square(x: float) -> Any:
        return scaled(x) * x + shift, (2.0 * scaled(x),)

    return shifted_square


NOTEBOOK: dict[str, Any] = {"__name__": "__main__"}
exec(
    """
from autograd import gate
import numpy as np
slopes = np.array([2.0, 5.0])
def picked(i): return slopes[i]
@gate(symbol="kink", formula="2*x if x < 0 else 5*x", local=("2 if x < 0 else 5",))
def kink(x):
    i = 0 if x < 0 else 1
    return picked(i) * x, (picked(i),)
""",
    NOTEBOOK,
)


@pytest.mark.parametrize(
    ("own", "constants"),
    [
        *((swish, constants) for constants in ((), (0.5,), (0.5, 3.0))),
        (calling_a_gate, ()),
        (of_whole_numbers, ()),
        (mix, ()),
        (NOTEBOOK["kink"], ()),
        (made_in_a_closure(2.0, 0.5), ()),
        (made_in_a_closure(2.0, -0.5), ()),
    ],
    ids=lambda thing: getattr(thing, "name", None),
)
def test_a_gate_of_ones_own(own: Gate, constants: tuple[float, ...]) -> None:
    w, samples = Value(1.5), random_samples(9, len(own.local))

    def loss(*x: Any) -> Any:
        return own(*x, *constants) * w + own(*(w * v for v in x), *constants)

    program = compile(loss, *[0.5] * len(own.local))
    assert_same_outputs(program, loss, samples)
    assert_same_gradients(program, loss, samples)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (unknown(x), (1.0,)),  # type: ignore[name-defined] # noqa: F821
        functools.wraps(math.exp)(functools.partial(lambda a, x: (a * x, (a,)), 2.0)),
    ],
)
def test_a_gate_that_cannot_be_compiled_says_so(function: Any) -> None:
    odd = Gate(function, symbol="?", formula="x", local=("1",))
    # The function is recorded without being called: it need not even run.
    recording = record(lambda x: autograd.exp(x), 0.0)
    (instruction,) = recording.instructions
    program = Program(replace(recording, instructions=(instruction._replace(gate=odd),)))
    with pytest.raises(TypeError, match="cannot be compiled: it must be a plain function of floats"):
        program(1.0)


ARRAY = np.array([1.0, 2.0, 3.0])


@gate(symbol="a", formula="a*x", local=("a",))
def from_an_array(x: float) -> Any:
    return ARRAY[int(x)] * x, (ARRAY[int(x)],)


@pytest.mark.parametrize("x", [3.0, 1e9, -4.0])
def test_an_index_out_of_range_is_the_eager_error_with_gate_and_sample(x: float) -> None:
    program = compile(lambda x: from_an_array(x), 1.0)
    assert program([2.0, -1.0, 1.0]).tolist() == [6.0, -3.0, 2.0]
    with pytest.raises(IndexError) as eager:
        from_an_array(Value(x, "x"))
    assert eager.value.__notes__ == [f"in from_an_array(x = {x!r})"]
    for run in (program, program.backward):
        with pytest.raises(IndexError) as native:
            run([0.0, 1.0, x, 5.0])
        assert str(native.value) == str(eager.value)
        assert native.value.__notes__ == [f"in from_an_array(x = {x!r})", "sample 2"]
    assert program([2.0, -1.0, 1.0]).tolist() == [6.0, -3.0, 2.0]


def test_an_input_left_to_its_default_takes_no_gradient() -> None:
    @gate(symbol="ab", formula="a*b", local=("b", "a"))
    def scale(a: float, b: float = 2.0) -> Any:
        return a * b, (b, a)

    w = Value(3.0)
    program = compile(lambda x: scale(w * x), 1.0)
    assert program.backward([1.0, 2.0]) == 9.0
    assert w.grad == 3.0
