"""A source on a disk that can only be read is linked as ever, and nothing of it changes."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.domain.source import Synced
from rushes.library import Library
from tests.exchange.test_foreign_database import KILLED_AMID_A_COMMIT
from tests.exchange.voiceboxes import Voicebox, state_of
from tests.laboratory.test_read_only import read_only

LENGTHS = {"the first": 0.25, "the second": 0.5, "the third": 0.75}
LAST_CHANGE = "UPDATE generations SET is_favorited = 1 WHERE text = 'the third'"


@contextmanager
def in_rollback_mode(voicebox: Voicebox) -> Iterator[None]:
    """As Voicebox leaves it."""
    voicebox.change(LAST_CHANGE)
    assert not list(voicebox.folder.glob("voicebox.db-*"))
    yield


@contextmanager
def in_wal_mode(voicebox: Voicebox) -> Iterator[None]:
    """With its newest rows in the WAL only."""
    voicebox.change("PRAGMA journal_mode=WAL")
    with closing(sqlite3.connect(voicebox.database)) as holding:
        holding.execute("SELECT count(*) FROM generations").fetchone()
        voicebox.change(LAST_CHANGE)
        assert (voicebox.folder / "voicebox.db-wal").stat().st_size > 0
        yield


@contextmanager
def in_wal_mode_and_closed(voicebox: Voicebox) -> Iterator[None]:
    """With all in the database."""
    voicebox.change("PRAGMA journal_mode=WAL")
    voicebox.change(LAST_CHANGE)
    assert not list(voicebox.folder.glob("voicebox.db-*"))
    yield


@contextmanager
def with_a_hot_journal(voicebox: Voicebox) -> Iterator[None]:
    """Its program was killed when a commit had come half way."""
    voicebox.change(LAST_CHANGE)
    command = [sys.executable, "-c", KILLED_AMID_A_COMMIT, str(voicebox.database)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (voicebox.folder / "voicebox.db-journal").stat().st_size > 0
    yield


@pytest.mark.parametrize(
    "left", [in_rollback_mode, in_wal_mode, in_wal_mode_and_closed, with_a_hot_journal]
)
def test_a_source_on_a_read_only_disk_is_linked_and_measured(
    disk: Path, tmp_path: Path, left: Callable[[Voicebox], AbstractContextManager[None]]
) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    for text, seconds in LENGTHS.items():
        key = voicebox.take(text, seconds=seconds)
        # The row's length may lie: the file's own is the truth.
        voicebox.change("UPDATE generations SET duration = 9 WHERE id = ?", key)
    with left(voicebox):
        shutil.copytree(voicebox.folder, disk / "voices")
    before = state_of(disk)
    with read_only(disk), Library.open(tmp_path / "takes") as library:
        with pytest.raises(OSError, match="Read-only"):
            (disk / "voices" / "new").touch()
        linked = library.sources.add(disk / "voices")
        assert linked.synced == Synced(added=3)
        assert library.measuring.run().measured == 3
        takes = library.generations.list(HistoryQuery()).items
        assert {take.text: take.duration for take in takes} == LENGTHS
        assert [take.text for take in takes if take.is_favorited] == ["the third"]
        for take in takes:
            assert library.audio.path(take).is_relative_to(disk)
        assert library.sources.changed() == ()
        assert library.sources.sync(linked.source, again=True) == Synced(unchanged=3)
        assert library.health.check(deep=True).is_sound
        assert state_of(disk) == before
    assert state_of(disk) == before
