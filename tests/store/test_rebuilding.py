"""A database that is lost or damaged is made anew, row by row as it was.

Libraries are closed by themselves here: at the end of a block of its own one makes a copy.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.errors import Interrupted, LibraryDamaged, LibraryReadOnly
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store import copies, rebuilding
from rushes.store.faults import BACKUPS, JOURNAL
from rushes.store.journal.file import LOST_FOUND
from rushes.store.opening import why_damaged
from rushes.store.rebuilding import rebuild
from rushes.store.sqlite import DATABASE_NAME
from tests.library.somebody import Somebody
from tests.library.takes import RATE, Take, fill, tone
from tests.store.journals import Rows, entries, state, truth

COMPARED = (
    """
    INSERT INTO comparisons (id, mode, is_blind, seed, created_at)
    VALUES ('c', 'ranking', 1, 9, '2026-01-01 00:00:00')
    """,
    "INSERT INTO comparison_sides VALUES ('c', 0, 'gone', NULL), ('c', 1, 'other', 'v')",
    """
    INSERT INTO comparison_decisions VALUES
    ('c', 0, 1, 0, -1, '2026-01-01 00:00:01'), ('c', 1, 0, 1, 1, '2026-01-01 00:00:02')
    """,
)
"""Two takes held against each other, which may be gone."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


def _filled(folder: Path, seed: int = 3, steps: int = 40) -> Rows:
    with closing(Library.open(folder)) as library:
        somebody = Somebody(library, seed)
        for _ in range(steps):
            somebody.acts()
        library.filters.save("best", "rating:5")
        with library._store.transaction() as session:
            for statement in (
                "INSERT INTO settings VALUES ('policy', '{}')",
                (
                    "INSERT INTO sources (id, kind, root, created_at)"
                    " VALUES ('s', 'folder', '/far', '2026-01-01 00:00:00')"
                ),
                "INSERT INTO source_tombstones VALUES ('s', 'k', '2026-01-01 00:00:00')",
                "INSERT INTO quotas SELECT id, 5 FROM profiles LIMIT 1",
                *COMPARED,
            ):
                session.connection().exec_driver_sql(statement)
    return truth(folder)


def _copied(folder: Path, day: int) -> None:
    with closing(Library.open(folder)) as library:
        assert copies.make_copy(library._store.database, today=date(2026, 11, day))


def _is_sound(folder: Path) -> None:
    assert why_damaged(folder) is None
    assert not (folder / "rebuilding.part").exists()
    with closing(Library.open(folder)) as library:
        assert library.derived.check() == ()
        library.profiles.create("One more")
    assert state(folder).length == (folder / JOURNAL).stat().st_size


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_done_comes_back_from_the_journal(folder: Path, seed: int) -> None:
    before = _filled(folder, seed, steps=60)
    (folder / DATABASE_NAME).unlink()

    rebuilt = rebuild(folder)

    assert truth(folder) == before
    assert rebuilt.generations == len(before["generations"])
    assert (rebuilt.unreadable, rebuilt.salvaged, rebuilt.damaged) == (0, 0, None)
    _is_sound(folder)


@pytest.mark.parametrize("seed", range(4))
def test_and_from_a_copy_with_what_came_after_it(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with closing(Library.open(folder)) as library:
        somebody = Somebody(library, seed)
        for step in range(60):
            somebody.acts()
            if step == chance.choice([10, 30, 50]):
                copies.make_copy(library._store.database, today=date(2026, 11, 1 + step % 9))
    before, commits = truth(folder), len(entries(folder))
    (folder / DATABASE_NAME).unlink()
    rebuilt = rebuild(folder)
    assert truth(folder) == before
    assert (rebuilt.copy is None) == (rebuilt.commits == commits)
    _is_sound(folder)


def test_numbers_of_rows_that_are_gone_are_not_given_again(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        ids = fill(library, [Take() for _ in range(5)])
        library.trash.purge(ids[2:])
        (folder / JOURNAL).unlink()
        library.profiles.create("Robot")  # the journal is whole again, without the gone ones
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    with closing(Library.open(folder)) as library:
        fill(library, [Take()])
    assert [row[0] for row in truth(folder)["generations"]] == [1, 2, 6]


Damage = Callable[[Path], object]


def _overwritten(file: Path) -> None:
    with file.open("r+b") as handle:
        for page in range(2, file.stat().st_size // 4096, 3):
            handle.seek(page * 4096)
            handle.write(b"\xa5" * 4096)


def _without_header(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.write(bytes(100))


DAMAGES: dict[str, Damage] = {
    "missing": Path.unlink,
    "no header": _without_header,
    "pages overwritten": _overwritten,
    "cut off": lambda file: os.truncate(file, file.stat().st_size // 8192 * 4096),
    "empty": lambda file: os.truncate(file, 0),
    "something else": lambda file: file.write_bytes(b"Dear diary, " * 1000),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_kind_of_damage_is_noticed_and_mended(folder: Path, kind: str) -> None:
    before = _filled(folder)
    file = folder / DATABASE_NAME
    DAMAGES[kind](file)
    damaged = file.read_bytes() if file.exists() else None
    if kind not in {"pages overwritten", "cut off"}:
        with pytest.raises(LibraryDamaged, match="verify --repair"):
            Library.open(folder)
    assert why_damaged(folder)

    rebuilt = rebuild(folder)

    assert truth(folder) == before
    if damaged is None:
        assert not (folder / LOST_FOUND).exists()
    else:
        assert rebuilt.damaged is not None
        assert rebuilt.damaged.read_bytes() == damaged
    _is_sound(folder)


def test_a_folder_with_other_things_is_no_damaged_library(folder: Path) -> None:
    folder.mkdir()
    (folder / JOURNAL).write_text('{"weight": 70}\n')
    with pytest.raises(Exception, match="something else"):
        Library.open(folder)


def test_without_a_journal_the_newest_whole_copy_is_used(folder: Path) -> None:
    _filled(folder)
    _copied(folder, 1)
    with closing(Library.open(folder)) as library:
        library.profiles.create("Zoë")
    before = truth(folder)
    _copied(folder, 2)
    with closing(Library.open(folder)) as library:
        library.profiles.create("Lost")
    _copied(folder, 3)
    _overwritten(folder / BACKUPS / "rushes-2026-11-03.db")
    (folder / JOURNAL).unlink()
    (folder / DATABASE_NAME).unlink()
    rebuilt = rebuild(folder)
    assert rebuilt.copy == folder / BACKUPS / "rushes-2026-11-02.db"
    assert truth(folder) == before
    _is_sound(folder)


def test_a_journal_that_ends_before_the_copy_is_begun_anew(folder: Path) -> None:
    _filled(folder)
    short = (folder / JOURNAL).read_bytes()
    with closing(Library.open(folder)) as library:
        library.profiles.create("Zoë")
    before = truth(folder)
    _copied(folder, 1)
    (folder / JOURNAL).write_bytes(short)
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before
    (folder / BACKUPS / "rushes-2026-11-01.db").unlink()
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before


def test_without_anything_what_can_be_read_is_saved(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        fill(library, [Take(text=f"{number} " * 40, tags=("keep",)) for number in range(400)])
    before = truth(folder)["generations"]
    (folder / JOURNAL).unlink()
    file = folder / DATABASE_NAME
    size = file.stat().st_size
    with file.open("r+b") as handle:
        handle.seek(size // 2 // 4096 * 4096)
        handle.write(b"\xa5" * 4096)
    rebuilt = rebuild(folder)
    saved = truth(folder)["generations"]
    assert len(saved) > 300
    assert set(saved) <= set(before)
    assert rebuilt.salvaged >= len(saved)
    _is_sound(folder)


def test_a_damaged_line_costs_no_more_than_what_it_said(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        ids = fill(library, [Take(text=str(number), profile="Anna") for number in range(3)])
        library.profiles.create("Robot")
        library.generations.rate(ids[0], 5)
        library.generations.rate(ids[1], 4)
        library.generations.tag(ids[2], add=["keep"])
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    spoiled = lines[3].replace(b'"rating":5', b'"rat\xff\xff":5')
    (folder / JOURNAL).write_bytes(b"".join([*lines[:3], spoiled, b"\0\0\n", *lines[4:]]))
    (folder / DATABASE_NAME).unlink()

    rebuilt = rebuild(folder)

    assert rebuilt.unreadable == 2
    with closing(Library.open(folder)) as library:
        takes = {take.text: take for take in library.generations.list().items}
        assert [takes[text].rating for text in "012"] == [None, 4, None]
        assert library.generations.tags() == (("keep", 1),)
    assert any(path.suffix == ".jsonl" for path in (folder / LOST_FOUND).iterdir())
    _is_sound(folder)


def test_what_belonged_to_a_lost_line_is_mended(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        library.profiles.create("Anna")
        take = library.generations.record(profile="Anna", text="x", audio=tone(), sample_rate=RATE)
        library.generations.tag(take.id, add=["keep"])
        library.generations.record(profile="Robot", text="y", audio=tone(), sample_rate=RATE)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(b"".join([lines[0], b"?\n", *lines[2:]]))
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    with closing(Library.open(folder)) as library:
        kept = library.generations.get(take.id)
        assert library.audio.path(kept).is_file()
        named = {each.profile.name: each.profile for each in library.profiles.list()}
        assert set(named) == {f"Lost profile {kept.profile_id[:8]}", "Robot"}
    _is_sound(folder)


def test_what_was_linked_anew_after_a_lost_purge_is_there_once(folder: Path) -> None:
    source = (
        "INSERT OR IGNORE INTO sources (id, kind, root, created_at)"
        " VALUES ('s', 'folder', '/far', '2026-01-01 00:00:00')"
    )
    link = "UPDATE generations SET source_id = 's', source_key = 'k' WHERE source_id IS NULL"
    with closing(Library.open(folder)) as library:
        for _ in range(2):
            (identity,) = fill(library, [Take()])
            with library._store.transaction() as session:
                session.connection().exec_driver_sql(source)
                session.connection().exec_driver_sql(link)
            if not truth(folder)["source_tombstones"]:
                library.trash.purge(identity)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    kept = [b"?\n" if b'"gone":{"generations"' in line else line for line in lines]
    assert kept != lines
    (folder / JOURNAL).write_bytes(b"".join(kept))
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert [row[0] for row in truth(folder)["generations"]] == [2]
    _is_sound(folder)


def _writes(folder: Path, *statements: str) -> None:
    with closing(Library.open(folder)) as library, library._store.transaction() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def test_a_decision_taken_back_and_a_comparison_that_goes_stay_gone(folder: Path) -> None:
    _writes(folder, *COMPARED)
    _writes(folder, "DELETE FROM comparison_decisions WHERE number = 1")
    _writes(folder, "UPDATE comparisons SET kept_at = '2026-01-01 00:00:03', kept_place = 0")
    assert entries(folder)[-2]["gone"] == {"comparison_decisions": [["c", 1]]}
    before = truth(folder)
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before
    assert len(before["comparison_decisions"]) == 1
    _writes(folder, "DELETE FROM comparisons")
    assert entries(folder)[-1]["gone"] == {"comparisons": ["c"]}
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert not any(rows for table, rows in truth(folder).items() if table.startswith("compar"))


def test_sides_of_a_comparison_whose_line_is_lost_go_with_it(folder: Path) -> None:
    _writes(folder, COMPARED[0])
    _writes(folder, *COMPARED[1:])
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    kept = [b"?\n" if b'"comparisons"' in line else line for line in lines]
    assert kept != lines
    (folder / JOURNAL).write_bytes(b"".join(kept))
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert not truth(folder)["comparison_sides"]
    _is_sound(folder)


def test_a_commit_that_may_not_have_happened_leaves_nothing_in_half(folder: Path) -> None:
    _filled(folder)
    before = truth(folder)
    number = state(folder).number + 1
    with (folder / JOURNAL).open("ab") as handle:
        handle.write(
            b'{"n":%d,"gone":{"generations":[1,2]},"more":true}\n{"n":%d,"go' % (number, number)
        )
    (folder / DATABASE_NAME).unlink()
    assert rebuild(folder).unreadable == 0
    assert truth(folder) == before
    _is_sound(folder)


def test_a_rebuilding_called_off_leaves_all_as_it_was(folder: Path) -> None:
    _filled(folder)
    _without_header(folder / DATABASE_NAME)
    before = (folder / DATABASE_NAME).read_bytes()

    def stops(done: int, total: int, doing: str = "") -> None:
        if done < total and doing == "reading the journal":
            raise Interrupted("called off")

    with pytest.raises(Interrupted):
        rebuild(folder, stops)
    assert (folder / DATABASE_NAME).read_bytes() == before
    assert not (folder / LOST_FOUND).exists()
    rebuild(folder)
    _is_sound(folder)


@pytest.mark.parametrize("step", ["link", "rename", "replace"])
def test_a_second_run_ends_what_a_crash_cut_short(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = _filled(folder)
    _overwritten(folder / DATABASE_NAME)
    (folder / f"{DATABASE_NAME}-journal").write_bytes(b"something hot" * 100)

    class Crash(BaseException):
        pass

    def crashes(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(
            *{"link": (os, "link"), "rename": (Path, "rename"), "replace": (Path, "replace")}[step],
            crashes,
        )
        with pytest.raises(Crash):
            rebuild(folder)
    assert why_damaged(folder)
    rebuild(folder)
    assert truth(folder) == before
    _is_sound(folder)


def test_folds_are_made_anew(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        fill(library, [Take(text="STRASSE", engine="LuxTTS")])
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    with closing(Library.open(folder)) as library:
        assert library.generations.list(HistoryQuery(search="straße")).total == 1


def test_a_library_from_before_the_journal_gets_one_when_it_is_opened(tmp_path: Path) -> None:
    from rushes.store.migrations.runner import STEPS
    from rushes.store.opening import open_database

    folder = tmp_path / "old"
    open_database(folder, steps=STEPS[:2]).close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " VALUES ('p', 'Anna', 'anna', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        )
        connection.commit()
    Library.open(folder).close()
    before = truth(folder)
    assert [row["name"] for row in entries(folder)[0]["put"]["profiles"]] == ["Anna"]
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before


def test_two_do_not_rebuild_at_once(folder: Path) -> None:
    _filled(folder, steps=3)
    with rebuilding._alone(folder), pytest.raises(Exception, match="being rebuilt"):
        rebuild(folder)


@pytest.mark.parametrize("commits", [1, 3])
def test_what_is_written_meanwhile_is_in_the_new_one(folder: Path, commits: int) -> None:
    with closing(Library.open(folder)) as library:
        fill(library, [Take(text="Before")])

        def writes(done: int, total: int, doing: str = "") -> None:
            if done == total and doing == "putting it in place":
                for number in range(commits):
                    fill(library, [Take(text=f"Meanwhile {number}")])

        assert rebuild(folder, writes).generations == 1 + commits
        with pytest.raises(LibraryReadOnly, match="replaced"):
            fill(library, [Take(text="Afterwards")])
    assert not list((folder / LOST_FOUND).glob("journal-*"))
    _is_sound(folder)


def test_of_several_copies_the_one_that_knows_most_is_used(folder: Path) -> None:
    for day in (1, 2, 3):
        with closing(Library.open(folder)) as library:
            fill(library, [Take(text=f"Day {day}")])
        _copied(folder, day)
    for day in (1, 2, 3):
        # As if the folder had been fetched back by something that keeps no times.
        os.utime(folder / BACKUPS / f"rushes-2026-11-0{day}.db", (100 - day, 100 - day))
    (folder / DATABASE_NAME).unlink()
    (folder / JOURNAL).unlink()
    assert rebuild(folder).generations == 3


@pytest.mark.parametrize("is_copied", [True, False])
def test_text_that_can_not_be_read_comes_back_from_the_journal(
    folder: Path, is_copied: bool
) -> None:
    before = _filled(folder)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection, connection:
        # As an old disk flips bits: SQLite's own check finds nothing wrong with it.
        connection.execute("UPDATE generations SET text = CAST(x'48c8' AS TEXT)")
    if is_copied:
        _copied(folder, 1)
    with closing(Library.open(folder)) as library, pytest.raises(LibraryDamaged, match="repair"):
        library.generations.list(HistoryQuery(limit=1_000))
    assert not verify(folder).is_sound
    assert verify(folder, repair=True).is_sound
    assert truth(folder) == before
    _is_sound(folder)
