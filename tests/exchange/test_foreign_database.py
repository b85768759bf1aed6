"""Another program's database is read without a trace, whatever state it is in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rushes.errors import SourceError
from rushes.exchange import foreign_copy, foreign_database
from rushes.exchange.foreign_database import ForeignDatabase, signature_of
from tests.exchange.voiceboxes import Voicebox, state_of

_COUNT = "SELECT count(*) FROM generations"

KILLED_AMID_A_COMMIT = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size=1")
database.execute("BEGIN")
database.executemany(
    "INSERT INTO generations (id, profile_id, text, source) VALUES (?, 'p', ?, 'manual')",
    [(str(number), "x" * 3000) for number in range(500)],
)
os.kill(os.getpid(), signal.SIGKILL)
"""


def count(database: ForeignDatabase) -> int:
    ((found,),) = database.all(_COUNT)
    assert isinstance(found, int)
    return found


def read(voicebox: Voicebox) -> int:
    with closing(ForeignDatabase(voicebox.database)) as database:
        return count(database)


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Within it, nothing may change in a folder, nor be left there."""
    before = state_of(folder)
    yield
    assert state_of(folder) == before


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_in_rollback_mode_it_is_read_where_it_lies(voicebox: Voicebox, copies: Path) -> None:
    voicebox.take()
    with untouched(voicebox.folder), closing(ForeignDatabase(voicebox.database)) as database:
        assert count(database) == 1
        assert list(copies.iterdir()) == []


def test_in_wal_mode_what_is_in_the_wal_is_read_too(voicebox: Voicebox, copies: Path) -> None:
    with closing(sqlite3.connect(voicebox.database)) as holding:
        holding.execute("PRAGMA journal_mode=WAL")
        holding.execute(_COUNT).fetchone()
        voicebox.take()
        assert (voicebox.folder / "voicebox.db-wal").stat().st_size > 0
        with untouched(voicebox.folder):
            assert read(voicebox) == 1
    assert list(copies.iterdir()) == []


def test_a_wal_database_that_nobody_holds_gets_no_files_beside_it(voicebox: Voicebox) -> None:
    voicebox.take()
    voicebox.change("PRAGMA journal_mode=WAL")
    assert sorted(path.name for path in voicebox.folder.iterdir()) == ["generations", "voicebox.db"]
    with untouched(voicebox.folder):
        assert read(voicebox) == 1


def test_a_commit_that_a_crash_cut_short_is_left_out(voicebox: Voicebox, copies: Path) -> None:
    voicebox.take()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AMID_A_COMMIT, voicebox.database], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert (voicebox.folder / "voicebox.db-journal").stat().st_size > 0
    with untouched(voicebox.folder):
        assert read(voicebox) == 1
    assert list(copies.iterdir()) == []


def test_a_folder_that_may_only_be_read_is_read(voicebox: Voicebox) -> None:
    voicebox.take()
    for mode in ("DELETE", "WAL"):
        voicebox.change(f"PRAGMA journal_mode={mode}")
        for path in (voicebox.database, voicebox.folder):
            path.chmod(path.stat().st_mode & ~0o222)
        try:
            with untouched(voicebox.folder):
                assert read(voicebox) == 1
        finally:
            for path in (voicebox.folder, voicebox.database):
                path.chmod(path.stat().st_mode | 0o200)


@pytest.mark.skipif(
    shutil.which("setpriv") is None or os.geteuid() != 0, reason="needs root and setpriv"
)
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_somebody_without_rights_to_write_reads_it(voicebox: Voicebox, mode: str) -> None:
    voicebox.take()
    voicebox.change(f"PRAGMA journal_mode={mode}")
    top = Path(tempfile.gettempdir())
    for folder in (voicebox.folder, *voicebox.folder.parents):
        if folder == top:
            break
        folder.chmod(0o755)
    code = (
        "import sys; from pathlib import Path;"
        "from rushes.exchange.foreign_database import ForeignDatabase as D;"
        f"d = D(Path(sys.argv[1])); print(d.all({_COUNT!r})); d.close()"
    )
    source = Path(foreign_database.__file__).parents[2]
    if not os.access(source, os.R_OK) or "/root" in sys.executable:
        pytest.skip("nobody may run this Python")
    with untouched(voicebox.folder):
        told = subprocess.run(
            [
                *("setpriv", "--reuid=65534", "--clear-groups"),
                *(sys.executable, "-c", code, str(voicebox.database)),
            ],
            env={"PYTHONPATH": str(source), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.stdout == "[(1,)]\n", told.stderr


_READS = """
import sys
from contextlib import closing
from pathlib import Path
from rushes.exchange.recognising import recognised
with closing(recognised(Path(sys.argv[1]))) as history:
    heads = [head for batch in history.heads() for head in batch]
    history.takes([head.key for head in heads])
    print(len(heads), history.signature())
"""

_LOCKED = """
from rushes.exchange import foreign_copy
foreign_copy._unlocked = lambda *_: None
foreign_copy._UNLOCKED = 0.0
"""

_WRITING = re.compile(
    r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|F_WRLCK|LOCK_EX|F_OFD"
    r"|\b(p?write(v|64)?|ftruncate|truncate|unlink(at)?|rename(at2?)?|mkdir(at)?|f?chmod(at)?"
    r"|utimensat|fallocate|link(at)?|symlink(at)?)\("
)
_LOCK = re.compile(r"l_type=(\w+), .*l_start=(\d+), l_len=(\d+)")
_PENDING, _SHARED = ("1073741824", "1"), ("1073741826", "510")


def traced(voicebox: Voicebox, trace: Path, code: str = _READS) -> None:
    """Read it under strace: no call may write there, nor lock more than a reader must."""
    subprocess.run(
        [
            *("strace", "-f", "-y", "-o", trace, "-e", "trace=%file,%desc"),
            *(sys.executable, "-c", code, str(voicebox.folder)),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    lines = trace.read_text().splitlines()
    # F_GETLK locks nothing: it asks whether somebody does.
    there = [line for line in lines if str(voicebox.folder) in line and "F_GETLK" not in line]
    assert any("voicebox.db" in line and "openat" in line for line in there)
    assert [line for line in there if _WRITING.search(line)] == []
    locks = {found.groups() for line in there if (found := _LOCK.search(line))}
    assert {(start, length) for kind, start, length in locks if kind == "F_RDLCK"} <= {
        _PENDING,
        _SHARED,
    }


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_no_call_writes_there_or_locks_more_than_a_reader_must(
    voicebox: Voicebox, tmp_path: Path, mode: str
) -> None:
    voicebox.take()
    voicebox.change(f"PRAGMA journal_mode={mode}")
    with untouched(voicebox.folder):
        traced(voicebox, tmp_path / "trace")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize(("mode", "locked"), [("DELETE", False), ("WAL", False), ("WAL", True)])
def test_nor_does_one_while_its_program_writes(
    voicebox: Voicebox, tmp_path: Path, mode: str, locked: bool
) -> None:
    voicebox.change(f"PRAGMA journal_mode={mode}")
    with being_written(voicebox, "closing", 60, pause=0.005) as writer:
        try:
            traced(voicebox, tmp_path / "trace", _LOCKED * locked + _READS)
        finally:
            writer.terminate()


_WRITES = """
import sqlite3, sys, time
ends = time.monotonic() + float(sys.argv[2])
database, number = None, 0
while time.monotonic() < ends:
    number += 1
    database = database or sqlite3.connect(sys.argv[1], timeout=30)
    with database:
        database.execute(
            "INSERT INTO generations (id, profile_id, text, source) VALUES (?, 'p', 'x', 'manual')",
            (f"{number:08}",),
        )
        database.execute("UPDATE generations SET seed = ?", (number,))
    if sys.argv[3] == "closing":
        database.close()
        database = None
    time.sleep(float(sys.argv[4]))
print(number)
"""


@contextmanager
def being_written(
    voicebox: Voicebox, how: str, seconds: float, pause: float = 0.0
) -> Iterator[subprocess.Popen[str]]:
    """Its program commits again and again: every row of a commit has that commit's number."""
    voicebox.take(seed=0)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES, voicebox.database, str(seconds), how, str(pause)],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        yield writer


def reads_of_one_moment(voicebox: Voicebox, writer: subprocess.Popen[str], mode: str) -> list[int]:
    """Read until its program ends; gives how many rows there were each time."""
    seen = []
    while writer.poll() is None:
        try:
            with closing(ForeignDatabase(voicebox.database)) as database:
                rows, seeds, seed = database.all(
                    "SELECT count(*), count(DISTINCT seed), max(seed) FROM generations"
                )[0]
                assert database.all("PRAGMA quick_check") == [("ok",)]
        except SourceError as error:
            # In rollback mode its program may keep all others out; nobody need in WAL mode.
            if mode == "WAL" or "Sync again" not in str(error):
                raise
            continue
        assert isinstance(rows, int)
        assert (seeds, seed) == (1, rows - 1)
        seen.append(rows)
    assert writer.stdout is not None
    assert read(voicebox) == int(writer.stdout.read()) + 1
    return seen


@pytest.mark.parametrize("mode", ["DELETE", "TRUNCATE", "WAL"])
@pytest.mark.parametrize("how", ["open", "closing"])
def test_every_reading_is_of_one_moment_while_its_program_writes(
    voicebox: Voicebox, mode: str, how: str
) -> None:
    voicebox.change(f"PRAGMA journal_mode={mode}")
    with being_written(voicebox, how, 1.5) as writer:
        seen = reads_of_one_moment(voicebox, writer, mode)
    assert seen
    assert seen == sorted(seen)
    left = {path.name for path in voicebox.folder.iterdir()} - {"generations", "voicebox.db"}
    assert left <= ({"voicebox.db-journal"} if mode == "TRUNCATE" else set())


@pytest.mark.parametrize("mode", ["TRUNCATE", "WAL"])
@pytest.mark.parametrize("how", ["open", "closing"])
def test_what_takes_long_to_copy_is_copied_under_a_readers_lock(
    voicebox: Voicebox, mode: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_copy, "_unlocked", lambda *_: None)
    monkeypatch.setattr(foreign_copy, "_UNLOCKED", 0.0)
    voicebox.change(f"PRAGMA journal_mode={mode}")
    with being_written(voicebox, how, 0.7) as writer:
        seen = reads_of_one_moment(voicebox, writer, mode)
    assert seen
    assert seen == sorted(seen)


_KEEPS = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA locking_mode=EXCLUSIVE")
database.execute("SELECT count(*) FROM generations").fetchone()
print("kept", flush=True)
sys.stdin.read()
"""


def test_one_that_its_program_keeps_for_itself_is_told(
    voicebox: Voicebox, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_copy, "_unlocked", lambda *_: None)
    monkeypatch.setattr(foreign_copy, "_UNLOCKED", 0.0)
    monkeypatch.setattr(foreign_copy, "_LOCKED_ATTEMPTS", 2)
    voicebox.change("PRAGMA journal_mode=WAL")
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPS, voicebox.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as keeping:
        assert keeping.stdout is not None
        assert keeping.stdout.readline() == "kept\n"
        with untouched(voicebox.folder), pytest.raises(SourceError, match="Sync again"):
            read(voicebox)
        keeping.communicate("")
    assert list(copies.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "now", "shows"),
    [
        (1_003_000_001, (1_003_000_002, 1_003_000_003), True),
        (1_003_000_001, (1_003_000_001, 1_004_000_000), False),
        (1_000_000_000, (2_900_000_000, 2_900_000_000), False),
        (1_000_000_000, (3_100_000_000, 3_100_000_000), True),
        (1_010_000_000, (1_020_000_000, 1_020_000_000), False),
        (9_999_000_001, (1_003_000_002, 1_003_000_003), True),
    ],
)
def test_a_time_of_change_tells_of_later_changes_once_the_clock_has_gone_on(
    changed: int, now: tuple[int, int], shows: bool
) -> None:
    assert foreign_copy.Now(*now).shows_changes_after(changed) is shows


def test_a_wal_left_beside_a_database_in_rollback_mode_gets_no_file_beside_it(
    voicebox: Voicebox,
) -> None:
    voicebox.take()
    with closing(sqlite3.connect(voicebox.folder.parent / "other.db")) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE generations (id)")
        shutil.copyfile(
            voicebox.folder.parent / "other.db-wal", voicebox.folder / "voicebox.db-wal"
        )
    with untouched(voicebox.folder), closing(ForeignDatabase(voicebox.database)) as database:
        database.all("SELECT * FROM sqlite_schema")


def test_the_signature_of_a_copy_is_of_the_moment_it_was_made(voicebox: Voicebox) -> None:
    voicebox.change("PRAGMA journal_mode=WAL")
    voicebox.take()
    before = signature_of(voicebox.database)
    with closing(ForeignDatabase(voicebox.database)) as database:
        voicebox.take()
        assert database.signature() == before
        assert count(database) == 1
    assert signature_of(voicebox.database) != before


def test_its_signature_differs_after_every_commit(voicebox: Voicebox) -> None:
    signatures = {signature_of(voicebox.database)}
    for mode in ("DELETE", "WAL"):
        voicebox.change(f"PRAGMA journal_mode={mode}")
        with closing(sqlite3.connect(voicebox.database)) as holding:
            holding.execute(_COUNT).fetchone()
            for _ in range(3):
                before = len(signatures)
                voicebox.take()
                signatures.add(signature_of(voicebox.database))
                assert len(signatures) == before + 1
                assert signature_of(voicebox.database) in signatures
    with pytest.raises(SourceError):
        signature_of(voicebox.folder)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 5000, b"no database"])
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "voicebox.db"
    file.write_bytes(content)
    with pytest.raises(SourceError) as raised, closing(ForeignDatabase(file)) as database:
        count(database)
    assert "\n" not in str(raised.value)
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_a_database_put_into_wal_mode_meanwhile_gets_no_files(voicebox: Voicebox) -> None:
    voicebox.take()
    with closing(ForeignDatabase(voicebox.database)) as database:
        assert count(database) == 1
        voicebox.change("PRAGMA journal_mode=WAL")
        with untouched(voicebox.folder), pytest.raises(SourceError, match="Sync again"):
            count(database)
