"""Exporting from the screens: told in a line, and called off between two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import AudioAlone
from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch
from rushes.errors import BadInput, BadPattern
from rushes.library import Library
from rushes.tui.export_tasks import ExportTasks, Wish
from rushes.tui.host import host_of
from tests.tui.driving import Here, opened, recorded


async def never(title: str, text: str, answer: str) -> bool:
    raise AssertionError(f"asked: {title} {text} {answer}")


def tasks(here: Here, said: list[str]) -> ExportTasks:
    return ExportTasks(host_of(here.app), never, said.append)


async def test_what_is_exported_is_told_in_a_line(tmp_path: Path) -> None:
    takes = recorded(tmp_path / "takes", 3)
    out = tmp_path / "[b]out"
    async with opened(tmp_path / "takes") as here:
        said: list[str] = []
        export = tasks(here, said)
        await export.export(Wish(HistoryQuery(), str(out)))
        await export.export(Wish([takes[0].id, "gone"], str(out), AudioAlone(AudioFormat.MP3)))
        await export.export(Wish(["gone"], str(out)))
        await export.export(Wish([], str(out)))
        for wish in (Wish([takes[0].id], str(tmp_path / "takes")), Wish([], str(out), name="{")):
            with pytest.raises((BadInput, BadPattern)):
                await export.export(wish)
        assert here.app.desk.work is None
    assert [line.partition(",")[0].partition(":")[0] for line in said] == [
        f"Exported 3 takes to {out}",
        f"Exported 1 take to {out}",
        "Nothing was exported; 1 take failed",
        "There was nothing to export.",
    ]
    assert "1 take failed: no generation has the id gone" in said[1]
    assert len(list(out.glob("*.zip"))) == 3
    assert len(list(out.glob("*.mp3"))) == 1


async def test_called_off_what_is_done_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(tmp_path / "takes", 4)
    out = tmp_path / "out"
    async with opened(tmp_path / "takes") as here:
        said: list[str] = []
        export = tasks(here, said)
        do = export.do

        async def ended_after_two(name: str, job: object) -> object:
            def watched(library: Library, watch: Watch) -> object:
                def look(done: int, total: int, doing: str = "") -> None:
                    if done == 2:
                        assert here.app.desk.work is not None
                        here.app.desk.work.call_off()
                    watch(done, total, doing)

                return job(library, look)  # type: ignore[operator]

            return await do(name, watched)

        monkeypatch.setattr(export, "do", ended_after_two)
        await export.told(lambda: export.export(Wish(HistoryQuery(), str(out))))
    assert said == ["Called off: what is done stays, and nothing is half done."]
    assert len(list(out.iterdir())) == 2
