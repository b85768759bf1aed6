"""``storage``: what the library takes of the disk."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.cli.commands.policies import kept_lines
from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import takes
from rushes.cli.output import json_result, result
from rushes.cli.progress import Progress
from rushes.cli.session import session_of
from rushes.domain.storage import Portion, ProfilePortion, StorageUse
from rushes.domain.storage_record import policy_record, use_record
from rushes.words.cells import fit, right
from rushes.words.storage import KINDS
from rushes.words.when import size

_BAR = 24
_MOST = 12


def storage(context: Context, *, as_json: AsJson = False) -> None:
    """Show what the library takes of the disk.

    By kind, profile, engine and month; files of linked sources are none of the library's.
    """
    session = session_of(context)
    with session.library() as library:
        with Progress("adding up", ascii=session.ascii) as progress:
            use = library.storage.use(progress)
        kept = library.storage.saved_policy()
    if as_json:
        json_result({**use_record(use), "policy": policy_record(kept)})
        return
    for line in _lines(use, "#" if session.ascii else "━"):
        result(line)
    if kept is not None:
        result()
        for line in kept_lines(kept):
            result(line)


def _lines(use: StorageUse, glyph: str) -> list[str]:
    lines = [f"{size(use.total)} used, {size(use.free)} free"]
    most = max(held for _, held in use.kinds)
    lines += [_line(KINDS[kind], "", held, most, glyph) for kind, held in use.kinds if held]
    groups: tuple[tuple[str, Sequence[Portion]], ...] = (
        ("profiles", use.profiles[:_MOST]),
        ("engines", use.engines[:_MOST]),
        ("months", use.months[-_MOST:]),
    )
    for title, portions in groups:
        if portions:
            most = max(portion.bytes for portion in portions)
            lines += ["", title, *(_portion(portion, most, glyph) for portion in portions)]
    if use.linked.generations:
        linked = f"{takes(use.linked.generations)} with {size(use.linked.bytes)}"
        lines += ["", f"linked: {linked}, which lie at their sources and are in no number above"]
    return lines


def _portion(portion: Portion, most: int, glyph: str) -> str:
    line = _line(portion.label, f"{portion.generations:,}", portion.bytes, most, glyph)
    if not isinstance(portion, ProfilePortion) or portion.quota is None:
        return line
    return f"{line}  {'over' if portion.is_over else 'of'} {size(portion.quota)}"


def _line(label: str, count: str, held: int, most: int, glyph: str) -> str:
    bar = glyph * max(1, round(_BAR * held / most)) if held else ""
    return f"  {fit(label, 20)}  {right(count, 9)}  {right(size(held), 7)}  {bar}".rstrip()
