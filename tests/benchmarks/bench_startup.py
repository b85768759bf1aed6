"""Start-up of the terminal UI against a bare Textual application, in interleaved pairs.

The bounds are those the project set itself: first frame ≤ 1.3 × a bare application; first rows
≤ 1.5 × a bare one that imports sqlmodel first; 100,000 generations no slower than 100 by > 10 %.
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
from tests.benchmarks.library_of import make_library
from tests.terminal import Terminal

PAIRS = int(os.environ.get("RUSHES_BENCH_PAIRS", "30"))
BARE = [sys.executable, str(Path(__file__).with_name("bare.py"))]
RUSHES = [sys.executable, "-m", "rushes"]
FIRST_FRAME = "rushes"
FIRST_ROW = "qwen"  # the engine of some row


@pytest.fixture(scope="module", params=[100, 100_000])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / str(request.param)
    make_library(path, request.param)
    return path


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
    print(f"\nfirst frame, {library.name} rows: {told(measured)} × bare (bound 1.3)")


def bench_first_rows_against_a_bare_application_with_sqlmodel(library: Path) -> None:
    ours = [*RUSHES, "--library", str(library)]
    measured = ratios(ours, FIRST_ROW, [*BARE, "--sqlmodel"], "FIRST-FRAME")
    print(f"\nfirst rows, {library.name} rows: {told(measured)} × bare + sqlmodel (bound 1.5)")


def bench_first_rows_of_100_000_against_100(tmp_path: Path) -> None:
    make_library(tmp_path / "few", 100)
    make_library(tmp_path / "many", 100_000)
    many = [*RUSHES, "--library", str(tmp_path / "many")]
    few = [*RUSHES, "--library", str(tmp_path / "few")]
    measured = ratios(many, FIRST_ROW, few, FIRST_ROW)
    print(f"\nfirst rows, 100,000 against 100 rows: {told(measured)} (bound 1.1)")


def told(measured: Sequence[float]) -> str:
    return (
        f"median {statistics.median(measured):.2f} "
        f"({min(measured):.2f} to {max(measured):.2f}, {len(measured)} pairs)"
    )
