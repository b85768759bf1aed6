"""One library of a million rows for all benchmarks of a run, and the summary at its end.

``RUSHES_BENCH_ROWS`` sets another number of rows. ``RUSHES_BENCH_FOLDER`` names a folder to keep
the libraries in: a second run finds them there and builds nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.library import Library
from rushes.store.sqlite import DATABASE_NAME
from tests.benchmarks.figures import LINES, at_most
from tests.benchmarks.library_of import make_library

ROWS = int(os.environ.get("RUSHES_BENCH_ROWS", "1000000"))

LibraryOf = Callable[[int], Path]


@pytest.fixture(scope="session")
def library_of(tmp_path_factory: pytest.TempPathFactory) -> LibraryOf:
    """The library of so many rows, built when first asked for and written to once."""
    kept = os.environ.get("RUSHES_BENCH_FOLDER")
    base = Path(kept) if kept else tmp_path_factory.mktemp("libraries")

    def made(rows: int) -> Path:
        folder = base / f"{rows}"
        done = base / f"{rows}.done"
        if done.exists():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        make_library(folder, rows)
        took = time.perf_counter() - started
        if rows == ROWS:
            size = (folder / DATABASE_NAME).stat().st_size / 1e6
            at_most(
                f"building {rows:,} rows with all indexes", took, 240, f"{size:,.0f} MB", unit=" s"
            )
        # The first write of a library that was made beside its journal writes that whole.
        with Library.open(folder) as library:
            library.profiles.create("First written")
        done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def million(library_of: LibraryOf) -> Path:
    """The library of ``ROWS`` rows."""
    return library_of(ROWS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """All figures once more, those that fall short last."""
    if LINES:
        terminalreporter.section("figures")
        for line in sorted(LINES, key=lambda line: line.startswith("SHORT")):
            terminalreporter.write_line(line)
        short = sum(line.startswith("SHORT") for line in LINES)
        busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
        terminalreporter.write_line(f"{len(LINES)} figures, {short} short of their goals")
        terminalreporter.write_line(
            f"load of the last 1, 5 and 15 minutes: {busy} on {os.cpu_count()} cores; milliseconds"
            " count where nothing else is at work"
        )
