"""Driving the real application: a library to look at, and waiting for what the screen shows."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rushes.config import Config
from rushes.domain.generation import Generation
from rushes.library import Library
from rushes.playback.clip import Source
from rushes.playback.player import Player
from rushes.tui.app import RushesApp
from rushes.tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


class Recorder(Player):
    """The real player, which also remembers what it was asked to play."""

    def __init__(self, app: RushesApp | None = None) -> None:
        tell = app._tell_player_changed if app is not None else None
        super().__init__(route="silence", on_change=tell)
        self.asked: list[Source] = []

    def play(self, source: Source, at: float = 0.0, following: Sequence[Source] = ()) -> None:
        self.asked.append(source)
        super().play(source, at, following)


def voice(seconds: float = 0.5, pitch: float = 160.0, rate: int = 24_000) -> np.ndarray[Any, Any]:
    """A tone with syllables in it, as int16."""
    time_ = np.arange(int(seconds * rate)) / rate
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * time_ + pitch), 0, 1)
    tone = sum(np.sin(2 * np.pi * pitch * n * time_) / n for n in range(1, 6))
    return np.asarray(tone * syllables * 9000, dtype=np.int16)


def take(library: Library, text: str, number: int = 0, **more: Any) -> Generation:
    """Record one generation; the higher its number the newer it is."""
    more.setdefault("profile", "Anna")
    more.setdefault("created_at", NOON + timedelta(minutes=number))
    more.setdefault("audio", voice(0.4 + number % 7 / 5, 110 + 13 * number))
    return library.generations.record(text=text, sample_rate=24_000, **more)


def desk(path: Path, config: Config | None = None) -> RushesApp:
    """Give the real application on a library, with sound switched off."""
    return RushesApp(path, config or Config(sound="silence"))


async def until(pilot: Pilot[Any], holds: Callable[[], object], within: float = 15.0) -> None:
    """Let the application work until something holds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        await pilot.pause(0.01)


async def rows_shown(pilot: Pilot[Any]) -> HistoryScreen:
    """Wait for the history's first answer, counted."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
    screen = app.screen
    assert isinstance(screen, HistoryScreen)
    await until(pilot, lambda: screen.list.rows.view is not None)
    await until(pilot, lambda: not any(w.group == "question" for w in app.workers if w.is_running))
    await pilot.pause()
    return screen


def seen(app: RushesApp) -> str:
    """Give the text on the screen, a line for each row."""
    screen = app.screen
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


@dataclass
class Here:
    """The running application with all that a test looks at."""

    app: RushesApp
    pilot: Pilot[Any]
    screen: HistoryScreen
    player: Recorder

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settled()

    async def settled(self) -> None:
        """Wait until no question or change is under way."""
        groups = {
            *("question", "change", "undo", "marks", "rows", "totals", "play", "tags", "tag"),
            *("scene", "stories"),
        }
        await self.pilot.pause()
        await until(
            self.pilot,
            lambda: not any(w.group in groups and w.is_running for w in self.app.workers),
        )
        await self.pilot.pause()

    @property
    def text(self) -> str:
        return seen(self.app)

    @property
    def texts(self) -> list[str]:
        return [row.text for _, row in self.screen.list.in_sight()]

    def library(self) -> Library:
        return Library.open(self.app.desk.path)


def recorded(path: Path, count: int = 6, **more: Any) -> list[Generation]:
    """Record ``line 0`` and so on, in turn by Anna and Bob; the last is the newest."""
    with Library.open(path) as library:
        return [
            take(library, f"line {n}", n, profile=("Anna", "Bob")[n % 2], **more)
            for n in range(count)
        ]


@asynccontextmanager
async def opened(
    path: Path, size: tuple[int, int] = (120, 40), config: Config | None = None
) -> AsyncIterator[Here]:
    app = desk(path, config)
    player = Recorder(app)
    app.desk.player = player
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = await rows_shown(pilot)
        here = Here(app, pilot, screen, player)
        await here.settled()
        yield here
