"""What is seen of a graph when some of its groups are closed."""

import pytest

from autograd import Value
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group


def chain() -> tuple[Value, list[Value]]:
    """((x·w)·2 + x)²: its nodes in order."""
    x, w = Value(3.0, "x"), Value(2.0, "w")
    a = x * w
    b = a * 2.0
    c = b + x
    d = c**2
    return d, [x, w, a, b, c, d]


def closing(*nodes: Value, parameters: tuple[Value, ...] = ()) -> Group:
    return Group((), "closed", 0, nodes, parameters, ())


def test_a_closed_group_hides_its_parameters_and_shows_its_results() -> None:
    root, (x, w, a, b, c, _d) = chain()
    group = closing(a, b, parameters=(w,))
    folded = Folded(root, [group])
    assert folded.hidden == {w}
    assert folded.in_box[group] == [b]
    assert [
        (edge.input, edge.node, edge.position, edge.local_gradient) for edge in folded.edges_into(group)
    ] == [(x, a, 0, 2.0)]
    assert folded.box_id(b) == f"value-{folded.index[b]}"
    assert folded.edge_id(group, x) == f"value-{folded.index[x]}-to-group-{folded.index[a]}"
    assert [item for _, item in folded.items()][:2] == [group, c]


def test_several_results_share_a_box() -> None:
    root, (x, _w, a, b, c, _d) = chain()
    folded = Folded(root + a, [closing(a, b)])
    assert folded.in_box[a] == folded.in_box[b] == [a, b]
    assert folded.box_id(a) == folded.box_id(b) == f"values-{folded.index[a]}"
    assert folded.in_box[x] == [x]
    assert folded.edge_id(c, b) == f"{folded.box_id(b)}-to-gate-{folded.index[c]}"


def test_a_parameter_that_is_used_elsewhere_stays_in_view() -> None:
    root, (x, w, a, b, _c, _d) = chain()
    assert Folded(root, [closing(a, b, parameters=(x, w))]).hidden == {w}


def test_items_come_with_their_depth_inputs_first() -> None:
    root, (_x, _w, a, b, c, d) = chain()
    assert Folded(root).items() == [(1, a), (2, b), (3, c), (4, d)]
    group = closing(a, b)
    assert Folded(root, [group]).items() == [(1, group), (2, c), (3, d)]


def test_a_group_that_feeds_itself_through_others_is_refused() -> None:
    root, (_x, _w, a, b, c, _d) = chain()
    with pytest.raises(ValueError, match="wait for each other"):
        Folded(root, [closing(a, c)]).items()
    assert Folded(root, [closing(b, c)]).items()[0] == (1, a)


def test_the_depth_of_an_item_is_the_longest_way_to_it() -> None:
    x = Value(1.0)
    short, long = x * 2.0, ((x * 3.0) * 4.0) * 5.0
    root = short + long
    assert {item: depth for depth, item in Folded(root).items()} == {
        short: 1, long.inputs[0].inputs[0]: 1, long.inputs[0]: 2, long: 3, root: 4
    }  # fmt: skip


def test_a_long_chain_is_put_in_order() -> None:
    x = Value(1.0)
    for _ in range(10_000):
        x = x * 1.0
    assert [depth for depth, _ in Folded(x).items()] == list(range(1, 10_001))


def test_a_bundle_of_leaves_shares_a_box() -> None:
    root, (x, w, *_) = chain()
    folded = Folded(root, bundles=[[x, w]])
    assert folded.box_id(x) == folded.box_id(w) == f"values-{folded.index[x]}"
