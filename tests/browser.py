"""A player's page in a browser, at which a test looks and which it uses."""

from __future__ import annotations

import json
import math
from typing import Any

READY = """const done = arguments[0];
const wait = () => (typeof page === "object" && page.run ? done() : setTimeout(wait, 5));
wait();"""
"""A script that calls back once the page has computed its numbers."""


class Page:
    """A page in the browser."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser = browser
        self.address = address

    def run(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns."""
        return self.browser.execute_script(script, *arguments)

    def text(self, id_: str) -> str:
        return str(self.run("return document.getElementById(arguments[0]).textContent", id_))

    def click(self, selector: str) -> None:
        self.browser.find_element("css selector", selector).click()

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def go(self, title: str) -> None:
        """To the first step of this title."""
        found = self.run(
            "const titles = page.frames.map((frame) => teller().tell(frame).title);"
            "go(titles.indexOf(arguments[0])); return titles",
            title,
        )
        assert title in found, found

    def problems(self) -> list[str]:
        """Errors and warnings that the browser has to report."""
        return [entry["message"] for entry in self.browser.get_log("browser")]


def numbers(text: str) -> Any:
    """JSON with NaN and infinity as text."""
    read = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

    def restored(x: Any) -> Any:
        if isinstance(x, list):
            return [restored(item) for item in x]
        if isinstance(x, dict):
            return {key: restored(item) for key, item in x.items()}
        return read.get(x, x) if isinstance(x, str) else x

    return restored(json.loads(text))
