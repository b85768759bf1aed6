from __future__ import annotations

import errno
import io
import os
import resource
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.errors import (
    AudioMissing,
    BadAudio,
    BadInput,
    Conflict,
    DiskFull,
    LibraryReadOnly,
    RushesError,
)
from rushes.media.files import LocalAudioFiles, audio_key, suffix_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def files(root: Path) -> LocalAudioFiles:
    return LocalAudioFiles(root)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "original.wav"
    path.write_bytes(os.urandom(3_000_001))
    return path


@contextmanager
def half_a_megabyte() -> Iterator[None]:
    """No file of this process may grow beyond half a megabyte."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def left_behind(root: Path) -> list[Path]:
    folder = root / "incoming"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_file_is_staged_and_placed_byte_for_byte(
    files: LocalAudioFiles, root: Path, source: Path
) -> None:
    staged = files.stage(source)
    assert staged.path.parent == root / "incoming"
    assert staged.bytes == 3_000_001
    assert list(files.keys()) == []

    files.place(staged, "audio/ab/clip.wav")

    assert files.resolve("audio/ab/clip.wav").read_bytes() == source.read_bytes()
    assert files.exists("audio/ab/clip.wav")
    assert files.size("audio/ab/clip.wav") == 3_000_001
    assert list(files.keys()) == ["audio/ab/clip.wav"]
    assert left_behind(root) == []


def test_bytes_and_streams_are_staged_too(files: LocalAudioFiles) -> None:
    assert files.stage(b"abc").path.read_bytes() == b"abc"
    assert files.stage(io.BytesIO(b"abcd")).path.read_bytes() == b"abcd"


def test_a_file_to_be_moved_takes_no_second_room_and_stays_until_its_owner_removes_it(
    files: LocalAudioFiles, source: Path
) -> None:
    content = source.read_bytes()
    staged = files.stage(source, link=True)
    assert staged.path.samefile(source)
    files.place(staged, "audio/moved.wav")
    source.unlink()
    assert files.resolve("audio/moved.wav").read_bytes() == content


def test_where_files_cannot_be_linked_they_are_copied(
    files: LocalAudioFiles, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    staged = files.stage(source, link=True)
    assert not staged.path.samefile(source)
    assert staged.path.read_bytes() == source.read_bytes()


def test_through_a_symbolic_link_the_file_itself_is_taken(
    files: LocalAudioFiles, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "link.wav").symlink_to(source)
    for link in (False, True):
        staged = files.stage(tmp_path / "link.wav", link=link)
        assert not staged.path.is_symlink()
        assert staged.path.read_bytes() == source.read_bytes()


def test_nothing_is_made_before_the_first_file(files: LocalAudioFiles, root: Path) -> None:
    assert list(files.keys()) == []
    assert files.sweep(0) == 0
    files.remove("audio/none.wav")
    assert files.size("audio/none.wav") is None
    assert not root.exists()


def test_a_placed_file_is_never_replaced(files: LocalAudioFiles) -> None:
    files.place(files.stage(b"first"), "audio/a.wav")
    second = files.stage(b"second")
    with pytest.raises(Conflict):
        files.place(second, "audio/a.wav")
    assert files.resolve("audio/a.wav").read_bytes() == b"first"
    files.discard(second)
    files.discard(second)
    assert not second.path.exists()


@pytest.mark.parametrize(
    "key",
    ["", "/", "..", "../x", "audio/../../x", "/etc/passwd", "audio//x", "audio/./x", "audio/",
     "audio\\..\\x", "audio/x\0", "audio/\ud800"],
)  # fmt: skip
def test_no_key_leads_out_of_the_library(files: LocalAudioFiles, key: str) -> None:
    for act in (files.resolve, files.remove, files.exists, files.size):
        with pytest.raises(BadInput):
            act(key)
    with pytest.raises(BadInput):
        files.place(files.stage(b"x"), key)


@given(key=st.text(max_size=20))
def test_any_key_resolves_within_the_root_or_is_refused(key: str) -> None:
    root = Path("/nowhere/library")
    try:
        path = LocalAudioFiles(root).resolve(key)
    except BadInput:
        return
    assert Path(os.path.normpath(path)).is_relative_to(root)
    assert path != root


def test_a_file_is_placed_among_the_audio_only(files: LocalAudioFiles) -> None:
    with pytest.raises(BadInput):
        files.place(files.stage(b"x"), "rushes.db")


def test_removing_twice_is_no_error(files: LocalAudioFiles) -> None:
    files.place(files.stage(b"x"), "audio/x.wav")
    files.remove("audio/x.wav")
    files.remove("audio/x.wav")
    assert not files.exists("audio/x.wav")


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(
    files: LocalAudioFiles, root: Path, source: Path
) -> None:
    with half_a_megabyte():
        with pytest.raises(DiskFull, match="no room"):
            files.stage(source)
        with pytest.raises(DiskFull):
            files.stage(bytes(600_000))
        with pytest.raises(DiskFull):
            files.stage_array(np.zeros(600_000, dtype=np.int16), 24_000)
    assert left_behind(root) == []
    assert files.stage(b"small").bytes == 5


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, LibraryReadOnly),
        (errno.EIO, RushesError),
    ],
)
def test_what_the_disk_refuses_is_told_by_kind(
    files: LocalAudioFiles,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    kind: type[RushesError],
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    staged = files.stage(b"before")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(kind) as caught:
        files.stage(b"abc")
    assert "\n" not in str(caught.value)
    assert left_behind(root) == [staged.path]
    with pytest.raises(kind):
        files.place(staged, "audio/x.wav")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_library_that_may_not_be_written_says_so(files: LocalAudioFiles, root: Path) -> None:
    root.mkdir(mode=0o500)
    with pytest.raises(LibraryReadOnly):
        files.stage(b"abc")


def test_what_is_no_file_cannot_be_staged(
    files: LocalAudioFiles, root: Path, tmp_path: Path
) -> None:
    with pytest.raises(AudioMissing):
        files.stage(tmp_path / "absent.wav")
    with pytest.raises(BadAudio):
        files.stage(tmp_path)
    assert left_behind(root) == []


def test_an_interrupted_stream_leaves_nothing(files: LocalAudioFiles, root: Path) -> None:
    class Broken(io.RawIOBase):
        def read(self, _: int = -1, /) -> bytes:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.stage(Broken())
    assert left_behind(root) == []


def test_only_old_staged_files_are_swept(files: LocalAudioFiles, root: Path) -> None:
    files.stage(b"abc")
    assert files.sweep(3_600) == 0
    assert files.sweep(-1) == 1
    assert left_behind(root) == []


def test_the_suffix_is_that_of_the_real_format() -> None:
    assert audio_key("an-id", "WAVEX") == "audio/an-id.wav"
    formats = ("WAV", "FLAC", "OGG", "MP3", "AIFF", "RF64", "CAF")
    assert [suffix_of(name) for name in formats] == [
        ".wav",
        ".flac",
        ".ogg",
        ".mp3",
        ".aiff",
        ".wav",
        ".caf",
    ]
