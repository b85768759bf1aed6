"""``verify``: whether a library is whole, and mending what isn't."""

from __future__ import annotations

from typing import Annotated

import typer

from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import takes
from rushes.cli.output import json_result, message, result
from rushes.cli.progress import Progress
from rushes.cli.session import session_of
from rushes.domain.health import TITLES, Finding, Report
from rushes.domain.record import report_record
from rushes.domain.text import steady
from rushes.errors import BadInput
from rushes.words.when import size

_MOST = 5
"""Findings of a kind that are told; --json has more."""


def verify(
    context: Context,
    *,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Read every file whole and compare its bytes with its hash."),
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; no audio is ever deleted.")
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="With --repair: make takes of the audio that no take names, instead of setting it "
            "aside in lost+found.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the database and the audio are whole and agree.

    Nothing is changed without --repair. Exits with 0 when there is nothing left to do, else with 1.
    """
    if adopt and not repair:
        raise BadInput("--adopt does nothing by itself", "", "Add --repair.")
    from rushes.library import verification

    session = session_of(context)
    folder = session.library_path
    for problem in session.reading.problems:
        message(problem)
    with Progress("verifying", ascii=session.ascii) as progress:
        report = verification.verify(folder, deep=deep, repair=repair, adopt=adopt, watch=progress)
    if as_json:
        json_result(report_record(report))
    else:
        for line in _lines(report, "->" if session.ascii else "→"):
            result(line)
    if not report.is_sound:
        raise typer.Exit(1)


def _lines(report: Report, arrow: str) -> list[str]:
    lines = [*_checked(report)] if report.checked.generations or report.is_sound else []
    journal = f"journal {report.journal}: {report.journal_reason}"
    lines.append(f"SQLite {report.sqlite_version}, {journal}")
    for kind, tally in report.tallies.items():
        lines += ["", f"{TITLES[kind]}: {tally.found:,}"]
        lines += [_line(finding, arrow) for finding in report.of(kind)[:_MOST]]
        if tally.found > _MOST:
            lines.append(f"  and {tally.found - _MOST:,} more; --json names them")
    return [*lines, "", _end(report)]


def _checked(report: Report) -> list[str]:
    checked = report.checked
    versions, files = _counted(checked.versions, "version"), _counted(checked.files, "file")
    how = "files compared by size; --deep reads them whole"
    if report.deep:
        how = f"{size(checked.hashed)} read and compared by hash"
    return [f"{takes(checked.generations)}, {versions} and {files} checked", how]


def _line(finding: Finding, arrow: str) -> str:
    where = finding.path or ("" if finding.take else finding.what)
    done = f"{arrow} {finding.done}" if finding.done else ""
    return "  " + "  ".join(
        steady(part) for part in (finding.take, where, finding.detail, done) if part
    )


def _end(report: Report) -> str:
    mended = f"{_counted(report.mended, 'thing')} mended or marked; " if report.mended else ""
    if report.is_sound:
        return f"{mended}nothing is left to do" if report.findings else "all is well"
    left = f"{mended}{report.unresolved:,} left to do"
    if report.repaired:
        return f"{left} that repair can't"
    if any(one.repairable and not one.resolved for one in report.findings):
        # What only --deep finds, only --deep mends.
        return f"{left}: rushes verify{' --deep' if report.deep else ''} --repair"
    return left


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
