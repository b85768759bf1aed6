"""Voicebox directories are read whole, of whatever release, with all their oddities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.domain.foreign import ForeignTake
from rushes.domain.generation import Status
from rushes.exchange.recognising import recognised
from rushes.exchange.voicebox import VoiceboxHistory
from tests.exchange.voiceboxes import Release, Voicebox, new_key


@contextmanager
def opened(voicebox: Voicebox) -> Iterator[VoiceboxHistory]:
    with closing(recognised(voicebox.folder)) as history:
        assert isinstance(history, VoiceboxHistory)
        yield history


def read(voicebox: Voicebox) -> list[ForeignTake]:
    """All generations, newest batches first."""
    with opened(voicebox) as history:
        heads = [head for batch in history.heads() for head in batch]
        takes = list(history.takes([head.key for head in heads]))
        assert [(take.key, take.digest) for take in takes] == [(h.key, h.digest) for h in heads]
        assert list(history.keys()) == sorted(head.key for head in heads)
        assert history.count() == len(heads)
        return takes


@pytest.mark.parametrize("release", Release)
def test_every_release_is_read(tmp_path: Path, release: Release) -> None:
    voicebox = Voicebox(tmp_path / "data", release)
    key = voicebox.take(
        "[laughs] 你好 😀", seed=7, instruct="calm", is_favorited=True, model_size="0.6B"
    )
    (take,) = read(voicebox)

    assert (take.key, take.text, take.seed, take.instruct) == (key, "[laughs] 你好 😀", 7, "calm")
    assert (take.status, take.engine, take.language) == (Status.COMPLETED, "qwen", "en")
    assert take.created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    old = release is Release.FIRST
    assert (take.model_size, take.is_favorited) == ((None, False) if old else ("0.6B", True))
    (version,) = take.versions
    assert (version.label, version.is_default) == ("original", True)
    assert version.audio_path == f"generations/{key}.wav"
    params = {"source": "manual"} if release is Release.THIRD else None
    assert (None if take.params_json is None else json.loads(take.params_json)) == params


def test_versions_come_with_their_chains_and_what_they_were_made_from(voicebox: Voicebox) -> None:
    key = voicebox.take()
    with voicebox.writing() as database:
        ((original,),) = database.execute("SELECT id FROM generation_versions").fetchall()
    chain = '[{"type": "reverb", "enabled": true, "params": {"room_size": 0.5}}]'
    voicebox.version(
        key,
        voicebox.audio("b.wav", rate=16_000),
        "on the radio",
        effects_chain=chain,
        source_version_id=original,
    )
    (take,) = read(voicebox)

    first, second = take.versions
    assert take.default_version == first
    assert second.label == "on the radio"
    assert second.source_version_key == original
    assert json.loads(second.effects_chain_json or "") == json.loads(chain)


def test_a_completed_take_without_versions_has_its_one_file(voicebox: Voicebox) -> None:
    key = voicebox.take(version=False)
    (take,) = read(voicebox)
    assert [(one.key, one.audio_path) for one in take.versions] == [(key, f"generations/{key}.wav")]


def test_exactly_one_version_is_the_default_whatever_is_marked(voicebox: Voicebox) -> None:
    several = voicebox.take("several")
    voicebox.version(several, "generations/b.wav", "take-2", is_default=True)
    none = voicebox.take("none", version=False, audio_path="data/generations/b.wav")
    voicebox.version(none, "generations/a.wav", "take-1")
    voicebox.version(none, "generations/b.wav", "take-2")

    defaults = {take.text: take.default_version for take in read(voicebox)}

    assert all(sum(one.is_default for one in take.versions) == 1 for take in read(voicebox))
    assert defaults["several"] is not None
    assert defaults["several"].label == "original"
    assert defaults["none"] is not None
    assert defaults["none"].label == "take-2"


@pytest.mark.parametrize(
    ("status", "seconds", "expected"),
    [
        ("completed", 0.05, Status.COMPLETED),
        ("generating", None, Status.GENERATING),
        ("loading_model", None, Status.LOADING_MODEL),
        ("failed", None, Status.FAILED),
        ("failed", 0.05, Status.FAILED),
        ("a new word", None, Status.FAILED),
        ("a new word", 0.05, Status.COMPLETED),
        (None, 0.05, Status.COMPLETED),
    ],
)
def test_what_became_of_a_take_is_told(
    voicebox: Voicebox, status: str | None, seconds: float | None, expected: Status
) -> None:
    voicebox.take(status=status, seconds=seconds, error="CUDA out of memory")
    (take,) = read(voicebox)
    assert take.status is expected
    assert take.error == "CUDA out of memory"
    assert len(take.versions) == (0 if seconds is None else 1)


def test_the_digest_tells_every_change_of_a_take_and_its_versions(voicebox: Voicebox) -> None:
    key = voicebox.take()
    digests = [read(voicebox)[0].digest]
    for sql in (
        "UPDATE generations SET text = 'Good bye'",
        "UPDATE generations SET is_favorited = 1",
        "UPDATE generations SET source = 'import'",
        "UPDATE generation_versions SET label = 'clean'",
    ):
        voicebox.change(sql)
        digests.append(read(voicebox)[0].digest)
    voicebox.version(key, "generations/b.wav", "take-2")
    digests.append(read(voicebox)[0].digest)
    assert len(set(digests)) == 6
    assert read(voicebox)[0].digest == digests[-1]


def test_stories_come_with_items_of_what_is_gone(voicebox: Voicebox) -> None:
    story = new_key()
    voicebox.insert("stories", id=story, name="Demo", created_at="2026", updated_at="2026-03-01")
    key = voicebox.take()
    for number, generation in enumerate([key, key, new_key()]):
        voicebox.insert(
            "story_items",
            id=new_key(),
            story_id=story,
            generation_id=generation,
            start_time_ms=number * 500,
            track=-number,
            trim_start_ms=1,
            trim_end_ms=2,
            volume=0.5,
            created_at="2026-03-01",
        )
    with opened(voicebox) as history:
        (found,) = history.stories()
        items = [item for batch in history.story_items() for item in batch]
    assert (found.key, found.name) == (story, "Demo")
    assert [(item.start_ms, item.track, item.volume) for item in items] == [
        (0, 0, 0.5),
        (500, -1, 0.5),
        (1000, -2, 0.5),
    ]
    assert [item.generation_key == key for item in items] == [True, True, False]


def test_what_rushes_has_no_place_for_is_kept_of_profiles(voicebox: Voicebox) -> None:
    key = voicebox.profile("Anna", voice_type="cloned", personality="dry", effects_chain="[]")
    voicebox.insert("profile_samples", id="s", profile_id=key, audio_path="a", reference_text="Hi")
    with opened(voicebox) as history:
        (profile,) = history.profiles()
    assert json.loads(profile.details_json or "") == {
        "voice_type": "cloned",
        "personality": "dry",
        "effects_chain": [],
        "samples": [{"id": "s", "audio_path": "a", "reference_text": "Hi"}],
    }


def test_values_that_no_library_could_hold_are_cleaned(voicebox: Voicebox) -> None:
    voicebox.take(
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        created_at="yesterday",
        language="",
        engine=None,
        duration=float("inf"),
        seed="many",
    )
    voicebox.change("UPDATE generations SET instruct = CAST(x'ff41' AS TEXT)")
    (take,) = read(voicebox)
    assert take.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert (take.language, take.engine, take.seed, take.duration) == ("en", "qwen", None, None)
    assert take.instruct == "\ufffdA"


def test_takes_come_the_newest_batch_first(voicebox: Voicebox) -> None:
    for minute in (3, 1, 2):
        voicebox.take(f"at {minute}", created_at=f"2026-03-01 12:0{minute}:00.000000")
    assert [take.text for take in read(voicebox)] == ["at 1", "at 2", "at 3"]
    with opened(voicebox) as history:
        assert [take.text for take in history.takes([new_key()])] == []


def test_another_name_of_the_database_is_found(voicebox: Voicebox) -> None:
    voicebox.take()
    voicebox.database.rename(voicebox.folder / "sonna.db")
    with closing(recognised(voicebox.folder)) as history:
        assert history.count() == 1
        assert history.place.name == "sonna.db"
