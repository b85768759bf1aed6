"""What was found of a library when it was verified, and what repair did about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rushes.domain.audio import Fault
from rushes.domain.ids import SHORT

FAULTS: Mapping[Fault, str] = {
    Fault.MISSING: "missing: verify didn't find the file",
    Fault.DAMAGED: "damaged: verify found other bytes than were recorded",
}
"""What is said of a file that is marked."""


class Kind(StrEnum):
    """What kind of thing was found, in the order in which it is told."""

    DATABASE = "database"
    REFERENCE = "reference"
    RULE = "rule"
    SHARED = "shared"
    DERIVED = "derived"
    JOURNAL = "journal"
    MISSING = "missing"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    WHOLE = "whole"
    UNREFERENCED = "unreferenced"
    STAGED = "staged"
    PURGE = "purge"
    LEAVING = "leaving"
    RUN = "run"
    LINKED = "linked"
    LOST = "lost"
    STRANGE = "strange"
    UNCHECKED = "unchecked"


TITLES: Mapping[Kind, str] = {
    Kind.DATABASE: "the database is damaged",
    Kind.REFERENCE: "rows that point nowhere",
    Kind.RULE: "rows that contradict each other",
    Kind.SHARED: "files that two versions name",
    Kind.DERIVED: "search index and counters out of step",
    Kind.JOURNAL: "the journal is out of step",
    Kind.MISSING: "missing audio",
    Kind.DAMAGED: "changed or damaged audio",
    Kind.UNREADABLE: "files that can't be read",
    Kind.WHOLE: "marked audio that is whole again",
    Kind.UNREFERENCED: "audio that no take names",
    Kind.STAGED: "half-copied files that a crash left",
    Kind.PURGE: "deletions that were not finished",
    Kind.LEAVING: "files that are still to be removed",
    Kind.RUN: "takes whose making was interrupted",
    Kind.LINKED: "missing files of linked sources",
    Kind.LOST: "set aside in lost+found",
    Kind.STRANGE: "not rushes' own",
    Kind.UNCHECKED: "not checked",
}
"""Each kind as people read it, before a count of them."""


_OF_TAKES = frozenset(
    {
        Kind.RULE,
        Kind.MISSING,
        Kind.DAMAGED,
        Kind.UNREADABLE,
        Kind.WHOLE,
        Kind.PURGE,
        Kind.RUN,
        Kind.LINKED,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    ``what`` is the id of the generation or the version that it concerns, else a path or a table;
    ``path`` is the file's, relative to the library, where there is one, and ``bytes`` its size.
    ``repairable`` tells whether repair can resolve it, ``resolved`` whether there is nothing left
    to do: it is known, only told, or ``done`` says what repair did.
    """

    kind: Kind
    what: str
    detail: str
    path: str | None = None
    bytes: int = 0
    repairable: bool = True
    resolved: bool = False
    done: str = ""

    @property
    def take(self) -> str:
        """The beginning of its take's id, which people can use; empty where it concerns none."""
        is_path = self.what == self.path or (self.kind is Kind.UNREADABLE and not self.path)
        return self.what[:SHORT] if self.kind in _OF_TAKES and not is_path else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one kind was found: how many, how many unresolved and mended, bytes of files."""

    found: int = 0
    unresolved: int = 0
    mended: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at. ``hashed`` are bytes that were read whole and compared."""

    generations: int = 0
    versions: int = 0
    files: int = 0
    hashed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying a library found.

    ``findings`` holds the first of each kind, ``tallies`` counts all of them. Files were compared
    by their size, and by their hash as well where it was ``deep``. ``journal`` is the journal that
    SQLite keeps, ``journal_reason`` why that one.
    """

    findings: tuple[Finding, ...]
    tallies: Mapping[Kind, Tally]
    checked: Checked
    deep: bool
    repaired: bool
    sqlite_version: str
    journal: str
    journal_reason: str

    @property
    def unresolved(self) -> int:
        """How many findings somebody has still to do something about."""
        return sum(tally.unresolved for tally in self.tallies.values())

    @property
    def mended(self) -> int:
        """How many findings repair has done something about."""
        return sum(tally.mended for tally in self.tallies.values())

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing unresolved is left."""
        return self.unresolved == 0

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings of one kind that are held here."""
        return tuple(finding for finding in self.findings if finding.kind is kind)
