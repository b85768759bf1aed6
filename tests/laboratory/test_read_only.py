"""Where nothing may be written: all is read as ever, every change is refused in a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rushes.cli.main import run
from rushes.domain.query import HistoryQuery
from rushes.domain.retention import Policy
from rushes.errors import AudioMissing, LibraryReadOnly, RushesError
from rushes.library import Library
from tests.laboratory.model import RATE
from tests.laboratory.oracle import observed
from tests.library.takes import tone
from tests.tui.driving import opened, recorded


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """The disk can only be read, by root too."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def test_a_library_on_a_read_only_disk_is_read_as_ever(disk: Path) -> None:
    takes = recorded(disk / "takes")
    with Library.open(disk / "takes") as library:
        library.generations.delete(takes[0].id)
        before = observed(library)
    with read_only(disk), Library.open(disk / "takes") as library:
        assert not library.writable
        assert observed(library) == before
        assert library.generations.list(HistoryQuery(search="LINE 3")).total == 1
        assert library.statistics.read().generations == 5
        assert library.storage.use().free > 0
        assert library.health.check(deep=True).is_sound
        assert library.upkeep.run() == ()
        for act in changes(library, takes[1].id, takes[0].id):
            with pytest.raises(LibraryReadOnly) as raised:
                act()
            assert "\n" not in str(raised.value)
    with Library.open(disk / "takes") as library:
        assert observed(library) == before
        library.generations.rate(takes[1].id, 5)


def changes(library: Library, here: str, trashed: str) -> tuple[Callable[[], object], ...]:
    """One of every kind."""
    return (
        lambda: library.generations.begin(profile="A", text="x"),
        lambda: library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE),
        lambda: library.generations.delete(here),
        lambda: library.generations.tag(here, "best"),
        lambda: library.generations.note(here, "x"),
        lambda: library.generations.rate(here, 3),
        lambda: library.generations.favorite(here),
        lambda: library.trash.restore(trashed),
        lambda: library.trash.purge(trashed),
        library.trash.empty,
        lambda: library.profiles.create("B"),
        lambda: library.profiles.rename("Anna", "B"),
        lambda: library.profiles.delete("Anna"),
        lambda: library.filters.save("mine", "rating>3"),
        lambda: library.quotas.set("Anna", 1_000_000),
        lambda: library.compression.compress(here),
        lambda: library.compression.expand(here),
        lambda: library.storage.clean_up(Policy(keep_per_profile=1)),
        library.health.repair,
        library.derived.rebuild,
    )


@pytest.mark.parametrize(
    "command",
    [
        "delete --yes",
        "rate 3",
        "tag --add best",
        "favorite",
        "compress",
        "note --text x",
        "trash empty --yes",
    ],
)
def test_commands_on_a_read_only_disk_fail_in_a_line(
    disk: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    takes = recorded(disk / "takes")
    with Library.open(disk / "takes") as library:
        library.generations.delete(takes[0].id)
    words = command.split()
    named = [] if words[0] == "trash" else [takes[1].id]
    with read_only(disk):
        given = ["--library", str(disk / "takes"), *words[:1], *named, *words[1:]]
        if words[0] == "trash":
            given = ["--library", str(disk / "takes"), *words]
        assert run(given) == 1
        told = capsys.readouterr().err.strip()
        assert "can only be read" in told
        assert "Traceback" not in told
        assert run(["--library", str(disk / "takes"), "list"]) == 0


async def test_the_screens_on_a_read_only_disk_stay(disk: Path) -> None:
    recorded(disk / "takes")
    with read_only(disk):
        async with opened(disk / "takes") as here:
            assert "line 5" in here.text
            for key in ("f", "3", "d", "j"):
                await here.press(key)
                await here.settled()
            assert "can only be read" in here.text
            assert here.screen.list.rows.total == 6


KEPT_OUT_OF_A_FOLDER = """
import os, sys
from pathlib import Path
import importlib, pkgutil
for part in ("domain", "media", "store", "library"):
    package = importlib.import_module(f"rushes.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
import numpy, soundfile
from rushes.errors import RushesError
from rushes.library import Library
os.setgroups([]); os.setgid(65534); os.setuid(65534)
folder, closed = Path(sys.argv[1]), sys.argv[2]
samples = numpy.arange(-900, 900, dtype="int16")
with Library.open(folder) as library:
    def record(text):
        return library.generations.record(
            profile="A", text=text, audio=samples, sample_rate=8000
        )
    first = record("first")
    mode = (folder / closed).stat().st_mode
    (folder / closed).chmod(0o555)
    try:
        record("no")
    except RushesError as error:
        print(error)
    else:
        raise AssertionError("it was written")
    (folder / closed).chmod(mode)
    second = record("second")
    assert library.audio.path(second).is_file()
    assert [take.text for take in library.generations.list().items] == ["second", "first"]
    assert library.health.check(deep=True).is_sound
    files = [path for path in (folder / "audio").rglob("*") if path.is_file()]
    assert len(files) == 2 and not list((folder / "incoming").iterdir())
"""


@pytest.mark.parametrize("closed", ["incoming", "audio"])
def test_a_folder_that_an_ordinary_user_may_not_write_is_told(tmp_path: Path, closed: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can take another's part")
    # Beneath /tmp itself: pytest's own folders are private.
    public = Path("/tmp") / f"rushes-{os.getpid()}-{closed}"
    public.mkdir()
    try:
        os.chown(public, 65534, 65534)
        done = subprocess.run(
            [sys.executable, "-c", KEPT_OUT_OF_A_FOLDER, str(public / "takes"), closed],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        assert "permission" in done.stdout.lower()
        assert len(done.stdout.splitlines()) == 1
    finally:
        shutil.rmtree(public)


@pytest.mark.parametrize("written", [False, True], ids=["only read", "written before"])
def test_a_folder_that_vanished_is_told_and_may_come_back(tmp_path: Path, written: bool) -> None:
    takes = recorded(tmp_path / "takes")
    with Library.open(tmp_path / "takes") as library:
        if written:
            library.generations.rate(takes[0].id, 1)
        before = observed(library)
        (tmp_path / "takes").rename(tmp_path / "elsewhere")
        (tmp_path / "takes").mkdir()  # as where a disk was taken off
        with pytest.raises(AudioMissing):
            library.audio.path(takes[0])
        for act in changes(library, takes[1].id, takes[0].id):
            with pytest.raises(RushesError) as raised:
                act()
            assert "\n" not in str(raised.value)
        assert list((tmp_path / "takes").iterdir()) == []
        (tmp_path / "takes").rmdir()
        (tmp_path / "elsewhere").rename(tmp_path / "takes")
        assert library.audio.path(takes[0]).is_file()
        assert observed(library) == before
    with Library.open(tmp_path / "takes") as library:
        assert observed(library) == before
        assert library.health.check(deep=True).is_sound
