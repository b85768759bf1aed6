"""Libraries are brought up to date: whole steps only, after a copy, never backwards."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from rushes.errors import LibraryError, LibraryTooNew
from rushes.library import Library
from rushes.store.faults import BACKUPS
from rushes.store.migrations.runner import STEPS, Step
from rushes.store.opening import open_database
from rushes.store.rebuilding import rebuild
from rushes.store.sqlite import DATABASE_NAME
from tests.exchange import zips
from tests.store.journals import truth

NEXT = Step(
    len(STEPS) + 1,
    ("CREATE TABLE moods (id TEXT)", "INSERT INTO moods SELECT name FROM profiles"),
)
BROKEN = Step(NEXT.number, (*NEXT.statements, "INSERT INTO nowhere VALUES (1)"))
DANGLING = Step(
    NEXT.number,
    (
        """
        INSERT INTO generation_versions (id, generation_id, label, audio_path, created_at)
        VALUES ('v', 'nobody', 'original', 'a', '2026')
        """,
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "takes"
    with closing(Library.open(path)) as library:  # by itself it makes no copy then
        library.profiles.create("Anna")
    return path


def _ask(file: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


def test_a_missing_step_is_run_after_a_copy(folder: Path) -> None:
    open_database(folder, steps=(*STEPS, NEXT)).close()

    assert _ask(folder / DATABASE_NAME, "SELECT id FROM moods") == [("Anna",)]
    assert _ask(folder / DATABASE_NAME, "PRAGMA user_version") == [(NEXT.number,)]
    (copy,) = (folder / BACKUPS).iterdir()
    assert f"version-{len(STEPS)}-" in copy.name
    assert _ask(copy, "SELECT name FROM profiles") == [("Anna",)]
    assert _ask(copy, "PRAGMA user_version") == [(len(STEPS),)]
    assert _ask(copy, "PRAGMA integrity_check") == [("ok",)]


def test_a_library_up_to_date_is_left_alone(folder: Path) -> None:
    before = (folder / DATABASE_NAME).read_bytes()
    open_database(folder).close()
    assert (folder / DATABASE_NAME).read_bytes() == before
    assert not (folder / BACKUPS).exists()


@pytest.mark.parametrize("step", [BROKEN, DANGLING], ids=["broken", "dangling"])
def test_a_step_that_fails_changes_nothing(folder: Path, step: Step) -> None:
    schema = _ask(folder / DATABASE_NAME, "SELECT name, sql FROM sqlite_schema ORDER BY name")

    with pytest.raises(LibraryError) as raised:
        open_database(folder, steps=(*STEPS, step))

    assert "\n" not in str(raised.value)
    assert _ask(folder / DATABASE_NAME, "PRAGMA user_version") == [(len(STEPS),)]
    after = _ask(folder / DATABASE_NAME, "SELECT name, sql FROM sqlite_schema ORDER BY name")
    assert after == schema
    with Library.open(folder) as library:
        assert [summary.profile.name for summary in library.profiles.list()] == ["Anna"]


def test_a_library_of_a_newer_program_is_refused_untouched(folder: Path) -> None:
    open_database(folder, steps=(*STEPS, NEXT)).close()
    before = (folder / DATABASE_NAME).read_bytes()

    with pytest.raises(LibraryTooNew) as raised:
        Library.open(folder)

    assert str(NEXT.number) in str(raised.value)
    assert "Update rushes" in str(raised.value)
    assert (folder / DATABASE_NAME).read_bytes() == before


def test_two_that_open_at_once_run_each_step_once(folder: Path) -> None:
    together = Barrier(4)

    def opens() -> None:
        together.wait()
        open_database(folder, steps=(*STEPS, NEXT)).close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(opens) for _ in range(4)]:
            done.result()
    assert _ask(folder / DATABASE_NAME, "SELECT id FROM moods") == [("Anna",)]


def test_two_that_make_a_library_at_once_make_one(tmp_path: Path) -> None:
    together = Barrier(4)

    def opens() -> None:
        together.wait()
        open_database(tmp_path / "fresh").close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(opens) for _ in range(4)]:
            done.result()
    with Library.open(tmp_path / "fresh") as library:
        assert library.generations.count() == 0
    assert not (tmp_path / "fresh" / BACKUPS).exists()


def test_rows_from_before_the_text_index_are_found_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    open_database(folder, steps=STEPS[:1]).close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " VALUES ('p', 'Anna', 'anna', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        )
        connection.executemany(
            "INSERT INTO generations (id, profile_id, created_at, duration, language_fold,"
            " engine_fold, text, text_fold) VALUES (?, 'p', ?, 1.5, 'en', 'qwen', ?, ?)",
            [
                (f"take-{number}", f"2026-01-01 00:00:0{number}", text, text.casefold())
                for number, text in enumerate(["Hello", "児玉", "Good bye"])
            ],
        )
        connection.execute("INSERT INTO tags VALUES ('take-1', 'keep', 'keep')")
        connection.commit()

    with Library.open(folder) as library:
        assert library.derived.check() == ()
        assert library.statistics.totals().duration == 4.5
        assert library.generations.tags() == (("keep", 1),)
        library.generations.delete("take-0")
        assert library.derived.check() == ()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        found = "SELECT rowid FROM text_index WHERE text_index MATCH '\"d b\"'"
        assert connection.execute(found).fetchall() == [(3,)]


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_library_of_every_older_format_takes_samples_and_is_rebuilt_with_them(
    tmp_path: Path, version: int
) -> None:
    folder, archive = tmp_path / "old", tmp_path / "profile.zip"
    archive.write_bytes(zips.profile({"a.wav": "Hello"}))
    open_database(folder, steps=STEPS[:version]).close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " VALUES ('p', 'Anna', 'anna', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        )
        connection.execute(
            "INSERT INTO generations (id, profile_id, created_at, status, language_fold,"
            " engine_fold, text, text_fold)"
            " VALUES ('take', 'p', '2026-01-01 00:00:00', 'failed', 'en', 'qwen', 'old', 'old')"
        )
        connection.commit()
    with Library.open(folder) as library:
        assert library.importing.unpack([archive]).profiles == ["p"]
        assert library.health.check(deep=True).is_sound
    assert list((folder / BACKUPS).glob(f"rushes-version-{version}-*"))
    before = truth(folder)
    assert len(before["profile_samples"]) == 1
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    assert truth(folder) == before


def test_formats_7_and_8_add_comparisons_and_the_length_of_items_and_nothing_else(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "old"
    open_database(folder, steps=STEPS[:6]).close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        moment = "2026-01-01 00:00:00.000000"
        connection.executescript(
            f"""
            INSERT INTO profiles (id, name, name_fold, created_at, updated_at)
            VALUES ('p', 'Anna', 'anna', '{moment}', '{moment}');
            INSERT INTO generations (id, profile_id, status, created_at, language, language_fold,
                engine, engine_fold, text_fold, text, duration)
            VALUES ('g', 'p', 'completed', '{moment}', 'en', 'en', 'q', 'q', '', '', 1.5);
            INSERT INTO generation_versions (id, generation_id, label, audio_path, is_default,
                created_at, sample_rate, channels, frames)
            VALUES ('d', 'g', 'original', 'audio/d', 1, '{moment}', 24000, 1, 12012),
                ('v', 'g', 'take-2', 'audio/v', 0, '{moment}', NULL, NULL, NULL);
            INSERT INTO stories (id, name, created_at, updated_at)
            VALUES ('s', 'Story', '{moment}', '{moment}');
            INSERT INTO story_items (id, story_id, generation_id, version_id, start_ms, created_at)
            VALUES ('default', 's', 'g', NULL, 0, '{moment}'),
                ('pinned', 's', 'g', 'v', 0, '{moment}'), ('gone', 's', NULL, NULL, 0, '{moment}');
            """
        )
        connection.commit()
    schema = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"
    before = {str(key): value for key, value in _ask(folder / DATABASE_NAME, schema)}
    open_database(folder).close()
    after = {str(key): value for key, value in _ask(folder / DATABASE_NAME, schema)}
    assert after.keys() - before.keys() == {
        "comparisons",
        "comparisons_by_time",
        "comparison_sides",
        "comparison_sides_by_generation",
        "comparison_decisions",
    }
    assert [name for name in before if before[name] != after[name]] == ["story_items"]
    assert _ask(folder / DATABASE_NAME, "SELECT name FROM profiles") == [("Anna",)]
    lengths = {
        str(key): value
        for key, value in _ask(folder / DATABASE_NAME, "SELECT id, length_ms FROM story_items")
    }
    assert lengths == {"default": 501, "pinned": 501, "gone": None}
