"""Firefox, driven through its own WebDriver BiDi: no driver program is needed.

The methods are those of Selenium's drivers that the tests of the page call.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox") or shutil.which("firefox-esr")

AVAILABLE = bool(FIREFOX and find_spec("websocket"))

STARTS_WITHIN = 60.0


class Firefox:
    """One browser with one tab."""

    def __init__(self, profile: Path) -> None:
        import websocket

        assert FIREFOX
        self.process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server, until = profile / "WebDriverBiDiServer.json", time.monotonic() + STARTS_WITHIN
        while not (server.exists() and server.read_text()):
            assert time.monotonic() < until, "Firefox does not start"
            time.sleep(0.05)
        port = json.loads(server.read_text())["ws_port"]
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/session", suppress_origin=True, timeout=60
        )
        self.count = 0
        self.problems: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; what the browser reports meanwhile is kept."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("method") == "log.entryAdded" and said["params"]["level"] in ("error", "warn"):
                self.problems.append(said["params"]["text"])
            if said.get("id") == self.count:
                assert said["type"] == "success", said
                return said["result"]

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self.call("browsingContext.setViewport", context=self.tab, viewport=viewport)

    def get(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def refresh(self) -> None:
        self.call("browsingContext.reload", context=self.tab, wait="complete")

    def execute_script(self, script: str, *arguments: Any) -> Any:
        return self._evaluated(
            f"JSON.stringify((function () {{{script}\n}})(...{json.dumps(arguments)}) ?? null)"
        )

    def execute_async_script(self, script: str, *arguments: Any) -> Any:
        given = f"...{json.dumps(arguments)}, done"
        return self._evaluated(
            f"new Promise((done) => (function () {{{script}\n}})({given}))"
            ".then((x) => JSON.stringify(x ?? null))"
        )

    def _evaluated(self, expression: str) -> Any:
        said = self.call(
            "script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True
        )
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def press(self, *keys: str) -> None:
        """Press and release keys, as Selenium's Keys names them."""
        actions = [{"type": kind, "value": key} for key in "".join(keys) for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, move it to the others, release it."""
        (x, y), *others = points
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y)} for x, y in ((x, y), *others)]
        actions = [
            moves[0],
            {"type": "pointerDown", "button": 0},
            *moves[1:],
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def _act(self, actions: dict[str, Any]) -> None:
        self.call("input.performActions", context=self.tab, actions=[actions])

    def quit(self) -> None:
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)
