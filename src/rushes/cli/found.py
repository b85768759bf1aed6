"""How a linked source stands, told in a line."""

from __future__ import annotations

from datetime import datetime

from rushes.cli.outcome import takes
from rushes.cli.takes import SHORT_ID
from rushes.domain.source import KIND_NAMES, Source, SourceState
from rushes.domain.text import one_line
from rushes.words.cells import fit, right
from rushes.words.sources import missing_words


def source_line(source: Source) -> str:
    """A linked source in a line of a list."""
    synced = "never" if source.synced_at is None else f"{_local(source.synced_at):%Y-%m-%d %H:%M}"
    cells = [
        source.id[:SHORT_ID],
        fit(source.name, 20),
        fit(KIND_NAMES[source.kind], 19),
        right(takes(source.generations), 14),
        fit(synced, 16),
        one_line(source.place),
    ]
    if source.vanished:
        cells.append(f"{source.vanished:,} gone there")
    if faults := missing_words(source):
        cells.append(faults)
    if source.unmeasured:
        cells.append(f"{source.unmeasured:,} to be measured")
    if source.state is SourceState.IN_TROUBLE:
        cells.append(one_line(f"trouble: {source.trouble}"))
    return "  ".join(cells)


def _local(moment: datetime) -> datetime:
    return moment.astimezone()
