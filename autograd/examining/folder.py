"""A folder of submissions, examined one by one, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograd.examining.examine import Report, examine
from autograd.examining.process import ExaminationError
from autograd.examining.skills import SIGNS, SKILLS
from autograd.typesetting.columns import aligned


def examine_folder(folder: str | Path, **options: Any) -> dict[str, Report | ExaminationError]:
    """A report for every Python file of a folder, by its path in it; `options` are those of `examine`.

    For a file without an engine, the error stands in place of a report. A progress bar is shown
    where tqdm is installed. Raises ExaminationError if there is no Python file.
    """
    files = sorted(Path(folder).rglob("*.py"))
    if not files:
        raise ExaminationError(f"{folder}: there is no Python file in it")
    found: dict[str, Report | ExaminationError] = {}
    for file in _with_progress(files):
        try:
            found[str(file.relative_to(folder))] = examine(file, **options)
        except ExaminationError as error:
            found[str(file.relative_to(folder))] = error
    return found


def _with_progress(files: list[Path]) -> Iterable[Path]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return files
    return tqdm(files, desc="examining", unit="file", leave=False)  # type: ignore[no-any-return]


def table(reports: Mapping[str, Report | ExaminationError]) -> str:
    """One line a submission: its mark, and a sign for each skill (✓ passed, ✗ failed, · not there)."""
    rows = [("submission", "mark", " ".join(f"{i:>2}" for i in range(1, len(SKILLS) + 1)))]
    for name, report in reports.items():
        if isinstance(report, Report):
            verdicts = " ".join(f" {SIGNS[result.verdict]}" for result in report.results)
            rows.append((name, f"{report.mark:.0f}", verdicts))
        else:
            rows.append((name, "-", str(report)))
    legend = [f"{i:>2}  {skill.title}" for i, skill in enumerate(SKILLS, 1)]
    return "\n".join([*aligned(rows, "<><"), "", *legend])
