"""A million generations, four takes of each line, folded; against grouping them in plain SQL.

The baseline is what one would write at first: GROUP BY profile and text, the newest first, 50.

python -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' \\
    tests/benchmarks/bench_folding.py
"""

from __future__ import annotations

import os
import re
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from rushes.domain.filter_language import parse
from rushes.domain.query import HistoryQuery, Sort
from rushes.library import Library
from rushes.store.sqlite import DATABASE_NAME
from tests.benchmarks.conftest import ROWS
from tests.benchmarks.figures import at_least, at_most, median_of
from tests.benchmarks.library_of import make_library

_PLAIN = (
    "SELECT profile_id, text, count(*), max(created_at) FROM generations WHERE deleted_at IS NULL"
    " GROUP BY profile_id, text ORDER BY max(created_at) DESC LIMIT 50"
)
_HELD = """
import re, sys
from pathlib import Path
from rushes.library import Library

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

import numpy
with Library.open(Path(sys.argv[1])) as library:
    library.generations.view().rows(0, 60)
    before = peak()
    view = library.generations.folded_view()
    view.total()
    view.listed(1000, 60)
    print(before, peak())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = os.environ.get("RUSHES_BENCH_FOLDER")
    base = Path(kept) if kept else tmp_path_factory.mktemp("libraries")
    folder, done = base / f"{ROWS}-of-4", base / f"{ROWS}-of-4.done"
    if not done.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        make_library(folder, ROWS, takes=4)
        done.touch()
    return folder


@pytest.fixture(scope="module")
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(folder: Path) -> Iterator[Callable[[], object]]:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        yield lambda: connection.execute(_PLAIN).fetchall()


def told(what: str, ours: Callable[[], object], plain: Callable[[], object], goal: float) -> None:
    """In turns: other work on the machine comes and goes."""
    ours()
    pairs = [(median_of(ours, 3), median_of(plain, 1)) for _ in range(3)]
    ratio = statistics.median(theirs / mine for mine, theirs in pairs)
    mine, theirs = (1e3 * statistics.median(one) for one in zip(*pairs, strict=True))
    at_least(what, ratio, goal, f"{mine:.0f} ms, plain {theirs:.0f} ms")


def anew(library: Library, work: Callable[[], object]) -> Callable[[], object]:
    """The same work by a library that remembers nothing of the last time."""

    def works() -> object:
        for memory in (library._store.reader.memory, library._store.reader.folds):
            memory.put(-1, "nothing", None)
        return work()

    return works


def first(library: Library, query: HistoryQuery) -> None:
    library.generations.folded_view(query).listed(0, 64)


def whole(library: Library, query: HistoryQuery) -> None:
    view = library.generations.folded_view(query)
    view.listed(view.total() // 2, 64)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.TEXT, Sort.RATING, Sort.PROFILE])
def bench_folding_everything(library: Library, plain: Callable[[], object], sort: Sort) -> None:
    query = HistoryQuery(sort=sort)
    told(
        f"the first folds in order “{sort}”",
        anew(library, partial(first, library, query)),
        plain,
        20,
    )
    what = f"all folds in order “{sort}”, and rows in the middle"
    told(what, anew(library, partial(whole, library, query)), plain, 0.7)


def bench_another_question_once_folded(library: Library, plain: Callable[[], object]) -> None:
    """Against the baseline without a filter: whose words they share is known of all rows."""
    whole(library, HistoryQuery())
    for line in ("the", "is:fav", "profile:anna", "kavelan"):
        # Each once: the next time it would be remembered.
        queries = (HistoryQuery(filter=parse(line), sort=sort) for sort in Sort)
        ours = statistics.median(median_of(partial(whole, library, one), 1) for one in queries)
        theirs = median_of(plain, 1)
        detail = f"{1e3 * ours:.0f} ms, plain without a filter {1e3 * theirs:.0f} ms"
        at_least(f"all folds of “{line}” once everything was folded", theirs / ours, 3, detail)


def bench_rows_of_a_folded_list(library: Library) -> None:
    view = library.generations.folded_view()
    total = view.total()
    flat = library.generations.view()
    theirs = median_of(lambda: flat.rows(total // 2, 64))
    ours = median_of(lambda: view.listed(total // 2, 64))
    told = f"{1e3 * ours:.2f} ms, not folded {1e3 * theirs:.2f} ms"
    at_most("rows far down a folded list, of those of a flat one", ours / theirs, 3, told)


def bench_memory_of_folding(folder: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _HELD, str(folder)], capture_output=True, text=True, check=True
    ).stdout
    before, after = map(int, re.findall(r"\d+", said))
    told = f"{before / 1024:.0f} MB before, {after / 1024:.0f} MB at most"
    at_most(
        f"bytes for each of {ROWS:,} rows while folding",
        1024 * (after - before) / ROWS,
        90,
        told,
        " B",
    )
