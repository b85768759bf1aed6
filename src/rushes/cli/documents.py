"""What ``--json`` prints: the domain's records, with where each file lies on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.difference import ABSENT, Comparison, Differing
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.query import Page
from rushes.domain.record import Record, generation_record, strict, version_record
from rushes.errors import RushesError

if TYPE_CHECKING:
    from rushes.library import Library


def page_document(library: Library, page: Page) -> Record:
    """Give a page as ``items``, ``total``, and ``next``: the cursor of what follows, or null."""
    items = [generation_record(row, audio_file(library, row)) for row in page.items]
    return {"items": items, "total": page.total, "next": page.next}


def take_document(library: Library, generation: Generation) -> Record:
    """Give one generation whole, with its ``versions``, and the ``stories`` that use it."""
    versions = library.versions.list(generation.id)
    stories = library.stories.using(generation.id)
    return {
        **generation_record(generation, audio_file(library, generation)),
        "versions": [version_record(one, audio_file(library, one)) for one in versions],
        "stories": [{"id": one.id, "name": one.name} for one in stories],
    }


def comparison_document(library: Library, comparison: Comparison) -> Record:
    """Give takes as ``items``, and in what they differ; values stand in the order of the takes.

    ``absent`` are the places of those that don't have a parameter at all: there its value is null.
    """
    return {
        "items": [generation_record(row, audio_file(library, row)) for row in comparison.takes],
        "total": len(comparison.takes),
        "settings": [_differing(one) for one in comparison.settings],
        "params": [_differing(one) for one in comparison.params],
        "measures": [
            {"name": one.name, "unit": one.unit or None, "values": list(one.values)}
            for one in comparison.measures
        ],
    }


def _differing(one: Differing) -> Record:
    values = [None if value is ABSENT else strict(value) for value in one.values]
    absent = [place for place, value in enumerate(one.values) if value is ABSENT]
    return {"path": one.path, "values": values, "absent": absent}


def audio_file(library: Library, thing: Generation | GenerationVersion) -> str | None:
    """Give the absolute path of its audio; None where there is none, or it isn't there."""
    if thing.audio_path is None:
        return None
    try:
        return str(library.audio.path(thing))
    except RushesError:
        return None
