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
from rushes.exchange import foreign_database
from rushes.exchange.foreign_database import ForeignDatabase, signature_of
from tests.exchange.voiceboxes import Voicebox, state_of

_COUNT = "SELECT count(*) FROM generations"

_KILLED_AMID_A_COMMIT = """
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
        [sys.executable, "-c", _KILLED_AMID_A_COMMIT, voicebox.database], check=False
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


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_no_call_writes_there_or_locks_more_than_a_reader_must(
    voicebox: Voicebox, tmp_path: Path, mode: str
) -> None:
    voicebox.take()
    voicebox.change(f"PRAGMA journal_mode={mode}")
    trace = tmp_path / "trace"
    with untouched(voicebox.folder):
        subprocess.run(
            [
                *("strace", "-f", "-y", "-o", trace, "-e", "trace=%file,%desc"),
                *(sys.executable, "-c", _READS, str(voicebox.folder)),
            ],
            check=True,
            capture_output=True,
            timeout=100,
        )
    there = [line for line in trace.read_text().splitlines() if str(voicebox.folder) in line]
    assert any("voicebox.db" in line and "openat" in line for line in there)
    writing = re.compile(
        r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|F_WRLCK|LOCK_EX"
        r"|\b(p?write(v|64)?|ftruncate|truncate|unlink(at)?|rename(at2?)?|mkdir(at)?|f?chmod(at)?"
        r"|utimensat|fallocate|link(at)?|symlink(at)?)\("
    )
    assert [line for line in there if writing.search(line)] == []


_WRITES = """
import sqlite3, sys, time
ends = time.monotonic() + float(sys.argv[2])
database = sqlite3.connect(sys.argv[1], timeout=30)
number = 0
while time.monotonic() < ends:
    number += 1
    with database:
        database.execute(
            "INSERT INTO generations (id, profile_id, text, source) VALUES (?, 'p', 'x', 'manual')",
            (f"{number:08}",),
        )
        database.execute("UPDATE generations SET seed = ?", (number,))
print(number)
"""


@pytest.mark.parametrize("mode", ["DELETE", "TRUNCATE", "WAL"])
def test_every_reading_is_of_one_moment_while_its_program_writes(
    voicebox: Voicebox, mode: str
) -> None:
    voicebox.change(f"PRAGMA journal_mode={mode}")
    voicebox.take(seed=0)
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITES, voicebox.database, "3"], stdout=subprocess.PIPE, text=True
    )
    seen, told = [], []
    while writer.poll() is None:
        try:
            with closing(ForeignDatabase(voicebox.database)) as database:
                rows, seeds, seed = database.all(
                    "SELECT count(*), count(DISTINCT seed), max(seed) FROM generations"
                )[0]
        except SourceError as error:
            told.append(str(error))
            continue
        assert seeds == 1
        assert rows == int(str(seed)) + 1
        seen.append(rows)
    assert seen
    assert seen == sorted(seen)
    # Its program writes without a pause: that it can't be read now is an honest answer.
    assert all("Sync again" in error for error in told)
    out, _ = writer.communicate()
    assert read(voicebox) == int(out) + 1
    assert not list(voicebox.folder.glob("*-journal")) or mode == "TRUNCATE"


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
