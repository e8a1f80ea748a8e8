"""What the suite leaves out, and the switch that brings it in.

`pytest --thorough` runs everything, and longer.

Without it, tests marked `thorough` are left out and property tests try a few dozen examples.
With it, each tries a thousand; `--examples 20000` is for a long night. All are reproducible:
the examples follow from the tests themselves, not from a clock.

Tests that need PyTorch, micrograd or a browser run where it is installed. The report header says whether.
"""

from __future__ import annotations

import signal
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests import chromium, firefox
from tests.tally import TRIED

OPTIONAL = {
    "nn/torch": "torch",
    "autograd/bridges/test_torch.py": "torch",
    "autograd/bridges/test_jax.py": "jax",
    "autograd/examining/test_published.py": "micrograd",
}
"""What is tested where a package is installed that the test extra does not bring."""

BROWSERS = {"chromium": chromium.AVAILABLE, "firefox": firefox.AVAILABLE}

collect_ignore = ["benchmarks", "mutation", *(path for path, name in OPTIONAL.items() if not find_spec(name))]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="run the long tests too, and property tests on 1000 examples"
    )
    parser.addoption("--examples", type=int, help="how many examples each property test tries")


def pytest_configure(config: pytest.Config) -> None:
    # A shell that runs things in the background has them ignore Ctrl-C, which some tests press.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "thorough: takes long; runs with --thorough alone")
    config.addinivalue_line("markers", "torch: needs PyTorch; left out where it is not installed")
    config.addinivalue_line("markers", "chromium: needs Chromium and its driver; left out without them")
    config.addinivalue_line("markers", "firefox: needs Firefox; left out where it is not installed")
    config.addinivalue_line("markers", "both_browsers: tried in Chromium, and in Firefox with --thorough")
    settings.register_profile(
        "project",
        max_examples=config.getoption("--examples") or (1000 if config.getoption("--thorough") else 40),
        # Reproducible, on machines of any speed, and without the long search for what failures share.
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [] if config.getoption("--thorough") else ["thorough"]
    left_out += [] if find_spec("torch") else ["torch"]
    left_out += [name for name, there in BROWSERS.items() if not there]
    deselected = [item for item in items if any(map(item.get_closest_marker, left_out))]
    items[:] = [item for item in items if not any(map(item.get_closest_marker, left_out))]
    config.hook.pytest_deselected(items=deselected)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TRIED:
        tried = ", ".join(f"{count:,} {what}" for what, count in TRIED.items())
        terminalreporter.write_line(f"\nTried: {tried}")


def pytest_report_header() -> list[str]:
    optional = [
        f"tests/{path}: {f'left out, {name} is not installed' if path in collect_ignore else 'collected'}"
        for path, name in OPTIONAL.items()
    ]
    browsers = [f"tests in {name}: {'run' if there else 'left out'}" for name, there in BROWSERS.items()]
    return optional + browsers
