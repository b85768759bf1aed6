"""Linking a Voicebox directory of 100,000 rows, syncing it again, and key presses meanwhile.

python -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' \\
    tests/benchmarks/bench_sources.py

``RUSHES_BENCH_LINKED`` sets another number of rows.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from rushes.config import Config
from rushes.domain.watch import Watch
from rushes.library import Library
from rushes.library.following import Following
from rushes.library.sources import Linked
from rushes.tui.app import RushesApp
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.tasks import Tasks
from tests.benchmarks.bench_jumps import _until
from tests.benchmarks.figures import at_least, at_most
from tests.benchmarks.library_of import make_library
from tests.benchmarks.voicebox_of import make_voicebox
from tests.exchange.voiceboxes import Voicebox

if TYPE_CHECKING:
    from textual.pilot import Pilot

ROWS = int(os.environ.get("RUSHES_BENCH_LINKED", "100000"))
SHOWN = 20_000
KEYS = 150


@pytest.fixture(scope="module")
def voicebox(tmp_path_factory: pytest.TempPathFactory) -> Voicebox:
    return make_voicebox(tmp_path_factory.mktemp("voicebox") / "voices", ROWS)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bare(voicebox: Voicebox, file: Path) -> None:
    """What the least is: the same rows in two tables without an index, in as many commits."""
    with closing(sqlite3.connect(voicebox.database)) as there, closing(sqlite3.connect(file)) as db:
        for table in ("generations", "generation_versions"):
            rows = there.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            db.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            while some := rows.fetchmany(1_024):
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
                db.commit()


def bench_linking_and_syncing_again(voicebox: Voicebox, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def watch(done: int, total: int, doing: str = "") -> None:
        assert doing == "linking"
        told.append((done, total))

    bare = [_seconds(partial(_bare, voicebox, tmp_path / "before.db"))]
    with Library.open(tmp_path / "takes") as library:
        library.profiles.create("First written")
        worked = time.process_time()
        first = _seconds(lambda: library.sources.add(voicebox.folder, watch=watch))
        worked = time.process_time() - worked
        assert library.generations.count() == ROWS
        assert told == sorted(told)
        assert {total for _, total in told} == {ROWS}
        (source,) = library.sources.list()
        again = _seconds(lambda: library.sources.sync(source))
        read_again = _seconds(lambda: library.sources.sync(source, again=True))
        assert library.derived.check() == ()
    bare.append(_seconds(partial(_bare, voicebox, tmp_path / "after.db")))
    least = statistics.median(bare)
    at_least(
        f"linking {ROWS:,} Voicebox rows, with journal and text index",
        ROWS / first,
        3_000,
        f"{first:.1f} s, {ROWS / worked:,.0f} a second of one core, told {len(told)} times",
        unit=" rows/s",
    )
    at_most(
        "linking them, of bare inserts of the same rows",
        first / least,
        16,
        f"{first:.1f} s, bare {least:.2f} s",
    )
    at_most(
        "syncing again with nothing changed, of the first time",
        again / first,
        1 / 20,
        f"{1e3 * again:.0f} ms",
    )
    at_most("reading it all again, of the first time", read_again / first, 1 / 2)


@asynccontextmanager
async def _history(folder: Path) -> AsyncIterator[tuple[RushesApp, HistoryScreen]]:
    app = RushesApp(folder, Config(sound="silence"))
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(lambda: isinstance(app.screen, HistoryScreen))
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        await _until(lambda: screen.list.current is not None)
        await _rest(pilot)
        yield app, screen


async def _rest(pilot: Pilot[Any]) -> None:
    await pilot.pause(1.0)


async def _press(app: RushesApp, screen: HistoryScreen, key: str) -> float:
    """Milliseconds from a key to the cursor on its row, and all that follows from it at once."""
    at, before = screen.list, screen.list.current
    assert app._driver is not None
    began = time.perf_counter()
    pressed = events.Key(key, key)
    pressed.set_sender(app)
    app._driver.process_message(pressed)
    await asyncio.sleep(0)
    await _until(lambda: at.current is not None and at.current is not before)
    took = (time.perf_counter() - began) * 1_000
    await asyncio.sleep(0.02)
    return took


async def _presses(
    app: RushesApp, screen: HistoryScreen, goes_on: Callable[[], bool] = lambda: True
) -> list[float]:
    took: list[float] = []
    while len(took) < KEYS and goes_on():
        took.append(await _press(app, screen, "j" if len(took) % 40 < 20 else "k"))
    return took


def bench_keys_while_linking(
    voicebox: Voicebox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Following, "step", lambda *_: None)  # but what is measured
    make_library(tmp_path / "takes", SHOWN)

    def link(library: Library, watch: Watch) -> Linked:
        return library.sources.add(voicebox.folder, watch=watch)

    async def measured() -> tuple[list[float], list[float], int]:
        async with _history(tmp_path / "takes") as (app, screen):
            idle = await _presses(app, screen)
            tasks = Tasks(screen.host, _never, lambda _: None)
            linking = asyncio.create_task(tasks.do("linking", link))
            await _until(lambda: app.desk.work is not None and app.desk.work.done > 0)
            meanwhile = await _presses(app, screen, lambda: not linking.done())
            was_linking = not linking.done()
            assert app.desk.work is None or app.desk.work.done < ROWS
            if was_linking and app.desk.work is not None:
                app.desk.work.call_off()
            await asyncio.wait([linking])
            linking.exception()
            return idle, meanwhile, len(meanwhile)

    idle, meanwhile, count = asyncio.run(measured())
    assert count >= 20, "it was linked too soon"
    for name, of in (("median", statistics.median), ("slowest of twenty", _slowest)):
        at_most(
            f"a key in the list while {ROWS:,} rows are linked, {name}",
            of(meanwhile),
            50,
            f"{of(idle):.1f} ms without, {of(meanwhile) / of(idle):.1f} × ({count} keys)",
            unit=" ms",
        )


async def _never(*_: str) -> bool:
    return False


def _slowest(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
