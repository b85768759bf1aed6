"""Bytes to the terminal: a step of a cursor, what follows it, a scroll, an edit, doing nothing."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from rushes.library import Library
from tests.benchmarks.library_of import make_library
from tests.terminal import Terminal
from tests.tui.driving import take, voice


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


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (160, 42)])
def bench_bytes_of_a_step_on_a_timeline(tmp_path: Path, columns: int, rows: int) -> None:
    """40 items on 3 tracks: the cursor, what follows it, edits; then 5 s of rest."""
    path = tmp_path / "library"
    with Library.open(path) as library:
        ids = [
            take(library, f"the words of take {n}, and more", n, audio=voice(2.0 + n % 3)).id
            for n in range(8)
        ]
        story = library.stories.create("The river").story
        for number in range(40):
            place = (number // 3 * 3_500 + number % 3 * 400, number % 3)
            library.stories.add(story, [ids[number % 8]], at_ms=place[0], track=place[1])
    command = [sys.executable, "-m", "rushes", "--library", str(path)]
    with Terminal(command, columns=columns, rows=rows) as terminal:
        terminal.until("takes")
        terminal.quiet(1.5)
        terminal.press("S")
        terminal.until("The river")
        terminal.press("\r")
        terminal.until("item 1 of 40")
        terminal.quiet(1.0)
        steps, panes, edits = [], [], []
        for _ in range(30):
            before = len(terminal.output)
            terminal.press("j")
            terminal.quiet(0.1)
            stepped = len(terminal.output)
            terminal.quiet(0.4)
            steps.append(stepped - before)
            panes.append(len(terminal.output) - stepped)
        for key in ".,v" * 4:
            before = len(terminal.output)
            terminal.press(key)
            terminal.quiet(0.4)
            edits.append(len(terminal.output) - before)
        told = [
            f"{name} median {statistics.median(sizes):.0f} B, most {max(sizes)} B"
            for name, sizes in (("step", steps), ("the item beneath", panes), ("edit", edits))
        ]
        idle = terminal.watch(5.0)
        print(f"\n{columns}×{rows}: {'; '.join(told)}; idle 5 s: {len(idle)} B")
        terminal.press("q")
