"""``import`` takes archives: many at once, past bad ones, and says what became of each."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Rushes
from tests.exchange import zips

OTHER = f"{'a' * 8}-0000-4000-8000-{'0' * 12}"


def exports(folder: Path) -> Path:
    """A folder with two generations, a profile and something broken."""
    folder.mkdir()
    (folder / "a.zip").write_bytes(zips.voicebox(text="[/whisper] hello"))
    (folder / "b.zip").write_bytes(zips.documented(id=OTHER))
    (folder / "c.zip").write_bytes(zips.profile({"x.wav": "Hello"}, name="Bert [b]"))
    (folder / "d [x].zip").write_bytes(b"broken")
    return folder


def test_a_folder_of_archives_comes_in_past_a_bad_one(rushes: Rushes, tmp_path: Path) -> None:
    folder = exports(tmp_path / "exports")
    told = rushes("import", folder)
    assert told.code == 1
    assert told.lines[:2] == [zips.TAKE, OTHER]
    assert len(told.lines) == 3
    assert "d [x].zip can't be imported: it is no whole ZIP archive" in told.err
    assert "2 takes copied in, 1 profile with 1 new sample" in told.err
    assert rushes("list", "--json").json["total"] == 2
    assert "Bert [b]" in rushes("profiles", "list").out


def test_json_says_what_is_done_and_what_failed(rushes: Rushes, tmp_path: Path) -> None:
    folder = exports(tmp_path / "exports")
    told = rushes("import", folder / "a.zip", folder / "d [x].zip", tmp_path / "no.zip", "--json")
    assert told.code == 1
    assert told.json["done"] == [zips.TAKE]
    assert [Path(one["what"]).name for one in told.json["failed"]] == ["d [x].zip", "no.zip"]


def test_what_is_here_is_told_and_comes_again_where_asked_for(
    rushes: Rushes, tmp_path: Path
) -> None:
    archive = exports(tmp_path / "exports") / "a.zip"
    rushes("import", archive)
    told = rushes("import", archive)
    assert (told.code, told.out) == (0, "")
    assert "copied in before: 1 take" in told.err
    assert len(rushes("import", archive, "--again").lines) == 1
    rushes("delete", zips.TAKE)
    assert rushes("list", "--json").json["total"] == 1
    again = rushes("import", archive)
    assert again.code == 0
    assert "trash" not in again.err, "the other one is here"


def test_one_in_the_trash_is_told(rushes: Rushes, tmp_path: Path) -> None:
    archive = exports(tmp_path / "exports") / "a.zip"
    rushes("import", archive)
    rushes("delete", zips.TAKE)
    told = rushes("import", archive)
    assert f"1 take of those lies in the trash: rushes trash restore {zips.TAKE[:8]}" in told.err


def test_samples_of_a_deleted_profile_go_with_the_trash(rushes: Rushes, tmp_path: Path) -> None:
    archive = exports(tmp_path / "exports") / "c.zip"
    rushes("import", archive)
    rushes("profiles", "delete", "Bert [b]", "--yes")
    assert rushes("storage", "--json").json["kinds"]["samples"] > 0
    assert rushes("trash", "empty", "--yes").code == 0
    assert rushes("storage", "--json").json["kinds"]["samples"] == 0
