"""Which journal a library gets."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from rushes.store import sqlite as store_sqlite
from rushes.store.journal_mode import JournalMode, choose, has_wal_reset_fix
from rushes.store.sqlite import DATABASE_NAME

FIXED = [(3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)]
UNFIXED = [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)]


@pytest.mark.parametrize("version", FIXED)
def test_wal_is_for_releases_with_the_fix(version: tuple[int, int, int]) -> None:
    assert has_wal_reset_fix(version)
    assert choose(version, fresh=True, in_wal=False).name == "wal"
    assert choose(version, fresh=False, in_wal=True).name == "wal"


@pytest.mark.parametrize("version", UNFIXED)
def test_other_releases_keep_a_rollback_journal(version: tuple[int, int, int]) -> None:
    assert not has_wal_reset_fix(version)
    for fresh, in_wal in [(True, False), (False, True), (False, False)]:
        chosen = choose(version, fresh=fresh, in_wal=in_wal)
        assert chosen.name == "truncate"
        assert ".".join(map(str, version)) in chosen.reason


def test_a_library_that_an_older_sqlite_made_stays_out_of_wal() -> None:
    assert choose((3, 52, 0), fresh=False, in_wal=False).name == "truncate"


def test_the_choice_is_what_the_database_does(tmp_path: Path) -> None:
    with Library.open(tmp_path / "takes") as library:
        library.profiles.create("Anna")
        with closing(sqlite3.connect(tmp_path / "takes" / DATABASE_NAME)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        with closing(library._store.database.connect_writer()) as writer:
            assert writer.execute("PRAGMA journal_mode").fetchone() == (library.journal.name,)
            assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
            assert writer.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert (mode == "wal") == (library.journal.name == "wal")


@pytest.mark.skipif(
    has_wal_reset_fix(sqlite3.sqlite_version_info), reason="this SQLite may use WAL"
)
def test_a_library_is_taken_out_of_wal_where_that_is_unsafe(tmp_path: Path) -> None:
    Library.open(tmp_path / "takes").close()
    with closing(sqlite3.connect(tmp_path / "takes" / DATABASE_NAME)) as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
        other.execute("SELECT count(*) FROM profiles").fetchone()
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM profiles").fetchone()
        with Library.open(tmp_path / "takes") as library:
            assert library.journal.name == "wal"
            assert "another program" in library.journal.reason
        other.execute("COMMIT")
    with Library.open(tmp_path / "takes") as library:
        assert library.journal.name == "truncate"
        assert not (tmp_path / "takes" / f"{DATABASE_NAME}-wal").exists()


def test_a_library_in_wal_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wal(*_: object, **__: object) -> JournalMode:
        return JournalMode("wal", "for this test")

    monkeypatch.setattr(store_sqlite, "choose", wal)
    with Library.open(tmp_path / "takes") as library, Library.open(tmp_path / "takes") as other:
        view = other.generations.view()
        token = other.changes.token()
        takes = [library.generations.begin(profile="Anna", text="x") for _ in range(3)]
        assert (tmp_path / "takes" / f"{DATABASE_NAME}-wal").stat().st_size > 0
        assert other.changes.token() != token
        assert (view.total(), view.newer()) == (0, 3)
        other.generations.delete([takes[0].id])
        assert library.generations.list(HistoryQuery()).total == 2
        assert library.trash.empty() == 1
    assert not (tmp_path / "takes" / f"{DATABASE_NAME}-wal").exists()
    with Library.open(tmp_path / "takes") as library:
        assert library.generations.count() == 2
