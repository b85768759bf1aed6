"""Stories over the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import soundfile

from tests.cli.conftest import NASTY, Clip, Rushes

Take = Callable[..., str]


def test_a_story_is_made_shown_and_exported(
    rushes: Rushes, take: Take, clip: Clip, tmp_path: Path
) -> None:
    first, second = take(text="[laughs] hello"), take(text="and on")
    made = rushes("stories", "create", "Chapter 1", "--description", "the first")
    (story,) = made.lines
    added = rushes("stories", "add", "chapter 1", first[:8], second, "--gap", "100ms")
    assert (added.code, len(added.lines)) == (0, 2)
    one, two = added.lines
    assert rushes("versions", "add", second, clip("v.wav", 4_000), "--label", "wet").code == 0
    for command in (
        ("pin", two, "wet"),
        ("move", two, "1:02.5", "--track", "-1"),
        ("volume", one[:8], "0.5"),
    ):
        told = rushes("stories", *command)
        assert (told.code, told.err.startswith("rushes: 1 item changed")) == (0, True)

    document = rushes("stories", "show", story[:6], "--json").json
    assert (document["name"], document["tracks"]) == ("Chapter 1", [-1, 0])
    assert [item["id"] for item in document["items"]] == [one, two]
    assert document["items"][1]["start_ms"] == 62_500
    assert document["items"][1]["version_label"] == "wet"
    lines = rushes("stories", "show", story).lines
    assert lines[:3] == ["Chapter 1", "2 items · 2 tracks · 63.0s", "the first"]
    assert "[laughs] hello" in lines[4]
    assert "[volume 0.5]" in lines[4]
    assert "[pinned wet]" in lines[5]

    file = tmp_path / "out" / "chapter.flac"
    told = rushes(
        "stories", "export", story, "-o", file, "--subtitles", "srt,vtt", "--cues", "--bits", "16"
    )
    beside = [file.with_suffix(suffix) for suffix in (".srt", ".vtt", ".labels.txt")]
    assert (told.code, told.lines) == (0, [str(path) for path in (file, *beside)])
    assert soundfile.info(file).subtype == "PCM_16"
    assert "00:01:02.500 --> 00:01:03.000\n<v" in beside[1].read_text("utf-8")
    again = rushes("stories", "export", story, "-o", file, "--json")
    assert (again.code, again.json["done"]) == (1, [])
    assert "something of that name" in again.json["failed"][0]["error"]
    over = rushes("stories", "export", story, "-o", file, "--overwrite", "--json").json
    assert over["done"][0]["files"] == [str(file)]


def test_items_are_trimmed_split_shifted_and_removed(rushes: Rushes, take: Take) -> None:
    rushes("stories", "create", "S")
    items = rushes("stories", "add", "S", take(), take()).lines
    length = rushes("stories", "show", "S", "--json").json["items"][0]["length_ms"]
    assert rushes("stories", "trim", items[0], "--end", "20ms", "--json").json["done"] == items[:1]
    assert rushes("stories", "trim", items[0], "--start", "10ms").code == 0
    shown = rushes("stories", "show", "S", "--json").json["items"][0]
    assert (shown["trim_start_ms"], shown["trim_end_ms"]) == (10, 20)
    assert rushes("stories", "trim", items[0]).code == 2
    assert len(rushes("stories", "ripple", "S", "--json").json["done"]) == 2
    halves = rushes("stories", "split", items[1], f"{length}ms").lines
    assert len(halves) == 2
    assert rushes("stories", "shift", items[0], "--json").json["done"] == [halves[0], items[0]]
    assert rushes("stories", "shift", items[0], "--back").code == 0
    assert "2 items removed" in rushes("stories", "remove", items[0], halves[1]).err
    assert rushes("stories", "show", "S", "--json").json["total"] == 1


def test_stories_are_copied_renamed_deleted_and_restored(rushes: Rushes, take: Take) -> None:
    (story,) = rushes("stories", "create", NASTY[1]).lines
    rushes("stories", "add", story, take())
    (copied,) = rushes("stories", "copy", story, "--name", "Other").lines
    assert rushes("stories", "rename", "Other", "-x").code == 2
    assert rushes("stories", "rename", "Other", "Mine").code == 0
    assert rushes("stories", "describe", "Mine", "[/b]").code == 0
    listed = rushes("stories", "list", "--json").json
    assert [(one["name"], one["items"]) for one in listed["items"]] == [("Mine", 1), (NASTY[1], 1)]
    assert rushes("stories", "delete", "Mine").code == 0
    assert rushes("stories", "list").lines[0].startswith(f"{story[:8]}  [/whisper]")
    assert copied[:8] in rushes("stories", "list", "--deleted").out
    assert rushes("stories", "restore", "Mine", "--json").json["done"] == [copied]
    refused = rushes("stories", "delete", "Mine", "--permanent", "--json")
    assert (refused.code, "Add --yes" in refused.json["failed"][0]["error"]) == (1, True)
    assert rushes("stories", "delete", "Mine", "--permanent", "--yes").code == 0
    assert rushes("stories", "list", "--deleted", "--json").json["total"] == 0


def test_what_cant_be_done_is_told_in_a_line(rushes: Rushes, take: Take, tmp_path: Path) -> None:
    (story,) = rushes("stories", "create", "S").lines
    (item,) = rushes("stories", "add", story, take()).lines
    for arguments in (
        ("show", "nothing"),
        ("add", "nothing", item),
        ("add", story, "feedfeed"),
        ("add", story, take(), "--at", "soon"),
        ("move", item, "-1"),
        ("move", item, "25:00:00"),
        ("split", item, "99"),
        ("volume", item, "9"),
        ("pin", item, "none"),
        ("export", story, "-o", tmp_path / "x.mp3"),
        ("export", story, "-o", tmp_path / "x.wav", "--subtitles", "ass"),
        ("export", story, "-o", tmp_path / "x.wav", "--rate", "5"),
    ):
        told = rushes("stories", *arguments)
        assert told.code in (1, 2), arguments
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
    assert not list(tmp_path.glob("x.*"))


def test_deleting_takes_that_stories_use_says_so(rushes: Rushes, take: Take) -> None:
    used, other = take(), take()
    for name in ("A", "B"):
        rushes("stories", "create", name)
        rushes("stories", "add", name, used)
    assert "stories     B, A" in rushes("show", used).out
    assert [one["name"] for one in rushes("show", used, "--json").json["stories"]] == ["B", "A"]
    told = rushes("delete", used)
    assert told.err == "rushes: 1 take moved to the trash; 2 stories use it\n"
    assert "(in the trash)" in rushes("stories", "show", "A").out
    assert rushes("delete", other).err == "rushes: 1 take moved to the trash\n"
    rushes("stories", "delete", "B")
    told = rushes("delete", used, other, "--permanent", "--yes")
    assert told.err == "rushes: 2 takes deleted for good; 1 story uses them\n"
    shown = rushes("stories", "show", "A", "--json").json["items"][0]
    assert (shown["presence"], shown["generation_key"]) == ("gone", used)
    assert shown["length_ms"] > 0
