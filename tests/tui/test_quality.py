"""Flags on the screens: a glyph in the row, the reason and the place in the detail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rushes.config import Config
from rushes.library import Library
from rushes.tui.screens.detail import DetailScreen
from tests.library.test_quality import FAULTY, WORDS, speech
from tests.tui.driving import NOON, opened, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "takes"
    with Library.open(path) as library:
        for number, samples in enumerate((speech(), FAULTY["trailing"])):
            library.generations.record(
                profile="Anna",
                text=f"{WORDS} {number}",
                audio=np.asarray(samples),
                sample_rate=8_000,
                created_at=NOON.replace(minute=number),
            )
    return path


@pytest.mark.parametrize(("ascii_only", "glyph"), [(False, "⚑"), (True, "?")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 12)])
async def test_a_flagged_row_has_one_glyph_and_its_columns_stay_straight(
    path: Path, size: tuple[int, int], ascii_only: bool, glyph: str
) -> None:
    config = Config(sound="silence", ascii=ascii_only)
    async with opened(path, size, config) as here:
        rows = [line for line in here.text.splitlines() if WORDS[:9] in line]
        flagged, clean = (line[: line.index(WORDS[:9]) + 9] for line in rows[:2])
        assert glyph in flagged
        assert glyph not in clean
        assert flagged.index("Anna") == clean.index("Anna")
        assert len(flagged) == len(clean)


async def test_the_list_is_filtered_by_flags(path: Path) -> None:
    async with opened(path) as here:
        await here.press("slash", *"is:trailing", "enter")
        await until(here.pilot, lambda: here.texts == [f"{WORDS} 1"])


async def test_the_detail_says_why_and_marks_the_place(path: Path) -> None:
    async with opened(path, (120, 40)) as here:
        await here.press("enter")
        await until(here.pilot, lambda: "3.1 s of silence after it ends, at 0:02.9" in here.text)
        detail = here.app.screen
        assert isinstance(detail, DetailScreen)
        await until(here.pilot, lambda: "LUFS, true peak" in here.text)
        rows = detail.wave._rows()
        marked = {at for row in rows for at, kind in enumerate(row.kinds) if kind == "m"}
        assert marked
        assert min(marked) / detail.wave._width == pytest.approx(2.9 / 6, abs=0.03)
        await here.press("j")
        await until(here.pilot, lambda: "silence after" not in here.text)
        assert not any("m" in row.kinds for row in detail.wave._rows())


async def test_a_take_of_the_same_sound_is_named(path: Path) -> None:
    with Library.open(path) as library:
        twin = library.generations.record(
            profile="Bob", text=WORDS, audio=speech(), sample_rate=8_000, created_at=NOON
        )
        (first,) = library.quality.twins(twin)
    async with opened(path, (120, 40)) as here:
        await until(here.pilot, lambda: len(here.texts) == 3)
        await here.press("G", "enter")
        detail = here.app.screen
        assert isinstance(detail, DetailScreen)
        other = first if detail.generation.id == twin.id else twin.id
        await until(here.pilot, lambda: f"the same sound as another take: {other[:8]}" in here.text)
