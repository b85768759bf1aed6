"""Jumps in the list at a million rows: from the key to the frame, and to the rows.

python -m tests.benchmarks.bench_jumps [FOLDER]

Without a folder a library of a million rows is made for it. The times are from the key press to
the moment when every row on the screen is there; a frame with dim rows stands before that.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.config import Config
from rushes.domain.query import Sort
from rushes.tui.app import RushesApp
from rushes.tui.screens.history import HistoryScreen
from tests.benchmarks.library_of import make_library

if TYPE_CHECKING:
    from textual.pilot import Pilot

ROWS = 1_000_000
FILTERS = ("", "e", "profile:anna", "zinqui", "is:fav", "dur:>5", "the -of")


async def _until(holds: Callable[[], bool], within: float = 30.0) -> None:
    ends = time.perf_counter() + within
    while not holds():
        if time.perf_counter() > ends:
            raise TimeoutError
        await asyncio.sleep(0.001)


def _all_there(screen: HistoryScreen) -> bool:
    rows, view = screen.list, screen.list.rows.view
    last = min(rows.top + rows.page_height, rows.rows.total)
    asked = view is not None and view.query == screen.feed.query and rows.rows.counted
    return asked and len(rows.in_sight()) == last - rows.top


async def _took(pilot: Pilot[Any], screen: HistoryScreen, act: Callable[[], object]) -> float:
    """Milliseconds from doing something to every row in sight being there."""
    began = time.perf_counter()
    act()
    await asyncio.sleep(0)
    await _until(lambda: _all_there(screen))
    took = (time.perf_counter() - began) * 1000
    await pilot.pause(0.05)
    return took


async def _measure(folder: Path) -> None:
    app = RushesApp(folder, Config(sound="silence"))
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(lambda: isinstance(app.screen, HistoryScreen))
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        await _until(lambda: screen.list.rows.view is not None)
        await pilot.pause(2.0)
        rows = screen.list
        for order in Sort:
            screen.order_by(order)
            await _until(lambda: _all_there(screen))
            for text in FILTERS:
                asked = await _took(pilot, screen, partial(screen._filter_by, text))
                total = rows.rows.total
                jumps = []
                for part in (0.5, 1.0, 0.25, 0.9, 0.1, 0.0, 0.75):
                    to = int(part * (total - 1))
                    jumps.append(await _took(pilot, screen, partial(rows.go, to)))
                print(
                    f"{order.value:8} {text or '(all)':14} {total:>9,} rows: asked {asked:6.0f} ms,"
                    f" jumps median {statistics.median(jumps):6.1f} ms, most {max(jumps):6.0f} ms",
                    flush=True,
                )


def main() -> None:
    """Measure on the library that is given, or on one made for it."""
    if len(sys.argv) > 1:
        asyncio.run(_measure(Path(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        make_library(Path(folder) / "library", ROWS)
        asyncio.run(_measure(Path(folder) / "library"))


if __name__ == "__main__":
    main()
