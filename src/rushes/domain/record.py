"""Values as plain records for JSON: the keys of the history's interface, and more after them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.health import Finding, Report
from rushes.domain.preset import Preset
from rushes.domain.profile import ProfileSummary
from rushes.domain.quality import QualityFlag
from rushes.domain.quality_words import words
from rushes.domain.statistics import LENGTH_BOUNDS, Share, Statistics
from rushes.domain.times import to_iso

Record = dict[str, object]


def generation_record(generation: Generation, audio_file: str | None) -> Record:
    """A generation; ``audio_file`` is the absolute path of its audio, None where there is none.

    ``audio_path`` is as stored, ``fault`` what verifying found of the file. Durations are in
    seconds, times ISO 8601 with Z.
    """
    facts = generation.facts
    return {
        "id": generation.id,
        "profile_id": generation.profile_id,
        "profile_name": generation.profile_name,
        "text": generation.text,
        "language": generation.language,
        "audio_path": generation.audio_path,
        "duration": generation.duration,
        "seed": generation.seed,
        "instruct": generation.instruct,
        "engine": generation.engine,
        "model_size": generation.model_size,
        "status": generation.status.value,
        "error": generation.error,
        "is_favorited": generation.is_favorited,
        "created_at": to_iso(generation.created_at),
        "rating": generation.rating,
        "note": generation.note,
        "tags": list(generation.tags),
        "params": None if generation.params_json is None else strict(generation.params),
        "sample_rate": facts.sample_rate if facts else None,
        "channels": facts.channels if facts else None,
        "frames": facts.frames if facts else None,
        "bytes": facts.bytes if facts else None,
        "sha256": facts.sha256 if facts else None,
        "deleted_at": _time(generation.deleted_at),
        "fault": generation.fault.value if generation.fault else None,
        "source_id": generation.source_id,
        "source_key": generation.source_key,
        "vanished_at": _time(generation.vanished_at),
        **_quality(generation.flags, facts),
        "audio_file": audio_file,
    }


def version_record(version: GenerationVersion, audio_file: str | None) -> Record:
    """A version; ``audio_file`` as for ``generation_record``."""
    facts = version.facts
    chain = version.effects_chain_json
    return {
        "id": version.id,
        "generation_id": version.generation_id,
        "label": version.label,
        "audio_path": version.audio_path,
        "effects_chain": None if chain is None else strict(json.loads(chain)),
        "source_version_id": version.source_version_id,
        "is_default": version.is_default,
        "created_at": to_iso(version.created_at),
        "duration": facts.duration if facts else None,
        "sample_rate": facts.sample_rate if facts else None,
        "channels": facts.channels if facts else None,
        "frames": facts.frames if facts else None,
        "bytes": facts.bytes if facts else None,
        "sha256": facts.sha256 if facts else None,
        "fault": version.fault.value if version.fault else None,
        **_quality(version.flags, facts),
        "audio_file": audio_file,
    }


def preset_record(preset: Preset) -> Record:
    """A preset; ``generation_id`` is the generation that it was saved from, which may be gone."""
    return {
        "id": preset.id,
        "name": preset.name,
        "folder": preset.folder,
        "profile_id": preset.profile_id,
        "profile_name": preset.profile_name,
        "description": preset.description,
        "params": strict(preset.params),
        "generation_id": preset.generation_id,
        "source_id": preset.source_id,
        "created_at": to_iso(preset.created_at),
        "updated_at": to_iso(preset.updated_at),
    }


def profile_record(summary: ProfileSummary) -> Record:
    """A profile with what it holds outside the trash."""
    profile = summary.profile
    return {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "language": profile.language,
        "missing": profile.missing,
        "created_at": to_iso(profile.created_at),
        "updated_at": to_iso(profile.updated_at),
        "generations": summary.generations,
        "duration": summary.duration,
    }


def statistics_record(statistics: Statistics) -> Record:
    """Statistics: the three keys of the history's interface, then all the rest.

    ``lengths`` are counts with the upper bound of their class in seconds, None for the last.
    """
    return {
        "total_generations": statistics.generations,
        "total_duration_seconds": statistics.duration,
        "generations_by_profile": {share.key: share.generations for share in statistics.profiles},
        "total_bytes": statistics.bytes,
        "favorites": statistics.favorites,
        "rated": statistics.rated,
        "in_trash": statistics.in_trash,
        "profiles": [_share(share) for share in statistics.profiles],
        "engines": [_share(share) for share in statistics.engines],
        "languages": [_share(share) for share in statistics.languages],
        "statuses": [_share(share) for share in statistics.statuses],
        "days": [{"day": day.isoformat(), "generations": count} for day, count in statistics.days],
        "lengths": [
            {"up_to": bound, "generations": count}
            for bound, count in zip((*LENGTH_BOUNDS, None), statistics.lengths, strict=True)
        ],
    }


def report_record(report: Report) -> Record:
    """What verifying found: ``counts`` of all findings by kind, and the first of each kind."""
    checked = report.checked
    return {
        "sound": report.is_sound,
        "unresolved": report.unresolved,
        "mended": report.mended,
        "deep": report.deep,
        "repaired": report.repaired,
        "checked": {
            "generations": checked.generations,
            "versions": checked.versions,
            "files": checked.files,
            "bytes_hashed": checked.hashed,
        },
        "sqlite_version": report.sqlite_version,
        "journal": report.journal,
        "journal_reason": report.journal_reason,
        "counts": {
            kind.value: {
                "found": tally.found,
                "unresolved": tally.unresolved,
                "mended": tally.mended,
                "bytes": tally.bytes,
            }
            for kind, tally in report.tallies.items()
        },
        "findings": [_finding(finding) for finding in report.findings],
    }


def strict(value: object) -> object:
    """The value with whatever strict JSON lacks as text: ``Infinity``, ``-Infinity``, ``NaN``.

    As protobuf's JSON mapping has it; a foreign snapshot may hold such numbers.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [strict(item) for item in value]
    return value


def to_json(value: object, *, indent: int | None = None) -> str:
    """Strict JSON text (RFC 8259) of records: no NaN, no Infinity.

    Raises:
        ValueError: a number isn't finite; ``strict`` makes it so.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _finding(finding: Finding) -> Record:
    return {
        "kind": finding.kind.value,
        "what": finding.what,
        "detail": finding.detail,
        "path": finding.path,
        "bytes": finding.bytes,
        "repairable": finding.repairable,
        "resolved": finding.resolved,
        "done": finding.done or None,
    }


def _share(share: Share) -> Record:
    return {
        "key": share.key,
        "label": share.label,
        "generations": share.generations,
        "duration": share.duration,
        "bytes": share.bytes,
    }


def _quality(flags: QualityFlag | None, facts: AudioFacts | None) -> Record:
    """Flags by name, loudness in LUFS and true peak in dBTP; null while nobody has listened."""
    quality = None if facts is None else facts.quality
    return {
        "flags": None if flags is None else words(flags),
        "lufs": None if quality is None else quality.lufs,
        "true_peak": None if quality is None else quality.true_peak,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_iso(moment)
