"""The step-through: its data, its text, its Markdown."""

import math
import pickle
import re

import pytest

from autograd import GateError, Value, dot, exp, gate, gates, lectures, log, logsumexp, maximum, total, walk
from autograd.stepping.narration import Walk
from autograd.stepping.steps import BackwardStep
from autograd.stepping.walk import names_of
from autograd.typesetting.latex import Latex
from autograd.typesetting.mathml import MathML
from nn import SGD
from tests.graphs import named


def small() -> tuple[Value, Value, Value]:
    """L = (w·x)², with a leaf used once each, and its gradients."""
    w, x = Value(-3.0, "w"), Value(2.0, "x")
    loss = named(named(w * x, "z") ** 2, "L")
    loss.backward()
    return w, x, loss


def walked(root: Value, label: str = "") -> Walk:
    root.label = label or root.label
    root.backward()
    return walk(root)


def edge(steps: tuple[BackwardStep, ...], name: str, input_name: str) -> BackwardStep:
    (step,) = [step for step in steps if (step.name, step.input_name) == (name, input_name)]
    return step


# ── forward ─────────────────────────────────────────────────────────────────────────────


def test_forward_steps_hold_node_gate_formula_and_result() -> None:
    w, x, loss = small()
    first, last = walk(loss).forward
    assert [given.node for given in walk(loss).given] == [w, x]
    assert (first.name, first.gate, first.result) == ("z", gates.multiply, -6.0)
    assert first.formula.in_names() == "w·x"
    assert last.node is loss
    assert last.equation() == "L = z² = (-6)² = 36"
    assert last.equation(Latex()) == "L = z^{2} = (-6)^{2} = 36"
    assert last.equation(MathML()).startswith(
        '<math displaystyle="true"><mrow><mi>L</mi><mo>=</mo><msup><mi>z</mi><mn>2</mn></msup>'
    )
    assert pickle.loads(pickle.dumps(last)).equation() == last.equation()


X, G4 = Value(2.0, "x"), Value(1.0, "g4")


@pytest.mark.parametrize(
    ("node", "equation"),
    [
        (1 / X, "y = 1/x = 1/2 = 0.5"),
        (1 + X, "y = 1 + x = 1 + 2 = 3"),
        (X + 1, "y = x + 1 = 2 + 1 = 3"),
        (2**X, "y = 2^x = 2² = 4"),
        (maximum(0, X), "y = max(0, x) = max(0, 2) = 2"),
        (gates.leaky_relu(X), "y = (x if x ≥ 0, else 0.01·x) = (2 if 2 ≥ 0, else 0.01 × 2) = 2"),
        (Value(math.inf, "x") * 0.0, "y = x × 0 = ∞ × 0 = NaN"),
        (-G4, "y = -g4 = -1"),  # a side that repeats the one before it is left out
        (named(log(G4), "log g4"), "log g4 = log 1 = 0"),
    ],
)
def test_a_gates_equation_in_names_and_in_numbers(node: Value, equation: str) -> None:
    node.label = node.label or "y"
    assert walk(node).forward[-1].equation() == equation


def test_without_a_backward_pass_there_are_forward_steps_and_advice() -> None:
    before, leaf = walk(named(exp(Value(2.0, "x")), "L")), walk(Value(2.0, "x"))
    assert (len(before.forward), before.backward, before.given[0].gradient) == (1, (), None)
    assert "call backward() on L" in str(before)
    assert "∂" not in str(before)
    assert (leaf.forward, leaf.backward) == ((), ())
    assert "x is a leaf" in str(leaf)


# ── names and places ────────────────────────────────────────────────────────────────────


def test_what_is_given_comes_layer_by_layer() -> None:
    given = [given.name for given in lectures.two_layer().walk().given]
    assert given == ["x1", "x2", "w11(1)", "w12(1)", "w21(1)", "w22(1)", "w11(2)", "w12(2)"]


def test_no_two_nodes_have_one_name_and_unnamed_ones_are_numbered() -> None:
    a, b = Value(1.0), Value(2.0, "b")
    assert list(walk((a + b) * b).names.values()) == ["v1", "b", "v2", "v3"]
    nodes = [Value(0.0, label) for label in ("x", "x", "", "v1", "x#2", "x", " ", "v1", "\n")]
    names = list(names_of(nodes).values())
    assert (names[0], names[3], names[4]) == ("x", "v1", "x#2")
    assert len(set(names)) == len(names)
    assert all(names)


def test_the_places_of_steps_are_those_of_the_drawing() -> None:
    steps = walk(small()[-1])
    assert [step.index for step in (*steps.given, *steps.forward)] == [0, 1, 2, 3]
    edges = [(step.index, step.position, step.input_index) for step in steps.backward]
    assert edges == [(3, 0, 2), (2, 0, 0), (2, 1, 1)]


# ── backward ────────────────────────────────────────────────────────────────────────────


def test_backward_steps_hold_upstream_local_contribution_and_sum() -> None:
    w, _, loss = small()
    first, *_ = walk(loss).backward
    assert first.equation() == first.local_equation() == "∂L/∂z = 2·z = 2 × -6 = -12"  # all there is to it
    step = edge(walk(loss).backward, "z", "w")
    assert (step.upstream, step.local_gradient, step.contribution) == (-12.0, 2.0, -24.0)
    assert (step.use, step.uses, step.before, step.after) == (1, 1, 0.0, -24.0)
    assert step.input is w
    assert step.local_equation() == "∂z/∂w = x = 2"
    assert step.equation() == "∂L/∂w = ∂L/∂z × ∂z/∂w = -12 × 2 = -24"
    assert step.equation(Latex()) == (
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} \times \frac{\partial z}{\partial w}"
        r" = -12 \times 2 = -24"
    )


def test_running_sums_where_a_node_is_used_more_than_once() -> None:
    a = Value(3.0, "a")
    steps = walked(named(a * a, "b") + a, "L")
    sums = [
        (s.name, s.use, s.uses, s.before, s.contribution, s.after) for s in steps.backward if s.input is a
    ]
    assert sums == [("L", 1, 3, 0.0, 1.0, 1.0), ("b", 2, 3, 1.0, 3.0, 4.0), ("b", 3, 3, 4.0, 3.0, 7.0)]
    assert "∂L/∂a, part 2 of 3 = ∂L/∂b × ∂b/∂(1st a) = 1 × 3 = 3\n" in str(steps)
    assert "∂b/∂(2nd a) = a = 3\n" in str(steps)
    assert "∂L/∂a so far = 1 + 3 = 4\n" in str(steps)
    assert "∂L/∂a = 4 + 3 = 7\n" in str(steps)


def test_contributions_add_up_to_the_gradients_of_the_engine() -> None:
    weights = [Value(0.1 * i - 0.4, f"w{i}") for i in range(6)]
    hidden = [(weights[i] * 0.7 + weights[i + 1] * weights[i]).tanh() for i in range(5)]
    loss = logsumexp(hidden) - dot(hidden, weights[:5], weights[5]).sigmoid() + total(hidden).relu()
    loss.backward()
    for keep_fused in (False, True):
        steps = walk(loss, keep_fused=keep_fused)
        last: dict[Value, float] = {}
        for step in steps.backward:
            assert step.contribution == step.upstream * step.local_gradient
            assert step.before == last.get(step.input, 0.0)
            last[step.input] = step.after
        for given in steps.given:
            assert given.gradient == last[given.node] == pytest.approx(given.node.grad, rel=1e-12)
            assert given.notes == ()


def test_gates_come_deepest_first_and_in_the_order_of_the_forward_pass() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    g1, g2 = named(a * 2, "g1"), named(b * 3, "g2")
    steps = walked(named(a + g1, "g3") + g2, "L").backward
    assert list(dict.fromkeys(step.name for step in steps)) == ["L", "g3", "g1", "g2"]


# ── notes ───────────────────────────────────────────────────────────────────────────────


A, B, ZERO = Value(2.0, "a"), Value(2.0, "b"), Value(0.0, "x")
TIE, KINK = "tie, by convention", "kink, by convention"


@pytest.mark.parametrize(
    ("node", "keys", "said"),
    [
        (Value(-2.0, "x").relu(), [["dead"]], "the ReLU is dead at x = -2: nothing passes"),
        (ZERO.relu(), [[KINK, "dead"]], ""),
        (A.relu(), [[]], ""),
        ((-A).relu(), [["dead"], ["nothing arrives"]], ""),
        (abs(ZERO), [[KINK, "zero"]], ""),
        (gates.leaky_relu(ZERO), [[KINK]], ""),
        (ZERO * A, [[], ["zero"]], ""),
        (maximum(3, A), [["loses"]], "a = 2 loses to 3: nothing reaches it"),
        (maximum(A, B), [[TIE], [TIE, "loses"]], "a and b tie at 2: at a tie the first input takes the"),
        (A + B, [[], []], ""),  # equal inputs are no tie of a sum
        (ZERO.sqrt() * 0.0, [["zero"], ["nothing arrives"]], ""),
        ((ZERO**2).sqrt(), [["infinite"], ["zero times infinity"]], "gradients stop being finite at v2"),
        (ZERO * 1e200 * 1e200, [[], ["too large"]], "1e200 × 1e200 is too large for a float"),
        (ZERO.sqrt() - ZERO.sqrt(), [[], [], ["infinite"], ["infinite", "infinities cancel"]], "∞ + -∞"),
    ],
)
def test_what_a_reader_should_not_miss(node: Value, keys: list[list[str]], said: str) -> None:
    steps = walked(node)
    assert [[note.key for note in step.notes] for step in steps.backward] == keys
    assert said in str(steps)


def test_a_leaf_that_holds_more_than_this_walk_is_flagged_and_rounding_is_not() -> None:
    x, y = Value(3.0, "x"), Value(1.0, "y")
    loss = x * x * 1e-20
    assert walked(loss).given[0].notes == ()
    (given,) = walked(loss).given
    assert given.gradient == pytest.approx(6e-20)
    assert [note.key for note in given.notes] == ["another gradient"]
    assert "x.grad is 1.2e-19" in str(walk(loss))
    cancelling = 0.1 * y + 0.2 * y - 0.3 * y
    cancelling.backward()
    y.grad = 0.0  # in another order of the terms
    assert walk(cancelling).given[0].gradient != 0.0
    assert walk(cancelling).given[0].notes == ()


def test_after_an_update_the_numbers_are_those_that_the_gates_had() -> None:
    w, x, b = Value(3.168, "w"), Value(2.0, "x"), Value(0.5, "b")
    loss = named((w * x + b - 9.0) ** 2, "L")
    loss.backward()
    before = walk(loss, parameters=[w, b])
    SGD([w, b], 0.1).step()
    after = walk(loss, parameters=[w, b])
    assert before.update
    assert after.update

    def equations(steps: Walk) -> list[str]:
        assert steps.update
        return [step.equation() for step in (*steps.forward, *steps.backward, *steps.update.steps)]

    assert equations(after) == equations(before)
    assert [given.equation() for given in after.given] == ["w = 3.168", "x = 2", "b = 0.5"]
    assert [[note.key for note in given.notes] for given in after.given] == [["changed"], [], ["changed"]]
    assert "w was changed to 4.0336 after the forward pass" in str(after)
    assert "to see what comes of the new ones, compute L again" in str(after)


def test_numbers_that_nothing_tells_are_left_out() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    s, z = named(a + b, "s"), named(dot([a, b], [3.0, 5.0]), "z")
    s.backward()
    a.data, b.data = 5.0, 7.0
    for root, equation in ((s, "s = a + b = 3"), (z, "z = a × 3 + b × 5 = 13")):  # a fused gate stays closed
        (step,) = walk(root).forward
        assert step.equation() == equation
        assert [note.key for note in step.notes] == ["forgotten"]
    assert "the numbers that s was computed from are not known" in str(walk(s))
    assert "a is shown as it is now" in str(walk(s))
    with pytest.raises(ValueError, match="a, b may have been changed since: compute s again"):
        walk(s, parameters=[a])


def test_of_a_gradient_that_this_pass_alone_did_not_give_no_cause_is_claimed() -> None:
    w = Value(0.0, "w")
    z = named(exp(w), "z")
    (z - w).backward()  # the contributions cancel, and nobody set w.grad
    said = "w.grad is 0 now, and this pass alone gives 1: something else was added to it, or it was set since"
    assert said in str(walk(z))


def test_a_part_of_a_graph_has_derivatives_of_its_own() -> None:
    w, x = Value(3.0, "w"), Value(2.0, "x")
    z = named(w * x, "z")
    named(-z, "L").backward()
    assert [step.equation() for step in walk(z).backward] == ["∂z/∂w = x = 2", "∂z/∂x = w = 3"]
    assert [(given.gradient, given.notes) for given in walk(z).given] == [(2.0, ()), (3.0, ())]
    assert "these are the derivatives of z, computed here; .grad holds other numbers" in str(walk(z))


def test_of_two_results_that_share_a_gate_the_first_is_not_called_a_part_of_the_second() -> None:
    w = Value(3.0, "w")
    h = w * w
    first, second = named(h * 3.0, "A"), h * 5.0
    first.backward()
    second.backward()
    assert [given.gradient for given in walk(first).given] == [18.0]
    text = str(walk(first))
    assert "these are the derivatives of A" in text
    assert "backward() was perhaps last called on another Value" in text
    assert "larger graph" not in text


# ── fused gates, and gates of one's own ─────────────────────────────────────────────────


def test_fused_gates_are_opened_unless_kept() -> None:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(0.5, "b")
    loss = dot([w], [x], b).tanh() * 2.0
    loss.backward()
    opened, closed = walk(loss), walk(loss, keep_fused=True)
    assert [step.gate.name for step in opened.forward] == ["multiply", "add", "tanh", "multiply"]
    assert [step.name for step in opened.forward] == ["v1", "v2", "v3", "v4"]
    assert [step.name for step in closed.forward] == ["v2", "v3", "v4"]
    assert closed.forward[0].equation() == "v2 = b + w·x = 0.5 + 2 × 3 = 6.5"
    assert [edge.local.in_names() for edge in closed.backward[-3:]] == ["x", "w", "1"]


def test_a_gate_of_ones_own_is_walked_in_its_authors_prose() -> None:
    @gate(symbol="?", formula="something of x", local=("its slope",), role="mystery")
    def something(x: float) -> tuple[float, tuple[float, ...]]:
        return x, (1.0,)

    text = str(walked(something(Value(2.0, "x"))))
    assert "v1 = something of x = 2" in text
    assert "mystery" in text


def test_a_formula_that_is_not_what_its_gate_gives_is_noted() -> None:
    @gate(symbol="s", formula="x**2", local=("2*x",))
    def cube(x: float) -> tuple[float, tuple[float, ...]]:
        return x * x * x, (3.0 * x * x,)

    @gate(symbol="t", formula="1 - exp(-x)", local=("1 - (1 - exp(-x))",))
    def rounded(x: float) -> tuple[float, tuple[float, ...]]:
        return -math.expm1(-x), (math.exp(-x),)

    @gate(symbol="c", formula="(1 - cos(x))/x**2", local=("(x*sin(x) - 2*(1 - cos(x)))/x**3",))
    def versine(x: float) -> tuple[float, tuple[float, ...]]:
        return 2.0 * (math.sin(x / 2.0) / x) ** 2, (-x / 12.0,)

    @gate(symbol="p", formula="1.00000001*x*y", local=("0", "1.00000001*x"))
    def product(x: float, y: float) -> tuple[float, tuple[float, ...]]:
        return x * y, (y, x)

    x = Value(3.0, "x")
    text = str(walked(cube(named(cube(x), "y"))))
    assert text.count("the formula of") == 2  # of the output, and of the local gradient, each once
    assert "the formula of y gives 9 here, and the gate s gives 27" in text
    assert "the formula of ∂y/∂x gives 6 here, and the gate s gives 27" in text
    text = str(walked(named(product(x, x), "z")))
    assert "the formula of z gives 9.00000009 here, and the gate p gives 9\n" in text
    assert "the formula of ∂z/∂(1st x) gives 0 here, and the gate p gives 3\n" in text
    for small in (rounded(Value(1e-9)), rounded(Value(30.0)), versine(Value(1e-8)), Value(1.0) % 0.1):
        assert "the formula of" not in str(walked(small))
    hidden = rounded(x)
    loss = hidden * 2.0
    loss.backward()
    hidden.data = 7.0
    assert "the formula of" not in str(walk(loss))


# ── update ──────────────────────────────────────────────────────────────────────────────


def test_an_update_is_shown_and_not_made() -> None:
    w, x, loss = small()
    update = walk(loss, parameters=[w], learning_rate=0.1).update
    assert update is not None
    (step,) = update.steps
    assert (step.before, step.gradient, step.after) == (-3.0, -24.0, pytest.approx(-0.6))
    assert step.equation() == "w - η × ∂L/∂w = -3 - 0.1 × -24 = -0.6"
    assert [(r.name, r.before, r.after) for r in update.recomputed] == [
        ("z", -6.0, pytest.approx(-1.2)),
        ("L", 36.0, pytest.approx(1.44)),
    ]
    assert update.recomputed[-1].equation() == "L = 36 → 1.44"
    assert (w.data, x.data, loss.data, w.grad) == (-3.0, 2.0, 36.0, -24.0)
    SGD([w], 0.1).step()
    assert w.data == step.after


@pytest.mark.parametrize("keep_fused", [False, True])
def test_an_update_goes_through_fused_gates_and_shows_the_digits_that_change(keep_fused: bool) -> None:
    w = Value(-3.0, "w")
    loss = named(dot([w, w], [3.0, 1.0]), "L")
    loss.backward()
    text = str(walk(loss, parameters=[w, w], learning_rate=0.00027, keep_fused=keep_fused))
    assert "w - η × ∂L/∂w = -3 - 0.00027 × 4 = -3.0011" in text
    assert "= -12 → -12.0043" in text


def test_bad_updates_are_refused() -> None:
    w, _, loss = small()
    with pytest.raises(ValueError, match=r"call backward\(\) on y first"):
        walk(named(-w, "y"), parameters=[w])
    for stranger in (Value(1.0), loss):
        with pytest.raises(ValueError, match="leaves of the graph of L"):
            walk(loss, parameters=[stranger])
    x = Value(0.1, "x")
    y = log(x)
    y.backward()
    with pytest.raises(GateError, match="log"):
        walk(y, parameters=[x], learning_rate=1.0)
    with pytest.raises(ValueError, match="learning_rate is a finite number"):
        walk(y, parameters=[x], learning_rate=math.inf)
    uphill = walk(y, parameters=[x], learning_rate=-1.0).update
    assert uphill
    assert uphill.steps[0].after == x.data + x.grad


# ── large graphs ────────────────────────────────────────────────────────────────────────


def test_a_long_walk_is_refused_with_advice_and_takes_no_recursion() -> None:
    x = Value(1.0)
    for _ in range(3000):
        x = x + 1
    with pytest.raises(ValueError, match=r"3001 values .*limit=3001"):
        walk(x)
    x.backward()
    assert walk(x, limit=3001).given[0].gradient == 1.0


def test_fused_gates_count_by_what_they_open_into() -> None:
    z = dot([Value(1.0) for _ in range(150)], [Value(2.0) for _ in range(150)])
    with pytest.raises(ValueError, match=r"599 values .*keep_fused=True"):
        walk(z)
    assert len(walk(z, keep_fused=True).forward) == 1


# ── shown ───────────────────────────────────────────────────────────────────────────────


def test_the_steps_through_some_gates_alone() -> None:
    steps = walk(small()[-1])
    assert repr(steps) == "<walk of L: 2 steps forward, 3 back>"
    assert repr(steps.through("z")) == "<walk of L: 1 step forward, 2 back>"
    assert [step.name for step in steps.through("z", "L").forward] == ["z", "L"]
    with pytest.raises(ValueError, match="is one of z, L, got 'w'"):
        steps.through("w")


def test_numbers_are_rounded_to_the_decimals_asked_for() -> None:
    steps = walk(exp(-Value(1.0, "x")))
    assert "0.37" in steps.text(decimals=2).split()
    assert "0.367879" in steps.text(decimals=6).split()


def test_a_notebook_shows_latex_in_which_labels_do_no_harm() -> None:
    markdown = walk(small()[-1])._repr_markdown_()
    assert r"\frac{\partial L}{\partial w} &= \frac{\partial L}{\partial z} \times" in markdown
    assert markdown.count("$$") == 2 * markdown.count(r"\begin{aligned}")
    assert markdown.count("{") == markdown.count("}")
    steps = walked(Value(-1.0, "<b>$x_1$|*\\").relu(), "a\x1b[31m\nb")
    assert "\x1b" not in str(steps)
    (note,) = re.findall(r"^> .*$", steps.markdown(), re.MULTILINE)
    assert note == r"> the ReLU is dead at &lt;b>\$x\_1\$\|\*\\ = -1: nothing passes"


def test_a_walk_in_traditional_chinese() -> None:
    steps = walk(small()[-1])
    text = steps.text(language="zh-TW")
    assert text.startswith("前向傳播\n  已知：w = -3   x = 2\n")
    assert "z = w·x, 梯度交換閘" in text
    assert not re.search(r"[a-z]{4}", text)
    assert "**反向傳播**" in steps.markdown(language="zh-TW")
    with pytest.raises(ValueError, match="did you mean zh-TW"):
        steps.text(language="zh-tw")
