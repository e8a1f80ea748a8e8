"""A browser to drive; without Chromium and its driver the tests that need one are skipped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd.playing.player import Player
from tests.browser import READY, Page, numbers

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a process."""
    webdriver = pytest.importorskip("selenium.webdriver")
    if not (BROWSER and DRIVER):
        pytest.skip("there is no browser to drive: install chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    browser.set_script_timeout(60)
    yield browser
    browser.quit()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a player in the browser, at an address such as #backward/3, in a window of some size."""

    def opened(player: Player, address: str = "", size: tuple[int, int] = (1366, 768)) -> Page:
        path = player.save(tmp_path / "page.html")
        chromium.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
        )
        chromium.get("about:blank")
        chromium.get_log("browser")  # of the page before
        chromium.get(f"file://{path}{address}")
        chromium.execute_async_script(READY)
        return Page(chromium, f"file://{path}")

    yield opened
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def javascript(chromium: Any) -> Callable[..., Any]:
    """Run a script on an empty page. Numbers that JSON does not know are given and come back as text."""
    chromium.get("about:blank")

    def run(script: str, *arguments: Any) -> Any:
        given = json.dumps(arguments, default=str)
        return numbers(
            chromium.execute_script(
                "const unwritable = ['NaN', 'Infinity', '-Infinity'];"
                "const given = JSON.parse(arguments[0], (_, x) => unwritable.includes(x) ? Number(x) : x);"
                f"{script}\nreturn JSON.stringify(main(...given), (_, x) => "
                "typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)",
                given,
            )
        )

    return run
