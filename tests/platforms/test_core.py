"""What is run on other Pythons and in a browser's: the core's own tests are among it."""

from __future__ import annotations

from pathlib import Path

from tests.platforms import core


def test_the_tests_of_the_core_need_nothing_beyond_it() -> None:
    chosen = {Path(file).relative_to(core.TESTS).as_posix() for file in core.files()}
    engine = {"test_gates.py", "test_value.py", "test_graph.py", "test_passes.py"}
    assert {f"autograd/{name}" for name in engine} <= chosen
    assert {"autograd/stepping/test_walk.py", "autograd/lectures/test_lectures.py"} <= chosen
    assert "autograd/test_numpy.py" not in chosen
