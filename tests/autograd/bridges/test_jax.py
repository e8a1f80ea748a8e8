"""Programs in JAX: outputs and gradients are those of the eager engine, kinks included; and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from hypothesis import strategies as st

import nn
from autograd import Draw, Program, Value
from tests.autograd.bridges.cases import BridgeTests, program_of
from tests.random_programs import NUMBERS

jax.config.update("jax_enable_x64", True)


class TestJax(BridgeTests):
    smallest = 1e-300  # XLA takes subnormal numbers for 0
    numbers = st.one_of(st.sampled_from(NUMBERS), st.floats(-4.0, 4.0, allow_subnormal=False))

    def gradients(self, program: Program, model: Any, batch: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
        function, parameters = program.to_jax(model)

        def mean(parameters: Any, *inputs: Any) -> Any:
            outputs = function(parameters, *inputs)
            return jnp.mean(outputs), outputs

        found, outputs = jax.jit(jax.grad(mean, has_aux=True))(parameters, *map(jnp.array, batch))
        return outputs, found

    def slopes(self, program: Program, batch: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        function, parameters = program.to_jax()
        columns = [jnp.array(column) for column in batch]

        def added(columns: Any) -> Any:
            outputs = function(parameters, *columns)
            return jnp.sum(outputs), outputs

        found, outputs = jax.grad(added, has_aux=True)(columns)
        return outputs, found


def test_weights_come_back() -> None:
    model = nn.MLP(2, [8, 1], "tanh", rng=0)
    program = program_of(model, [0.0, 0.0])
    _, parameters = program.to_jax(model)
    shapes = {"layers.0.w": (8, 2), "layers.0.b": (8,), "layers.1.w": (1, 8), "layers.1.b": (1,)}
    assert {name: array.shape for name, array in parameters.items()} == shapes
    before = model.state_dict()
    program.from_jax(jax.tree.map(lambda x: 2.0 * x, parameters), model)
    assert model.state_dict() == {name: 2.0 * x for name, x in before.items()}
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


def test_what_a_pure_function_cannot_do_is_refused() -> None:
    w = Value(1.0, "w")
    with pytest.raises(ValueError, match=r"draws random numbers \(mask\), which a pure function cannot"):
        program_of(lambda x: w * x * Draw(lambda: 1.0, 1.0, "mask"), 1.0).to_jax()
    function, parameters = program_of(lambda x: (w * x).tanh(), 1.0).to_jax()
    slope = jax.grad(lambda w: function({"w": w}, 0.5))
    with pytest.raises(TypeError, match="is differentiated once"):
        jax.grad(slope)(parameters["w"])
