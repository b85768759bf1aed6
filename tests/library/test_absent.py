"""Listening to files that aren't there: soon done, and in few commits."""

from __future__ import annotations

from collections import Counter

from rushes.domain.audio import Fault
from rushes.library import Library
from tests.library.takes import Take, fill


def with_versions(library: Library, count: int) -> list[str]:
    """Takes whose files would lie in ``audio/``, to be listened to."""
    ids = fill(library, [Take(f"Take {number}") for number in range(count)])
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO generation_versions (id, generation_id, label, audio_path, is_default,"
            " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak,"
            " waveform) SELECT id, id, 'original', 'audio/' || id || '.wav', 1, created_at, 8000,"
            " 1, 1, 46, '', 'WAV', 'PCM_16', 0, x'' FROM generations"
        )
    return ids


def put_there(library: Library, ids: list[str]) -> None:
    """Puts what is no audio where the files of these are looked for."""
    folder = library.path / "audio"
    folder.mkdir()
    for identity in ids:
        (folder / f"{identity}.wav").write_bytes(b"no sound")


def faults(library: Library) -> Counter[Fault | None]:
    return Counter(one.fault for one in library.generations.view().rows(0, 10_000))


def test_files_that_are_not_there_are_marked_in_few_commits(library: Library) -> None:
    with_versions(library, 700)
    begun = []
    assert library.quality.run(lambda done, _total, _doing="": begun.append(done)) == 700
    assert begun == [0, 32, 96, 224, 480]
    assert faults(library) == {Fault.MISSING: 700}
    assert library.quality.waiting() == 0


def test_no_more_than_a_few_files_are_read_before_what_was_found_is_kept(library: Library) -> None:
    ids = with_versions(library, 140)
    put_there(library, ids[40:])
    begun = []
    assert library.quality.run(lambda done, _total, _doing="": begun.append(done)) == 140
    assert begun == [0, 32, 72, 104, 136]
    assert faults(library) == {Fault.MISSING: 40, Fault.DAMAGED: 100}


def test_all_that_are_asked_for_are_listened_to(library: Library) -> None:
    ids = with_versions(library, 90)
    put_there(library, ids[::2])
    library.quality.first(ids[:80])
    assert faults(library) == {Fault.MISSING: 40, Fault.DAMAGED: 40, None: 10}
