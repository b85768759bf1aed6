"""``source``: another program's history is shown, linked, synced and unlinked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Rushes
from tests.exchange.voiceboxes import Voicebox, state_of


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.take("[/whisper] hello", seconds=0.25, duration=9.0)
    voicebox.take("broken", seconds=None, status="failed", profile="Bert [b]")
    return voicebox


def test_a_dry_run_shows_what_is_there_and_links_nothing(
    rushes: Rushes, voicebox: Voicebox
) -> None:
    before = state_of(voicebox.folder)
    told = rushes("source", "add", voicebox.folder, "--dry-run")
    assert told.code == 0
    assert "2 takes, 1 file" in told.lines
    assert "status    1 completed, 1 failed" in told.lines
    assert "profiles  1 Anna, 1 Bert [b]" in told.lines
    assert "from      2026-03-01 to 2026-03-01" in told.lines
    assert "audio     0 missing, 0 unreadable, 0 that nothing names" in told.lines
    found = rushes("source", "add", voicebox.folder, "--dry-run", "--json").json["found"]
    assert found["by_status"] == {"completed": 1, "failed": 1}
    assert found["kind"] == "voicebox"
    assert rushes("list", "--json").json["total"] == 0
    assert rushes("source", "list", "--json").json == {"items": [], "total": 0}
    assert state_of(voicebox.folder) == before


def test_linking_brings_the_takes_with_their_true_lengths(
    rushes: Rushes, voicebox: Voicebox
) -> None:
    told = rushes("source", "add", voicebox.folder, "--json")
    assert told.code == 0
    assert told.json["synced"]["added"] == 2
    assert told.json["source"]["name"] == "voices"
    assert told.json["source"]["unmeasured"] == 0
    takes = {take["text"]: take for take in rushes("list", "--json").json["items"]}
    assert takes["[/whisper] hello"]["duration"] == 0.25
    assert takes["[/whisper] hello"]["audio_file"].startswith(str(voicebox.folder))
    (line,) = rushes("source", "list").lines
    assert "voices" in line
    assert "2 takes" in line


def test_syncing_tells_what_is_new_and_goes_on_past_a_failure(
    rushes: Rushes, voicebox: Voicebox, tmp_path: Path
) -> None:
    rushes("source", "add", voicebox.folder, "--name", "Box")
    assert "Box: nothing new" in rushes("source", "sync").err
    voicebox.take("new")
    told = rushes("source", "sync", "nobody", "Box", "--json")
    assert told.code == 1
    assert [record["added"] for record in told.json["synced"]] == [1]
    assert told.json["failed"][0]["what"] == "nobody"
    voicebox.folder.rename(tmp_path / "away")
    told = rushes("source", "sync", "Box")
    assert told.code == 1
    assert "is gone" in told.err
    assert rushes("source", "list", "--json").json["items"][0]["state"] == "in trouble"


def test_removing_moves_to_the_trash_and_touches_nothing(
    rushes: Rushes, voicebox: Voicebox
) -> None:
    rushes("source", "add", voicebox.folder)
    before = state_of(voicebox.folder)
    told = rushes("source", "remove", "voices")
    assert (told.code, "2 takes moved to the trash" in told.err) == (0, True)
    assert rushes("trash", "list", "--json").json["total"] == 2
    assert rushes("trash", "empty", "--yes").code == 0
    assert rushes("verify").code == 0
    assert state_of(voicebox.folder) == before


def test_files_that_were_not_read_yet_are_read_later(rushes: Rushes, voicebox: Voicebox) -> None:
    rushes("source", "add", voicebox.folder)
    told = rushes("source", "measure")
    assert "0 files measured" in told.err
    assert rushes("source", "measure", "--json").json == {
        "measured": 0,
        "missing": 0,
        "damaged": 0,
    }


@pytest.mark.parametrize("what", ["nowhere", "empty", "text"])
def test_what_is_unknown_is_told_in_a_line(rushes: Rushes, tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what != "nowhere":
        path.mkdir()
    if what == "text":
        (path / "a.txt").write_text("Hello", encoding="utf-8")
    told = rushes("source", "add", path)
    assert told.code == 1
    assert len(told.err.splitlines()) == 1
