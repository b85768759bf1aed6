"""Flags of takes: raised when they come in, kept in step, found by filters, made up for later."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from rushes.domain.audio import Fault
from rushes.domain.filter_language import parse
from rushes.domain.filters import QUALITY_FLAGS
from rushes.domain.generation import Generation
from rushes.domain.quality import NO_FLAG, QualityFlag
from rushes.domain.quality_words import findings
from rushes.domain.query import HistoryQuery, Sort
from rushes.library import Library
from rushes.store.rebuilding import rebuild
from rushes.store.sqlite import DATABASE_NAME
from tests.exchange.voiceboxes import Voicebox
from tests.library.test_ways import limited

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 8_000
WORDS = "A line that is spoken in about three seconds."


def speech(seconds: float = 3.0, level: float = 0.3, seed: int = 1) -> NDArray[np.int16]:
    """Bursts of noise that fall silent in the end: enough like speech to have no flag."""
    at = np.arange(round(seconds * RATE)) / RATE
    bursts = np.maximum(np.sin(2 * np.pi * 2.5 * at), 0.0) * (at < seconds - 0.1)
    noise = np.random.default_rng(seed).uniform(-1, 1, len(at))
    return np.asarray(np.rint(noise * bursts * level * 32767), dtype=np.int16)


def record(library: Library, samples: NDArray[np.int16], text: str = WORDS) -> Generation:
    return library.generations.record(profile="Anna", text=text, audio=samples, sample_rate=RATE)


def found(library: Library, line: str, sort: Sort = Sort.NEWEST) -> set[str]:
    query = HistoryQuery(filter=parse(line), sort=sort, limit=100)
    page = library.generations.list(query)
    assert page.total == len(page.items) == library.generations.count(query)
    return {one.id for one in page.items}


def flags_of(library: Library, one: Generation) -> QualityFlag | None:
    return library.generations.get(one.id).flags


FAULTY = {
    "clipped": np.clip(speech().astype(np.int32) * 5, -32768, 32767).astype(np.int16),
    "silent": np.zeros(2 * RATE, dtype=np.int16),
    "leading": np.concatenate([np.zeros(2 * RATE, dtype=np.int16), speech()]),
    "trailing": np.concatenate([speech(), np.zeros(3 * RATE, dtype=np.int16)]),
    "cutoff": speech()[: 17 * RATE // 10 - 400],
    "quiet": speech(level=0.01),
    "dc": speech() + np.int16(2_000),
}


@pytest.mark.parametrize("flag", FAULTY)
def test_what_is_recorded_is_listened_to_at_once(library: Library, flag: str) -> None:
    clean = record(library, speech())
    assert clean.flags == NO_FLAG
    taken = record(library, FAULTY[flag])
    assert taken.flags is not None
    assert flag in [one.word for one in taken.flags]
    assert taken.facts is not None
    assert flag in [one.flag.word for one in findings(taken.flags, taken.facts, taken.text)]
    (version,) = library.versions.list(taken.id)
    assert version.flags == taken.flags
    for line in (f"is:{flag}", "is:flagged"):
        for sort in Sort:
            assert found(library, line, sort) == {taken.id}
    assert found(library, f"-is:{flag}") == {clean.id}
    assert library.derived.check() == ()


def test_every_flag_can_be_asked_for() -> None:
    assert set(QUALITY_FLAGS.values()) == set(QualityFlag)
    assert {flag.value for flag in QUALITY_FLAGS} == {flag.word for flag in QualityFlag}


def test_a_text_that_does_not_fit_the_clip_is_told(library: Library) -> None:
    fast, slow = record(library, speech(), WORDS * 4), record(library, speech(12.0))
    assert (fast.flags, slow.flags) == (QualityFlag.FAST, QualityFlag.SLOW)


def test_loudness_and_true_peak_can_be_asked_for(library: Library) -> None:
    loud, soft = record(library, speech(level=0.9)), record(library, speech(level=0.05))
    silent = record(library, FAULTY["silent"])
    assert found(library, "lufs:<-30") == {soft.id}
    assert found(library, "lufs:>-30.5") == {loud.id}
    assert found(library, "lufs:-60..-20 peak:<=-20.25") == {soft.id}
    assert found(library, "-peak:>-200") == {silent.id}


@pytest.mark.parametrize("way", ["sets", "few", "a little of each"])
def test_every_way_finds_flags(library: Library, way: str) -> None:
    record(library, speech())
    taken = record(library, FAULTY["trailing"], f"{WORDS} Unusual.")
    with limited(way):
        for line in ("is:trailing", "unusual is:flagged", "is:trailing -is:silent lufs:>-50"):
            for sort in Sort:
                assert found(library, line, sort) == {taken.id}


def test_a_version_that_becomes_the_default_brings_its_flags(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text=WORDS)
    assert run.flags is None
    first = library.generations.complete(run.id, speech(), RATE)
    assert first.flags == NO_FLAG
    library.generations.begin(profile="Anna", text=WORDS)
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE generations SET status = 'failed' WHERE id = ?", (run.id,)
        )
    again = library.generations.complete(run.id, FAULTY["quiet"], RATE)
    assert again.flags == QualityFlag.QUIET
    assert found(library, "is:quiet") == {run.id}
    assert [one.flags for one in library.versions.list(run.id)] == [NO_FLAG, QualityFlag.QUIET]
    with library._store.transaction() as session:
        for on in ("0", "v.seq = (SELECT min(seq) FROM generation_versions)"):
            session.connection().exec_driver_sql(
                f"UPDATE generation_versions AS v SET is_default = {on}"
            )
    assert flags_of(library, run) == NO_FLAG
    assert library.derived.check() == ()


def test_takes_of_the_same_sound_know_of_each_other(library: Library, tmp_path: Path) -> None:
    first = record(library, speech())
    assert first.flags == NO_FLAG
    soundfile.write(tmp_path / "same.flac", speech(), RATE)
    second = library.generations.record(profile="Robot", text=WORDS, audio=tmp_path / "same.flac")
    other = record(library, speech(seed=2))
    assert second.facts is not None
    assert first.facts is not None
    assert second.facts.sha256 != first.facts.sha256
    assert found(library, "is:duplicate") == {first.id, second.id}
    assert found(library, "is:flagged") == {first.id, second.id}
    assert library.quality.twins(first) == (second.id,)
    assert library.quality.twins(other) == ()

    third = record(library, speech())
    assert found(library, "is:duplicate") == {first.id, second.id, third.id}
    library.generations.delete(second.id)
    assert found(library, "is:duplicate") == {first.id, third.id}
    library.generations.delete(first.id)
    assert found(library, "is:duplicate") == set()
    library.trash.restore([first.id])
    assert found(library, "is:duplicate") == {first.id, third.id}
    library.trash.restore([second.id])
    assert found(library, "is:duplicate") == {first.id, second.id, third.id}
    assert library.derived.check() == ()
    for gone in (third, first):
        library.generations.delete(gone.id)
        library.trash.purge([gone.id])
    assert found(library, "is:duplicate") == set()
    assert library.derived.check() == ()


def forget(library: Library) -> None:
    """As a library that an earlier rushes has written: nobody has listened."""
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE generation_versions SET flags = NULL, lufs = NULL, true_peak = NULL,"
            " sound_hash = NULL, measures = NULL"
        )


def test_what_nobody_has_listened_to_is_made_up_for(library: Library) -> None:
    faulty = record(library, FAULTY["leading"])
    twins = [record(library, speech()) for _ in range(2)]
    lost, trashed = record(library, speech(seed=3)), record(library, speech(seed=4))
    library.generations.delete(trashed.id)
    before = {one.id: library.generations.get(one.id) for one in (faulty, *twins, lost)}
    forget(library)
    library.audio.path(lost).unlink()
    assert found(library, "is:flagged") == set()
    assert library.generations.get(faulty.id).flags is None

    library.quality.first([twins[0].id])
    assert library.generations.get(twins[0].id).flags == NO_FLAG
    told: list[tuple[int, int, str]] = []
    library.following.step((), lambda *args: told.append(args))
    assert told
    assert library.quality.waiting() == 1  # in the trash
    for one in (faulty, *twins):
        assert library.generations.get(one.id) == before[one.id]
    assert library.generations.get(lost.id).fault is Fault.MISSING
    assert library.derived.check() == ()


def test_a_lost_database_comes_back_with_its_flags(library: Library) -> None:
    taken = [record(library, samples) for samples in (*FAULTY.values(), speech(), speech())]
    library.generations.delete(taken[0].id)
    before = [library.generations.get(one.id) for one in taken]
    folder = library.path
    library.close()
    (folder / DATABASE_NAME).unlink()
    rebuild(folder)
    with Library.open(folder) as again:
        assert [again.generations.get(one.id) for one in taken] == before
        assert again.derived.check() == ()
        assert again.quality.waiting() == 0


def test_flags_that_are_out_of_step_are_noticed_and_made_anew(library: Library) -> None:
    taken = [record(library, FAULTY["quiet"]) for _ in range(2)]
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET flags = 5, has_twin = 0")
    assert any("quality" in told for told in map(str, library.derived.check()))
    library.derived.rebuild()
    assert library.derived.check() == ()
    for one in taken:
        assert flags_of(library, one) == QualityFlag.QUIET | QualityFlag.DUPLICATE


def test_measures_that_cannot_be_read_are_made_anew(library: Library) -> None:
    taken = record(library, FAULTY["quiet"])
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generation_versions SET measures = '{'")
    report = library.health.check()
    assert not report.is_sound
    assert library.health.repair().is_sound
    assert library.quality.waiting() == 1
    library.quality.run()
    assert library.generations.get(taken.id) == taken


def test_a_library_of_step_5_is_brought_up_to_date(library: Library) -> None:
    from rushes.store.migrations import step_0006

    taken = record(library, FAULTY["trailing"])
    folder = library.path
    library.close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        for name in step_0006.TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for name in (*step_0006.INDEXES, "versions_unheard"):
            connection.execute(f"DROP INDEX {name}")
        for table, columns in (
            ("generations", ("flags", "lufs", "true_peak", "sound_hash", "has_twin")),
            ("generation_versions", ("flags", "lufs", "true_peak", "sound_hash", "measures")),
        ):
            for column in columns:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute(
            "CREATE INDEX generations_by_facets ON generations (created_at) WHERE seq > 0"
        )
        for table in ("comparison_decisions", "comparison_sides", "comparisons"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE story_items DROP COLUMN length_ms")
        connection.execute("PRAGMA user_version = 5")
        connection.commit()
    with Library.open(folder) as again:
        old = again.generations.get(taken.id)
        assert old.flags is None
        assert old.facts is not None
        assert old.facts.quality is None
        again.quality.run()
        assert again.generations.get(taken.id) == taken
        assert again.derived.check() == ()


def test_a_length_that_is_not_the_sources_is_told(library: Library, tmp_path: Path) -> None:
    box = Voicebox(tmp_path / "data")
    right, wrong = box.take(seconds=2.0, text=""), box.take(seconds=2.0, text="", duration=5.0)
    library.sources.add(box.folder)
    library.measuring.run()
    assert library.generations.get(right).flags == QualityFlag.DUPLICATE
    told = library.generations.get(wrong)
    assert told.flags == QualityFlag.LENGTH | QualityFlag.DUPLICATE
    assert told.duration == 2.0
    assert "5.00 s" in findings(told.flags, told.facts, told.text)[0].told
    with Library.open(tmp_path / "copies") as other:
        (one, two) = other.importing.copy_in(box.folder).ids
        flagged = {other.generations.get(identity).flags for identity in (one, two)}
        assert flagged == {QualityFlag.DUPLICATE, QualityFlag.LENGTH | QualityFlag.DUPLICATE}


def test_other_words_at_the_source_are_judged_anew(library: Library, tmp_path: Path) -> None:
    box = Voicebox(tmp_path / "data")
    key = box.take(seconds=2.0, text="")
    source = library.sources.add(box.folder).source
    library.measuring.run()
    assert library.generations.get(key).flags == NO_FLAG
    box.change("UPDATE generations SET text = ?", WORDS * 4)
    library.sources.sync(source)
    assert library.quality.waiting() + library.measuring.waiting() == 1
    library.measuring.run()
    library.quality.run()
    assert library.generations.get(key).flags == QualityFlag.CUTOFF | QualityFlag.FAST
