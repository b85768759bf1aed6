"""What every screen looks like, at the two sizes that everybody has."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rushes.config import Config
from rushes.domain import ids, times
from rushes.domain.health import Report
from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch, unwatched
from rushes.library import Library, disk_use, stories, story_items, syncing
from rushes.library.health import Health
from rushes.store import write_sources
from rushes.tui.app import RushesApp
from rushes.tui.widgets import source_list, story_list
from tests.exchange.voiceboxes import MADE, Voicebox
from tests.tui.driving import Recorder, rows_shown, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
LINES = (
    ("Anna", "Hello and welcome to the show, [laughs] it is good to have you here."),
    ("Anna", "Hello and welcome to the show, [laughs] it is good to have you here."),
    ("Narrator", "It was a bright cold day in April, and the clocks were striking thirteen."),
    ("声優 A", "今日はいい天気ですね。散歩に行きませんか。"),
    ("Robot", "100% of a_b [/whisper] done"),
    ("Grandpa", "When I was your age we walked to the tape library. 👵🏽"),
    ("Newsreader", "Good evening. Here are the headlines\nat six o'clock."),
)

SnapCompare = Callable[..., bool]


class CountingOs:
    """Stands for ``os`` where ids are made: the same ids in every run, and so the same colours."""

    def __init__(self) -> None:
        self._count = 0

    def urandom(self, size: int) -> bytes:
        self._count += 1
        return (self._count * 0x9E3779B97F4A7C15F39CC0605CEDC834).to_bytes(20, "big")[-size:]


def clip(number: int) -> np.ndarray[Any, Any]:
    """Syllables of a triangle wave in whole numbers, which every processor reckons alike.

    One of them begins late, which is flagged.
    """
    frames = np.arange(24_000 * (5 + number % 4) // 2)
    wave = np.abs(frames * (3 + number) % 400 - 200) - 100
    syllable = np.maximum(0, np.abs((frames + 3_000) % 6_000 - 3_000) - 700 - 150 * (number % 5))
    late = 48_000 if number == 24 else 0
    return np.asarray(np.pad(wave * syllable // 17, (late, 0)), dtype=np.int16)


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One clock, one time zone, one row of ids, all colours."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    monkeypatch.setattr(ids, "os", CountingOs())
    monkeypatch.setattr(times, "now", lambda: NOW)
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def same_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """One disk, one database, one SQLite: what of them is shown differs between machines."""
    monkeypatch.setattr(disk_use, "free_room", lambda _: 310_000_000_000)
    monkeypatch.setattr(disk_use, "_named_like", lambda _, name: 7_000 * len(name))
    beside = {"backups": 240_000}
    monkeypatch.setattr(disk_use, "taken_by", lambda folder: beside.get(folder.name, 0))
    real = Health.check

    def check(health: Health, *, deep: bool = False, watch: Watch = unwatched) -> Report:
        report = real(health, deep=deep, watch=watch)
        said = {"sqlite_version": "3.50.7", "journal": "wal", "journal_reason": "its fix is there"}
        return replace(report, **said)  # type: ignore[arg-type]  # its own fields

    monkeypatch.setattr(Health, "check", check)


@pytest.fixture
def path(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library in the person's home: "~/takes" on the screen."""
    folder = own_home / "takes"
    with Library.open(folder) as library:
        library.filters.save("best", "rating:>3 -is:failed")
        monkeypatch.setattr(ids, "os", CountingOs())  # whatever the first write has taken
        for number in range(28):
            profile, text = LINES[number % len(LINES)]
            library.generations.record(
                profile=profile,
                text=text,
                audio=clip(number),
                sample_rate=24_000,
                language="ja" if profile == "声優 A" else "en",
                engine=("qwen", "chatterbox")[number % 2],
                model_size="1.7B" if number % 2 == 0 else None,
                seed=number * 7,
                params={"temperature": 0.7, "top_p": 0.9},
                rating=number % 6 or None,
                is_favorited=number % 5 == 2,
                created_at=NOW - timedelta(hours=5 * (28 - number)),
            )
        lost = library.generations.begin(profile="Narrator", text="Lost", created_at=NOW)
        library.generations.fail(lost.id, "CUDA out of memory: tried to allocate 1.2 GiB")
        library.generations.begin(
            profile="Narrator",
            text="The last line of the second chapter, read slowly",
            created_at=NOW - timedelta(seconds=12),
        )
        listed = library.generations.ids(HistoryQuery())
        library.generations.tag(listed[9], add=["chapter one", "keep"])
        library.generations.tag(listed[20:24], add=["声優", "[/x]"])
        library.filters.save("mine", 'profile:="Anna" [laughs]')
        library.audio.path(library.generations.get(listed[25])).unlink()
    (folder / "audio" / "stray.wav").write_bytes(b"RIFF, and no more")
    return folder


def app_on(path: Path, **config: Any) -> RushesApp:
    app = RushesApp(path, Config(sound="silence", **config))
    app.desk.player = Recorder(app)
    return app


def after(*keys: str, sees: str = "") -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Press keys once the rows are there, and wait for some text and for everything to rest."""

    async def prepare(pilot: Pilot[Any]) -> None:
        await rows_shown(pilot)
        await until(pilot, lambda: "sound off" in text_of(pilot))
        for key in keys:
            await pilot.press(key)
        await until(pilot, lambda: sees in text_of(pilot))
        await until(pilot, lambda: not any(w.is_running for w in busy(pilot)))
        await pilot.pause(0.4)
        pilot.app.clear_notifications()  # they go by themselves, sooner or later
        await until(pilot, lambda: not any(w.is_running for w in busy(pilot)))
        await pilot.pause()

    return prepare


def busy(pilot: Pilot[Any]) -> list[Any]:
    # These wait for the person.
    asking = ("purge", "note", "work", "transfer", "asking", "into-story")
    return [worker for worker in pilot.app.workers if worker.group not in asking]


def text_of(pilot: Pilot[Any]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


SCREENS: dict[str, tuple[tuple[str, ...], str]] = {
    "history": (("j", "j"), "everything"),
    "marks": (("j", "j", "m", "m", "f"), "2 marked"),
    "deck": (("j", "j", "space"), "0:00.0"),
    "filter": (("slash", *"narrator"), "of 30"),
    "no_match": (("slash", *"zzz", "enter"), "Nothing matches"),
    "preview": (("P", "j", "j"), ""),
    "detail": (("j", "j", "j", "enter"), "temperature"),
    "detail_running": (("j", "enter"), "second chapter"),
    "statistics": (("s",), "languages"),
    "profiles": (("p",), "Newsreader"),
    "order": (("o", "j"), "by profile"),
    "tags": ((*"jjjjjjjjj", "t", "c"), "chapter one"),
    "note": (("j", "n"), "no note"),
    "filters": (("F", "j"), "rating"),
    "storage": (("w",), "free"),
    "verified": (("w", "v"), "left to do"),
    "clean_up": (("w", "c", "j"), "go by it"),
    "repair": (("w", "r"), "Repair the library?"),
    "trash": (("j", "j", "d", "d", "T"), "2 takes"),
    "help": (("question_mark",), "Keys"),
    "confirm": (("D",), "for good?"),
    "palette": (("colon",), "Search"),
    "export": (("j", "j", "m", "m", "e", "shift+tab", "right"), "audio as it is"),
    "import": (("i", "tilde", "slash", "t"), "takes/"),
}


@SIZES
@pytest.mark.parametrize("name", SCREENS)
def test_screen(snap_compare: SnapCompare, path: Path, name: str, size: tuple[int, int]) -> None:
    keys, sees = SCREENS[name]
    assert snap_compare(app_on(path), terminal_size=size, run_before=after(*keys, sees=sees))


@pytest.mark.parametrize("theme", ["light", "terminal"])
def test_screen_in_other_colours(snap_compare: SnapCompare, path: Path, theme: str) -> None:
    app = app_on(path, theme=theme)
    assert snap_compare(app, terminal_size=(120, 40), run_before=after("j", "j"))


def test_screen_in_plain_glyphs(snap_compare: SnapCompare, path: Path) -> None:
    app = app_on(path, ascii=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=after("j", "j", "space"))


async def fold(pilot: Pilot[Any]) -> None:
    """Fold the list, and open the fold in the third row."""
    await after("z", sees="8 rows")(pilot)
    await pilot.press("j", "j", "z")
    await after("j", sees="11 rows")(pilot)


@SIZES
def test_folded_list(snap_compare: SnapCompare, path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(app_on(path), terminal_size=size, run_before=fold)


def test_folded_list_in_plain_glyphs(snap_compare: SnapCompare, path: Path) -> None:
    app = app_on(path, ascii=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=fold)


def test_wide_screen_with_preview(snap_compare: SnapCompare, path: Path) -> None:
    keys = after("j", "j", "j", sees="temperature")
    assert snap_compare(app_on(path), terminal_size=(160, 42), run_before=keys)


@SIZES
def test_empty_library(snap_compare: SnapCompare, own_home: Path, size: tuple[int, int]) -> None:
    app = app_on(own_home / "takes")
    keys = after(sees="rushes demo")
    assert snap_compare(app, terminal_size=size, run_before=keys)


COMPARISONS: dict[str, tuple[tuple[str, str], ...]] = {
    "seen": (("c", "Comparison"), ("x", "▌ B"), ("x", "▌ C")),
    "blind": (("C", "0 decisions"), ("E", "1 decision taken")),
    "ranked": (("m", "1 marked"), ("m", "2 marked"), ("C", "0 decisions"), ("B", "1st")),
}


@SIZES
@pytest.mark.parametrize("name", COMPARISONS)
def test_comparison(
    snap_compare: SnapCompare,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr("secrets.randbits", lambda _: 7)

    async def prepare(pilot: Pilot[Any]) -> None:
        await after(*"jjjjjjj")(pilot)
        for key, sees in COMPARISONS[name]:
            await pilot.press(key)
            await until(pilot, lambda sees=sees: sees in text_of(pilot))  # type: ignore[misc]
            await until(pilot, lambda: not any(w.is_running for w in busy(pilot)))
        await pilot.pause(0.4)
        pilot.app.clear_notifications()
        await pilot.pause()

    assert snap_compare(app_on(path), terminal_size=size, run_before=prepare)


SOURCES: dict[str, tuple[tuple[str, ...], str]] = {
    "list": (("W",), "2 linked"),
    "remove": (("W", "j", "d"), "Remove"),
}


@SIZES
@pytest.mark.parametrize("name", SOURCES)
def test_sources(
    snap_compare: SnapCompare,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
) -> None:
    for module in (write_sources, syncing, source_list):
        monkeypatch.setattr(module, "now", lambda: NOW)
    voices, other = Voicebox(own_home / "voices" / "data"), Voicebox(own_home / "声優 [b]")
    for number in range(12):
        voices.take(f"line {number}", profile=("Anna", "Bob")[number % 2])
    lost = voices.take("lost")
    (voices.folder / "generations" / f"{lost}.wav").unlink()
    other.take("one")
    with Library.open(own_home / "takes") as library:
        library.sources.add(voices.folder)
        monkeypatch.setattr(write_sources, "now", lambda: NOW + timedelta(seconds=30))
        library.sources.add(other.folder)
        library.measuring.run()
    keys, sees = SOURCES[name]
    prepare = after(*keys, sees=sees)
    assert snap_compare(app_on(own_home / "takes"), terminal_size=size, run_before=prepare)


STORIES: dict[str, tuple[tuple[str, ...], str]] = {
    "list": (("S", "j"), "3 stories, 1 of them linked"),
    "timeline": (("S", "enter", "j", "j"), "item 3 of 7"),
    "values": (("S", "enter", "j", "t"), "heard from"),
    "pin": (("S", "enter", "p"), "whichever"),
    "export": (("S", "e"), "cue list"),
    "into": (("m", "m", "b", *"r"), "new  r"),
}


@pytest.fixture
def told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A story on three tracks with all that can be done to items; an empty and a linked one."""
    for module in (write_sources, syncing, source_list, stories, story_items, story_list):
        monkeypatch.setattr(module, "now", lambda: NOW)
    voices = Voicebox(own_home / "voices")
    voices.insert("stories", id="s", name="Theirs", created_at=MADE, updated_at=MADE)
    with Library.open(own_home / "takes") as library:
        ids = [
            library.generations.record(
                profile=profile,
                text=text,
                audio=clip(number),
                sample_rate=24_000,
                created_at=NOW - timedelta(hours=5 * (28 - number)),
            ).id
            for number, (profile, text) in enumerate(LINES)
        ]
        library.sources.add(voices.folder)
        library.stories.create("An idea for later [b]")
        story = library.stories.create("The river", "A night beside it, and a radio.").story
        spoken = library.stories.add(story, [ids[0], ids[2], ids[3], ids[5]], gap_ms=200).items
        library.stories.add(story, [ids[6]], at_ms=2_400, track=1)
        radio = library.stories.add(story, [ids[4]], at_ms=6_000, track=1).items[0]
        ground = library.stories.add(story, [ids[6]], at_ms=500, track=2).items[0]
        library.stories.set_volume(ground, 0.25)
        library.stories.trim(radio, 400, 1_000)
        library.stories.pin(spoken[0], "original")
        library.generations.delete([ids[5]])
    return own_home / "takes"


@SIZES
@pytest.mark.parametrize("name", STORIES)
def test_stories(snap_compare: SnapCompare, told: Path, name: str, size: tuple[int, int]) -> None:
    keys, sees = STORIES[name]
    assert snap_compare(app_on(told), terminal_size=size, run_before=after(*keys, sees=sees))


@pytest.mark.parametrize(
    "look",
    [{"theme": "light"}, {"theme": "terminal"}, {"ascii": True}],
    ids=["light", "terminal", "plain"],
)
def test_a_story_in_other_looks(
    snap_compare: SnapCompare, told: Path, look: dict[str, Any]
) -> None:
    keys = after("S", "enter", "j", "j", sees="item 3 of 7")
    assert snap_compare(app_on(told, **look), terminal_size=(80, 24), run_before=keys)
