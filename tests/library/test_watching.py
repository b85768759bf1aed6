"""A folder that is watched: each finished file becomes a take, once, whatever happens between."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile

from rushes.domain.arrivals import Arrived, Given
from rushes.errors import BadInput, DiskFull, LibraryError, SourceError
from rushes.library import Library
from rushes.library.recording import Recorder
from rushes.library.watched_folder import PATIENCE, WatchedFolder
from rushes.media.finished import is_finished
from tests.library.takes import RATE, everything, tone
from tests.media.wavs import write_wav

PCM = tone().tobytes()


class Desk:
    """A folder and what watches it; the clock goes on by a second from look to look."""

    def __init__(self, library: Library, place: Path) -> None:
        self.library = library
        self.place = place
        self.clock = 0.0
        self.watched: WatchedFolder
        self.watch()

    def watch(self, given: Given | None = None, **how: bool) -> None:
        """Begin, as after a restart."""
        self.watched = self.library.watching.watch(self.place, given or Given(), **how)

    def look(self, seconds: float = 1.0) -> list[Arrived]:
        self.clock += seconds
        return list(self.watched.look(self.clock))

    def texts(self) -> list[str]:
        """What two looks take in."""
        arrived = [*self.look(), *self.look()]
        assert not [one.error for one in arrived if one.error]
        return [one.take.text for one in arrived if one.take]

    def put(self, name: str, data: bytes = PCM, **sizes: int) -> Path:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_wav(path, data, rate=RATE, **sizes)


@pytest.fixture
def desk(library: Library, tmp_path: Path) -> Desk:
    (tmp_path / "out").mkdir()
    return Desk(library, tmp_path / "out")


def test_a_file_is_taken_once_it_lay_still_and_never_again(desk: Desk) -> None:
    path = desk.put("a.wav")
    assert desk.look() == []
    (arrived,) = desk.look()
    assert (arrived.path, arrived.error) == (path, None)
    assert desk.texts() == []
    desk.watch()
    assert desk.texts() == []
    assert path.exists()


def test_files_are_taken_in_the_order_in_which_they_were_made(desk: Desk) -> None:
    for number, name in enumerate("cab"):
        os.utime(desk.put(f"{name}.wav"), (number, number))
    assert desk.texts() == ["c", "a", "b"]


def test_what_was_purged_here_does_not_come_back(desk: Desk) -> None:
    desk.put("a.wav")
    assert desk.texts() == ["a"]
    (take,) = everything(desk.library)
    desk.library.trash.purge(take.id)
    desk.watch()
    assert desk.texts() == []


def test_a_file_that_grows_is_waited_for(desk: Desk) -> None:
    for length in (100, 200, 300, 400):
        desk.put("a.wav", PCM[:length], data_size=len(PCM))
        assert desk.look() == []
    desk.put("a.wav")
    assert desk.texts() == ["a"]


def test_a_slow_writer_whose_header_is_behind_is_waited_for(desk: Desk) -> None:
    desk.put("a.wav", PCM[:400], data_size=len(PCM))
    desk.put("b.wav", PCM, data_size=0, riff_size=0)
    for _ in range(5):
        assert desk.look() == []
    desk.put("a.wav")
    desk.put("b.wav")
    assert desk.texts() == ["a", "b"]


def test_a_header_that_nobody_closes_is_believed_in_the_end(desk: Desk) -> None:
    desk.put("piped.wav", tone(0.5).tobytes(), data_size=0xFFFFFFFF, riff_size=0xFFFFFFFF)
    assert desk.texts() == []
    (arrived,) = desk.look(PATIENCE)
    assert arrived.take is not None
    assert arrived.take.facts is not None
    assert arrived.take.facts.frames == len(tone(0.5))


def test_what_is_no_audio_is_told_once_and_taken_when_it_becomes_some(desk: Desk) -> None:
    (desk.place / "a.wav").write_text("no audio")
    (desk.place / "b.mp3").touch()
    assert [*desk.look(), *desk.look(), *desk.look()] == []
    told = desk.look(PATIENCE)
    assert sorted(one.path.name for one in told if one.error) == ["a.wav", "b.mp3"]
    assert desk.look(PATIENCE) == []
    desk.put("a.wav")
    assert desk.texts() == ["a"]


def test_a_file_put_in_another_s_place_is_a_new_take(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.wav")
    assert desk.texts() == ["a"]
    write_wav(tmp_path / "new", tone(0.1).tobytes()).rename(desk.place / "a.wav")
    assert desk.texts() == ["a"]
    assert len({take.facts.sha256 for take in everything(desk.library) if take.facts}) == 2


def test_a_file_that_was_only_touched_is_the_same(desk: Desk) -> None:
    path = desk.put("a.wav")
    assert desk.texts() == ["a"]
    os.utime(path, (1, 1))
    assert desk.texts() == []
    desk.watch()
    assert desk.texts() == []
    assert len(everything(desk.library)) == 1


def test_moved_files_are_gone_and_their_names_can_be_used_again(desk: Desk) -> None:
    desk.watch(move=True)
    desk.put("out.wav")
    assert desk.texts() == ["out"]
    assert list(desk.place.iterdir()) == []
    desk.put("out.wav", tone(0.1).tobytes())
    assert desk.texts() == ["out"]


def test_only_new_passes_over_what_is_there_but_not_what_is_still_written(desk: Desk) -> None:
    desk.put("old.wav")
    desk.put("growing.wav", PCM[:100], data_size=len(PCM))
    desk.watch(only_new=True)
    assert desk.look() == []
    desk.put("growing.wav")
    desk.put("new.wav")
    assert sorted(desk.texts()) == ["growing", "new"]


def test_sidecars_say_what_no_option_says(desk: Desk) -> None:
    said = {
        "text": "Words",
        "voice": "Bert",
        "language": "de",
        "engine": "tada",
        "seed": 7,
        "created_at": "2026-01-02T03:04:05Z",
        "temperature": 0.5,
    }
    desk.put("a.wav")
    (desk.place / "a.json").write_text(json.dumps(said))
    desk.put("b.wav")
    (desk.place / "b.txt").write_text("Other words\n")
    desk.put("Cleo/c.wav")
    desk.watch(Given(seed=1, params={"speed": 2}))
    assert sorted(desk.texts()) == ["Other words", "Words", "c"]
    takes = {take.text: take for take in everything(desk.library)}
    whole = takes["Words"]
    assert (whole.profile_name, whole.language, whole.engine) == ("Bert", "de", "tada")
    assert (whole.seed, whole.created_at) == (1, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert whole.params is not None
    assert (whole.params["temperature"], whole.params["speed"]) == (0.5, 2)
    plain = takes["Other words"]
    assert (plain.profile_name, plain.language, plain.engine) == ("out", "en", "qwen")
    assert takes["c"].profile_name == "Cleo"


def test_what_is_given_holds_for_every_file(desk: Desk) -> None:
    desk.put("a.wav")
    (desk.place / "a.json").write_text('{"text": "Words", "voice": "Bert", "language": "de"}')
    desk.watch(Given(profile="Anna", text="Same", language="fr", engine="import"))
    assert desk.texts() == ["Same"]
    (take,) = everything(desk.library)
    assert (take.profile_name, take.language, take.engine) == ("Anna", "fr", "import")


def test_a_sidecar_that_is_being_written_is_waited_for(desk: Desk) -> None:
    desk.put("a.wav")
    assert desk.look() == []
    (desk.place / "a.txt").write_text("Half")
    assert desk.look() == []
    (desk.place / "a.txt").write_text("Half and whole")
    assert desk.texts() == ["Half and whole"]


def test_two_that_watch_one_folder_take_a_file_once(desk: Desk, folder: Path) -> None:
    with Library.open(folder) as again:
        other = Desk(again, desk.place)
        desk.put("a.wav")
        assert (desk.look(), other.look()) == ([], [])
        assert (len(desk.look()), other.look()) == (1, [])
        desk.put("a.wav", tone(0.1).tobytes())
        assert (other.texts(), desk.texts()) == (["a"], [])
    assert len(everything(desk.library)) == 2


def test_a_file_that_changes_while_it_is_copied_is_taken_when_it_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.put("a.wav")
    record: Callable[..., object] = Recorder.record

    def while_writing(*arguments: object, **options: object) -> object:
        os.utime(path, (9, 9))
        return record(*arguments, **options)

    assert desk.look() == []
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "record", while_writing)
        assert desk.look() == []
    assert everything(desk.library) == []
    assert not [*(desk.library.path / "audio").rglob("*.wav")]
    assert desk.texts() == ["a"]


def test_what_no_library_could_keep_ends_it_and_the_file_is_taken_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DiskFull("The audio wasn't kept", "no room is left", "Make room there.")

    desk.put("a.wav")
    assert desk.look() == []
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "record", refuse)
        with pytest.raises(LibraryError):
            desk.look()
    assert desk.texts() == ["a"]


def test_hidden_files_other_files_and_libraries_are_left_alone(desk: Desk) -> None:
    desk.put(".a.wav")
    desk.put("a.wav.part")
    (desk.place / "notes.txt").write_text("no audio")
    with Library.open(desk.place / "lib") as inner:
        inner.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    assert desk.texts() == []


def test_a_folder_that_goes_and_comes_back_is_no_new_folder(desk: Desk) -> None:
    desk.put("a.wav")
    assert desk.texts() == ["a"]
    away = desk.place.rename(desk.place.with_name("away"))
    assert desk.texts() == []
    away.rename(desk.place)
    assert desk.texts() == []


def test_what_cannot_be_watched_is_told(desk: Desk, tmp_path: Path) -> None:
    watch = desk.library.watching.watch
    with pytest.raises(SourceError):
        watch(tmp_path / "nowhere", Given())
    with pytest.raises(BadInput):
        watch(desk.library.path, Given())
    with pytest.raises(BadInput):
        watch(desk.place, Given(profile=" "))


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".aiff"])
def test_what_soundfile_wrote_is_finished(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    soundfile.write(path, tone(0.2), RATE)
    assert is_finished(path)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_what_is_still_written_is_not_finished(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with soundfile.SoundFile(path, "w", RATE, 1) as sound:
        for _ in range(60):
            sound.write(tone(0.5))
        sound.flush()
        cut = tmp_path / f"cut{suffix}"
        cut.write_bytes(path.read_bytes())
    assert is_finished(path)
    if suffix == ".wav":  # libsndfile brings the header up to date when it flushes
        cut.write_bytes(path.read_bytes()[:-100])
    assert not is_finished(cut)
