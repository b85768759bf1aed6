"""Samples of profiles as they are read. There are few of them beside the generations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from rushes.domain.audio import Fault
from rushes.domain.sample import ProfileSample
from rushes.store.database import Row
from rushes.store.reader import Reader

_SELECT = (
    "SELECT s.id, s.profile_id, s.audio_path, s.reference_text, s.sample_rate, s.channels,"
    " s.frames, s.bytes, s.sha256, s.fault FROM profile_samples s"
)
_FAULTS = {fault.value: fault for fault in Fault}


def of_profile(reader: Reader, profile_id: str) -> tuple[ProfileSample, ...]:
    """The samples of a profile, the oldest first."""
    found = reader.all(
        f"{_SELECT} WHERE s.profile_id = ? ORDER BY s.created_at, s.id", (profile_id,)
    )
    return tuple(_sample(row) for row in found)


def after(reader: Reader, identity: str, limit: int) -> Sequence[ProfileSample]:
    """Samples by id: those after ``identity``."""
    found = reader.all(f"{_SELECT} WHERE s.id > ? ORDER BY s.id LIMIT ?", (identity, limit))
    return [_sample(row) for row in found]


def by_id(reader: Reader, identity: str) -> ProfileSample | None:
    """The sample of that id; None where it is gone."""
    row = reader.one(f"{_SELECT} WHERE s.id = ?", (identity,))
    return None if row is None else _sample(row)


def any_abandoned(reader: Reader) -> bool:
    """Whether a deleted profile has samples, but not a generation that would bring it back."""
    found = reader.one(
        "SELECT 1 FROM profile_samples s JOIN profiles p ON p.id = s.profile_id"
        " WHERE p.deleted_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM generations g WHERE g.profile_id = p.id) LIMIT 1"
    )
    return found is not None


def _sample(row: Row) -> ProfileSample:
    identity, profile_id, audio_path, words, rate, channels, frames, size, sha256, fault = cast(
        tuple[Any, ...], row
    )
    return ProfileSample(
        id=identity,
        profile_id=profile_id,
        audio_path=audio_path,
        reference_text=words,
        sample_rate=rate,
        channels=channels,
        frames=frames,
        bytes=size,
        sha256=sha256,
        fault=_FAULTS.get(fault),
    )
