"""Takes of the same words as one row of the history, driven by keys on a real library."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

from rushes.domain.query import Sort
from rushes.library import Library
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.detail import DetailScreen
from tests.tui.driving import Here, opened, take, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@dataclass(frozen=True)
class Ids:
    """``hello`` by Anna in four takes, of which one is rated, with ``other`` between; Bob's own."""

    old: str
    best: str
    other: str
    third: str
    newest: str
    bobs: str


@pytest.fixture
def ids(path: Path) -> Ids:
    with Library.open(path) as library:
        lines = ("hello", "Hello", "other", "hello", "hello")
        made = [take(library, text, number) for number, text in enumerate(lines)]
        made.append(take(library, "hello", 9, profile="Bob"))
        library.generations.rate(made[1].id, 3)
    return Ids(*(one.id for one in made))


def shown(here: Here) -> list[str]:
    return [row.id for _, row in here.screen.list.in_sight()]


def folds(here: Here) -> list[tuple[int, bool, bool]]:
    rows = here.screen.list.rows
    found = [rows.fold(at) for at in range(rows.total)]
    return [(fold.takes, fold.opened, fold.member) for fold in found]


@pytest.mark.parametrize("size", [(50, 12), (120, 40)])
async def test_z_folds_the_list_and_opens_a_fold_in_its_place(
    path: Path, ids: Ids, size: tuple[int, int]
) -> None:
    async with opened(path, size) as here:
        await here.press("j", "z")
        assert shown(here) == [ids.bobs, ids.best, ids.other]
        assert folds(here) == [(1, False, False), (4, False, False), (1, False, False)]
        assert here.screen.current
        assert here.screen.current.id == ids.best
        assert [line.count("×4") for line in here.text.splitlines() if "ello" in line] == [0, 1]
        assert "3 rows, 6 takes" in here.text
        await here.press("z")
        assert shown(here) == [ids.bobs, ids.best, ids.newest, ids.third, ids.old, ids.other]
        assert "▾4" in here.text
        assert "×4" not in here.text
        await here.press("j", "j", "j")
        assert here.screen.current.id == ids.old
        await here.press("z")
        assert shown(here) == [ids.bobs, ids.best, ids.other]
        assert here.screen.list.cursor == 1
        await here.press("z", "j", "Z")
        assert shown(here) == [ids.bobs, ids.newest, ids.third, ids.other, ids.best, ids.old]
        assert here.screen.current.id == ids.newest
        assert "everything" in here.text
        assert "×" not in here.text


@pytest.mark.usefixtures("ids")
async def test_a_row_with_one_take_says_so(path: Path) -> None:
    async with opened(path) as here:
        await here.press("z", "g", "z")
        assert "There is one take of it. Z unfolds the list." in here.text
        assert len(shown(here)) == 3


async def test_filters_and_orders_fold_what_they_find(path: Path, ids: Ids) -> None:
    async with opened(path) as here:
        await here.press("Z", "slash", *"hello -is:rated", "enter")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.newest])
        assert folds(here) == [(1, False, False), (3, False, False)]
        assert "2 rows, 4 of 6 takes" in here.text
        here.screen.order_by(Sort.OLDEST)
        await until(here.pilot, lambda: shown(here) == [ids.newest, ids.bobs])
        await here.press("escape")
        await until(here.pilot, lambda: shown(here) == [ids.best, ids.other, ids.bobs])


async def test_space_plays_the_best_take_and_enter_opens_it(path: Path, ids: Ids) -> None:
    async with opened(path) as here:
        await here.press("z", "j", "space")
        assert [source.key for source in here.player.asked] == [ids.best]
        await here.press("space", "enter")
        assert isinstance(here.app.screen, DetailScreen)
        assert here.app.screen.generation.id == ids.best


async def test_the_row_follows_what_is_best_and_the_cursor_stays_on_it(
    path: Path, ids: Ids
) -> None:
    async with opened(path) as here:
        await here.press("z", "j")
        with here.library() as library:
            library.generations.favorite(ids.old)
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.old, ids.other])
        assert here.screen.list.cursor == 1
        await here.press("f")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.best, ids.other])
        await here.press("0")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.newest, ids.other])
        assert here.screen.list.cursor == 1


@pytest.mark.usefixtures("ids")
async def test_new_takes_join_their_fold_by_themselves(path: Path) -> None:
    async with opened(path) as here:
        await here.press("z", "G")
        with here.library() as library:
            take(library, "HELLO", 20)
            take(library, "new words", 21)
        await until(here.pilot, lambda: len(shown(here)) == 4)
        assert sorted(fold[0] for fold in folds(here)) == [1, 1, 1, 5]
        assert here.texts[1] == "Hello"
        assert here.screen.current
        assert here.screen.current.text == "other"


async def test_delete_takes_the_shown_one_and_says_what_stays(path: Path, ids: Ids) -> None:
    async with opened(path) as here:
        await here.press("z", "j", "d")
        assert "1 take moved to the trash; 3 other takes stay. u brings it back." in here.text
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.newest, ids.other])
        await here.press("d")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.third, ids.other])
        await here.press("d")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.other, ids.old])
        assert here.screen.current
        assert here.screen.current.id == ids.old
        await here.press("u")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.third, ids.other])
        await here.press("D")
        assert isinstance(here.app.screen, Confirm)
        assert "1 other take" in here.text
        await here.press("escape", "u", "u")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.best, ids.other])


async def test_a_mark_on_a_fold_is_on_all_its_takes(path: Path, ids: Ids) -> None:
    hellos = {ids.old, ids.best, ids.third, ids.newest}
    async with opened(path) as here:
        await here.press("z", "j", "m")
        assert here.screen.list.marked == hellos
        assert "4 marked" in here.text
        assert here.screen.list.cursor == 2
        await here.press("k", "m")
        assert not here.screen.list.marked
        await here.press("g", "m", "j", "v")
        assert here.screen.list.marked == set(astuple(ids))
        await here.press("g", "m", "G", "m", "d")
        assert "4 takes moved to the trash. u brings them back." in here.text
        await until(here.pilot, lambda: here.texts == ["hello", "other"])
        await here.press("u")
        await until(here.pilot, lambda: len(shown(here)) == 3)


async def test_one_take_of_an_opened_fold_is_marked_and_deleted_by_itself(
    path: Path, ids: Ids
) -> None:
    async with opened(path) as here:
        await here.press("z", "j", "z", "j", "m")
        assert here.screen.list.marked == {ids.newest}
        await here.press("m", "d")
        await until(here.pilot, lambda: shown(here) == [ids.bobs, ids.other, ids.best, ids.old])
        assert folds(here)[2] == (2, True, False)
