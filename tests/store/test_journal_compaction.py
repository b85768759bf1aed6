"""A journal that has grown is written anew, while others go on writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rushes.errors import Interrupted, RushesError
from rushes.library import Library
from rushes.store.faults import JOURNAL
from rushes.store.journal import compaction
from rushes.store.journal.file import LOST_FOUND, JournalFile
from rushes.store.rebuilding import rebuild
from rushes.store.sqlite import DATABASE_NAME
from tests.library.somebody import Somebody
from tests.library.takes import Take, fill
from tests.store.journals import entries, header, state, truth


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


def _compacts(library: Library) -> bool:
    store = library._store
    return compaction.compact(store.database.folder, store.reader, store.transaction)


def _rebuilds_to(folder: Path) -> None:
    before = truth(folder)
    (folder / DATABASE_NAME).unlink()
    assert rebuild(folder).unreadable == 0
    assert truth(folder) == before


def test_it_is_due_when_half_of_it_is_void(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "SLACK", 0)
    ids = fill(library, [Take() for _ in range(20)])
    assert not compaction.is_due(library._store.reader)
    for rating in (1, 2, 3, 4, 5) * 2:
        library.generations.rate(ids, rating)
    assert compaction.is_due(library._store.reader)

    assert _compacts(library)

    assert not compaction.is_due(library._store.reader)
    library.trash.purge(ids)
    assert compaction.is_due(library._store.reader)


@pytest.mark.parametrize("seed", range(3))
def test_all_is_still_there_and_void_lines_are_gone(folder: Path, seed: int) -> None:
    with closing(Library.open(folder)) as library:
        somebody = Somebody(library, seed)
        for _ in range(60):
            somebody.acts()
        before, number = state(folder), header(folder)["number"]
        assert _compacts(library)
        after = state(folder)
        assert after.number == before.number
        assert header(folder)["number"] == before.number > number
        assert after.length == after.needed == (folder / JOURNAL).stat().st_size < before.length
        assert all(set(entry) == {"n", "put"} for entry in entries(folder))
        for _ in range(10):
            somebody.acts()
    _rebuilds_to(folder)


def test_what_others_write_meanwhile_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("whole", "entries"):
        monkeypatch.setattr(f"rushes.store.journal.{module}.ROWS_A_LINE", 2)
    with closing(Library.open(folder)) as library, closing(Library.open(folder)) as other:
        ids = fill(library, [Take(text="x" * 900, tags=("keep",)) for _ in range(12)])
        for rating in (1, 2, 3, 4, 5) * 20:
            library.generations.rate(ids, rating)
        steps: Iterator[Callable[[], object]] = iter(
            [
                lambda: other.generations.rate(ids, 1),
                lambda: other.trash.purge(ids[1:3]),
                lambda: other.generations.begin(profile="New", text="meanwhile"),
                lambda: other.generations.tag(ids[6:], remove=["keep"], add=["other"]),
                lambda: other.profiles.rename("Anna", "Zoë"),
                lambda: other.trash.purge(ids[8:]),
            ]
        )

        def watch(done: int, total: int, doing: str = "") -> None:
            assert done <= total, doing
            next(steps, int)()

        store = library._store
        assert compaction.compact(folder, store.reader, store.transaction, watch)
        assert next(steps, None) is None
        assert "meanwhile" in (folder / JOURNAL).read_text()
        other.generations.rate(ids[0], 4)
    _rebuilds_to(folder)


def test_two_that_compact_at_once_leave_one_whole_journal(folder: Path) -> None:
    with closing(Library.open(folder)) as library, closing(Library.open(folder)) as other:
        ids = fill(library, [Take() for _ in range(5)])
        for rating in (1, 2, 3, 4, 5) * 5:
            library.generations.rate(ids, rating)
        first: list[bool] = []

        def watch(done: int, total: int, doing: str = "") -> None:
            assert done <= total, doing
            if not first:
                first.append(_compacts(other))

        store = library._store
        assert not compaction.compact(folder, store.reader, store.transaction, watch)
        assert first == [True]
        library.generations.rate(ids, 3)
    assert not list(folder.glob("*.part"))
    _rebuilds_to(folder)


def test_one_that_would_not_get_shorter_is_left(library: Library) -> None:
    fill(library, [Take()])
    assert _compacts(library)
    before = (library.path / JOURNAL).read_bytes()
    assert not _compacts(library)
    assert (library.path / JOURNAL).read_bytes() == before
    assert not list(library.path.glob("*.part"))


def test_called_off_it_leaves_the_old_one(library: Library) -> None:
    fill(library, [Take()])
    before = (library.path / JOURNAL).read_bytes()

    def stops(done: int, total: int, doing: str = "") -> None:
        raise Interrupted(f"{doing} called off at {done} of {total}")

    store = library._store
    with pytest.raises(Interrupted):
        compaction.compact(library.path, store.reader, store.transaction, stops)
    assert (library.path / JOURNAL).read_bytes() == before
    assert not list(library.path.glob("*.part"))


def test_a_crash_behind_the_renaming_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Library.open(folder)) as library:
        ids = fill(library, [Take() for _ in range(5)])
        library.generations.rate(ids, 3)
        put_in_place = JournalFile.put_in_place

        def crashes(self: JournalFile, part: Path) -> None:
            put_in_place(self, part)
            raise RushesError("the power is gone")

        with monkeypatch.context() as patch:
            patch.setattr(JournalFile, "put_in_place", crashes)
            with pytest.raises(RushesError, match="power"):
                _compacts(library)
        assert state(folder).length > (folder / JOURNAL).stat().st_size
        library.generations.rate(ids, 5)
    assert not (folder / LOST_FOUND).exists()
    _rebuilds_to(folder)
