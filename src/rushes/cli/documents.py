"""What ``--json`` prints: the domain's records, with where each file lies on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.query import Page
from rushes.domain.record import Record, generation_record, version_record
from rushes.errors import RushesError

if TYPE_CHECKING:
    from rushes.library import Library


def page_document(library: Library, page: Page) -> Record:
    """Give a page as ``items``, ``total``, and ``next``: the cursor of what follows, or null."""
    items = [generation_record(row, audio_file(library, row)) for row in page.items]
    return {"items": items, "total": page.total, "next": page.next}


def take_document(library: Library, generation: Generation) -> Record:
    """Give one generation whole, with its ``versions``."""
    versions = library.versions.list(generation.id)
    return {
        **generation_record(generation, audio_file(library, generation)),
        "versions": [version_record(one, audio_file(library, one)) for one in versions],
    }


def audio_file(library: Library, thing: Generation | GenerationVersion) -> str | None:
    """Give the absolute path of its audio; None where there is none, or it isn't there."""
    if thing.audio_path is None:
        return None
    try:
        return str(library.audio.path(thing))
    except RushesError:
        return None
