"""Takes whose files are missing or damaged: in the list, in the detail, and when played."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.config import Config
from rushes.domain.generation import Generation
from rushes.library import Library
from rushes.tui.screens.detail import DetailScreen
from tests.tui.driving import opened, recorded, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


def spoil(path: Path) -> tuple[Generation, Generation]:
    """Take the newest one's file away, change the next one's bytes, and let verify mark both."""
    takes = recorded(path)
    with Library.open(path) as library:
        library.audio.path(takes[5]).unlink()
        file = library.audio.path(takes[4])
        content = bytearray(file.read_bytes())
        content[-2] ^= 0x55
        file.write_bytes(content)
        library.health.repair(deep=True)
    return takes[5], takes[4]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_a_row_says_what_is_wrong_in_the_place_of_its_waveform(
    path: Path, size: tuple[int, int]
) -> None:
    spoil(path)
    async with opened(path, size) as here:
        first, second = (
            line for line in here.text.splitlines() if "line 5" in line or "line 4" in line
        )
        assert "missing" in first
        assert "damaged" in second
        assert "!" in first


async def test_the_detail_says_it_in_words(path: Path) -> None:
    spoil(path)
    async with opened(path) as here:
        await here.press("enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, DetailScreen))
        await until(here.pilot, lambda: "verify didn't find the file" in here.text)
        await here.press("j")
        await until(here.pilot, lambda: "damaged: verify found" in here.text)


async def test_playing_a_missing_one_says_so_in_a_line(path: Path) -> None:
    spoil(path)
    async with opened(path) as here:
        await here.press("space")
        await until(here.pilot, lambda: "is missing" in here.text)
        assert "Traceback" not in here.text
        assert not here.player.asked


async def test_plain_glyphs_where_asked(path: Path) -> None:
    spoil(path)
    async with opened(path, (120, 40), Config(sound="silence", ascii=True)) as here:
        rows = [line for line in here.text.splitlines() if "line" in line]
        assert all(line.isascii() for line in rows)
        assert "missing" in rows[0]
