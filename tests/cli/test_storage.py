"""Disk use, clean-up and quotas over the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Clip, Rushes, Told

SIZE = 8_044

Take = Callable[..., str]


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def old(take: Take, days: float, text: str = "Hello", profile: str = "Anna") -> str:
    return take(text, profile, "--created-at", ago(days))


def listed(rushes: Rushes, *what: str) -> set[str]:
    return {item["id"] for item in rushes(*(what or ("list",)), "--json").json["items"]}


def test_disk_use_is_shown_by_kind_profile_engine_and_month(
    rushes: Rushes, take: Take, folder: Path
) -> None:
    old(take, 40)
    old(take, 1, "x", "Zoë [b]")
    gone = take()
    rushes("delete", gone)
    rushes("quota", "set", "anna", "10KB")
    told = rushes("storage")
    assert told.code == 0
    for word in ("takes", "trash", "database", "Anna", "Zoë [b]", "qwen", "over 10 KB", "free"):
        assert word in told.out
    use = rushes("storage", "--json").json
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert use["total_bytes"] == sum(path.stat().st_size for path in files)
    assert use["audio_bytes"] == 3 * SIZE
    assert (use["kinds"]["takes"], use["kinds"]["trash"]) == (2 * SIZE, SIZE)
    profiles = {one["label"]: (one["bytes"], one["quota_bytes"]) for one in use["profiles"]}
    assert profiles == {"Anna": (2 * SIZE, 10_000), "Zoë [b]": (SIZE, None)}
    assert use["policy"] == {"policy": None, "on": False, "last": None}


def test_a_dry_run_says_what_would_go_and_nothing_goes(rushes: Rushes, take: Take) -> None:
    first, second, _ = old(take, 40), old(take, 35), take()
    told = rushes("cleanup", "--older-than", "30d", "--dry-run")
    assert told.code == 0
    assert "2 takes would go to the trash: 16 KB come back" in told.out
    assert "made over 30 days ago" in told.out
    planned = rushes("cleanup", "--older-than", "30d", "--dry-run", "--json").json
    assert planned["done"] == [first, second]
    assert (planned["bytes"], planned["dry_run"], planned["purged"]) == (2 * SIZE, True, [])
    assert planned["parts"] == [
        {"reasons": ["older_than_days"], "generations": 2, "bytes": 2 * SIZE}
    ]
    assert len(listed(rushes)) == 3
    done = rushes("cleanup", "--older-than", "30d", "--json")
    assert done.code == 0
    assert done.json == {**planned, "dry_run": False}
    assert listed(rushes, "trash", "list") == {first, second}
    assert rushes("trash", "restore", *done.json["done"]).code == 0
    assert len(listed(rushes)) == 3


def test_favourites_and_what_is_rated_well_stay(rushes: Rushes, take: Take) -> None:
    loved, rated, plain = old(take, 9), old(take, 8), old(take, 7)
    rushes("favorite", loved)
    rushes("rate", rated, "4")
    told = rushes("cleanup", "--max-size", "1KB", "--protect-rated", "4")
    assert told.code == 0
    assert "1 take moved to the trash" in told.err
    assert "no more may go" in told.err
    assert listed(rushes) == {loved, rated}
    rushes("cleanup", "--keep-per-profile", "1", "--include-favorites")
    assert listed(rushes) == {rated}
    assert plain in listed(rushes, "trash", "list")


def test_only_what_all_conditions_say_goes(rushes: Rushes, take: Take) -> None:
    draft, _, _ = old(take, 9, "a draft"), old(take, 9, "final"), old(take, 1, "a draft")
    assert rushes("cleanup", "--older-than", "1w", "--query", "draft", "--unrated").code == 0
    assert listed(rushes, "trash", "list") == {draft}
    assert "nothing is to be cleaned up" in rushes("cleanup", "--rated-below", "3").err


def test_deleting_for_good_needs_a_yes_where_nobody_can_be_asked(
    rushes: Rushes, take: Take, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = take()
    rushes("delete", gone)
    assert rushes("cleanup", "--trash-older-than", "30").code == 0
    import rushes.library.storage as module

    later = datetime.now(UTC) + timedelta(days=31)
    monkeypatch.setattr(module, "now", lambda: later)
    refused = rushes("cleanup", "--trash-older-than", "30")
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert rushes("cleanup", "--trash-older-than", "30", "--dry-run").code == 0
    assert listed(rushes, "trash", "list") == {gone}
    told = rushes("cleanup", "--trash-older-than", "30", "--yes", "--json")
    assert (told.json["purged"], told.json["freed_bytes"]) == ([gone], SIZE)
    assert list((folder / "audio").rglob("*.wav")) == []


def test_nothing_goes_when_the_person_says_no(
    rushes: Rushes, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    old(take, 40)
    monkeypatch.setattr("rushes.cli.questions.is_terminal", lambda stream: stream is not None)
    monkeypatch.setattr(sys.stdin, "readline", lambda: "n\n", raising=False)
    told = rushes("cleanup", "--older-than", "30d")
    assert told.code == 1
    assert "Move 1 take (8.0 KB) to the trash? [y/N]" in told.err
    assert len(listed(rushes)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["cleanup"],
        ["cleanup", "--include-favorites"],
        ["cleanup", "--older-than", "soon"],
        ["cleanup", "--older-than", "0"],
        ["cleanup", "--max-size", "-5GB"],
        ["cleanup", "--max-size", "lots"],
        ["cleanup", "--rated-below", "9"],
        ["cleanup", "--keep-per-profile", "0"],
        ["cleanup", "--query", " "],
        ["cleanup", "--older-than", "3d", "policy", "save"],
        ["cleanup", "policy", "save"],
        ["cleanup", "police"],
        ["quota", "set", "Anna", "much"],
        ["quota", "refuse", "maybe"],
        ["quota", "--json", "Anna"],
    ],
)
def test_misuse_is_one_line_and_deletes_nothing(
    rushes: Rushes, take: Take, arguments: list[str]
) -> None:
    old(take, 400)
    told = rushes(*arguments)
    assert (told.code, len(told.err.splitlines()), told.out) == (2, 1, "")
    assert len(listed(rushes)) == 1


def test_a_policy_is_saved_switched_and_forgotten(rushes: Rushes, take: Take) -> None:
    assert "no policy" in rushes("cleanup", "policy", "show").err
    assert rushes("cleanup", "policy", "on").code == 1
    saved = rushes("cleanup", "policy", "save", "--older-than", "90d", "--max-size", "5 GB")
    assert (saved.code, saved.out) == (0, "")
    shown = rushes("cleanup", "policy", "show")
    assert "policy: off, hasn't run yet" in shown.out
    assert "made over 90 days ago" in shown.out
    assert "5.0 GB or less" in shown.out
    assert rushes("cleanup", "policy", "on", "--json").json["on"] is True
    old(take, 100)
    kept = rushes("cleanup", "policy", "show", "--json").json
    assert kept["policy"]["max_bytes"] == 5_000_000_000
    assert "policy: on" in rushes("storage").out
    assert rushes("cleanup", "policy", "off").code == 0
    assert rushes("cleanup", "policy", "forget").code == 0
    assert rushes("cleanup", "policy", "forget").code == 1


def test_a_policy_that_is_on_runs_after_what_was_written_and_says_so(
    rushes: Rushes, take: Take
) -> None:
    gone = old(take, 100)
    rushes("cleanup", "policy", "save", "--older-than", "90d")
    assert rushes("list").err == ""
    told = rushes("cleanup", "policy", "on")
    assert "last ran just now: 1 take to the trash (8.0 KB)" in told.err
    assert listed(rushes, "trash", "list") == {gone}
    back = rushes("trash", "restore", gone)
    assert back.err.splitlines() == ["rushes: 1 take back from the trash"]
    assert listed(rushes) == {gone}
    assert "1 take to the trash" in rushes("cleanup", "policy", "show").out


def warned(told: Told) -> bool:
    return told.err.startswith("rushes: Anna uses 16 KB of a quota of 10 KB")


def test_a_quota_warns_whoever_records(rushes: Rushes, take: Take, clip: Clip) -> None:
    take()
    assert rushes("quota", "set", "anna", "10KB").code == 0
    assert rushes("quota").out.split() == ["Anna", "8.0", "KB", "of", "10", "KB"]
    told = rushes("add", clip(), "--profile", "Anna")
    assert (told.code, len(told.lines), warned(told)) == (0, 1, True)
    assert not rushes("add", clip(), "--profile", "Bob").err
    run = rushes("begin", "--profile", "Anna", "--text", "x").out.strip()
    assert "Anna uses 24 KB" in rushes("complete", run, clip()).err
    assert rushes("quota", "list").out.split()[-1] == "over"
    assert rushes("quota", "list", "--json").json["items"][0]["over"] is True
    assert rushes("quota", "remove", "Anna").code == 0
    assert rushes("quota", "--json").json == {"items": [], "total": 0, "refuse": False}


def test_a_quota_refuses_only_where_it_is_told_to(rushes: Rushes, take: Take, clip: Clip) -> None:
    take()
    rushes("quota", "set", "Anna", "10KB")
    assert rushes("quota", "refuse", "on", "--json").json == {"refuse": True}
    told = rushes("add", clip(), clip("b.wav"), "--profile", "Anna")
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 2)
    assert "nothing more is recorded for Anna" in told.err
    assert rushes("quota", "refuse", "off").code == 0
    assert rushes("add", clip(), "--profile", "Anna").code == 0
