"""Eight processes at one library, beside a person who reads: nobody waits in vain, all adds up."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.tui.driving import desk, rows_shown, until

SECONDS = float(os.environ.get("HAMMER_SECONDS", "2"))
PROCESSES = 8
_PROJECT = Path(__file__).parents[2]


@contextmanager
def at_work(folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """The processes, working from the moment that all are ready."""
    command = [sys.executable, "-m", "tests.hammer.worker", str(folder)]
    workers = [
        subprocess.Popen(
            [*command, f"w{number}", str(SECONDS)],
            cwd=_PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def ledgers(workers: list[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    """What each says at its end."""
    told = []
    for worker in workers:
        out, _ = worker.communicate(timeout=SECONDS + 60)
        assert worker.returncode == 0
        told.append(json.loads(out))
    return told


@pytest.mark.timeout(120 + 3 * SECONDS)
async def test_eight_processes_and_a_reader_disturb_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    Library.open(folder).close()
    app = desk(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        with at_work(folder) as workers:
            ending = asyncio.create_task(asyncio.to_thread(ledgers, workers))
            screen = await rows_shown(pilot)
            while not ending.done():
                await pilot.press("down", "end", "home")
                await asyncio.sleep(0.02)
                assert screen.list.rows.view is not None
            told = await ending
        assert [one["refused"] for one in told] == [[]] * PROCESSES
        live = {take: rating for one in told for take, rating in one["here"].items()}
        await until(pilot, lambda: screen.list.rows.total == len(live))
        assert not [note for note in app._notifications if note.severity == "error"]
    trashed = {take for one in told for take in one["trashed"]}
    done = sum((Counter(one["done"]) for one in told), Counter())
    sys.stdout.write(f"hammer: {SECONDS:g} s, {dict(done)}\n")
    assert set(done) == {"_record", "_delete", "_restore", "_purge", "_mark"}
    with Library.open(folder) as library:
        here = HistoryQuery(limit=1000)
        assert set(library.generations.ids(HistoryQuery())) == live.keys()
        assert set(library.generations.ids(HistoryQuery(trashed=True))) == trashed
        rated = {one.id: one.rating for one in library.generations.list(here).items}
        assert rated == {take: live[take] for take in rated}
        read = library.statistics.read()
        assert read.generations == len(live)
        assert read.rated == sum(rating is not None for rating in live.values())
        assert library.trash.count() == len(trashed)
        report = library.health.check(deep=True)
        assert report.is_sound, report
