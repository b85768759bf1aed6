"""Histories are copied in once, as the library's own; nothing is touched there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rushes.domain.generation import Status
from rushes.errors import AudioMissing, BadAudio, Interrupted, SourceError
from rushes.library import Library
from tests.exchange.voiceboxes import Release, Voicebox, new_key, state_of
from tests.library.takes import everything


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    return Voicebox(tmp_path / "voices")


@pytest.mark.parametrize("release", Release)
def test_all_is_copied_and_stays_when_the_other_is_gone(
    library: Library, tmp_path: Path, release: Release
) -> None:
    voicebox = Voicebox(tmp_path / "voices", release)
    key = voicebox.take("Hello", seconds=0.25, duration=9.0, seed=7)
    before = state_of(voicebox.folder)

    imported = library.importing.copy_in(voicebox.folder)

    assert state_of(voicebox.folder) == before
    (identity,) = imported.ids
    assert identity != key
    shutil.rmtree(voicebox.folder)
    take = library.generations.get(identity)
    assert (take.source_id, take.duration, take.seed, take.profile_name) == (None, 0.25, 7, "Anna")
    assert library.audio.path(take).is_relative_to(library.path)
    assert library.health.check(deep=True).is_sound
    assert library.derived.check() == ()


def test_versions_and_stories_come_along(library: Library, voicebox: Voicebox) -> None:
    key = voicebox.take(seconds=0.1)
    with voicebox.writing() as database:
        ((original,),) = database.execute("SELECT id FROM generation_versions").fetchall()
    radio = voicebox.version(
        key, voicebox.audio("radio.wav", 0.2), "radio", source_version_id=original
    )
    voicebox.change("UPDATE generation_versions SET rowid = 100 WHERE id = ?", original)
    story = new_key()
    voicebox.insert("stories", id=story, name="Demo", created_at="2026", updated_at="2026")
    for number, generation in enumerate([key, new_key()]):
        voicebox.insert(
            "story_items",
            id=str(number),
            story_id=story,
            generation_id=generation,
            version_id=radio if generation == key else None,
            start_time_ms=number,
            track=0,
            trim_start_ms=0,
            trim_end_ms=0,
            volume=1.0,
            created_at="2026",
        )
    (identity,) = library.importing.copy_in(voicebox.folder).ids
    by_label = {version.label: version for version in library.versions.list(identity)}
    assert by_label["radio"].source_version_id == by_label["original"].id
    assert by_label["original"].is_default
    assert not by_label["radio"].is_default
    items = library._store.reader.all(
        "SELECT generation_id, version_id FROM story_items ORDER BY start_ms"
    )
    assert items == [(identity, by_label["radio"].id), (None, None)]
    assert library.importing.copy_in(voicebox.folder).already == 1
    assert library.health.check().is_sound


def test_it_is_copied_once_and_goes_on_where_it_was_ended(
    library: Library, voicebox: Voicebox
) -> None:
    for number in range(4):
        voicebox.take(f"take {number}")

    def after_two(done: int, total: int, doing: str = "") -> None:
        if done == 2:
            raise Interrupted(f"{doing}: {done} of {total} are enough")

    with pytest.raises(Interrupted):
        library.importing.copy_in(voicebox.folder, watch=after_two)
    again = library.importing.copy_in(voicebox.folder)
    assert (len(again.ids), again.already) == (2, 2)
    assert len(everything(library)) == 4
    library.trash.purge(again.ids[0])
    assert len(library.importing.copy_in(voicebox.folder).ids) == 1


def test_what_can_t_be_copied_is_told_and_the_rest_goes_on(
    library: Library, voicebox: Voicebox
) -> None:
    gone, junk = voicebox.take("gone"), voicebox.take("junk")
    (voicebox.folder / "generations" / f"{gone}.wav").unlink()
    (voicebox.folder / "generations" / f"{junk}.wav").write_bytes(b"no audio")
    voicebox.take("running", seconds=None, status="generating")
    voicebox.take("failed", seconds=None, status="failed", error="out of memory", profile="")
    voicebox.take("fine")

    imported = library.importing.copy_in(voicebox.folder)

    assert {key: type(error) for key, error in imported.failed} == {
        gone: AudioMissing,
        junk: BadAudio,
    }
    assert imported.running == 1
    takes = {take.text: take for take in everything(library)}
    assert takes.keys() == {"failed", "fine"}
    assert (takes["failed"].status, takes["failed"].error) == (Status.FAILED, "out of memory")
    assert takes["failed"].profile_missing
    assert library.health.check().is_sound
    with pytest.raises(SourceError):
        library.importing.copy_in(voicebox.folder / "nothing")
