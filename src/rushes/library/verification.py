"""Verifying the library in a folder, even one whose database can't be opened."""

from __future__ import annotations

from pathlib import Path

from rushes.domain.health import Checked, Finding, Kind, Report, Tally
from rushes.domain.watch import Watch, unwatched
from rushes.errors import LibraryDamaged
from rushes.library.library import Library


def verify(
    folder: Path,
    *,
    deep: bool = False,
    repair: bool = False,
    adopt: bool = False,
    watch: Watch = unwatched,
) -> Report:
    """What is wrong with the library in ``folder``, and with ``repair`` what was done about it.

    Raises:
        Interrupted: ``watch`` called it off.
        LibraryReadOnly: it was to be repaired and can't be written.
        LibraryError: the folder holds something else, or can't be read.
    """
    try:
        with Library.open(folder) as library:
            if repair:
                return library.health.repair(adopt=adopt, deep=deep, watch=watch)
            return library.health.check(deep=deep, watch=watch)
    except LibraryDamaged as error:
        return _unopened(error, deep=deep, repair=repair)


def _unopened(error: LibraryDamaged, *, deep: bool, repair: bool) -> Report:
    from rushes.store.health import ENGINE

    finding = Finding(Kind.DATABASE, "rushes.db", str(error), "rushes.db", repairable=False)
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
