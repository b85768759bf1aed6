"""Records as answers: strict JSON, written at once as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

from pydantic_core import to_json
from starlette.responses import Response

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.query import RecordPage
from rushes.domain.record import Record, generation_record, version_record

MEDIA_TYPE = "application/json"


def as_json(value: object) -> bytes:
    """Strict JSON (RFC 8259) in UTF-8; a number that isn't finite is null."""
    try:
        return to_json(value, inf_nan_mode="null")
    except ValueError:
        # Half of a surrogate pair in a foreign snapshot: JSON can tell of it, UTF-8 can't.
        return json.dumps(value, separators=(",", ":")).encode()


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A record as an answer."""
    return Response(as_json(value), status, dict(headers or {}), MEDIA_TYPE)


def answering(
    work: Callable[[], Record],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    place: str | None = None,
) -> Callable[[], Response]:
    """What gives the record of ``work`` as an answer: for a thread, as a record may be large.

    ``place`` is where such things lie, for the Location of one that was made.
    """

    def answered() -> Response:
        record = work()
        told = dict(headers or {})
        if place is not None:
            told["Location"] = f"{place}/{record['id']}"
        return answer(record, status, told)

    return answered


def take_record(take: Generation) -> Record:
    """A generation as HTTP tells of it: no path of this machine's, but where to hear it."""
    return _to_hear(generation_record(take, None))


def _to_hear(record: Record) -> Record:
    del record["audio_file"]
    record["audio_url"] = record["audio_path"] and f"/audio/{record['id']}"
    return record


def of_version(version: GenerationVersion) -> Record:
    """A version likewise."""
    record = version_record(version, None)
    del record["audio_file"]
    place = f"/history/{version.generation_id}/versions/{quote(version.id, safe='')}/audio"
    record["audio_url"] = place
    return record


def page_record(page: RecordPage) -> Record:
    """A page as ``items``, ``total``, and ``next``: the cursor of what follows, or null.

    Its records become those of the answer.
    """
    return {
        "items": [_to_hear(one) for one in page.items],
        "total": page.total,
        "next": page.next,
    }


def listed(records: list[Record]) -> Record:
    """Records as ``items`` and ``total``."""
    return {"items": records, "total": len(records)}
