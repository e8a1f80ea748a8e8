"""Wrong backward passes: each goes wrong exactly where it is said to."""

from autograd import Value, walk
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


def test_a_replay_changes_nothing_of_the_graph() -> None:
    walked = used_twice()
    before = [(node.data, node.grad) for node in walked.names]
    for mistake in MISTAKES:
        list(mistake.replay(walked))
    assert [(node.data, node.grad) for node in walked.names] == before
