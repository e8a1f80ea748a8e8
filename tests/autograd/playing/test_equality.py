"""What the page computes is what the engine computes: gates, graphs, update rules, in a real browser."""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Gate, GateError, Value, choose, gate, logsumexp
from autograd.expansion import expansion
from autograd.graph import topological_order
from autograd.lectures import EXAMPLES
from autograd.passes import passes
from autograd.playing.graph_data import GraphData
from autograd.playing.mistakes import MISTAKES
from autograd.playing.translation import Translation
from autograd.value import apply
from nn import MLP, SGD, Adam, Momentum, RMSProp, softmax_cross_entropy, update_rules
from tests.gate_cases import GATE_CASES
from tests.random_graphs import Recipe, recipes

CLOSE = 1e-12

Run = Callable[..., Any]


def asset(name: str) -> str:
    return files("autograd.playing").joinpath("page", f"{name}.js").read_text(encoding="utf-8")


RULES = Translation([MISTAKES[0].contribution]).script


def same(a: float, b: float, size: float = 0.0) -> bool:
    return a == b or (a != a and b != b) or abs(a - b) <= CLOSE * max(abs(a), abs(b), size)


# ── gates ───────────────────────────────────────────────────────────────────────────────


def answer(gate: Gate, point: Sequence[float]) -> Any:
    try:
        output, local = gate.function(*point)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return [output, list(local)]


def test_every_gate_answers_as_its_function_does(javascript: Run) -> None:
    gates = [case.gate for case in GATE_CASES]
    translation = Translation(gates)
    assert set(translation.names) >= set(gates)
    names = ", ".join(translation.names[gate] for gate in gates)
    there = javascript(
        f"""{asset("arithmetic")}{asset("erf")}{translation.script}
        const main = (points) => [{names}].map((gate, i) => points[i].map((point) => {{
          try {{ return gate(...point); }} catch (error) {{
            if (error instanceof Refused) return null;
            throw error;
          }}
        }}));""",
        [case.points for case in GATE_CASES],
    )
    for case, answers in zip(GATE_CASES, there, strict=True):
        for point, found in zip(case.points, answers, strict=True):
            expected = answer(case.gate, point)
            assert (found is None) == (expected is None), (case.name, point)
            if expected is not None:
                pairs = zip([found[0], *found[1]], [expected[0], *expected[1]], strict=True)
                assert all(same(a, b) for a, b in pairs), (case.name, point, found, expected)


# ── graphs ──────────────────────────────────────────────────────────────────────────────


def again(root: Value, given: Mapping[Value, float]) -> Value:
    """The same graph over other numbers, computed by the engine."""
    fresh: dict[Value, Value] = {}
    for node in topological_order(root):
        if node.gate is None:
            fresh[node] = Value(given.get(node, node.data), node.label)
        else:
            inputs = (fresh[x] if isinstance(x, Value) else x for x in node.arguments)
            fresh[node] = apply(node.gate, *inputs)
    return fresh[root]


def computed(root: Value) -> tuple[list[float], list[float], list[float]] | None:
    """Numbers, gradients and their sizes, in the order of the opened graph; None if backward refuses."""
    opened = expansion(root).root
    try:
        root.backward()
    except GateError:
        return None
    found = passes(expansion(root).root)
    order = topological_order(opened)
    assert found.gradients is not None
    return (
        [node.data for node in order],
        [found.gradients[node] for node in topological_order(found.root)],
        [found.sizes[node] for node in topological_order(found.root)],
    )


RUN = """
const main = (data, all) => {
  const graph = new Graph(data);
  return all.map((changes) => {
    const given = graph.given;
    changes.forEach((x, k) => { given[k] = x; });
    const { numbers, gradients, refused } = graph.run(given);
    return { numbers: [...numbers], gradients: [...gradients], refused: refused !== null };
  });
};
"""


def runs(javascript: Run, graph: GraphData, changes: Sequence[Sequence[float]]) -> Any:
    """What the page computes for every list of numbers that the graph is given."""
    script = asset("arithmetic") + asset("erf") + RULES + graph.script + asset("graph") + RUN
    return javascript(script, graph.data["graph"], changes)


def follows(javascript: Run, root: Value, changes: Sequence[Sequence[float]]) -> int:
    """Compare the page's numbers with the engine's for every list of leaves' numbers; count the lists."""
    graph = GraphData(expansion(root))
    assert not graph.fixed
    compared = 0
    for change, run in zip(changes, runs(javascript, graph, changes), strict=True):
        try:
            expected = computed(again(root, dict(zip(graph.leaves, change, strict=True))))
        except GateError:
            assert run["refused"]
            continue
        assert not run["refused"]
        if expected is None:
            continue
        compared += 1
        numbers, gradients, sizes = expected
        largest = max(map(abs, numbers))
        for i, node in enumerate(graph.order):
            assert same(run["numbers"][i], numbers[i], largest), (graph.names[node], change)
            assert same(run["gradients"][i], gradients[i], sizes[i]), (graph.names[node], change)
    return compared


def moved(root: Value, count: int, spread: float = 1.0) -> list[list[float]]:
    """The leaves' own numbers, and others at random."""
    chance = random.Random(7)
    own = [leaf.data for leaf in GraphData(expansion(root)).leaves]
    return [own, *([x + chance.gauss(0.0, spread) for x in own] for _ in range(count))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_lecture_examples_follow_every_change(name: str, javascript: Run) -> None:
    root = EXAMPLES[name]().root
    assert follows(javascript, root, moved(root, 50)) > 45


def test_a_network_follows_with_its_softmax(javascript: Run) -> None:
    model = MLP(2, [4, 3], "tanh", rng=1)
    loss = softmax_cross_entropy(model([0.5, -1.5]), 2)
    assert follows(javascript, loss, moved(loss, 30)) == 31
    x, y = Value(1.0, "x"), Value(2.0, "y")  # the largest term is that of now
    assert follows(javascript, logsumexp([x, y]), [[1.0, 2.0], [1000.0, -1000.0], [-900.0, 950.0]]) == 3


@pytest.mark.parametrize(("count", "steps"), [(12, 40), pytest.param(400, 120, marks=pytest.mark.thorough)])
def test_random_graphs_follow_every_change(count: int, steps: int, javascript: Run) -> None:
    @settings(max_examples=count, deadline=None)
    @given(recipe=recipes(most_steps=steps), seed=st.integers(0, 9999))
    def compare(recipe: Recipe, seed: int) -> None:
        root, _ = recipe.graph()
        if root.gate is None or not math.isfinite(root.data):
            return
        chance = random.Random(seed)
        own = [leaf.data for leaf in GraphData(expansion(root)).leaves]
        near = [[x * (1.0 + chance.uniform(-0.01, 0.01)) for x in own] for _ in range(4)]
        follows(javascript, root, [own, *near])

    compare()


def test_constants_and_the_index_of_a_choice_can_be_changed(javascript: Run) -> None:
    graph = GraphData(expansion(2.0 * Value(3.0, "x") ** 2.0))
    (run,) = runs(javascript, graph, [[3.0, 3.0, 5.0]])  # 5·x³
    assert (run["numbers"][-1], run["gradients"][0]) == (135.0, 135.0)  # and 15·x²
    values = [Value(2.0, "a"), Value(3.0, "b"), Value(5.0, "c")]
    root = choose(1, values) * values[0]
    assert follows(javascript, root, moved(root, 5)) == 6
    last, beyond = runs(javascript, GraphData(expansion(root)), [[2.0, 3.0, 5.0, 2.0], [2.0, 3.0, 5.0, 3.0]])
    assert last["numbers"][-1] == 10.0
    assert beyond["refused"]


# ── gates of a user's own ───────────────────────────────────────────────────────────────

SCALE = 0.5


def halved(x: float) -> float:
    return SCALE * x


@gate(symbol="swish", formula="x*sigmoid(beta*x)", local=("…",))
def swish(x: float, beta: float = 1.0) -> tuple[float, tuple[float]]:
    total = 0.0
    for _ in range(2):
        total += halved(x)
    s = 1.0 / (1.0 + math.exp(-beta * total))
    if x != x:
        return x, (x,)
    return total * s, (s + beta * x * s * (1.0 - s),)


COUNTED: dict[str, int] = {}


@gate(symbol="x²", formula="x**2", local=("2*x",))
def square_with_a_ledger(x: float) -> tuple[float, tuple[float]]:
    COUNTED["calls"] = COUNTED.get("calls", 0) + 1
    return x * x, (2.0 * x,)


@gate(symbol="?", formula="something of x", local=("its slope",))
def unreadable(x: float) -> tuple[float, tuple[float]]:
    return float(str(x)), (1.0,)


def test_a_gate_with_helpers_loops_and_globals_is_live(javascript: Run) -> None:
    x = Value(0.7, "x")
    root = swish(x * x)
    assert follows(javascript, root, moved(root, 20)) == 21


def test_a_function_that_cannot_be_read_is_replaced_by_its_formulas(javascript: Run) -> None:
    root = square_with_a_ledger(Value(3.0, "x"))
    assert "x ** 2" not in Translation([square_with_a_ledger]).script
    assert follows(javascript, root, moved(root, 5)) == 6


def test_a_gate_that_cannot_be_read_at_all_keeps_its_numbers() -> None:
    root = unreadable(Value(3.0, "x")) * 2.0
    graph = GraphData(expansion(root))
    assert graph.fixed == {1: [3.0, [1.0]]}
    assert "null" in graph.script


# ── update rules ────────────────────────────────────────────────────────────────────────


OPTIMIZERS = {
    update_rules.sgd: SGD,
    update_rules.momentum: Momentum,
    update_rules.rmsprop: RMSProp,
    update_rules.adam: Adam,
}
"""The rules that the page has, each with the optimizer whose hyperparameters it takes."""


def test_the_page_has_the_update_rules_of_nn(javascript: Run) -> None:
    translated = Translation(OPTIMIZERS).script
    assert translated in asset("rules"), "page/rules.js is no longer the translation of nn's rules"
    chance = random.Random(3)
    arguments, expected = [], []
    for rule, optimizer in OPTIMIZERS.items():
        options = inspect.signature(optimizer).parameters.items()
        hyperparameters = [option.default for name, option in options if name.startswith(("beta", "epsilon"))]
        states = list(inspect.signature(rule).parameters).index("step") - 2
        row = []
        for step in range(1, 40):
            numbers = [chance.gauss(0.0, 1.0), chance.gauss(0.0, 1.0), *([chance.random()] * states)]
            row.append([*numbers, step, 0.01])
        arguments.append(row)
        expected.append([rule(*given, *hyperparameters) for given in row])
    there = javascript(
        asset("arithmetic")
        + asset("rules")
        + """const main = (all) => all.map((rows, i) =>
               rows.map((row) => RULES[i].update(...row, ...RULES[i].settings)));""",
        arguments,
    )
    for found, right in zip(there, expected, strict=True):
        for a, b in zip(found, right, strict=True):
            assert all(same(x, y) for x, y in zip(a, b, strict=True))
