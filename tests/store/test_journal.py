"""The journal beside the database: one line a commit, on the disk before the commit is."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.errors import DiskFull, LibraryReadOnly, RushesError
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.faults import JOURNAL
from rushes.store.journal import file as journal_file
from rushes.store.journal.entries import Item, Kind, Written, entry_of, from_json, lines
from rushes.store.journal.file import LOST_FOUND
from rushes.store.journal.truth import TRUTHS
from rushes.store.sqlite import DATABASE_NAME
from tests.library.takes import RATE, Take, fill, tone
from tests.store.journals import entries, header, state, truth


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


def _sql(library: Library, *statements: str) -> None:
    with library._store.transaction() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def test_every_column_is_truth_or_made_of_it(library: Library) -> None:
    with closing(sqlite3.connect(library.path / DATABASE_NAME)) as connection:
        for table in TRUTHS:
            info = connection.execute(f"PRAGMA table_xinfo({table.table})").fetchall()
            kept = {name for _, name, *_, hidden in info if not hidden}
            assert kept == {
                *table.whole,
                *(fold for fold, _ in table.folds),
                *table.beside,
            }, table.table
            assert {name for _, name, *_, key, _ in info if key} == set(table.key)
            flags = {name for _, name, _, _, default, *_ in info if default == "0"}
            assert flags - table.beside == table.flags


def test_a_fresh_journal_begins_with_who_it_is(library: Library) -> None:
    library.profiles.create("Anna")
    first = header(library.path)
    assert first["rushes"] == "journal"
    assert first["journal_id"] == state(library.path).journal_id
    assert "verify --repair" in first["about"]


def test_a_commit_is_one_line_that_says_how_its_rows_are_now(library: Library) -> None:
    take = library.generations.record(
        profile="Anna", text="Straße\u2028児玉\n", audio=tone(), sample_rate=RATE, note="x\0y"
    )
    library.generations.tag(take.id, add=["Keep"])
    library.generations.rate(take.id, 4)
    library.generations.note(take.id, None)

    recorded, tagged, rated, noted = entries(library.path)

    assert set(recorded) == {"n", "at", "put"}
    (row,) = recorded["put"]["generations"]
    assert (row["id"], row["text"], row["note"]) == (take.id, "Straße\u2028児玉\n", "x\0y")
    assert [version["is_default"] for version in recorded["put"]["generation_versions"]] == [1]
    assert [profile["name"] for profile in recorded["put"]["profiles"]] == ["Anna"]
    assert tagged["put"] == {
        "tags": [{"generation_id": take.id, "tag_fold": "keep", "tag": "Keep"}]
    }
    assert rated["change"] == {"generations": [{"seq": 1, "is_favorited": 0, "rating": 4}]}
    assert noted["change"] == {"generations": [{"seq": 1, "note": None}]}
    numbers = [entry["n"] for entry in (recorded, tagged, rated, noted)]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    now = state(library.path)
    assert (now.number, now.length) == (numbers[-1], (library.path / JOURNAL).stat().st_size)


def test_what_changes_no_truth_leaves_no_line(library: Library) -> None:
    (identity,) = fill(library, [Take(rating=3)])
    before = entries(library.path)
    library.generations.rate(identity, 3)
    library.derived.rebuild()
    _sql(library, "UPDATE generations SET text_fold = 'other'", "DELETE FROM counters")
    assert entries(library.path) == before


def test_what_a_generation_takes_along_needs_no_words_of_its_own(library: Library) -> None:
    ids = fill(library, [Take(tags=("a", "b", "c")) for _ in range(40)])
    length = state(library.path).length
    library.trash.purge(ids)
    gone = [entry["gone"] for entry in entries(library.path) if "gone" in entry]
    assert gone[0] == {"generations": list(range(1, 41))}
    assert state(library.path).length - length < 40 * 100


def test_of_what_comes_and_goes_in_one_commit_only_the_end_counts(library: Library) -> None:
    profile = "INSERT INTO profiles (id, name, name_fold, created_at, updated_at) VALUES"
    _sql(
        library,
        f"{profile} ('a', 'A', 'a', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
        f"{profile} ('b', 'B', 'b', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
        "UPDATE profiles SET name = 'C' WHERE id = 'a'",
        "DELETE FROM profiles WHERE id = 'b'",
        "INSERT OR REPLACE INTO settings (name, value) VALUES ('x', '1')",
        "INSERT OR REPLACE INTO settings (name, value) VALUES ('x', '2')",
    )
    (entry,) = entries(library.path)
    assert [row["name"] for row in entry["put"]["profiles"]] == ["C"]
    assert entry["put"]["settings"] == [{"name": "x", "value": "2"}]
    assert entry["gone"] == {"profiles": ["b"]}


def test_a_transaction_that_fails_leaves_no_line(library: Library) -> None:
    library.profiles.create("Anna")
    before = (library.path / JOURNAL).read_bytes()
    with pytest.raises(RushesError):
        _sql(library, "UPDATE profiles SET name = 'B'", "INSERT INTO profiles (id) VALUES ('x')")
    assert (library.path / JOURNAL).read_bytes() == before
    library.profiles.create("Robot")
    (entry,) = entries(library.path)[1:]
    assert [row["name"] for row in entry["put"]["profiles"]] == ["Robot"]


def test_a_commit_that_does_not_happen_takes_its_line_back(library: Library) -> None:
    library.profiles.create("Anna")
    before = (library.path / JOURNAL).read_bytes()
    dangling = "INSERT INTO tags VALUES ('nobody', 'x', 'x')"
    with pytest.raises(RushesError):  # what points nowhere is noticed by the COMMIT itself
        _sql(library, "PRAGMA defer_foreign_keys=ON", dangling)
    assert (library.path / JOURNAL).read_bytes() == before
    library.profiles.create("Robot")
    assert state(library.path).length == (library.path / JOURNAL).stat().st_size


DIES = """
import os, sys
from rushes.library import Library
from rushes.store.journal.file import JournalFile
append = JournalFile.append
def dies(self, at, lines):
    append(self, at, lines)
    os._exit(9)
with Library.open(sys.argv[1]) as library:
    library.profiles.create("Before")
    JournalFile.append = dies
    library.profiles.create("Lost")
"""


def test_a_line_whose_commit_was_killed_is_dropped(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(folder)], timeout=60, check=False)
    assert done.returncode == 9
    assert "Lost" in (folder / JOURNAL).read_text()
    with Library.open(folder) as library:
        assert [each.profile.name for each in library.profiles.list()] == ["Before"]
        library.profiles.create("After")
    names = [row["name"] for entry in entries(folder) for row in entry["put"]["profiles"]]
    assert names == ["Before", "After"]
    assert not (folder / LOST_FOUND).exists()


@pytest.mark.parametrize("tail", [b'{"n":', b"\0" * 5000, b'{"n":2,"at":"","more":true}\n{"n'])
def test_a_line_that_was_cut_off_is_dropped(folder: Path, tail: bytes) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
    whole = (folder / JOURNAL).read_bytes()
    number = str(state(folder).number + 1).encode()
    (folder / JOURNAL).write_bytes(whole + tail.replace(b"2", number))
    with Library.open(folder) as library:
        library.profiles.create("Robot")
    written = (folder / JOURNAL).read_bytes()
    assert written.startswith(whole)
    assert [len(entry["put"]["profiles"]) for entry in entries(folder)] == [1, 1]


@pytest.mark.parametrize("damage", ["missing", "empty", "shorter"])
def test_a_journal_that_was_lost_is_written_whole(folder: Path, damage: str) -> None:
    with Library.open(folder) as library:
        fill(library, [Take(text=str(number), tags=("keep",)) for number in range(5)])
        file = folder / JOURNAL
        if damage == "missing":
            file.unlink()
        else:
            os.truncate(file, 0 if damage == "empty" else file.stat().st_size - 20)
        library.profiles.create("Robot")
    rows = [row for entry in entries(folder) for row in entry["put"].get("generations", [])]
    assert [row["text"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert "Robot" in json.dumps(entries(folder)[-1])
    assert state(folder).length == (folder / JOURNAL).stat().st_size
    assert not (folder / LOST_FOUND).exists()


def test_a_journal_that_knows_more_than_the_database_is_set_aside(folder: Path) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
        library._store.database.back_up(folder / "copy.db")
        library.profiles.create("Robot")
        library.profiles.create("Whisper")
    ahead = (folder / JOURNAL).read_bytes()
    (folder / "copy.db").replace(folder / DATABASE_NAME)
    with Library.open(folder) as library:
        library.profiles.create("Other")
    (kept,) = (folder / LOST_FOUND).iterdir()
    assert kept.name.startswith("journal-ahead-")
    assert kept.read_bytes() == ahead
    names = [row["name"] for entry in entries(folder) for row in entry["put"]["profiles"]]
    assert names == ["Anna", "Other"]


def test_a_database_that_was_replaced_meanwhile_is_written_no_more(folder: Path) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
        library._store.database.back_up(folder / "copy.db")
        (folder / "copy.db").replace(folder / DATABASE_NAME)
        before = (folder / JOURNAL).read_bytes()
        with pytest.raises(LibraryReadOnly, match=r"replaced.* open it again"):
            library.profiles.create("Robot")
    assert (folder / JOURNAL).read_bytes() == before


@pytest.mark.parametrize("content", [b"Dear diary,\n", b'{"rushes":"journal","format":9}\n'])
def test_a_journal_that_is_anothers_is_set_aside(folder: Path, content: bytes) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
        (folder / JOURNAL).write_bytes(content)
        library.profiles.create("Robot")
    (kept,) = (folder / LOST_FOUND).iterdir()
    assert kept.read_bytes() == content
    assert len(entries(folder)[0]["put"]["profiles"]) == 1


def test_a_new_file_whose_commit_did_not_happen_is_written_once_more(folder: Path) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
        before = (folder / DATABASE_NAME).read_bytes()
        (folder / JOURNAL).unlink()
        library.derived.rebuild()  # writes the journal whole, and nothing more
    (folder / DATABASE_NAME).write_bytes(before)
    with Library.open(folder) as library:
        library.profiles.create("Robot")
    assert header(folder)["journal_id"] == state(folder).journal_id
    names = [row["name"] for entry in entries(folder) for row in entry["put"]["profiles"]]
    assert names == ["Anna", "Robot"]


def test_the_first_line_of_a_library_that_was_not_made_is_no_journal(folder: Path) -> None:
    with Library.open(folder) as library:
        before = (folder / DATABASE_NAME).read_bytes()
        library.derived.rebuild()
        assert entries(folder) == []
    (folder / DATABASE_NAME).write_bytes(before)
    with Library.open(folder) as library:
        library.profiles.create("Anna")
    assert not (folder / LOST_FOUND).exists()


def test_on_a_full_disk_nothing_is_written_and_the_next_works(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.profiles.create("Anna")
    before, rows = (library.path / JOURNAL).read_bytes(), truth(library.path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal_file, "_flush", full)
        with pytest.raises(DiskFull):
            library.profiles.create("Robot")
    assert (library.path / JOURNAL).read_bytes() == before
    assert truth(library.path) == rows
    library.profiles.create("Robot")
    assert len(library.profiles.list()) == 2


def test_a_journal_that_may_not_be_written_stops_writing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.profiles.create("Anna")

    def refused(_: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(journal_file, "_flush", refused)
    with pytest.raises(LibraryReadOnly, match=r"journal\.jsonl"):
        library.profiles.create("Robot")
    assert len(library.profiles.list()) == 1


WRITES = """
import sys
from rushes.library import Library
folder, name = sys.argv[1:]
with Library.open(folder) as library:
    for number in range(25):
        run = library.generations.begin(profile=name, text=f"{name} {number}")
        library.generations.rate(run.id, 1 + number % 5)
"""


def test_processes_that_write_at_once_keep_one_whole_journal(folder: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITES, str(folder), name])
        for name in ("one", "two", "three")
    ]
    assert [process.wait(90) for process in processes] == [0, 0, 0]
    numbers = [entry["n"] for entry in entries(folder)]
    assert numbers == list(range(numbers[0], numbers[0] + 150))
    assert state(folder).length == (folder / JOURNAL).stat().st_size
    assert not (folder / LOST_FOUND).exists()


def test_a_commit_of_many_rows_takes_several_lines(library: Library) -> None:
    ids = fill(library, [Take() for _ in range(2_500)])
    added = entries(library.path)
    assert [entry.get("more") for entry in added] == [True, True, None]
    assert len({entry["n"] for entry in added}) == 1
    library.generations.delete(library.generations.ids(HistoryQuery()))
    trashed = [entry for entry in entries(library.path) if "change" in entry]
    assert sum(len(entry["change"]["generations"]) for entry in trashed) == len(ids)


def test_a_library_that_can_only_be_read_is_left_without(folder: Path) -> None:
    Library.open(folder).close()
    with Library.open(folder) as library:
        library.generations.list()
    assert not (folder / JOURNAL).exists()


def test_what_json_lacks_comes_back() -> None:
    row = {"seq": 1, "bytes": b"\0\xff", "odd": float("-inf"), "text": "a\0b", "n": None}
    (line,) = lines(7, [Item(Kind.PUT, "generations", row)], Written())
    entry = entry_of(line)
    assert entry is not None
    assert "Infinity" not in line.decode()
    assert {key: from_json(value) for key, value in entry.items[0].value.items()} == row


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_its_place_is_set_aside(
    folder: Path, make: Callable[[Path], None]
) -> None:
    with closing(Library.open(folder)) as library:
        library.profiles.create("Anna")
    (folder / JOURNAL).unlink()
    make(folder / JOURNAL)
    with closing(Library.open(folder)) as library:
        library.profiles.create("Robot")
    names = [row["name"] for entry in entries(folder) for row in entry["put"]["profiles"]]
    assert names == ["Anna", "Robot"]
    assert len(list((folder / LOST_FOUND).glob("journal-foreign-*"))) == 1


def test_a_database_is_rebuilt_beside_a_journal_that_is_no_file(folder: Path) -> None:
    with Library.open(folder) as library:
        library.profiles.create("Anna")
    (folder / JOURNAL).unlink()
    os.mkfifo(folder / JOURNAL)
    (folder / DATABASE_NAME).unlink()
    assert verify(folder, repair=True).is_sound
    with closing(Library.open(folder)) as library:
        assert [one.profile.name for one in library.profiles.list()] == ["Anna"]
