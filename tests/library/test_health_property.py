"""Whatever happens to a library, repair leaves it well, and no audio is gone that was there."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.library.damage import hashes, record, sql
from tests.library.takes import RATE, tone

VERSIONS = "generation_versions"


class Vandal:
    """Does harm to a library, by a number each time."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._audio = library.path / "audio"
        self._count = 0

    def harms(self) -> Sequence[Callable[[random.Random], None]]:
        return (
            self.delete_file,
            self.shorten_file,
            self.alter_file,
            self.add_file,
            self.copy_file,
            self.rename_file,
            self.set_aside,
            self.folder_in_its_place,
            self.link_in_its_place,
            self.tamper,
            self.tamper,
            self.tamper,
            self.note_as_leaving,
            self.lose_journal,
        )

    def _file(self, chance: random.Random) -> Path:
        files = sorted(path for path in self._audio.rglob("*") if path.is_file())
        return chance.choice(files) if files else self._audio / "none"

    def _new(self) -> Path:
        self._count += 1
        return self._audio / f"new {self._count}.wav"

    def delete_file(self, chance: random.Random) -> None:
        self._file(chance).unlink(missing_ok=True)

    def shorten_file(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            file.write_bytes(file.read_bytes()[: -chance.randint(1, 50)])

    def alter_file(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            data = bytearray(file.read_bytes()) or bytearray(1)
            data[chance.randrange(len(data))] ^= 0x55
            file.write_bytes(data)

    def add_file(self, chance: random.Random) -> None:
        self._new().write_bytes(chance.randbytes(chance.randint(0, 99)))

    def copy_file(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            shutil.copyfile(file, self._new())

    def rename_file(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            file.rename(self._new())

    def set_aside(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            lost = self._library.path / "lost+found"
            lost.mkdir(exist_ok=True)
            file.rename(lost / f"{chance.random()}.wav")

    def folder_in_its_place(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            file.rename(self._new())
            file.mkdir()

    def link_in_its_place(self, chance: random.Random) -> None:
        file = self._file(chance)
        if file.exists():
            moved = self._new()
            file.rename(moved)
            file.symlink_to(moved)

    def tamper(self, chance: random.Random) -> None:
        ids = [row[0] for row in self._library._store.reader.all("SELECT id FROM generations")]
        one, other = (chance.choice(ids), chance.choice(ids)) if ids else ("none", "none")
        named = f"SELECT audio_path FROM {VERSIONS} WHERE generation_id = '{other}'"
        same = f"COALESCE(({named}), audio_path)"
        statements = (
            f"UPDATE generations SET audio_path = NULL WHERE id = '{one}'",
            f"UPDATE generations SET audio_path = 'audio/new 1.wav' WHERE id = '{one}'",
            f"UPDATE generations SET duration = 3.25 WHERE id = '{one}'",
            f"UPDATE generations SET status = 'odd' WHERE id = '{one}'",
            f"UPDATE generations SET text_fold = 'odd', engine_fold = 'odd' WHERE id = '{one}'",
            f"UPDATE generations SET profile_id = 'nobody' WHERE id = '{one}'",
            f"UPDATE generations SET source_id = 'nowhere', source_key = id WHERE id = '{one}'",
            f"UPDATE generations SET purging = 1 WHERE id = '{one}' AND audio_path IS NULL",
            f"DELETE FROM generations WHERE id = '{one}'",
            f"UPDATE {VERSIONS} SET is_default = 0 WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET audio_path = '../x' WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET fault = 'missing' WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET fault = 'damaged' WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET bytes = 7, sha256 = 'x' WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET bytes = NULL, sha256 = NULL WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET source_version_id = 'gone' WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET audio_path = {same} WHERE generation_id = '{one}'",
            f"DELETE FROM {VERSIONS} WHERE generation_id = '{one}'",
            f"UPDATE {VERSIONS} SET created_at = '', fault = 'odd' WHERE generation_id = '{one}'",
            f"UPDATE generations SET created_at = 'odd', params = 'odd' WHERE id = '{one}'",
            f"UPDATE {VERSIONS} SET frames = NULL WHERE generation_id = '{one}'",
            "DELETE FROM profiles",
            "UPDATE counters SET generations = generations + 1",
            "DELETE FROM tagged",
            f"INSERT OR IGNORE INTO tags VALUES ('{one}x', 'a', 'A')",
            f"INSERT OR REPLACE INTO runs VALUES ('{one}', 'elsewhere', 1, 'x')",
            "UPDATE journal_state SET number = number + 3",
        )
        sql(self._library, chance.choice(statements))

    def note_as_leaving(self, chance: random.Random) -> None:
        """A file that a row names is noted as one that none names."""
        rows = self._library._store.reader.all(f"SELECT audio_path FROM {VERSIONS} ORDER BY 1")
        if rows:
            path = str(chance.choice(rows)[0]).replace("'", "''")
            sql(self._library, f"INSERT OR IGNORE INTO leaving_files VALUES ('{path}')")

    def lose_journal(self, _: random.Random) -> None:
        (self._library.path / "journal.jsonl").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "takes"
    with Library.open(folder) as library:
        takes = [record(library, str(number), 0.1 + number / 20) for number in range(5)]
        takes.append(record(library, "twice", 0.1))
        library.generations.tag([take.id for take in takes[:3]], add=["keep"])
        library.generations.delete([takes[1].id])
        retried = library.generations.begin(profile="Robot", text="retried")
        library.generations.complete(retried.id, tone(0.02), RATE)
        sql(library, f"UPDATE generations SET status = 'failed' WHERE id = '{retried.id}'")
        library.generations.complete(retried.id, tone(0.03), RATE)
    return folder


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32),
    harms=st.lists(st.integers(0, 13), min_size=1, max_size=8),
    deep=st.booleans(),
    adopt=st.booleans(),
)
def test_repair_leaves_it_well_and_loses_nothing(
    template: Path, seed: int, harms: list[int], deep: bool, adopt: bool
) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as somewhere:
        folder = Path(somewhere) / "takes"
        shutil.copytree(template, folder)
        with Library.open(folder) as library:
            vandal = Vandal(library)
            for harm in harms:
                vandal.harms()[harm](chance)
            before = hashes(folder)

            repaired = library.health.repair(deep=deep, adopt=adopt)

            assert repaired.is_sound, repaired.findings
            assert before <= hashes(folder)
            found = library.health.check(deep=deep)
            assert found.is_sound, found.findings
            again = library.health.repair(deep=deep, adopt=adopt)
            assert (again.mended, again.is_sound) == (0, True), again.findings
            assert before <= hashes(folder)
            rows = library.generations.list(HistoryQuery(limit=100)).items
            assert all(library.versions.list(row.id) is not None for row in rows)
        with sqlite3.connect(folder / "rushes.db") as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
