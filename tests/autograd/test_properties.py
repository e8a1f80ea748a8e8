"""What holds for every graph: tried on random ones, against mpmath and central differences.

`pytest --thorough` tries a thousand graphs for each property, and a thousand points of every gate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value, walk
from autograd.declaration import ARITHMETIC_ERRORS
from autograd.expansion import expand
from autograd.graph import leaves as graph_leaves
from autograd.graph import topological_order
from autograd.value import gate_order
from tests.autograd.test_gates import LARGEST, assert_right
from tests.gate_cases import GATE_CASES, GateCase
from tests.random_graphs import Recipe, Step, recipes
from tests.tally import tried

# ── truth, in fifty digits ──────────────────────────────────────────────────────────────


def slope(f: Callable[[Any], Any], x: Any) -> Any:
    """f'(x) to some thirty digits, by the difference over a step that only mpmath can take."""
    # Enough bits to see the step beside 1 where x is tiny, and e^-2|x| beside 1 where x is large.
    with mp.workprec(1400 + (abs(int(mp.mag(x))) if x else 0) + int(3 * abs(x))):
        step = (abs(x) or 1) * mpf(10) ** -35
        return (f(x + step) - f(x - step)) / (2 * step)


def agree(computed: float, truth: Any, size: Any, tolerance: float) -> bool:
    """Whether a number is right in proportion to the size of what was added up to it."""
    if not mp.isfinite(size):
        return True  # an infinite slope on the way: ∞ - ∞ hangs on the last digit
    return bool(abs(mpf(computed) - truth) <= tolerance * size + mpf(1e-300))


# ── one gate, any numbers ───────────────────────────────────────────────────────────────

ANY_NUMBER = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-10.0, 10.0),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 745.0, -745.0, 1e308, -1e308, 1e-308, 5e-324]),
)


@pytest.mark.parametrize("case", GATE_CASES, ids=lambda case: case.name)
@given(data=st.data())
def test_a_gate_gives_the_true_number_or_rightly_refuses(case: GateCase, data: st.DataObject) -> None:
    arity = len(case.gate.parameters)
    point = data.draw(st.tuples(*[ANY_NUMBER] * arity))
    assume(case.name != "atan2" or point[0] != 0.0)  # mpmath has no -0
    tried("numbers of gates against mpmath")
    try:
        output, _ = case.gate.function(*point)
    except ARITHMETIC_ERRORS as error:
        assert_rightly_refused(case, point, error)
    else:
        with mp.workdps(700):
            assert_right(output, case.truth(*map(mpf, point)), case.ulps, point)


def assert_rightly_refused(case: GateCase, point: tuple[float, ...], error: Exception) -> None:
    with mp.workdps(50):
        try:
            truth = case.truth(*map(mpf, point))
        except (ZeroDivisionError, ValueError):
            truth = mp.nan
    undefined = isinstance(truth, mp.mpc) or not mp.isfinite(truth)
    if case.name == "atan2":
        undefined = not any(point)
    if case.name == "exponentiate":
        undefined = undefined or point[0] < 0.0 or point == (0.0, 0.0)
    assert undefined == (not isinstance(error, OverflowError))
    assert undefined or abs(truth) > LARGEST
    assert undefined <= bool(case.undefined)


# ── graphs ──────────────────────────────────────────────────────────────────────────────


def differentiable(recipe: Recipe) -> tuple[Value, list[Value]]:
    """The graph of a recipe after a backward pass, and its leaves."""
    root, leaves = recipe.graph()
    root.backward()
    return root, leaves


def sizes_of_sums(root: Value) -> dict[Value, float]:
    """For each node the sum of the sizes of all contributions: what rounding is in proportion to."""
    sizes = dict.fromkeys(topological_order(root), 0.0)
    sizes[root] = 1.0
    for node in reversed(gate_order(root)):
        if sizes[node]:
            for x, local in zip(node.inputs, node.local_grads, strict=True):
                sizes[x] += abs(local) * sizes[node]
    return sizes


def assert_same_gradients(computed: list[float], leaves: list[Value], root: Value, tolerance: float) -> None:
    sizes = sizes_of_sums(root)
    for number, leaf in zip(computed, leaves, strict=True):
        assert agree(number, leaf.grad, sizes.get(leaf, 0.0), tolerance)


@given(recipes(most_steps=60))
def test_gradients_are_those_of_the_whole_expression_in_fifty_digits(recipe: Recipe) -> None:
    root, leaves = differentiable(recipe)
    exact = [mpf(number) for number in recipe.leaves]
    assume(not rounding_matters(recipe, exact))
    sizes = sizes_of_sums(root)
    for i, leaf in enumerate(leaves):

        def along(x: Any, i: int = i) -> Any:
            return recipe.truth([*exact[:i], x, *exact[i + 1 :]])[-1]

        assert agree(leaf.grad, slope(along, exact[i]), sizes.get(leaf, 0.0), 1e-6)


@mp.workdps(50)
def rounding_matters(recipe: Recipe, exact: list[Any]) -> bool:
    """Whether floats are far from the exact numbers, or so near a kink that the sides are in doubt."""
    values = recipe.values([Value(x) for x in recipe.leaves])
    try:
        truths = recipe.truth(exact)
    except TypeError:  # mpmath left the real numbers: what floats round to 0 is a little below it
        return True
    if any(abs(v.data - t) > 1e-10 * abs(t) for v, t in zip(values, truths, strict=True)):
        return True
    return any(is_near_a_kink(step, values) for step in recipe.steps)


WITH_A_KINK_AT_0 = ["absolute", "relu", "leaky_relu", "elu", "selu", "sqrt", "cbrt", "power", "exponentiate"]


def is_near_a_kink(step: Step, values: list[Value]) -> bool:
    """Whether a gate has its kink, its tie or the edge of its domain so near."""
    first, *others = [getattr(x, "data", x) for x in step.arguments(values)]
    match step.gate.name:
        case "maximum" | "minimum":
            first -= others[0]
        case "asin" | "acos" | "acosh":
            first = abs(first) - 1.0
        case "hypot" | "atan2":
            first = max(abs(first), abs(others[0]))
        case name if name not in WITH_A_KINK_AT_0:
            return False
    return bool(abs(first) <= 1e-9)


@given(recipes())
def test_an_expansion_is_the_same_computation(recipe: Recipe) -> None:
    root, leaves = differentiable(recipe)
    carried = expand(root)
    opened = expand(recipe.graph()[0])
    assert opened.data == carried.data == root.data
    opened.backward()
    by_label = {leaf.label: leaf.grad for leaf in graph_leaves(opened)}
    assert_same_gradients([by_label.get(leaf.label, 0.0) for leaf in leaves], leaves, root, 1e-12)
    fresh = {node.label: node.grad for node in topological_order(opened) if node.label}
    for node in topological_order(carried):
        if node.label:
            assert node.grad == pytest.approx(fresh[node.label], rel=1e-9, abs=1e-12, nan_ok=True)


# ── the walk ────────────────────────────────────────────────────────────────────────────


@given(recipes())
def test_a_walk_tells_the_numbers_of_the_engine(recipe: Recipe) -> None:
    root, _ = differentiable(recipe)
    sizes = sizes_of_sums(root)
    steps = walk(root, keep_fused=True)

    def same(shown: float, node: Value) -> bool:
        return agree(shown, node.grad, sizes[node], 1e-12)

    gates_in_order = [node for node in topological_order(root) if node.gate is not None]
    assert [(step.node, step.result) for step in steps.forward] == [(n, n.data) for n in gates_in_order]
    edges = [(node, position) for node in gates_in_order for position in range(len(node.inputs))]
    assert Counter((step.node, step.position) for step in steps.backward) == Counter(edges)
    for step in steps.backward:
        assert step.input is step.node.inputs[step.position]
        assert repr(step.local_gradient) == repr(step.node.local_grads[step.position])
        assert same(step.upstream, step.node)
        if step.use == step.uses:
            assert same(step.after, step.input)
    for leaf in steps.given:
        assert leaf.gradient is None if root.gate is None else same(leaf.gradient, leaf.node)
