"""What is seen of a graph when some of its groups are closed."""

import pytest

from autograd import Value
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group
from tests.graphs import chain


def nodes() -> list[Value]:
    """((x·w)·2 + x)²: its nodes in order, the root last."""
    x, w = Value(3.0, "x"), Value(2.0, "w")
    a = x * w
    b = a * 2.0
    c = b + x
    return [x, w, a, b, c, c**2]


def closing(*nodes: Value, parameters: tuple[Value, ...] = ()) -> Group:
    return Group((), "closed", 0, nodes, parameters, ())


def test_a_closed_group_hides_its_parameters_and_shows_its_results() -> None:
    x, w, a, b, c, root = nodes()
    group = closing(a, b, parameters=(w,))
    folded = Folded(root, [group])
    assert folded.hidden == {w}
    assert folded.in_box[group] == [b]
    assert [tuple(edge) for edge in folded.edges_into(group)] == [(a, 0, x, 2.0)]
    assert folded.box_id(b) == f"value-{folded.index[b]}"
    assert folded.edge_id(group, x) == f"value-{folded.index[x]}-to-group-{folded.index[a]}"
    assert folded.items() == [(1, group), (2, c), (3, root)]
    assert Folded(root, [closing(a, b, parameters=(x, w))]).hidden == {w}  # c uses x too


def test_results_of_a_group_and_leaves_of_a_bundle_share_a_box() -> None:
    x, w, a, b, c, root = nodes()
    folded = Folded(root + a, [closing(a, b)], bundles=[[x, w]])
    assert folded.in_box[a] == folded.in_box[b] == [a, b]
    assert folded.box_id(a) == folded.box_id(b) == f"values-{folded.index[a]}"
    assert folded.edge_id(c, b) == f"{folded.box_id(b)}-to-gate-{folded.index[c]}"
    assert folded.box_id(x) == folded.box_id(w) == f"values-{folded.index[x]}"


def test_a_group_that_feeds_itself_through_others_is_refused() -> None:
    _x, _w, a, b, c, root = nodes()
    with pytest.raises(ValueError, match="2 gates and groups wait for each other"):
        Folded(root, [closing(a, c)]).items()
    assert Folded(root, [closing(b, c)]).items()[0] == (1, a)


def test_the_depth_of_an_item_is_the_longest_way_to_it() -> None:
    x = Value(1.0)
    short, long = x * 2.0, ((x * 3.0) * 4.0) * 5.0
    root = short + long
    assert {item: depth for depth, item in Folded(root).items()} == {
        short: 1, long.inputs[0].inputs[0]: 1, long.inputs[0]: 2, long: 3, root: 4
    }  # fmt: skip
    assert [depth for depth, _ in Folded(chain(2000)).items()] == list(range(1, 2001))
