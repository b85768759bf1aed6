"""A saved policy runs by itself once it is switched on, at most daily, and says what it did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rushes.domain.retention import LastRun, Policy, SavedPolicy
from rushes.domain.times import now
from rushes.errors import BadFilter, LibraryError, NotFound
from rushes.library import Library
from tests.library.takes import RATE, tone

OLD = Policy(older_than_days=10)
DAY = timedelta(days=1)


def record(library: Library, days: int) -> str:
    return library.generations.record(
        profile="Anna",
        text="x",
        audio=tone(),
        sample_rate=RATE,
        created_at=now() - timedelta(days=days),
    ).id


def test_nothing_runs_that_was_not_switched_on(library: Library) -> None:
    record(library, 20)
    assert library.storage.saved_policy() is None
    assert library.storage.run_policy_if_due() is None
    assert library.storage.save_policy(OLD) == SavedPolicy(OLD, on=False, last=None)
    assert library.storage.run_policy_if_due() is None
    assert library.generations.count() == 1
    assert library.storage.saved_policy() == SavedPolicy(OLD, on=False, last=None)


def test_it_runs_daily_at_most_and_remembers_what_it_did(library: Library, folder: Path) -> None:
    first = record(library, 20)
    library.storage.save_policy(OLD)
    assert library.storage.switch_policy(True).on
    at = now()
    done = library.storage.run_policy_if_due(at)
    assert done is not None
    assert done.ids == (first,)
    kept = library.storage.saved_policy()
    assert kept is not None
    assert kept.last == LastRun(at, moved=1, bytes=done.bytes)
    second = record(library, 20)
    with Library.open(folder) as other:
        assert other.storage.run_policy_if_due(at + DAY - timedelta(seconds=1)) is None
        assert other.storage.run_policy_if_due(at - timedelta(hours=3)) is None
        again = other.storage.run_policy_if_due(at + DAY)
    assert again is not None
    assert again.ids == (second,)
    assert library.storage.run_policy_if_due(at + DAY) is None
    assert library.trash.count() == 2


def test_ages_are_those_at_the_moment_of_the_run(library: Library) -> None:
    record(library, 2)
    library.storage.save_policy(OLD)
    library.storage.switch_policy(True)
    assert library.storage.run_policy_if_due(datetime(2000, 1, 1, tzinfo=UTC)) is not None
    assert library.generations.count() == 1
    done = library.storage.run_policy_if_due(now() + 9 * DAY)
    assert done is not None
    assert len(done.ids) == 1


def test_a_clock_that_was_years_ahead_keeps_no_run_away(library: Library) -> None:
    library.storage.save_policy(OLD)
    library.storage.switch_policy(True)
    at = now()
    assert library.storage.run_policy_if_due(at + 900 * DAY) is not None
    assert not library.storage.policy_is_due(at + 900 * DAY - timedelta(hours=1))
    assert library.storage.policy_is_due(at)


def test_the_trash_is_emptied_only_of_what_lay_there_long_enough(library: Library) -> None:
    record(library, 20)
    library.storage.save_policy(Policy(older_than_days=10, trash_days=7))
    library.storage.switch_policy(True)
    assert library.storage.run_policy_if_due() is not None
    assert library.storage.run_policy_if_due(now() + 6 * DAY) is not None
    assert library.trash.count() == 1
    done = library.storage.run_policy_if_due(now() + 8 * DAY)
    assert done is not None
    assert (len(done.purged), done.freed > 0, library.trash.count()) == (1, True, 0)


def test_another_policy_is_off_until_it_is_switched_on(library: Library) -> None:
    record(library, 20)
    library.storage.save_policy(OLD)
    library.storage.switch_policy(True)
    at = now()
    library.storage.run_policy_if_due(at)
    kept = library.storage.save_policy(Policy(max_bytes=0))
    assert (kept.on, kept.last is None) == (False, False)
    library.storage.switch_policy(True)
    assert library.storage.run_policy_if_due(at + timedelta(hours=1)) is None
    library.storage.forget_policy()
    assert library.storage.saved_policy() is None
    for missing in (library.storage.forget_policy, lambda: library.storage.switch_policy(True)):
        with pytest.raises(NotFound):
            missing()


def test_a_run_that_fails_says_why_and_waits_a_day(library: Library) -> None:
    record(library, 20)
    library.filters.save("old", "before:2100")
    library.storage.save_policy(Policy(query="@old"))
    library.storage.switch_policy(True)
    library.filters.delete("old")
    at = now()
    with pytest.raises(BadFilter):
        library.storage.run_policy_if_due(at)
    kept = library.storage.saved_policy()
    assert kept is not None
    assert kept.last is not None
    assert "old" in str(kept.last.error)
    assert library.storage.run_policy_if_due(at + timedelta(hours=1)) is None
    with pytest.raises(BadFilter):
        library.storage.save_policy(Policy(query="@never"))


RUN = {"at": "2026-01-01", "moved": 1, "bytes": 1, "purged": 0, "freed": 0, "error": None}
WHOLE = {"policy": OLD.record(), "on": True, "last": None}


@pytest.mark.parametrize(
    "stored",
    [
        "{",
        "[]",
        "7",
        "{}",
        json.dumps({"policy": OLD.record(), "on": True}),
        json.dumps({**WHOLE, "more": 1}),
        json.dumps({**WHOLE, "on": 1}),
        json.dumps({**WHOLE, "policy": {**OLD.record(), "older_than_days": "10"}}),
        json.dumps({**WHOLE, "policy": {**OLD.record(), "older_than": 10}}),
        json.dumps({**WHOLE, "policy": {}}),
        json.dumps({**WHOLE, "last": {"at": "2026-01-01"}}),
        json.dumps({**WHOLE, "last": {**RUN, "moved": "3"}}),
        json.dumps({**WHOLE, "last": {**RUN, "at": "yesterday"}}),
        json.dumps({**WHOLE, "last": {**RUN, "error": 3}}),
    ],
)
def test_a_policy_that_cannot_be_read_deletes_nothing(library: Library, stored: str) -> None:
    record(library, 20)
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO settings (name, value) VALUES ('cleanup', ?)", (stored,)
        )
    for read in (library.storage.saved_policy, library.storage.run_policy_if_due):
        with pytest.raises(LibraryError):
            read()
    assert library.generations.count() == 1
    library.storage.save_policy(OLD)
    assert library.storage.saved_policy() == SavedPolicy(OLD, on=False, last=None)


def test_upkeep_runs_it(library: Library) -> None:
    record(library, 20)
    library.upkeep.run()
    library.storage.save_policy(OLD)
    assert not library.storage.policy_is_due()
    library.storage.switch_policy(True)
    assert library.storage.policy_is_due()
    assert library.upkeep.due()
    assert library.upkeep.run() == ("cleaning up by the saved policy",)
    assert not library.storage.policy_is_due()
    assert library.upkeep.run() == ()
    assert library.trash.count() == 1
