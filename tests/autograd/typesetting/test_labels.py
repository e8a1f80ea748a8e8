"""Labels, and the symbols that they spell."""

from autograd.typesetting.labels import GREEK, Subscripted, printable


def test_what_steers_a_terminal_is_taken_out_of_a_label() -> None:
    assert printable("a\x1b[31m\nb\tc\ud800") == "a\ufffd[31m b c\ufffd"


def test_symbols_are_read_from_labels_that_follow_a_pattern_alone() -> None:
    assert Subscripted.read("w11(2)") == Subscripted("w", below="11", above="(2)")
    assert Subscripted.read("2x") is None
    assert Subscripted.read("") is None


def test_greek_letters_have_their_names() -> None:
    assert GREEK["alpha"] == "α"
    assert GREEK["sigma"] == "σ"
    assert GREEK["omega"] == "ω"
