"""Voicebox's own ZIP archives: of a generation, with all its versions, and of a profile.

0.1.x writes no versions. What 1.1 may add is left alone; a 2.0 isn't guessed at. Engine, model and
favourite are in none of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from rushes.domain.archive_record import UNKNOWN, Recorded, json_of
from rushes.domain.fields import Fields
from rushes.domain.foreign import ForeignProfile, ForeignSample, ForeignTake, ForeignVersion
from rushes.domain.generation import Status
from rushes.domain.text import shown
from rushes.errors import BadInput
from rushes.exchange.cleaning import BEGINNING
from rushes.media.sniff import has_audio_suffix

MANIFEST = "manifest.json"
SAMPLES = "samples.json"

_AUDIO = "audio/"
_SAMPLE = "samples/"
_ORIGINAL = "original"


def is_profile(manifest: object) -> bool:
    """Whether a manifest is that of a profile, not of a generation."""
    return isinstance(manifest, dict) and "generation" not in manifest and "profile" in manifest


def generation(manifest: object, names: Collection[str]) -> Recorded:
    """What the manifest of a generation says; ``names`` are the entries of its archive.

    Raises:
        BadInput: something in it can't be kept, or isn't there.
    """
    fields = _checked(manifest)
    said = fields.inside("generation")
    files = sorted(name for name in names if _is_audio(name))
    if not files:
        why = "the generation had failed, or wasn't done yet, when it was exported"
        raise BadInput("it holds no audio", why)
    versions = _versions(said, fields.objects("versions"), files)
    profile = _profile(fields.inside("profile")) if fields.has("profile") else _unknown()
    return Recorded(
        ForeignTake(
            key=said.optional_text("id") or "",
            digest="",
            profile_key=profile.key,
            text=said.text("text"),
            language=said.name("language", "en"),
            status=Status.COMPLETED,
            error=None,
            seed=said.seed("seed"),
            instruct=said.optional_text("instruct"),
            engine="qwen",
            model_size=None,
            is_favorited=False,
            duration=said.seconds("duration"),
            params_json=None,
            created_at=said.moment("created_at"),
            versions=versions,
        ),
        profile,
    )


def profile(
    manifest: object, samples: object, names: Collection[str]
) -> tuple[ForeignProfile, tuple[ForeignSample, ...]]:
    """What the manifest of a profile says, and its samples; an avatar is left out.

    ``samples`` is the other document, the words of each sample by its file's name.

    Raises:
        BadInput: something in it can't be kept, or isn't there.
    """
    found = _profile(_checked(manifest).inside("profile"))
    words = Fields.of(samples, SAMPLES)
    known = {f"{_SAMPLE}{name}": words.optional_text(name) or "" for name in words.values}
    gone = next((name for name in known if name not in names), None)
    if gone is not None:
        raise BadInput(f"{shown(gone)} is missing from it")
    files = sorted({*known, *(name for name in names if _is_sample(name))})
    return found, tuple(ForeignSample(_stem(name), name, known.get(name, "")) for name in files)


def _checked(manifest: object) -> Fields:
    fields = Fields.of(manifest, MANIFEST)
    version = fields.optional_text("version") or "1.0"
    if version.partition(".")[0] != "1":
        why = f"its version is {shown(version[:20])}, this rushes knows 1.x"
        raise BadInput("its manifest can't be read", why, "Update rushes.")
    return fields


def _versions(said: Fields, listed: list[Fields], files: list[str]) -> tuple[ForeignVersion, ...]:
    made = said.moment("created_at")
    key = said.optional_text("id") or ""
    if not listed:
        # One file in truth; of more the first is what Voicebox itself would take.
        return tuple(
            ForeignVersion(
                key if not number else _stem(name),
                _stem(name)[:200] if number else _ORIGINAL,
                name,
                None,
                None,
                not number,
                made,
            )
            for number, name in enumerate(files)
        )
    marked = next((one for one in listed if one.flag("is_default")), listed[0])
    ids = [one.text("id") for one in listed]
    if len(set(ids)) < len(ids):
        raise BadInput("its versions can't be told apart", "two have one id")
    return tuple(_version(one, made, is_default=one is marked) for one in listed)


def _version(version: Fields, made: datetime, *, is_default: bool) -> ForeignVersion:
    chain = version.values.get("effects_chain")
    if chain is not None and not isinstance(chain, list):
        raise BadInput("the effects chain of a version can't be kept", "it must be a list")
    return ForeignVersion(
        key=version.text("id"),
        label=version.name("label", _ORIGINAL),
        audio_path=f"{_AUDIO}{version.text('filename')}",
        effects_chain_json=json_of(chain) if chain else None,
        source_version_key=None,
        is_default=is_default,
        created_at=made,
    )


def _profile(fields: Fields) -> ForeignProfile:
    return ForeignProfile(
        key=fields.optional_text("id") or "",
        name=fields.name("name", UNKNOWN),
        description=fields.optional_text("description"),
        language=fields.name("language", "en"),
        created_at=BEGINNING,
        details_json=None,
    )


def _unknown() -> ForeignProfile:
    return ForeignProfile("", UNKNOWN, None, "en", BEGINNING, None)


def _is_audio(name: str) -> bool:
    return name.startswith(_AUDIO) and "/" not in name[len(_AUDIO) :] and has_audio_suffix(name)


def _is_sample(name: str) -> bool:
    return name.startswith(_SAMPLE) and "/" not in name[len(_SAMPLE) :] and has_audio_suffix(name)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]
