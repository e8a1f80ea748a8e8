"""A program as a pure function for JAX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf, erfc

from autograd.bridges.array_gates import DIFFERENTIATED_ONCE, ArrayGates
from autograd.bridges.parameter_arrays import ParameterArray, Shape
from autograd.bridges.steps import Plan
from autograd.function_source import MATHEMATICS
from autograd.recording.recording import Recording

Parameters = dict[str, jax.Array]


def jax_function(
    recording: Recording, arrays: Sequence[ParameterArray]
) -> tuple[Callable[..., Any], Parameters]:
    """The function of (parameters, *inputs), and the parameters now: see `Program.to_jax`."""
    if recording.draws:
        raise ValueError(
            f"the program draws random numbers ({recording.draws[0].label}), which a pure function cannot: "
            "record the function with those as an input"
        )
    plan = Plan(recording, arrays)
    functions, tables = plan.functions(GATES), list(map(np.array, plan.tables))
    now = {array.name: _array(array.numbers).reshape(array.shape) for array in arrays}

    def function(parameters: Parameters, *inputs: Any) -> Any:
        rows, size = plan.rows(inputs, _array)
        constants = _array(recording.constants)[:, None]
        known = {name: _array(parameters[name]) for name in now}
        return plan.run(JaxArrays, functions, tables, rows, size, constants, known)

    return function, now


def _array(numbers: Any) -> jax.Array:
    return jnp.asarray(numbers, jnp.result_type(float))


def _as_they_are(local: Any) -> Any:
    """The local gradients unchanged; it is an error to differentiate them again."""
    return local


def _refuse(_: None, __: Any) -> Any:
    raise TypeError(f"a program in JAX {DIFFERENTIATED_ONCE}")


once = jax.custom_vjp(_as_they_are)
once.defvjp(lambda local: (local, None), _refuse)


class JaxArrays:
    """JAX's arrays, as the steps of a plan use them: see `steps.Arrays`."""

    joined = staticmethod(jnp.concatenate)
    stacked = staticmethod(jnp.stack)
    widened = staticmethod(jnp.broadcast_to)
    added = staticmethod(partial(jnp.sum, axis=1, keepdims=True))
    largest = staticmethod(partial(jnp.max, axis=1, keepdims=True))

    @staticmethod
    def where(condition: jax.Array, a: Any, b: Any) -> jax.Array:
        return jnp.where(
            condition, a, b
        )  # which by itself is a function of one argument too, to type checkers

    @staticmethod
    def rows(array: jax.Array, places: np.ndarray) -> jax.Array:
        return array[places]

    @staticmethod
    def taken(array: jax.Array, places: jax.Array) -> jax.Array:
        return jnp.take_along_axis(array, places.astype(int), 1)

    @staticmethod
    def with_gradient(function: Callable[..., Any]) -> Callable[..., jax.Array]:
        def output_of(*arguments: jax.Array) -> jax.Array:
            return _array(function(*arguments)[0])

        def forward(*arguments: jax.Array) -> Any:
            output, local = function(*arguments)
            return _array(output), (once(tuple(map(_array, local))), arguments)

        def backward(kept: Any, upstream: jax.Array) -> Any:
            local, arguments = kept
            constants = [jnp.zeros(())] * (len(arguments) - len(local))
            edges = zip((*local, *constants), arguments, strict=True)
            return tuple(contribution(x, upstream, argument.shape) for x, argument in edges)

        gate: Any = jax.custom_vjp(output_of)
        gate.defvjp(forward, backward)
        return gate  # type: ignore[no-any-return]


def contribution(local: jax.Array, upstream: jax.Array, shape: Shape) -> jax.Array:
    """Local gradient · upstream gradient, for an input of this shape: the chain rule on one edge."""
    added = jnp.where(upstream == 0.0, 0.0, local * upstream)
    added = jnp.broadcast_to(added, jnp.broadcast_shapes(added.shape, shape))
    return added.sum([i for i, length in enumerate(shape) if length < added.shape[i]], keepdims=True)


for _name in MATHEMATICS:
    setattr(JaxArrays, _name, staticmethod({"erf": erf, "erfc": erfc}.get(_name) or getattr(jnp, _name)))

GATES = ArrayGates(JaxArrays)
