"""Records for JSON: the keys that others know first, and strict whatever a snapshot holds."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.profile import Profile, ProfileSummary
from rushes.domain.record import (
    generation_record,
    profile_record,
    statistics_record,
    strict,
    to_json,
    version_record,
)
from rushes.domain.statistics import LENGTH_BOUNDS, Share, Statistics

MADE = datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=UTC)
FACTS = AudioFacts(24_000, 1, 48_000, 96_044, "ab", "WAV", "PCM_16", 0.5, b"\0" * 128)
TAKE = Generation(
    1, "id-1", "p-1", "Anna", False, "Hello", "en", "audio/id-1.wav", 2.0, 0, None, "qwen", None,
    Status.COMPLETED, None, False, None, None, ("keep",), '{"t": null, "n": 0}', None, None, MADE,
    None, FACTS,
)  # fmt: skip


def test_the_keys_that_others_know_come_first_and_in_their_order() -> None:
    record = generation_record(TAKE, "/takes/audio/id-1.wav")
    known = """
        id profile_id profile_name text language audio_path duration seed instruct engine
        model_size status error is_favorited created_at
    """
    assert " ".join(list(record)[:15]) == " ".join(known.split())
    assert record["created_at"] == "2026-04-01T12:00:00.000005Z"
    assert (record["seed"], record["instruct"], record["rating"]) == (0, None, None)
    assert (record["tags"], record["params"]) == (["keep"], {"t": None, "n": 0})
    assert (record["sample_rate"], record["frames"], record["sha256"]) == (24_000, 48_000, "ab")
    assert record["audio_file"] == "/takes/audio/id-1.wav"


def test_what_is_not_there_is_null() -> None:
    record = generation_record(replace(TAKE, facts=None, params_json=None, audio_path=None), None)
    for key in ("audio_path", "audio_file", "sample_rate", "bytes", "params", "deleted_at"):
        assert record[key] is None
    trashed = generation_record(replace(TAKE, deleted_at=MADE), None)
    assert trashed["deleted_at"] == "2026-04-01T12:00:00.000005Z"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_foreign_snapshot_becomes_strict_json(params: dict[str, object]) -> None:
    record = generation_record(replace(TAKE, params_json=json.dumps(params)), None)

    def refuse(word: str) -> None:
        raise AssertionError(word)

    again = json.loads(to_json(record), parse_constant=refuse)
    assert again["params"] == strict(params)


def test_infinities_are_told_as_text() -> None:
    assert strict({"snr_db": math.inf, "list": (-math.inf, math.nan)}) == {
        "snr_db": "Infinity",
        "list": ["-Infinity", "NaN"],
    }
    with pytest.raises(ValueError, match="JSON"):
        to_json({"snr_db": math.inf})


def test_a_version_tells_its_own_audio() -> None:
    version = GenerationVersion(
        "v", "id-1", "clean", "a.wav", '[{"type": "gain"}]', None, True, MADE, FACTS
    )
    record = version_record(version, None)
    assert (record["duration"], record["is_default"]) == (2.0, True)
    assert record["effects_chain"] == [{"type": "gain"}]


def test_a_profile_tells_what_it_holds() -> None:
    profile = Profile("p", "Anna", None, "en", False, MADE, MADE)
    record = profile_record(ProfileSummary(profile, 3, 1.5))
    assert (record["name"], record["generations"], record["duration"]) == ("Anna", 3, 1.5)


def test_statistics_begin_with_the_keys_that_others_know() -> None:
    share = Share("p-1", "Anna", 2, 3.5, 100)
    lengths = tuple(range(len(LENGTH_BOUNDS) + 1))
    read = Statistics(
        2, 3.5, 100, 1, 0, 4, (share,), (share,), (), (), ((date(2026, 4, 1), 2),), lengths
    )
    record = statistics_record(read)
    assert list(record)[:3] == [
        "total_generations",
        "total_duration_seconds",
        "generations_by_profile",
    ]
    assert record["generations_by_profile"] == {"p-1": 2}
    assert record["days"] == [{"day": "2026-04-01", "generations": 2}]
    assert json.loads(to_json(record))["lengths"][-1] == {"up_to": None, "generations": lengths[-1]}
