"""What is on its way out: one file that can't be removed doesn't keep the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.errors import FilesKept
from rushes.library import Library
from rushes.store import write_leaving
from tests.library.takes import RATE, tone


def record(library: Library, text: str = "Hello") -> Generation:
    return library.generations.record(profile="Anna", text=text, audio=tone(), sample_rate=RATE)


def in_the_way(file: Path) -> Path:
    """Puts a folder where the file was: that can't be unlinked, not even by root."""
    file.unlink()
    file.mkdir()
    return file


def noted(library: Library) -> list[str]:
    rows = library._store.reader.all("SELECT audio_path FROM leaving_files ORDER BY audio_path")
    return [str(path) for (path,) in rows]


def note(library: Library, *paths: str) -> None:
    with library._store.transaction() as session:
        write_leaving.add_leaving(session, paths)
        write_leaving.add_leaving(session, paths)


def loose(library: Library, name: str) -> Path:
    file = library.path / "audio" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"what a row named once")
    return file


def test_one_file_that_stays_keeps_only_its_own_generation(library: Library, folder: Path) -> None:
    takes = [record(library, str(number)) for number in range(5)]
    files = [library.audio.path(take) for take in takes]
    blocked = in_the_way(files[2])
    library.generations.delete([take.id for take in takes])

    with pytest.raises(FilesKept, match="a file can't be removed") as caught:
        library.trash.empty()

    assert caught.value.ids == (takes[2].id,)
    assert [file.exists() for file in files] == [False, False, True, False, False]
    assert library.generations.list(HistoryQuery(trashed=True)).total == 0
    rows = library._store.reader.all("SELECT id FROM generations")
    assert rows == [(takes[2].id,)]
    # A later purge isn't held up either.
    another = record(library, "another")
    with pytest.raises(FilesKept):
        library.trash.purge([another.id])
    assert library._store.reader.all("SELECT id FROM generations") == [(takes[2].id,)]

    blocked.rmdir()
    library.close()
    with Library.open(folder) as again:
        assert again._store.reader.all("SELECT id FROM generations") == []


def test_noted_files_go_when_the_library_is_opened(library: Library, folder: Path) -> None:
    files = [loose(library, name) for name in ("a.wav", "b.wav", "c.wav")]
    note(library, "audio/a.wav", "audio/b.wav", "audio/gone.wav")
    library.close()
    with Library.open(folder) as again:
        assert noted(again) == []
    assert [file.exists() for file in files] == [False, False, True]


def test_only_the_files_asked_for_go(library: Library) -> None:
    files = [loose(library, name) for name in ("a.wav", "b.wav")]
    note(library, "audio/a.wav", "audio/b.wav")
    library.leaving.finish(["audio/a.wav"])
    assert noted(library) == ["audio/b.wav"]
    assert [file.exists() for file in files] == [False, True]


def test_a_file_that_stays_is_noted_on_and_the_others_go(library: Library) -> None:
    files = [loose(library, name) for name in ("a.wav", "b.wav", "c.wav")]
    note(library, *(f"audio/{file.name}" for file in files))
    blocked = in_the_way(files[1])
    with pytest.raises(FilesKept):
        library.leaving.finish()
    assert noted(library) == ["audio/b.wav"]
    assert [file.exists() for file in files] == [False, True, False]
    blocked.rmdir()
    library.leaving.finish()
    assert noted(library) == []


def test_a_file_that_a_row_names_again_stays(library: Library) -> None:
    take = record(library)
    assert take.audio_path is not None
    note(library, take.audio_path)
    library.leaving.finish()
    assert noted(library) == []
    assert library.audio.path(take).is_file()


@pytest.mark.parametrize("path", ["rushes.db", "../outside.wav", "audio/../rushes.db", "/etc/x"])
def test_nothing_outside_the_audio_is_ever_removed(
    library: Library, tmp_path: Path, path: str
) -> None:
    outside = tmp_path / "outside.wav"
    outside.write_bytes(b"theirs")
    note(library, path)
    library.leaving.finish()
    assert noted(library) == []
    assert outside.exists()
    assert (library.path / "rushes.db").exists()
