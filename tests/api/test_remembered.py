"""Answers that are kept: as long as nothing changes, and no more than fit."""

from __future__ import annotations

from rushes.api.remembered import Remembered


class Library:
    """A library of which only its number is known."""

    token = 1

    def now(self) -> int:
        return self.token


def test_an_answer_holds_until_the_number_changes() -> None:
    library = Library()
    kept = Remembered(library.now)
    made = kept.made(b"a", lambda: b"first")
    assert kept.knows(b"a")
    assert kept.get(b"a") == made
    assert kept.get(b"b") is None
    library.token = 2
    assert kept.get(b"a") is None
    assert kept.made(b"a", lambda: b"second").etag != made.etag


def test_what_is_forgotten_while_it_is_made_is_not_kept() -> None:
    kept = Remembered(Library().now)

    def make() -> bytes:
        kept.forget()  # somebody has changed something meanwhile
        return b"of before"

    assert kept.made(b"a", make).body == b"of before"
    assert kept.get(b"a") is None


def test_what_was_asked_longest_ago_goes_when_there_is_too_much() -> None:
    kept = Remembered(Library().now, most=250)
    for name in (b"a", b"b", b"c"):
        kept.made(name, lambda: bytes(99))
        assert kept.get(b"a") is not None
    assert [kept.knows(name) for name in (b"a", b"b", b"c")] == [True, False, True]
    kept.made(b"d", lambda: bytes(300))
    assert not any(kept.knows(name) for name in (b"a", b"c", b"d"))
