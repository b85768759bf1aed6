"""Comparing, seen and blind: driven by keys in the real application on a real library."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.geometry import Region
from textual.widget import Widget

from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.library import Library
from rushes.playback.player import Player
from rushes.playback.state import Playing
from rushes.tui.screens.blind import BlindScreen
from rushes.tui.screens.comparison import ComparisonScreen
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.help import Help
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.keep import KeepDialog
from rushes.tui.widgets.side_wave import SideWave
from rushes.tui.widgets.transport import Transport
from tests.playback.fakes import FakeSink, FakeWays
from tests.tui.driving import desk, rows_shown, seen, take, until, voice

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from rushes.tui.app import RushesApp

WORDS = "Hello and welcome to the show"


@dataclass
class Here:
    """The application with a loudspeaker whose clock the test moves."""

    app: RushesApp
    pilot: Pilot[Any]
    sink: FakeSink
    takes: list[Generation]

    @property
    def text(self) -> str:
        return seen(self.app)

    @property
    def player(self) -> Player:
        return self.app.desk.player

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        groups = {"change", "play", "compare", "undo", "question", "marks", "reload", "wave"}
        await self.pilot.pause()
        await until(
            self.pilot,
            lambda: not any(w.group in groups and w.is_running for w in self.app.workers),
        )
        await self.pilot.pause()

    async def until_seen(self, *texts: str) -> None:
        try:
            await until(
                self.pilot, lambda: all(text in " ".join(self.text.split()) for text in texts)
            )
        except AssertionError:
            raise AssertionError(f"{texts} never came to be seen:\n{self.text}") from None

    async def screen_is(self, kind: type[object]) -> None:
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))
        await self.pilot.pause()

    async def playing_from(self, seconds: float) -> None:
        await until(
            self.pilot,
            lambda: (
                self.player.state.playing is Playing.PLAYING
                and abs(self.player.state.position - seconds) < 0.01
            ),
        )

    def library(self) -> Library:
        return Library.open(self.app.desk.path)


@asynccontextmanager
async def opened(
    path: Path, *, size: tuple[int, int] = (100, 30), takes: int = 4, **more: Any
) -> AsyncIterator[Here]:
    """Takes of the same words, the last of them the newest and the first row; sound at hand."""
    with Library.open(path) as library:
        made = [
            take(library, WORDS, number, seed=number, audio=voice(2.0 + number, 120), **more)
            for number in range(takes)
        ]
        if takes:
            take(library, "nothing like it", 90, profile="Bob")
        library.quality.run()
    app = desk(path)
    sink = FakeSink()
    sink.at_once = True
    app.desk.player = Player(
        ways=FakeWays(sink), on_change=app._tell_player_changed, clock=lambda: sink.now
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        await rows_shown(pilot)
        yield Here(app, pilot, sink, made)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


# What is compared


async def test_c_compares_all_takes_of_the_words_under_the_cursor(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "c")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("Comparison 4 takes", WORDS, "LUFS", "dBTP", "5.00 s", "2.00 s")
        table = here.text.splitlines()[-8:]
        assert any(re.search(r"seed\s+3\s+2\s+1\s+0", line) for line in table)
        assert not any("language" in line or "engine" in line for line in table)
        await here.press("escape")
        await here.screen_is(HistoryScreen)


async def test_c_compares_what_is_marked_and_says_when_there_is_nothing_to_compare(
    path: Path,
) -> None:
    async with opened(path) as here:
        await here.press("c")
        await here.until_seen("mark another take with m")
        await here.press("m", "m", "c")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("2 takes", "different texts", "nothing like it")


async def test_no_more_are_compared_than_have_letters(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("candidates", "screens.opening"):
        monkeypatch.setattr(f"rushes.tui.{module}.MOST", 3)
    async with opened(path) as here:
        await here.press("space", "M", "c")
        await here.until_seen("At most 3 can be compared at once")
        await here.press("M", "j", "m", "m", "c")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("2 takes", "▶ another take")  # which was playing before


async def test_c_in_the_detail_compares_with_the_take_that_is_chosen_there(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "enter")
        await here.screen_is(DetailScreen)
        await here.until_seen("other takes")
        screen = here.app.screen
        assert isinstance(screen, DetailScreen)
        while screen.part is not screen.takes:
            await here.press("tab")
        await here.press("c")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("Comparison 2 takes")


# Hearing


async def test_sides_are_heard_by_their_letters_and_x_goes_on_where_the_other_was(
    path: Path,
) -> None:
    async with opened(path) as here:
        await here.press("j", "c", "space")
        await here.playing_from(0.0)
        await here.until_seen("▶ A ")
        here.sink.now += 1.2
        await here.press("c")
        await here.playing_from(1.2)
        await here.until_seen("▶ C ", "0:01.2 / 0:03.0")
        here.sink.now += 0.5
        await here.press("x")
        await here.playing_from(1.7)
        await here.until_seen("▶ D ")
        await here.press("shift+tab")
        await here.until_seen("▶ C ", "0:01.7")
        await here.press("space")
        await here.until_seen("‖ C ", "0:01.7")
        await here.press("a")
        await here.playing_from(1.7)
        await here.press("l", "plus")
        await here.until_seen("loop", "gain +2 dB")
        await here.press("m")
        await here.until_seen("levels as they are")
        await here.press("m", "h")
        await here.until_seen("levels matched", "There is no side H")
        await here.press("escape")
        await here.screen_is(HistoryScreen)
        await here.until_seen("▶ Anna Hello and welcome")


async def test_what_is_over_when_one_goes_over_to_it_begins_anew(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "c", "space")
        await here.playing_from(0.0)
        here.sink.now += 4.5
        await here.press("d")
        await here.playing_from(0.0)
        await here.until_seen("▶ D ", "/ 0:02.0")


# Blind


def cells(app: RushesApp) -> list[list[tuple[str, Any]]]:
    """Every cell of the screen: its character and its style."""
    strips = app.screen._compositor.render_strips()
    return [
        [(character, segment.style) for segment in strip for character in segment.text]
        for strip in strips
    ]


def secrets(takes: list[Generation]) -> Iterator[str]:
    """All that would tell one of them from another."""
    for one in takes:
        yield one.id[:6]
        yield from (one.profile_name, one.text.split()[-1], one.engine)
        assert one.facts is not None
        yield f"{one.facts.duration:.1f}"
        yield f"{one.facts.duration:.0f}.0"
        yield str(one.seed)
        yield one.created_at.astimezone().strftime("%H:%M")


async def test_blind_nothing_on_the_screen_tells_the_sides_apart(path: Path) -> None:
    names = ["Alpha", "Bravo", "Carol", "Delta"]
    with Library.open(path) as library:
        for number, name in enumerate(names):
            audio = voice(1.3 + 1.1 * number, 120) // (1 + number)
            take(
                library,
                f"The last word is {name.upper()}",
                number,
                profile=name,
                seed=7001 + number,
                audio=audio,
                engine=f"engine{number}",
            )
        library.quality.run()
        takes = list(library.generations.list(HistoryQuery()).items)
    async with opened(path, takes=0) as here:
        await here.press("m", "m", "m", "m", "C")
        await here.screen_is(BlindScreen)
        looks: list[str] = []

        def look() -> str:
            looks.append(here.text)
            looks.append(here.app.title + here.app.sub_title)
            looks.extend(note.message for note in here.app._notifications)
            return here.text

        rounds = 0
        while isinstance(here.app.screen, BlindScreen):
            rounds += 1
            assert rounds < 20
            look()
            boxes = {}
            for letter in "ab":
                await here.press(letter)
                mark = f"▶ {letter.upper()} "
                await here.until_seen(mark)
                here.sink.now += 0.9
                here.app._tick()
                await here.pilot.pause()
                assert mark in look()
                boxes[letter] = cells(here.app)
            assert_mirrored(boxes["a"], boxes["b"])
            if rounds == 1:
                await here.press("question_mark")
                await here.screen_is(Help)
                look()
                await here.press("escape")
                await here.press("colon")
                await here.pilot.pause(0.1)
                look()
                await here.press("escape")
                await here.screen_is(BlindScreen)
            assert here.sink.stretch is not None
            looks += [here.player.state.key or "", here.sink.stretch.title]
            await here.press("A")
        for one in secrets(takes):
            found = [text for text in looks if one in text]
            assert not found, (one, found[0])
        assert rounds >= 4
        await here.screen_is(ComparisonScreen)
        await here.until_seen("1st", "2nd", "3rd", "4th", *names)


def assert_mirrored(one: list[list[tuple[str, Any]]], other: list[list[tuple[str, Any]]]) -> None:
    """The looks of A and of B being heard: the boxes change places, and the letter is the other."""
    top = next(y for y, row in enumerate(one) if "╭" in text_of(row))
    bottom = next(y for y, row in enumerate(one) if "╰" in text_of(row))
    for y, (row, its) in enumerate(zip(one, other, strict=True)):
        if top <= y <= bottom:
            left, right = halves(row), halves(its)
            # Shapes aside: as A's box looked with A heard, B's looks with B heard.
            assert looks_of(left[0]) == looks_of(right[1])
            assert looks_of(left[1]) == looks_of(right[0])
            continue
        assert len(row) == len(its)
        different = [(a, b) for a, b in zip(row, its, strict=True) if a != b]
        assert all((a[0], b[0], a[1]) == ("A", "B", b[1]) for a, b in different), text_of(row)


def text_of(row: list[tuple[str, Any]]) -> str:
    return "".join(character for character, _ in row)


def halves(row: list[tuple[str, Any]]) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """The cells of the two boxes of a row."""
    edges = [x for x, (character, _) in enumerate(row) if character in "╭╮│╰╯"]
    return row[edges[0] : edges[1] + 1], row[edges[2] : edges[3] + 1]


def looks_of(box: list[tuple[str, Any]]) -> list[Any]:
    """The edges and what is written on them, and the colours in which letters stand between."""
    inked = {style.color for character, style in box if character == "█"}
    edge = [(character, style) for character, style in box if character not in "█ "]
    return [edge, inked]


async def test_four_takes_are_ranked_by_keys_with_decisions_taken_back_in_between(
    path: Path,
) -> None:
    async with opened(path) as here:
        await here.press("j", "space")  # what plays has a name, on which the deck says more
        await here.until_seen("▶ Anna")
        await here.press("C")
        await here.screen_is(BlindScreen)
        await here.until_seen("0 decisions taken, at most 5 left")
        assert here.player.state.playing is Playing.STOPPED
        await here.press("space", "x")
        await here.until_seen("▶ B ")
        heard = here.player.state.key
        with here.library() as library:
            library.generations.rate([one.id for one in here.takes], 3)
        here.app._library_changed()
        await here.press("plus")
        await here.until_seen("▶ B ", "gain +2 dB")
        assert (here.player.state.key, here.player.state.playing) == (heard, Playing.PLAYING)
        await decide(here)
        await decide(here, wrong=True)
        await here.until_seen("2 decisions taken")
        await here.press("u")
        await here.until_seen("1 decision taken", "The last decision is taken back")
        await here.press("escape")
        await here.screen_is(HistoryScreen)
        assert here.player.state.playing is Playing.STOPPED
        history = here.app.screen
        assert isinstance(history, HistoryScreen)
        assert history.deck is not None
        assert not history.deck.display, "it would name what was heard last"
        await here.press("c")  # whichever way: it goes on where it was
        await here.screen_is(BlindScreen)
        await here.until_seen("1 decision taken")
        while isinstance(here.app.screen, BlindScreen):
            await decide(here)
        await here.screen_is(ComparisonScreen)
        await here.until_seen("blind decisions", "1st", "4th", "sure of the first")
        assert ranked(here) == [3, 2, 1, 0]
        await here.press("u")
        await here.screen_is(BlindScreen)
        await here.press("s")
        await here.until_seen("The order doesn't stand yet")
        await decide(here)
        await here.screen_is(ComparisonScreen)
        assert ranked(here) == [3, 2, 1, 0]
        await here.press("s")
        await here.screen_is(BlindScreen)
        await here.until_seen("the order stands: s shows it")
        await decide(here)
        await here.press("s")
        await here.screen_is(ComparisonScreen)
        assert ranked(here) == [3, 2, 1, 0]


async def decide(here: Here, *, wrong: bool = False) -> None:
    """Judge by what isn't on the screen: the take with the higher seed is the better one."""
    screen = here.app.screen
    assert isinstance(screen, BlindScreen)
    one, other = (side.generation.seed or 0 for side in screen.sides)
    await here.press("A" if (one > other) is not wrong else "B")


def ranked(here: Here) -> list[int | None]:
    screen = here.app.screen
    assert isinstance(screen, ComparisonScreen)
    return [side.generation.seed for side in screen.sides]


async def test_equal_ones_share_a_place_and_the_heard_one_is_chosen_by_enter(path: Path) -> None:
    async with opened(path, takes=2) as here:
        await here.press("j", "C", "enter")
        await here.until_seen("Hear both first")
        await here.press("E")
        await here.screen_is(ComparisonScreen)
        assert here.text.count("1st") == 2
        await here.press("r")
        await here.screen_is(BlindScreen)
        await here.press("b")
        await here.until_seen("▶ B ")
        screen = here.app.screen
        assert isinstance(screen, BlindScreen)
        heard = screen.sides[1].generation.seed
        await here.press("enter")
        await here.screen_is(ComparisonScreen)
        assert ranked(here)[0] == heard


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"no audio")])
async def test_a_side_that_cant_be_heard_is_told_without_its_name(
    path: Path, damage: Callable[[Path], object]
) -> None:
    async with opened(path, takes=2) as here:
        with here.library() as library:
            files = [library.audio.path(one) for one in here.takes]
        for file in files:
            damage(file)
        await here.press("j", "C")
        await here.screen_is(BlindScreen)
        await here.press("b")
        await until(here.pilot, lambda: "can't be" in here.text)
        assert not [file for file in files if file.stem[:8] in here.text]


async def test_giving_up_asks_and_then_shows_all(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "C")
        await here.screen_is(BlindScreen)
        await decide(here)
        await here.pilot.press("r")
        await here.until_seen("Give the blind ranking up?")
        await here.press("escape")
        await here.until_seen("1 decision taken")
        await here.pilot.press("r")
        await here.until_seen("Give the blind ranking up?")
        await here.press("left", "enter")
        await here.screen_is(ComparisonScreen)
        assert "1st" not in here.text
        with here.library() as library:
            assert not library.comparisons.list()


async def test_comparisons_are_listed_opened_where_they_were_and_deleted(path: Path) -> None:
    async with opened(path, takes=3) as here:
        await here.press("R")
        await here.until_seen("None yet")
        await here.press("escape", "j", "C")
        await here.screen_is(BlindScreen)
        await decide(here)
        await here.press("escape", "G", "R")
        await here.until_seen("3 takes 1 of at most 3", WORDS)
        await here.press("enter")
        await here.screen_is(BlindScreen)
        await here.until_seen("1 decision taken")
        while isinstance(here.app.screen, BlindScreen):
            await decide(here)
        await here.screen_is(ComparisonScreen)
        await here.press("escape", "R")
        await here.until_seen("3 takes ranked")
        await here.press("d")
        await here.until_seen("None yet")
        await here.press("u")
        await here.until_seen("3 takes ranked")


# The winner


async def test_the_winner_is_kept_the_losers_go_and_all_of_it_is_undone(path: Path) -> None:
    async with opened(path) as here:
        with here.library() as library:
            library.generations.favorite(here.takes[0].id)
        await here.press("j", "C")
        await here.screen_is(BlindScreen)
        while isinstance(here.app.screen, BlindScreen):
            await decide(here)
        await here.screen_is(ComparisonScreen)
        await here.pilot.press("enter")
        await here.screen_is(KeepDialog)
        await here.until_seen("Keep A", "move the other 3 takes to the trash")
        await here.press("space", "j", "space")
        await here.until_seen("name, or folder/name")
        await here.press(*"best", "enter")
        await here.screen_is(KeepDialog)
        await here.until_seen("as a preset: best")
        await here.press("enter")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("Kept as a favourite, 2 takes moved to the trash, 1 stays")
        await here.until_seen("2 takes, ", "blind decisions, ")
        with here.library() as library:
            assert library.generations.get(here.takes[3].id).is_favorited
            trashed = library.generations.list(HistoryQuery(trashed=True)).items
            assert {one.id for one in trashed} == {here.takes[1].id, here.takes[2].id}
            assert [one.name for one in library.presets.list()] == ["best"]
        await here.press("u")
        await here.until_seen("Undone: the winner is no longer kept, 2 takes back from the trash")
        await here.until_seen("4 takes, ", "blind decisions, ")
        assert ranked(here) == [3, 2, 1, 0]
        with here.library() as library:
            assert not library.generations.get(here.takes[3].id).is_favorited
            assert not library.generations.list(HistoryQuery(trashed=True)).items
            assert not library.presets.list()


async def test_nothing_is_kept_of_an_order_that_changed_while_it_was_asked(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "C")
        await here.screen_is(BlindScreen)
        while isinstance(here.app.screen, BlindScreen):
            await decide(here, wrong=True)
        await here.screen_is(ComparisonScreen)
        await here.pilot.press("enter")
        await here.screen_is(KeepDialog)
        await here.press("space", "u")  # A is another take now
        await here.until_seen("Undone: decision")
        await here.press("enter")
        await here.until_seen("nothing is kept. Choose again.")
        with here.library() as library:
            assert not library.generations.list(HistoryQuery(trashed=True)).items
            assert not any(library.generations.get(one.id).is_favorited for one in here.takes)


async def test_when_all_that_is_compared_is_deleted_elsewhere_it_is_said(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "c")
        await here.screen_is(ComparisonScreen)
        with here.library() as library:
            library.generations.delete([one.id for one in here.takes])
        await here.until_seen("Nothing is left of what was compared: it was deleted meanwhile.")
        assert not isinstance(here.app.screen, ComparisonScreen)


async def test_the_title_says_how_to_be_surer_in_80_columns(path: Path) -> None:
    async with opened(path, size=(80, 24)) as here:
        await here.press("j", "C")
        await here.screen_is(BlindScreen)
        while isinstance(here.app.screen, BlindScreen):
            await decide(here)
        await here.until_seen("% sure of the first: s asks on")


async def test_seen_ones_need_no_ranking_to_choose_the_winner(path: Path) -> None:
    async with opened(path) as here:
        await here.press("j", "c")
        await here.screen_is(ComparisonScreen)
        await here.pilot.press("j", "enter")
        await here.screen_is(KeepDialog)
        await here.until_seen("Keep B")
        await here.press("enter")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("Kept as a favourite", "♥")
        with here.library() as library:
            assert library.generations.get(here.takes[2].id).is_favorited
            assert not library.generations.list(HistoryQuery(trashed=True)).items


async def test_of_versions_the_winner_becomes_the_default(path: Path) -> None:
    async with opened(path) as here:
        newest = here.takes[-1]
        with here.library() as library:
            file = path.parent / "radio.wav"
            import soundfile

            soundfile.write(file, voice(1.5, 300), 24_000)
            library.versions.add(newest.id, file, label="radio")
        await here.press("j", "enter")
        await here.screen_is(DetailScreen)
        screen = here.app.screen
        assert isinstance(screen, DetailScreen)
        await until(here.pilot, lambda: screen.versions.count == 2)
        while screen.part is not screen.versions:
            await here.press("tab")
        await here.press("c")
        await here.screen_is(ComparisonScreen)
        await here.until_seen("2 versions", "radio", "default")
        await here.press("j" if "radio" in here.text.splitlines()[9] else "k")
        await here.press("b", "enter")
        await here.until_seen("is the default now")
        with here.library() as library:
            assert [one.label for one in library.versions.list(newest.id) if one.is_default] == [
                "radio"
            ]
        await here.press("u")
        await here.until_seen("no longer kept")


# What is sent


async def test_a_tick_repaints_the_playheads_cells_and_blind_nothing_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repainted: list[tuple[Widget, tuple[Region, ...]]] = []
    refresh = Widget.refresh

    def recording(widget: Widget, *regions: Region, **more: Any) -> Widget:
        repainted.append((widget, regions))
        return refresh(widget, *regions, **more)

    def seen(here: Here) -> list[tuple[Widget, tuple[Region, ...]]]:
        # The list beneath may be brought up to date meanwhile; it isn't drawn.
        return [one for one in repainted if one[0].screen is here.app.screen]

    async def ticks(here: Here) -> None:
        await here.playing_from(0.0)
        here.app._tick()
        await here.pilot.pause(0.1)
        repainted.clear()
        for _ in range(12):
            here.sink.now += 0.1
            here.app._tick()
        await here.pilot.pause()

    async with opened(path) as here:
        monkeypatch.setattr(Widget, "refresh", recording)
        await here.press("j", "c", "space")
        await ticks(here)
        assert seen(here)
        for widget, regions in seen(here):
            assert isinstance(widget, SideWave | Transport)
            assert [(region.width <= 7, region.x < 95) for region in regions] == [(True, True)]
        heard = {widget for widget, _ in seen(here) if isinstance(widget, SideWave)}
        assert len(heard) == 1
        await here.press("escape", "C", "space")
        await here.screen_is(BlindScreen)
        await ticks(here)
        assert not seen(here)
