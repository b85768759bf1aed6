"""Libraries that are damaged, and what is seen of the damage."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from rushes.domain.generation import Generation
from rushes.domain.health import Kind, Report
from rushes.errors import Interrupted
from rushes.library import Library
from tests.library.takes import RATE, tone

TELL_ONLY = {Kind.LOST, Kind.STRANGE, Kind.LINKED}


def record(library: Library, text: str = "Hello", level: float = 0.5) -> Generation:
    return library.generations.record(
        profile="Anna", text=text, audio=tone(level=level), sample_rate=RATE
    )


def sql(library: Library, *statements: str) -> None:
    """Tampers with the rows, past every rule."""
    connection = sqlite3.connect(library.path / "rushes.db", isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def kinds(report: Report) -> dict[Kind, int]:
    return {kind: tally.found for kind, tally in report.tallies.items() if kind not in TELL_ONLY}


def hashes(folder: Path) -> set[str]:
    files = [*(folder / "audio").rglob("*"), *(folder / "lost+found").rglob("*")]
    return {hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def place_of(library: Library, take: Generation) -> Path:
    """Where the file of a take lies, or lay."""
    assert take.audio_path is not None
    return library.path / take.audio_path


class CallsOff:
    """Calls the work off at its n-th step."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self, done: int, total: int, doing: str = "") -> None:
        assert 0 <= done <= max(total, done)
        assert doing
        self.left -= 1
        if self.left < 0:
            raise Interrupted("called off")
