"""A player's page in a browser, at which a test looks and which it uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.lectures import EXAMPLES
from autograd.playing.player import Player, player
from nn import MLP
from tests.firefox import Firefox
from tests.graphs import named

READY = """const done = arguments[0];
const wait = () => (typeof page === "object" && page.run ? done() : setTimeout(wait, 5));
wait();"""
"""A script that calls back once the page has computed its numbers."""

Point = tuple[float, float]


def lecture(name: str = "logistic", **options: Any) -> Player:
    """The player of a worked example."""
    x = EXAMPLES[name]()
    return player(x.root, parameters=x.parameters, learning_rate=x.learning_rate, about=x, **options)


def network(hidden: int) -> Player:
    """The player of a network of two layers, which begins with both closed."""
    model = MLP(2, [hidden, 1], "tanh", rng=3)
    return player(named((model([1.0, -2.0]) - 1.0) ** 2, "loss"), model=model)


class Keys:
    """The keys that have no character, as WebDriver writes them."""

    BACKSPACE, TAB, ENTER, ESCAPE = "\ue003", "\ue004", "\ue007", "\ue00c"
    PAGE_UP, PAGE_DOWN, END, HOME = "\ue00e", "\ue00f", "\ue010", "\ue011"
    ARROW_LEFT, ARROW_UP, ARROW_RIGHT, ARROW_DOWN, DELETE = "\ue012", "\ue013", "\ue014", "\ue015", "\ue017"


class Page:
    """A page in Chromium, which Selenium drives, or in Firefox."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser = browser
        self.address = address

    def run(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns."""
        return self.browser.execute_script(script, *arguments)

    def text(self, id_: str) -> str:
        return str(self.run("return document.getElementById(arguments[0]).textContent", id_))

    def is_visible(self, id_: str) -> bool:
        script = "return document.getElementById(arguments[0]).checkVisibility()"
        return bool(self.run(script, id_))

    def reload(self) -> None:
        self.browser.refresh()
        self.browser.execute_async_script(READY)

    def spot(self, selector: str, across: float = 0.5, down: float = 0.5) -> Point:
        """A point of an element that can be seen, in pixels of the window."""
        x, y = self.run(
            """const [selector, across, down] = arguments, element = document.querySelector(selector);
               element.scrollIntoView({ block: "nearest" });
               const box = element.getBoundingClientRect();
               return [box.left + across * box.width, box.top + down * box.height]""",
            selector,
            across,
            down,
        )
        return x, y

    def click(self, selector: str) -> None:
        self.drag(self.spot(selector))

    def drag(self, *points: Point) -> None:
        """Press the mouse at the first point, move it to the others, release it."""
        if isinstance(self.browser, Firefox):
            self.browser.drag(*points)
            return
        kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"]
        for kind, (x, y) in zip(kinds, (*points, points[-1]), strict=True):
            where = {
                "x": x,
                "y": y,
                "button": "left",
                "buttons": int(kind != "mouseReleased"),
                "clickCount": 1,
            }
            self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, **where})

    def wheel(self, at: Point, down: float) -> None:
        """Turn the mouse wheel, in Chromium."""
        where = {"x": at[0], "y": at[1], "deltaX": 0, "deltaY": down}
        self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseWheel", **where})

    def fingers(self, *places: list[Point]) -> None:
        """Put fingers on the screen, move them from place to place, lift them, in Chromium."""
        kinds = ["touchStart", *["touchMove"] * (len(places) - 1)]
        for kind, fingers in zip(kinds, places, strict=True):
            points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(fingers)]
            self.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        self.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def press(self, *keys: str) -> None:
        if isinstance(self.browser, Firefox):
            self.browser.press(*keys)
            return
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def later(self, condition: str) -> None:
        """Wait until a condition in JavaScript holds."""
        wait = f"const wait = () => (({condition}) ? arguments[0]() : setTimeout(wait, 20)); wait()"
        self.browser.execute_async_script(wait)

    def told(self) -> list[dict[str, Any]]:
        """What is told of every step."""
        return list(self.run("return page.frames.map((frame) => teller().tell(frame))"))

    def lines(self) -> list[str]:
        """The whole walk."""
        return [f"{line['text']} {line['answer']}".strip() for told in self.told() for line in told["lines"]]

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((x) => x.textContent)"
        return list(self.run(script, selector))

    def go(self, title: str) -> None:
        """To the first step of this title."""
        titles = [told["title"] for told in self.told()]
        self.run("go(arguments[0])", titles.index(title))

    def problems(self) -> list[str]:
        """Errors and warnings that the browser has to report."""
        if isinstance(self.browser, Firefox):
            return self.browser.problems
        return [entry["message"] for entry in self.browser.get_log("browser")]


Open = Callable[..., Page]
"""Opens a player, at an address such as #backward/3, in a window of some size."""
