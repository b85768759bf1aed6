"""A disk that is really full: nothing is lost, and emptying the trash frees it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from rushes.errors import DiskFull, RushesError
from rushes.library import Library
from rushes.media.ballast import BALLAST, SIZE
from tests.laboratory import oracle
from tests.laboratory.model import RATE, clip
from tests.library.takes import tone

MEGABYTE = 1 << 20


def fill_up(disk: Path) -> Path:
    """Take the last byte of it."""
    filler = disk / "filler"
    for size in (MEGABYTE, 4096, 1):
        with suppress(OSError), filler.open("ab", buffering=0) as handle:
            while True:
                handle.write(b"x" * size)
    assert os.statvfs(disk).f_bavail == 0
    return filler


def takes(library: Library, count: int) -> list[str]:
    """Record so many takes of 100 kB."""
    return [
        library.generations.record(
            profile="Anna", text=f"take {number}", audio=tone(6.0), sample_rate=RATE
        ).id
        for number in range(count)
    ]


def test_the_ballast_really_takes_its_room(tmp_path: Path) -> None:
    with Library.open(tmp_path / "takes") as library:
        assert not (library.path / BALLAST).exists()
        takes(library, 1)
        assert (library.path / BALLAST).stat().st_blocks * 512 >= SIZE


def test_a_small_disk_is_not_filled_with_ballast(disk: Path) -> None:
    (disk / "others").write_bytes(bytes(20 * MEGABYTE))
    with Library.open(disk / "takes") as library:
        takes(library, 1)
        assert not (library.path / BALLAST).exists()


@pytest.mark.parametrize("way", ["empty", "purge"])
def test_emptying_the_trash_frees_a_full_disk(disk: Path, way: str) -> None:
    with Library.open(disk / "takes") as library:
        ids = takes(library, 60)
        library.generations.delete(ids[:50])
        filler = fill_up(disk)
        with pytest.raises(DiskFull):
            library.generations.rate(ids, 3)

        assert (library.trash.empty() if way == "empty" else library.trash.purge(ids[:50])) == 50

        assert library.trash.count() == 0
        assert library.generations.count() == 10
        assert os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize > 2 * MEGABYTE
        assert library.health.check(deep=True).is_sound
        library.generations.rate(ids[50:], 3)
        filler.unlink()
        takes(library, 1)
        library.trash.purge(ids[50])
        assert (library.path / BALLAST).stat().st_size == SIZE
        assert library.derived.check() == ()


def test_a_library_opened_on_a_full_disk_can_be_emptied(disk: Path) -> None:
    with Library.open(disk / "takes") as library:
        ids = takes(library, 40)
        library.generations.delete(ids[:30])
    fill_up(disk)
    with Library.open(disk / "takes") as library:
        assert library.generations.list().total == 10
        assert library.trash.empty() == 30
        library.generations.favorite(ids[30:])


def test_what_finds_no_room_is_told_in_a_line_and_leaves_nothing(disk: Path) -> None:
    with Library.open(disk / "takes") as library:
        ids = takes(library, 3)
        run = library.generations.begin(profile="Anna", text="later")
        filler = fill_up(disk)
        before = oracle.observed(library)
        for act in (
            lambda: library.generations.record(
                profile="Bert", text="no", audio=tone(3.0), sample_rate=RATE
            ),
            lambda: library.generations.complete(run.id, clip(1), RATE),
            lambda: library.generations.delete(ids),
            lambda: library.generations.note(ids, "x" * 500_000),
            lambda: library.profiles.rename("Anna", "Ann"),
            lambda: library.generations.tag(ids, "best"),
            library.derived.rebuild,
        ):
            with pytest.raises(DiskFull) as raised:
                act()
            assert "\n" not in str(raised.value)
            assert oracle.observed(library) == before
            assert not oracle.staged(library)
            assert library.health.check(deep=True).is_sound
        filler.unlink()
        library.generations.complete(run.id, clip(1), RATE)
        library.generations.delete(ids)
        assert library.derived.check() == ()


def test_a_library_that_finds_no_room_to_be_made_is_made_later(disk: Path) -> None:
    filler = fill_up(disk)
    with pytest.raises(RushesError) as raised:
        Library.open(disk / "takes")
    assert "room" in str(raised.value)
    filler.unlink()
    with Library.open(disk / "takes") as library:
        takes(library, 1)


def test_a_library_that_finds_no_room_to_be_brought_up_to_date_stays(disk: Path) -> None:
    from tests.laboratory.scenarios import older
    from tests.laboratory.steps import Bench

    state = older(Bench(disk), 1)
    filler = fill_up(disk)
    with pytest.raises(RushesError) as raised:
        Library.open(disk / "takes")
    assert "\n" not in str(raised.value)
    filler.unlink()
    with Library.open(disk / "takes") as library:
        assert oracle.observed(library) == state
