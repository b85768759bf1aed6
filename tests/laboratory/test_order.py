"""The order in which things reach the disk, for the day that the power goes and not only a process.

A kill leaves what was written in the system's memory. What isn't flushed may be gone after a power
cut, so the order of writes, flushes and names is held by itself.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from rushes.store.faults import JOURNAL
from rushes.store.sqlite import DATABASE_NAME
from tests.laboratory.examining import bring
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import State
from tests.laboratory.steps import (
    AddVersion,
    Compact,
    Compress,
    Delete,
    DeleteVersion,
    Empty,
    Expand,
    MoveIn,
    Purge,
    Rate,
    Record,
    Step,
    Unpack,
    Upkeep,
)

GIVEN = (Record("one", "Anna", 1), Record("two", "Bert", 2))
STEPS: tuple[Step, ...] = (
    Record("three", "Anna", 3),
    MoveIn("four", "Cleo", 4),
    Unpack("five", "Cleo", 5),
    Compress(("one", "three")),
    Rate(("one", "two"), 4),
    Expand(("one",)),
    AddVersion("two", "hall", 9),
    DeleteVersion("two", "hall"),
    Upkeep(),
    Compact(),
    Delete(("one",)),
    Empty(),
    Purge(("two", "three")),
)


def test_nothing_is_named_before_it_is_on_the_disk(laboratory: Laboratory) -> None:
    bench = laboratory.bench()
    bring(bench, STEPS)
    state = laboratory.prepare(bench, GIVEN, State())
    trace = laboratory.run(bench, STEPS, [state], traced=True).trace
    seen = [line.split(" ", 2)[1:] for line in trace]
    assert {"rename", "unlink", "link", "flush"} <= {kind for kind, _ in seen}
    order = Order()
    for kind, path in seen:
        order.follows(kind, PurePosixPath(path))


class Order:
    """What is still in the system's memory only: bytes of files, names in folders."""

    def __init__(self) -> None:
        self.bytes_of: set[PurePosixPath] = set()
        self.names_in: set[PurePosixPath] = set()

    def follows(self, kind: str, path: PurePosixPath) -> None:
        """Hold that this change may come after those before it."""
        if kind == "rename":
            # The new name's file was flushed under its old one.
            assert not [one for one in self.bytes_of if one.suffix == ".part"], path
        if path.name == DATABASE_NAME and path.parts[0] == "takes" and kind == "write":
            assert not [one for one in self.names_in if "audio" in one.parts], path
            assert not [one for one in self.bytes_of if one.name == JOURNAL], path
        if kind == "unlink" and "audio" in path.parts:
            # The rows let go of the file, for good, before it goes.
            assert not [one for one in self.bytes_of if one.name == DATABASE_NAME], path
        if kind == "write":
            self.bytes_of.add(path)
        if kind in ("rename", "mkdir"):
            self.names_in.add(path.parent)
        if kind == "flush":
            self.bytes_of.discard(path)
            self.names_in.discard(path)
        if kind == "unlink":
            self.bytes_of.discard(path)


@pytest.mark.parametrize(
    "wrong",
    [
        ["write takes/incoming/a.part", "rename takes/audio/aa/a.wav"],
        ["rename takes/audio/aa/a.wav", "write takes/rushes.db"],
        ["write takes/journal.jsonl", "write takes/rushes.db"],
        ["write takes/rushes.db", "unlink takes/audio/aa/a.wav"],
    ],
)
def test_a_wrong_order_is_noticed(wrong: list[str]) -> None:
    order = Order()
    *before, last = [(kind, PurePosixPath(path)) for kind, path in map(str.split, wrong)]
    for kind, path in before:
        order.follows(kind, path)
    with pytest.raises(AssertionError):
        order.follows(*last)
