"""A private table of files while a library is verified: on disk, so that memory stays small.

Keys are bytes, as the file system holds names: a name needn't be text.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_PRAGMAS = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;"
"""32 MB of memory, in KiB, whatever the number of files."""

_TABLES = """
    CREATE TABLE files (
        key BLOB PRIMARY KEY, there INTEGER NOT NULL, named INTEGER NOT NULL,
        reached INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE sought (seq INTEGER PRIMARY KEY, bytes INTEGER, sha256 TEXT);
    CREATE INDEX sought_by_hash ON sought (sha256);
    CREATE TABLE copies (sha256 TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE loose (path BLOB PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT);
    CREATE INDEX loose_by_size ON loose (bytes);
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """A version whose file is missing: its row number, and what the file was."""

    seq: int
    bytes: int | None
    sha256: str | None


class Ledger:
    """Files that are there, files that rows name, files that are missing. Used in a ``with``."""

    def __init__(self) -> None:
        # An empty name is a database of its own in a temporary file, gone when it is closed.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLES}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def there(self, keys: Iterable[str]) -> None:
        """Note files that are there."""
        self._connection.executemany(
            "INSERT INTO files (key, there, named) VALUES (?, 1, 0)"
            " ON CONFLICT DO UPDATE SET there = 1",
            ((os.fsencode(key),) for key in keys),
        )

    def name(self, key: str) -> int:
        """Note that a row names a file; gives how many do by now."""
        row = self._connection.execute(
            "INSERT INTO files (key, there, named) VALUES (?, 0, 1)"
            " ON CONFLICT DO UPDATE SET named = named + 1 RETURNING named",
            (_key(key),),
        ).fetchone()
        return int(row[0])

    def claim(self, keys: Iterable[str]) -> None:
        """Note files that rows name, perhaps the same rows as before."""
        self._connection.executemany(
            "INSERT INTO files (key, there, named) VALUES (?, 0, 1)"
            " ON CONFLICT DO UPDATE SET named = max(named, 1)",
            ((_key(key),) for key in keys),
        )

    def unname(self, key: str) -> None:
        """Take back that a row names a file: it names another now."""
        self._connection.execute(
            "UPDATE files SET named = named - 1 WHERE key = ? AND named > 0", (_key(key),)
        )

    def reach(self, key: str) -> None:
        """Note that a file is needed by a link which a row names."""
        self._connection.execute(
            "INSERT INTO files (key, there, named, reached) VALUES (?, 0, 0, 1)"
            " ON CONFLICT DO UPDATE SET reached = 1",
            (_key(key),),
        )

    def is_named(self, key: str) -> bool:
        """Whether a row names that file."""
        return self._is_so(
            "SELECT EXISTS (SELECT 1 FROM files WHERE key = ? AND named)", os.fsencode(key)
        )

    def is_named_within(self, folder: str) -> bool:
        """Whether a row names a file within that folder."""
        beginning = os.fsencode(f"{folder}/")
        return self._is_so(
            "SELECT EXISTS (SELECT 1 FROM files WHERE key > ? AND key < ? AND named)",
            beginning,
            beginning[:-1] + b"0",  # what follows the slash
        )

    def unnamed(self, limit: int = -1, after: str = "") -> list[str]:
        """Files that are there and that no row needs, in order: those after ``after``."""
        rows = self._connection.execute(
            "SELECT key FROM files WHERE there AND NOT named AND NOT reached AND key > ?"
            " ORDER BY key LIMIT ?",
            (os.fsencode(after), limit),
        )
        return [os.fsdecode(key) for (key,) in rows.fetchall()]

    def seek(self, seq: int, size: int | None, sha256: str | None) -> None:
        """Note a version whose file is missing."""
        self._connection.execute(
            "INSERT OR REPLACE INTO sought VALUES (?, ?, ?)", (seq, size, sha256)
        )

    def any_sought(self) -> bool:
        """Whether a file is missing whose hash is known."""
        return self._is_so("SELECT EXISTS (SELECT 1 FROM sought WHERE sha256 IS NOT NULL)")

    def sought(self, after: int, limit: int) -> Sequence[Sought]:
        """The versions whose files are missing, by row number: those after ``after``."""
        rows = self._connection.execute(
            "SELECT seq, bytes, sha256 FROM sought WHERE seq > ? ORDER BY seq LIMIT ?",
            (after, limit),
        )
        return [Sought(seq, size, sha256) for seq, size, sha256 in rows.fetchall()]

    def is_sought(self, sha256: str) -> bool:
        """Whether a file of that hash is missing and no copy of it is known yet."""
        return self._is_so(
            "SELECT EXISTS (SELECT 1 FROM sought WHERE sha256 = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM copies WHERE sha256 = ?1)",
            sha256,
        )

    def has_copy(self, sha256: str, key: str) -> None:
        """Note where a file of that hash lies that a row names."""
        self._connection.execute(
            "INSERT OR IGNORE INTO copies VALUES (?, ?)", (sha256, os.fsencode(key))
        )

    def copy_of(self, sha256: str) -> str | None:
        """Where a file of that hash lies that a row names; None where none is known."""
        row = self._connection.execute(
            "SELECT key FROM copies WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return None if row is None else os.fsdecode(row[0])

    def add_loose(self, path: str, size: int) -> None:
        """Note a file, relative to the library, that may be one of the missing ones."""
        self._connection.execute(
            "INSERT OR REPLACE INTO loose VALUES (?, ?, NULL)", (os.fsencode(path), size)
        )

    def loose(self, size: int) -> Iterator[tuple[str, str | None]]:
        """The files of that size that may be missing ones, with their hash where it is known."""
        rows = self._connection.execute(
            "SELECT path, sha256 FROM loose WHERE bytes = ? ORDER BY path", (size,)
        )
        for path, sha256 in rows.fetchall():
            yield os.fsdecode(path), sha256

    def hash_of_loose(self, path: str, sha256: str) -> None:
        """Note the hash of such a file."""
        self._connection.execute(
            "UPDATE loose SET sha256 = ? WHERE path = ?", (sha256, os.fsencode(path))
        )

    def not_loose(self, path: str) -> None:
        """Forget such a file: it has found its place."""
        self._connection.execute("DELETE FROM loose WHERE path = ?", (os.fsencode(path),))

    def _is_so(self, sql: str, *parameters: str | bytes) -> bool:
        return bool(self._connection.execute(sql, parameters).fetchone()[0])


def _key(text: str) -> bytes:
    """What a row names as bytes; what could be no file's name still has a form of its own."""
    return text.encode("utf-8", "surrogateescape")
