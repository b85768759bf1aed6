"""Directories that the programs themselves wrote, where they lie beside the checkout."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rushes.domain.audio import Fault
from rushes.domain.generation import Status
from rushes.domain.source import SourceKind
from rushes.library import Library
from tests.exchange.voiceboxes import state_of
from tests.library.takes import everything

REAL = Path(__file__).parents[3] / "shared" / "real"

if not REAL.is_dir():  # a checkout in a folder of worktrees lies one deeper
    REAL = Path(__file__).parents[4] / "shared" / "real"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="there are no real directories here")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_voicebox_directory_comes_in_whole(library: Library, tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "voicebox"
    shutil.copytree(REAL / "voicebox", folder, copy_function=shutil.copy)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    with closing(sqlite3.connect(folder / "voicebox.db")) as database:
        database.execute(f"PRAGMA journal_mode={mode}")
        keys = {key for (key,) in database.execute("SELECT id FROM generations")}
        versions = {key for (key,) in database.execute("SELECT id FROM generation_versions")}
    before = state_of(folder)

    found = library.sources.inspect(folder)
    library.sources.add(folder)
    measured = library.measuring.run()

    assert (found.kind, found.generations) == (SourceKind.VOICEBOX, len(keys))
    assert (found.stories, found.story_items, found.unreadable, found.unnamed) == (1, 3, 1, 1)
    assert (measured.missing, measured.damaged) == (0, 1)
    takes = {take.id: take for take in everything(library)}
    assert takes.keys() == keys
    assert sum(take.profile_missing for take in takes.values()) == 1
    assert {take.status for take in takes.values()} == {
        Status.COMPLETED,
        Status.FAILED,
        Status.GENERATING,
    }
    listed = [version for key in keys for version in library.versions.list(key)]
    assert versions <= {version.id for version in listed}
    for version in listed:
        assert version.facts is not None or version.fault is Fault.DAMAGED
    for take in takes.values():
        assert take.facts is None or take.duration == take.facts.duration
    assert library.derived.check() == ()
    assert state_of(folder) == before


def test_a_small_dataset_audio_history_comes_in_whole(library: Library) -> None:
    folder = REAL / "small_dataset_audio"
    before = state_of(folder)
    found = library.sources.inspect(folder)
    library.sources.add(folder)
    measured = library.measuring.run()

    assert (found.generations, found.missing, found.unnamed) == (6, 2, 0)
    assert (measured.measured, measured.missing, measured.damaged) == (4, 2, 0)
    takes = everything(library)
    assert sum(take.fault is Fault.MISSING for take in takes) == 2
    for take in takes:
        assert take.params_json is not None
        params = json.loads(take.params_json, parse_constant=pytest.fail)
        assert params["entry_id"] == take.id
        assert len(params["latent_vector"]) == 64
    assert any(take.params["quality_score"]["snr_db"] == "Infinity" for take in takes)  # type: ignore[index]  # any JSON
    assert state_of(folder) == before


def test_the_archives_that_voicebox_exported_come_in_but_the_one_that_holds_nothing(
    library: Library,
) -> None:
    imported = library.importing.copy_in(REAL / "zips")
    assert len(imported.ids) == 4
    assert (len(imported.profiles), imported.samples) == (1, 1)
    ((what, error),) = imported.failed
    assert Path(what).name == "generation-failed.voicebox.zip"
    assert "it holds no audio: the generation had failed" in str(error)
    takes = {take.text: take for take in everything(library)}
    versions = library.versions.list(takes["Hello world, 100% of it: a_b [laugh] — 你好 😀"].id)
    assert [(one.label, one.is_default) for one in versions] == [
        ("original", False),
        ("take-2", False),
        ("on the radio", True),
    ]
    assert takes["My Music"].profile_name == "Imported Audio"
    assert [sample.reference_text != "" for sample in library.profiles.samples("Narrator")] == [
        True
    ]
    assert library.health.check(deep=True).is_sound
    assert library.importing.copy_in(REAL / "zips").already == 4
