"""The screens look after the library while nobody waits, and never when they are left."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.watch import Watch
from rushes.library import Library
from rushes.tui import app as tui_app
from tests.tui.driving import desk, rows_shown, take, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library = Library.open(tmp_path / "takes")
    take(library, "Hello")
    library.close()
    return tmp_path / "takes"


async def test_a_while_after_the_first_rows_the_days_copy_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui_app, "UPKEEP_AFTER", 0.01)
    async with desk(folder).run_test() as pilot:
        await rows_shown(pilot)
        await until(pilot, lambda: list((folder / "backups").glob("*.db")))


class Endless:
    """A job that only the watch can end."""

    name = "endless"

    def __init__(self) -> None:
        self.steps = 0
        self.ended = False

    def is_due(self) -> bool:
        return True

    def run(self, watch: Watch) -> bool:
        try:
            while True:
                watch(self.steps, self.steps + 1)
                self.steps += 1
        finally:
            self.ended = True


async def test_leaving_calls_it_off(folder: Path) -> None:
    app, job = desk(folder), Endless()
    async with app.run_test() as pilot:
        await rows_shown(pilot)
        await app.desk.ask(lambda library: setattr(library.upkeep, "jobs", (job,)))
        app._look_after()
        await until(pilot, lambda: job.steps)
    assert job.ended
