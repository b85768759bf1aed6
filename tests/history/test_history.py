"""A program of small_dataset_audio runs on a library, with nothing changed but the import."""

from __future__ import annotations

import json
import math
import shutil
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from rushes.errors import RushesError
from rushes.history import GenerationHistory, HistoryEntry
from rushes.library import Library
from tests.exchange.test_other_histories import ENTRY, sound, write_index
from tests.exchange.voiceboxes import new_key, state_of
from tests.library.test_real_sources import REAL

RATE = 8_000


@dataclass
class Config:
    bit_depth: object = "24-bit"
    seed: int = 7
    stereo_mode: str = "mono"
    latent_vector: Any = None


@dataclass
class Result:
    audio: Any
    sample_rate: int = RATE
    duration_s: float = 0.1
    quality_score: dict[str, object] = field(default_factory=lambda: {"snr_db": math.inf})
    config: Config = field(default_factory=Config)


def result(seconds: float = 0.1, **config: Any) -> Result:
    at = np.arange(round(seconds * RATE))
    return Result(np.sin(at / 5).astype(np.float32), config=Config(**config))


def add(history: GenerationHistory, model: str = "m1", **config: Any) -> HistoryEntry:
    return history.add_to_history(result(**config), model, f"Model {model}", [0, -3], 2, "custom")


def test_an_entry_is_kept_whole_and_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    with GenerationHistory(folder) as history:
        entry = history.add_to_history(
            result(latent_vector=np.array([0.5, -0.25])), "m1", "Bassoon", None, 12, ""
        )
        assert history.get(entry.entry_id) == entry
    with GenerationHistory(folder) as history:
        (again,) = history.list_entries()
        assert again == entry
        assert history.count() == 1
    assert (entry.model_id, entry.model_name, entry.preset_name) == ("m1", "Bassoon", "custom")
    assert entry.slider_positions is None
    assert (entry.n_components, entry.seed, entry.stereo_mode) == (12, 7, "mono")
    assert entry.quality_score == {"snr_db": math.inf}
    assert entry.latent_vector == [0.5, -0.25]
    assert entry.timestamp.endswith("+00:00")
    about = soundfile.info(folder / entry.audio_file)
    assert (about.subtype, about.samplerate, about.frames) == ("PCM_24", RATE, 800)
    picture = (folder / entry.thumbnail_file).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (320, 64)


def test_entries_come_newest_first_by_model_and_limit(tmp_path: Path) -> None:
    with GenerationHistory(tmp_path) as history:
        first, second, third = add(history), add(history, "m2"), add(history)
        everything = [entry.entry_id for entry in history.list_entries()]
        assert everything == [third.entry_id, second.entry_id, first.entry_id]
        assert [entry.entry_id for entry in history.list_entries("m1", 1)] == [third.entry_id]
        assert history.list_entries("m2") == [second]
        assert history.list_entries("nobody") == []
        assert history.list_entries(limit=0) == []


def test_deleting_takes_the_files_and_says_whether_there_was_an_entry(tmp_path: Path) -> None:
    with GenerationHistory(tmp_path) as history:
        entry, other = add(history), add(history)
        sizes = sum(
            (tmp_path / name).stat().st_size
            for one in (entry, other)
            for name in (one.audio_file, one.thumbnail_file)
        )
        assert history.get_total_size() == sizes
        (tmp_path / entry.audio_file).unlink()
        assert history.delete_entry(entry.entry_id) is True
        assert history.delete_entry(entry.entry_id) is False
        assert history.delete_entry(other.entry_id[:8]) is False
        assert history.get(entry.entry_id) is None
        assert history.count() == 1
        assert not (tmp_path / entry.thumbnail_file).exists()
        assert history.get_total_size() < sizes


def test_stereo_of_either_shape_and_every_depth_is_kept(tmp_path: Path) -> None:
    with GenerationHistory(tmp_path) as history:
        for shape, depth, subtype in (
            ((2, 800), 16, "PCM_16"),
            ((800, 2), "32-bit float", "FLOAT"),
        ):
            stereo = Result(np.zeros(shape, np.float32) + 0.25, config=Config(bit_depth=depth))
            entry = history.add_to_history(stereo, "m", "M", None, 0, "custom")
            about = soundfile.info(tmp_path / entry.audio_file)
            assert (about.channels, about.frames, about.subtype) == (2, 800, subtype)


def test_without_audio_or_a_thumbnail_there_is_no_entry(tmp_path: Path) -> None:
    with GenerationHistory(tmp_path) as history:
        with pytest.raises(RushesError):
            history.add_to_history(Result(np.zeros(0)), "m", "M", None, 0, "custom")
        (tmp_path / "thumbnails").write_text("in the way", encoding="utf-8")
        with pytest.raises(RushesError):
            add(history)
        assert history.count() == 0
        assert history.repair_history() == (0, 0)


def test_repair_counts_what_is_missing_and_what_nobody_names(tmp_path: Path) -> None:
    with GenerationHistory(tmp_path) as history:
        entry, kept = add(history), add(history)
        (tmp_path / entry.audio_file).unlink()
        stray = tmp_path / "library" / "audio" / "stray.wav"
        shutil.copyfile(tmp_path / kept.audio_file, stray)
        assert history.repair_history() == (1, 1)
        assert history.repair_history() == (0, 1)
        assert stray.exists()
        assert history.list_entries() == [kept]


def test_an_existing_index_is_taken_over_once_and_kept(tmp_path: Path) -> None:
    there, gone = new_key(), new_key()
    sound(tmp_path / "audio" / f"{there}.wav")
    sound(tmp_path / "audio" / "stray.wav")
    entries = {
        key: {**ENTRY, "entry_id": key, "audio_file": f"audio/{key}.wav"} for key in (there, gone)
    }
    index = write_index(tmp_path, dict(entries))
    before = state_of(tmp_path / "audio") | {"": (index.read_text(), 0, 0)}

    with GenerationHistory(tmp_path) as history:
        assert {entry.entry_id for entry in history.list_entries()} == {there, gone}
        entry = history.get(there)
        assert entry is not None
        assert entry.quality_score["snr_db"] == math.inf
        assert entry.slider_positions == [0, -3, 7]
        assert soundfile.info(tmp_path / entry.audio_file).frames == 400
        assert history.repair_history() == (1, 1)
        assert history.delete_entry(there)
    with GenerationHistory(tmp_path) as history:
        assert history.count() == 0
    assert state_of(tmp_path / "audio") | {"": (index.read_text(), 0, 0)} == before
    with Library.open(tmp_path / "library") as library:
        assert library.derived.check() == ()
        assert library.health.check().is_sound


def test_a_broken_index_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text("{", encoding="utf-8")
    with pytest.warns(UserWarning, match="damaged"):
        history = GenerationHistory(tmp_path)
    with history:
        add(history)
        assert history.count() == 1
    write_index(tmp_path, {"e1": ENTRY}, "history.json.bak")
    with GenerationHistory(tmp_path) as history:
        assert history.count() == 2


@pytest.mark.skipif(not REAL.is_dir(), reason="there are no real directories here")
def test_a_real_history_is_taken_over_whole(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    shutil.copytree(REAL / "small_dataset_audio", folder, copy_function=shutil.copyfile)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    said = json.loads((folder / "history.json").read_text())["entries"]
    with GenerationHistory(folder) as history:
        assert history.count() == 6
        for entry in history.list_entries():
            told = {**vars(entry), "audio_file": said[entry.entry_id]["audio_file"]}
            assert told == said[entry.entry_id]
        assert history.repair_history() == (2, 0)
        assert history.count() == 4
