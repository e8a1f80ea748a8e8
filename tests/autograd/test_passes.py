"""What the passes over a graph computed, whatever was changed since."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, dot, exp, gates, logsumexp, maximum, relu, total
from autograd.passes import Passes, passes
from tests.random_graphs import Recipe, recipes

SMOOTH = (
    *(gates.exp, gates.log, gates.sqrt, gates.sigmoid, gates.tanh, gates.softplus),
    *(gates.absolute, gates.negate, gates.elu, gates.leaky_relu),
)
SIGNED = (lambda x: x**2, lambda x: x**3, lambda x: 1 / x, lambda x: 2**x, lambda x: x - 5)


def recorded(f: Callable[..., Value], *numbers: float, now: dict[int, float]) -> Passes:
    """The passes of f at some numbers, after some of its inputs were changed."""
    inputs = [Value(number, f"x{i}") for i, number in enumerate(numbers)]
    y = f(*inputs)
    y.backward()
    for i, number in now.items():
        inputs[i].data = number
    return passes(y)


# ── numbers ─────────────────────────────────────────────────────────────────────────────


def test_of_a_graph_that_was_left_alone_the_numbers_are_those_of_now() -> None:
    x, w = Value(2.0, "x"), Value(-3.0, "w")
    z = w * x
    y = z.exp() + 1
    found = passes(y)
    assert [found.numbers[v] for v in (w, x, z, y)] == [-3.0, 2.0, -6.0, y.data]
    assert found.arguments[y] == (math.exp(-6.0), 1.0)
    assert (found.changed, found.uncertain, found.gradients, found.of_another) == (
        {},
        frozenset(),
        None,
        False,
    )
    assert passes(x).gradients is None


@pytest.mark.parametrize(
    ("f", "then", "now"),
    [
        *((gate, 1.3, now) for gate in SMOOTH for now in (0.9, 3.0)),
        *((f, 1.3, now) for f in SIGNED for now in (-2.6, 0.4)),
        *((f, then, 39.0) for f in (gates.exp, gates.sinh, gates.cosh) for then in (40.0, 0.0)),
        (gates.square, 1e-13, 2.0),
    ],
)
def test_the_changed_input_of_a_gate_is_the_number_that_gives_its_result(
    f: Callable[..., Value], then: float, now: float
) -> None:
    found = recorded(f, then, now={0: now})
    assert list(found.changed.values()) == pytest.approx([then], rel=1e-9)
    (numbers,) = found.arguments.values()
    assert then in [pytest.approx(number, rel=1e-9, abs=0.0) for number in numbers]


def test_the_factors_of_products_are_read_off_all_at_once() -> None:
    found = recorded(lambda a, b: a * b, 3.0, 2.0, now={0: 5.0, 1: 7.0})
    assert list(found.arguments.values()) == [(3.0, 2.0)]
    found = recorded(lambda a, b, c: dot([a, b], [c, 2.0], a), 1.0, 4.0, 3.0, now={0: 9.0, 1: 9.0, 2: 9.0})
    assert list(found.arguments.values()) == [(1.0, 4.0, 3.0, 2.0, 1.0)]
    found = recorded(lambda a, b: logsumexp([a, b]), 1.0, 2.0, now={0: 9.0, 1: 9.0})
    assert list(found.changed.values()) == pytest.approx([1.0, 2.0])


def test_after_a_step_of_an_optimizer_all_numbers_of_a_network_are_found() -> None:
    model = nn.MLP(2, [3, 3, 1], rng=random.Random(0))
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    loss.backward()
    before = {p: p.data for p in model.parameters()}
    nn.SGD(model.parameters(), 0.1).step()
    found = passes(loss)
    assert not found.uncertain
    assert {p: found.numbers[p] for p in before} == pytest.approx(before, rel=1e-9)
    assert all(found.numbers[p] == 0.0 for p in before if before[p] == 0.0)


def test_what_one_gate_tells_answers_for_another() -> None:
    found = recorded(lambda w, b: (w + b) * (w * 2.0).exp() * b, 3.0, 2.0, now={0: 5.0, 1: 7.0})
    assert sorted(found.changed.values()) == [2.0, 3.0]
    assert not found.uncertain
    assert next(iter(found.arguments.values())) == (3.0, 2.0)


@pytest.mark.parametrize(
    ("f", "then", "now"),
    [
        (lambda a, b: a + b, (1.0, 2.0), 5.0),  # it may have been b
        (lambda a, b: total([a, b]), (1.0, 2.0), 5.0),
        (relu, (-2.0,), 3.0),  # any number below 0 gives this
        (gates.sin, (1.0,), 1.1),  # a whole turn further is the same
        (gates.sin, (2.282298809044253,), 0.4541223585708005),
        (gates.tan, (-23.3,), 31.3),
        (lambda x: gates.mod(x, 3.0), (4.0,), 8.0),
    ],
)
def test_what_nothing_tells_is_left_open(
    f: Callable[..., Value], then: tuple[float, ...], now: float
) -> None:
    found = recorded(f, *then, now={0: now})
    ((number, *_),) = found.arguments.values()
    assert (number, found.changed) == (None, {})
    assert len(found.uncertain) == len(then)


def test_a_change_that_a_gate_does_not_notice_is_none() -> None:
    found = recorded(lambda a, b: maximum(a, b), 1.0, 2.0, now={0: 1.5})
    assert (found.changed, found.uncertain) == ({}, frozenset())


@given(recipes(most_steps=40), st.lists(st.floats(-0.5, 0.5), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_random_graphs_the_numbers_found_give_what_was_recorded(
    recipe: Recipe, steps: list[float]
) -> None:
    root, leaves = recipe.graph()
    root.backward()
    before = passes(root)
    for leaf, step in zip(leaves, steps, strict=False):
        leaf.data += step
    after = passes(root)
    for node, numbers in after.arguments.items():
        assert node.gate is not None
        filled = [
            was if number is None else number
            for number, was in zip(numbers, before.arguments[node], strict=True)
        ]
        output, _ = node.gate.function(*filled)
        assert output == pytest.approx(node.data, rel=1e-8, abs=1e-300, nan_ok=True)
    assert after.gradients == pytest.approx(before.gradients, nan_ok=True)


# ── gradients ───────────────────────────────────────────────────────────────────────────


def test_the_gradients_of_a_part_are_its_own() -> None:
    w, x = Value(3.0, "w"), Value(2.0, "x")
    z = w * x
    loss = -z * z
    loss.backward()
    found = passes(z)
    assert found.of_another
    assert found.gradients is not None
    assert [found.gradients[v] for v in (w, x, z)] == [2.0, 3.0, 1.0]
    whole = passes(loss)
    assert not whole.of_another
    assert whole.gradients is not None
    assert whole.gradients[w] == -24.0


def test_a_part_whose_gradient_happens_to_be_1_is_told_by_the_gates_inside() -> None:
    w = Value(3.0, "w")
    inner = w * 2.0
    z = inner + 1.0
    (z + inner * 5.0).backward()
    assert z.grad == 1.0
    assert passes(z).of_another


def test_passes_that_add_up_make_no_part() -> None:
    w = Value(0.1, "w")
    cancelling = exp(w) * 0.1 + exp(w) * 0.2 - exp(w) * 0.3
    for _ in range(3):
        cancelling.backward()
    assert not passes(cancelling).of_another
