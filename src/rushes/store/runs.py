"""Generations that a process is making, as they are read."""

from __future__ import annotations

from rushes.store.reader import Reader


def any_runs(reader: Reader) -> bool:
    """Whether any process, of whatever machine, makes a generation."""
    return reader.one("SELECT 1 FROM runs LIMIT 1") is not None


def runs_of(reader: Reader, machine: str) -> list[tuple[str, int, str]]:
    """The runs of a machine: generation, process and when that began."""
    found = reader.all(
        "SELECT generation_id, process, started FROM runs WHERE machine = ?", (machine,)
    )
    return [
        (str(identity), process, str(started))
        for identity, process, started in found
        if isinstance(process, int)
    ]
