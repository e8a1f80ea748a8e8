"""The step-through: its data, its text, its Markdown."""

import math
import pickle
import re

import pytest

from autograd import GateError, Value, dot, exp, gate, gates, lectures, log, logsumexp, maximum, total, walk
from autograd.stepping.steps import BackwardStep, Formula
from autograd.stepping.walk import names_of
from autograd.typesetting.latex import Latex
from autograd.typesetting.mathml import MathML
from autograd.typesetting.text import Text
from nn import SGD
from tests.graphs import named


def small() -> tuple[Value, Value, Value]:
    """L = (w·x)², with a leaf used once each."""
    w, x = Value(-3.0, "w"), Value(2.0, "x")
    return w, x, named(named(w * x, "z") ** 2, "L")


def edge(steps: tuple[BackwardStep, ...], name: str, input_name: str) -> BackwardStep:
    (step,) = [step for step in steps if (step.name, step.input_name) == (name, input_name)]
    return step


# ── forward ─────────────────────────────────────────────────────────────────────────────


def test_forward_steps_hold_node_gate_formula_and_result() -> None:
    w, x, loss = small()
    walked = walk(loss)
    first, last = walked.forward
    assert [given.node for given in walked.given] == [w, x]
    assert (first.name, first.gate, first.symbol, first.result) == ("z", gates.multiply, "×", -6.0)
    assert first.formula.in_names() == "w·x"
    assert first.formula.numbers_piece(Text()).written == "-3 × 2"
    assert first.equation() == "z = w·x = -3 × 2 = -6"
    assert last.node is loss
    assert last.equation() == "L = z² = (-6)² = 36"


def test_equations_are_written_in_every_notation() -> None:
    _, _, loss = small()
    last = walk(loss).forward[-1]
    assert last.equation(Latex()) == "L = z^{2} = (-6)^{2} = 36"
    assert last.equation(MathML()).startswith(
        '<math displaystyle="true"><mrow><mi>L</mi><mo>=</mo><msup><mi>z</mi><mn>2</mn></msup>'
    )
    assert last.equation(Latex(decimals=2)) == last.equation(Latex())


def test_a_side_that_repeats_the_one_before_it_is_left_out() -> None:
    g4 = Value(1.0, "g4")
    assert walk(named(-g4, "g5")).forward[0].equation() == "g5 = -g4 = -1"
    assert walk(named(log(g4), "log g4")).forward[0].equation() == "log g4 = log 1 = 0"
    assert walk(named(log(g4), "log g4")).forward[0].equation(Latex()) == r"\log g_{4} = \log 1 = 0"


def test_plain_numbers_are_part_of_the_formula() -> None:
    x = Value(2.0, "x")
    written = {
        "1/x": 1 / x,
        "1 + x": 1 + x,
        "x + 1": x + 1,
        "x³": x**3,
        "2^x": 2**x,
        "max(0, x)": maximum(0, x),
        "z if z ≥ 0, else 0.01·z": gates.leaky_relu(named(x * 1, "z")),
    }
    assert {walk(node).forward[-1].formula.in_names() for node in written.values()} == set(written)


def test_before_backward_there_are_forward_steps_and_advice() -> None:
    _, _, loss = small()
    walked = walk(loss)
    assert walked.backward == ()
    assert walked.given[0].gradient is None
    assert "call backward() on L" in str(walked)
    assert "∂" not in str(walked)


def test_what_is_given_comes_layer_by_layer() -> None:
    given = [given.name for given in lectures.two_layer().walk().given]
    assert given == ["x1", "x2", "w11(1)", "w12(1)", "w21(1)", "w22(1)", "w11(2)", "w12(2)"]


def test_a_leaf_has_no_steps() -> None:
    walked = walk(Value(2.0, "x"))
    assert (walked.forward, walked.backward) == ((), ())
    assert "x = 2" in str(walked)
    assert "x is a leaf" in str(walked)


# ── names ───────────────────────────────────────────────────────────────────────────────


def test_unnamed_nodes_get_names_in_order() -> None:
    a, b = Value(1.0), Value(2.0, "b")
    walked = walk((a + b) * b)
    assert list(walked.names.values()) == ["v1", "b", "v2", "v3"]
    assert walked.forward[-1].equation() == "v3 = v2·b = 3 × 2 = 6"


def test_no_two_nodes_have_one_name() -> None:
    nodes = [Value(0.0, label) for label in ("x", "x", "", "v1", "x#2", "x", " ", "v1", "\n")]
    names = list(names_of(nodes).values())
    assert names[0] == "x"
    assert names[3] == "v1"
    assert names[4] == "x#2"
    assert len(set(names)) == len(names)
    assert all(names)


# ── backward ────────────────────────────────────────────────────────────────────────────


def test_backward_steps_hold_upstream_local_contribution_and_sum() -> None:
    w, _, loss = small()
    loss.backward()
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


def test_at_the_root_the_local_gradient_is_the_whole_derivative() -> None:
    _, _, loss = small()
    loss.backward()
    step = walk(loss).backward[0]
    assert step.from_root
    assert step.equation() == step.local_equation() == "∂L/∂z = 2·z = 2 × -6 = -12"


def test_running_sums_where_a_node_is_used_more_than_once() -> None:
    a = Value(3.0, "a")
    b = named(a * a, "b")
    loss = named(b + a, "L")
    loss.backward()
    sums = [
        (s.name, s.use, s.uses, s.before, s.contribution, s.after)
        for s in walk(loss).backward
        if s.input is a
    ]
    assert sums == [("L", 1, 3, 0.0, 1.0, 1.0), ("b", 2, 3, 1.0, 3.0, 4.0), ("b", 3, 3, 4.0, 3.0, 7.0)]
    assert a.grad == 7.0
    text = str(walk(loss))
    assert "∂L/∂a, part 2 of 3 = ∂L/∂b × ∂b/∂(1st a) = 1 × 3 = 3\n" in text
    assert "∂b/∂(2nd a) = a = 3\n" in text
    assert "∂L/∂a so far = 1 + 3 = 4\n" in text
    assert "∂L/∂a = 4 + 3 = 7\n" in text


def test_contributions_add_up_to_the_gradients_of_the_engine() -> None:
    weights = [Value(0.1 * i - 0.4, f"w{i}") for i in range(6)]
    hidden = [(weights[i] * 0.7 + weights[i + 1] * weights[i]).tanh() for i in range(5)]
    loss = logsumexp(hidden) - dot(hidden, weights[:5], weights[5]).sigmoid() + total(hidden).relu()
    loss.backward()
    for keep_fused in (False, True):
        walked = walk(loss, keep_fused=keep_fused)
        last: dict[Value, float] = {}
        for step in walked.backward:
            assert step.contribution == step.upstream * step.local_gradient
            assert step.before == last.get(step.input, 0.0)
            last[step.input] = step.after
        for given in walked.given:
            assert given.gradient == last[given.node]
            assert given.gradient == pytest.approx(given.node.grad, rel=1e-12)
            assert given.notes == ()


def test_gates_come_deepest_first_and_in_the_order_of_the_forward_pass() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    g1, g2 = named(a * 2, "g1"), named(b * 3, "g2")
    loss = named(named(a + g1, "g3") + g2, "L")
    loss.backward()
    assert list(dict.fromkeys(step.name for step in walk(loss).backward)) == ["L", "g3", "g1", "g2"]


def test_roles_in_words() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")

    def roles(node: Value) -> list[str]:
        node.backward()
        return [str(step.role or "") for step in walk(node).backward]

    assert roles(a + b)[0] == "gradient distributor: hands its upstream gradient to a unchanged"
    assert roles(a - b)[1] == "gradient distributor: hands its upstream gradient to b with its sign turned"
    assert roles(a * b)[0] == "gradient switcher: the local gradient for a is the other input, b"
    assert roles(a * a)[0] == (
        "gradient switcher: the local gradient for the 1st a is the other input, the 2nd a"
    )
    assert roles(a * 5)[0] == "gradient switcher: the local gradient for a is the other input, 5"
    assert roles(maximum(a, b)) == [
        "gradient router: lets no gradient through to a",
        "gradient router: lets the gradient through to b",
    ]
    assert roles(exp(a)) == [""]


def test_the_places_of_steps_are_those_of_the_drawing() -> None:
    _, _, loss = small()
    loss.backward()
    walked = walk(loss)
    assert [given.index for given in walked.given] == [0, 1]
    assert [step.index for step in walked.forward] == [2, 3]
    assert [(s.index, s.position, s.input_index) for s in walked.backward] == [
        (3, 0, 2),
        (2, 0, 0),
        (2, 1, 1),
    ]


# ── flags ───────────────────────────────────────────────────────────────────────────────


def kinds(node: Value) -> list[list[str]]:
    node.backward()
    return [[note.kind for note in step.notes] for step in walk(node).backward]


def test_a_dead_relu_is_flagged() -> None:
    assert kinds(Value(-2.0, "x").relu()) == [["dead"]]
    assert kinds(Value(0.0, "x").relu()) == [["kink", "dead"]]
    assert kinds(Value(2.0, "x").relu()) == [[]]
    dead = Value(-2.0, "x").relu()
    dead.backward()
    assert "the ReLU is dead at x = -2: nothing passes" in str(walk(dead))


def test_ties_and_losing_inputs_are_flagged() -> None:
    a, b = Value(2.0, "a"), Value(2.0, "b")
    assert kinds(maximum(a, b)) == [["tie"], ["tie", "loses"]]
    assert kinds(maximum(a, Value(1.0))) == [[], ["loses"]]
    assert kinds(maximum(3, a)) == [["loses"]]
    tie = maximum(a, b)
    tie.backward()
    assert "a and b tie at 2: at a tie the first input takes the gradient" in str(walk(tie))
    assert "b = 2 loses to a: nothing reaches it" in str(walk(tie))


def test_kinks_zeros_and_what_stops_upstream_are_flagged() -> None:
    assert kinds(abs(Value(0.0))) == [["kink", "zero"]]
    assert kinds(gates.leaky_relu(Value(0.0))) == [["kink"]]
    assert kinds(Value(0.0) * Value(5.0)) == [[], ["zero"]]
    assert kinds((-Value(5.0)).relu()) == [["dead"], ["nothing"]]
    assert kinds(Value(1.0) + Value(1.0)) == [[], []]  # equal inputs are no tie of a sum


def test_a_leaf_that_holds_more_than_this_walk_is_flagged() -> None:
    x = Value(2.0, "x")
    loss = x * x
    loss.backward()
    loss.backward()
    (given,) = walk(loss).given
    assert given.gradient == 4.0
    assert [note.kind for note in given.notes] == ["adds"]
    assert "x.grad is 8" in str(walk(loss))


def test_a_small_gradient_that_was_doubled_is_flagged_and_rounding_is_not() -> None:
    x = Value(3.0, "x")
    loss = x * x * 1e-20
    loss.backward()
    assert walk(loss).given[0].notes == ()
    loss.backward()
    assert [note.kind for note in walk(loss).given[0].notes] == ["adds"]
    y = Value(1.0, "y")
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
    assert [step.equation() for step in after.forward] == [step.equation() for step in before.forward]
    assert [step.equation() for step in after.backward] == [step.equation() for step in before.backward]
    assert [given.equation() for given in after.given] == ["w = 3.168", "x = 2", "b = 0.5"]
    assert [[note.kind for note in given.notes] for given in after.given] == [["changed"], [], ["changed"]]
    assert before.update is not None
    assert after.update is not None
    assert [step.equation() for step in after.update.steps] == [
        step.equation() for step in before.update.steps
    ]
    assert "w was changed to 4.0336 after the forward pass" in str(after)
    assert "to see what comes of the new ones, compute L again" in str(after)


@pytest.mark.parametrize("changed", [3.0, -1.0])
def test_a_changed_input_of_a_function_is_found_again(changed: float) -> None:
    x = Value(2.0, "x")
    y = named(log(x), "y")
    y.backward()
    x.data = changed
    assert walk(y).forward[0].equation() == "y = log x = log 2 = 0.6931"
    assert walk(y).backward[0].equation() == "∂y/∂x = 1/x = 1/2 = 0.5"


def test_numbers_that_nothing_tells_are_left_out() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    s = named(a + b, "s")
    s.backward()
    a.data = 5.0
    (step,) = walk(s).forward
    assert step.equation() == "s = a + b = 3"
    assert [note.kind for note in step.notes] == ["stale"]
    assert "the numbers that s was computed from are not known" in str(walk(s))
    assert "a is shown as it is now" in str(walk(s))
    with pytest.raises(ValueError, match="a, b may have been changed since: compute s again"):
        walk(s, parameters=[a])


def test_a_fused_gate_whose_numbers_are_not_known_stays_closed() -> None:
    w1, w2 = Value(1.0, "w1"), Value(2.0, "w2")
    z = named(dot([w1, w2], [3.0, 5.0]), "z")
    z.backward()
    w1.data, w2.data = 7.0, 8.0
    (step,) = walk(z).forward
    assert step.equation() == "z = w1 × 3 + w2 × 5 = 13"
    assert [note.kind for note in step.notes] == ["stale"]


# ── a part of a graph ───────────────────────────────────────────────────────────────────


def test_a_part_of_a_graph_has_derivatives_of_its_own() -> None:
    w, x = Value(3.0, "w"), Value(2.0, "x")
    z = named(w * x, "z")
    named(-z, "L").backward()
    walked = walk(z)
    assert [step.equation() for step in walked.backward] == ["∂z/∂w = x = 2", "∂z/∂x = w = 3"]
    assert [given.gradient for given in walked.given] == [2.0, 3.0]
    assert [given.notes for given in walked.given] == [(), ()]
    text = str(walked)
    assert "z is a part of a larger graph: ∂z/∂… are computed for it here" in text
    assert "other backward passes" not in text


# ── numbers that are not finite ─────────────────────────────────────────────────────────


def test_a_gradient_that_is_not_finite_is_named_where_it_arises() -> None:
    x = Value(0.0, "x")
    y = named((x**2).sqrt(), "y")
    y.backward()
    (root, square) = walk(y).backward
    assert [note.kind for note in (*root.notes, *square.notes)] == ["infinite", "infinite"]
    text = str(walk(y))
    assert "the local gradient for v1 is ∞: here the gradients stop being finite" in text
    assert "∞ × 0 has no answer: here the gradient of x becomes NaN" in text
    assert "∂y/∂x is NaN: the gradients stop being finite at y, on the way back to v1" in text
    assert "nothing reaches x" not in text


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda x: x * 1e200 * 1e200, "1e200 × 1e200 is too large for a float"),
        (lambda x: x.sqrt() - x.sqrt(), "∞ + -∞ has no answer: here the gradient of x becomes NaN"),
    ],
)
def test_a_product_too_large_and_infinities_that_cancel_are_named(make, said: str) -> None:
    y = make(Value(0.0, "x"))
    y.backward()
    assert said in str(walk(y))


def test_behind_a_gradient_of_0_an_infinite_slope_passes_nothing() -> None:
    x = Value(0.0, "x")
    y = x.sqrt() * 0.0
    y.backward()
    (_, step) = walk(y).backward
    assert [note.kind for note in step.notes] == ["nothing"]
    assert walk(y).given[0].gradient == 0.0


# ── fused gates ─────────────────────────────────────────────────────────────────────────


def test_fused_gates_are_opened_unless_kept() -> None:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(0.5, "b")
    z = named(dot([w], [x], b), "z")
    z.backward()
    assert [step.gate.name for step in walk(z).forward] == ["multiply", "add"]
    (step,) = walk(z, keep_fused=True).forward
    assert step.equation() == "z = b + w·x = 0.5 + 2 × 3 = 6.5"
    assert [edge.local.in_names() for edge in walk(z, keep_fused=True).backward] == ["x", "w", "1"]


def test_opened_or_not_the_gradients_are_those_of_the_graph() -> None:
    logits = [Value(1.0, "z1"), Value(2.0, "z2"), Value(3.0, "z3")]
    loss = named(logsumexp(logits), "L")
    loss.backward()
    softmax = [math.exp(z) / sum(math.exp(k) for k in (1, 2, 3)) for z in (1, 2, 3)]
    for keep_fused in (False, True):
        gradients = [given.gradient for given in walk(loss, keep_fused=keep_fused).given]
        assert gradients == pytest.approx(softmax, rel=1e-12)


# ── update ──────────────────────────────────────────────────────────────────────────────


def test_an_update_is_shown_and_not_made() -> None:
    w, x, loss = small()
    loss.backward()
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


def test_an_update_shows_the_digits_that_change() -> None:
    w = Value(-3.0, "w")
    loss = named(w * 1.0, "L")
    loss.backward()
    text = str(walk(loss, parameters=[w], learning_rate=0.00027))
    assert "w - η × ∂L/∂w = -3 - 0.00027 × 1 = -3.00027" in text
    assert "L = -3 → -3.0003" in text


@pytest.mark.parametrize("keep_fused", [False, True])
def test_an_update_through_fused_gates(keep_fused: bool) -> None:
    w = Value(2.0, "w")
    loss = named(dot([w, w], [3.0, 1.0]), "L")
    loss.backward()
    update = walk(loss, parameters=[w, w], learning_rate=0.5, keep_fused=keep_fused).update
    assert update is not None
    assert [step.after for step in update.steps] == [0.0]
    assert update.recomputed[-1].after == 0.0


def test_bad_updates_are_refused() -> None:
    w, _, loss = small()
    with pytest.raises(ValueError, match=r"call backward\(\) on L first"):
        walk(loss, parameters=[w])
    loss.backward()
    with pytest.raises(ValueError, match="leaves of the graph of L"):
        walk(loss, parameters=[Value(1.0)])
    with pytest.raises(ValueError, match="leaves of the graph of L"):
        walk(loss, parameters=[loss])
    x = Value(0.1, "x")
    y = log(x)
    y.backward()
    with pytest.raises(GateError, match="log"):
        walk(y, parameters=[x], learning_rate=1.0)


# ── bad input, large input ──────────────────────────────────────────────────────────────


def test_a_long_walk_is_refused_with_advice() -> None:
    x = Value(1.0)
    for _ in range(600):
        x = x + 1
    with pytest.raises(ValueError, match=r"601 values .*limit=601"):
        walk(x)
    assert len(walk(x, limit=601).forward) == 600


def test_fused_gates_count_by_what_they_open_into() -> None:
    z = dot([Value(1.0) for _ in range(150)], [Value(2.0) for _ in range(150)])
    with pytest.raises(ValueError, match=r"599 values .*keep_fused=True"):
        walk(z)
    assert len(walk(z, keep_fused=True).forward) == 1


def test_a_very_long_chain_takes_no_recursion() -> None:
    x = Value(1.0, "x")
    y = x
    for _ in range(20_000):
        y = y + 1
    y.backward()
    walked = walk(y, limit=20_001)
    assert walked.given[0].gradient == 1.0
    assert len(walked.backward) == 20_000


def test_numbers_that_are_not_finite_are_shown() -> None:
    y = named(Value(math.inf, "x") * 0.0, "y")
    assert walk(y).forward[0].equation() == "y = x × 0 = ∞ × 0 = NaN"


def test_labels_that_look_like_markup_do_no_harm() -> None:
    x = Value(-1.0, "<b>$x_1$|*\\")
    y = named(x.relu(), "a\x1b[31m\nb")
    y.backward()
    assert "\x1b" not in str(walk(y))
    markdown = walk(y).markdown()
    (note,) = re.findall(r"^> .*$", markdown, re.MULTILINE)
    assert note == r"> the ReLU is dead at &lt;b>\$x\_1\$\|\*\\ = -1: nothing passes"


def test_a_gate_of_ones_own_is_walked() -> None:
    @gate(
        symbol="huber",
        formula="x**2/2 if abs(x) < 1 else abs(x) - 0.5",
        local=("x if abs(x) < 1 else sign(x)",),
    )
    def huber(x: float) -> tuple[float, tuple[float, ...]]:
        return (x * x / 2, (x,)) if abs(x) < 1 else (abs(x) - 0.5, (math.copysign(1.0, x),))

    y = named(huber(Value(-3.0, "e")), "L")
    y.backward()
    walked = walk(y)
    assert walked.forward[0].equation() == (
        "L = (e²/2 if |e| < 1, else |e| - 0.5) = ((-3)²/2 if |-3| < 1, else |-3| - 0.5) = 2.5"
    )
    assert walked.backward[0].local_gradient == -1.0


def test_a_gate_whose_formula_is_prose_is_walked() -> None:
    @gate(symbol="?", formula="something of x", local=("its slope",), role="mystery")
    def something(x: float) -> tuple[float, tuple[float, ...]]:
        return x, (1.0,)

    y = something(Value(2.0, "x"))
    y.backward()
    assert "v1 = something of x = 2" in str(walk(y))
    assert "mystery" in str(walk(y))


# ── shown ───────────────────────────────────────────────────────────────────────────────


def test_the_text_is_aligned() -> None:
    _, _, loss = small()
    loss.backward()
    assert str(walk(loss)) == "\n".join(
        [
            "Forward",
            "  given: w = -3   x = 2",
            "  z = w·x = -3 × 2 = -6",
            "  L = z²  = (-6)²  = 36",
            "",
            "Backward",
            "  L = z²",
            "      ∂L/∂z = 2·z = 2 × -6 = -12",
            "  z = w·x, a gradient switcher",
            "      ∂z/∂w = x = 2",
            "      ∂L/∂w = ∂L/∂z × ∂z/∂w = -12 × 2 = -24",
            "      ∂z/∂x = w = -3",
            "      ∂L/∂x = ∂L/∂z × ∂z/∂x = -12 × -3 = 36",
            "",
            "Gradients",
            "  ∂L/∂w = -24",
            "  ∂L/∂x = 36",
        ]
    )


def test_numbers_are_rounded_to_the_decimals_asked_for() -> None:
    x = Value(1.0, "x")
    assert "0.37" in walk(named(exp(-x), "y")).text(decimals=2).split()
    assert "0.367879" in walk(named(exp(-x), "y")).text(decimals=6).split()


def test_wide_letters_and_accents_keep_the_columns_straight() -> None:
    a, b = Value(1.0, "损失"), Value(2.0, "x")
    text = str(walk(a * 2 + named(-b, "y\u0302")))
    lines = [line for line in text.splitlines() if "=" in line and "given" not in line]
    assert len(lines) == 3
    assert "损失 × 2 = 1 × 2" in text


def test_a_notebook_shows_latex() -> None:
    _, _, loss = small()
    loss.backward()
    markdown = walk(loss)._repr_markdown_()
    assert r"\frac{\partial L}{\partial w} &= \frac{\partial L}{\partial z} \times" in markdown
    assert markdown.count("$$") == 2 * markdown.count(r"\begin{aligned}")
    assert markdown.count("{") == markdown.count("}")


def test_the_repr_is_one_short_line() -> None:
    _, _, loss = small()
    loss.backward()
    assert repr(walk(loss)) == "<walk of L: 2 steps forward, 3 back>"


def test_steps_are_plain_data() -> None:
    _, _, loss = small()
    step = walk(loss).forward[0]
    assert isinstance(step.formula, Formula)
    assert pickle.loads(pickle.dumps(step)).equation() == step.equation()


# ── one gate, another language ──────────────────────────────────────────────────────────


def test_the_steps_through_one_gate_alone() -> None:
    _, _, loss = small()
    loss.backward()
    assert str(walk(loss).through("z")) == "\n".join(
        [
            "Forward",
            "  z = w·x = -3 × 2 = -6",
            "",
            "Backward",
            "  z = w·x, a gradient switcher",
            "      ∂z/∂w = x = 2",
            "      ∂L/∂w = ∂L/∂z × ∂z/∂w = -12 × 2 = -24",
            "      ∂z/∂x = w = -3",
            "      ∂L/∂x = ∂L/∂z × ∂z/∂x = -12 × -3 = 36",
        ]
    )
    assert [step.name for step in walk(loss).through("z", "L").forward] == ["z", "L"]
    with pytest.raises(ValueError, match="is one of z, L, got 'w'"):
        walk(loss).through("w")


def test_names_are_the_same_with_fused_gates_open_and_closed() -> None:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(0.5, "b")
    loss = dot([w], [x], b).tanh() * 2.0
    opened, closed = walk(loss), walk(loss, keep_fused=True)
    assert [step.name for step in opened.forward] == ["v1", "v2", "v3", "v4"]
    assert [step.name for step in closed.forward] == ["v2", "v3", "v4"]
    assert [step.result for step in closed.forward] == [step.result for step in opened.forward[1:]]


def test_a_walk_in_traditional_chinese() -> None:
    _, _, loss = small()
    loss.backward()
    text = walk(loss).text(language="zh-TW")
    assert text.startswith("前向傳播\n  已知：w = -3   x = 2\n")
    assert "z = w·x, 梯度交換閘" in text
    assert not re.search(r"[a-z]{4}", text)
    assert "**反向傳播**" in walk(loss).markdown(language="zh-TW")
    with pytest.raises(ValueError, match="did you mean zh-TW"):
        walk(loss).text(language="zh-tw")
