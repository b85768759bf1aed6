"""Memory of the terminal UI at a million rows against that at a hundred.

python -m tests.benchmarks.bench_memory [FOLDER]

The real program runs in a terminal of its own, is driven through the same keys on both libraries,
and what it held at most (VmHWM of Linux) is compared. The newest take of both has its audio, and is
opened: reading that is what needs numpy. Without a folder a library of a million rows is
made for it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import numpy as np

from rushes.library import Library
from tests.benchmarks.library_of import make_library
from tests.terminal import Terminal

FEW, MANY = 100, 1_000_000
BOUND = 1.3
KEYS = (
    ("one take open", ("\r", "\x1b")),
    ("to the end and back", ("G", "g", "G", "\x1b[5~", "\x1b[5~", "g")),
    ("a filter of one letter", ("/", "e", "\r", "G", "g", "\x1b")),
    ("a filter of words", ("/", "t", "h", "e", " ", "-", "o", "f", "\r", "G", "g", "\x1b")),
    ("the longest first", ("o", "l", "G", "g")),
    ("by text, rated", ("o", "t", "/", *"is:rated", "\r", "G", "\x1b")),
    ("statistics", ("s", "\x1b")),
)


def peak(process: int) -> int:
    """Kilobytes that a process has held at most."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


def peaks_of(library: Path) -> dict[str, int]:
    """The peak after opening, and after each group of keys."""
    command = [sys.executable, "-m", "rushes", "--library", str(library)]
    with Terminal(command, columns=120, rows=40) as terminal:
        terminal.until("takes")
        terminal.watch(2.0)
        peaks = {"opened": peak(terminal.process.pid)}
        for what, keys in KEYS:
            for key in keys:
                terminal.press(key)
                terminal.quiet(0.2)
            terminal.watch(2.0)  # a running take in sight counts its seconds: it is never quiet
            peaks[what] = peak(terminal.process.pid)
        terminal.press("q")
    return peaks


def record_one(folder: Path) -> None:
    """Two seconds of a tone, newest of all."""
    tone = np.sin(np.arange(48_000) * 0.05).astype(np.float32) / 2
    with Library.open(folder) as library:
        library.generations.record(
            profile="Anna", text="Heard and seen", audio=tone, sample_rate=24_000
        )


def compare(many: Path, few: Path) -> float:
    """Print both, step by step; give the ratio in the end."""
    at_few, at_many = peaks_of(few), peaks_of(many)
    for what in at_few:
        ratio = at_many[what] / at_few[what]
        print(
            f"{what:24} {at_few[what] / 1024:6.1f} MB at {FEW}, "
            f"{at_many[what] / 1024:6.1f} MB at {MANY:,}: {ratio:.2f} ×"
        )
    return max(at_many.values()) / max(at_few.values())


def main() -> None:
    """Compare on the library that is given, or on one made for it; fail above the bound."""
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few"
        make_library(few, FEW)
        if len(sys.argv) > 1:
            many = Path(sys.argv[1])
        else:
            many = Path(folder) / "many"
            make_library(many, MANY)
        for filled in (few, many):
            record_one(filled)
        ratio = compare(many, few)
    print(f"at most {ratio:.2f} ×, and {BOUND} × is allowed")
    if ratio > BOUND:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
