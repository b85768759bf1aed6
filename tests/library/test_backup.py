"""A backup: a library of its own, whole whenever it can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.errors import BadInput, Conflict, Interrupted
from rushes.library import Library
from rushes.store.faults import JOURNAL
from rushes.store.sqlite import DATABASE_NAME
from tests.library.damage import CallsOff, hashes, place_of, record
from tests.library.test_trash import link


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "disk" / "backup"


def texts(folder: Path) -> list[str]:
    with Library.open(folder, create=False) as library:
        report = library.health.check(deep=True)
        assert report.is_sound, report.findings
        return sorted(take.text for take in library.generations.list(HistoryQuery(limit=100)).items)


def test_a_backup_is_the_whole_library(library: Library, target: Path) -> None:
    takes = [record(library, str(number), 0.1 + number / 10) for number in range(3)]
    library.generations.rate([takes[0].id], 5)
    library.generations.delete([takes[2].id])
    made = library.backups.make(target)
    assert (made.generations, made.files, made.copied, made.missing) == (3, 3, 3, ())
    assert made.bytes == sum(take.facts.bytes for take in takes if take.facts)
    assert hashes(target) == hashes(library.path)
    assert texts(target) == ["0", "1"]
    with Library.open(target) as copy:
        assert copy.generations.get(takes[0].id).rating == 5
        assert copy.trash.count() == 1


def test_the_next_one_copies_what_is_new_and_sets_aside_what_is_gone(
    library: Library, target: Path
) -> None:
    first, gone = record(library, "first"), record(library, "gone", 0.2)
    library.backups.make(target)
    assert library.backups.make(target).copied == 0
    library.trash.purge([gone.id])
    record(library, "second", 0.3)
    made = library.backups.make(target)
    assert (made.generations, made.files, made.copied, made.set_aside) == (2, 2, 1, 1)
    assert texts(target) == ["first", "second"]
    assert hashes(library.path) < hashes(target)
    assert place_of(library, first).is_file()


def test_a_backup_is_kept_up_whatever_was_done_to_it(library: Library, target: Path) -> None:
    take = record(library, "first")
    library.backups.make(target)
    with Library.open(target) as copy:
        record(copy, "made in the backup", 0.7)
        kept = hashes(target)
        place_of(copy, take).write_bytes(b"shorter")
    assert library.backups.make(target).copied == 1
    assert texts(target) == ["first"]
    assert kept <= hashes(target)


def test_only_three_databases_that_were_replaced_are_kept(library: Library, target: Path) -> None:
    for number in range(6):
        record(library, str(number))
        library.backups.make(target)
    assert len(list((target / "lost+found").glob("rushes-replaced-*.db"))) == 3


def test_missing_files_are_told_once_they_are_not_known(library: Library, target: Path) -> None:
    take, _ = record(library, "missing"), record(library, "there", 0.2)
    place_of(library, take).unlink()
    made = library.backups.make(target)
    assert made.missing == (take.audio_path,)
    assert (made.files, made.copied) == (1, 1)
    library.health.repair()
    assert library.backups.make(target).missing == ()
    assert texts(target) == ["missing", "there"]


def test_linked_files_stay_where_they_are(library: Library, target: Path, tmp_path: Path) -> None:
    root = tmp_path / "foreign"
    root.mkdir()
    take = record(library)
    (root / "a.wav").write_bytes(b"theirs")
    link(library, take, root)
    made = library.backups.make(target)
    assert (made.generations, made.files, made.missing) == (1, 0, ())
    assert list((target / "audio").rglob("*.wav")) == []


def test_what_is_no_backup_of_this_library_is_left_alone(
    library: Library, target: Path, tmp_path: Path
) -> None:
    record(library)
    for inside in (library.path, library.path / "audio", library.path.parent):
        with pytest.raises(BadInput, match="lies within"):
            library.backups.make(inside)
    target.mkdir(parents=True)
    (target / "letter.txt").write_text("Dear")
    with pytest.raises(Conflict, match="something else"):
        library.backups.make(target)
    assert [file.name for file in target.iterdir()] == ["letter.txt"]
    with Library.open(tmp_path / "other") as other:
        other.backups.make(tmp_path / "of another")
    with pytest.raises(Conflict, match="a backup of"):
        library.backups.make(tmp_path / "of another")


def test_one_that_is_called_off_leaves_the_one_before_and_goes_on(
    library: Library, target: Path
) -> None:
    record(library, "first")
    library.backups.make(target)
    record(library, "second", 0.2)
    steps = 0
    while True:
        try:
            library.backups.make(target, CallsOff(steps))
            break
        except Interrupted:
            steps += 1
            assert texts(target) in (["first"], ["first", "second"])
    assert steps > 4
    assert texts(target) == ["first", "second"]


def test_its_database_put_back_by_hand_leaves_nothing_of_the_journal_lost(
    library: Library, target: Path
) -> None:
    record(library, "first")
    library.backups.make(target)
    for number in range(3):
        record(library, f"later {number}")
    library.close()
    journal = (library.path / JOURNAL).read_bytes()
    (library.path / DATABASE_NAME).write_bytes((target / DATABASE_NAME).read_bytes())
    with Library.open(library.path) as older:
        record(older, "on the older one")
    (kept,) = (library.path / "lost+found").glob("journal-*.jsonl")
    assert kept.read_bytes() == journal


def test_a_file_that_was_cut_off_since_replaces_no_whole_one(
    library: Library, target: Path
) -> None:
    take = record(library)
    library.backups.make(target)
    whole = place_of(library, take).read_bytes()
    place_of(library, take).write_bytes(whole[:100])
    assert library.backups.make(target).copied == 0
    assert take.audio_path
    assert (target / take.audio_path).read_bytes() == whole
    library.health.repair()
    library.backups.make(target)
    assert (target / take.audio_path).read_bytes() == whole
    assert texts(target) == ["Hello"]
