"""Jumps and questions that take long: what is seen meanwhile, and what is no longer asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rushes.domain.generation import Generation
from rushes.domain.query import Sort
from rushes.library.view import HistoryView
from rushes.store.answers import Answer
from rushes.tui.rows import PAGE
from tests.benchmarks.library_of import make_library
from tests.tui.driving import opened, recorded, until

ROWS = 6_000
ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_library(tmp_path / "takes", ROWS)
    return tmp_path / "takes"


class Gate:
    """Holds back pages while it is shut, and remembers where those began that were read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[int] = []
        self.open = Event()
        self.open.set()
        real = HistoryView.rows

        def rows(view: HistoryView, start: int, count: int) -> tuple[Generation, ...]:
            if count == PAGE:
                self.read.append(start)
                assert self.open.wait(30)
            return real(view, start, count)

        monkeypatch.setattr(HistoryView, "rows", rows)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open.set()


class Slow:
    """Makes the next count one that never ends by itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.next, self.begun, self.ended = Event(), Event(), Event()
        real = Answer.total

        def total(answer: Answer, **how: Any) -> int:
            if not self.next.is_set():
                return real(answer, **how)
            self.next.clear()
            self.begun.set()
            try:
                return answer._snapshot.number(ENDLESS)
            finally:
                self.ended.set()

        monkeypatch.setattr(Answer, "total", total)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


async def test_a_jump_shows_a_frame_at_once_and_the_rows_when_they_come(
    path: Path, gate: Gate
) -> None:
    async with opened(path, (80, 24)) as here:
        rows = here.screen.list
        gate.open.clear()
        await here.pilot.press("G")
        await until(here.pilot, lambda: rows.cursor == rows.rows.total - 1)
        await here.pilot.pause()
        assert here.texts == []
        assert "▌" in here.text
        assert here.text.count("· ") or "▁" in here.text
        gate.open.set()
        await until(here.pilot, lambda: len(here.texts) == rows.page_height)
        assert here.screen.current is not None


async def test_jumps_that_were_overtaken_are_not_read(path: Path, gate: Gate) -> None:
    async with opened(path, (80, 24)) as here:
        rows = here.screen.list
        await here.settled()
        gate.open.clear()
        gate.read.clear()
        for to in (1_000, 2_000, 3_000, 4_000, 5_000):
            rows.go(to)
            await here.pilot.pause()
        gate.open.set()
        await until(here.pilot, lambda: len(here.texts) == rows.page_height)
        await here.settled()
        assert not [start for start in gate.read if 1_200 < start < 4_800]
        rows.go(3_000)
        await until(here.pilot, lambda: len(here.texts) == rows.page_height)


async def test_a_letter_more_interrupts_the_question_before(path: Path, slow: Slow) -> None:
    async with opened(path, (80, 24)) as here:
        await here.press("slash")
        slow.next.set()
        await here.pilot.press("t")
        await until(here.pilot, slow.begun.is_set)
        await here.pilot.press("h")
        await until(here.pilot, slow.ended.is_set)
        await here.settled()
        assert here.screen.list.rows.counted
        assert f"{here.screen.list.rows.total:,} of" in here.text
        assert here.screen.list.rows.total < ROWS


async def test_rows_can_be_scrolled_after_their_count_was_called_off(
    path: Path, slow: Slow, gate: Gate
) -> None:
    async with opened(path, (80, 24)) as here:
        rows = here.screen.list
        await here.press("slash")
        slow.next.set()
        await here.pilot.press("t")
        await until(here.pilot, slow.begun.is_set)
        shown = rows.rows
        assert not shown.counted
        await until(here.pilot, lambda: "of 5,880" not in here.text)
        before = shown.view
        gate.open.clear()
        await here.pilot.press("h")
        await until(here.pilot, slow.ended.is_set)
        await until(here.pilot, lambda: shown.view is not before)
        assert rows.rows is shown
        assert shown.view is not None
        assert len(shown.view.listed(0, 3)) == 3
        gate.open.set()


async def test_the_end_is_gone_to_once_it_is_known_where_it_is(path: Path) -> None:
    async with opened(path, (80, 24)) as here:
        rows = here.screen.list
        begun, release = Event(), Event()
        real = HistoryView.total

        def total(view: HistoryView) -> int:
            begun.set()
            assert release.wait(30)
            return real(view)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HistoryView, "total", total)
            here.screen.filter_by_text("the")
            await until(here.pilot, begun.is_set)
            await here.pilot.press("G")
            await until(here.pilot, lambda: rows.cursor == PAGE - 1)
            release.set()
            await until(here.pilot, lambda: rows.cursor == rows.rows.total - 1 > PAGE)


async def test_leaving_interrupts_what_is_asked(path: Path, slow: Slow) -> None:
    async with opened(path, (80, 24)) as here:
        slow.next.set()
        here.screen.filter_by_text("the")
        await until(here.pilot, slow.begun.is_set)
        await here.pilot.press("q")
    assert slow.ended.is_set()


async def test_changes_that_come_fast_end_no_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(tmp_path / "few")
    async with opened(tmp_path / "few") as here:
        gate, begun = asyncio.Event(), 0
        real = here.screen.refresh_rows

        async def slow() -> None:
            nonlocal begun
            begun += 1
            await gate.wait()
            await real()

        monkeypatch.setattr(here.screen, "refresh_rows", slow)
        here.screen.library_changed()
        await until(here.pilot, lambda: begun == 1)
        here.screen.library_changed()
        here.screen.library_changed()
        await here.pilot.pause()
        gate.set()
        await here.settled()
        assert begun == 2
        gate.clear()
        here.screen.library_changed()
        await until(here.pilot, lambda: begun == 3)
        here.screen.order_by(Sort.OLDEST)
        await until(here.pilot, lambda: begun == 4)
        assert here.texts[0] == "line 0"
        gate.set()
        await here.settled()
        assert here.texts == [f"line {number}" for number in range(6)]
