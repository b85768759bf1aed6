"""What comes piece by piece: taken like any file, and gone where nothing takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.errors import BadAudio, LibraryReadOnly, SourceError
from rushes.library import Library
from rushes.library.uploads import Upload
from tests.library.takes import tone


@pytest.fixture
def sound(library: Library) -> bytes:
    """The bytes of a file that the library has."""
    take = library.generations.record(profile="Anna", text="x", audio=tone(), sample_rate=8_000)
    return library.audio.path(take).read_bytes()


def uploaded(library: Library, content: bytes) -> Upload:
    upload = library.uploads.begin()
    for start in range(0, len(content), 100):
        upload.write(content[start : start + 100])
    return upload


def staged(library: Library) -> list[Path]:
    return list((library.path / "incoming").iterdir())


def test_an_upload_is_recorded_without_a_copy(library: Library, sound: bytes) -> None:
    upload = uploaded(library, sound)
    inode = upload.path.stat().st_ino
    take = library.generations.record(profile="Anna", text="Hello", audio=upload)
    file = library.audio.path(take)
    assert (file.read_bytes(), file.stat().st_ino) == (sound, inode)
    upload.discard()
    assert file.is_file()
    assert staged(library) == []


def test_it_completes_a_run_and_becomes_a_version(library: Library, sound: bytes) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    done = library.generations.complete(run.id, uploaded(library, sound))
    assert library.audio.path(done).read_bytes() == sound
    added = library.versions.add(done.id, uploaded(library, sound), label="again")
    assert library.audio.path(added).read_bytes() == sound
    assert staged(library) == []


def test_what_is_given_up_or_is_no_audio_leaves_nothing(library: Library) -> None:
    upload = uploaded(library, b"half of")
    assert staged(library) == [upload.path]
    upload.discard()
    upload.discard()
    with pytest.raises(BadAudio):
        library.generations.record(
            profile="Anna", text="Hello", audio=uploaded(library, b"no audio")
        )
    assert staged(library) == []
    assert library.generations.count() == 0


def test_an_archive_comes_in_under_the_name_that_is_given(
    library: Library, sound: bytes, tmp_path: Path
) -> None:
    (take,) = library.generations.list().items
    (done,) = library.exporting.export([take.id], tmp_path / "out").done
    upload = uploaded(library, Path(done.file).read_bytes())
    assert len(library.importing.take_in(upload, called="it", again=True).ids) == 1
    upload.discard()
    upload = uploaded(library, sound)
    with pytest.raises(SourceError, match=r"^it can't be imported"):
        library.importing.take_in(upload, called="it")
    upload.discard()
    assert staged(library) == []


def test_too_much_and_where_nothing_may_be_written_are_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.media.arriving.Arriving.__init__.__defaults__", (250,))
    upload = library.uploads.begin()
    upload.write(bytes(250))
    with pytest.raises(BadAudio):
        upload.write(b"x")
    upload.discard()
    monkeypatch.setattr(library._store.database, "writable", False)
    with pytest.raises(LibraryReadOnly):
        library.uploads.begin()
