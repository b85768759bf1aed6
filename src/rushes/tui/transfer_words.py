"""What exports and imports came to, in a line each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.tui import when
from rushes.tui.cells import short_path, shorten
from rushes.tui.changes import takes

if TYPE_CHECKING:
    from rushes.domain.exporting import Exported
    from rushes.library.imported import Imported

_PLACE = 40


def exported_line(exported: Exported) -> str:
    """Give how many went where, and why others didn't."""
    parts = []
    if exported.done:
        count = len({file.id for file in exported.done})
        place = shorten(short_path(Path(exported.done[0].file).parent), _PLACE)
        parts.append(f"{takes(count)} exported to {place}, {when.size(exported.bytes)}")
    remarks = {remark for file in exported.done for remark in file.remarks}
    parts += sorted(str(remark) for remark in remarks)
    if exported.failed:
        parts.append(f"{takes(len(exported.failed))} failed: {exported.failed[0].error}")
    return _sentence(parts, "Nothing was exported")


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
        named = told if name in told else f"{shorten(one_line(name), _PLACE)}: {told}"
        parts.append(f"{len(imported.failed):,} failed: {named}")
    said = _sentence(parts, "Nothing was found to copy in")
    return f"{said} {undo} moves them to the trash." if imported.ids else said


def _sentence(parts: list[str], otherwise: str) -> str:
    return f"{'; '.join(parts).rstrip('.') or otherwise}."


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
