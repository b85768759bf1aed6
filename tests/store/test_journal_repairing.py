"""A database that is an older copy catches up with its journal; a damaged journal is renewed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from rushes.domain.generation import Status
from rushes.domain.retention import Policy
from rushes.errors import LibraryError
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.faults import JOURNAL
from rushes.store.journal import compaction, repairing
from rushes.store.journal.file import LOST_FOUND, JournalFile
from rushes.store.rebuilding import rebuild
from rushes.store.sqlite import DATABASE_NAME
from tests.library.somebody import Somebody
from tests.library.takes import RATE, tone
from tests.store.journals import Rows, entries, state, truth


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


def _older(folder: Path, *, seed: int = 4, compacts: bool = False) -> Rows:
    """Puts an older copy in the place of a database; gives the rows that it lacks or has."""
    with closing(Library.open(folder)) as library:
        somebody = Somebody(library, seed)
        for _ in range(30):
            somebody.acts()
        library._store.database.back_up(folder.parent / "older.db")
        for _ in range(30):
            somebody.acts()
        if compacts:
            store = library._store
            assert compaction.compact(folder, store.reader, store.transaction)
        somebody.record()
        somebody.record()
    before = truth(folder)
    (folder.parent / "older.db").replace(folder / DATABASE_NAME)
    return before


@pytest.mark.parametrize("compacts", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_it_catches_up(folder: Path, seed: int, compacts: bool) -> None:
    before = _older(folder, seed=seed, compacts=compacts)
    behind = state(folder).number
    report = verify(folder, repair=True)
    assert [one.done for one in report.findings if one.path == JOURNAL] == [
        f"{state(folder).number - behind:,} commits replayed"
    ]
    assert truth(folder) == before
    assert not (folder / LOST_FOUND).exists()
    with closing(Library.open(folder)) as library:
        assert library.derived.check() == ()
        library.profiles.create("One more")
    assert state(folder).length == (folder / JOURNAL).stat().st_size
    before = truth(folder)
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before


def test_a_journal_that_cannot_be_read_whole_changes_nothing(folder: Path) -> None:
    _older(folder, compacts=True)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(b"".join([lines[0], b"?\n", *lines[2:]]))
    before = truth(folder)
    with closing(Library.open(folder)) as library:
        with pytest.raises(LibraryError, match="can't be replayed"):
            repairing.catch_up(library._store.database)
        assert truth(folder) == before
        library.profiles.create("One more")
    (kept,) = (folder / LOST_FOUND).iterdir()
    assert kept.name.startswith("journal-ahead-")


def test_nothing_is_replayed_where_nothing_lacks(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        library.profiles.create("Anna")
        before = (folder / JOURNAL).read_bytes()
        assert repairing.catch_up(library._store.database) == 0
    assert (folder / JOURNAL).read_bytes() == before


def test_an_older_copy_that_is_migrated_loses_no_journal(folder: Path) -> None:
    _older(folder)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        # As a step leaves it, of a program that knows one more.
        connection.execute("UPDATE journal_state SET length = 0")
        connection.commit()
    with closing(Library.open(folder)) as library:
        library.profiles.create("One more")
    found = list((folder / LOST_FOUND).iterdir())
    assert [path.name.startswith("journal-ahead-") for path in found] == [True]


def test_damaged_lines_are_found_by_a_deep_look_and_the_journal_renewed(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        for name in ("Anna", "Robot", "Zoë"):
            library.profiles.create(name)
    spoiled = (folder / JOURNAL).read_bytes().replace(b'"Robot"', b'"R\xffbot"')
    (folder / JOURNAL).write_bytes(spoiled)
    assert JOURNAL not in [one.path for one in verify(folder).findings]

    (found,) = [one for one in verify(folder, deep=True).findings if one.path == JOURNAL]
    assert "1 of its lines" in found.detail
    assert not found.resolved
    verify(folder, deep=True, repair=True)

    assert JOURNAL not in [one.path for one in verify(folder, deep=True).findings]
    (kept,) = (folder / LOST_FOUND).iterdir()
    assert kept.read_bytes() == spoiled
    assert {row["name"] for entry in entries(folder) for row in entry["put"]["profiles"]} == {
        "Anna",
        "Robot",
        "Zoë",
    }
    assert JournalFile(folder).header() is not None


@pytest.mark.parametrize("verifies", [True, False])
def test_opening_an_older_copy_ends_nothing_that_was_begun_in_it(
    folder: Path, verifies: bool
) -> None:
    with closing(Library.open(folder)) as library:
        run = library.generations.begin(profile="Anna", text="Later")
        with library._store.transaction() as session:
            # As if the process that makes it were gone when the copy is opened.
            session.execute(text("UPDATE runs SET started = 'long ago'"))
        library._store.database.back_up(folder.parent / "older.db")
        library.generations.complete(run.id, tone(), sample_rate=RATE)
        library.generations.record(profile="Anna", text="More", audio=tone(), sample_rate=RATE)
    before = truth(folder)
    (folder.parent / "older.db").replace(folder / DATABASE_NAME)
    if not verifies:
        with Library.open(folder) as library:
            assert library.generations.get(run.id).status is Status.PENDING
    assert verify(folder, repair=True).is_sound
    assert truth(folder) == before
    assert not (folder / LOST_FOUND).exists()


def test_upkeep_writes_nothing_into_an_older_copy(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        library.storage.save_policy(Policy(older_than_days=10))
        library.storage.switch_policy(on=True)
        library._store.database.back_up(folder.parent / "older.db")
        for words in ("One", "Two"):
            library.generations.record(profile="Anna", text=words, audio=tone(), sample_rate=RATE)
    before = truth(folder)
    (folder.parent / "older.db").replace(folder / DATABASE_NAME)
    with closing(Library.open(folder)) as library:
        assert library.upkeep.run() == ()
    assert verify(folder, repair=True).is_sound
    assert truth(folder) == before


def test_a_journal_that_knows_more_is_replayed_whatever_its_length(folder: Path) -> None:
    before = _older(folder)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE journal_state SET length = length + 1")
    assert verify(folder, repair=True).is_sound
    assert truth(folder) == before
