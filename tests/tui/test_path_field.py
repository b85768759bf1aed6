"""The field for paths: what is typed narrows, tab completes, and no folder is waited for."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from rushes.paths import styles_dir
from rushes.tui import path_words
from rushes.tui.colours import DARK
from rushes.tui.path_words import Listing, candidates, parts_of, read_listing
from rushes.tui.screens.ask_path import AskPath
from rushes.tui.theme import theme_of
from rushes.tui.widgets import path_field
from tests.tui.driving import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.dom import DOMNode
    from textual.pilot import Pilot


class Asking(App[None]):
    """Nothing but the question, on the real styles."""

    CSS_PATH = styles_dir() / "app.tcss"

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.register_theme(theme_of(DARK))
        self.theme = f"rushes-{DARK.name}"
        self.answers: list[str | None] = []
        self._path = path

    def on_mount(self) -> None:
        self.push_screen(AskPath("Which [b]?", self._path), self.answers.append)

    def start(
        self, node: DOMNode, work: Callable[[], Awaitable[None]], *, group: str, **_: object
    ) -> None:
        node.run_worker(work, group=group, exclusive=True)

    @property
    def typed(self) -> str:
        return str(self.screen.query_one("#answer").value)  # type: ignore[attr-defined]  # an Input

    @property
    def lines(self) -> list[str]:
        """What the dialog says, a line each."""
        strips = self.screen._compositor.render_strips()
        return [line for strip in strips if (line := strip.text.strip())]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with others in it, which is the current one and the home."""
    for name in ("Music", "Movies", "voices [b]", ".hidden", "声優"):
        (tmp_path / name).mkdir()
    (tmp_path / "Music" / "deep").mkdir()
    for name in ("mood.zip", "Music.txt", "\x1b[2J.zip", "a\nb"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


async def listed(pilot: Pilot[None], app: Asking) -> None:
    await pilot.pause()
    await until(pilot, lambda: not any(path_field.READING in line for line in app.lines))


async def typing(pilot: Pilot[None], app: Asking, text: str) -> None:
    await pilot.press(*("slash" if c == "/" else "tilde" if c == "~" else c for c in text))
    await listed(pilot, app)


@pytest.mark.usefixtures("there")
async def test_typing_narrows_folders_first_and_tab_completes() -> None:
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, app)
        assert app.lines[1:-1] == [
            "Movies/",
            "Music/",
            "voices [b]/",
            "声優/",
            "mood.zip",
            "Music.txt",
        ]
        await typing(pilot, app, "M")
        assert app.lines[2:-1] == ["Movies/", "Music/", "Music.txt"]
        await pilot.press("tab")
        assert app.typed == "M"
        await typing(pilot, app, "o")
        await pilot.press("tab")
        await listed(pilot, app)
        assert app.typed == "Movies/"
        assert path_field.EMPTY in app.lines
        await pilot.press(*["backspace"] * 7)
        await typing(pilot, app, "~/mus")
        assert app.lines[2:-1] == ["Music/", "Music.txt"]
        await pilot.press("down", "enter")
        await listed(pilot, app)
        assert app.typed == "~/Music/"
        assert "deep/" in app.lines
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == ["~/Music/"]


@pytest.mark.usefixtures("there")
async def test_the_arrows_choose_and_escape_answers_nothing() -> None:
    app = Asking("M")
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot, app)
        await pilot.press("down", "down", "down", "down", "tab")
        assert app.typed == "Music.txt"
        await pilot.press("down", "up", "escape")
        await pilot.pause()
    assert app.answers == [None]


@pytest.mark.usefixtures("there")
async def test_what_is_hidden_is_for_whoever_types_the_dot() -> None:
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await typing(pilot, app, ".")
        assert ".hidden/" in app.lines


async def test_many_names_are_counted(there: Path) -> None:
    for number in range(40):
        (there / "Music" / f"{number:02}").touch()
    app = Asking("Music/")
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, app)
        assert "36 more" in app.lines
        await pilot.press(*["down"] * 12)
        assert any("10" in line for line in app.lines)


@pytest.mark.usefixtures("there")
async def test_a_folder_that_cannot_be_read_is_told() -> None:
    app = Asking("nowhere/")
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, app)
        assert "there is no such folder" in app.lines
        await typing(pilot, app, "x")
        await pilot.press("tab")
        assert app.typed == "nowhere/x"


@pytest.mark.usefixtures("there")
async def test_a_folder_that_hangs_holds_nothing_up_and_comes_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go = Event(), Event()

    def read(head: str) -> Listing:
        if head == "slow/":
            begun.set()
            assert go.wait(30)
            return Listing(files=("late",))
        return read_listing(head)

    monkeypatch.setattr(path_field, "read_listing", read)
    app = Asking("slow/")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, begun.is_set)
        assert path_field.READING in app.lines
        await pilot.press(*["backspace"] * 5)
        await typing(pilot, app, "Mov")
        assert "Movies/" in app.lines
        go.set()
        await pilot.pause(0.05)
        assert "late" not in app.lines
        assert "Movies/" in app.lines


@pytest.mark.usefixtures("there")
def test_names_that_cannot_be_typed_are_left_out() -> None:
    listing = read_listing("")
    assert listing.files == ("mood.zip", "Music.txt")
    assert read_listing("~/Music/").folders == ("deep",)
    assert read_listing("Music.txt/").fault
    assert read_listing("\0/").fault


@pytest.mark.usefixtures("there")
def test_of_a_huge_folder_a_part_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_words, "MOST_NAMES", 3)
    listing = read_listing("")
    assert len(listing.folders) + len(listing.files) <= 3


@given(st.lists(st.text(min_size=1)), st.text())
def test_what_is_completed_is_how_all_of_them_begin(names: list[str], beginning: str) -> None:
    found = candidates(Listing(files=tuple(names)), beginning)
    assert all(name.startswith(found.common) for name in found.names)
    longer = {name[: len(found.common) + 1] for name in found.names}
    assert not found.names or len(longer) != 1 or found.common in found.names


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", ("", "")), ("a", ("", "a")), ("~", ("~/", "")), ("~/a", ("~/", "a")), ("/", ("/", "")),
     ("/a/b", ("/a/", "b"))],
)  # fmt: skip
def test_a_path_is_its_folder_and_a_beginning(text: str, parts: tuple[str, str]) -> None:
    assert parts_of(text) == parts
