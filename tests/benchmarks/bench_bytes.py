"""Bytes to the terminal: a cursor step, the preview that follows, a scroll, doing nothing."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from tests.benchmarks.library_of import make_library
from tests.terminal import Terminal


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (160, 42)])
def bench_bytes_of_a_cursor_step(tmp_path: Path, columns: int, rows: int) -> None:
    make_library(tmp_path / "library", 1_000)
    command = [sys.executable, "-m", "rushes", "--library", str(tmp_path / "library")]
    with Terminal(command, columns=columns, rows=rows) as terminal:
        terminal.until("takes")
        terminal.quiet(1.5)
        steps, previews = [], []
        for _ in range(rows * 2):
            before = len(terminal.output)
            terminal.press("j")
            terminal.quiet(0.1)
            stepped = len(terminal.output)
            terminal.quiet(0.4)
            steps.append(stepped - before)
            previews.append(len(terminal.output) - stepped)
        idle = terminal.watch(5.0)
        print(
            f"\n{columns}×{rows}: step median {statistics.median(steps):.0f} B, mean "
            f"{statistics.mean(steps):.0f} B, most {max(steps)} B (the page is turned); "
            f"preview after it: median {statistics.median(previews):.0f} B, "
            f"most {max(previews)} B; idle 5 s: {len(idle)} B"
        )
        terminal.press("q")
