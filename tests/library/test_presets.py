"""Presets: saved from generations, found, moved, deleted and brought back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rushes.domain.preset import parted
from rushes.errors import Ambiguous, BadInput, Conflict, NotFound
from rushes.library import Library
from rushes.library.verification import verify
from tests.library.takes import RATE, tone

ENTRY = {
    "entry_id": "e1",
    "timestamp": "2026-02-20T04:01:15+00:00",
    "slider_positions": [0, None, -3],
    "n_components": 3,
    "seed": 7,
    "quality_score": {"snr_db": float("inf")},
    "preset_name": "custom",
    "audio_file": "audio/e1.wav",
    "latent_vector": None,
}


def record(library: Library, profile: str = "Anna", **more: object) -> str:
    given = {"text": "Hello", "seed": 42, "params": {"temperature": 0.7, "top_k": None}, **more}
    take = library.generations.record(
        profile=profile,
        audio=tone(),
        sample_rate=RATE,
        **given,  # type: ignore[arg-type]  # as named
    )
    return take.id


def test_a_preset_holds_what_the_take_was_made_with_and_which_it_was(library: Library) -> None:
    take = record(library, model_size="1.7B")
    saved = library.presets.save(take[:8], "Warm", folder="night", description="soft")
    assert saved == library.presets.get("NIGHT/warm") == library.presets.get(saved.id[:6])
    assert (saved.path, saved.profile_name, saved.generation_id) == ("night/Warm", "Anna", take)
    assert saved.params == {
        "engine": "qwen",
        "model_size": "1.7B",
        "language": "en",
        "seed": 42,
        "temperature": 0.7,
        "top_k": None,
    }


def test_of_an_entry_its_outcome_is_left_out_and_its_nulls_stay(library: Library) -> None:
    saved = library.presets.save(record(library, params=ENTRY, seed=7), "dark")
    assert "quality_score" not in saved.params
    assert "entry_id" not in saved.params
    assert saved.params["slider_positions"] == [0, None, -3]
    assert saved.params["latent_vector"] is None


def test_presets_are_listed_by_profile_and_folder(library: Library) -> None:
    anna, bert = record(library), record(library, "Bert")
    for take, path in ((bert, "x"), (anna, "b/z"), (anna, "a"), (anna, "B/y")):
        folder, name = parted(path)
        library.presets.save(take, name, folder=folder)
    assert [one.path for one in library.presets.list("anna")] == ["a", "B/y", "b/z"]
    assert [one.path for one in library.presets.list("Anna", "b")] == ["B/y", "b/z"]
    assert [one.path for one in library.presets.list(folder="")] == ["a", "x"]
    with pytest.raises(NotFound):
        library.presets.list("Cleo")


def test_a_name_is_borne_once_in_a_folder_of_a_profile(library: Library) -> None:
    anna, bert = record(library), record(library, "Bert")
    library.presets.save(anna, "warm")
    library.presets.save(bert, "warm")
    inner = library.presets.save(anna, "warm", folder="night")
    with pytest.raises(Conflict):
        library.presets.save(anna, "Warm")
    with pytest.raises(Conflict):
        library.presets.rename(inner.id, "WARM")
    with pytest.raises(Ambiguous, match="warm of Anna"):
        library.presets.get("warm")
    assert library.presets.get("warm", "bert").profile_name == "Bert"
    with pytest.raises(BadInput):
        library.presets.save(anna, "  ")


def test_a_preset_is_moved_deleted_and_brought_back(library: Library) -> None:
    saved = library.presets.save(record(library), "warm")
    moved = library.presets.rename("warm", "cold", "day")
    assert (moved.id, moved.path, moved.params_json) == (saved.id, "day/cold", saved.params_json)
    gone = library.presets.delete("day/cold")
    assert library.presets.list() == ()
    with pytest.raises(NotFound):
        library.presets.get("day/cold")
    library.presets.restore(gone)
    assert library.presets.list() == (moved,)


def test_what_was_made_with_a_preset_is_found(library: Library) -> None:
    saved = library.presets.save(record(library), "warm")
    made = record(library, params={"preset_name": "warm"})
    record(library, params={"preset_name": "cold"})
    record(library, "Bert", params={"preset_name": "warm"})
    assert library.presets.made_with(saved) == (made,)
    custom = library.presets.save(record(library, params={"preset_name": "custom"}), "custom")
    assert library.presets.made_with(custom) == ()


def test_a_preset_outlives_its_take_and_its_profile(library: Library) -> None:
    take = record(library)
    saved = library.presets.save(take, "warm")
    library.profiles.delete("Anna")
    library.trash.empty()
    (left,) = library.presets.list()
    assert (left.profile_id, left.generation_id, left.params) == (None, take, saved.params)
    library.presets.delete("warm")
    library.presets.restore(saved)
    assert library.presets.list() == (left,)


def foreign(folder: Path) -> Path:
    """A history of one model with a preset in a folder; gives where it lies."""
    (folder / "presets" / "m1").mkdir(parents=True)
    entry = {**ENTRY, "model_id": "m1", "model_name": "Bassoon", "audio_file": ""}
    preset = {"preset_id": "p", "name": "Dark", "folder": "brass", "slider_positions": [1, None]}
    listed = {"version": 1, "model_id": "m1", "folders": [], "presets": {"p": preset}}
    (folder / "history.json").write_text(json.dumps({"version": 1, "entries": {"e1": entry}}))
    (folder / "presets" / "m1" / "presets.json").write_text(json.dumps(listed))
    return folder


def test_the_presets_of_a_linked_source_are_only_read(library: Library, tmp_path: Path) -> None:
    library.sources.add(foreign(tmp_path / "distill"))
    (linked,) = library.presets.list("Bassoon")
    assert (linked.path, linked.generation_id) == ("brass/Dark", None)
    assert linked.params["slider_positions"] == [1, None]
    with pytest.raises(Conflict, match="only read"):
        library.presets.delete(linked.id)
    with pytest.raises(Conflict, match="only read"):
        library.presets.rename(linked.id, "x")


def test_importing_copies_presets_once(library: Library, tmp_path: Path) -> None:
    place = foreign(tmp_path / "distill")
    assert library.importing.copy_in(place).presets == 1
    (copied,) = library.presets.list("Bassoon", "brass")
    library.presets.rename(copied.id, "Mine")
    assert library.importing.copy_in(place).presets == 0
    assert [one.path for one in library.presets.list()] == ["Mine"]


def test_presets_come_back_from_the_journal(library: Library) -> None:
    take = record(library)
    library.presets.save(take, "warm", folder="night")
    library.presets.save(take, "gone")
    library.presets.rename("warm", "cold")
    library.presets.delete("gone")
    before = library.presets.list()
    library.close()
    (library.path / "rushes.db").unlink()
    assert verify(library.path, repair=True).is_sound
    with Library.open(library.path) as rebuilt:
        assert rebuilt.presets.list() == before
