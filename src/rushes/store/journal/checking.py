"""Whether the journal and the database say the same, told without changing either."""

from __future__ import annotations

from pathlib import Path

from rushes.store.journal.entries import State
from rushes.store.journal.file import Finding, JournalFile, Look
from rushes.store.reader import Reader

_ATTEMPTS = 5


def look(reader: Reader, folder: Path) -> Look:
    """How the journal fits the database.

    One that isn't there before anything was written fits. Somebody may be committing this
    moment: what doesn't fit is looked at again.

    Raises:
        LibraryError: database or journal can't be read.
    """
    file = JournalFile(folder)
    found = Look(Finding.FITS)
    for _ in range(_ATTEMPTS):
        state = _state(reader)
        if state is None:
            return Look(Finding.FITS)
        found = file.look(state)
        if found.finding is Finding.FITS or _state(reader) == state:
            return found
    return found


def _state(reader: Reader) -> State | None:
    row = reader.one("SELECT journal_id, number, length, needed FROM journal_state")
    if row is None:
        return None
    journal_id, number, length, needed = row
    return State(str(journal_id), _integer(number), _integer(length), _integer(needed))


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0
