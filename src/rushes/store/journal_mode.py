"""Which journal SQLite keeps, and why.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when connections race at a WAL reset; 3.51.3
mended it, and 3.50.7 and 3.44.6 in their branches (sqlite.org/wal.html, "the WAL-reset bug").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalMode:
    """The journal in use (``wal`` or ``truncate``) and the reason, as a person reads it."""

    name: str
    reason: str


def has_wal_reset_fix(version: tuple[int, int, int]) -> bool:
    """Whether that release of SQLite can be trusted with a WAL several processes share."""
    match version[:2]:
        case (3, 44):
            return version >= (3, 44, 6)
        case (3, 50):
            return version >= (3, 50, 7)
        case _:
            return version >= (3, 51, 3)


def choose(version: tuple[int, int, int], *, fresh: bool, in_wal: bool) -> JournalMode:
    """The journal for a database that is ``fresh``, or ``in_wal`` already, or neither.

    The mode lies in the file and the oldest participant decides: a library that an older SQLite
    made stays out of WAL.
    """
    shown = ".".join(str(part) for part in version)
    if not has_wal_reset_fix(version):
        return JournalMode("truncate", f"SQLite {shown} can damage a WAL that is shared")
    if fresh or in_wal:
        return JournalMode("wal", f"SQLite {shown} has the WAL-reset fix")
    return JournalMode("truncate", "an older SQLite made this library and may still write it")
