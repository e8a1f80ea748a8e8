"""The command `examine`: a student's engine, or a whole folder of them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from autograd.examining import Report, examine
from autograd.examining.folder import examine_folder, table
from autograd.files import write_whole

FOUND_FAULTS = 1
"""The exit status if a skill failed; 2 is that of a command that could not be carried out."""


def add_examine(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    parser = commands.add_parser(
        "examine",
        help="examine an autograd engine that somebody wrote",
        description="Say what is wrong with an engine, on the smallest example, and which mistake makes it. "
        "The exit status is 1 if a skill failed.",
    )
    add = parser.add_argument
    add("engine", metavar="PATH", help="engine.py, engine.py:Class, or a folder of engines")
    add("--show", action="store_true", help="tell the right numbers too")
    add("--seed", type=int, default=0, metavar="N", help="of the random expressions (default 0)")
    add("--seconds", type=float, default=5.0, metavar="S", help="for one expression (default 5)")
    for name in ("data", "grad", "backward"):
        add(f"--{name}", metavar="NAME", help=f"what the class calls {name}")
    add("--json", type=Path, metavar="FILE", help="also write results.json for Gradescope")
    add("--html", type=Path, metavar="FILE", help="also write a page that plays the first failure")
    add("--svg", type=Path, metavar="FILE", help="also draw the first failure, with the right numbers")
    parser.set_defaults(run=run_examine)


def run_examine(asked: argparse.Namespace) -> int:
    """Print a report, or a table of a folder's reports."""
    names = {name: getattr(asked, name) for name in ("data", "grad", "backward") if getattr(asked, name)}
    options = {"names": names, "seed": asked.seed, "seconds": asked.seconds, "show": asked.show}
    if Path(asked.engine).is_dir():
        if asked.html or asked.svg:
            raise ValueError(f"{asked.engine} is a folder, and --html and --svg show a failure of one engine")
        reports = examine_folder(asked.engine, **options)
        print(table(reports))
        found: Any = {
            name: report.gradescope() if isinstance(report, Report) else {"score": 0, "output": str(report)}
            for name, report in reports.items()
        }
        passed = all(isinstance(report, Report) and report.passed for report in reports.values())
    else:
        report = examine(asked.engine, **options)
        print(report)
        found, passed = report.gradescope(), report.passed
        _show_first_failure(report, asked.html, asked.svg)
    if asked.json:
        write_whole(asked.json, json.dumps(found, indent=2, ensure_ascii=False).encode())
    return 0 if passed else FOUND_FAULTS


def _show_first_failure(report: Report, page: Path | None, picture: Path | None) -> None:
    finding = next((r.finding for r in report.results if r.finding and r.finding.expression), None)
    if finding is None or finding.expression is None:
        if page or picture:
            print("no expression failed: there is nothing to show")
        return
    root = finding.expression.nodes[-1]  # with the right gradients
    if page:
        from autograd.playing.mistakes import MISTAKES
        from autograd.playing.player import player

        player(root).save(page)
        if finding.mistake and finding.mistake.key in {m.key for m in MISTAKES if m.played}:
            print(f"{page}#backward/1?mistake={finding.mistake.key} plays the mistake")
    if picture:
        from autograd.picture.drawing import draw

        draw(root).save(picture)
