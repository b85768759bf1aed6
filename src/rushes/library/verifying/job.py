"""One verification: what it works on, what it found, whether it mends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.health import Checked, Finding, Kind, Report, Tally
from rushes.domain.watch import Watch
from rushes.errors import Interrupted, LibraryDamaged, RushesError
from rushes.library.linked import LinkedFiles
from rushes.store import health
from rushes.store.ledger import Ledger
from rushes.store.reader import Reader
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.library.audio import Audio
    from rushes.media.files import AudioFiles

KEPT = 10_000
"""Findings of one kind that are held; beyond them they are counted."""

BATCH = 500
"""Rows that are read, and changed, at once."""


@dataclass(slots=True)
class Job:
    """What the parts of a verification share.

    With ``mends`` what is found is mended at once, where it can be. ``hashed`` counts bytes.
    """

    store: Store
    audio: Audio
    root: Path
    files: AudioFiles
    ledger: Ledger
    watch: Watch
    deep: bool
    mends: bool
    adopts: bool
    generations: int = 0
    versions: int = 0
    seen_files: int = 0
    hashed: int = 0
    linked: LinkedFiles = field(init=False)
    _told: tuple[int, int, str] = (0, 1, "")
    _kept: dict[Kind, list[Finding]] = field(default_factory=dict)
    _tallies: dict[Kind, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The linked sources, each of which is looked up once."""
        self.linked = LinkedFiles(self.reader)

    @property
    def reader(self) -> Reader:
        """Where questions go."""
        return self.store.reader

    def transaction(self) -> AbstractContextManager[Session]:
        """Where changes go."""
        return self.store.transaction()

    def tell(self, done: int, total: int, doing: str) -> None:
        """Tell whoever looks on how far it is; what that raises calls the work off."""
        self._told = (done, total, doing)
        self.watch(done, total, doing)

    def hash_of(self, path: Path) -> str:
        """The SHA-256 of a file, which may be long: it can be called off within it.

        Raises OSError as reading does.
        """
        from rushes.media.facts import sha256_of

        def read(size: int) -> None:
            self.hashed += size
            self.watch(*self._told)

        return sha256_of(path, read)

    def bringing_in(self) -> AbstractContextManager[None]:
        """Within it, a file may lie in the library that no row names yet."""
        from rushes.media.coming_in import bringing_in

        return bringing_in(self.root)

    def found(self, finding: Finding) -> None:
        """Note a finding."""
        kept = self._kept.setdefault(finding.kind, [])
        if len(kept) < KEPT:
            kept.append(finding)
        tally = self._tallies.setdefault(finding.kind, Counter())
        tally["found"] += 1
        tally["unresolved"] += not finding.resolved
        tally["mended"] += bool(finding.done)
        tally["bytes"] += finding.bytes

    def settle(
        self, findings: Sequence[Finding], work: Callable[[], object], done: str = ""
    ) -> None:
        """Note findings and, if this verification mends, do the work that resolves them all.

        ``done`` says what the work does, unless it gives that in words itself. Where it can't be
        done the findings stay unresolved and tell why.
        """
        if self.mends and findings:
            try:
                told = work()
                said = told if isinstance(told, str) else done
                findings = [replace(one, resolved=True, done=said) for one in findings]
            except (Interrupted, LibraryDamaged):
                raise
            except RushesError as error:
                findings = [replace(one, detail=f"{one.detail}; {error}") for one in findings]
        for finding in findings:
            self.found(finding)

    def report(self) -> Report:
        """What was found, by kind."""
        kinds = [kind for kind in Kind if kind in self._kept]
        journal = self.store.database.journal
        return Report(
            findings=tuple(finding for kind in kinds for finding in self._kept[kind]),
            tallies={kind: Tally(**self._tallies[kind]) for kind in kinds},
            checked=Checked(self.generations, self.versions, self.seen_files, self.hashed),
            deep=self.deep,
            repaired=self.mends,
            sqlite_version=health.ENGINE,
            journal=journal.name,
            journal_reason=journal.reason,
        )
