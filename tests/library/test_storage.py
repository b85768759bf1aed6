"""Disk use says what lies on the disk."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.domain.query import HistoryQuery
from rushes.domain.storage import Kind, StorageUse
from rushes.errors import Interrupted
from rushes.library import Library
from rushes.media import ballast
from rushes.store import months
from tests.library.somebody import Somebody
from tests.library.takes import RATE, link, tone


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def _walked(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _sums(use: StorageUse) -> set[int]:
    return {
        sum(portion.bytes for portion in portions)
        for portions in (use.profiles, use.engines, use.months)
    }


def test_disk_use_is_what_a_walk_finds_after_every_kind_of_change(
    library: Library, folder: Path
) -> None:
    somebody = Somebody(library, seed=5)
    somebody.steps += [
        lambda: library.compression.compress(somebody.any_of()),
        lambda: library.compression.expand(somebody.any_of()),
    ]
    for _ in range(150):
        somebody.acts()
        use = library.storage.use()
        assert use.audio == _walked(folder / "audio")
        assert use.total == _walked(folder)
        assert _sums(use) == {use.audio}
        assert sum(portion.trash for portion in use.profiles) == use.of(Kind.TRASH)
        here = library.generations.count() + library.trash.count()
        assert sum(portion.generations for portion in use.profiles) == here
        assert sum(portion.generations for portion in use.months) == here


def test_compressed_takes_are_counted_as_they_lie_there(library: Library, folder: Path) -> None:
    take = library.generations.record(profile="Anna", text="x", audio=tone(2.0), sample_rate=RATE)
    before = library.storage.use().audio
    assert library.compression.compress([take.id]).done == (take.id,)
    use = library.storage.use()
    assert use.audio == use.of(Kind.TAKES) == _walked(folder / "audio") < before
    assert _sums(use) == {use.audio}


def test_kinds_are_told_apart(library: Library, folder: Path) -> None:
    run = library.generations.begin(profile="Anna", text="x")
    library.generations.complete(run.id, tone(0.1), RATE)
    library.generations.begin(profile="Anna", text="y")
    gone = library.generations.record(profile="Bob", text="z", audio=tone(0.3), sample_rate=RATE)
    size = library.audio.path(gone).stat().st_size
    library.generations.delete([gone.id])
    for name in ("backups/a.db", "lost+found/deep/b.wav", "incoming/c.part", "journal.jsonl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * len(name))
    use = library.storage.use()
    assert use.of(Kind.TRASH) == size
    assert use.of(Kind.TAKES) == _walked(folder / "audio") - size
    assert use.of(Kind.VERSIONS) == use.of(Kind.LEAVING) == 0
    assert use.of(Kind.BACKUPS) == len("backups/a.db")
    assert use.of(Kind.SET_ASIDE) == len("lost+found/deep/b.wav")
    assert use.of(Kind.INCOMING) == len("incoming/c.part")
    assert use.of(Kind.JOURNAL) == len("journal.jsonl")
    assert use.of(Kind.BALLAST) == ballast.SIZE
    assert use.of(Kind.DATABASE) == (folder / "rushes.db").stat().st_size
    assert use.free > 0


def test_other_versions_are_counted_apart(library: Library) -> None:
    take = library.generations.record(profile="Anna", text="x", audio=tone(0.1), sample_rate=RATE)
    first = library.audio.path(take).stat().st_size
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET status = 'failed'")
    library.generations.complete(take.id, tone(0.2), RATE)
    second = library.audio.path(library.generations.get(take.id)).stat().st_size
    use = library.storage.use()
    assert (use.of(Kind.TAKES), use.of(Kind.VERSIONS)) == (second, first)
    library.generations.delete([take.id])
    use = library.storage.use()
    assert (use.of(Kind.VERSIONS), use.of(Kind.TRASH)) == (0, first + second)


def test_linked_files_are_shown_apart_and_in_no_sum(library: Library, tmp_path: Path) -> None:
    takes = [
        library.generations.record(profile=profile, text="x", audio=tone(), sample_rate=RATE)
        for profile in ("Anna", "Anna", "Bob")
    ]
    size = library.audio.path(takes[0]).stat().st_size
    link(library, [takes[1].id, takes[2].id], tmp_path)
    library.generations.delete([takes[2].id])
    use = library.storage.use()
    assert (use.linked.generations, use.linked.bytes) == (2, 2 * size)
    assert [(portion.label, portion.bytes) for portion in use.profiles] == [("Anna", size)]
    assert (use.audio, _sums(use)) == (size, {size})


def test_what_is_on_its_way_out_still_counts(library: Library, folder: Path) -> None:
    take = library.generations.record(profile="Anna", text="x", audio=tone(), sample_rate=RATE)
    (folder / "audio" / "left.wav").write_bytes(b"x" * 77)
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET purging = 1, deleted_at = 'x'")
        session.connection().exec_driver_sql(
            "INSERT INTO leaving_files VALUES ('audio/left.wav'), ('../out.wav'), ('audio/no.wav')"
        )
    size = library.audio.path(take).stat().st_size
    use = library.storage.use()
    assert use.of(Kind.LEAVING) == size + 77
    assert (use.audio, use.profiles) == (0, ())


@pytest.mark.usefixtures("far_east")
def test_months_are_those_of_the_local_clock(library: Library) -> None:
    moments = [
        datetime(2026, month, 28, 11 + hour, tzinfo=UTC)
        for month in range(1, 13)
        for hour in range(3)
    ]
    moments += [datetime(2026, month, 1, 0, tzinfo=UTC) for month in range(1, 13)]
    moments += [datetime(2026, month, 30, 12, tzinfo=UTC) for month in range(3, 13)]
    for moment in moments:
        library.generations.record(
            profile="Anna", text="x", audio=tone(), sample_rate=RATE, created_at=moment
        )
    expected = Counter(moment.astimezone().strftime("%Y-%m") for moment in moments)
    months = library.storage.use().months
    assert {portion.key: portion.generations for portion in months} == expected
    assert [portion.key for portion in months] == sorted(expected)


@pytest.mark.parametrize("looks", [1, 2, 3])
def test_what_changes_meanwhile_is_seen(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    monkeypatch.setattr(months, "_AT_ONCE", 2)

    def record() -> str:
        return library.generations.record(
            profile="Anna", text="x", audio=tone(), sample_rate=RATE
        ).id

    ids = [record() for _ in range(6)]
    seen: list[str] = []

    def meddles(done: int, total: int, doing: str = "") -> None:
        assert done <= total
        seen.append(doing)
        if len(seen) == looks:
            record()
            library.trash.purge([ids[0], ids[-1]])

    use = library.storage.use(meddles)
    assert use.audio == _walked(folder / "audio")
    assert _sums(use) == {use.audio}
    assert [portion.generations for portion in use.months] == [5]
    assert ("adding up again" in seen) == (looks > 1)


def test_it_can_be_called_off(library: Library) -> None:
    library.generations.record(profile="Anna", text="x", audio=tone(), sample_rate=RATE)

    def refuse(done: int, total: int, doing: str = "") -> None:
        raise Interrupted(f"{doing} at {done} of {total}")

    with pytest.raises(Interrupted):
        library.storage.use(refuse)
    assert library.generations.count(HistoryQuery()) == 1


def test_an_empty_library_holds_its_database_alone(library: Library, folder: Path) -> None:
    use = library.storage.use()
    assert use.total == use.of(Kind.DATABASE) == _walked(folder)
    assert (use.profiles, use.engines, use.months) == ((), (), ())
