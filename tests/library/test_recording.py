"""Recording: the file and the row are both there, or neither."""

from __future__ import annotations

import errno
import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from rushes.domain.generation import Status
from rushes.errors import AudioMissing, BadAudio, BadInput, DiskFull, LibraryError, RushesError
from rushes.library import Library
from rushes.media.files import LocalAudioFiles
from rushes.store import adding, write_generations
from tests.library.takes import RATE, tone


def files_of(library: Library) -> list[str]:
    """Every file of audio, staged ones too."""
    return sorted(
        str(path.relative_to(library.path))
        for folder in ("audio", "incoming")
        for path in (library.path / folder).rglob("*")
        if path.is_file()
    )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(0.1), RATE)
    return path


def test_everything_that_was_said_is_kept(library: Library) -> None:
    made = datetime(2026, 4, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    take = library.generations.record(
        profile="Zoë [b]",
        text="Hello [/whisper] \0 % _ 児玉 👩‍🚀",
        audio=tone(0.25),
        sample_rate=RATE,
        language="de",
        seed=-(2**63),
        instruct="softly",
        engine="luxtts",
        model_size="0.6B",
        params={"temperature": 0.7, "sliders": [1, None, 0], "preset": {"name": "custom"}},
        created_at=made,
        rating=4,
        is_favorited=True,
        note="keep",
    )

    again = library.generations.get(take.id)
    assert again == take
    assert (take.profile_name, take.text) == ("Zoë [b]", "Hello [/whisper] \0 % _ 児玉 👩‍🚀")
    assert (take.language, take.engine, take.model_size) == ("de", "luxtts", "0.6B")
    assert (take.seed, take.instruct, take.rating, take.note) == (-(2**63), "softly", 4, "keep")
    assert take.is_favorited
    assert take.params == {
        "temperature": 0.7,
        "sliders": [1, None, 0],
        "preset": {"name": "custom"},
    }
    assert take.created_at == datetime(2026, 4, 1, 12, 30, tzinfo=UTC)
    assert take.created_at.utcoffset() == timedelta(0)
    assert (take.status, take.error, take.deleted_at) == (Status.COMPLETED, None, None)
    assert take.duration == 0.25
    assert take.audio_path == f"audio/{take.id[:2]}/{take.id}.wav"
    assert take.facts is not None
    assert (take.facts.sample_rate, take.facts.channels, take.facts.frames) == (RATE, 1, 2000)
    (version,) = library.versions.list(take.id)
    assert (version.label, version.is_default) == ("original", True)
    assert (version.audio_path, version.facts) == (take.audio_path, take.facts)
    samples, rate = soundfile.read(library.audio.path(take), dtype="int16")
    assert rate == RATE
    assert (samples == tone(0.25)).all()
    assert library.audio.path(version) == library.audio.path(take)
    assert library.audio.envelope(take, 50).frames == 2000


def test_a_file_is_kept_byte_for_byte_and_the_original_stays(library: Library, clip: Path) -> None:
    before = clip.read_bytes()
    take = library.generations.record(profile="Anna", text="Hello", audio=str(clip))
    assert library.audio.path(take).read_bytes() == before == clip.read_bytes()
    assert take.facts is not None
    assert take.facts.bytes == len(before)


def test_moving_takes_the_original_away(library: Library, clip: Path) -> None:
    before = clip.read_bytes()
    take = library.generations.record(profile="Anna", text="Hello", audio=clip, move=True)
    assert not clip.exists()
    assert library.audio.path(take).read_bytes() == before


def test_the_librarys_own_file_is_not_moved(library: Library, clip: Path) -> None:
    take = library.generations.record(profile="Anna", text="Hello", audio=clip)
    with pytest.raises(BadInput, match="lies there already"):
        library.generations.record(
            profile="Anna", text="Again", audio=library.audio.path(take), move=True
        )
    assert library.audio.path(take).is_file()


def test_the_suffix_is_that_of_the_content(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(), RATE, format="FLAC")
    take = library.generations.record(profile="Anna", text="Hello", audio=path)
    assert take.audio_path is not None
    assert take.audio_path.endswith(".flac")


def test_the_same_bytes_may_be_recorded_twice(library: Library, clip: Path) -> None:
    takes = [library.generations.record(profile="A", text="x", audio=clip) for _ in range(2)]
    assert len({take.id for take in takes}) == len({take.audio_path for take in takes}) == 2
    assert library.generations.same_words(takes[0]) == (takes[1],)
    assert len(library.profiles.list()) == 1


def test_names_of_profiles_are_told_apart_exactly(library: Library) -> None:
    for name in ("Anna", "anna", " Anna "):
        library.generations.begin(profile=name, text="x")
    held = [(each.profile.name, each.generations) for each in library.profiles.list()]
    assert held == [("Anna", 2), ("anna", 1)]


class Tensor:
    """What torch's arrays and numbers have in common with numpy's."""

    def __init__(self, value: object) -> None:
        self.value = value

    def tolist(self) -> object:
        return self.value


def test_snapshots_are_kept_as_strict_json(library: Library) -> None:
    params: dict[Any, Any] = {
        "inf": math.inf,
        "minus": [-math.inf, math.nan],
        "array": np.array([[1.5, np.inf]]),
        "number": np.float32(0.5),
        "count": np.int64(3),
        "tensor": Tensor([1, 2]),
        "tuple": (1, "b"),
        "path": Path("a") / "b",
        "null": None,
        "zero": 0,
        "yes": True,
        "big": 10**30,
        7: "seven",
    }
    take = library.generations.record(
        profile="A", text="x", audio=tone(), sample_rate=RATE, params=params
    )
    assert take.params == {
        "inf": "Infinity",
        "minus": ["-Infinity", "NaN"],
        "array": [[1.5, "Infinity"]],
        "number": 0.5,
        "count": 3,
        "tensor": [1, 2],
        "tuple": [1, "b"],
        "path": str(Path("a") / "b"),
        "null": None,
        "zero": 0,
        "yes": True,
        "big": 10**30,
        "7": "seven",
    }

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert take.params_json is not None
    json.loads(take.params_json, parse_constant=refuse)


DEEP: list[Any] = []
for _ in range(5_000):
    DEEP = [DEEP]

BAD: dict[str, dict[str, Any]] = {
    "half a surrogate pair": {"text": "a\ud800"},
    "a text that is none": {"text": 5},
    "a text without end": {"text": "x" * 1_000_001},
    "a profile without a name": {"profile": "  "},
    "a profile's name with a surrogate": {"profile": "\udfff"},
    "an engine without a name": {"engine": ""},
    "a language without a name": {"language": ""},
    "a seed of 65 bits": {"seed": 2**63},
    "a seed that is none": {"seed": 1.5},
    "a rating of 0": {"rating": 0},
    "a rating of 6": {"rating": 6},
    "a rating that is none": {"rating": True},
    "a time that is none": {"created_at": "2026"},
    "a time before the calendar": {
        "created_at": datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
    },
    "parameters that are none": {"params": [1]},
    "parameters with an object": {"params": {"a": object()}},
    "parameters with a surrogate": {"params": {"a": "\ud800"}},
    "parameters without a bottom": {"params": {"a": DEEP}},
    "a note with a surrogate": {"note": "\ud800"},
    "samples without a rate": {"sample_rate": None},
    "a rate of 0": {"sample_rate": 0},
    "samples of no shape": {"audio": np.zeros((2, 2, 2))},
    "no samples": {"audio": np.zeros(0, dtype=np.int16)},
    "samples that are no numbers": {"audio": np.array([np.nan, 0.0])},
    "a file that isn't there": {"audio": "nowhere.wav"},
    "a folder": {"audio": "."},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_kept_leaves_nothing(library: Library, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        "profile": "Anna",
        "text": "Hello",
        "audio": tone(),
        "sample_rate": RATE,
    }
    with pytest.raises((BadInput, BadAudio, AudioMissing)) as raised:
        library.generations.record(**given | wrong)
    assert "\n" not in str(raised.value)
    assert files_of(library) == []
    assert library.generations.count() == 0
    assert library.profiles.list() == ()


def test_what_is_not_audio_leaves_nothing_and_is_named(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("Dear diary")
    with pytest.raises(BadAudio, match=r"notes\.wav"):
        library.generations.record(profile="Anna", text="Hello", audio=path, move=True)
    assert path.is_file()
    assert files_of(library) == []


def _refused(*_: object, **__: object) -> None:
    raise DiskFull("nothing was written", "no room is left")


FAULTS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "while the file is put in its place": (LocalAudioFiles, "place", _refused),
    "before the row": (write_generations, "add_generation", _refused),
    "after the row": (adding, "add_versions", _refused),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("move", [False, True])
def test_a_failure_leaves_nothing_behind(
    library: Library,
    clip: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: tuple[object, str, Callable[..., object]],
    move: bool,
) -> None:
    monkeypatch.setattr(*fault)
    with pytest.raises(DiskFull):
        library.generations.record(profile="Anna", text="Hello", audio=clip, move=move)
    monkeypatch.undo()
    assert clip.is_file()
    assert files_of(library) == []
    assert library.generations.count() == 0
    assert library.profiles.list() == ()
    assert library.generations.record(profile="Anna", text="Hello", audio=clip).text == "Hello"


def test_a_full_disk_at_the_commit_leaves_nothing_behind(library: Library, clip: Path) -> None:
    with library._store.transaction() as session:
        connection = session.connection()
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull) as raised:
        library.generations.record(profile="Anna", text="x" * 100_000, audio=clip)
    assert "room" in str(raised.value)
    assert files_of(library) == []
    assert library.generations.count() == 0


def test_a_file_that_a_row_names_after_all_is_kept(
    library: Library, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transaction = library._store.transaction

    class Late:
        """A commit that is done and tells of a failure: the disk's answer came too late."""

        def __init__(self) -> None:
            self.inner = transaction()

        def __enter__(self) -> object:
            return self.inner.__enter__()

        def __exit__(self, *error: object) -> None:
            self.inner.__exit__(*error)  # type: ignore[arg-type]
            raise LibraryError("the disk failed")

    monkeypatch.setattr(library._store, "transaction", Late)
    with pytest.raises(LibraryError):
        library.generations.record(profile="Anna", text="Hello", audio=clip)
    (take,) = library.generations.list().items
    assert library.audio.path(take).is_file()


def test_the_stored_path_never_leads_out_of_the_library(library: Library, clip: Path) -> None:
    take = library.generations.record(profile="Anna", text="Hello", audio=clip)
    outside = library.path.parent / "secret.wav"
    outside.write_bytes(clip.read_bytes())
    for stored in ("../secret.wav", str(outside), "audio/../../secret.wav", "..\\secret.wav"):
        with library._store.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE generations SET audio_path = ? WHERE id = ?", (stored, take.id)
            )
        with pytest.raises(AudioMissing):
            library.audio.path(library.generations.get(take.id))
    library.trash.purge([take.id])
    assert outside.is_file()


def test_a_missing_file_is_told(library: Library, clip: Path) -> None:
    take = library.generations.record(profile="Anna", text="Hello", audio=clip)
    library.audio.path(take).unlink()
    with pytest.raises(AudioMissing, match="missing"):
        library.audio.path(take)
    with pytest.raises(AudioMissing, match="no audio"):
        library.audio.path(library.generations.begin(profile="Anna", text="Later"))


def test_errors_are_of_the_kinds_that_people_are_told(library: Library) -> None:
    for identity in ("", "abc", "abc!d", "\ud800", "0" * 36, "%%%%"):
        with pytest.raises(RushesError):
            library.generations.get(identity)


def test_an_original_that_cannot_be_taken_away_is_logged_and_the_take_is_given(
    library: Library, clip: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == clip:
            raise PermissionError(errno.EACCES, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    take = library.generations.record(profile="Anna", text="Hello", audio=clip, move=True)
    assert clip.is_file()
    assert library.audio.path(take).is_file()
    assert "clip.wav stays where it is: Permission denied" in caplog.text


def test_a_moved_file_shares_nothing_with_a_name_that_stays(library: Library, clip: Path) -> None:
    content = clip.read_bytes()
    symbolic, hard = clip.with_name("symbolic.wav"), clip.with_name("hard.wav")
    symbolic.symlink_to(clip)
    first = library.generations.record(profile="Anna", text="1", audio=symbolic, move=True)
    hard.hardlink_to(clip)
    second = library.generations.record(profile="Anna", text="2", audio=hard, move=True)
    assert not symbolic.is_symlink()
    assert not hard.exists()
    clip.write_bytes(b"overwritten")
    for take in (first, second):
        assert library.audio.path(take).read_bytes() == content


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 5_000])
@pytest.mark.parametrize("move", [False, True])
def test_a_path_that_no_file_can_have_is_refused_in_words(
    library: Library, name: str, move: bool
) -> None:
    with pytest.raises(RushesError, match="can't be read"):
        library.generations.record(profile="Anna", text="Hello", audio=f"/{name}", move=move)


def test_parameters_that_nobody_could_read_again_are_refused(library: Library) -> None:
    with pytest.raises(BadInput, match="digits"):
        library.generations.begin(profile="Anna", text="Hello", params={"steps": 10**5_000})


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
def test_times_at_which_some_clock_leaves_the_calendar_are_refused(
    library: Library, moment: datetime
) -> None:
    with pytest.raises(BadInput, match="calendar"):
        library.generations.begin(profile="Anna", text="Hello", created_at=moment)
    near = moment.replace(year=2 if moment.year == 1 else 9998)
    run = library.generations.begin(profile="Anna", text="Hello", created_at=near)
    assert run.created_at == near


def test_what_a_crash_left_half_copied_is_swept_once_it_is_old(
    library: Library, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = library.path / "incoming"
    incoming.mkdir()
    left = incoming / "left.part"
    left.write_bytes(b"half")
    library.generations.record(profile="Anna", text="1", audio=clip)
    assert left.exists()
    tomorrow = time.time() + 3 * 24 * 3600
    monkeypatch.setattr("rushes.media.files.time.time", lambda: tomorrow)
    with Library.open(library.path) as later:
        later.generations.record(profile="Anna", text="2", audio=clip)
    assert not left.exists()
