"""Verifying what lies in the library's folder: found again, put back, adopted, left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rushes.domain.audio import Fault
from rushes.domain.generation import Generation
from rushes.domain.health import Kind
from rushes.domain.query import HistoryQuery
from rushes.errors import FilesKept, Interrupted, LibraryBusy, LibraryReadOnly
from rushes.library import Library
from rushes.library.verifying import leftovers
from rushes.media.coming_in import alone, bringing_in
from tests.library.damage import CallsOff, hashes, kinds, place_of, record, sql
from tests.library.test_trash import link


def is_well(library: Library) -> bool:
    return library.health.check(deep=True).is_sound and not library.health.repair().mended


def fault_of(library: Library, take: Generation) -> Fault | None:
    (version,) = library.versions.list(take.id)
    assert version.fault == library.generations.get(take.id).fault
    return version.fault


@pytest.mark.parametrize(
    "where", ["lost+found/some name.wav", "audio/elsewhere/x.wav", "moved.wav"]
)
def test_a_missing_file_is_put_back_from_where_it_lies(library: Library, where: str) -> None:
    take, other = record(library), record(library, level=0.1)
    file = place_of(library, take)
    data = file.read_bytes()
    target = library.path / where
    target.parent.mkdir(parents=True, exist_ok=True)
    # Another file of the same size isn't taken for it.
    (library.path / "lost+found").mkdir(exist_ok=True)
    (library.path / "lost+found" / "a.wav").write_bytes(data[:-1] + b"\x07")
    file.rename(target)

    report = library.health.repair()

    (finding,) = report.of(Kind.MISSING)
    assert finding.done == f"put back from {where}"
    assert file.read_bytes() == data
    assert not target.exists()
    assert fault_of(library, take) is fault_of(library, other) is None
    assert is_well(library)


def test_a_missing_file_is_copied_from_a_version_of_the_same_bytes(library: Library) -> None:
    take, same = record(library), record(library)
    file, data = place_of(library, take), place_of(library, take).read_bytes()
    file.unlink()
    (finding,) = library.health.repair().of(Kind.MISSING)
    assert finding.done == f"copied from {same.audio_path}"
    assert file.read_bytes() == place_of(library, same).read_bytes() == data
    assert is_well(library)


def test_a_copy_that_is_damaged_itself_is_none(library: Library) -> None:
    take, same = record(library), record(library)
    place_of(library, take).unlink()
    place_of(library, same).write_bytes(b"x" * place_of(library, same).stat().st_size)
    library.health.repair(deep=True)
    assert fault_of(library, take) is Fault.MISSING
    assert fault_of(library, same) is Fault.DAMAGED


def test_a_mark_goes_when_the_file_is_back(library: Library) -> None:
    take = record(library)
    file = place_of(library, take)
    data = file.read_bytes()
    file.unlink()
    assert library.health.repair().is_sound
    assert fault_of(library, take) is Fault.MISSING

    file.write_bytes(data[:-1] + b"\x07")
    assert library.health.repair().is_sound
    assert fault_of(library, take) is Fault.DAMAGED

    file.write_bytes(data)
    found = library.health.check()
    assert (kinds(found), found.is_sound) == ({Kind.WHOLE: 1}, False)
    assert library.health.repair().is_sound
    assert fault_of(library, take) is None
    assert is_well(library)


def test_what_was_set_aside_never_goes_over_another(library: Library) -> None:
    record(library)
    (library.path / "lost+found").mkdir()
    (library.path / "lost+found" / "x.wav").write_bytes(b"first")
    for number in range(2):
        (library.path / "audio" / "x.wav").write_bytes(b"%d" % number)
        assert library.health.repair().is_sound
    lost = {file.name: file.read_bytes() for file in (library.path / "lost+found").iterdir()}
    assert lost == {"x.wav": b"first", "x (2).wav": b"0", "x (3).wav": b"1"}
    assert library.health.check().tallies[Kind.LOST].found == 3


def test_a_name_that_is_no_text_is_set_aside_too(library: Library) -> None:
    record(library)
    loose = Path(os.fsdecode(os.fsencode(library.path / "audio") + b"/\xff\xfe.wav"))
    loose.write_bytes(b"what")
    assert not library.health.check().is_sound
    assert library.health.repair(adopt=True).is_sound
    assert not loose.exists()
    assert is_well(library)


def test_adopted_audio_becomes_a_take_of_its_own(library: Library) -> None:
    take = record(library, "the words")
    loose = [
        library.path / "audio" / "Some line.wav",
        place_of(library, take).with_name(f"{take.id}_12345678.wav"),
        library.path / "audio" / "no audio.wav",
    ]
    for file in loose[:2]:
        shutil.copyfile(place_of(library, take), file)
        os.utime(file, (1_700_000_000, 1_700_000_000))
    loose[2].write_bytes(b"no audio")

    report = library.health.repair(adopt=True)

    assert report.is_sound
    adopted = library.generations.list(HistoryQuery(profile_ids=()))
    found = {one.text: one for one in adopted.items if one.profile_name == "Recovered"}
    assert set(found) == {"Some line", "the words"}
    one = found["Some line"]
    assert library.audio.path(one) == loose[0]
    assert one.created_at.timestamp() == 1_700_000_000
    assert one.facts is not None
    assert take.facts is not None
    assert one.facts.sha256 == take.facts.sha256
    assert not loose[2].exists()
    assert (library.path / "lost+found" / "no audio.wav").exists()
    assert is_well(library)


def test_linked_files_are_told_of_and_never_touched(library: Library, tmp_path: Path) -> None:
    root = tmp_path / "foreign"
    root.mkdir()
    (root / "b.wav").write_bytes(b"theirs")
    take = record(library)
    link(library, take, root)
    place_of(library, take).unlink()
    for report in (library.health.check(deep=True), library.health.repair(adopt=True, deep=True)):
        assert report.is_sound
        (finding,) = report.of(Kind.LINKED)
        assert (finding.what, finding.path, finding.done) == (take.id, "a.wav", "")
    assert fault_of(library, take) is None
    assert [file.name for file in root.iterdir()] == ["b.wav"]
    (root / "a.wav").write_bytes(b"theirs as well, of whatever size")
    assert library.health.check(deep=True).findings == ()


def test_what_a_crash_left_half_copied_goes_when_it_is_old(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(library)
    part = library.path / "incoming" / "1.part"
    part.write_bytes(b"half")
    assert library.health.check().findings == ()
    assert library.health.repair().findings == ()
    assert part.exists()
    monkeypatch.setattr(leftovers, "STALE", 0)
    assert kinds(library.health.check()) == {Kind.STAGED: 1}
    assert library.health.repair().is_sound
    assert not part.exists()


def test_a_file_on_its_way_in_is_left_alone(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.media.coming_in._PATIENCE", 0.0)
    record(library)
    loose = library.path / "audio" / "x.wav"
    loose.write_bytes(b"placed, not yet committed")
    with bringing_in(library.path):
        assert library.health.check().findings == ()
        assert library.health.repair(adopt=True).findings == ()
    assert loose.exists()
    assert kinds(library.health.check()) == {Kind.UNREFERENCED: 1}


def test_only_one_repairs_at_a_time(library: Library) -> None:
    with alone(library.path), pytest.raises(LibraryBusy, match="being repaired"):
        library.health.repair()
    assert library.health.repair().is_sound


def test_strange_files_are_told_of_and_stay(library: Library) -> None:
    record(library)
    for name in ("notes.txt", "demo.txt", "journal.jsonl.1234.part"):
        (library.path / name).write_text("x")
    for report in (library.health.check(), library.health.repair()):
        assert report.is_sound
        assert [finding.path for finding in report.findings] == ["notes.txt"]
        assert report.findings[0].kind is Kind.STRANGE


def test_what_cannot_go_is_told_and_goes_when_it_can(library: Library) -> None:
    take = record(library)
    file = place_of(library, take)
    data = file.read_bytes()
    file.unlink()
    file.mkdir()
    library.generations.delete([take.id])
    with pytest.raises(FilesKept):
        library.trash.empty()
    for report in (library.health.check(), library.health.repair()):
        assert not report.is_sound
        assert [finding.what for finding in report.of(Kind.PURGE)] == [take.id]
    file.rmdir()
    file.write_bytes(data)
    assert library.health.repair().is_sound
    assert not file.exists()
    assert is_well(library)


def test_a_journal_that_is_gone_is_written_anew(library: Library) -> None:
    record(library)
    (library.path / "journal.jsonl").unlink()
    assert kinds(library.health.check()) == {Kind.JOURNAL: 1}
    assert kinds(library.health.check()) == {Kind.JOURNAL: 1}
    assert library.health.repair().is_sound
    assert (library.path / "journal.jsonl").stat().st_size
    assert is_well(library)


def test_it_can_be_called_off_anywhere_and_taken_up_again(library: Library) -> None:
    takes = [record(library, str(number), 0.1 + number / 20) for number in range(6)]
    before = hashes(library.path)
    place_of(library, takes[0]).rename(library.path / "audio" / "x.wav")
    place_of(library, takes[1]).write_bytes(b"other")
    shutil.copyfile(place_of(library, takes[2]), library.path / "audio" / "y.wav")
    sql(library, f"UPDATE generations SET status = 'asleep' WHERE id = '{takes[3].id}'")
    steps = 0
    while True:
        try:
            report = library.health.repair(watch=CallsOff(steps))
            break
        except Interrupted:
            steps += 1
    assert steps > 8
    assert report.is_sound
    assert len(before - hashes(library.path)) == 1  # the one that was overwritten by hand
    assert is_well(library)


AS_SOMEBODY = """
import importlib, json, logging, os, pkgutil, shutil, sys, tempfile
for part in ("domain", "media", "store", "library"):
    package = importlib.import_module(f"rushes.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
import numpy, platformdirs.unix, soundfile, sqlalchemy.dialects.sqlite
import rushes.logs
from rushes.library import Library
from rushes.errors import LibraryReadOnly
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Library.open(sys.argv[1]) as library:
    report = library.health.check(deep=True)
    for finding in report.findings:
        print(finding.kind, finding.what, finding.resolved)
    if library.writable:
        report = library.health.repair(deep=True)
        for finding in report.findings:
            print("repair", finding.kind, finding.what, finding.resolved)
    else:
        try:
            library.health.repair()
        except LibraryReadOnly:
            print("refused")
"""


def as_somebody(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_may_be_the_work_of_others_is_not_told_of_one_that_may_only_be_read(
    public: Path,
) -> None:
    folder = public / "takes"
    with closing(Library.open(folder)) as library:
        record(library)
        library._store.database.back_up(public / "older.db")
        # Whoever reads a copy, as a transaction runs, sees a journal that goes on without it.
        library.profiles.create("Robot")
        library.profiles.create("Whisper")
    (public / "older.db").replace(folder / "rushes.db")
    (folder / "rushes.db").chmod(0o644)
    assert as_somebody(folder) == [
        "unchecked journal.jsonl True",
        "unchecked rushes.db True",
        "refused",
    ]


def test_a_library_that_may_only_be_read_is_verified(public: Path) -> None:
    with Library.open(public / "takes") as library:
        record(library)
    assert as_somebody(public / "takes") == ["unchecked rushes.db True", "refused"]


def test_a_file_that_may_not_be_read_is_never_taken_for_missing(public: Path) -> None:
    folder = public / "takes"
    with Library.open(folder) as library:
        takes = [record(library, str(number)) for number in range(3)]
        files = [place_of(library, take) for take in takes]
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    files[0].chmod(0)
    files[1].parent.chmod(0)
    unreadable = sorted(take.id for take in takes[:2])
    told = as_somebody(folder)
    files[1].parent.chmod(0o755)
    for identity in unreadable:
        assert f"unreadable {identity} False" in told
        assert f"repair unreadable {identity} False" in told
    assert not any(line.startswith(("missing", "repair missing", "damaged")) for line in told)
    with Library.open(folder) as library:
        assert [fault_of(library, take) for take in takes] == [None, None, None]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_to_a_folder_with_takes_stays_where_it_is(
    library: Library, tmp_path: Path, is_there: bool
) -> None:
    take = record(library)
    folder = place_of(library, take).parent
    elsewhere = tmp_path / "other disk"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere if is_there else tmp_path / "taken off")
    library.health.repair(adopt=True)
    assert folder.is_symlink()
    folder.unlink()
    folder.symlink_to(elsewhere)
    assert kinds(library.health.repair()) == ({} if is_there else {Kind.WHOLE: 1})
    assert library.generations.get(take.id).fault is None
    assert library.audio.path(take).is_file()


def test_a_file_in_the_place_of_the_folder_for_what_comes_in_is_told(library: Library) -> None:
    record(library)
    shutil.rmtree(library.path / "incoming")
    (library.path / "incoming").write_text("not a folder")
    for report in (library.health.check(), library.health.repair()):
        (told,) = report.of(Kind.UNREADABLE)
        assert (told.path, told.detail) == ("incoming", "the folder can't be read: Not a directory")


def test_another_library_in_the_place_of_an_open_one_is_left_alone(
    library: Library, tmp_path: Path
) -> None:
    take = record(library)
    library.close()
    folder = library.path
    with closing(Library.open(folder)) as stale:
        stale.generations.get(take.id)
        folder.rename(tmp_path / "moved")
        with closing(Library.open(folder)) as other:
            record(other, "theirs")
        before = sorted(path for path in folder.rglob("*") if path.is_file())
        for act in (
            stale.health.repair,
            stale.health.check,
            lambda: record(stale),
            stale.trash.empty,
        ):
            with pytest.raises(LibraryReadOnly, match="replaced"):
                act()
        assert sorted(path for path in folder.rglob("*") if path.is_file()) == before
    for place in (folder, tmp_path / "moved"):
        with closing(Library.open(place)) as whole:
            assert whole.health.check(deep=True).is_sound
