"""Linked sources: all of theirs comes in, all of ours stays, nothing of theirs is touched."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.audio import Fault
from rushes.domain.generation import Generation, Status
from rushes.domain.query import HistoryQuery
from rushes.domain.source import SourceKind, SourceState, Synced
from rushes.errors import AudioMissing, Interrupted, NotFound, RushesError, SourceError
from rushes.library import Library
from rushes.library.syncing import missing_from
from rushes.store.sqlite import DATABASE_NAME
from tests.exchange.voiceboxes import Release, Voicebox, new_key, state_of
from tests.library.takes import everything, tone


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    return Voicebox(tmp_path / "voices")


def by_text(library: Library, *, trashed: bool = False) -> dict[str, Generation]:
    takes = everything(library, HistoryQuery(trashed=trashed))
    assert len({take.text for take in takes}) == len(takes)
    return {take.text: take for take in takes}


def stop_soon(done: int, total: int, doing: str = "") -> None:
    """A watch that ends the work after its first step."""
    if done:
        raise Interrupted(f"{doing}: {done} of {total} are enough")


def ask(library: Library, sql: str) -> list[tuple[object, ...]]:
    return library._store.reader.all(sql)


def in_step(library: Library) -> None:
    """All that is derived agrees with the rows, and verify has nothing that is open."""
    assert library.derived.check() == ()
    report = library.health.check()
    assert [finding for finding in report.findings if not finding.resolved] == []


@pytest.mark.parametrize("release", Release)
def test_everything_comes_in_and_is_measured(
    library: Library, tmp_path: Path, release: Release
) -> None:
    voicebox = Voicebox(tmp_path / "voices", release)
    key = voicebox.take("Hello", seconds=0.25, duration=9.0, seed=7, is_favorited=True)
    voicebox.take("lost", profile="", seconds=0.1)
    voicebox.take("broken", seconds=None, status="failed", error="out of memory")
    before = state_of(voicebox.folder)

    linked = library.sources.add(voicebox.folder)

    assert linked.synced == Synced(added=3)
    assert (linked.source.kind, linked.source.name) == (SourceKind.VOICEBOX, "voices")
    assert linked.source.state is SourceState.SYNCED
    old = release is Release.FIRST
    assert linked.source.unmeasured == 2
    take = by_text(library)["Hello"]
    assert (take.id, take.source_key, take.seed, take.duration) == (key, key, 7, 9.0)
    assert take.is_favorited is not old
    assert take.profile_name == "Anna"
    assert take.facts is None
    assert library.audio.path(take) == voicebox.folder / "generations" / f"{key}.wav"
    assert by_text(library)["lost"].profile_missing
    broken = by_text(library)["broken"]
    assert broken.error == (None if old else "out of memory")
    assert broken.status is (Status.COMPLETED if old else Status.FAILED)

    measured = library.measuring.run()

    assert (measured.measured, measured.missing, measured.damaged) == (2, 0, 0)
    take = by_text(library)["Hello"]
    assert take.duration == 0.25
    assert take.facts is not None
    assert take.facts.frames == 2000
    assert library.measuring.waiting() == 0
    in_step(library)
    assert state_of(voicebox.folder) == before


def test_syncing_again_changes_nothing(library: Library, voicebox: Voicebox) -> None:
    for number in range(5):
        voicebox.take(f"take {number}")
    source = library.sources.add(voicebox.folder).source
    library.measuring.run()
    takes, token = everything(library), ask(library, "SELECT number FROM journal_state")

    assert library.sources.sync(source) == Synced(unchanged=5)
    assert library.sources.sync(source, again=True) == Synced(unchanged=5)
    assert library.sources.add(voicebox.folder).synced == Synced(unchanged=5)

    assert everything(library) == takes
    assert ask(library, "SELECT number FROM journal_state") == token
    assert len(library.sources.list()) == 1


def test_what_is_new_and_changed_there_comes_and_what_was_said_here_stays(
    library: Library, voicebox: Voicebox
) -> None:
    key = voicebox.take("before", is_favorited=False)
    source = library.sources.add(voicebox.folder).source
    library.measuring.run()
    take = by_text(library)["before"]
    library.generations.rate(take.id, 4)
    library.generations.tag(take.id, add="keep")
    library.generations.note(take.id, "mine")
    library.generations.favorite(take.id)
    assert library.sources.changed() == ()

    voicebox.change("UPDATE generations SET text = 'after', seed = 9 WHERE id = ?", key)
    voicebox.take("new")
    assert library.sources.changed() == (source.id,)
    assert library.sources.sync(source) == Synced(added=1, changed=1)

    again = by_text(library)["after"]
    assert (again.id, again.seed, again.rating, again.note) == (take.id, 9, 4, "mine")
    assert again.tags == ("keep",)
    assert again.is_favorited
    assert again.facts == take.facts
    voicebox.change("UPDATE generations SET is_favorited = 1 WHERE id = ?", key)
    library.sources.sync(source)
    voicebox.change("UPDATE generations SET is_favorited = 0 WHERE id = ?", key)
    library.sources.sync(source)
    assert not by_text(library)["after"].is_favorited
    in_step(library)


def test_what_was_deleted_here_never_comes_back(library: Library, voicebox: Voicebox) -> None:
    keys = {text: voicebox.take(text) for text in ("trashed", "purged", "kept")}
    source = library.sources.add(voicebox.folder).source
    library.generations.delete(keys["trashed"])
    library.trash.purge(keys["purged"])
    for text, key in keys.items():
        voicebox.change("UPDATE generations SET text = ? WHERE id = ?", f"{text} anew", key)

    assert library.sources.sync(source) == Synced(changed=2, unchanged=1)

    assert by_text(library).keys() == {"kept anew"}
    assert by_text(library, trashed=True).keys() == {"trashed anew"}
    assert library.sources.sync(source, again=True) == Synced(unchanged=3)
    in_step(library)


def test_what_is_gone_there_is_marked_and_comes_back(library: Library, voicebox: Voicebox) -> None:
    key = voicebox.take("here")
    voicebox.take("there")
    source = library.sources.add(voicebox.folder).source
    with voicebox.writing() as database:
        row = database.execute("SELECT * FROM generations WHERE id = ?", (key,)).fetchone()
        database.execute("DELETE FROM generations WHERE id = ?", (key,))

    assert library.sources.sync(source).vanished == 1
    assert by_text(library)["here"].vanished_at is not None
    assert by_text(library)["there"].vanished_at is None
    assert library.sources.get("voices").vanished == 1
    assert library.sources.sync(source, again=True).vanished == 0

    with voicebox.writing() as database:
        database.execute(f"INSERT INTO generations VALUES ({', '.join('?' * len(row))})", row)
    assert library.sources.sync(source).returned == 1
    assert by_text(library)["here"].vanished_at is None


def test_versions_follow_those_there(library: Library, voicebox: Voicebox) -> None:
    key = voicebox.take(seconds=0.1)
    source = library.sources.add(voicebox.folder).source
    library.measuring.run()
    with voicebox.writing() as database:
        ((original,),) = database.execute("SELECT id FROM generation_versions").fetchall()
    radio = voicebox.version(
        key,
        voicebox.audio("radio.wav", 0.3, 16_000),
        "radio",
        effects_chain="[]",
        source_version_id=original,
        is_default=True,
    )
    voicebox.change("UPDATE generation_versions SET is_default = 0 WHERE id = ?", original)

    library.sources.sync(source)
    library.measuring.run()

    first, second = library.versions.list(key)
    assert (first.id, second.id, second.source_version_id) == (original, radio, original)
    assert (first.is_default, second.is_default, second.label) == (False, True, "radio")
    assert library.generations.get(key).duration == 0.3
    voicebox.change("DELETE FROM generation_versions WHERE id = ?", radio)
    voicebox.change("UPDATE generation_versions SET is_default = 1")
    library.sources.sync(source)
    assert [version.id for version in library.versions.list(key)] == [original]
    assert library.generations.get(key).duration == 0.1
    in_step(library)


def test_stories_come_with_their_items_and_those_of_what_is_gone(
    library: Library, voicebox: Voicebox
) -> None:
    story, key, gone = new_key(), voicebox.take(), new_key()
    voicebox.insert("stories", id=story, name="Demo", created_at="2026", updated_at="2026")
    for number, generation in enumerate([key, key, gone]):
        voicebox.insert(
            "story_items",
            id=f"item-{number}",
            story_id=story,
            generation_id=generation,
            start_time_ms=number,
            track=-1,
            trim_start_ms=0,
            trim_end_ms=0,
            volume=1.0,
            created_at="2026",
        )
    source = library.sources.add(voicebox.folder).source
    asked = "SELECT generation_id, generation_key, start_ms FROM story_items ORDER BY start_ms"
    assert ask(library, asked) == [(key, key, 0), (key, key, 1), (None, gone, 2)]

    library.trash.purge(key)
    assert ask(library, asked) == [(None, key, 0), (None, key, 1), (None, gone, 2)]
    voicebox.change("DELETE FROM story_items WHERE id = 'item-0'")
    voicebox.change("UPDATE stories SET name = 'Other'")
    library.sources.sync(source)
    (found,) = library.stories.list()
    assert (found.name, found.items, found.source_id) == ("Other", 2, source.id)
    assert [(item.start_ms, item.track) for item in library.stories.items(found)] == [
        (1, -1),
        (2, -1),
    ]
    in_step(library)


def test_a_removed_source_leaves_to_the_trash_and_comes_back_with_all_that_was_said(
    library: Library, voicebox: Voicebox
) -> None:
    keys = {text: voicebox.take(text) for text in ("rated", "deleted before", "purged with it")}
    source = library.sources.add(voicebox.folder).source
    library.generations.rate(keys["rated"], 5)
    library.generations.delete(keys["deleted before"])
    before = state_of(voicebox.folder)

    assert library.sources.remove(source) == 2

    assert library.sources.list() == ()
    assert everything(library) == []
    assert by_text(library, trashed=True)["rated"].rating == 5
    assert library.profiles.list() == ()
    with pytest.raises(NotFound):
        library.sources.get("voices")
    library.trash.purge(keys["purged with it"])
    assert state_of(voicebox.folder) == before

    again = library.sources.add(voicebox.folder)
    assert again.source.id == source.id
    assert by_text(library).keys() == {"rated", "purged with it"}
    assert by_text(library)["rated"].rating == 5
    assert by_text(library, trashed=True).keys() == {"deleted before"}
    assert [summary.profile.name for summary in library.profiles.list()] == ["Anna"]
    in_step(library)


def test_two_sources_with_the_same_ids_and_names_stay_apart(
    library: Library, voicebox: Voicebox, tmp_path: Path
) -> None:
    key = voicebox.take()
    library.generations.record(profile="Anna", text="own", audio=tone(), sample_rate=8_000)
    shutil.copytree(voicebox.folder, tmp_path / "other" / "voices")
    library.sources.add(voicebox.folder)
    library.sources.add(tmp_path / "other" / "voices")
    library.measuring.run()

    first, second = (take for take in everything(library) if take.text == "Hello")
    assert {first.source_key, second.source_key} == {key}
    assert first.id != second.id
    assert {source.name for source in library.sources.list()} == {"voices", "voices (2)"}
    assert {take.profile_name for take in everything(library)} == {
        "Anna",
        "Anna (voices)",
        "Anna (voices (2))",
    }
    assert library.sources.sync("voices (2)", again=True) == Synced(unchanged=1)
    in_step(library)


def test_profiles_follow_theirs_but_for_names_given_here(
    library: Library, voicebox: Voicebox
) -> None:
    voicebox.take("one")
    voicebox.take("two", profile="Bert")
    source = library.sources.add(voicebox.folder).source
    library.profiles.rename("Bert", "Bertram")
    voicebox.change("UPDATE profiles SET name = name || ' II', description = 'new'")
    library.sources.sync(source)
    named = {summary.profile.name: summary.profile for summary in library.profiles.list()}
    assert named.keys() == {"Anna II", "Bertram"}
    assert named["Anna II"].description == "new"

    voicebox.change("DELETE FROM profiles WHERE name = 'Anna II'")
    library.sources.sync(source)
    assert by_text(library)["one"].profile_missing
    assert by_text(library)["one"].profile_name == "Anna II"
    assert not by_text(library)["two"].profile_missing


def test_files_that_are_missing_or_no_audio_are_marked_and_read_once_they_are_there(
    library: Library, voicebox: Voicebox
) -> None:
    gone, junk = voicebox.take("gone"), voicebox.take("junk")
    file = voicebox.folder / "generations" / f"{gone}.wav"
    kept = file.read_bytes()
    file.unlink()
    (voicebox.folder / "generations" / f"{junk}.wav").write_bytes(b"no audio")
    found = library.sources.inspect(voicebox.folder)
    assert (found.missing, found.unreadable, found.unnamed) == (1, 1, 0)
    assert (found.generations, found.statuses) == (2, (("completed", 2),))

    source = library.sources.add(voicebox.folder).source
    measured = library.measuring.run()

    assert (measured.measured, measured.missing, measured.damaged) == (0, 1, 1)
    assert by_text(library)["gone"].fault is Fault.MISSING
    assert by_text(library)["junk"].fault is Fault.DAMAGED
    with pytest.raises(AudioMissing):
        library.audio.path(by_text(library)["gone"])
    file.write_bytes(kept)
    library.sources.sync(source)
    assert library.measuring.waiting() == 1
    library.measuring.run()
    assert by_text(library)["gone"].fault is None
    assert by_text(library)["gone"].facts is not None
    in_step(library)


def test_what_is_on_the_screen_is_measured_first_and_the_rest_goes_on_later(
    library: Library, voicebox: Voicebox
) -> None:
    keys = [voicebox.take(f"take {number}") for number in range(40)]
    library.sources.add(voicebox.folder)
    assert library.measuring.first([keys[7], keys[3]]).measured == 2
    assert library.generations.get(keys[7]).facts is not None

    with pytest.raises(Interrupted):
        library.measuring.run(stop_soon)
    left = library.measuring.waiting()
    assert 0 < left < 38
    assert library.measuring.run().measured == left


def test_a_sync_that_was_ended_is_a_shorter_one(library: Library, voicebox: Voicebox) -> None:
    with voicebox.writing() as database:
        database.executemany(
            "INSERT INTO generations (id, profile_id, text, source, audio_path, created_at)"
            " VALUES (?, 'p', ?, 'manual', '', '2026')",
            [(f"key {number:04}", f"text {number}") for number in range(1_200)],
        )

    with pytest.raises(Interrupted):
        library.sources.add(voicebox.folder, watch=stop_soon)
    assert library.generations.count() == 1_024
    assert library.sources.get("voices").state is SourceState.NEVER_SYNCED
    assert library.sources.sync("voices") == Synced(added=176, unchanged=1_024)
    in_step(library)


def test_what_can_t_be_read_is_noted_and_the_rows_stay(
    library: Library, voicebox: Voicebox
) -> None:
    voicebox.take()
    source = library.sources.add(voicebox.folder).source
    voicebox.folder.rename(voicebox.folder.with_name("away"))
    with pytest.raises(SourceError, match="gone"):
        library.sources.sync(source)
    assert library.sources.get("voices").state is SourceState.IN_TROUBLE
    assert library.generations.count() == 1
    assert everything(library)[0].vanished_at is None
    voicebox.folder.with_name("away").rename(voicebox.folder)
    library.sources.sync(source)
    assert library.sources.get("voices").trouble is None


def test_a_folder_of_audio_is_read_anew_where_a_file_was_replaced(
    library: Library, tmp_path: Path
) -> None:
    import soundfile

    folder = tmp_path / "audio files"
    folder.mkdir()
    soundfile.write(folder / "a.wav", tone(0.1), 8_000)
    source = library.sources.add(folder).source
    library.measuring.run()
    assert everything(library)[0].duration == 0.1
    soundfile.write(folder / "a.wav", tone(0.2), 8_000)
    assert library.sources.sync(source) == Synced(changed=1)
    library.measuring.run()
    (take,) = everything(library)
    assert (take.duration, take.text, take.profile_name) == (0.2, "a", "audio files")
    assert library.sources.sync(source) == Synced(unchanged=1)


def test_the_library_itself_can_t_be_linked(library: Library) -> None:
    library.generations.record(profile="A", text="own", audio=tone(), sample_rate=8_000)
    for path in (library.path, library.path / "audio"):
        with pytest.raises(SourceError):
            library.sources.add(path)
    assert library.sources.list() == ()


def test_linked_files_survive_everything_that_deletes(library: Library, voicebox: Voicebox) -> None:
    keys = [voicebox.take(f"take {number}") for number in range(3)]
    library.sources.add(voicebox.folder)
    library.measuring.run()
    before = state_of(voicebox.folder)
    library.trash.purge(keys[0])
    library.profiles.delete("Anna")
    library.trash.empty()
    library.health.repair()
    assert library.generations.count() == 0
    assert state_of(voicebox.folder) == before


_WRITES = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30)
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    with database:
        database.execute(
            "INSERT INTO generations (id, profile_id, text, source, audio_path, created_at)"
            " VALUES (?, 'p', 'x', 'manual', '', ?)",
            (f"key {number:06}", f"2026-03-01 {number // 3600:02}:{number // 60 % 60:02}:00"),
        )
"""


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_source_that_is_written_to_all_the_while_ends_with_the_right_rows(
    library: Library, voicebox: Voicebox, mode: str
) -> None:
    voicebox.change(f"PRAGMA journal_mode={mode}")
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES, voicebox.database, "400"],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        synced = 0
        while writer.poll() is None:
            try:
                library.sources.add(voicebox.folder)
                synced += 1
            except SourceError as error:
                assert "Sync again" in str(error)  # noqa: PT017  # either way is right
    library.sources.add(voicebox.folder)
    assert writer.returncode == 0
    assert library.generations.count() == 400
    with closing(sqlite3.connect(library.path / DATABASE_NAME)) as database:
        marked = database.execute("SELECT count(*) FROM generations WHERE vanished_at NOT NULL")
        assert marked.fetchone() == (0,)
    in_step(library)


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3)))
def test_what_is_missing_is_told_without_holding_either(here: set[str], there: set[str]) -> None:
    assert list(missing_from(iter(sorted(here)), iter(sorted(there)))) == sorted(here - there)


def test_a_hostile_database_is_met_with_a_line(library: Library, voicebox: Voicebox) -> None:
    voicebox.change("ALTER TABLE generations RENAME TO hidden")
    voicebox.change("CREATE VIEW generations AS SELECT * FROM hidden")
    with pytest.raises(RushesError) as raised:
        library.sources.add(voicebox.folder)
    assert "\n" not in str(raised.value)


def test_what_changes_there_is_followed_a_step_at_a_time(
    library: Library, voicebox: Voicebox, tmp_path: Path
) -> None:
    import soundfile

    library.following.step()
    voicebox.take("first")
    folder = tmp_path / "sounds"
    folder.mkdir()
    soundfile.write(folder / "a.wav", tone(), 8_000)
    library.sources.add(voicebox.folder)
    library.sources.add(folder)
    key = voicebox.take("second")
    soundfile.write(folder / "b.wav", tone(), 8_000)

    library.following.step([key])

    takes = by_text(library)
    assert takes.keys() == {"first", "second", "a", "b"}
    assert all(take.facts is not None for take in takes.values())
    assert library.sources.changed() == ()
    voicebox.folder.rename(tmp_path / "away")
    library.following.step()
    assert library.sources.get("voices").state is SourceState.IN_TROUBLE
    assert library.sources.changed() == ()
    (tmp_path / "away").rename(voicebox.folder)
    assert library.generations.count() == 4
