"""Another program's history and how its source stands, told in lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rushes.cli.outcome import takes
from rushes.cli.takes import SHORT_ID
from rushes.domain.source import KIND_NAMES, Found, Source, SourceState, Synced
from rushes.domain.text import one_line
from rushes.tui.cells import fit, right

_MOST_PROFILES = 8


def found_lines(found: Found) -> Iterator[str]:
    """What lies there, before it is linked."""
    yield f"{KIND_NAMES[found.kind]}  {one_line(found.place)}"
    if found.root not in (found.place, found.place.rpartition("/")[0]):
        yield f"audio in {one_line(found.root)}"
    yield f"{takes(found.generations)}, {_counted(found.versions, 'file')}"
    if found.statuses:
        yield "status    " + _shares(found.statuses)
    if found.profiles:
        more = len(found.profiles) - _MOST_PROFILES
        others = f", {more:,} others" if more > 0 else ""
        yield "profiles  " + _shares(found.profiles[:_MOST_PROFILES]) + others
    if found.oldest is not None and found.newest is not None:
        yield f"from      {_day(found.oldest)} to {_day(found.newest)}"
    if found.stories or found.presets:
        yield (
            f"also      {_counted(found.stories, 'story', 'stories')} with"
            f" {_counted(found.story_items, 'item')}, {_counted(found.presets, 'preset')}"
        )
    yield (
        f"audio     {found.missing:,} missing, {found.unreadable:,} unreadable,"
        f" {found.unnamed:,} that nothing names"
    )
    for trouble in found.troubles:
        yield f"trouble   {one_line(trouble)}"


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
    if source.unmeasured:
        cells.append(f"{source.unmeasured:,} to be measured")
    if source.state is SourceState.IN_TROUBLE:
        cells.append(one_line(f"trouble: {source.trouble}"))
    return "  ".join(cells)


def synced_line(name: str, synced: Synced) -> str:
    """What a sync came to, in one line."""
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (synced.added, "new"),
            (synced.changed, "changed"),
            (synced.returned, "back again"),
            (synced.vanished, "gone there"),
            (synced.kept_away, "deleted here"),
        )
        if number
    ]
    return f"{one_line(name)}: {', '.join(parts) if parts else 'nothing new'}"


def _shares(shares: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{count:,} {one_line(name)}" for name, count in shares)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _day(moment: datetime) -> str:
    return f"{_local(moment):%Y-%m-%d}"


def _local(moment: datetime) -> datetime:
    return moment.astimezone()
