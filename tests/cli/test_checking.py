"""``check``: which takes didn't come out well, told to a person and to a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rushes.library import Library
from tests.cli.conftest import Rushes
from tests.library.test_quality import FAULTY, WORDS, forget, record, speech

Record = Callable[..., str]


def test_what_is_flagged_is_told_with_its_place(rushes: Rushes, folder: Path) -> None:
    with Library.open(folder) as library:
        clean = record(library, speech())
        late = record(library, FAULTY["leading"], "[/whisper] A line that is spoken.")
    told = rushes("check")
    assert told.code == 1
    assert "1 of 2 takes flagged" in told.err
    assert told.lines == [
        f"{late.id[:8]}  Anna  [/whisper] A line that is spoken.",
        "          2.0 s of silence before it begins, at 0:00.0",
    ]
    assert rushes("check", "-spoken", "is:flagged").code == 0
    assert rushes("check", clean.id[:8]).code == 0
    assert rushes("check", late.id, clean.id[:6]).lines == told.lines
    assert f"{late.id[:8]}" in rushes("list", "is:leading").out
    assert rushes("list", "is:leading").out.count("⚑") == 1
    shown = rushes("show", late.id).out
    assert "2.0 s of silence before it begins" in shown
    assert " LUFS, true peak " in shown


def test_a_script_reads_flags_places_and_twins(rushes: Rushes, folder: Path) -> None:
    with Library.open(folder) as library:
        twins = [record(library, FAULTY["trailing"]).id for _ in range(2)]
        record(library, speech())
    told = rushes("check", "--json")
    assert told.code == 1
    assert (told.json["total"], told.json["checked"]) == (2, 3)
    assert {item["id"] for item in told.json["items"]} == set(twins)
    for item in told.json["items"]:
        assert item["flags"] == ["trailing", "duplicate"]
        (other,) = item["twins"]
        assert {item["id"], other} == set(twins)
        trailing = item["findings"][0]
        assert trailing["flag"] == "trailing"
        assert abs(trailing["begins"] - 2.9) < 0.3
        assert trailing["ends"] == 6.0
        assert -60 < item["lufs"] < item["true_peak"] < 0
    listed = rushes("list", "is:duplicate", "--json").json["items"]
    assert [item["flags"] for item in listed] == [["trailing", "duplicate"]] * 2
    version = rushes("show", twins[0], "--json").json["versions"][0]
    assert version["flags"] == ["trailing"]
    assert rushes("check", "nothing", "like", "it", "--json").json == {
        "items": [],
        "total": 0,
        "checked": 0,
    }


def test_what_nobody_has_listened_to_is_listened_to_first(rushes: Rushes, folder: Path) -> None:
    with Library.open(folder) as library:
        record(library, FAULTY["quiet"])
        record(library, speech(), f"{WORDS} Other.")
        forget(library)
    assert rushes("list", "is:quiet").out == ""
    told = rushes("check", "-other")
    assert told.code == 1
    assert "too quiet: −" in told.out
    with Library.open(folder) as library:
        assert library.quality.waiting() == 1


def test_ids_that_nobody_has_and_filters_that_nobody_reads(rushes: Rushes, take: Record) -> None:
    take("Hello")
    assert rushes("check", "01234567-").code == 1
    assert "no generation" in rushes("check", "ffffffff").err
    told = rushes("check", "is:odd")
    assert told.code == 2
    assert "clipped, silent" in told.err
    assert rushes("check", "beef").code == 0  # a word
