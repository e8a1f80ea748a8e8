"""The page put together: its own files, and one graph, in one HTML file.

The program is the same in every page, and packed; the gates of the graph stand beside it as they are. The
page's security policy lets these scripts run, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html import escape
from importlib.resources import files
from typing import Any

from autograd.graph import contribution
from autograd.languages import PAGES
from autograd.playing.mistakes import MISTAKES, Mistake
from autograd.playing.translation import Translation
from autograd.typesetting import latex
from autograd.typesetting.labels import ACCENTS, GREEK

STYLES = ("looks", "layout", "picture", "panel", "narrow", "presenting", "forced_colors", "printed")
SCRIPTS = (
    *("arithmetic", "erf", "rules", "graph", "sentences", "numbers", "notation", "markup", "gate_formulas"),
    *("views", "frames", "slips", "writer", "remarks", "steps", "mistaken_steps", "state", "picture"),
    *("camera", "panel", "plots", "fields", "touch", "curves", "descent", "predict", "address", "sharing"),
    *("wording", "focus", "wiring", "main"),
)
"""The page's own files, in the order in which they read one another."""

MEANS_SOMETHING_IN_A_SCRIPT = re.compile(r"<(?=/?s|!)", re.IGNORECASE)
"""The < of </script, <script and <!--, which JSON can write in another way."""


def page(title: str, data: dict[str, Any], gates: str) -> str:
    """The text of an HTML file that shows a graph: its data, and its gates in JavaScript."""
    key = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:12]
    written = json.dumps(data | {"key": key}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    program, loader = _program(), _asset("loader.js")
    parts = {
        "policy": " ".join(f"'sha256-{_hash(script)}'" for script in (program, gates, loader)),
        "title": escape(title),
        "style": "".join(_asset(f"{name}.css") for name in STYLES),
        "data": MEANS_SOMETHING_IN_A_SCRIPT.sub(r"\\u003c", written),
        "program": base64.b64encode(gzip.compress(program.encode(), mtime=0)).decode(),
        "gates": gates,
        "loader": loader,
    }
    return re.sub(rf"@({'|'.join(parts)})@", lambda match: parts[match[1]], _asset("page.html"))


def _program() -> str:
    """What is the same in every page: its scripts, the mistakes, the update rules and the languages."""
    rules = Translation([contribution, *(mistake.contribution for mistake in MISTAKES)])
    mistakes = ",\n".join(_mistake(x, rules.names[x.contribution]) for x in MISTAKES)
    first = ('"use strict";', rules.script, f"const MISTAKES = [\n{mistakes},\n];", shared_tables())
    return "\n".join((*first, *(_asset(f"{name}.js") for name in SCRIPTS)))


def shared_tables() -> str:
    """The tables that Python and the page both read, in JavaScript."""
    tables = {
        "LANGUAGES": PAGES,
        "GREEK": GREEK,
        "ACCENTS": ACCENTS,
        "LATEX_SIGNS": latex.SIGNS,
        "LATEX_FUNCTIONS": latex.FUNCTIONS,
        "LATEX_LETTERS": latex.LETTERS,
        "LATEX_SPECIALS": latex.SPECIALS,
    }
    written = {name: json.dumps(table, ensure_ascii=False) for name, table in tables.items()}
    return "\n".join(f"const {name} = {table};" for name, table in written.items())


def _mistake(mistake: Mistake, contribution: str) -> str:
    data = json.dumps(vars(mistake) | {"contribution": None})
    return f"  {{ ...{data}, contribution: {contribution} }}"


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _asset(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")
