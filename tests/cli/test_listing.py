"""list: columns that stay straight, the filter language, pages, JSON that agrees with itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from rushes.cli.takes import Drawing, lines
from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.cli.conftest import NASTY, Rushes

Take = Callable[..., str]


def ids_of(rushes: Rushes, *arguments: str) -> list[str]:
    return [item["id"] for item in rushes("list", *arguments, "--json").json["items"]]


def test_the_newest_come_first_and_the_total_counts_all(rushes: Rushes, take: Take) -> None:
    made = [take(str(number)) for number in range(4)]
    page = rushes("list", "--limit", "3", "--json").json
    assert [item["id"] for item in page["items"]] == made[:0:-1]
    assert page["total"] == 4
    rest = rushes("list", "--after", page["next"], "--json").json
    assert [item["id"] for item in rest["items"]] == made[:1]
    assert rest["next"] is None
    assert ids_of(rushes, "--offset", "1", "--limit", "1") == [made[2]]
    assert ids_of(rushes, "--sort", "oldest") == made


def test_words_of_the_query_are_joined_and_a_dash_leaves_out(rushes: Rushes, take: Take) -> None:
    draft, final = take("hello draft"), take("hello there", "Bob")
    assert ids_of(rushes, "hello") == [final, draft]
    assert ids_of(rushes, "hello", "-draft") == [final]
    assert ids_of(rushes, "-hello") == []
    assert ids_of(rushes, "hello there") == [final]
    assert ids_of(rushes, '"hello there"') == [final]
    assert ids_of(rushes, "profile:bob", "--limit", "5") == [final]
    assert ids_of(rushes, "100%") == []


def test_a_filter_that_cannot_be_read_says_where(rushes: Rushes) -> None:
    told = rushes("list", "anna", "rating:x")
    assert told.code == 2
    assert "character 13" in told.err
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["--limt", "5"], ["--limit", "0"], ["--limit", "1001"], ["--offset", "-1"], ["--after", "x"],
     ["--sort", "best"]],
)  # fmt: skip
def test_a_list_that_cannot_be_meant_is_refused(rushes: Rushes, arguments: list[str]) -> None:
    told = rushes("list", *arguments)
    assert (told.code, told.out) == (2, "")
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("width", [60, 71, 80, 100, 160])
def test_columns_are_straight_whatever_people_write(
    folder: Path, take: Take, rushes: Rushes, width: int
) -> None:
    for number, text in enumerate(NASTY):
        take(text, ("Anna", "声優 A", "x" * 60, "[/b]\x1b")[number % 4])
    identity = ids_of(rushes)[0]
    rushes("rate", identity, "4")
    rushes("favorite", identity)
    with Library.open(folder) as library:
        rows = library.generations.list(HistoryQuery()).items
    drawn = lines(rows, Drawing(width))
    assert all(cell_len(line) <= width for line in drawn)
    starts = {cell_len(line[: line.index("0.5s")]) for line in drawn}
    assert len(starts) == 1
    assert "fav 4★" in drawn[0]
    assert all(ord(character) < 128 for character in lines(rows[:1], Drawing(80, ascii=True))[0])


def test_without_a_terminal_a_line_has_100_columns_or_those_of_the_environment(
    rushes: Rushes, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    take("word " * 100)
    monkeypatch.delenv("COLUMNS", raising=False)
    assert cell_len(rushes("list").lines[0]) == 100
    monkeypatch.setenv("COLUMNS", "60")
    assert cell_len(rushes("list").lines[0]) == 60


def test_the_ascii_option_and_setting_keep_to_ascii(rushes: Rushes, take: Take) -> None:
    take("plain")
    assert not rushes("list").out.isascii()
    assert rushes("--ascii", "list").out.isascii()


def test_list_show_and_stats_agree_with_each_other_and_with_the_files(
    rushes: Rushes, take: Take, folder: Path
) -> None:
    for number, text in enumerate(NASTY):
        take(text, ("Anna", "Bob")[number % 2])
    rushes("begin", "--profile", "Anna", "--text", "running")
    items = rushes("list", "--limit", "1000", "--json").json["items"]
    for item in items:
        shown = rushes("show", item["id"], "--json").json
        versions = shown.pop("versions")
        assert shown.pop("stories") == []
        assert shown == item
        assert [version["audio_file"] for version in versions if version["is_default"]] == (
            [item["audio_file"]] if item["audio_file"] else []
        )
    stats = rushes("stats", "--json").json
    files = [path for path in (folder / "audio").rglob("*") if path.is_file()]
    assert stats["total_generations"] == len(items) == len(NASTY) + 1
    assert stats["total_duration_seconds"] == sum(item["duration"] or 0 for item in items)
    assert stats["total_bytes"] == sum(path.stat().st_size for path in files)
    assert {item["audio_file"] for item in items} - {None} == {str(path) for path in files}
    assert stats["generations_by_profile"] == {
        profile["id"]: profile["generations"]
        for profile in rushes("profiles", "list", "--json").json["items"]
    }


def test_audio_that_is_gone_is_null(rushes: Rushes, take: Take) -> None:
    identity = take()
    Path(rushes("show", identity, "--json").json["audio_file"]).unlink()
    shown = rushes("show", identity, "--json").json
    assert shown["audio_file"] is None
    assert shown["audio_path"]
    assert "(missing)" in rushes("show", identity).out


def test_show_tells_everything_for_people(rushes: Rushes, take: Take) -> None:
    identity = take(
        "one\n[laughs] two", "Anna", "--seed", "0", "--param", "temperature=0.7", "--param",
        "steps=null",
    )  # fmt: skip
    rushes("rate", identity, "3")
    shown = rushes("show", identity[:4]).out
    for part in (
        identity,
        "Anna",
        "seed        0",
        "3 of 5",
        "  one\n  [laughs] two",
        "8 kHz mono",
    ):
        assert part in shown
    assert "temperature  0.7" in shown
    assert "steps        none" in shown
    assert "original  default" in shown


def test_stats_tell_for_people(rushes: Rushes, take: Take) -> None:
    take()
    told = rushes("stats")
    assert "1 take, 0 s, 8.0 KB" in told.out
    assert "Anna" in told.out
