"""Aligned columns of text."""

from autograd.typesetting.columns import aligned


def test_each_column_is_as_wide_as_its_widest_cell_and_empty_ones_are_left_out() -> None:
    rows = [("input", "", "analytic", ""), ("x", "", "1", "a kink"), ("y[0]", "", "-12.5")]
    assert aligned(rows, "<<><") == [
        "input  analytic",
        "x             1  a kink",
        "y[0]      -12.5",
    ]
    assert aligned([]) == []


def test_the_last_side_holds_for_the_columns_that_follow() -> None:
    assert aligned([("a", "1", "22"), ("bb", "333", "4")], "<>") == ["a     1  22", "bb  333   4"]


def test_a_cell_that_is_too_wide_does_not_move_the_other_rows() -> None:
    assert aligned([("a", "1"), ("b" * 9, "2")], widest=5) == ["a  1", "b" * 9 + "  2"]


def test_columns_are_counted_as_a_terminal_does() -> None:
    assert aligned([("ŷ", "1"), ("y\u0302", "2"), ("梯", "3")]) == ["ŷ   1", "y\u0302   2", "梯  3"]
