"""The configuration: typed, forgiving where it can be, clear where it can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.config import ROUTES, SETTINGS, THEMES, Config, checked, library_path, load, read
from rushes.errors import ConfigError
from rushes.paths import config_file, default_library


def write(text: str) -> Path:
    file = config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_everything_is_at_its_default() -> None:
    assert load() == (Config(), ())
    assert read().given == frozenset()


def test_a_number_beyond_reach_is_a_problem_like_any_other() -> None:
    file = write(f"size = {'9' * 5_000}")
    (problem,) = load()[1]
    assert problem.startswith(f"{file} can't be read")


def test_every_setting_is_read(own_home: Path) -> None:
    write(
        """
        library = "~/takes"
        theme = "light"
        sound = "paplay"
        ascii = true
        [keys]
        favorite = "b"
        quit = ["Q", "ctrl+q"]
        help = []
        """
    )
    config, problems = load()
    assert problems == ()
    assert config.library == own_home / "takes"
    assert (config.theme, config.sound, config.ascii) == ("light", "paplay", True)
    assert config.keys == {"favorite": ("b",), "quit": ("Q", "ctrl+q"), "help": ()}
    assert read().given == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('theme = "drak"', "dark, light, terminal"),
        ("theme = 3", "dark, light, terminal"),
        ('sound = "loud"', "simpleaudio"),
        ('ascii = "yes"', "true, false"),
        ("ascii = 1", "true, false"),
        ('library = "takes"', "from / or from ~"),
        ("library = 1", "from / or from ~"),
        ('keys = "b"', "a table of actions"),
        ("[keys]\nfavorite = 3", "a key or a list of keys"),
        ('[keys]\nfavorite = [""]', "a key or a list of keys"),
        ("themes = 1", "Settings are library, theme"),
    ],
)
def test_a_wrong_value_is_told_with_file_key_and_what_is_allowed(line: str, told: str) -> None:
    file = write(f"{line}\n")
    config, problems = load()
    assert config == Config()
    (problem,) = problems
    assert str(file) in problem
    assert told in problem
    assert "\n" not in problem


def test_one_wrong_value_leaves_the_others_in_force() -> None:
    write('theme = "drak"\nsound = "silence"\n')
    config, problems = load()
    assert config == Config(sound="silence")
    assert len(problems) == 1


@pytest.mark.parametrize(
    "raw", [b'theme = "dark', b"theme = '\xff'", b"\x00", b"[" * 5_000, b"#" * 1_000_001]
)
def test_a_file_that_cannot_be_read_is_one_problem(raw: bytes) -> None:
    file = write("")
    file.write_bytes(raw)
    config, problems = load()
    assert config == Config()
    assert len(problems) == 1
    assert str(file) in problems[0]


def test_a_folder_in_the_files_place_is_one_problem() -> None:
    config_file().mkdir(parents=True)
    assert len(load()[1]) == 1


def test_a_byte_order_mark_is_no_mistake() -> None:
    write('\ufefftheme = "light"\n')
    assert load() == (Config(theme="light"), ())


def test_the_library_is_what_is_named_nearest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert library_path(None, read()) == (default_library(), "default")
    file = write(f'library = "{tmp_path}/set"\n')
    assert library_path(None, read()) == (tmp_path / "set", str(file))
    monkeypatch.setenv("RUSHES_LIBRARY", str(tmp_path / "environment"))
    assert library_path(None, read()) == (tmp_path / "environment", "RUSHES_LIBRARY")
    assert library_path(tmp_path / "named", read()) == (tmp_path / "named", "--library")


@pytest.mark.parametrize("text", ['library = "takes"', "library = ", "nonsense"])
def test_nothing_falls_back_to_another_library_than_the_one_that_was_meant(
    text: str, tmp_path: Path
) -> None:
    write(text)
    with pytest.raises(ConfigError):
        library_path(None, read())
    assert library_path(tmp_path, read())[0] == tmp_path


def test_a_mistake_elsewhere_does_not_put_the_library_in_doubt(tmp_path: Path) -> None:
    write(f'library = "{tmp_path}"\ntheme = "drak"\n')
    assert library_path(None, read())[0] == tmp_path


def test_a_value_from_an_option_is_checked_alike() -> None:
    assert checked("theme", "light") == "light"
    with pytest.raises(ConfigError, match="dark, light, terminal"):
        checked("theme", "drak")
    with pytest.raises(ConfigError, match="no setting"):
        checked("colour", "drak")


def test_the_allowed_routes_and_themes_are_those_that_there_are() -> None:
    from rushes.playback import routes
    from rushes.tui.colours import SETS

    assert set(ROUTES) == set(routes.ROUTES)
    assert set(THEMES) == set(SETS)
