"""Verifying: each kind of damage, planted for real, is found, mended, and isn't there any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rushes.domain.generation import Generation, Status
from rushes.domain.health import Kind, Report
from rushes.domain.query import HistoryQuery
from rushes.domain.record import generation_record, version_record
from rushes.errors import Interrupted
from rushes.library import Library
from tests.library.damage import hashes, kinds, record, sql
from tests.library.takes import Take, fill


@dataclass
class Planted:
    """A library of three takes; ``takes[0]`` and what belongs to it is damaged."""

    library: Library
    takes: list[Generation]
    tmp_path: Path

    @property
    def id(self) -> str:
        return self.takes[0].id

    @property
    def file(self) -> Path:
        assert self.takes[0].audio_path is not None
        return self.library.path / self.takes[0].audio_path

    def alter(self) -> None:
        """Changes a byte; the size stays."""
        data = bytearray(self.file.read_bytes())
        data[-1] ^= 0xFF
        self.file.write_bytes(data)

    def lose(self) -> None:
        self.file.unlink()

    def shorten(self) -> None:
        self.file.write_bytes(self.file.read_bytes()[:-10])

    def loose(self) -> None:
        (self.library.path / "audio" / "loose.wav").write_bytes(self.file.read_bytes() + b"more")

    def share(self) -> None:
        sql(
            self.library,
            f"UPDATE generation_versions SET audio_path = '{self.takes[0].audio_path}'"
            f" WHERE generation_id = '{self.takes[1].id}'",
            f"UPDATE generations SET audio_path = '{self.takes[0].audio_path}'"
            f" WHERE id = '{self.takes[1].id}'",
        )
        assert self.takes[1].audio_path is not None
        (self.library.path / self.takes[1].audio_path).unlink()

    def sql(self, statement: str) -> Callable[[], None]:
        return lambda: sql(self.library, statement.format(id=self.id))


@pytest.fixture
def planted(library: Library, tmp_path: Path) -> Planted:
    return Planted(library, [record(library, str(n), 0.2 + n / 10) for n in range(3)], tmp_path)


def test_a_library_that_is_well_has_nothing_to_tell(planted: Planted) -> None:
    library = planted.library
    run = library.generations.begin(profile="Robot", text="Later")
    fill(library, [Take("no audio"), Take(status=Status.FAILED)])
    library.generations.delete([planted.takes[2].id])
    for report in (library.health.check(), library.health.check(deep=True)):
        assert report.findings == ()
        assert report.is_sound
        assert (report.checked.generations, report.checked.versions) == (6, 3)
        assert report.checked.files == 3
    assert report.deep
    assert report.checked.hashed == sum(take.facts.bytes for take in planted.takes if take.facts)
    assert report.sqlite_version == sqlite3.sqlite_version
    assert report.journal == library.journal.name
    repaired = library.health.repair()
    assert (repaired.findings, repaired.mended) == ((), 0)
    assert library.generations.get(run.id).status is Status.PENDING


DAMAGES: dict[str, tuple[Callable[[Planted], object], Kind, bool]] = {
    "a missing file": (Planted.lose, Kind.MISSING, False),
    "a changed size": (Planted.shorten, Kind.DAMAGED, False),
    "a changed byte": (Planted.alter, Kind.DAMAGED, True),
    "a loose file": (Planted.loose, Kind.UNREFERENCED, False),
    "a shared file": (Planted.share, Kind.SHARED, False),
}

TAMPERINGS: dict[str, tuple[str, Kind]] = {
    "no default": ("UPDATE generation_versions SET is_default = 0", Kind.RULE),
    "another file": (
        "UPDATE generations SET audio_path = 'audio/x.wav' WHERE id = '{id}'",
        Kind.RULE,
    ),
    "another length": ("UPDATE generations SET duration = 77 WHERE id = '{id}'", Kind.RULE),
    "no length": ("UPDATE generations SET duration = NULL WHERE id = '{id}'", Kind.RULE),
    "no path": ("UPDATE generations SET audio_path = NULL WHERE id = '{id}'", Kind.RULE),
    "no version": ("DELETE FROM generation_versions WHERE generation_id = '{id}'", Kind.RULE),
    "a strange status": ("UPDATE generations SET status = 'asleep' WHERE id = '{id}'", Kind.RULE),
    "a strange time": ("UPDATE generations SET created_at = 'noon' WHERE id = '{id}'", Kind.RULE),
    "a thirteenth month": (
        "UPDATE generation_versions SET created_at = '2026-13-01 00:00:00.000000'",
        Kind.RULE,
    ),
    "a strange deletion": ("UPDATE generations SET deleted_at = '' WHERE id = '{id}'", Kind.RULE),
    "strange parameters": ("UPDATE generations SET params = '{{x' WHERE id = '{id}'", Kind.RULE),
    "strange effects": ("UPDATE generation_versions SET effects_chain = '['", Kind.RULE),
    "a strange mark": ("UPDATE generation_versions SET fault = 'sad'", Kind.RULE),
    "no waveform": ("UPDATE generation_versions SET waveform = NULL", Kind.RULE),
    "no rate": ("UPDATE generation_versions SET sample_rate = 0", Kind.RULE),
    "no profile": ("DELETE FROM profiles", Kind.REFERENCE),
    "no generation": ("DELETE FROM generations WHERE id = '{id}'", Kind.REFERENCE),
    "a lost tag": ("INSERT INTO tags VALUES ('nobody', 'a', 'A')", Kind.REFERENCE),
    "a strange fold": (
        "UPDATE generations SET text_fold = 'other' WHERE id = '{id}'",
        Kind.DERIVED,
    ),
    "a strange counter": ("UPDATE counters SET bytes = bytes + 1", Kind.DERIVED),
    "a path out of the library": (
        "UPDATE generation_versions SET audio_path = '../../x.wav' WHERE generation_id = '{id}'",
        Kind.MISSING,
    ),
    "a path to the database": (
        "UPDATE generation_versions SET audio_path = 'rushes.db' WHERE generation_id = '{id}'",
        Kind.MISSING,
    ),
}


def is_found_and_mended(library: Library, kind: Kind, *, deep: bool) -> Report:
    before = hashes(library.path)
    found = library.health.check(deep=deep)
    assert kind in kinds(found), found.findings
    assert not found.is_sound
    assert found.mended == 0
    assert kinds(library.health.check(deep=deep)) == kinds(found)

    repaired = library.health.repair(deep=deep)
    assert kind in kinds(repaired)
    assert repaired.is_sound, repaired.findings
    assert repaired.mended
    assert before <= hashes(library.path)

    after = library.health.check(deep=deep)
    assert after.is_sound, after.findings
    assert library.health.repair(deep=deep).mended == 0
    assert library.derived.check() == ()
    # Nobody trips over what was mended.
    for take in library.generations.list(HistoryQuery(limit=100)).items:
        generation_record(take, None)
        for version in library.versions.list(take.id):
            version_record(version, None)
    return repaired


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_to_files_is_found_and_mended(planted: Planted, name: str) -> None:
    damage, kind, deep = DAMAGES[name]
    damage(planted)
    if deep:
        assert planted.library.health.check().is_sound
    is_found_and_mended(planted.library, kind, deep=deep)


@pytest.mark.parametrize("name", TAMPERINGS)
def test_damage_to_rows_is_found_and_mended(planted: Planted, name: str) -> None:
    statement, kind = TAMPERINGS[name]
    planted.sql(statement)()
    is_found_and_mended(planted.library, kind, deep=False)


def test_looking_at_the_database_is_called_off_in_the_midst_of_it(library: Library) -> None:
    record(library)
    many = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO settings (name, value) SELECT 'setting ' || i, '1' FROM n"
    )
    sql(library, many)
    looks = 0

    def watch(done: int, total: int, doing: str = "") -> None:
        nonlocal looks
        looks += done <= total and doing == "checking the database"
        if looks == 10:
            raise Interrupted("called off")

    with pytest.raises(Interrupted):
        library.health.check(deep=True, watch=watch)
    assert looks == 10
    assert not library.health.check(deep=True).of(Kind.DATABASE)
