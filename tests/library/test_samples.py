"""Samples come with a profile's archive and are the library's own; they end with their profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.audio import Fault
from rushes.domain.health import Kind as Found
from rushes.domain.profile import Profile
from rushes.domain.storage import Kind
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store import leaving
from tests.exchange import zips
from tests.exchange.voiceboxes import Voicebox
from tests.exchange.zips import Part
from tests.library.damage import hashes, kinds, record
from tests.library.test_unpacking import FIRST, SECOND, brought

NAMES = {f"{FIRST}.wav": "Good evening [softly]", f"{SECOND}.wav": "児玉"}


@pytest.fixture
def anna(library: Library, tmp_path: Path) -> Profile:
    """A profile with two samples, whose avatar was left out."""
    archive = zips.profile(NAMES, Part("avatar.png", b"\x89PNG"))
    imported = brought(library, tmp_path / "in", archive)
    assert (len(imported.profiles), imported.samples, imported.ids) == (1, 2, [])
    return library.profiles.get(imported.profiles[0])


def files(library: Library) -> list[Path]:
    return sorted(path for path in (library.path / "audio").rglob("*") if path.is_file())


def test_a_profile_comes_with_its_samples(library: Library, anna: Profile) -> None:
    assert (anna.name, anna.description, anna.language) == ("Anna", "cloned", "en")
    samples = {sample.id: sample for sample in library.profiles.samples(anna)}
    assert samples.keys() == {FIRST, SECOND}
    assert samples[FIRST].reference_text == "Good evening [softly]"
    assert samples[FIRST].duration == 0.1
    file = library.path / samples[FIRST].audio_path
    assert file.read_bytes() == zips.wav(pitch=200.0)
    report = library.health.check(deep=True)
    assert report.is_sound
    assert not kinds(report)


def test_the_same_samples_come_in_once(library: Library, tmp_path: Path, anna: Profile) -> None:
    before = files(library)
    again = brought(library, tmp_path / "in", zips.profile(NAMES | {"more.wav": "x"}))
    assert (again.profiles, again.samples) == ([anna.id], 1)
    assert len(library.profiles.samples(anna)) == 3
    assert set(before) < set(files(library))
    assert len(files(library)) == 3
    assert library.health.check().is_sound


def test_their_room_is_told_and_counts_for_the_quota(library: Library, anna: Profile) -> None:
    size = sum(path.stat().st_size for path in files(library))
    use = library.storage.use()
    assert (use.of(Kind.SAMPLES), use.audio) == (size, 0)
    library.quotas.set("Anna", size - 1)
    (portion,) = library.storage.use().profiles
    assert (portion.bytes, portion.samples) == (0, size)
    assert portion.is_over
    (quota,) = library.quotas.exceeded()
    assert (quota.profile_id, quota.used) == (anna.id, size)


def test_they_lie_in_the_trash_with_their_profile_and_end_with_it(
    library: Library, anna: Profile
) -> None:
    take = record(library)
    deleted = library.profiles.delete(anna)
    assert len(files(library)) == 3
    assert library.health.check().is_sound
    library.profiles.restore(deleted)
    assert len(library.profiles.samples(anna)) == 2
    library.profiles.delete(anna)
    library.trash.purge([take.id])
    assert not files(library)
    assert not leaving.any_leaving_files(library._store.reader)
    assert library._store.reader.all("SELECT * FROM profile_samples") == []
    assert library.health.check(deep=True).is_sound


def test_those_of_a_profile_without_takes_end_when_the_trash_is_emptied(
    library: Library, anna: Profile
) -> None:
    assert not library.trash.holds_profiles()
    library.profiles.delete(anna)
    assert library.trash.holds_profiles()
    assert library.trash.empty() == 0
    assert not files(library)
    assert not library.trash.holds_profiles()


def test_what_a_crash_left_of_their_end_is_ended_at_the_next_opening(
    library: Library, anna: Profile
) -> None:
    from rushes.store import write_trash

    library.profiles.delete(anna)
    with library._store.transaction() as session:
        gone = write_trash.drop_empty_profiles(session)
    assert len(gone) == len(files(library)) == 2
    library.close()
    with Library.open(library.path) as opened:
        assert not files(opened)
        assert opened.health.check().is_sound


def test_verify_marks_and_repair_finds_their_files(library: Library, anna: Profile) -> None:
    one, two = files(library)
    aside = library.path / "lost+found"
    aside.mkdir()
    one.rename(aside / "somewhere.wav")
    two.write_bytes(two.read_bytes()[:-9])
    report = library.health.check()
    assert kinds(report) == {Found.MISSING: 1, Found.DAMAGED: 1}
    assert report.unresolved == 2
    assert [finding.take for finding in report.of(Found.MISSING)] == [""]
    repaired = library.health.repair()
    assert repaired.is_sound
    assert one.is_file()
    faults = [sample.fault for sample in library.profiles.samples(anna)]
    assert sorted(map(str, faults)) == ["None", str(Fault.DAMAGED)]
    assert library.health.check().is_sound
    one.unlink()
    assert library.health.repair().is_sound
    faults = [sample.fault for sample in library.profiles.samples(anna)]
    assert set(faults) == {Fault.MISSING, Fault.DAMAGED}
    one.write_bytes(zips.wav(pitch=200.0))
    two.write_bytes(zips.wav(pitch=210.0))
    assert library.health.repair(deep=True).mended == 2
    assert [sample.fault for sample in library.profiles.samples(anna)] == [None, None]


def test_a_file_of_theirs_under_another_name_is_found(library: Library, anna: Profile) -> None:
    assert anna.name == "Anna"
    one, _ = files(library)
    one.rename(one.with_name("renamed.wav"))
    assert library.health.repair().mended == 1
    assert one.is_file()
    assert library.health.check(deep=True).is_sound


def test_they_are_in_every_backup(library: Library, tmp_path: Path, anna: Profile) -> None:
    target = tmp_path / "backup"
    made = library.backups.make(target)
    assert (made.files, made.copied, made.missing) == (2, 2, ())
    assert library.backups.make(target).copied == 0
    with Library.open(target) as copy:
        assert len(copy.profiles.samples(anna)) == 2
        assert hashes(library.path) <= hashes(copy.path)
        assert copy.health.check(deep=True).is_sound
    files(library)[0].unlink()
    assert len(library.backups.make(target).missing) == 1


def test_they_are_rebuilt_out_of_the_journal(library: Library, anna: Profile) -> None:
    before = library.profiles.samples(anna)
    library.close()
    (library.path / "rushes.db").unlink()
    assert verify(library.path, repair=True).is_sound
    with Library.open(library.path) as rebuilt:
        assert rebuilt.profiles.samples(anna) == before
        assert rebuilt.health.check(deep=True).is_sound


def test_samples_whose_profile_is_lost_get_one_that_is_marked(
    library: Library, anna: Profile
) -> None:
    from tests.library.damage import sql

    sql(library, "DELETE FROM profiles")
    assert library.health.repair().is_sound
    found = library.profiles.get(anna.id)
    assert found.missing
    assert len(library.profiles.samples(found)) == 2


def test_a_source_that_is_unlinked_takes_no_samples_along(library: Library, tmp_path: Path) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.take("Hello")
    source = library.sources.add(voicebox.folder).source
    brought(library, tmp_path / "in", zips.profile(NAMES))
    library.sources.remove(source)
    library.trash.empty()
    assert len(library.profiles.samples("Anna")) == 2
    assert len(files(library)) == 2
