"""A command that wrote something looks after the library, once its results are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.library.upkeep import Upkeep
from tests.cli.conftest import Rushes


def test_the_first_change_of_a_day_leaves_a_copy(
    rushes: Rushes, take: Callable[..., str], folder: Path
) -> None:
    take()
    (copy,) = (folder / "backups").iterdir()
    copy.unlink()
    assert rushes("list").code == 0
    assert not copy.exists()
    assert rushes("profiles", "create", "Robot").code == 0
    assert copy.exists()


def test_upkeep_comes_after_the_results(
    rushes: Rushes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before: list[str] = []

    def runs(*_: object) -> tuple[str, ...]:
        before.append(capsys.readouterr().out)
        return ()

    monkeypatch.setattr(Upkeep, "run", runs)
    assert rushes("profiles", "create", "Robot").code == 0
    (told,) = before
    assert len(told.strip()) == 36


def test_what_goes_wrong_with_it_fails_no_command(rushes: Rushes, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    assert rushes("profiles", "create", "Anna").code == 0
    for copy in (folder / "backups").iterdir():
        copy.unlink()
    (folder / "backups").rmdir()
    (folder / "backups").write_text("in the way")
    told = rushes("profiles", "create", "Robot")
    assert (told.code, told.err) == (0, "")
