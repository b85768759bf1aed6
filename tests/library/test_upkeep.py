"""Upkeep: a copy a day, a journal that doesn't grow for ever, and never a failure of its own."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.domain.times import now
from rushes.domain.watch import Watch
from rushes.errors import LibraryDamaged, LibraryError
from rushes.library import Library
from rushes.library.upkeep import DailyCopy, Upkeep
from rushes.store import copies
from rushes.store.faults import BACKUPS
from rushes.store.journal import compaction
from rushes.store.sqlite import DATABASE_NAME
from tests.library.takes import Take, fill


def _names(folder: Path) -> list[str]:
    backups = folder / BACKUPS
    return sorted(path.name for path in backups.iterdir()) if backups.exists() else []


def _today() -> str:
    return f"rushes-{now().date()}.db"


def test_who_wrote_something_leaves_a_copy_behind(folder: Path) -> None:
    with Library.open(folder) as library:
        library.generations.list()
    assert _names(folder) == []
    with Library.open(folder) as library:
        library.profiles.create("Anna")
    assert _names(folder) == [_today()]
    with closing(sqlite3.connect(folder / BACKUPS / _today())) as copy:
        assert copy.execute("SELECT name FROM profiles").fetchall() == [("Anna",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_who_failed_or_only_closes_leaves_none(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), Library.open(folder) as library:
        library.profiles.create(f"{1 // len(library.profiles.list())}")
    library = Library.open(folder)
    library.profiles.create("Anna")
    library.close()
    assert _names(folder) == []


def test_one_copy_a_day_and_three_are_kept(library: Library) -> None:
    database, backups = library._store.database, library.path / BACKUPS
    backups.mkdir()
    (backups / "rushes-version-2-20260101T000000.000000Z.db").touch()
    (backups / "rushes-my-own.db").touch()
    for day in range(1, 6):
        library.profiles.create(f"P{day}")
        assert copies.copy_due(library.path, date(2026, 11, day))
        assert copies.make_copy(database, today=date(2026, 11, day))
        assert not copies.copy_due(library.path, date(2026, 11, day))
    assert _names(library.path) == [
        "rushes-2026-11-03.db",
        "rushes-2026-11-04.db",
        "rushes-2026-11-05.db",
        "rushes-my-own.db",
        "rushes-version-2-20260101T000000.000000Z.db",
    ]


def test_copies_of_a_clock_that_was_wrong_keep_no_other_away(library: Library) -> None:
    database = library._store.database
    for day in (1, 2, 3):
        assert copies.make_copy(database, today=date(2099, 1, day))
    today = date(2026, 11, 21)
    assert copies.copy_due(library.path, today)
    assert copies.make_copy(database, today=today)
    assert not copies.copy_due(library.path, today)
    kept = [path.name for path in copies.daily(library.path, today)]
    assert kept == ["rushes-2099-01-02.db", "rushes-2099-01-03.db", "rushes-2026-11-21.db"]


def test_a_copy_that_is_not_whole_drives_out_no_other(library: Library) -> None:
    fill(library, [Take(text=f"{number} " * 60) for number in range(300)])
    database, backups = library._store.database, library.path / BACKUPS
    copies.make_copy(database, today=date(2026, 11, 1))
    with (library.path / DATABASE_NAME).open("r+b") as handle:
        handle.seek(-4096 * 20, os.SEEK_END)
        handle.write(b"\xa5" * 4096 * 10)
    with pytest.raises(LibraryDamaged):
        copies.make_copy(database, today=date(2026, 11, 2))
    assert [path.name for path in backups.iterdir()] == ["rushes-2026-11-01.db"]
    with pytest.raises(LibraryDamaged):
        library.profiles.create("Robot")


def test_without_a_change_there_is_no_new_copy(library: Library) -> None:
    library.profiles.create("Anna")
    copies.make_copy(library._store.database, today=date(2026, 11, 1))
    later = (now() + timedelta(seconds=5)).timestamp()
    os.utime(library.path / BACKUPS / "rushes-2026-11-01.db", (later, later))
    assert not copies.copy_due(library.path, date(2026, 11, 2))
    os.utime(library.path / DATABASE_NAME, (later + 5, later + 5))
    assert copies.copy_due(library.path, date(2026, 11, 2))


def test_without_twice_the_room_no_copy_is_made(library: Library) -> None:
    library.profiles.create("Anna")
    size = (library.path / DATABASE_NAME).stat().st_size
    assert not copies.make_copy(library._store.database, lambda _: 2 * size - 1)
    assert _names(library.path) == []
    assert DailyCopy(library._store, lambda _: 2 * size).is_due()
    assert copies.make_copy(library._store.database, lambda _: 2 * size)


def test_what_a_crash_left_of_a_copy_is_swept_a_day_later(library: Library) -> None:
    backups = library.path / BACKUPS
    backups.mkdir()
    for name, age in (("rushes-2026-11-01.db.7.part", 2), ("rushes-2026-11-02.db.8.part", 0)):
        (backups / name).touch()
        then = datetime.now(UTC) - timedelta(days=age)
        os.utime(backups / name, (then.timestamp(), then.timestamp()))
    copies.make_copy(library._store.database)
    assert _names(library.path) == ["rushes-2026-11-02.db.8.part", _today()]


def test_a_grown_journal_is_compacted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SLACK", 0)
    ids = fill(library, [Take() for _ in range(5)])
    assert library.upkeep.run() == ("the daily copy",)
    for rating in (1, 2, 3, 4, 5) * 5:
        library.generations.rate(ids, rating)
    assert library.upkeep.due()
    assert library.upkeep.run() == ("compacting the journal",)
    assert not library.upkeep.due()
    assert library.upkeep.run() == ()


class Failing:
    name = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def is_due(self) -> bool:
        return True

    def run(self, watch: Watch) -> bool:
        watch(0, 1)
        raise self.error


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "rushes"):
        yield caplog


@pytest.mark.parametrize("error", [LibraryError("no luck"), ZeroDivisionError("no luck")])
def test_what_goes_wrong_is_logged_and_keeps_nobody(
    library: Library, error: Exception, told: pytest.LogCaptureFixture
) -> None:
    library.profiles.create("Anna")
    upkeep = Upkeep(library._store, Failing(error))
    assert upkeep.due()
    assert upkeep.run() == ("the daily copy",)
    assert "no luck" in told.text


def test_a_broken_database_stops_all_writing_and_copying(folder: Path) -> None:
    with Library.open(folder) as library:
        fill(library, [Take(text=f"{number} " * 60) for number in range(300)])
    copied = (folder / BACKUPS / _today()).read_bytes()
    asked = "SELECT rootpage FROM sqlite_schema WHERE name = 'generations'"
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        (root,) = connection.execute(asked).fetchone()
    with (folder / DATABASE_NAME).open("r+b") as handle:
        handle.seek((root - 1) * 4096)
        handle.write(b"\xa5" * 4096)
    with Library.open(folder) as library:
        assert len(library.profiles.list()) == 1
        with pytest.raises(LibraryDamaged):
            library.generations.view().rows(0, 300)
        with pytest.raises(LibraryDamaged, match="verify --repair"):
            library.profiles.create("Robot")
        assert not library.upkeep.due()
        assert library.upkeep.run() == ()
    assert (folder / BACKUPS / _today()).read_bytes() == copied


def test_a_broken_text_index_stops_nothing(library: Library) -> None:
    fill(library, [Take(text="hello there")])
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE text_index_data SET block = x'0000' WHERE id > 10"
        )
    with pytest.raises(LibraryDamaged):
        library._store.reader.all("SELECT rowid FROM text_index WHERE text_index MATCH 'hello'")
    library.derived.rebuild()
    assert library.generations.list(HistoryQuery(search="hello")).total == 1
