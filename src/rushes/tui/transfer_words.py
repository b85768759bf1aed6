"""What an import came to, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from rushes.library.imported import Imported

_NAME = 40


def imported_line(imported: Imported, undo: str) -> str:
    """Give how many came in, and why others didn't; ``undo`` is the key that takes them out."""
    parts = []
    if imported.ids:
        parts.append(f"{takes(len(imported.ids))} copied in")
    if imported.profiles:
        samples = _counted(imported.samples, "new sample")
        parts.append(f"{_counted(len(imported.profiles), 'profile')} with {samples}")
    if imported.already:
        trashed = len(imported.trashed)
        where = f", {trashed:,} of them in the trash" if trashed else ""
        parts.append(f"{takes(imported.already)} here already{where}")
    if imported.running:
        parts.append(f"{takes(imported.running)} still being made there")
    if imported.failed:
        name, error = imported.failed[0]
        told = str(error)
        named = told if name in told else f"{shorten(one_line(name), _NAME)}: {told}"
        parts.append(f"{len(imported.failed):,} failed: {named}")
    said = f"{'; '.join(parts).rstrip('.') or 'Nothing was found to copy in'}."
    return f"{said} {undo} moves them to the trash." if imported.ids else said


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
