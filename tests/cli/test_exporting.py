"""``export``: files where they were asked for, each told, and what went wrong in a line."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from rushes.cli.commands import exporting
from rushes.domain.exporting import Result
from tests.cli.conftest import NASTY, Rushes, process

Take = Callable[..., str]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_file_is_told_on_a_line_and_all_in_the_end(
    rushes: Rushes, take: Take, out: Path
) -> None:
    ids = [take("one"), take("two")]
    told = rushes("export", *(one[:8] for one in ids), "-o", out)
    assert told.code == 0
    assert [Path(line).parent for line in told.lines] == [out, out]
    assert {Path(line).name for line in told.lines} == set(names(out))
    assert "2 takes exported" in told.err
    for line, identity in zip(told.lines, ids, strict=True):
        with zipfile.ZipFile(line) as archive:
            assert json.loads(archive.read("generation.json"))["id"] == identity


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--to-laptop"], 1, "rushes listen USER@HOST"),
        (["--to-laptop", "-o", "out"], 2, "can't be given together"),
        (["--to-laptop", "--overwrite"], 2, "nothing is ever replaced there"),
        ([], 2, "Give -o PATH, or --to-laptop"),
    ],
)
def test_one_place_is_named_and_without_a_listener_it_says_what_to_type(
    words: list[str], code: int, line: str, rushes: Rushes, take: Take
) -> None:
    told = rushes("export", take("one"), *words)
    assert (told.code, told.out, told.err.count("\n")) == (code, "", 1)
    assert line in told.err


def test_json_tells_files_and_ids(rushes: Rushes, take: Take, out: Path) -> None:
    one, two = take("one"), take("two")
    told = rushes("export", one, "ffffffff", two, "--format", "flac", "-o", out, "--json")
    assert told.code == 1
    assert [done["id"] for done in told.json["done"]] == [one, two]
    for done in told.json["done"]:
        assert Path(done["file"]).stat().st_size == done["bytes"]
        assert done["version_id"]
        assert done["remarks"] == []
    assert [failed["what"] for failed in told.json["failed"]] == ["ffffffff"]
    assert told.err == ""


def test_a_query_chooses_what_is_exported(rushes: Rushes, take: Take, out: Path) -> None:
    take("keep one"), take("keep two"), take("draft")
    told = rushes("export", "--query", "keep", "--audio-only", "-o", out, "--name", "{text}")
    assert told.code == 0
    assert names(out) == ["keep one.wav", "keep two.wav"]
    nothing = rushes("export", "--query", "nobody", "-o", out)
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing fits" in nothing.err


def test_one_take_may_go_to_a_file_that_says_the_format(
    rushes: Rushes, take: Take, out: Path
) -> None:
    identity = take()
    assert rushes("export", identity, "--audio-only", "-o", out / "a.mp3").code == 0
    assert soundfile.info(out / "a.mp3").format == "MP3"
    assert rushes("export", identity, "-o", out / "a.zip", "--layout", "sonna").code == 0
    with zipfile.ZipFile(out / "a.zip") as archive:
        assert archive.namelist() == ["audio.wav", "generation.json"]
    again = rushes("export", identity, "-o", out / "a.zip")
    assert (again.code, len(again.err.splitlines())) == (1, 1)
    assert rushes("export", identity, "-o", out / "a.zip", "--overwrite").code == 0


def test_what_contradicts_itself_is_misuse(rushes: Rushes, take: Take, out: Path) -> None:
    identity = take()
    for words in (
        ["-o", out],
        [identity],
        [identity, "--query", "x", "-o", out],
        ["--query", " ", "-o", out],
        [identity, "--audio-only", "--layout", "sonna", "-o", out],
        [identity, "--version", "x", "--all-versions", "-o", out],
        [identity, "--format", "aiff", "-o", out],
        [identity, "-o", out / "x.mp3"],
        [identity, "--name", "{nobody}", "-o", out],
        [identity, "--name", "a/{id}", "-o", out],
        [identity, "-o", ""],
    ):
        told = rushes("export", *words)
        assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1), words
    assert not out.exists()
    told = rushes("export", identity, "--name", "ab{foo}", "-o", out)
    assert "at character 4" in told.err


def test_what_is_left_out_or_changed_is_told_once_for_all(
    rushes: Rushes, out: Path, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "f.wav", [0.1, -0.1] * 500, 37_000, subtype="FLOAT")
    ids = [
        rushes("add", tmp_path / "f.wav", "--profile", "A", "--text", text).out.strip()
        for text in "abcde"
    ]
    told = rushes("export", *ids, "--format", "flac", "-o", out)
    assert told.code == 0
    assert "5 files: float samples became 24 bits" in told.err
    refused = rushes("export", *ids, "--format", "mp3", "-o", out)
    assert refused.code == 1
    (line,) = refused.err.splitlines()
    assert ids[0][:8] in line
    assert "and 2 more" in line
    assert "37,000" in line


def test_versions_are_chosen_by_label(rushes: Rushes, take: Take, out: Path) -> None:
    identity = take()
    assert rushes("export", identity, "--version", "Original", "-o", out).code == 0
    missing = rushes("export", identity, "--version", "radio", "-o", out)
    assert missing.code == 1
    assert "original" in missing.err
    every = rushes("export", identity, "--all-versions", "--name", "x", "-o", out)
    assert [Path(line).name for line in every.lines] == ["x-original.wav"]


@pytest.mark.parametrize("layout", ["voicebox", "sonna"])
def test_texts_that_programs_trip_over_are_exported(
    rushes: Rushes, take: Take, out: Path, layout: str
) -> None:
    ids = [
        take("x", "Anna", "--instruct", text) if text.startswith("-") else take(text)
        for text in NASTY
        if "\x00" not in text
    ]
    told = rushes("export", *ids, "-o", out, "--layout", layout, "--name", "{text}-{id:.4}")
    assert told.code == 0, told.err
    assert len(names(out)) == len(ids)
    assert all(path.is_file() for path in out.iterdir())


def test_ctrl_c_ends_it_between_two_files(
    rushes: Rushes, take: Take, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [take(text) for text in "abc"]
    add = exporting._Told.add

    def interrupted(told: exporting._Told, one: Result) -> None:
        add(told, one)
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting._Told, "add", interrupted)
    told = rushes("export", *ids, "-o", out)
    assert told.code == 130
    assert len(names(out)) == 1
    assert names(out)[0].endswith(".zip")


def test_a_process_exports_as_people_do(take: Take, folder: Path, out: Path) -> None:
    identity = take("One, two")
    told = process("--library", folder, "export", identity, "-o", out, "--audio-only")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [str(path) for path in out.iterdir()]
