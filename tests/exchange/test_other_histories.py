"""Histories of small_dataset_audio, folders of audio, and telling them apart."""

from __future__ import annotations

import json
import math
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.domain.foreign import ForeignTake
from rushes.domain.generation import Status
from rushes.domain.source import SourceKind
from rushes.errors import SourceError
from rushes.exchange.history import ForeignHistory
from rushes.exchange.recognising import opened, recognised
from rushes.library import Library
from tests.exchange.voiceboxes import Voicebox, state_of

ENTRY = {
    "entry_id": "e1",
    "timestamp": "2026-02-20T05:01:15.935851+01:00",
    "model_id": "m1",
    "model_name": "Bassoon",
    "slider_positions": [0, -3, 7],
    "n_components": 3,
    "seed": 0,
    "duration_s": 4.76,
    "sample_rate": 48000,
    "stereo_mode": "mono",
    "preset_name": "custom",
    "audio_file": "audio/e1.wav",
    "thumbnail_file": "thumbnails/e1.png",
    "quality_score": {"snr_db": math.inf, "rating": "green"},
    "latent_vector": None,
}


def write_index(folder: Path, entries: dict[str, object], name: str = "history.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / name
    index.write_text(json.dumps({"version": 1, "entries": entries}), encoding="utf-8")
    return index


def sound(path: Path, **tags: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(path, "w", 8_000, 1) as file:
        for tag, words in tags.items():
            setattr(file, tag, words)
        file.write(np.zeros(400))
    return path


def takes_of(history: ForeignHistory) -> list[ForeignTake]:
    with closing(history):
        heads = [head for batch in history.heads() for head in batch]
        assert list(history.keys()) == sorted(head.key for head in heads)
        return list(history.takes([head.key for head in heads]))


def test_an_entry_is_kept_whole(tmp_path: Path) -> None:
    write_index(tmp_path, {"e1": ENTRY})
    history = recognised(tmp_path)
    assert history.kind is SourceKind.SMALL_DATASET_AUDIO
    (take,) = takes_of(history)
    (profile,) = history.profiles()

    assert (take.key, take.profile_key, take.seed, take.duration) == ("e1", "m1", 0, 4.76)
    assert take.created_at == datetime(2026, 2, 20, 4, 1, 15, 935851, tzinfo=UTC)
    assert (profile.key, profile.name) == ("m1", "Bassoon")
    assert take.status is Status.COMPLETED
    params = json.loads(take.params_json or "", parse_constant=pytest.fail)
    assert params["quality_score"] == {"snr_db": "Infinity", "rating": "green"}
    assert params["latent_vector"] is None
    assert params["slider_positions"] == [0, -3, 7]
    assert [version.audio_path for version in take.versions] == ["audio/e1.wav"]


@pytest.mark.parametrize("broken", ["", "{", '{"version": 1}', "[]", "null", "[" * 100_000])
def test_a_broken_index_is_met_with_its_copy(tmp_path: Path, broken: str) -> None:
    write_index(tmp_path, {"e1": ENTRY}, "history.json.bak")
    (tmp_path / "history.json").write_text(broken, encoding="utf-8")
    before = state_of(tmp_path)

    history = recognised(tmp_path)

    assert len(takes_of(history)) == 1
    assert "history.json.bak" in history.troubles[0]
    assert state_of(tmp_path) == before
    (tmp_path / "history.json.bak").unlink()
    with pytest.raises(SourceError, match=r"history\.json"):
        recognised(tmp_path)


def test_entries_that_make_no_sense_leave_the_others_be(tmp_path: Path) -> None:
    write_index(tmp_path, {"e1": ENTRY, "e2": None, "e3": [1], "e4": {}})
    history = recognised(tmp_path)
    takes = {take.key: take for take in takes_of(history)}
    assert takes.keys() == {"e1", "e4"}
    assert takes["e4"].versions == ()
    assert history.troubles == ["entries that make no sense: 2"]


@pytest.mark.parametrize("where", ["presets", "../presets"])
def test_presets_come_along_in_their_folders(tmp_path: Path, where: str) -> None:
    write_index(tmp_path / "history", {"e1": ENTRY})
    folder = tmp_path / "history" / where / "m1"
    folder.mkdir(parents=True)
    preset = {
        "preset_id": "p1",
        "name": "Warm",
        "folder": "Soft",
        "slider_positions": [1, None],
        "n_components": 2,
        "seed": None,
        "created": "2026-01-01T00:00:00+00:00",
        "modified": "2026-01-02T00:00:00+00:00",
        "description": "",
    }
    document = {"version": 1, "model_id": "m1", "folders": [], "presets": {"p1": preset}}
    (folder / "presets.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "history" / where / "m2").mkdir()
    (tmp_path / "history" / where / "m2" / "presets.json").write_text("{", encoding="utf-8")

    history = recognised(tmp_path)
    (found,) = history.presets()

    assert (found.name, found.folder, found.profile_key) == ("Warm", "Soft", "m1")
    assert json.loads(found.params_json)["slider_positions"] == [1, None]
    assert len(history.troubles) == 1


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "\ufeffFrom a text\n", "From a text"),
        ("a.wav.txt", "From its text", "From its text"),
        ("a.json", '{"text": "From JSON", "seed": 7}', "From JSON"),
        ("a.wav.json", '{"prompt": "Prompted"}', "Prompted"),
        ("a.json", "{broken", "a"),
        ("a.json", "[1]", "a"),
        ("b.txt", "another's", "a"),
    ],
)
def test_what_lies_beside_a_file_says_its_words(
    tmp_path: Path, name: str, content: str, text: str
) -> None:
    sound(tmp_path / "a.wav")
    (tmp_path / name).write_text(content, encoding="utf-8")
    (take,) = takes_of(recognised(tmp_path))
    assert take.text == text
    assert take.engine == "import"


def test_a_sidecar_tells_more_than_words(tmp_path: Path) -> None:
    sound(tmp_path / "a.wav")
    said = {
        "text": "Hello",
        "profile": {"name": "Zoë"},
        "language": "de",
        "seed": 7,
        "engine": "xtts",
        "model_size": "2",
        "created_at": "2026-01-01T00:00:00Z",
        "temperature": math.inf,
    }
    (tmp_path / "a.json").write_text(json.dumps(said), encoding="utf-8")
    (take,) = takes_of(recognised(tmp_path))
    assert (take.profile_key, take.language, take.seed, take.engine) == ("Zoë", "de", 7, "xtts")
    assert take.created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert json.loads(take.params_json or "")["temperature"] == "Infinity"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_a_file_s_own_tags_say_its_words(tmp_path: Path, suffix: str) -> None:
    sound(tmp_path / f"a{suffix}", title="Spoken: 你好", comment="no matter")
    (take,) = takes_of(recognised(tmp_path))
    assert take.text == "Spoken: 你好"


def test_the_first_folder_on_the_way_is_the_profile(tmp_path: Path) -> None:
    for name in ("x.wav", "anna/1/x.wav", "anna/y.wav", ".hidden/z.wav"):
        sound(tmp_path / "top" / name)
    takes = takes_of(recognised(tmp_path / "top"))
    assert {take.key: take.profile_key for take in takes} == {
        "x.wav": "top",
        "anna/1/x.wav": "anna",
        "anna/y.wav": "anna",
    }


def test_the_digest_tells_a_changed_file_and_a_changed_sidecar(tmp_path: Path) -> None:
    file = sound(tmp_path / "a.wav")
    digests = [takes_of(recognised(tmp_path))[0].digest]
    os.utime(file, ns=(0, 5_000_000_000))
    digests.append(takes_of(recognised(tmp_path))[0].digest)
    (tmp_path / "a.txt").write_text("Hello", encoding="utf-8")
    digests.append(takes_of(recognised(tmp_path))[0].digest)
    assert len(set(digests)) == 3


def test_names_that_are_no_text_are_told(tmp_path: Path) -> None:
    sound(tmp_path / "a.wav")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.wav")).touch()
    history = recognised(tmp_path)
    assert len(takes_of(history)) == 1
    assert history.troubles == ["audio files whose names can't be kept: 1"]


def test_each_kind_is_recognised_by_what_lies_there(tmp_path: Path, voicebox: Voicebox) -> None:
    voicebox.take()
    index = write_index(tmp_path / "sda", {})
    sound(tmp_path / "folder" / "deep" / "a.wav")
    for path, kind in (
        (voicebox.folder, SourceKind.VOICEBOX),
        (voicebox.database, SourceKind.VOICEBOX),
        (tmp_path / "sda", SourceKind.SMALL_DATASET_AUDIO),
        (index, SourceKind.SMALL_DATASET_AUDIO),
        (tmp_path / "folder", SourceKind.FOLDER),
    ):
        with closing(recognised(path)) as history:
            assert history.kind is kind
            with closing(opened(kind, history.place, history.root)) as again:
                assert again.signature() == history.signature()


@pytest.mark.parametrize("what", ["nothing", "empty", "text", "library", "database"])
def test_what_isn_t_known_is_told(tmp_path: Path, what: str) -> None:
    path = tmp_path / "there"
    if what != "nothing":
        path.mkdir()
    if what == "text":
        (path / "a.txt").write_text("Hello", encoding="utf-8")
    if what == "library":
        Library.open(path).close()
    if what == "database":
        (path / "voicebox.db").write_bytes(b"no database")
    before = state_of(tmp_path)
    with pytest.raises(SourceError) as raised:
        recognised(path)
    assert "\n" not in str(raised.value)
    assert state_of(tmp_path) == before


def test_audio_that_lies_apart_is_named(tmp_path: Path, voicebox: Voicebox) -> None:
    voicebox.take()
    apart = tmp_path / "apart"
    (voicebox.folder / "generations").rename(apart)
    with closing(recognised(voicebox.folder, apart)) as history:
        assert history.root == apart
        assert len(list(history.audio_files())) == 1
    with pytest.raises(SourceError, match="isn't a folder"):
        recognised(voicebox.folder, tmp_path / "gone")
