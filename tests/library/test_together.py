"""Several threads and processes at one library, and what opening it imports."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.library.takes import RATE, Take, fill, tone

RECORDS = """
import array, sys
from rushes.library import Library
folder, name, count, clip = sys.argv[1:]
with Library.open(folder) as library:
    sys.stdin.readline()
    for number in range(int(count)):
        library.generations.record(profile="Anna", text=f"{name} {number}", audio=clip)
"""


def test_two_processes_record_at_once(folder: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "source") as source:
        take = source.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
        clip = source.audio.path(take)
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", RECORDS, str(folder), name, "15", str(clip)],
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two", "three")
        ]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            _, told = process.communicate(timeout=90)
            assert process.returncode == 0, told
    with Library.open(folder) as library:
        takes = library.generations.list(HistoryQuery(limit=100)).items
        assert len({take.text for take in takes}) == len(takes) == 45
        assert [each.profile.name for each in library.profiles.list()] == ["Anna"]
        assert all(library.audio.path(take).is_file() for take in takes)


def test_threads_read_and_write_at_once(library: Library) -> None:
    def works(number: int) -> int:
        for step in range(8):
            take = library.generations.begin(profile=f"P{number % 3}", text=f"{number} {step}")
            assert library.generations.get(take.id) == take
            library.generations.favorite([take.id])
            view = library.generations.view()
            assert len(view.rows(0, 500)) == view.total()
        return number

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(works, range(6))) == list(range(6))
    assert library.generations.count() == 48
    assert len(library.profiles.list()) == 3


READS = """
import json, sys
from rushes.library import Library
from rushes.domain.query import HistoryQuery
with Library.open(sys.argv[1]) as library:
    page = library.generations.list()
    library.generations.get(page.items[0].id[:8])
    view = library.generations.view()
    view.rows(0, 60)
    view.total()
    library.statistics.read()
    library.statistics.totals()
    library.profiles.list()
    library.versions.list(page.items[0].id)
    library.trash.count()
    library.changes.token()
    library.audio.path(page.items[0])
    before = set(sys.modules)
    library.warm()
    after = set(sys.modules)
heavy = ("sqlmodel", "sqlalchemy", "pydantic", "numpy", "soundfile", "textual", "typer")
print(json.dumps([[name for name in heavy if name in loaded] for loaded in (before, after)]))
"""


def test_reading_waits_for_no_orm(folder: Path) -> None:
    with Library.open(folder) as library:
        library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    done = subprocess.run(
        [sys.executable, "-c", READS, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    before, after = json.loads(done.stdout)
    assert before == []
    assert "sqlmodel" in after


def test_the_package_offers_the_library() -> None:
    import rushes

    assert rushes.Library is Library
    assert rushes.HistoryQuery is HistoryQuery


@pytest.mark.parametrize("count", [0, 1, 700])
def test_marking_all_of_a_filter_reaches_all(library: Library, count: int) -> None:
    fill(library, [Take() for _ in range(count)])
    ids = library.generations.ids(HistoryQuery())
    assert len(library.generations.delete(ids)) == count
    assert len(library.trash.restore(ids)) == count
    assert library.trash.purge(ids) == count
    assert library.generations.count() == 0
