"""Killed or refused at any change of an export: whole files or none, and the library as it was."""

from __future__ import annotations

import errno
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.domain.cues import CueFormat
from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import Archives, AudioAlone, Exported, What
from rushes.domain.story_sound import StoryWish
from rushes.errors import TargetError
from rushes.library import Library
from tests.laboratory import oracle, tally
from tests.laboratory.examining import FULL
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import RATE, State, clip
from tests.laboratory.shim import NEEDS_ROOM, Change, How, Strike
from tests.laboratory.steps import NOTHING, Bench, Compress, Place, Record, ids
from tests.laboratory.steps_of_stories import AddItem, CreateStory
from tests.laboratory.test_full_disk import fill_up
from tests.library.takes import tone

_STRIDE = 1 if FULL else 7
_TEXTS = ("one", "two")
GIVEN = (Record("one", "Anna", 1), Record("two", "Bert", 2), Compress(("two",)))


@dataclass(frozen=True, slots=True)
class Export:
    """Export both to a folder outside the library."""

    what: What
    leaves = NOTHING

    def run(self, at: Place) -> None:
        found = ids(at.library, _TEXTS)
        done = at.library.exporting.export(found, out(at.bench), self.what, name="{text}")
        for failure in done.failed:
            raise failure.error

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class ExportStory:
    """Mix a story of both into a file outside the library, with its subtitles."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        wish = StoryWish(AudioFormat.WAV, 16, cues=(CueFormat.SRT,))
        at.library.stories.export("tale", out(at.bench), wish)

    def after(self, state: State) -> State:
        return state


def out(bench: Bench) -> Path:
    return bench.outside / "deep" / "out"


STRIKES = {
    "before": (How.KILL, Change.ANY, 0),
    "within": (How.TEAR, Change.ANY, 0),
    "no room": (How.FAIL_ON, NEEDS_ROOM, errno.ENOSPC),
    "a fault": (How.FAIL_ONCE, Change.ANY, errno.EIO),
}


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize(
    "what", [Archives(), AudioAlone(AudioFormat.FLAC)], ids=["archives", "audio"]
)
def test_a_strike_at_any_change_of_an_export_leaves_whole_files_or_none(
    laboratory: Laboratory, what: What, strike: str
) -> None:
    how, kinds, error = STRIKES[strike]
    bench = laboratory.bench()
    state = laboratory.prepare(bench, GIVEN, State())
    at = 1
    while True:
        with laboratory.copy(bench) as copy:
            step = Export(what)
            outcome = laboratory.run(
                copy, [step], [state], Strike(at, how, kinds, error), retried=False
            )
            tally.kills["export"] += outcome.killed
            check(copy, parts=outcome.killed, struck=outcome.struck)
            with Library.open(copy.takes) as library:
                assert not oracle.differences(oracle.observed(library), (state,)), outcome.struck
                assert library.health.check(deep=True).is_sound
        if outcome.finished:
            break
        at += _STRIDE
    assert outcome.refusals == ()


@pytest.mark.parametrize("strike", STRIKES)
def test_a_strike_at_any_change_of_a_mix_leaves_whole_files_or_none(
    laboratory: Laboratory, strike: str
) -> None:
    how, kinds, error = STRIKES[strike]
    bench = laboratory.bench()
    told = (CreateStory("tale"), AddItem("tale", "one", 0), AddItem("tale", "two", 100))
    state = laboratory.prepare(bench, (*GIVEN, *told), State())
    mix = np.zeros(800 + 3_002, dtype=np.int32)
    mix[:3_001] += clip(1)
    mix[800:] += clip(2)
    at = 1
    while True:
        with laboratory.copy(bench) as copy:
            outcome = laboratory.run(
                copy, [ExportStory()], [state], Strike(at, how, kinds, error), retried=False
            )
            tally.kills["mix"] += outcome.killed
            found = list(out(copy).iterdir()) if out(copy).exists() else []
            whole = {path.name: path for path in found if path.suffix != ".part"}
            assert len(found) - len(whole) <= 2 * outcome.killed, outcome.struck
            assert whole.keys() <= {"tale.wav", "tale.srt"}, outcome.struck
            if "tale.wav" in whole:
                samples, _ = soundfile.read(whole["tale.wav"], dtype="int16")
                assert samples.tolist() == mix.tolist()
            if "tale.srt" in whole:
                assert whole["tale.srt"].read_text().count("-->") == 2
            with Library.open(copy.takes) as library:
                assert not oracle.differences(oracle.observed(library), (state,)), outcome.struck
        if outcome.finished:
            break
        at += _STRIDE
    assert outcome.refusals == ()


def check(bench: Bench, *, parts: bool, struck: str) -> None:
    """What lies in the folder is whole; only a kill leaves parts, and one at most."""
    if not out(bench).exists():
        return
    found = list(out(bench).iterdir())
    whole = [path for path in found if path.suffix != ".part"]
    assert len(found) - len(whole) <= parts, struck
    assert {path.stem for path in whole} <= set(_TEXTS), struck
    for path in whole:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                assert "generation.json" in archive.namelist()
        else:
            samples, rate = soundfile.read(path, dtype="int16")
            assert rate == RATE
            assert samples.tolist() == clip(1 + _TEXTS.index(path.stem)).tolist()


def refused(done: Exported, count: int) -> None:
    """All failed for one reason, which is told in a line."""
    assert len(done.failed) == count
    assert {type(one.error) for one in done.failed} == {TargetError}
    (told,) = {str(one.error) for one in done.failed}
    assert "\n" not in told


def test_a_full_disk_is_told_and_nothing_is_left_in_half(disk: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "takes") as library:
        taken = [
            library.generations.record(
                profile="Anna", text=f"take {number}", audio=tone(60.0), sample_rate=RATE
            ).id
            for number in range(30)
        ]
        for what in (Archives(), AudioAlone(), AudioAlone(AudioFormat.OGG)):
            folder = disk / "out"
            filler = None
            if isinstance(what, AudioAlone) and what.format is not None:
                filler = fill_up(disk)
            done = library.exporting.export(taken, folder, what, name="{id}")
            assert len(done.done) < len(taken)
            refused(done, len(taken) - len(done.done))
            assert "no room" in str(done.failed[0].error)
            there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
            assert there == sorted(Path(file.file).name for file in done.done)
            for file in done.done:
                assert Path(file.file).stat().st_size == file.bytes
                Path(file.file).unlink()
            if filler is not None:
                filler.unlink()


def test_a_disk_that_can_only_be_read_is_told(disk: Path, tmp_path: Path) -> None:
    (disk / "out").mkdir()
    with Library.open(tmp_path / "takes") as library:
        taken = [
            library.generations.record(
                profile="Anna", text="take", audio=tone(), sample_rate=RATE
            ).id
            for _ in range(3)
        ]
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        refused(library.exporting.export(taken, disk / "out"), 3)
        refused(library.exporting.export(taken, disk / "new" / "out", AudioAlone()), 3)
