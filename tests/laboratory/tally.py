"""What the laboratory did and found, counted for the report at its end."""

from __future__ import annotations

from collections import Counter

kills: Counter[str] = Counter()
"""By scenario."""

faults: Counter[str] = Counter()
"""Failures made, by what failed."""

findings: Counter[str] = Counter()
"""What lay about after them, by kind."""


def lines() -> list[str]:
    """The report."""
    told = []
    for title, counter in (("kills", kills), ("faults", faults), ("found after them", findings)):
        if counter:
            parts = ", ".join(f"{name} {count:,}" for name, count in counter.most_common())
            told.append(f"{title}: {counter.total():,} ({parts})")
    return told
