"""Takes whose process is gone: marked as failed by whoever opens the library next, none else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.domain.generation import Status
from rushes.domain.health import Kind
from rushes.library import Library
from rushes.library.processes import Process, _start_of, is_gone, this_process
from tests.library.takes import RATE, tone

BEGINS = """
import os, sys
from rushes.library import Library
library = Library.open(sys.argv[1])
for owned in (True, False):
    print(library.generations.begin(profile="Anna", text="Later", owned=owned).id, flush=True)
if len(sys.argv) > 2:
    sys.stdin.read()
os._exit(9)
"""


def begun_and_killed(folder: Path) -> list[str]:
    """Begins a run of its own and one of nobody's, in a process that ends at once."""
    done = subprocess.run(
        [sys.executable, "-c", BEGINS, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    return done.stdout.split()


def runs(library: Library) -> int:
    ((count,),) = library._store.reader.all("SELECT count(*) FROM runs")
    assert isinstance(count, int)
    return count


def status_of(library: Library, identity: str) -> tuple[Status, str | None]:
    take = library.generations.get(identity)
    return take.status, take.error


def test_a_run_whose_process_is_gone_is_failed_at_the_next_opening(folder: Path) -> None:
    own, nobodys = begun_and_killed(folder)
    with Library.open(folder) as library:
        assert status_of(library, own) == (Status.FAILED, "interrupted")
        assert status_of(library, nobodys) == (Status.PENDING, None)
        assert runs(library) == 0
        # Whoever made it may still come with what it made.
        assert library.generations.complete(own, tone(), RATE).error is None
        assert library.generations.complete(nobodys, tone(), RATE).status is Status.COMPLETED
        assert library.health.check().is_sound


def test_verify_finds_it_in_an_open_library(folder: Path) -> None:
    with Library.open(folder) as library:
        own, _ = begun_and_killed(folder)
        report = library.health.check()
        assert [finding.what for finding in report.of(Kind.RUN)] == [own]
        assert status_of(library, own) == (Status.PENDING, None)
        assert library.health.repair().is_sound
        assert status_of(library, own) == (Status.FAILED, "interrupted")
        assert library.health.repair().findings == ()


def test_a_run_goes_on_as_long_as_its_process(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BEGINS, str(folder), "waits"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    own, _ = process.stdout.readline().strip(), process.stdout.readline()
    with Library.open(folder) as library:
        assert status_of(library, own) == (Status.PENDING, None)
        assert library.health.check().is_sound
    process.communicate("")
    with Library.open(folder) as library:
        assert status_of(library, own) == (Status.FAILED, "interrupted")


@pytest.mark.parametrize(
    "end",
    [
        lambda library, run: library.generations.complete(run, tone(), RATE),
        lambda library, run: library.generations.fail(run, "out of memory"),
        lambda library, run: library.trash.purge(run),
    ],
    ids=["complete", "fail", "purge"],
)
def test_a_run_that_ends_is_forgotten(
    library: Library, end: Callable[[Library, str], object]
) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    assert runs(library) == 1
    end(library, run.id)
    assert runs(library) == 0


def test_a_process_is_told_apart_from_one_that_got_its_number() -> None:
    here = this_process()
    assert here.number == os.getpid()
    assert not is_gone(here)
    assert is_gone(Process(here.machine, here.number, "another start"))
    assert not is_gone(Process("another machine", here.number, "another start"))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_gone(Process(here.machine, ended.pid, here.started))


def test_a_process_that_has_ended_unasked_is_gone() -> None:
    """A zombie keeps its number until its parent asks how it ended."""
    waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    ended = subprocess.Popen(waits, stdin=subprocess.PIPE)
    started = _start_of(ended.pid)
    assert started
    process = Process(this_process().machine, ended.pid, started)
    assert not is_gone(process)
    assert ended.stdin is not None
    ended.stdin.close()
    while not is_gone(process):
        pass
    assert ended.wait() == 0
