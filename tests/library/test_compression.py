"""Takes made FLAC and given back, in a library that others use as well."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from sqlmodel import Session

from rushes.domain.audio import AudioFacts
from rushes.domain.compression import SkipReason
from rushes.domain.filter_language import parse
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.query import HistoryQuery
from rushes.errors import (
    AudioMissing,
    BadAudio,
    DiskFull,
    Interrupted,
    LibraryReadOnly,
    NotFound,
)
from rushes.library import Library
from rushes.library.audio import Audio
from rushes.media.decode import read_pcm16
from rushes.media.files import LocalAudioFiles, Staged
from rushes.playback.clip import Source, load_clip
from rushes.store import write_versions
from tests.library.takes import RATE, Take, fill, tone
from tests.library.test_trash import link
from tests.media.riffs import Riff

Write = Callable[[BinaryIO], None]


def record(library: Library, text: str = "Hello", seconds: float = 0.5) -> Generation:
    return library.generations.record(
        profile="Anna", text=text, audio=tone(seconds), sample_rate=RATE
    )


def audio_files(library: Library) -> list[str]:
    """Every file that the library keeps, staged ones too."""
    folders = (library.path / "audio", library.path / "incoming")
    return sorted(
        str(path.relative_to(library.path))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


def is_whole(library: Library) -> bool:
    """Whether the files there are and those that rows name are the same."""
    named = library._store.reader.all("SELECT audio_path FROM generation_versions")
    leaving = library._store.reader.all("SELECT count(*) FROM leaving_files")
    return audio_files(library) == sorted(str(path) for (path,) in named) and leaving == [(0,)]


def test_takes_become_flac_and_come_back_byte_for_byte(library: Library) -> None:
    takes = [record(library, str(number)) for number in range(3)]
    before = {take.id: library.audio.path(take).read_bytes() for take in takes}
    said: list[tuple[int, int, str]] = []

    def watch(done: int, total: int, doing: str = "") -> None:
        said.append((done, total, doing))

    ids = [take.id for take in takes]
    done = library.compression.compress(ids, watch=watch)
    assert done.done == tuple(ids)
    assert (done.files, done.failed, done.skipped) == (3, (), {})
    assert said[0] == (0, 3, "compressing")
    assert said[-1] == (3, 3, "compressing")
    assert done.bytes_before == sum(map(len, before.values()))
    assert is_whole(library)
    held = sum(library.audio.path(library.generations.get(one)).stat().st_size for one in ids)
    assert done.bytes_after == held == done.bytes_before - done.freed

    for take in takes:
        now = library.generations.get(take.id)
        assert now.audio_path is not None
        assert now.audio_path.endswith(".flac")
        assert now.facts is not None
        assert take.facts is not None
        assert (now.facts.format, now.facts.subtype) == ("FLAC", "PCM_16")
        assert (now.duration, now.facts.waveform) == (take.duration, take.facts.waveform)
        assert library.audio.envelope(now, 50).frames == round(0.5 * RATE)
        assert library.versions.list(take.id)[0].audio_path == now.audio_path
    assert library.statistics.totals().bytes == held
    assert library.derived.check() == ()

    back = library.compression.expand(ids)
    assert back.done == tuple(ids)
    assert (back.bytes_before, back.bytes_after) == (done.bytes_after, done.bytes_before)
    assert is_whole(library)
    for take in takes:
        now = library.generations.get(take.id)
        assert library.audio.path(now).read_bytes() == before[take.id]
        assert now.facts == take.facts
    assert library.derived.check() == ()


def test_a_compressed_take_sounds_the_same(library: Library) -> None:
    take = record(library)
    assert (read_pcm16(library.audio.path(take)).samples[:, 0] == tone(0.5)).all()

    def sound(generation: Generation) -> bytes:
        clip = load_clip(Source(generation.id, library.audio.path(generation)))
        try:
            with open(clip.descriptor, "rb", closefd=False) as held:
                held.seek(0)
                return held.read()
        finally:
            clip.close()

    before = sound(take)
    library.compression.compress(take.id)
    assert sound(library.generations.get(take.id)) == before == tone(0.5).tobytes()


def test_a_second_time_nothing_is_done(library: Library) -> None:
    take = record(library)
    library.compression.compress(take.id)
    token, files = library.changes.token(), audio_files(library)
    again = library.compression.compress(take.id)
    assert (again.done, again.files, again.failed) == ((), 0, ())
    assert again.skipped == {SkipReason.FLAC: (take.id,)}
    library.compression.expand(take.id)
    assert library.compression.expand(take.id).skipped == {SkipReason.NOT_FLAC: (take.id,)}
    assert library.changes.token() > token
    assert len(audio_files(library)) == len(files) == 1


def test_a_dry_run_tells_the_same_to_the_byte_and_changes_nothing(library: Library) -> None:
    takes = [record(library, str(number), 0.3 + number / 10) for number in range(3)]
    ids = [take.id for take in takes]
    for work in (library.compression.compress, library.compression.expand):
        token, files = library.changes.token(), audio_files(library)
        told = work(ids, dry_run=True)
        assert library.changes.token() == token
        assert audio_files(library) == files
        assert work(ids) == told
        assert told.done == tuple(ids)


def test_a_query_says_which(library: Library) -> None:
    kept = record(library, "keep", 0.4)
    wanted, thrown = (record(library, "squeeze") for _ in range(2))
    library.generations.delete(thrown.id)
    done = library.compression.compress(HistoryQuery(filter=parse("squeeze"), limit=1))
    assert done.done == (wanted.id,)
    assert library.generations.get(kept.id) == kept
    assert library.compression.compress(HistoryQuery(trashed=True)).done == (thrown.id,)
    library.trash.restore(thrown.id)
    assert library.audio.path(library.generations.get(thrown.id)).suffix == ".flac"


def test_every_version_is_worked_on(library: Library) -> None:
    take = library.generations.begin(profile="Anna", text="Hello")
    library.generations.complete(take.id, tone(0.5), RATE)
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET status = 'failed'")
    library.generations.complete(take.id, tone(0.7), RATE)
    first, second = library.versions.list(take.id)
    sounds = [library.audio.path(version).read_bytes() for version in (first, second)]
    done = library.compression.compress(take.id)
    assert (done.done, done.files) == ((take.id,), 2)
    now = library.versions.list(take.id)
    assert [version.is_default for version in now] == [False, True]
    assert library.generations.get(take.id).audio_path == now[1].audio_path
    assert is_whole(library)
    library.compression.expand(take.id)
    now = library.versions.list(take.id)
    assert [library.audio.path(version).read_bytes() for version in now] == sounds


def test_what_is_not_to_be_touched_is_skipped_and_counted(library: Library, tmp_path: Path) -> None:
    floats = library.generations.record(
        profile="Anna", text="f", audio=tone(0.5).astype(np.float32) / 32768, sample_rate=RATE
    )
    wide = library.generations.record(
        profile="Anna", text="w", audio=tone(0.5).astype(np.int32) << 16, sample_rate=RATE
    )
    tiny = record(library, "tiny", 0.001)
    linked = record(library, "linked")
    link(library, linked, tmp_path)
    (silent,) = fill(library, [Take("silent")])
    files = audio_files(library)
    done = library.compression.compress(HistoryQuery())
    assert done.skipped == {
        SkipReason.SAMPLES: (wide.id, floats.id),
        SkipReason.NO_GAIN: (tiny.id,),
        SkipReason.LINKED: (linked.id,),
        SkipReason.NO_AUDIO: (silent,),
    }
    assert (done.done, done.failed, done.freed) == ((), (), 0)
    assert audio_files(library) == files
    assert set(library.compression.expand(HistoryQuery()).skipped) == {
        SkipReason.NOT_FLAC,
        SkipReason.LINKED,
        SkipReason.NO_AUDIO,
    }


def test_a_file_that_two_takes_name_is_left_to_both(library: Library) -> None:
    first, second, other = (record(library, text) for text in ("1", "2", "3"))
    with library._store.transaction() as session:
        for table in ("generations SET audio_path = ? WHERE id", "generation_versions SET"):
            where = "" if table.endswith("id") else " audio_path = ? WHERE generation_id"
            session.connection().exec_driver_sql(
                f"UPDATE {table}{where} = ?", (first.audio_path, second.id)
            )
    done = library.compression.compress([first.id, second.id, other.id])
    assert done.skipped == {SkipReason.SHARED: (first.id, second.id)}
    assert done.done == (other.id,)
    assert library.compression.compress(first.id).skipped == {SkipReason.SHARED: (first.id,)}
    assert library.audio.path(library.generations.get(second.id)).is_file()


def test_a_person_s_own_flac_stays_flac(library: Library, tmp_path: Path) -> None:
    import soundfile

    flac = tmp_path / "mine.flac"
    soundfile.write(flac, tone(0.5), RATE)
    take = library.generations.record(profile="Anna", text="Hello", audio=flac)
    assert library.compression.compress(take.id).skipped == {SkipReason.FLAC: (take.id,)}
    assert library.compression.expand(take.id).skipped == {SkipReason.NOT_OURS: (take.id,)}
    assert library.audio.path(take).read_bytes() == flac.read_bytes()


def test_missing_and_damaged_files_are_told_and_the_rest_is_done(library: Library) -> None:
    missing, damaged, good = (record(library, text) for text in "mdg")
    library.audio.path(missing).unlink()
    path = library.audio.path(damaged)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    done = library.compression.compress([missing.id, damaged.id, good.id])
    assert done.done == (good.id,)
    assert [(one.id, type(one.error)) for one in done.failed] == [
        (missing.id, AudioMissing),
        (damaged.id, BadAudio),
    ]
    assert path.read_bytes() == content
    assert library.generations.get(damaged.id) == damaged


def test_a_damaged_flac_is_not_expanded(library: Library) -> None:
    take = record(library)
    library.compression.compress(take.id)
    path = library.audio.path(library.generations.get(take.id))
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    (failure,) = library.compression.expand(take.id).failed
    assert isinstance(failure.error, BadAudio)
    assert audio_files(library) == [str(path.relative_to(library.path))]


def test_unknown_ids_stop_everything(library: Library) -> None:
    take = record(library)
    for work in (library.compression.compress, library.compression.expand):
        with pytest.raises(NotFound, match="nobody"):
            work([take.id, "nobody"])
    assert library.generations.get(take.id) == take


@pytest.mark.parametrize("gone", ["purged", "expanded"])
def test_whoever_changes_a_take_meanwhile_wins(
    library: Library, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    take = record(library)
    stage = LocalAudioFiles.stage_written

    def stage_slowly(self: LocalAudioFiles, write: Write) -> Staged:
        monkeypatch.undo()
        staged = stage(self, write)
        with Library.open(library.path) as other:
            if gone == "purged":
                other.trash.purge(take.id)
            else:
                other.compression.compress(take.id)
        return staged

    monkeypatch.setattr(LocalAudioFiles, "stage_written", stage_slowly)
    done = library.compression.compress(take.id)
    assert done.skipped == {SkipReason.CHANGED: (take.id,)}
    assert (done.done, done.bytes_before) == ((), 0)
    assert is_whole(library)
    assert len(audio_files(library)) == (0 if gone == "purged" else 1)


def test_a_take_in_the_trash_meanwhile_is_done_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = record(library)
    stage = LocalAudioFiles.stage_written

    def stage_slowly(self: LocalAudioFiles, write: Write) -> Staged:
        library.generations.delete(take.id)
        return stage(self, write)

    monkeypatch.setattr(LocalAudioFiles, "stage_written", stage_slowly)
    assert library.compression.compress(take.id).done == (take.id,)
    assert library.trash.restore(take.id) == (take.id,)
    assert is_whole(library)


Replace = Callable[[Session, GenerationVersion, str, AudioFacts], bool]


def test_a_commit_that_fails_leaves_the_old_file_alone(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = [record(library, str(number)) for number in range(3)]
    replace_file: Replace = write_versions.replace_file

    def fail(session: Session, version: GenerationVersion, key: str, facts: AudioFacts) -> bool:
        replace_file(session, version, key, facts)
        if version.generation_id != takes[0].id:
            raise DiskFull("the library can't be written", "no room is left")
        return True

    monkeypatch.setattr(write_versions, "replace_file", fail)
    done = library.compression.compress([take.id for take in takes])
    assert done.done == (takes[0].id,)
    assert [one.id for one in done.failed] == [takes[1].id, takes[2].id]
    assert is_whole(library)
    assert library.generations.get(takes[1].id) == takes[1]


def test_calling_off_leaves_what_is_done_and_nothing_in_half(library: Library) -> None:
    takes = [record(library, str(number)) for number in range(3)]

    def watch(done: int, total: int, doing: str = "") -> None:
        if (done, total, doing) == (1, 3, "compressing"):
            raise Interrupted("that is enough")

    with pytest.raises(Interrupted):
        library.compression.compress([take.id for take in takes], watch=watch)
    suffixes = [library.audio.path(library.generations.get(one.id)).suffix for one in takes]
    assert suffixes == [".flac", ".wav", ".wav"]
    assert is_whole(library)


def test_a_crash_before_the_old_file_goes_is_mended_by_the_next_opening(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = record(library)
    old = library.audio.path(take)

    def crash(paths: object = None) -> None:
        raise KeyboardInterrupt(paths)

    monkeypatch.setattr(library.leaving, "finish", crash)
    with pytest.raises(KeyboardInterrupt):
        library.compression.compress(take.id)
    assert old.is_file()
    with Library.open(library.path) as again:
        assert not old.exists()
        assert is_whole(again)
        assert again.audio.path(again.generations.get(take.id)).suffix == ".flac"


def test_an_old_file_that_stays_is_told_and_goes_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, other = record(library, "1"), record(library, "2")
    old = library.audio.path(take)
    unlink = Audio.unlink

    def refuse(self: Audio, stored: str) -> None:
        if stored == take.audio_path:
            raise LibraryReadOnly("it can't be removed")
        unlink(self, stored)

    monkeypatch.setattr(Audio, "unlink", refuse)
    done = library.compression.compress([take.id, other.id])
    monkeypatch.undo()
    assert (done.done, done.skipped) == ((take.id, other.id), {})
    assert [one.id for one in done.failed] == [take.id]
    assert old.is_file()
    with Library.open(library.path) as again:
        assert not old.exists()
        assert is_whole(again)


def test_chunks_that_are_not_audio_are_kept(library: Library, tmp_path: Path) -> None:
    wav = tmp_path / "take.wav"
    content = Riff(bits=24, frames=5_001, after=((b"LIST", b"INFOICMT\x04\0\0\0note"),)).encode()
    wav.write_bytes(content)
    take = library.generations.record(profile="Anna", text="Hello", audio=wav, move=True)
    library.compression.compress(take.id)
    library.compression.expand(take.id)
    assert library.audio.path(library.generations.get(take.id)).read_bytes() == content


def test_what_python_s_own_wave_module_writes_is_compressed(
    library: Library, tmp_path: Path
) -> None:
    wav = tmp_path / "odd.wav"
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(3)
        file.setframerate(RATE)
        file.writeframes(bytes(3 * 4_001))
    take = library.generations.record(profile="Anna", text="Hello", audio=wav)
    assert library.compression.compress(take.id).done == (take.id,)
