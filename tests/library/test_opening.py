"""Opening a library: where none is, where something else is, where one may only read."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from rushes.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryReadOnly,
    NotALibrary,
    RushesError,
)
from rushes.library import Library
from rushes.store import sqlite as store_sqlite
from rushes.store.sqlite import DATABASE_NAME
from tests.library.takes import RATE, tone


@pytest.mark.parametrize("name", ["takes", "a/b/c", "wi th?x=1#y%20&", "児玉", "'quoted\""])
def test_a_library_is_made_where_nothing_is(tmp_path: Path, name: str) -> None:
    with Library.open(tmp_path / name) as library:
        assert library.path == tmp_path / name
        assert library.writable
        library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    with Library.open(str(tmp_path / name), create=False) as library:
        assert library.generations.count() == 1


def test_a_folder_may_be_named_by_any_bytes(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    with Library.open(folder) as library:
        take = library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
        library.audio.path(take).unlink()
        with pytest.raises(RushesError) as raised:
            library.audio.path(take)
        assert str(raised.value).encode()


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RushesError) as raised:
        Library.open(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "lost+found").mkdir()
    Library.open(tmp_path).close()
    assert (tmp_path / DATABASE_NAME).is_file()


def test_without_a_path_it_is_the_default_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSHES_LIBRARY", str(tmp_path / "mine"))
    with Library.open() as library:
        assert library.path == tmp_path / "mine"


def test_nothing_is_made_unless_it_may_be(tmp_path: Path) -> None:
    with pytest.raises(NotALibrary):
        Library.open(tmp_path / "takes", create=False)
    assert not (tmp_path / "takes").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(NotALibrary, match=r"letter\.txt"):
        Library.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(NotALibrary):
        Library.open(tmp_path / "letter.txt")
    with pytest.raises(RushesError):
        Library.open(tmp_path / "letter.txt" / "takes")


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        connection.execute("CREATE TABLE generations (id TEXT)")
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with pytest.raises(NotALibrary, match="another program"):
        Library.open(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_what_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database at all, " * 100)
    with pytest.raises(LibraryDamaged) as raised:
        Library.open(tmp_path)
    assert "\n" not in str(raised.value)
    assert (tmp_path / DATABASE_NAME).read_bytes().startswith(b"not a database")


def test_a_database_that_was_cut_off_is_told(folder: Path) -> None:
    with Library.open(folder) as library:
        for number in range(50):
            library.generations.begin(profile="A", text=f"{number} " * 500)
    file = folder / DATABASE_NAME
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 4096 // 2 * 4096])

    def reads_all() -> None:
        with Library.open(folder) as library:
            library.generations.view().rows(0, 100)
            library.statistics.read()

    with pytest.raises(LibraryError):
        reads_all()


def test_a_half_made_library_is_made_whole(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE_NAME).touch()
    with Library.open(folder) as library:
        assert library.generations.count() == 0


def test_a_closed_library_says_so(library: Library) -> None:
    library.generations.count()
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.generations.count()


# All is imported first: the interpreter itself may lie where nobody else may look.
AS_A_READER = """
import importlib, os, pkgutil, shutil, sys, tempfile
# All of it now: afterwards the checkout may lie where this user can't look.
for part in ("domain", "media", "store", "library"):
    package = importlib.import_module(f"rushes.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
import numpy, soundfile
from rushes.library import Library
from rushes.errors import LibraryReadOnly
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Library.open(sys.argv[1]) as library:
    assert not library.writable
    (take,) = library.generations.list().items
    assert library.audio.path(take).is_file()
    assert library.generations.view().rows(0, 5) == (take,)
    assert library.statistics.totals().generations == 1
    library.changes.token()
    for act in (
        lambda: library.generations.delete([take.id]),
        lambda: library.generations.begin(profile="A", text="x"),
        lambda: library.generations.record(profile="A", text="x", audio=library.audio.path(take)),
        lambda: library.profiles.create("B"),
        lambda: library.trash.empty(),
        lambda: library.compression.compress([take.id]),
        lambda: library.compression.expand([take.id], dry_run=True),
    ):
        try:
            act()
        except LibraryReadOnly as error:
            print(error)
        else:
            raise AssertionError("it was written")
try:
    Library.open(sys.argv[1] + "/new")
except LibraryReadOnly as error:
    print(error)
"""


@pytest.mark.parametrize("state", ["closed", "wal", "wal left behind"])
def test_a_library_that_may_not_be_written_can_be_read(public: Path, state: str) -> None:
    folder = public / "takes"
    with Library.open(folder) as library:
        library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    other = sqlite3.connect(folder / DATABASE_NAME)
    if state != "closed":
        other.execute("PRAGMA journal_mode=WAL")
    if state == "wal left behind":
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("UPDATE generations SET text = 'y'")
        other.commit()
        assert (folder / f"{DATABASE_NAME}-wal").stat().st_size > 0
    else:
        other.close()
    before = sorted(path.name for path in folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", AS_A_READER, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
    )
    other.close()
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("can only be read") == 7
    assert len(done.stdout.splitlines()) == 8
    assert sorted(path.name for path in folder.iterdir()) == before or state == "wal left behind"


def test_a_library_somebody_keeps_locked_is_busy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_sqlite, "BUSY_TIMEOUT", 0.05)
    with Library.open(folder) as library:
        library.generations.begin(profile="A", text="x")
        with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LibraryBusy, match="Try again"):
                library.generations.begin(profile="A", text="y")
            assert library.generations.count() == 1
            other.execute("ROLLBACK")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(LibraryBusy):
                library.generations.count()
            assert isinstance(library.changes.token(), int)
            other.execute("ROLLBACK")
        library.generations.begin(profile="A", text="z")
        assert library.generations.count() == 2


def test_a_commit_waits_for_readers(folder: Path) -> None:
    with Library.open(folder) as library:
        library.warm()
        with closing(
            sqlite3.connect(folder / DATABASE_NAME, isolation_level=None, check_same_thread=False)
        ) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM generations").fetchone()
            let_go = threading.Timer(0.3, lambda: other.execute("COMMIT"))
            let_go.start()
            library.generations.begin(profile="A", text="x")
            let_go.join()
        assert library.generations.count() == 1


def test_a_write_that_turns_out_forbidden_is_told(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def readers_only() -> sqlite3.Connection:
        connection = library._store.database.connect_reader()
        connection.execute("PRAGMA query_only=1")
        return connection

    monkeypatch.setattr(library._store.database, "connect_writer", readers_only)
    with pytest.raises(LibraryReadOnly):
        library.profiles.create("Anna")


def test_a_library_can_be_carried_elsewhere(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as library:
        take = library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    shutil.move(folder, tmp_path / "elsewhere")
    with Library.open(tmp_path / "elsewhere") as library:
        assert library.audio.path(take).is_file()


def test_a_closed_library_changes_nothing(folder: Path) -> None:
    library = Library.open(folder)
    run = library.generations.begin(profile="A", text="x")
    library.close()
    for ask in (
        lambda: library.generations.favorite(run.id),
        lambda: library.generations.get(run.id),
        library.warm,
    ):
        with pytest.raises(LibraryError, match="closed"):
            ask()
    with Library.open(folder) as again:
        assert not again.generations.get(run.id).is_favorited


AS_SOMEBODY_KEPT_OUT = """
import os, shutil, sys, tempfile
import rushes.media.files
from rushes.library import Library
from rushes.errors import RushesError
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with Library.open(sys.argv[1]) as library:
        library.audio.path(library.generations.list().items[0])
except RushesError as error:
    print(error)
"""


@pytest.mark.parametrize("closed", ["audio", DATABASE_NAME, f"{DATABASE_NAME}-journal"])
def test_what_may_not_be_read_is_told_in_words(public: Path, closed: str) -> None:
    folder = public / f"without {closed}"
    with Library.open(folder) as library:
        library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    if closed.endswith("-journal"):
        (folder / closed).write_bytes(b"something")
    (folder / closed).chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_KEPT_OUT, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
    )
    assert done.stderr == ""
    assert re.search(r"can't be (opened|reached): .*[Pp]ermission.* See to it", done.stdout)


def test_a_library_that_was_taken_away_is_said_to_be_gone(folder: Path) -> None:
    with Library.open(folder) as library:
        take = library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
        shutil.rmtree(folder)
        with pytest.raises(RushesError, match="is gone"):
            library.generations.favorite([take.id])


def test_what_rebuilds_a_database_is_named_where_it_is_there(folder: Path) -> None:
    Library.open(folder).close()
    (folder / DATABASE_NAME).write_bytes(b"no database" * 1_000)
    with pytest.raises(LibraryDamaged, match="can still be read") as raised:
        Library.open(folder)
    assert "copies" not in str(raised.value)
    (folder / "backups").mkdir()
    (folder / "backups" / "rushes-2026-11-01.db").touch()
    with pytest.raises(LibraryDamaged, match=r"verify --repair.* its copies"):
        Library.open(folder)
