"""What changes in a linked source appears on the screen by itself, measured."""

from __future__ import annotations

from pathlib import Path

from rushes.library import Library
from tests.exchange.voiceboxes import Voicebox, state_of
from tests.tui.driving import desk, rows_shown, until


async def test_a_new_take_of_a_linked_source_appears_by_itself(tmp_path: Path) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.take("the first")
    with Library.open(tmp_path / "takes") as library:
        library.sources.add(voicebox.folder)
    app = desk(tmp_path / "takes")
    async with app.run_test(size=(120, 36)) as pilot:
        history = await rows_shown(pilot)
        assert history.list.rows.total == 1
        voicebox.take("the second", seconds=0.2, created_at="2026-04-01 12:00:00.000000")
        before = state_of(voicebox.folder)

        def is_here() -> bool:
            found = history.list.rows.get(0)
            return found is not None and found.text == "the second" and found.facts is not None

        await until(pilot, is_here)
        found = history.list.rows.get(0)
        assert found is not None
        assert found.duration == 0.2
    assert state_of(voicebox.folder) == before
