"""Which generations a clean-up lets go, said in one pure rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.retention import Offered, Policy, Reason, going, policy_of
from rushes.errors import BadInput

TAKES = st.lists(st.builds(Offered, st.uuids().map(str), st.just("p"), st.integers(0, 50)))
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "older_than_days": st.integers(1, 400),
        "rated_below": st.integers(2, 5),
        "unrated": st.booleans(),
        "query": st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
        "keep_per_profile": st.integers(1, 9),
        "max_bytes": st.integers(0, 10**13),
        "trash_days": st.integers(1, 400),
        "spare_favorites": st.booleans(),
        "spare_rated": st.integers(1, 5),
    },
).filter(lambda said: not set(said) <= {"unrated", "spare_favorites", "spare_rated"})


def _ids(chosen: Iterator[tuple[Offered, tuple[Reason, ...]]]) -> list[str]:
    return [take.id for take, _ in chosen]


@given(TAKES, st.integers(0, 300), st.integers(0, 200))
def test_a_size_lets_the_oldest_go_and_no_more_than_needed(
    takes: list[Offered], most: int, more: int
) -> None:
    held = sum(take.bytes for take in takes) + more
    gone = [take for take, _ in going(Policy(max_bytes=most), held, takes, ())]
    assert gone == [take for take in takes if take.bytes][: len(gone)]
    freed = sum(take.bytes for take in gone)
    if held - freed > most:
        assert freed == held - more
    elif gone:
        assert held - (freed - gone[-1].bytes) > most


@given(TAKES, st.integers(0, 300), st.sets(st.integers(0, 20)))
def test_what_is_too_many_goes_first_and_makes_room(
    takes: list[Offered], most: int, too_many: set[int]
) -> None:
    surplus = [take for number, take in enumerate(takes) if number in too_many]
    held = sum(take.bytes for take in takes)
    policy = Policy(keep_per_profile=1, max_bytes=most)
    gone = list(going(policy, held, takes, surplus))
    assert [take for take, _ in gone[: len(surplus)]] == surplus
    left = held - sum(take.bytes for take in surplus)
    rest = [take for take in takes if take not in surplus]
    assert gone[len(surplus) :] == list(going(Policy(max_bytes=most), left, rest, ()))
    assert len({take.id for take, _ in gone}) == len(gone)


@given(TAKES)
def test_without_a_limit_all_go_that_may(takes: list[Offered]) -> None:
    chosen = list(going(Policy(older_than_days=3, unrated=True), 0, takes, ()))
    assert [take for take, _ in chosen] == takes
    assert {reasons for _, reasons in chosen} <= {(Reason.AGE, Reason.UNRATED)}


def test_emptying_the_trash_moves_nothing_there() -> None:
    takes = [Offered("a", "p", 5)]
    assert _ids(going(Policy(trash_days=3), 5, takes, takes)) == []


def test_no_more_is_read_than_needed() -> None:
    def endless() -> Iterator[Offered]:
        number = 0
        while True:
            number += 1
            yield Offered(str(number), "p", 10)

    assert _ids(going(Policy(max_bytes=65), 100, endless(), ())) == ["1", "2", "3", "4"]
    assert _ids(going(Policy(max_bytes=100), 100, endless(), ())) == []


@given(POLICIES)
def test_a_policy_is_read_as_it_was_written(said: dict[str, Any]) -> None:
    policy = Policy(**said)
    assert policy_of(json.loads(json.dumps(policy.record()))) == policy


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"spare_rated": 3},
        {"unrated": False},
        {"older_than_days": 0},
        {"older_than_days": 10**9},
        {"older_than_days": True},
        {"older_than_days": 3.5},
        {"older_than_days": "3"},
        {"rated_below": 1},
        {"rated_below": 6},
        {"keep_per_profile": 0},
        {"max_bytes": -1},
        {"trash_days": 0},
        {"query": ""},
        {"query": " "},
        {"query": 7},
        {"query": "x" * 2_001},
        {"unrated": 1},
        {"max_bytes": 5, "spare_favorites": None},
        {"max_bytes": 5, "spare_rated": 6},
        {"max_bytes": 5, "protect": True},
        [],
        None,
        "older than a week",
    ],
)
def test_nothing_is_guessed(wrong: object) -> None:
    with pytest.raises(BadInput):
        policy_of(wrong)
