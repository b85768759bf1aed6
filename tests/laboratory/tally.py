"""What the laboratory did and found, counted for the report at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

kills: Counter[str] = Counter()
"""By scenario."""

faults: Counter[str] = Counter()
"""Failures made, by what failed."""

findings: Counter[str] = Counter()
"""What lay about after them, by kind."""

_COUNTERS = {"kills": kills, "faults": faults, "found after them": findings}


def counted() -> dict[str, dict[str, int]]:
    """All of it, as plain values for another process."""
    return {title: dict(counter) for title, counter in _COUNTERS.items()}


def add(others: Mapping[str, Mapping[str, int]]) -> None:
    """Add what another process counted."""
    for title, counts in others.items():
        _COUNTERS[title].update(counts)


def lines() -> list[str]:
    """The report."""
    told = []
    for title, counter in _COUNTERS.items():
        if counter:
            parts = ", ".join(f"{name} {count:,}" for name, count in counter.most_common())
            told.append(f"{title}: {counter.total():,} ({parts})")
    return told
