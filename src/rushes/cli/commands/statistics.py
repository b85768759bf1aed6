"""``stats``: what the history amounts to."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import takes
from rushes.cli.output import json_result, result
from rushes.cli.session import session_of
from rushes.domain.record import statistics_record
from rushes.domain.statistics import Share, Statistics
from rushes.words.cells import fit, right
from rushes.words.when import size, total

_BAR = 24
_MOST = 12


def stats(context: Context, *, as_json: AsJson = False) -> None:
    """Count takes, hours and bytes, by profile, engine, status, day."""
    session = session_of(context)
    with session.library() as library:
        statistics = library.statistics.read()
    if as_json:
        json_result(statistics_record(statistics))
        return
    for line in _lines(statistics, "#" if session.ascii else "━"):
        result(line)


def _lines(statistics: Statistics, glyph: str) -> list[str]:
    length, room = total(statistics.duration), size(statistics.bytes)
    marked = f"{statistics.favorites:,} favourite, {statistics.rated:,} rated"
    lines = [
        f"{takes(statistics.generations)}, {length}, {room}",
        f"{marked}, {statistics.in_trash:,} in the trash",
    ]
    groups = (
        ("profiles", statistics.profiles),
        ("engines", statistics.engines),
        ("languages", statistics.languages),
        ("status", statistics.statuses),
    )
    for title, shares in groups:
        if shares:
            lines += ["", title, *_bars(shares, glyph)]
    days = statistics.days[-_MOST:]
    if days:
        most = max(count for _, count in days)
        lines += ["", "the last days with takes"]
        lines += [f"  {day}  {count:>9,}  {_bar(count, most, glyph)}" for day, count in days]
    return lines


def _bars(shares: Sequence[Share], glyph: str) -> list[str]:
    most = max(share.generations for share in shares)
    lines = [
        f"  {fit(share.label, 20)}  {share.generations:>9,}  {right(total(share.duration), 10)}"
        f"  {right(size(share.bytes), 7)}  {_bar(share.generations, most, glyph)}"
        for share in shares[:_MOST]
    ]
    if len(shares) > _MOST:
        lines.append(f"  and {len(shares) - _MOST:,} more")
    return lines


def _bar(count: int, most: int, glyph: str) -> str:
    return glyph * max(1, round(_BAR * count / most)) if count else ""
