"""``compress`` and ``expand`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.library.recoding import Recoding
from tests.cli.conftest import Clip, Rushes


def held(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "audio").rglob("*") if path.is_file())


def test_all_takes_become_flac_and_come_back(
    rushes: Rushes, take: Callable[..., str], folder: Path, clip: Clip
) -> None:
    ids = [take(str(number)) for number in range(3)]
    trial = rushes("compress", "--dry-run")
    assert (trial.code, trial.err) == (0, "")
    assert trial.lines[0].startswith("3 takes would be compressed: 3 files, 24 KB to ")
    assert [path.suffix for path in held(folder)] == [".wav"] * 3
    done = rushes("compress")
    assert done.lines[0] == trial.lines[0].replace("would be ", "")
    assert [path.suffix for path in held(folder)] == [".flac"] * 3
    assert rushes("compress").lines == ["0 takes compressed", "3 takes skipped: FLAC already"]
    back = rushes("expand", ids[0][:8])
    assert back.lines[0].startswith("1 take expanded: 1 file")
    assert back.lines[0].endswith("more")
    assert rushes("expand", "--query", "after:1970").code == 0
    assert [path.read_bytes() for path in held(folder)] == [clip().read_bytes()] * 3


def test_json_says_the_same(rushes: Rushes, take: Callable[..., str], folder: Path) -> None:
    first, second = take("one"), take("two")
    rushes("compress", first)
    told = rushes("compress", "--dry-run", "--json", "--query", "after:1970")
    assert told.code == 0
    document = told.json
    assert document["dry_run"] is True
    assert document["done"] == [second]
    assert document["skipped"] == {"flac": [first]}
    assert document["failed"] == []
    assert document["bytes_before"] == 8_044
    done = rushes("compress", "--json", "--query", "after:1970").json
    assert done == {**document, "dry_run": False}
    size = sum(path.stat().st_size for path in held(folder))
    assert done["bytes_after"] * 2 == size


def test_what_cannot_be_done_is_told_and_the_rest_goes_on(
    rushes: Rushes, take: Callable[..., str], folder: Path
) -> None:
    first, second = take("one"), take("two")
    (file,) = [path for path in held(folder) if first in path.name]
    file.unlink()
    told = rushes("compress", first, second, "no-such-id")
    assert told.code == 1
    assert told.lines[0].startswith("1 take compressed")
    assert f"the audio of {first}" in told.err
    assert "no-such-id" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("command", ["compress", "expand"])
def test_misuse_is_refused(rushes: Rushes, take: Callable[..., str], command: str) -> None:
    one = take()
    assert rushes(command, one, "--query", "x").code == 2
    assert rushes(command, "--query", " ").code == 2
    assert rushes(command, "--query", "after:nonsense").code == 2


def test_stopping_half_way_leaves_a_whole_library(
    rushes: Rushes, take: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [take(str(number)) for number in range(2)]
    takes = Recoding._takes

    def stop(self: Recoding, wanted: list[str]) -> object:
        for number, one in takes(self, wanted):
            if number == 1:
                raise KeyboardInterrupt
            yield number, one

    monkeypatch.setattr(Recoding, "_takes", stop)
    assert rushes("compress", *ids).code == 130
    monkeypatch.undo()
    assert sorted(path.suffix for path in held(folder)) == [".flac", ".wav"]
    assert not list((folder / "incoming").iterdir())
    assert rushes("compress").lines[0].startswith("1 take compressed")
