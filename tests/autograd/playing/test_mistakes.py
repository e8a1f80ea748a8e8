"""Wrong backward passes: each goes wrong exactly where it is said to."""

from collections.abc import Callable

import pytest

from autograd import Value, maximum, sqrt, walk
from autograd.picture.folding import Folded
from autograd.playing.mistake_frames import MistakePlayback
from autograd.playing.mistakes import MISTAKES, NO_ZEROING, OVERWRITE, WRONG_ORDER, Mistake
from autograd.stepping.walk import Walk


def named(node: Value, label: str) -> Value:
    node.label = label
    return node


def used_twice() -> Walk:
    """L = a·b + a with a = 2, b = 5: a gets 1 from the sum and 5 from the product."""
    a, b = Value(2.0, "a"), Value(5.0, "b")
    L = named(named(a * b, "c") + a, "L")
    L.backward()
    return walk(L)


def left_by(mistake: Mistake, walked: Walk) -> dict[str, float]:
    """The gradients that a mistaken pass ends with."""
    gradients = mistake.start(walked)
    for edge in mistake.replay(walked):
        gradients[edge.step.input] = edge.after
    return {walked.names[node]: gradient for node, gradient in gradients.items()}


def test_overwriting_keeps_the_last_contribution_alone() -> None:
    assert left_by(OVERWRITE, used_twice()) == {"a": 5.0, "b": 2.0, "c": 1.0, "L": 1.0}


def test_without_zeroing_leaves_end_with_twice_their_gradients() -> None:
    assert left_by(NO_ZEROING, used_twice()) == {"a": 12.0, "b": 4.0, "c": 1.0, "L": 1.0}


def test_in_the_wrong_order_nothing_has_arrived_yet() -> None:
    # c hands back before L has handed it anything: only L's own edges carry something.
    assert left_by(WRONG_ORDER, used_twice()) == {"a": 1.0, "b": 0.0, "c": 1.0, "L": 1.0}


def test_overwriting_is_harmless_where_nothing_is_used_twice() -> None:
    L = named(Value(2.0, "a") * Value(5.0, "b"), "L")
    L.backward()
    assert left_by(OVERWRITE, walk(L)) == {"a": 5.0, "b": 2.0, "L": 1.0}


def hints(root: Value, mistake: Mistake) -> list[str]:
    """What the first and the last frame of a mistaken pass say, where it changes nothing."""
    walked = walk(root)
    start, *_, verdict = MistakePlayback(mistake, walked, Folded(walked.root), 1.0).frames()
    assert start.notes == verdict.notes
    return [sentence for kind, sentence in start.notes if kind == "hint"]


def backward(root: Value) -> Value:
    root.backward()
    return root


def two_gates_and_a_dead_relu() -> Value:
    return backward((Value(-1.0, "x") * Value(2.0, "u")).relu())


def used_twice_and_lost_once() -> Value:
    x = Value(-1.0, "x")
    return backward(maximum(x, 0.1 * x))


def steep_at_0() -> Value:
    return backward(sqrt(Value(0.0, "x")))


@pytest.mark.parametrize(
    ("make", "mistake", "because"),
    [
        (two_gates_and_a_dead_relu, WRONG_ORDER, "what the gates before the last hand back"),
        (two_gates_and_a_dead_relu, NO_ZEROING, "stays the same when it is doubled"),
        (steep_at_0, NO_ZEROING, "stays the same when it is doubled"),
        (steep_at_0, WRONG_ORDER, "what the gates before the last hand back"),
        (used_twice_and_lost_once, OVERWRITE, "nothing is overwritten that would have changed a sum"),
    ],
)
def test_where_a_mistake_changes_nothing_the_reason_is_true_of_that_graph(
    make: Callable[[], Value], mistake: Mistake, because: str
) -> None:
    root = make()
    (hint,) = hints(root, mistake)
    assert because in hint
    walked, right = walk(root), {given.node: given.gradient for given in walk(root).given}
    if mistake is NO_ZEROING:
        assert all(g == 2.0 * g for g in right.values())
    elif mistake is WRONG_ORDER:
        before_the_last = [step for step in walked.backward if step.node is not walked.root]
        assert sum(step.contribution for step in before_the_last) == 0.0
    else:
        first, *_, last = (step for step in walked.backward if step.uses == 2)
        assert (first.contribution, last.after) == (0.0, last.contribution)


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("scale", [1.0, 1e-20, 1e-200])
def test_small_gradients_go_wrong_as_large_ones_do(scale: float, mistake: Mistake) -> None:
    x = Value(3.0, "x")
    assert hints(backward(x * x * scale), mistake) == []


def test_a_replay_changes_nothing_of_the_graph() -> None:
    walked = used_twice()
    before = [(node.data, node.grad) for node in walked.names]
    for mistake in MISTAKES:
        list(mistake.replay(walked))
    assert [(node.data, node.grad) for node in walked.names] == before
