"""What stands in a generation's ZIP: Voicebox's ``manifest.json``, rushes' ``generation.json``.

The first is what Voicebox itself writes, field by field. The second is the record as the history's
interface has it, with all that rushes knows besides under the key ``rushes``: nothing is lost on
the way from one library to another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.profile import Profile
from rushes.domain.record import Record, generation_record, strict
from rushes.domain.times import as_utc, to_iso

MANIFEST = "manifest.json"
GENERATION = "generation.json"

FORMAT = 1
"""The format of what stands under ``rushes``."""

MANIFEST_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class WholeTake:
    """A generation with what is known of it beyond its own row.

    ``profile_details_json`` is all else that was said of the profile where it came from, as it is
    stored; ``source_kind`` is the kind of its linked source, None for the library's own.
    """

    generation: Generation
    profile: Profile
    profile_details_json: str | None
    source_kind: str | None


@dataclass(frozen=True, slots=True)
class ArchivedVersion:
    """A version whose bytes lie in the archive as the entry ``file``: their hash, their number.

    ``heard`` is the entry that other programs are to take for it: ``file``, or a WAV of it.
    """

    version: GenerationVersion
    file: str
    heard: str
    sha256: str
    bytes: int


def manifest(take: WholeTake, versions: Sequence[ArchivedVersion]) -> Record:
    """``manifest.json``; ``duration`` in seconds is that of the default version's file."""
    generation, profile = take.generation, take.profile
    default = next((one.version for one in versions if one.version.is_default), None)
    duration = default.facts.duration if default and default.facts else generation.duration
    return {
        "version": MANIFEST_VERSION,
        "generation": {
            "id": generation.id,
            "text": generation.text,
            "language": generation.language,
            "duration": duration or 0.0,
            "seed": generation.seed,
            "instruct": generation.instruct,
            # As Voicebox writes it: UTC that doesn't say so.
            "created_at": as_utc(generation.created_at)
            .replace(tzinfo=None)
            .isoformat("T", "microseconds"),
        },
        "profile": {
            "id": profile.id,
            "name": profile.name,
            "description": profile.description,
            "language": profile.language,
        },
        "versions": [
            {
                "id": one.version.id,
                "label": one.version.label,
                "is_default": one.version.is_default,
                "effects_chain": _chain(one.version.effects_chain_json),
                "filename": one.heard.rpartition("/")[2],
            }
            for one in versions
        ],
    }


def generation_document(take: WholeTake, versions: Sequence[ArchivedVersion]) -> Record:
    """``generation.json``; ``audio_file`` in it is the entry of the default version's audio."""
    default = next((one.heard for one in versions if one.version.is_default), None)
    return {
        **generation_record(take.generation, default),
        "rushes": {
            "format": FORMAT,
            "rating": take.generation.rating,
            "note": take.generation.note,
            "tags": list(take.generation.tags),
            "params_json": take.generation.params_json,
            "source_key": take.generation.source_key,
            "source_kind": take.source_kind,
            "profile": _profile(take),
            "versions": [_version(one) for one in versions],
        },
    }


def _profile(take: WholeTake) -> Record:
    profile = take.profile
    return {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "language": profile.language,
        "created_at": to_iso(profile.created_at),
        "updated_at": to_iso(profile.updated_at),
        "missing": profile.missing,
        "details_json": take.profile_details_json,
    }


def _version(one: ArchivedVersion) -> Record:
    version = one.version
    return {
        "id": version.id,
        "label": version.label,
        "file": one.file,
        "effects_chain_json": version.effects_chain_json,
        "source_version_id": version.source_version_id,
        "is_default": version.is_default,
        "created_at": to_iso(version.created_at),
        "sha256": one.sha256,
        "bytes": one.bytes,
    }


def _chain(stored: str | None) -> object:
    return None if stored is None else strict(json.loads(stored))
