"""Days begin and end by this machine's clock, whatever its offset was on that day."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rushes.domain.filter_language import parse
from rushes.domain.filters import Made
from rushes.domain.times import LOCAL


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zone whose offset is 1 h in winter and 2 h in summer."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("day", "since", "hours"),
    [
        ("2026-01-15", datetime(2026, 1, 14, 23, tzinfo=UTC), 24),
        ("2026-07-15", datetime(2026, 7, 14, 22, tzinfo=UTC), 24),
        ("2026-03-29", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("2026-10-25", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_is_as_long_as_the_clock_made_it(day: str, since: datetime, hours: int) -> None:
    until = since + timedelta(hours=hours)
    assert parse(f"on:{day}").terms == (Made(since, until),)


FIRST, LAST = datetime(1980, 1, 1), datetime(2037, 1, 1)  # noqa: DTZ001  # Hypothesis adds the zone


@pytest.mark.usefixtures("berlin")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_moments_survive_the_way_into_local_time_and_back(moment: datetime) -> None:
    local = moment.astimezone(LOCAL)
    assert local.astimezone(UTC) == moment
    assert local.replace(tzinfo=None) == moment.astimezone().replace(tzinfo=None)
