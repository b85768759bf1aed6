"""Times: timezone-aware UTC inside, ISO 8601 with Z outside, one text form in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from rushes.errors import BadInput


class _LocalZone(tzinfo):
    """This machine's time zone, with the offset that each moment had or will have.

    ``datetime.astimezone()`` gives the offset of one moment, with which a day in winter, asked
    for in summer, would begin an hour too early.
    """

    def utcoffset(self, dt: datetime | None, /) -> timedelta | None:
        """The offset at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None, /) -> timedelta | None:  # noqa: ARG002  # tzinfo calls it so
        """Not told apart from the offset."""
        return None

    def tzname(self, dt: datetime | None, /) -> str | None:
        """The zone's abbreviation at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime, /) -> datetime:
        """The local time of a moment given in UTC."""
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


LOCAL: tzinfo = _LocalZone()
"""The time zone in which this machine's days begin and end."""


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_iso(moment: datetime) -> str:
    """Give ISO 8601 with microseconds and a Z: ``2026-04-01T12:00:00.000000Z``."""
    return as_utc(moment).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


def from_iso(text: str) -> datetime:
    """Read ISO 8601; a time without an offset counts as UTC.

    Raises:
        BadInput: it isn't a time.
    """
    try:
        return as_utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise BadInput(
            f"“{text}” is no time", "", "Write it as 2026-04-01T12:00:00Z or 2026-04-01."
        ) from None


def as_utc(moment: datetime) -> datetime:
    """Give the moment in UTC; a naive one counts as UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def to_stored(moment: datetime) -> str:
    """Give the database's form, naive UTC text that sorts as time does."""
    # Not strftime, which writes the year 999 with three digits.
    return as_utc(moment).replace(tzinfo=None).isoformat(" ", "microseconds")


def from_stored(text: str) -> datetime:
    """Read the database's form (with or without a fraction of a second)."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
