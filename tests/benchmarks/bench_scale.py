"""A million generations: lists, searches and statistics, against what a plain ORM user writes.

The baseline is the same data in two tables without an index, asked through SQLModel: entities
ordered by ``created_at``, ``LIKE``, ``count``, ``offset``. Ratios are of medians of the same run.

python -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' \\
    tests/benchmarks/bench_scale.py
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy import Engine, create_engine, func
from sqlmodel import Field, Session, SQLModel, col, select

from rushes.domain.audio import AudioFacts
from rushes.domain.filter_language import parse
from rushes.domain.generation import Status
from rushes.domain.ids import new_id
from rushes.domain.query import HistoryQuery, Sort
from rushes.library import Library
from rushes.media.files import AUDIO
from rushes.store import adding, rows
from rushes.store.new_rows import Addition, NewGeneration, NewVersion
from rushes.store.opening import open_database
from rushes.store.sqlite import DATABASE_NAME
from rushes.store.store import Store
from tests.benchmarks.conftest import ROWS
from tests.benchmarks.figures import at_least, at_most, median_of

DEEP = ROWS * 9 // 10
PAGE = 50


class PlainProfile(SQLModel, table=True):
    __tablename__ = "plain_profiles"
    id: str = Field(primary_key=True)
    name: str


class PlainGeneration(SQLModel, table=True):
    __tablename__ = "plain_generations"
    id: str = Field(primary_key=True)
    profile_id: str
    text: str
    language: str
    audio_path: str | None
    duration: float | None
    seed: int | None
    instruct: str | None
    engine: str
    model_size: str | None
    status: str
    error: str | None
    is_favorited: bool
    created_at: datetime


@pytest.fixture(scope="module")
def folder(million: Path) -> Path:
    return million


@pytest.fixture(scope="module")
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("plain") / "plain.db"
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(
        engine,
        [SQLModel.metadata.tables[name] for name in ("plain_profiles", "plain_generations")],
    )
    columns = ", ".join(PlainGeneration.model_fields)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ATTACH ? AS rushes", (str(folder / DATABASE_NAME),))
        connection.execute("INSERT INTO plain_profiles SELECT id, name FROM rushes.profiles")
        connection.execute(
            f"INSERT INTO plain_generations ({columns}) SELECT {columns} FROM rushes.generations"
            " WHERE deleted_at IS NULL ORDER BY seq"
        )
        connection.commit()
    yield engine
    engine.dispose()


def plain_page(engine: Engine, search: str = "", offset: int = 0) -> tuple[int, int]:
    with Session(engine) as session:
        asked = select(PlainGeneration, PlainProfile.name).join(
            PlainProfile, col(PlainProfile.id) == col(PlainGeneration.profile_id)
        )
        counted = select(func.count()).select_from(PlainGeneration)
        if search:
            asked = asked.where(col(PlainGeneration.text).like(f"%{search}%"))
            counted = counted.where(col(PlainGeneration.text).like(f"%{search}%"))
        newest = asked.order_by(col(PlainGeneration.created_at).desc())
        found = session.exec(newest.offset(offset).limit(PAGE)).all()
        return len(found), session.exec(counted).one()


def plain_statistics(engine: Engine) -> int:
    with Session(engine) as session:
        total = session.exec(select(func.count()).select_from(PlainGeneration)).one()
        session.exec(select(func.sum(PlainGeneration.duration))).one()
        session.exec(
            select(PlainGeneration.profile_id, func.count()).group_by(
                col(PlainGeneration.profile_id)
            )
        ).all()
        return total


def forgetting(library: Library, work: Callable[[], object]) -> Callable[[], object]:
    """The same work by a library that remembers nothing of the last time."""

    def works() -> object:
        library._store.reader.memory.put(-1, "nothing", None)
        return work()

    return works


def told(what: str, ours: float, theirs: float, goal: float) -> None:
    detail = f"{1e3 * ours:.2f} ms, plain {1e3 * theirs:.0f} ms"
    at_least(what, theirs / ours, goal, detail)


def bench_pages(library: Library, plain: Engine) -> None:
    first = HistoryQuery(limit=PAGE)
    assert plain_page(plain)[1] == library.generations.list(first).total
    theirs = median_of(lambda: plain_page(plain), 3)
    told("first page", median_of(lambda: library.generations.list(first)), theirs, 800)
    deep = replace(first, offset=DEEP)
    cursor = library.generations.list(replace(first, limit=1, offset=DEEP - 1)).next
    keyset = replace(first, after=cursor)
    items = library.generations.list(deep).items
    assert items == library.generations.list(keyset).items
    theirs = median_of(lambda: plain_page(plain, offset=DEEP), 3)
    ours = median_of(lambda: library.generations.list(keyset))
    told(f"page at {DEEP:,} by keyset", ours, theirs, 3_000)
    ours = median_of(lambda: library.generations.list(deep))
    told(f"page at {DEEP:,} by offset", ours, theirs, 150)
    middle = replace(first, offset=ROWS // 2)
    theirs = median_of(lambda: plain_page(plain, offset=ROWS // 2), 3)
    ours = median_of(lambda: library.generations.list(middle))
    told(f"page at {ROWS // 2:,}, the furthest from either end, by offset", ours, theirs, 50)


def bench_a_keyset_page_against_raw_sqlite(library: Library, folder: Path) -> None:
    query = HistoryQuery(limit=PAGE, offset=ROWS // 2)
    query = replace(query, offset=0, after=library.generations.list(query).next)
    place = library.generations.list(replace(query, limit=1)).items[0]
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:

        def raw() -> list[object]:
            found = connection.execute(
                f"SELECT {rows.GENERATION_COLUMNS} FROM generations g {rows.GENERATION_JOINS}"
                " WHERE g.deleted_at IS NULL AND (g.created_at, g.seq) < (?, ?)"
                " ORDER BY g.created_at DESC, g.seq DESC LIMIT ?",
                (
                    place.created_at.replace(tzinfo=None).isoformat(" ", "microseconds"),
                    place.seq,
                    PAGE,
                ),
            )
            return [rows.generation(row) for row in found]

        assert len(raw()) == PAGE
        pairs = [
            (median_of(lambda: library.generations.list(query), 5), median_of(raw, 5))
            for _ in range(30)
        ]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    at_most("keyset page with total, of raw sqlite3 building the same values", ratio, 1.5)


@pytest.mark.parametrize(
    "search", ["zinquigost", "kavelan", "little", "the", "e", "q", "to", "一丁", "一", "zz"]
)
def bench_search(library: Library, plain: Engine, search: str) -> None:
    query = HistoryQuery(search=search, limit=PAGE)
    asked = forgetting(library, lambda: library.generations.list(query))
    asked()
    # In turns: other work on the machine comes and goes.
    pairs = [(median_of(asked, 7), median_of(lambda: plain_page(plain, search), 1)) for _ in "abc"]
    ours = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    hits = library.generations.list(query).total
    what = f"“{search}”, {hits:,} hits: count and first page"
    if hits < 1_000:
        told(what, ours, theirs, 50)
    at_most(what, 1e3 * ours, 250, f"plain {1e3 * theirs:.0f} ms", unit=" ms")


def bench_statistics(library: Library, plain: Engine) -> None:
    theirs = median_of(lambda: plain_statistics(plain), 3)
    both = lambda: (library.statistics.totals(), library.profiles.list())  # noqa: E731
    told("count, seconds, per profile", median_of(both), theirs, 10)
    told("all statistics, against these three", median_of(library.statistics.read), theirs, 10)


def jump(library: Library, query: HistoryQuery, start: int) -> None:
    library.generations.view(query).rows(start, 60)


@pytest.mark.parametrize("sort", Sort)
def bench_jumps(library: Library, sort: Sort) -> None:
    for line in ("", "is:fav", "the", "e", "rating:>3 engine:qwen", "is:failed -the", "kavelan"):
        query = HistoryQuery(filter=parse(line), sort=sort)
        total = library.generations.view(query).total()
        slowest = max(
            median_of(forgetting(library, partial(jump, library, query, int(part * total))), 3)
            for part in (0.0, 0.5, 0.99, 0.25)
        )
        goal = 33 if sort is Sort.NEWEST and not line else 300
        what = f"rows of a jump in order “{sort}”, filter “{line}”, the slowest of four"
        at_most(what, 1e3 * slowest, goal, unit=" ms")


def bench_one_record(folder: Path, tmp_path: Path) -> None:
    """A clip of 2 s, decoded and measured, against writing the same file with an fsync."""
    samples = np.random.default_rng(1).normal(0, 3_000, 48_000).astype(np.int16)
    soundfile.write(tmp_path / "clip.wav", samples, 24_000)
    image = (tmp_path / "clip.wav").read_bytes()
    # Where the library lies, so that both meet the same disk. A library of this size has long had
    # every folder that a name begins with.
    bare = folder / "bare.wav"
    for beginning in range(256):
        (folder / AUDIO / f"{beginning:02x}").mkdir(parents=True, exist_ok=True)

    def write() -> None:
        with bare.open("wb") as handle:
            handle.write(image)
            handle.flush()
            os.fsync(handle.fileno())

    def record() -> None:
        library.generations.record(profile="Anna", text=text, audio=tmp_path / "clip.wav", seed=1)

    ours, theirs = [], []
    with Library.open(folder) as library:
        for number in range(200):
            text = f"A take of its own words, number {number}, little by little."
            bare.unlink(missing_ok=True)
            theirs.append(median_of(write, 1))
            ours.append(median_of(record, 1))
    bare.unlink()
    # The first ones warm up: imports, connections, folders.
    one, other = statistics.median(ours[20:]), statistics.median(theirs[20:])
    detail = f"{1e3 * one:.2f} ms, the file alone {1e3 * other:.2f} ms"
    at_most("one record", one / other, 8, detail)


def bench_recording_in_bulk(folder: Path) -> None:
    store = Store(open_database(folder))
    count, commit = 20_000, 4_000
    with store.reader.snapshot() as snapshot:
        asked = "SELECT text FROM generations WHERE seq % 37 = 0 LIMIT ?"
        texts = [str(row[0]) for row in snapshot.all(asked, (count,))]
        profile = str(snapshot.one("SELECT id FROM profiles")[0])  # type: ignore[index]
    started = time.perf_counter()
    for begin in range(0, count, commit):
        with store.transaction() as session:
            additions = [
                _addition(texts[at % len(texts)], profile) for at in range(begin, begin + commit)
            ]
            adding.add_generations(session, additions)
    rate = count / (time.perf_counter() - started)
    at_least("recording in bulk with all indexes on", rate, 3_000, unit=" rows/s")
    store.close()


def _addition(text: str, profile_id: str) -> Addition:
    identity, now = new_id(), datetime.now(UTC)
    facts = AudioFacts(24_000, 1, 48_000, 96_044, "0" * 64, "WAV", "PCM_16", 0.5, bytes(128))
    new = NewGeneration(identity, text, "en", 1, None, "qwen", "1.7B", None, now)
    version = NewVersion(new_id(), identity, "original", f"audio/{identity}.wav", facts, now)
    return Addition(new, Status.COMPLETED, profile_id, version)
