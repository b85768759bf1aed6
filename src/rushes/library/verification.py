"""Verifying the library in a folder, even one whose database can't be opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.health import Checked, Finding, Kind, Report, Tally
from rushes.domain.text import shown
from rushes.domain.watch import Watch, unwatched
from rushes.errors import LibraryDamaged
from rushes.library.library import Library

if TYPE_CHECKING:
    from rushes.store.rebuilding import Rebuilt


def verify(
    folder: Path,
    *,
    deep: bool = False,
    repair: bool = False,
    adopt: bool = False,
    watch: Watch = unwatched,
) -> Report:
    """What is wrong with the library in ``folder``, and with ``repair`` what was done about it.

    A database that is lost or damaged is rebuilt first, from its journal and its copies.

    Raises:
        Interrupted: ``watch`` called it off.
        LibraryBusy: another process is repairing it.
        LibraryReadOnly: it was to be repaired and can't be written.
        LibraryError: the folder holds something else, or can't be read or rebuilt.
    """

    def opened() -> Report:
        with Library.open(folder) as library:
            if repair:
                return library.health.repair(adopt=adopt, deep=deep, watch=watch)
            return library.health.check(deep=deep, watch=watch)

    try:
        report = opened()
    except LibraryDamaged as error:
        report = _unopened(error, deep=deep, repair=repair)
    broken = report.of(Kind.DATABASE)
    if not (broken and repair):
        return report
    from rushes.store.rebuilding import rebuild

    done = _told(rebuild(folder, watch))
    return _with(opened(), [replace(one, resolved=True, done=done) for one in broken])


def _told(rebuilt: Rebuilt) -> str:
    origins = [
        "a copy" if rebuilt.copy is not None else "",
        "the journal" if rebuilt.commits else "",
        "what could still be read" if rebuilt.salvaged else "",
    ]
    said = " and ".join(origin for origin in origins if origin) or "nothing that was left"
    lost = f"; {rebuilt.unreadable:,} lines couldn't be read" if rebuilt.unreadable else ""
    kept = f"; the damaged one is {shown(rebuilt.damaged.name)}" if rebuilt.damaged else ""
    return f"rebuilt from {said}: {rebuilt.generations:,} takes{lost}{kept}"


def _with(report: Report, mended: Sequence[Finding]) -> Report:
    """The report with what was mended before it."""
    now = report.tallies.get(Kind.DATABASE, Tally())
    tally = Tally(now.found + len(mended), now.unresolved, now.mended + len(mended), now.bytes)
    return replace(
        report,
        findings=(*mended, *report.findings),
        tallies={Kind.DATABASE: tally} | dict(report.tallies) | {Kind.DATABASE: tally},
    )


def _unopened(error: LibraryDamaged, *, deep: bool, repair: bool) -> Report:
    from rushes.store.health import ENGINE

    finding = Finding(Kind.DATABASE, "rushes.db", str(error), "rushes.db")
    return Report(
        findings=(finding,),
        tallies={Kind.DATABASE: Tally(found=1, unresolved=1)},
        checked=Checked(),
        deep=deep,
        repaired=repair,
        sqlite_version=ENGINE,
        journal="unknown",
        journal_reason="the database can't be opened",
    )
