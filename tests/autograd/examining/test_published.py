"""An engine as it is published: what the examination says of it is true, whoever wrote it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from autograd.examining import examine

pytestmark = pytest.mark.thorough


def test_of_micrograd_everything_passes_but_a_second_pass_and_long_chains() -> None:
    specification = find_spec("micrograd")
    assert specification is not None
    assert specification.submodule_search_locations
    report = examine(Path(specification.submodule_search_locations[0]) / "engine.py")
    failed = {result.skill.key: result.finding for result in report.results if result.verdict == "failed"}
    assert set(failed) == {"second pass", "long chains"}
    # c = a·b, d = c + a at (2, 3): the second pass starts with ∂d/∂c = 1 left over, and adds 1 to it.
    assert failed["second pass"].gradients[:2] == (11.0, 6.0)
    assert failed["second pass"].mistake.key == "inner gradients kept"
    assert "RecursionError" in failed["long chains"].what
