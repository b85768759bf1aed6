"""``compress`` and ``expand``: room saved without loss, and given back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from rushes.cli.options import AsJson, Context, DryRun, MaybeIds, Query
from rushes.cli.outcome import takes
from rushes.cli.output import json_result, message, result
from rushes.cli.progress import Progress
from rushes.cli.queries import read_filter, whole_ids
from rushes.cli.session import session_of
from rushes.domain.compression import Failure, Recoded
from rushes.domain.query import HistoryQuery
from rushes.errors import BadInput, RushesError
from rushes.words.when import size

if TYPE_CHECKING:
    from rushes.library import Library

_Missed = list[tuple[str, RushesError]]


def compress(
    context: Context,
    *,
    ids: MaybeIds = None,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make WAV files FLAC, checked sample by sample; expand gives the same bytes back.

    Without ids or --query all takes outside the trash are compressed.
    """
    wanted = _Wanted(ids or [], query)
    with session_of(context).library() as library:
        found, missed = wanted.of(library)
        with Progress("compressing", ascii=session_of(context).ascii) as progress:
            recoded = library.compression.compress(found, dry_run=dry_run, watch=progress)
    _tell(recoded, missed, "compressed", dry_run=dry_run, as_json=as_json)


def expand(
    context: Context,
    *,
    ids: MaybeIds = None,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Give compressed takes back as the WAV files that they were, byte for byte.

    Without ids or --query all takes outside the trash are expanded.
    """
    wanted = _Wanted(ids or [], query)
    with session_of(context).library() as library:
        found, missed = wanted.of(library)
        with Progress("expanding", ascii=session_of(context).ascii) as progress:
            recoded = library.compression.expand(found, dry_run=dry_run, watch=progress)
    _tell(recoded, missed, "expanded", dry_run=dry_run, as_json=as_json)


class _Wanted:
    """What a command is to work on."""

    def __init__(self, ids: Sequence[str], query: str | None) -> None:
        if ids and query is not None:
            raise BadInput("ids and --query can't be given together")
        if query is not None and not query.strip():
            raise BadInput("an empty query is no choice", "", "For everything leave it out.")
        self._ids = ids
        self._query = query

    def of(self, library: Library) -> tuple[HistoryQuery | list[str], _Missed]:
        """Give the question or the ids, and which were given that mean none."""
        if self._ids:
            return whole_ids(library, self._ids)
        return HistoryQuery(filter=read_filter(library, self._query or "")), []


def _tell(recoded: Recoded, missed: _Missed, said: str, *, dry_run: bool, as_json: bool) -> None:
    failed = [Failure(prefix, error) for prefix, error in missed] + list(recoded.failed)
    if as_json:
        json_result(
            {
                "dry_run": dry_run,
                "done": recoded.done,
                "files": recoded.files,
                "bytes_before": recoded.bytes_before,
                "bytes_after": recoded.bytes_after,
                "skipped": {str(reason): ids for reason, ids in recoded.skipped.items()},
                "failed": [{"what": one.id, "error": str(one.error)} for one in failed],
            }
        )
    else:
        if recoded.done or recoded.skipped or not failed:
            for line in _lines(recoded, f"would be {said}" if dry_run else said):
                result(line)
        for text in dict.fromkeys(str(one.error) for one in failed):
            message(text)
    if failed:
        raise typer.Exit(1)


def _lines(recoded: Recoded, said: str) -> list[str]:
    """What happened: how many, how many bytes, and what was left as it is."""
    counted = f"{takes(len(recoded.done))} {said}"
    if recoded.files:
        files = "1 file" if recoded.files == 1 else f"{recoded.files:,} files"
        before, after = recoded.bytes_before, recoded.bytes_after
        change = f"{size(before)} to {size(after)}, {_difference(recoded)}"
        counted = f"{counted}: {files}, {change}"
    skipped = sorted(recoded.skipped.items(), key=lambda item: -len(item[1]))
    return [counted, *(f"{takes(len(ids))} skipped: {why.words}" for why, ids in skipped)]


def _difference(recoded: Recoded) -> str:
    share = abs(recoded.freed) / max(recoded.bytes_before, 1)
    sign = "less" if recoded.freed >= 0 else "more"
    return f"{size(abs(recoded.freed))} ({abs(recoded.freed):,} bytes, {share:.0%}) {sign}"
