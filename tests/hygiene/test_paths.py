"""Where rushes keeps things, and what moves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes import paths


def test_everything_lies_in_the_persons_own_folders(own_home: Path) -> None:
    places = [
        paths.default_library(),
        paths.demo_library(),
        paths.config_file(),
        paths.log_file(),
    ]
    assert all(place.is_relative_to(own_home) for place in places)
    assert len(set(places)) == len(places)


def test_the_demo_library_stands_beside_the_default_one() -> None:
    assert paths.demo_library().parent == paths.default_library().parent


def test_rushes_library_moves_the_library_and_leaves_the_demo(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo = paths.demo_library()
    monkeypatch.setenv("RUSHES_LIBRARY", str(tmp_path / "takes"))
    assert paths.default_library() == tmp_path / "takes"
    assert paths.demo_library() == demo


def test_a_tilde_is_the_persons_home_and_a_relative_path_is_made_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_home: Path
) -> None:
    monkeypatch.setenv("RUSHES_LIBRARY", "~/takes")
    assert paths.default_library() == own_home / "takes"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUSHES_LIBRARY", "~no-such-person/takes")
    assert paths.default_library() == tmp_path / "~no-such-person" / "takes"


def test_rushes_config_moves_the_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUSHES_CONFIG", str(tmp_path / "mine.toml"))
    assert paths.config_file() == tmp_path / "mine.toml"


@pytest.mark.parametrize("variable", ["RUSHES_LIBRARY", "RUSHES_CONFIG"])
def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    before = (paths.default_library(), paths.config_file())
    monkeypatch.setenv(variable, "")
    assert (paths.default_library(), paths.config_file()) == before


def test_the_styles_of_a_checkout_are_found() -> None:
    assert paths.styles_dir() == Path(__file__).parents[2] / "styles"
    assert paths.styles_dir().is_dir()


def test_a_relative_path_where_one_stands_nowhere_stays_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert paths.named("takes") == Path("takes")
    assert paths.named("/takes") == Path("/takes")
