"""A quota warns, and refuses new recordings only where it is told to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rushes.errors import BadInput, NotFound, QuotaExceeded
from rushes.library import Library
from tests.library.takes import RATE, link, tone


def record(library: Library, profile: str = "Anna", seconds: float = 0.1) -> str:
    return library.generations.record(
        profile=profile, text="x", audio=tone(seconds), sample_rate=RATE
    ).id


SIZE = 44 + 2 * round(0.1 * RATE)


def files(folder: Path) -> list[Path]:
    return [path for name in ("audio", "incoming") for path in (folder / name).rglob("*.*")]


def test_what_lies_on_the_disk_is_used(library: Library, tmp_path: Path) -> None:
    one, two, three = record(library), record(library), record(library)
    record(library, "Bob")
    library.quotas.set("anna", 10_000)
    library.generations.delete([one])
    link(library, [two], tmp_path)
    (quota,) = library.quotas.list()
    assert (quota.profile, quota.bytes, quota.used, quota.is_over) == (
        "Anna",
        10_000,
        2 * SIZE,
        False,
    )
    library.trash.purge([one, three])
    assert library.quotas.list()[0].used == 0


def test_a_quota_that_is_exceeded_warns_and_nothing_more(library: Library) -> None:
    record(library)
    library.quotas.set("Anna", 2 * SIZE)
    record(library)
    assert library.quotas.exceeded() == ()
    record(library)
    (quota,) = library.quotas.exceeded()
    assert (quota.profile, quota.used - quota.bytes) == ("Anna", SIZE)


def test_a_recording_there_is_no_room_for_is_refused_before_it_has_a_place(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    record(library)
    library.quotas.set("Anna", 2 * SIZE)
    library.quotas.set_refuse(True)
    record(library)
    there = files(folder)
    with pytest.raises(QuotaExceeded, match="Anna"):
        record(library, seconds=0.01)
    with pytest.raises(QuotaExceeded):
        library.generations.begin(profile="Anna", text="x")
    clip = tmp_path / "clip.wav"
    clip.write_bytes(library.audio.path(library.generations.list().items[0]).read_bytes())
    with pytest.raises(QuotaExceeded):
        library.generations.record(profile="Anna", text="x", audio=clip, move=True)
    assert clip.exists()
    assert files(folder) == there
    assert library.generations.count() == 2
    record(library, "Bob")
    library.quotas.set_refuse(False)
    record(library)


def test_a_run_that_was_begun_is_completed_whatever_the_quota(library: Library) -> None:
    library.quotas.set(library.profiles.create("Anna").id, 100)
    library.quotas.set_refuse(True)
    run = library.generations.begin(profile="Anna", text="x")
    library.generations.complete(run.id, np.zeros(500, np.int16), RATE)
    assert library.quotas.exceeded()[0].used > 1_000


def test_quotas_come_and_go(library: Library) -> None:
    record(library)
    assert library.quotas.of("Anna") is None
    library.quotas.set("Anna", 5)
    assert library.quotas.set("Anna", 7).bytes == 7
    assert library.storage.use().profiles[0].quota == 7
    library.profiles.rename("Anna", "Hanna")
    assert library.quotas.of("Hanna") == library.quotas.list()[0]
    library.quotas.remove("Hanna")
    assert library.quotas.list() == ()
    for wrong in ("Hanna", "Nobody"):
        with pytest.raises(NotFound):
            library.quotas.remove(wrong)
    with pytest.raises(NotFound):
        library.quotas.set("Nobody", 5)
    with pytest.raises(BadInput):
        library.quotas.set("Hanna", -1)


def test_a_deleted_profile_keeps_its_quota_until_it_comes_back(library: Library) -> None:
    record(library)
    library.quotas.set("Anna", 5)
    deleted = library.profiles.delete("Anna")
    assert library.quotas.list() == ()
    library.profiles.restore(deleted)
    assert library.quotas.list()[0].bytes == 5
    library.profiles.delete("Anna")
    library.trash.empty()
    assert library._store.reader.all("SELECT * FROM quotas") == []
