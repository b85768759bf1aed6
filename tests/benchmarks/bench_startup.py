"""Start-up of the terminal UI against a bare Textual application, in interleaved pairs.

The bounds are those the project set itself: first frame ≤ 1.3 × a bare application; first rows
≤ 1.5 × a bare one that imports sqlmodel first; both at 1,000,000 generations no slower than at 100
by > 10 %.
"""

from __future__ import annotations

import compileall
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import rushes
from tests.benchmarks.conftest import ROWS, LibraryOf
from tests.benchmarks.figures import at_most
from tests.terminal import Terminal

FEW = 100
PAIRS = int(os.environ.get("RUSHES_BENCH_PAIRS", "30"))
BARE = [sys.executable, str(Path(__file__).with_name("bare.py"))]
RUSHES = [sys.executable, "-m", "rushes"]
FIRST_FRAME = "rushes"
FIRST_ROW = "qwen"  # the engine of some row


@pytest.fixture(scope="module", params=[FEW, ROWS])
def library(request: pytest.FixtureRequest, library_of: LibraryOf) -> Path:
    return library_of(request.param)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile rushes as installing it does: the bare application's libraries are compiled too."""
    compileall.compile_dir(str(Path(rushes.__file__).parent), quiet=2)


def seconds_until(command: Sequence[str], text: str) -> float:
    with Terminal(command) as terminal:
        return terminal.until(text)


def ratios(ours: Sequence[str], text: str, theirs: Sequence[str], their_text: str) -> list[float]:
    seconds_until(ours, text), seconds_until(theirs, their_text)  # warm the page cache
    return [seconds_until(ours, text) / seconds_until(theirs, their_text) for _ in range(PAIRS)]


def bench_first_frame_against_a_bare_application(library: Path) -> None:
    ours = [*RUSHES, "--library", str(library)]
    measured = ratios(ours, FIRST_FRAME, BARE, "FIRST-FRAME")
    told(f"first frame at {library.name} rows, of a bare application's", measured, 1.3)


def bench_first_rows_against_a_bare_application_with_sqlmodel(library: Path) -> None:
    ours = [*RUSHES, "--library", str(library)]
    measured = ratios(ours, FIRST_ROW, [*BARE, "--sqlmodel"], "FIRST-FRAME")
    told(f"first rows at {library.name} rows, of a bare frame + sqlmodel", measured, 1.5)


@pytest.mark.parametrize(
    ("what", "text"), [("first frame", FIRST_FRAME), ("first rows", FIRST_ROW)]
)
def bench_many_rows_against_few(library_of: LibraryOf, what: str, text: str) -> None:
    many = [*RUSHES, "--library", str(library_of(ROWS))]
    few = [*RUSHES, "--library", str(library_of(FEW))]
    told(f"{what} at {ROWS:,} rows, of that at {FEW}", ratios(many, text, few, text), 1.1)


def told(what: str, measured: Sequence[float], goal: float) -> None:
    scattered = f"{min(measured):.2f} to {max(measured):.2f}, {len(measured)} pairs"
    at_most(what, statistics.median(measured), goal, scattered)
