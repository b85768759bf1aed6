"""What a benchmark prints: each figure beside its goal, and whether it is met."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

LINES: list[str] = []
"""All that was told in this run; ``conftest`` shows it again at its end."""


def at_least(what: str, value: float, goal: float, detail: str = "", unit: str = " ×") -> None:
    """Tell a figure that should be ``goal`` or more."""
    _tell(what, f"{_shown(value)}{unit} (≥ {goal:,g})", detail, met=value >= goal)


def at_most(what: str, value: float, goal: float, detail: str = "", unit: str = " ×") -> None:
    """Tell a figure that should be ``goal`` or less."""
    _tell(what, f"{_shown(value)}{unit} (≤ {goal:,g})", detail, met=value <= goal)


def median_of(work: Callable[[], object], times: int = 15) -> float:
    """Seconds that ``work`` takes, the median of so many times."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _tell(what: str, figure: str, detail: str, *, met: bool) -> None:
    line = f"{'ok   ' if met else 'SHORT'} {what}: {figure}"
    LINES.append(f"{line}; {detail}" if detail else line)
    print(f"\n{LINES[-1]}", flush=True)


def _shown(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"
