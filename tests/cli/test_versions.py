"""Versions, presets and comparing, over the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Clip, Rushes

CHAIN = json.dumps([{"type": "reverb", "params": {"room_size": 0.4}}, {"type": "gain"}])

Take = Callable[..., str]


def test_a_version_is_added_shown_in_the_tree_and_made_the_default(
    rushes: Rushes, clip: Clip, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = take()
    options = ("--label", "[hall]", "--effects", CHAIN, "--from", "original")
    added = rushes("versions", "add", identity, clip("a.wav", 2_000), *options)
    assert (added.code, len(added.lines)) == (0, 1)
    second = rushes(
        "versions", "add", identity[:8], clip("b.wav", 1_000), "--from", "[hall]", "--default"
    )
    assert second.code == 0

    monkeypatch.setenv("COLUMNS", "80")
    for command in (("versions", "list"), ("show",)):
        lines = rushes(*command, identity).lines
        at = next(at for at, line in enumerate(lines) if "└ [hall]" in line)
        assert lines[at + 1].strip() == "reverb: room 0.4 · gain"
        assert "    └ version-3  default  0.1s" in lines[at + 3]

    items = rushes("versions", "list", identity, "--json").json["items"]
    assert [one["is_default"] for one in items] == [False, False, True]
    assert items[1]["id"] == added.out.strip()
    assert items[2]["source_version_id"] == items[1]["id"]
    assert rushes("show", identity, "--json").json["duration"] == 0.125


def test_the_default_can_be_changed_and_deleted_but_not_the_last(
    rushes: Rushes, clip: Clip, take: Take
) -> None:
    identity = take()
    rushes("versions", "add", identity, clip("a.wav", 2_000), "--label", "short")
    told = rushes("versions", "default", identity, "short", "--json")
    assert len(told.json["done"]) == 1
    assert rushes("versions", "rename", identity, "short", "brief").code == 0
    refused = rushes("versions", "delete", identity, "brief")
    assert (refused.code, "Add --yes" in refused.err) == (1, True)
    gone = rushes("versions", "delete", identity, "brief", "--yes")
    assert (gone.code, "original is the default now" in gone.err) == (0, True)
    last = rushes("versions", "delete", identity, "original", "--yes", "--json")
    assert (last.code, last.json["done"]) == (1, [])
    assert "last version" in last.json["failed"][0]["error"]


@pytest.mark.parametrize("chain", ["{", "{}", '["gain"]'])
def test_a_chain_that_cannot_be_read_is_told_in_one_line(
    rushes: Rushes, clip: Clip, take: Take, chain: str
) -> None:
    told = rushes("versions", "add", take(), clip("a.wav"), "--effects", chain)
    assert (told.code, told.err.count("\n")) == (1, 1)


def test_takes_are_compared_by_what_differs(
    rushes: Rushes, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = (("temperature=0.7", "42"), ("temperature=0.9", "43"))
    one, other = (
        take("Hello", "Anna", "--param", param, "--param", "top_p=1", "--seed", seed)
        for param, seed in given
    )
    told = rushes("compare", one, other, "--json").json
    assert told["settings"] == [{"path": "seed", "values": [42, 43], "absent": []}]
    assert told["params"] == [{"path": "temperature", "values": [0.7, 0.9], "absent": []}]
    assert {each["name"]: each["values"] for each in told["measures"]}["duration"] == [0.5, 0.5]
    monkeypatch.setenv("COLUMNS", "80")
    words = rushes("compare", one, other)
    assert "  temperature  0.7 → 0.9" in words.lines
    assert "  duration     0.500 s" in words.lines
    assert all(len(line) <= 80 for line in words.lines)
    third = take("Hello", "Anna", "--seed", "42")
    several = rushes("--ascii", "compare", one, other, third)
    assert f"    {third[:8]}  not there" in several.lines
    assert rushes("compare", one, one).code == 2


def test_a_preset_is_saved_shown_moved_and_deleted(rushes: Rushes, take: Take) -> None:
    identity = take("Hello", "Anna", "--seed", "42", "--param", "temperature=0.7")
    saved = rushes("presets", "save", identity, "night/warm", "--description", "soft")
    assert saved.code == 0
    made = take("Bye", "Anna", "--param", "preset_name=warm")
    (item,) = rushes("presets", "list", "--folder", "night", "--json").json["items"]
    assert (item["id"], item["generation_id"]) == (saved.out.strip(), identity)
    assert item["params"] == {
        "engine": "qwen",
        "language": "en",
        "seed": 42,
        "temperature": 0.7,
    }
    shown = rushes("presets", "show", "warm")
    assert "  temperature  0.7" in shown.lines
    assert any(identity[:8] in line for line in shown.lines)
    assert rushes("presets", "show", "warm", "--json").json["generations"] == [made]
    again = rushes("presets", "save", identity, "Night/Warm", "--json")
    assert (again.code, again.json["done"]) == (1, [])
    assert rushes("presets", "rename", "warm", "day/cold").code == 0
    assert "day/cold" in rushes("presets", "list", "--profile", "anna").out
    assert rushes("presets", "delete", "cold").code == 0
    assert rushes("presets", "list", "--json").json["total"] == 0


def test_importing_a_history_brings_its_presets(rushes: Rushes, tmp_path: Path) -> None:
    place = tmp_path / "distill"
    (place / "presets" / "m1").mkdir(parents=True)
    (place / "history.json").write_text('{"version": 1, "entries": {}}')
    (place / "presets" / "m1" / "presets.json").write_text(
        '{"presets": {"p": {"name": "Dark", "slider_positions": [0, null]}}}'
    )
    told = rushes("import", place)
    assert (told.code, "1 preset" in told.err) == (0, True)
    assert any("▅·" in line for line in rushes("presets", "show", "Dark").lines)
