"""A student's engine in a process of its own, with limits of time and memory."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from autograd.examining import child
from autograd.examining.expressions import OPERATIONS


class ExaminationError(Exception):
    """There is no engine to examine: the file cannot be run, or holds no class that adds and multiplies."""


class StudentProcess:
    """Runs the engine, answers requests, and is started again when it dies or does not answer.

    source   the path of a Python file, or a class
    name     the class in the file; "" finds it
    names    what the class calls `data`, `grad` and `backward`, if it uses unusual names
    seconds  how long one request may take

    Raises ExaminationError if there is no engine in the file.
    """

    def __init__(
        self, source: Path | type, name: str, names: Mapping[str, str] | None, seconds: float
    ) -> None:
        self.source, self.name, self.names, self.seconds = source, name, dict(names or {}), seconds
        if isinstance(source, type) and not hasattr(os, "fork"):
            raise ExaminationError(
                "a class is examined in a copy of this process, which this system cannot make: "
                "give the path of its file"
            )
        self.surface = self._start()

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request, or {"error": kind, "message": …}."""
        answer = self._exchange(request)
        if answer.get("error") in ("time", "died"):
            self.close()
            self._start()
        return answer

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            os.kill(self._id, signal.SIGKILL)
        with suppress(OSError):
            self._held.close()

    # ── the process ─────────────────────────────────────────────────────────────────────

    def _start(self) -> dict[str, Any]:
        """Start it, and learn what the engine can do."""
        self._held = ExitStack()  # pipes, the process to wait for, its folder
        try:
            if isinstance(self.source, type):
                self._fork(self.source)
            else:
                self._spawn(self.source)
        except OSError as error:
            raise ExaminationError(f"no process of its own can be started for the engine: {error}") from None
        surface = self._exchange({"kind": "surface", "operations": list(OPERATIONS)})
        if "error" in surface:
            self.close()
            raise ExaminationError(surface["message"])
        return surface

    def _spawn(self, path: Path) -> None:
        folder = self._held.enter_context(tempfile.TemporaryDirectory())
        process = subprocess.Popen(
            [sys.executable, "-I", child.__file__, str(path.resolve()), self.name, json.dumps(self.names)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            encoding="utf-8",
        )
        assert process.stdin
        assert process.stdout
        self._held.push(process)
        self._id, self._writer, self._reader = process.pid, process.stdin, process.stdout

    def _fork(self, engine: type) -> None:
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # JAX, and Python from 3.12 on, warn that another thread may hold a lock, for which the copy
            # would wait for ever. The copy runs the class alone, and is killed if it takes too long.
            warnings.filterwarnings("ignore", r".*\bfork\b")
            self._id = os.fork()
        if not self._id:
            with suppress(BaseException):
                ours.close()
                child.limit()
                child.silence()
                find = lambda: child.Engine(engine, sys.modules.get(engine.__module__), self.names)  # noqa: E731
                child.serve(find, theirs.makefile(), theirs.makefile("w"))
            os._exit(0)
        self._held.callback(os.waitpid, self._id, 0)
        with ours, theirs:
            self._writer = self._held.enter_context(ours.makefile("w"))
            self._reader = self._held.enter_context(ours.makefile())

    def _exchange(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One request and its answer; a process that takes too long is killed, and so stops answering."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            os.kill(self._id, signal.SIGKILL)

        alarm = threading.Timer(self.seconds, kill)
        alarm.start()
        try:
            self._writer.write(json.dumps(request) + "\n")
            self._writer.flush()
            line = self._reader.readline()
        except OSError:
            line = ""
        finally:
            alarm.cancel()
        if line:
            return json.loads(line)  # type: ignore[no-any-return]
        if late.is_set():
            return {"error": "time", "message": f"it was still running after {self.seconds:g} seconds"}
        return {"error": "died", "message": "the process that ran it ended"}
