"""config: where settings come from, and the keys."""

from __future__ import annotations

from pathlib import Path

from rushes.paths import config_file
from rushes.tui.actions import ACTIONS
from tests.cli.conftest import Rushes


def write(text: str) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(text, encoding="utf-8")


def test_config_path_is_one_line(rushes: Rushes) -> None:
    assert rushes("config", "path").lines == [str(config_file())]


def test_config_show_says_where_each_setting_came_from(rushes: Rushes, folder: Path) -> None:
    write('theme = "light"\n')
    settings = rushes("config", "show", "--json").json["settings"]
    assert settings["theme"]["value"] == "light"
    assert settings["theme"]["from"] == str(config_file())
    assert settings["sound"]["from"] == "default"
    assert settings["library"] == {
        **settings["library"],
        "value": str(folder),
        "from": "--library",
    }
    assert f"{folder}  (--library)" in rushes("config", "show").out


def test_config_show_tells_what_is_wrong_and_ends_with_1(rushes: Rushes) -> None:
    write('theme = "drak"\n[keys]\nfly = "x"\n')
    told = rushes("config", "show")
    assert told.code == 1
    assert "drak" in told.err
    assert "fly" in told.err
    assert len(rushes("config", "show", "--json").json["problems"]) == 2


def test_config_keys_lists_every_action_with_the_keys_that_hold(rushes: Rushes) -> None:
    write('[keys]\nfavorite = "b"\n')
    items = rushes("config", "keys", "--json").json["items"]
    assert [item["id"] for item in items] == [action.id for action in ACTIONS]
    keys = {item["id"]: item["keys"] for item in items}
    assert keys["favorite"] == ["b"]
    told = rushes("config", "keys").out
    assert all(action.id in told for action in ACTIONS)


def test_a_setting_that_cannot_be_used_is_told_and_the_command_goes_on(rushes: Rushes) -> None:
    write('theme = "drak"\n')
    told = rushes("list")
    assert told.code == 0
    assert "drak" in told.err


def test_an_unknown_theme_is_misuse(rushes: Rushes) -> None:
    assert rushes("--theme", "drak", "list").code == 2
