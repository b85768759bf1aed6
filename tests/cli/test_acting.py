"""Commands that change takes: they go on past failures, and ask nobody who isn't there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.cli.commands import deleting
from rushes.errors import DiskFull
from rushes.library.trash import Trash
from tests.cli.conftest import Rushes

Take = Callable[..., str]


def total(rushes: Rushes, *arguments: str) -> int:
    count = rushes(*arguments, "--json").json["total"]
    assert isinstance(count, int)
    return count


def test_favourites_come_and_go(rushes: Rushes, take: Take) -> None:
    one, two = take(), take()
    assert rushes("favorite", one, two[:6]).code == 0
    assert total(rushes, "list", "is:fav") == 2
    told = rushes("unfavorite", one, "--json")
    assert told.json == {"done": [one], "failed": []}
    assert total(rushes, "list", "is:fav") == 1


@pytest.mark.parametrize("first", [True, False])
def test_the_rating_stands_before_or_behind_the_ids(
    rushes: Rushes, take: Take, first: bool
) -> None:
    ids = [take(), take()]
    for rating in ("5", "0"):
        words = [rating, *ids] if first else [*ids, rating]
        assert rushes("rate", *words).code == 0
        shown = [rushes("show", one, "--json").json["rating"] for one in ids]
        assert shown == [int(rating) or None] * 2


@pytest.mark.parametrize("words", [["4"], ["abcd"], ["abcd", "6"], ["abcd", "²"], ["abcd", "-1"]])
def test_what_is_no_rating_is_refused(rushes: Rushes, words: list[str]) -> None:
    told = rushes("rate", *words)
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)


def test_an_unknown_id_does_not_keep_the_others_from_their_rating(
    rushes: Rushes, take: Take
) -> None:
    identity = take()
    told = rushes("rate", "ffffffff-none", "ab", identity, "4", "--json")
    assert told.code == 1
    assert told.json["done"] == [identity]
    assert [failure["what"] for failure in told.json["failed"]] == ["ffffffff-none", "ab"]
    assert rushes("show", identity, "--json").json["rating"] == 4


def test_a_deleted_take_lies_in_the_trash_and_comes_back(rushes: Rushes, take: Take) -> None:
    identity = take()
    assert rushes("delete", identity).code == 0
    assert total(rushes, "list") == 0
    assert [item["id"] for item in rushes("trash", "list", "--json").json["items"]] == [identity]
    assert rushes("trash", "restore", identity[:5]).code == 0
    assert total(rushes, "list") == 1
    assert rushes("trash", "restore", identity).code == 1


def test_a_query_chooses_what_is_deleted(rushes: Rushes, take: Take) -> None:
    take("keep"), take("draft one"), take("draft two")
    told = rushes("delete", "--query", "draft -two", "--json")
    assert len(told.json["done"]) == 1
    assert total(rushes, "list") == 2


def test_deleting_for_good_needs_a_yes_where_nobody_can_be_asked(
    rushes: Rushes, take: Take
) -> None:
    identity = take()
    file = Path(rushes("show", identity, "--json").json["audio_file"])
    refused = rushes("delete", identity, "--permanent")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert file.exists()
    assert rushes("delete", identity, "--permanent", "--yes").code == 0
    assert not file.exists()
    assert total(rushes, "trash", "list") == 0


def test_emptying_the_trash_needs_a_yes_as_well(rushes: Rushes, take: Take) -> None:
    identity = take()
    file = Path(rushes("show", identity, "--json").json["audio_file"])
    rushes("delete", identity)
    assert rushes("trash", "empty").code == 2
    assert file.exists()
    assert rushes("trash", "empty", "--yes", "--json").json == {"done": [identity], "failed": []}
    assert not file.exists()
    assert rushes("trash", "empty").code == 0


@pytest.mark.parametrize("arguments", [[], ["abcd", "--query", "x"], ["--query", " "]])
def test_a_deletion_that_names_nothing_clearly_is_refused(
    rushes: Rushes, take: Take, arguments: list[str]
) -> None:
    take()
    assert rushes("delete", *arguments, "--yes").code == 2
    assert total(rushes, "list") == 1


def test_profiles_are_made_renamed_and_deleted_with_their_takes(rushes: Rushes, take: Take) -> None:
    take("one", "Anna"), take("two", "Anna"), take("three", "Bob")
    made = rushes("profiles", "create", "Zoë [b]", "--description", "a voice", "--language", "fr")
    assert made.code == 0
    assert rushes("profiles", "create", "Zoë [b]").code == 1
    assert rushes("profiles", "rename", "Bob", "Robert").code == 0
    listed = rushes("profiles", "list", "--json").json["items"]
    assert {item["name"]: item["generations"] for item in listed} == {
        "Anna": 2,
        "Robert": 1,
        "Zoë [b]": 0,
    }
    deleted = rushes("profiles", "delete", "anna")
    assert deleted.code == 0
    assert "2 takes" in deleted.err
    assert total(rushes, "list") == 1
    assert rushes("profiles", "delete", "anna").code == 1
    restored = [item["id"] for item in rushes("trash", "list", "--json").json["items"]]
    rushes("trash", "restore", *restored)
    assert "Anna" in rushes("profiles", "list").out


def test_what_was_deleted_for_good_before_a_failure_is_told_as_done(
    rushes: Rushes, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [take(), take()]
    purge = Trash.purge
    done: list[str] = []

    def once(trash: Trash, some: list[str]) -> int:
        if done:
            raise DiskFull("nothing was written")
        done.extend(some)
        return purge(trash, some)

    monkeypatch.setattr(Trash, "purge", once)
    monkeypatch.setattr(deleting, "_AT_ONCE", 1)
    told = rushes("delete", "--permanent", "--yes", "--json", *ids)
    assert told.code == 1
    assert told.json == {
        "done": ids[:1],
        "failed": [{"what": ids[1], "error": "nothing was written"}],
    }


def test_tags_come_and_go_and_are_listed(rushes: Rushes, take: Take) -> None:
    one, two = take(), take()
    assert rushes("tag", one, two[:6], "--add", "Keep", "-a", "best take").code == 0
    assert rushes("tag", two, "--remove", "KEEP", "--json").json["done"] == [two]
    assert rushes("tag", "--json").json == {
        "items": [{"tag": "best take", "generations": 2}, {"tag": "Keep", "generations": 1}],
        "total": 2,
    }
    assert total(rushes, "list", "tag:keep") == 1
    assert rushes("tag", "--add", "keep").code == 2
    assert rushes("tag", one).code == 2


def test_a_note_is_written_and_taken_away(rushes: Rushes, take: Take) -> None:
    identity = take()
    assert rushes("note", identity, "--text", "[b]too fast").code == 0
    assert rushes("show", identity, "--json").json["note"] == "[b]too fast"
    assert rushes("note", identity, "--clear").code == 0
    assert rushes("show", identity, "--json").json["note"] is None
    assert rushes("note", identity).code == 2


def test_a_saved_filter_is_asked_for_by_its_name(rushes: Rushes, take: Take) -> None:
    one, _ = take(), take()
    rushes("favorite", one)
    assert rushes("filters", "save", "best", "is:fav", "-nothing").code == 0
    assert rushes("filters", "list", "--json").json == {
        "items": [{"name": "best", "query": "is:fav -nothing"}],
        "total": 1,
    }
    assert total(rushes, "list", "@best") == 1
    assert rushes("delete", "--query", "@best", "--yes").code == 0
    assert total(rushes, "list", "@best") == 0
    assert rushes("filters", "delete", "@best").code == 0
    assert rushes("filters", "delete", "best").code == 1
    refused = rushes("filters", "save", "bad", "rating:>many")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
