"""Browsers to drive: Chromium, by its driver, and Firefox, which drives itself.

Where one is not installed its tests are left out; see tests/conftest.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd.playing.player import Player
from tests.browser import READY, Open, Page
from tests.chromium import started
from tests.firefox import Firefox

CHROMIUM = pytest.param("chromium", marks=pytest.mark.chromium)
FIREFOX = pytest.param("firefox", marks=pytest.mark.firefox)
FIREFOX_LONG = pytest.param("firefox", marks=[pytest.mark.firefox, pytest.mark.thorough])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is computed is compared in both browsers; what is shown, in Firefox among the long tests."""
    if "browser" not in metafunc.fixturenames:
        return
    browsers = [CHROMIUM]
    if "javascript" in metafunc.fixturenames:
        browsers.append(FIREFOX)
    elif metafunc.definition.get_closest_marker("both_browsers"):
        browsers.append(FIREFOX_LONG)
    metafunc.parametrize("browser", browsers, indirect=True, scope="session")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all tests of a process."""
    browser = started()
    yield browser
    browser.quit()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for all tests of a process."""
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.quit()


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a player in the browser, at an address such as #backward/3, in a window of some size."""

    def opened(player: Player, address: str = "", size: tuple[int, int] = (1366, 768)) -> Page:
        path = player.save(tmp_path / "page.html")
        browser.get("about:blank")
        if isinstance(browser, Firefox):
            browser.resize(*size)
            browser.problems.clear()
        else:
            screen = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
            browser.get_log("browser")  # of the page before
        browser.get(f"file://{path}{address}")
        browser.execute_async_script(READY)
        return Page(browser, f"file://{path}")

    yield opened
    if not isinstance(browser, Firefox):
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def javascript(browser: Any) -> Callable[..., Any]:
    """Run the function main of a script on an empty page."""
    browser.get("about:blank")

    def run(script: str, *arguments: Any) -> Any:
        given = json.dumps(arguments)  # in which JavaScript reads NaN and Infinity as Python does
        answer = browser.execute_script(
            f"{script}\nreturn JSON.stringify(main(...{given}), "
            "(_, x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x))"
        )
        return json.loads(re.sub(r'"(NaN|-?Infinity)"', r"\1", answer))

    return run
