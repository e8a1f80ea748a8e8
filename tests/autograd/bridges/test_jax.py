"""Programs in JAX: outputs and gradients are those of the eager engine, kinks included; and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Draw, Program, Value, choose
from autograd.recording.tracing import record
from tests.autograd.bridges.cases import CASES, check_gate, check_random_program
from tests.gate_cases import GATE_CASES, GateCase
from tests.random_programs import NUMBERS

SMALLEST = 1e-300  # XLA takes subnormal numbers for 0

jax.config.update("jax_enable_x64", True)


def program_of(function: Any, *example: Any) -> Program:
    return Program(record(function, *example))


class Jax:
    """See `Bridge`."""

    jit = False

    @classmethod
    def gradients(cls, program: Program, model: Any, batch: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
        function, parameters = program.to_jax(model)

        def mean(parameters: Any, *inputs: Any) -> Any:
            outputs = function(parameters, *inputs)
            return jnp.mean(outputs), outputs

        gradient = jax.grad(mean, has_aux=True)
        found, outputs = (jax.jit(gradient) if cls.jit else gradient)(parameters, *map(jnp.array, batch))
        return outputs, found

    @staticmethod
    def slopes(program: Program, batch: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        function, parameters = program.to_jax()
        columns = [jnp.array(column) for column in batch]

        def added(columns: Any) -> Any:
            outputs = function(parameters, *columns)
            return jnp.sum(outputs), outputs

        found, outputs = jax.grad(added, has_aux=True)(columns)
        return outputs, found


class Jitted(Jax):
    jit = True


@pytest.mark.parametrize("name", CASES)
def test_outputs_and_gradients(name: str) -> None:
    CASES[name]().check(Jitted)


@pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
def test_every_gate_at_every_point_of_its_table(case: GateCase) -> None:
    check_gate(case, Jax, SMALLEST)


@settings(max_examples=settings.default.max_examples // 2)  # each compiles operations of its own
@given(st.data())
def test_random_programs(data: st.DataObject) -> None:
    ordinary = st.one_of(st.sampled_from(NUMBERS), st.floats(-4.0, 4.0, allow_subnormal=False))
    check_random_program(data, Jax, ordinary)


def test_a_pure_function_trains_and_weights_come_back() -> None:
    X, y = nn.moons(40, noise=0.1, rng=0, labels=(-1, 1))
    model = nn.MLP(2, [8, 1], "tanh", rng=0)
    program = program_of(lambda x, t: nn.hinge(model(x), t), X[0], y[0])
    loss, parameters = program.to_jax(model)
    assert {name: array.shape for name, array in parameters.items()} == {
        "layers.0.w": (8, 2),
        "layers.0.b": (8,),
        "layers.1.w": (1, 8),
        "layers.1.b": (1,),
    }
    step = jax.jit(jax.grad(lambda parameters, X, y: loss(parameters, X, y).mean()))
    ours = nn.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        gradient = step(parameters, jnp.array(X), jnp.array(y))
        parameters = jax.tree.map(lambda p, g: p - 0.1 * g, parameters, gradient)
        ours.zero_grad()
        program.backward(X, y)
        ours.step()
    here = model.state_dict()
    program.from_jax(parameters, model)
    assert model.state_dict() == pytest.approx(here, rel=1e-10)
    with pytest.raises(ValueError, match=r"missing: layers\.0\.w"):
        program.from_jax({}, model)


def test_a_batch_over_several_devices_is_one_program() -> None:
    """The batch is cut by a sharding, of one device here, as `jit` and `pjit` cut it over many."""
    mesh = jax.make_mesh((1,), ("batch",))
    cut = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("batch"))
    function, parameters = program_of(nn.MLP(2, [3, 1], rng=0), [0.0, 0.0]).to_jax()
    batch = jax.device_put(jnp.ones((4, 2)), cut)
    outputs = jax.jit(function)(parameters, batch)
    assert outputs.sharding.is_equivalent_to(cut, 1)
    assert outputs.tolist() == pytest.approx([function(parameters, [1.0, 1.0]).item()] * 4, rel=1e-12)


def test_an_index_that_is_no_place_gives_nan() -> None:
    values = [Value(2.0, "a"), Value(3.0, "b")]
    function, parameters = program_of(lambda i: choose(i, values), 0.0).to_jax()
    assert function(parameters, [0.0, 1.0]).tolist() == [2.0, 3.0]
    assert jnp.isnan(function(parameters, [-1.0, 2.0, 0.5])).all()


def test_what_a_pure_function_cannot_do_is_refused() -> None:
    w = Value(1.0, "w")
    with pytest.raises(ValueError, match=r"draws random numbers \(mask\), which a pure function cannot"):
        program_of(lambda x: w * x * Draw(lambda: 1.0, 1.0, "mask"), 1.0).to_jax()
    function, parameters = program_of(lambda x: (w * x).tanh(), 1.0).to_jax()
    slope = jax.grad(lambda w: function({"w": w}, 0.5))
    with pytest.raises(TypeError, match="is differentiated once"):
        jax.grad(slope)(parameters["w"])


def test_without_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ImportError, match="to_jax needs JAX: python -m pip install jax"):
        program_of(lambda x: x, 1.0).to_jax()
