"""What ``generation.json`` in an archive says, as values: strictly, or refused.

The record has the keys of ``domain.record.generation_record``. Under ``rushes`` stands what that
record lacks, so that nothing is lost between two libraries; archives of others are without it.
``domain.archive_writing`` writes what is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rushes.domain.fields import Fields
from rushes.domain.foreign import ForeignProfile, ForeignTake, ForeignVersion
from rushes.domain.generation import HIGHEST_RATING, Status
from rushes.domain.record import to_json
from rushes.domain.text import valid
from rushes.domain.times import now
from rushes.errors import BadInput

RECORD = "generation.json"
"""The entry that holds the record."""

AUDIO = "audio.wav"
"""The entry that holds the audio where the record names none."""

OWN = "rushes"
"""The key of what only rushes writes and reads."""

FORMAT = 1
"""The form of what stands there; a newer one isn't guessed at."""

INTERRUPTED = "interrupted"
"""The error of a generation that was being made when it was exported: nobody here makes it."""

UNKNOWN = "Unknown"
"""The profile of what names none, as Voicebox calls it."""

_STATUSES = {status.value: status for status in Status}
_SHA256 = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A generation as a record tells it; its versions' paths are names of entries."""

    take: ForeignTake
    profile: ForeignProfile


def is_own(record: object) -> bool:
    """Whether a record is one that rushes wrote."""
    return isinstance(record, dict) and OWN in record


def recorded(record: object) -> Recorded:
    """What a record says, of rushes or of others.

    Raises:
        BadInput: something in it can't be kept, or isn't there.
    """
    fields = Fields.of(record, "record")
    return _own(fields) if is_own(record) else _documented(fields)


def _own(fields: Fields) -> Recorded:
    own = fields.inside(OWN)
    if own.whole("format", 0, 1_000_000) != FORMAT:
        why = "this rushes doesn't know the form in which it was written"
        raise BadInput("its record can't be read", why, "Update rushes.")
    versions = tuple(_version(version) for version in own.objects("versions"))
    if len({version.key for version in versions}) < len(versions):
        raise BadInput("its versions can't be told apart", "two have one id")
    if versions and sum(version.is_default for version in versions) != 1:
        raise BadInput("its versions contradict each other", "not exactly one is the default")
    profile = own.inside("profile")
    return Recorded(
        _take(fields, own, own.json_text("params_json", dict), versions),
        ForeignProfile(
            key=profile.text("id"),
            name=profile.name("name"),
            description=profile.optional_text("description"),
            language=profile.name("language", "en"),
            created_at=profile.moment("created_at"),
            details_json=profile.json_text("details_json", dict),
            updated_at=profile.moment("updated_at"),
            missing=profile.flag("missing"),
        ),
    )


def _documented(fields: Fields) -> Recorded:
    """A record as it is documented: its audio is ``audio.wav``, its profile has but a name."""
    status = fields.optional_name("status") or Status.COMPLETED.value
    made = fields.optional_moment("created_at") or now()
    key = fields.optional_text("id") or ""
    versions: tuple[ForeignVersion, ...] = ()
    if status == Status.COMPLETED.value:
        versions = (ForeignVersion(key, "original", AUDIO, None, None, True, made),)
    params = json_of(fields.inside("params").values) if fields.has("params") else None
    return Recorded(
        _take(fields, fields, params, versions),
        ForeignProfile(
            key=fields.optional_text("profile_id") or "",
            name=fields.name("profile_name", UNKNOWN),
            description=None,
            language=fields.name("language", "en"),
            created_at=made,
            details_json=None,
        ),
    )


def _take(
    fields: Fields, own: Fields, params: str | None, versions: tuple[ForeignVersion, ...]
) -> ForeignTake:
    status, error = _status(fields, has_audio=bool(versions))
    return ForeignTake(
        key=fields.optional_text("id") or "",
        digest="",
        profile_key=fields.optional_text("profile_id") or "",
        text=fields.text("text"),
        language=fields.name("language", "en"),
        status=status,
        error=error,
        seed=fields.seed("seed"),
        instruct=fields.optional_text("instruct"),
        engine=fields.name("engine", "qwen"),
        model_size=fields.optional_name("model_size"),
        is_favorited=fields.flag("is_favorited"),
        duration=fields.seconds("duration"),
        params_json=params,
        created_at=fields.optional_moment("created_at") or now(),
        versions=versions,
        rating=own.whole("rating", 1, HIGHEST_RATING),
        note=own.optional_text("note"),
        tags=own.names("tags"),
    )


def _status(fields: Fields, *, has_audio: bool) -> tuple[Status, str | None]:
    """What became of it; one that was being made is failed here, as nobody makes it here."""
    said = fields.optional_name("status") or Status.COMPLETED.value
    error = fields.optional_text("error")
    status = _STATUSES.get(said)
    if status is None:
        raise BadInput("its status can't be kept", "nobody knows it")
    if status.is_running:
        return Status.FAILED, error or INTERRUPTED
    if status is Status.COMPLETED and not has_audio:
        raise BadInput("it holds no audio", "though its record says that it was completed")
    return status, error


def _version(version: Fields) -> ForeignVersion:
    sha256 = version.text("sha256")
    if len(sha256) != 64 or not _SHA256.issuperset(sha256):
        raise BadInput("a version of it can't be checked", "its sha256 isn't one")
    size = version.whole("bytes", 0, 2**63)
    if size is None:
        raise BadInput("a version of it can't be checked", "it has no number of bytes")
    return ForeignVersion(
        key=version.text("id"),
        label=version.name("label"),
        audio_path=version.text("file"),
        effects_chain_json=version.json_text("effects_chain_json", list),
        source_version_key=version.optional_text("source_version_id"),
        is_default=version.flag("is_default"),
        created_at=version.moment("created_at"),
        sha256=sha256,
        bytes=size,
    )


def json_of(value: Mapping[str, object] | list[object]) -> str:
    """What was read of JSON as strict JSON text again.

    Raises:
        BadInput: it holds half of a surrogate pair.
    """
    return valid(to_json(value), "JSON")
