"""add, begin, complete, fail: what a script says is what the library keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import NASTY, Clip, Rushes, process


def test_add_prints_an_id_a_line_and_keeps_what_it_was_told(rushes: Rushes, clip: Clip) -> None:
    told = rushes(
        "add", clip("a.wav"), clip("b.wav"), "--profile", "Anna", "--text", "Hello",
        "--language", "de", "--engine", "tada", "--model-size", "1.7B", "--seed", "42",
        "--instruct", "softly", "--created-at", "2026-04-01T12:00:00+02:00",
        "--param", "temperature=0.7", "--param", "voice=anna", "--param", "list=[1, null]",
        "--param", "odd=NaN", "--param", "huge=1e999", "--param", "empty=", "--param", "eq=a=b",
    )  # fmt: skip
    assert told.code == 0
    assert len(told.lines) == 2
    shown = rushes("show", told.lines[0], "--json").json
    assert shown["profile_name"] == "Anna"
    assert shown["text"] == "Hello"
    assert (shown["language"], shown["engine"], shown["model_size"]) == ("de", "tada", "1.7B")
    assert (shown["seed"], shown["instruct"]) == (42, "softly")
    assert shown["created_at"] == "2026-04-01T10:00:00.000000Z"
    assert shown["params"] == {
        "temperature": 0.7,
        "voice": "anna",
        "list": [1, None],
        "odd": "NaN",
        "huge": "1e999",
        "empty": "",
        "eq": "a=b",
    }
    assert Path(shown["audio_file"]).read_bytes() == clip("a.wav").read_bytes()


def test_without_a_text_the_files_name_does(rushes: Rushes, clip: Clip) -> None:
    told = rushes("add", clip("Chapter 3 [whisper].wav"), "--profile", "Anna")
    assert rushes("show", told.out.strip(), "--json").json["text"] == "Chapter 3 [whisper]"


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_kept_as_it_is_and_shown_without_harm(
    rushes: Rushes, take: Callable[..., str], text: str
) -> None:
    identity = take(text)
    assert rushes("show", identity, "--json").json["text"] == text
    (item,) = rushes("list", "--json").json["items"]
    assert item["text"] == text
    (line,) = rushes("list").lines
    assert line.startswith(identity[:8])
    shown = rushes("show", identity).out
    assert not {"\x1b", "\x07", "\x00", "\u202e", "\r"} & {*line, *shown}


def test_a_text_can_come_from_a_file_or_standard_input(
    rushes: Rushes, clip: Clip, tmp_path: Path, folder: Path
) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeffone\ntwo \n".encode())
    told = rushes("add", clip(), "--profile", "Anna", "--text-file", file)
    assert rushes("show", told.out.strip(), "--json").json["text"] == "one\ntwo "
    begun = process(
        "--library", folder, "begin", "--profile", "Anna", "--text-file", "-", stdin=b"three\n"
    )
    assert rushes("show", begun.stdout.strip(), "--json").json["text"] == "three"


def test_bytes_that_are_not_text_are_refused(rushes: Rushes, clip: Clip, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"\xff\xfe\x00")
    for options in (["--text", "\udcff"], ["--text-file", str(file)], ["--text-file", "nowhere"]):
        told = rushes("add", clip(), "--profile", "Anna", *options)
        assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert rushes("list", "--json").json["total"] == 0


def test_a_file_whose_name_is_not_text_can_be_added(rushes: Rushes, clip: Clip) -> None:
    path = clip().rename(clip().with_name("\udcff.wav"))
    assert rushes("add", path, "--profile", "Anna", "--text", "Hello").code == 0


def test_adding_goes_on_past_a_failure_and_ends_with_1(rushes: Rushes, clip: Clip) -> None:
    no_audio = clip().with_name("words.wav")
    no_audio.write_text("no audio at all")
    told = rushes("add", "nowhere.wav", no_audio, clip(), "--profile", "Anna", "--json")
    assert told.code == 1
    assert len(told.json["done"]) == 1
    assert [failure["what"] for failure in told.json["failed"]] == ["nowhere.wav", str(no_audio)]
    assert all(failure["error"] for failure in told.json["failed"])
    assert rushes("list", "--json").json["total"] == 1


def test_move_takes_the_file_away_and_only_then(rushes: Rushes, clip: Clip) -> None:
    path = clip()
    before = path.read_bytes()
    told = rushes("add", path, "--profile", "Anna", "--move")
    assert not path.exists()
    kept = rushes("show", told.out.strip(), "--json").json["audio_file"]
    assert Path(kept).read_bytes() == before
    again = rushes("add", kept, "--profile", "Anna", "--move")
    assert again.code == 1
    assert Path(kept).exists()


def test_a_run_is_shown_as_running_until_it_is_completed(rushes: Rushes, clip: Clip) -> None:
    identity = rushes("begin", "--profile", "Anna", "--text", "Later").out.strip()
    assert "running" in rushes("list").out
    assert rushes("complete", identity[:6], clip()).code == 0
    shown = rushes("show", identity, "--json").json
    assert (shown["status"], shown["duration"]) == ("completed", 0.5)
    assert rushes("complete", identity, clip()).code == 1


def test_a_run_that_failed_says_why(rushes: Rushes) -> None:
    identity = rushes("begin", "--profile", "Anna", "--text", "Later").out.strip()
    assert rushes("fail", identity, "CUDA out of memory [/rip]").code == 0
    assert "CUDA out of memory [/rip]" in rushes("list").out
    assert rushes("show", identity, "--json").json["error"] == "CUDA out of memory [/rip]"
    assert rushes("fail", identity, "again").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "--profile", "Anna"],
        ["add", "clip.wav"],
        ["add", "clip.wav", "--profile", "A", "--text", "a", "--text-file", "-"],
        ["add", "clip.wav", "--profile", "A", "--param", "novalue"],
        ["add", "clip.wav", "--profile", "A", "--param", "=1"],
        ["add", "clip.wav", "--profile", "A", "--seed", "x"],
        ["add", "clip.wav", "--profile", "A", "--created-at", "soon"],
        ["begin", "--profile", "Anna"],
        ["complete", "abcd"],
    ],
)
def test_misuse_is_told_in_one_line_and_records_nothing(
    rushes: Rushes, arguments: list[str]
) -> None:
    told = rushes(*arguments)
    assert (told.code, told.out) == (2, "")
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith("rushes: ")


def test_a_file_whose_name_is_no_text_is_added_all_the_same(rushes: Rushes, clip: Clip) -> None:
    told = rushes("add", clip("caf\udce9.wav"), "--profile", "Anna")
    assert told.code == 0, told.err
    assert rushes("show", told.out.strip(), "--json").json["text"] == "caf?"


def test_an_original_that_cannot_be_taken_away_is_told(
    rushes: Rushes, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = clip("kept.wav")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == original:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    told = rushes("add", original, "--profile", "Anna", "--move")
    assert (told.code, len(told.lines)) == (0, 1)
    assert "kept.wav couldn't be taken away" in told.err


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"])
def test_a_time_at_the_calendars_end_is_refused(rushes: Rushes, clip: Clip, moment: str) -> None:
    told = rushes("add", clip(), "--profile", "Anna", "--created-at", moment)
    assert told.code in (1, 2)
    assert "nobody foresaw" not in told.err
    assert rushes("list", "--json").json["total"] == 0
