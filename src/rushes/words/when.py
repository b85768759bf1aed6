"""Times and lengths as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rushes.domain.amounts import size_words

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(made: datetime, now: datetime, width: int) -> str:
    """Give the clock for today, the weekday within a week, else the date; local, ≤ ``width``.

    Both are aware. Names of days and months are English whatever the locale, as all of rushes is.
    """
    local, today = made.astimezone(), now.astimezone()
    if local.date() == today.date():
        return local.strftime("%H:%M:%S" if width >= 8 else "%H:%M")
    if timedelta(0) < today.date() - local.date() < timedelta(days=7):
        return f"{_DAYS[local.weekday()]} {local.day}"
    if local.year == today.year:
        return f"{local.day} {_MONTHS[local.month - 1]}"
    month = _MONTHS[local.month - 1]
    return f"{month} {local.year}" if width >= 8 else f"{month}'{local:%y}"


def full(made: datetime) -> str:
    """Give day, date and clock in local time: ``Thu 19 Nov 2026 14:02:41``."""
    local = made.astimezone()
    month = _MONTHS[local.month - 1]
    return f"{_DAYS[local.weekday()]} {local.day} {month} {local.year} {local:%H:%M:%S}"


def day(made: date) -> str:
    """Give a day whole: ``Thu 19 Nov 2026``."""
    return f"{_DAYS[made.weekday()]} {short_day(made)} {made.year}"


def short_day(made: date) -> str:
    """Give a day within its year: ``19 Nov``."""
    return f"{made.day} {month(made)}"


def month(made: date) -> str:
    """Give the name of a day's month: ``Nov``."""
    return _MONTHS[made.month - 1]


def length(seconds: float | None) -> str:
    """Give a clip's length: ``2.4s`` under 100 s, else ``3:25`` or ``1:02:03``; – for none."""
    if seconds is None:
        return "–"
    return f"{seconds:.1f}s" if seconds < 99.95 else clock(seconds)


def clock(seconds: float) -> str:
    """Give ``3:25``, or ``1:02:03`` from an hour on."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def playhead(seconds: float) -> str:
    """Give a position in tenths of a second: ``0:01.2``."""
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def total(seconds: float) -> str:
    """Give a total of many clips: ``45 s``, ``12 m 30 s``, ``3 h 12 m``, ``2,014 h``."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours >= 100:
        return f"{hours:,} h"
    if hours:
        return f"{hours} h {minutes} m"
    return f"{minutes} m {rest} s" if minutes else f"{rest} s"


def since(began: datetime, now: datetime) -> str:
    """Give how long something has been running: ``12 s``, ``4 m 10 s``, ``2 h 5 m``, ``3 d``."""
    seconds = max(0, int((now - began).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} m {seconds % 60} s"
    if seconds < 86_400:
        return f"{seconds // 3600} h {seconds // 60 % 60} m"
    return f"{seconds // 86_400} d"


def size(count: int) -> str:
    """Give bytes in decimal units: ``612 MB``."""
    return size_words(count)


def in_db(gain: float) -> str:
    """Give a gain: ``+4 dB``, ``−3.2 dB``, ``0 dB``."""
    shown = f"{abs(gain):.1f}".removesuffix(".0")
    sign = "" if shown == "0" else "−" if gain < 0 else "+"
    return f"{sign}{shown} dB"
