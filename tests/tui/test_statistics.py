"""The statistics: what they show, where the keys go, and that a bar lists what it counts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rushes.domain.filter_language import parse
from rushes.domain.query import HistoryQuery
from rushes.domain.statistics import Statistics
from rushes.library import Library
from rushes.tui.app import RushesApp
from rushes.tui.board import place
from rushes.tui.colours import DARK
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.statistics import StatisticsScreen
from rushes.tui.shares import groups_of
from rushes.tui.widgets.board import Board
from tests.tui.driving import NOON, desk, rows_shown, seen, take, until, voice

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40)]
NAMES = ("Anna", "Old Anna", 'Anna, "the" Bob', "声優 A", "[red]x[/red]", "x" * 200, "a\x1b[31mb")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Some of everything: names of all kinds, three engines, days, lengths, states."""
    path = tmp_path / "library"
    with Library.open(path) as library:
        for number in range(28):
            take(
                library,
                f"line {number}",
                number,
                profile=NAMES[number % len(NAMES)],
                engine=("qwen", "Qwen", "luxtts")[number % 3],
                language=("en", "en-GB", "ja")[number % 3],
                created_at=NOON + timedelta(days=number * number % 17),
                audio=voice((0.4, 1.0, 1.2, 2.0, 3.5)[number % 5]),
                rating=number % 6 or None,
                is_favorited=number % 4 == 0,
            )
        library.generations.begin(profile="Anna", text="still running", created_at=NOON)
        failed = library.generations.begin(profile="Anna", text="failed", created_at=NOON)
        library.generations.fail(failed.id, "out of memory")
        gone = take(library, "of nobody", profile="Gone")
        trashed = take(library, "in the trash")
        library.generations.delete([trashed.id])
    with sqlite3.connect(path / "rushes.db") as database:
        database.execute("UPDATE profiles SET missing = 1 WHERE id = ?", (gone.profile_id,))
    database.close()
    return path


async def opened(pilot: Pilot[Any], app: RushesApp) -> Board:
    """Open the statistics from the history and wait for the reading."""
    await rows_shown(pilot)
    await pilot.press("s")
    await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
    board = app.screen.query_one(Board)
    await until(pilot, lambda: board.current is not None)
    await pilot.pause()
    return board


async def listed(pilot: Pilot[Any], history: HistoryScreen, filter_: str) -> int:
    """Filter the history and give how many rows it lists then."""
    rows = history.list.rows
    history.filter_by_text(filter_)
    await until(pilot, lambda: history.list.rows is not rows)
    return history.list.rows.total


def told(board: Board) -> tuple[str, str]:
    """Give group and label of the bar under the cursor."""
    current = board.current
    assert current is not None
    group = next(group for group in board._groups if current in group.bars)
    return group.title, current.label


@pytest.mark.parametrize("size", SIZES)
async def test_totals_and_every_group_are_shown(library: Path, size: tuple[int, int]) -> None:
    app = desk(library)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        text = seen(app)
        for words in ("31 takes", "favourite", "in the trash", "per day", "length", "profiles"):
            assert words in text
        for words in ("engines", "languages", "no profile", "Old Anna", "声優 A", "en-GB"):
            assert words in text
        assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("size", SIZES)
async def test_every_bar_lists_as_many_as_it_counts(library: Path, size: tuple[int, int]) -> None:
    app = desk(library)
    async with app.run_test(size=size) as pilot:
        board = await opened(pilot, app)
        bars = [bar for group in board._groups for bar in group.bars if bar.generations]
        assert len({group.title for group in board._groups}) == 6
        await pilot.press("escape")
        history = app.screen
        assert isinstance(history, HistoryScreen)
        for bar in bars:
            assert await listed(pilot, history, bar.filter) == bar.generations


def test_a_day_lists_what_it_counts_when_the_clocks_have_changed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        with Library.open(tmp_path / "library") as library:
            for month in (1, 7):
                for minutes in (1, 59):
                    # The first minute and the last of a local day, in winter and in summer.
                    hour = 0 if minutes == 1 else 23
                    made = datetime(2026, month, 15, hour, minutes).astimezone()
                    take(library, "words", created_at=made)
            read = library.statistics.read()
            bars = [bar for bar in groups_of(read, DARK, NOON.date())[0].bars if bar.generations]
            assert [bar.filter for bar in bars] == ["on:2026-01-15"]
            for day, count in read.days:
                found = library.generations.list(HistoryQuery(filter=parse(f"on:{day}")))
                assert (count, found.total) == (2, 2)
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_enter_narrows_the_history_and_leaves(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        board = await opened(pilot, app)
        await pilot.press("tab")
        assert told(board) == ("engines", "Qwen") or told(board) == ("engines", "qwen")
        counted = board.current.generations if board.current is not None else 0
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        history = app.screen
        assert isinstance(history, HistoryScreen)
        await until(pilot, lambda: history.list.rows.total == counted)
        assert "engine:=" in seen(app)


async def test_the_keys_go_over_bars_and_groups(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        board = await opened(pilot, app)
        start = told(board)
        assert start[0] == "profiles"
        await pilot.press("j")
        assert told(board) != start
        await pilot.press("k")
        assert told(board) == start
        await pilot.press("k")
        assert told(board)[0] == "length"
        await pilot.press("shift+tab")
        assert told(board) == ("per day", "17 Apr")
        assert "Fri 17 Apr 2026" in seen(app)
        await pilot.press("g")
        assert told(board) == ("per day", "1 Apr")
        for title in ("length", "profiles", "engines", "languages", "status", "per day"):
            await pilot.press("tab")
            assert told(board)[0] == title
        await pilot.press("tab", "tab", "G")
        assert told(board)[0] == "profiles"
        await pilot.press("down")
        assert told(board)[0] == "engines"
        await pilot.press("pagedown", "pageup", "ctrl+d", "ctrl+u", "up")
        assert told(board)[0] == "profiles"


async def test_days_without_takes_are_stepped_over(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        for day in (0, 3, 9):
            take(library, "words", created_at=NOON + timedelta(days=day))
    app = desk(tmp_path / "library")
    async with app.run_test(size=(80, 24)) as pilot:
        board = await opened(pilot, app)
        await pilot.press("shift+tab", "shift+tab")
        days = []
        for key in ("k", "k", "j"):
            days.append(told(board)[1])
            await pilot.press(key)
        assert days == ["10 Apr", "4 Apr", "1 Apr"]
        assert told(board)[1] == "4 Apr"


async def test_the_last_reading_is_there_at_once_and_is_read_again(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("escape")
        last = app.desk.last_statistics
        assert last is not None
        await app.desk.ask(lambda held: take(held, "one more", profile="Anna"))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        assert app.screen.query_one(Board).current is not None
        await until(pilot, lambda: "32 takes" in seen(app))
        assert app.desk.last_statistics != last


async def test_changes_appear_by_themselves_and_the_cursor_stays_on_its_bar(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        board = await opened(pilot, app)
        await pilot.press("tab", "j")
        assert told(board) == ("engines", "luxtts")
        await until(pilot, lambda: app.desk._library is not None)
        with Library.open(library) as other:
            for number in range(40):
                take(other, f"more {number}", engine="luxtts", profile="New")
        await until(pilot, lambda: "71 takes" in seen(app))
        assert told(board) == ("engines", "luxtts")
        assert "New" in seen(app)


async def test_readings_dont_pile_up(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        screen = app.screen
        assert isinstance(screen, StatisticsScreen)
        asked: list[object] = []
        ask = app.desk.ask

        async def counted(question: Callable[[Library], object]) -> object:
            asked.append(question)
            return await ask(question)

        monkeypatch.setattr(app.desk, "ask", counted)
        for _ in range(20):
            screen.library_changed()
        await until(pilot, lambda: not screen._reading and not screen._stale)
        assert 1 <= len([one for one in asked if "_ask" in repr(one)]) <= 2


async def test_an_empty_library_has_nothing_to_show(tmp_path: Path) -> None:
    app = desk(tmp_path / "library")
    async with app.run_test(size=(80, 24)) as pilot:
        await rows_shown(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "nothing has been recorded yet" in seen(app))
        await pilot.press("j", "k", "tab", "shift+tab", "g", "G", "pagedown", "enter")
        assert isinstance(app.screen, StatisticsScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))


async def test_the_board_is_divided_anew_with_the_terminal(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        board = await opened(pilot, app)
        await pilot.press("tab", "tab", "tab")
        bar = told(board)
        for width, height in ((40, 10), (60, 20), (80, 24), (200, 60), (20, 5)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert told(board) == bar
            assert all(len(line) <= width for line in seen(app).splitlines())
            assert "failed" in seen(app) or "status" in seen(app) or height < 8


async def test_a_step_repaints_its_bars_alone(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        board = await opened(pilot, app)
        painted: list[tuple[Region, ...]] = []
        refresh = board.refresh

        def noted(*regions: Region, **more: Any) -> Board:
            painted.append(regions)
            return refresh(*regions, **more)

        monkeypatch.setattr(board, "refresh", noted)
        await pilot.press("j", "k", "tab", "tab", "tab", "k", "k")
        assert painted
        for regions in painted:
            assert regions
            assert all(one.height == 1 or one.width <= 4 for one in regions)


def test_a_library_of_years_shows_its_last_days() -> None:
    first = datetime(2016, 1, 1, tzinfo=UTC).date()
    days = tuple((first + timedelta(days=number), number % 9) for number in range(3900))
    today = days[-1][0]
    nothing = Statistics(1, 1.0, 1, 0, 0, 0, (), (), (), (), days, (0,) * 10)
    for width in (40, 79, 120, 200):
        (plot,) = place(groups_of(nothing, DARK, today), width, 24)
        shown = plot.group.bars[plot.first :]
        assert plot.step == 1
        assert len(shown) == width - 1
        assert shown[-1].filter == f"on:{today}"


def test_a_day_in_the_future_doesnt_push_the_present_away() -> None:
    today = NOON.date()
    days = ((today, 5), (today + timedelta(days=30_000), 1))
    nothing = Statistics(6, 1.0, 1, 0, 0, 0, (), (), (), (), days, (0,) * 10)
    (group,) = groups_of(nothing, DARK, today)
    assert [bar.filter for bar in group.bars] == [f"on:{today}"]
