"""A program written for small_dataset_audio's history runs here with its import changed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rushes.history import GenerationHistory
from rushes.library import Library
from rushes.library.audio import Audio
from tests.history.test_history import add

THEIRS = "from small_dataset_audio.history import GenerationHistory, HistoryEntry"
OURS = "from rushes.history import GenerationHistory, HistoryEntry"

PROGRAM = '''
"""Explore a model: render some seeds, keep the good ones, show what there is."""
import dataclasses
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from small_dataset_audio.history import GenerationHistory, HistoryEntry

SAMPLE_RATE = 48_000


def render(seed, seconds=0.05, stereo="mono", vector=None):
    """What the engine gives."""
    chance = np.random.default_rng(seed)
    shape = (2, int(seconds * SAMPLE_RATE)) if stereo == "mid_side" else int(seconds * SAMPLE_RATE)
    audio = (chance.standard_normal(shape) * 0.1).astype(np.float32)
    config = SimpleNamespace(
        bit_depth="24-bit", seed=seed, stereo_mode=stereo, latent_vector=vector
    )
    quality = {"snr_db": float("inf") if seed == 0 else 20.5, "clipped": False}
    return SimpleNamespace(
        audio=audio, sample_rate=SAMPLE_RATE, duration_s=seconds, quality_score=quality,
        config=config,
    )


def main(folder):
    history = GenerationHistory(folder)
    kept = []
    for seed in range(5):
        vector = np.linspace(-1, 1, 64, dtype=np.float32) if seed % 2 else None
        result = render(seed, stereo="mid_side" if seed == 3 else "mono", vector=vector)
        entry = history.add_to_history(
            result=result,
            model_id="m-drums" if seed < 3 else "m-pads",
            model_name="Drums" if seed < 3 else "Pads",
            slider_positions=[seed, -seed, 0] if seed else None,
            n_components=seed,
            preset_name="warm" if seed == 4 else "",
        )
        assert isinstance(entry, HistoryEntry)
        for name in (entry.audio_file, entry.thumbnail_file):
            assert (folder / name).is_file(), name
        kept.append(entry)

    assert [one.entry_id for one in history.list_entries()] == [
        one.entry_id for one in reversed(kept)
    ]
    assert [one.seed for one in history.list_entries(model_id="m-drums", limit=2)] == [2, 1]
    newest = history.list_entries(limit=1)[0]
    again = history.get(newest.entry_id)
    assert again == newest and history.get("nobody") is None
    report = [dataclasses.asdict(one) for one in history.list_entries()]
    size = history.get_total_size()
    on_disk = sum(
        (folder / name).stat().st_size
        for one in kept for name in (one.audio_file, one.thumbnail_file)
    )
    assert size == on_disk, (size, on_disk)

    assert history.delete_entry(kept[0].entry_id) is True
    assert history.delete_entry(kept[0].entry_id) is False
    (folder / kept[1].audio_file).unlink()
    removed, orphans = history.repair_history()
    print(json.dumps({
        "count": history.count(), "removed": removed, "orphans": orphans, "report": report,
        "fields": [field.name for field in dataclasses.fields(HistoryEntry)],
    }))


main(Path(sys.argv[1]))
'''


def test_a_whole_program_runs_with_nothing_changed_but_its_import(tmp_path: Path) -> None:
    assert THEIRS in PROGRAM
    program = tmp_path / "explore.py"
    program.write_text(PROGRAM.replace(THEIRS, OURS), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, program, tmp_path / "history"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert not told.stderr
    # As that program's own index holds it: bare Infinity is read, null and 0 are kept apart.
    said = json.loads(told.stdout)
    assert (said["count"], said["removed"], said["orphans"]) == (3, 1, 0)
    assert said["fields"] == [
        *("entry_id", "timestamp", "model_id", "model_name", "slider_positions", "n_components"),
        *("seed", "duration_s", "sample_rate", "stereo_mode", "preset_name", "audio_file"),
        *("thumbnail_file", "quality_score", "latent_vector"),
    ]
    *_, first = said["report"]
    assert first["slider_positions"] is None
    assert (first["n_components"], first["seed"]) == (0, 0)
    assert first["latent_vector"] is None
    assert first["quality_score"] == {"snr_db": float("inf"), "clipped": False}
    assert [entry["preset_name"] for entry in said["report"]] == ["warm", *["custom"] * 4]
    assert len(said["report"][1]["latent_vector"]) == 64
    with GenerationHistory(tmp_path / "history") as history:
        assert [entry.seed for entry in history.list_entries()] == [4, 3, 2]


def test_audio_is_there_before_the_thumbnail_and_both_before_the_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, int]] = []
    real = Audio.thumbnail

    def thumbnail(audio: Audio, of: Path, target: Path) -> None:
        with Library.open(tmp_path / "library") as other:
            seen.append((of.is_file() and of.stat().st_size > 0, other.generations.count()))
        assert not target.exists()
        real(audio, of, target)

    monkeypatch.setattr(Audio, "thumbnail", thumbnail)
    with GenerationHistory(tmp_path) as history:
        add(history)
        assert seen == [(True, 0)]
        assert history.count() == 1


def test_an_entry_is_gone_only_once_its_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        with closing(sqlite3.connect(tmp_path / "library" / "rushes.db")) as database:
            rows.extend(database.execute("SELECT count(*) FROM generations").fetchone())
        real(path, missing_ok=missing_ok)

    with GenerationHistory(tmp_path) as history:
        entry = add(history)
        files = [tmp_path / entry.audio_file, tmp_path / entry.thumbnail_file]
        monkeypatch.setattr(Path, "unlink", unlink)
        assert history.delete_entry(entry.entry_id)
        assert set(rows) == {1}
        assert not any(file.exists() for file in files)
        assert history.get(entry.entry_id) is None
