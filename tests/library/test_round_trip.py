"""What goes out as an archive comes back the same: every field, every byte."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rushes.domain.export_formats import Layout
from rushes.domain.exporting import Archives
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.record import Record, generation_record, version_record
from rushes.library import Library
from tests.library.takes import RATE, tone

EPOCH = datetime(1999, 1, 1, tzinfo=UTC)
LEFT_BEHIND = ("audio_path", "audio_file")
"""Where a file lies is the library's own business."""

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.text("aZ é%_{}[/]\\你🎉'\"-.:", max_size=12).map(lambda name: f"n{name}n")
SAID = WORDS.map(lambda text: f"{text}.")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(
    [
        ("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("WAV", "PCM_U8"),
        ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"),
    ]
)  # fmt: skip
CHAIN = st.lists(
    st.fixed_dictionaries({"type": NAMES, "enabled": st.booleans(), "params": st.just({"a": 1.5})}),
    max_size=2,
)


@dataclass(frozen=True, slots=True)
class Version:
    kind: tuple[str, str]
    channels: int
    label: str
    effects: list[dict[str, object]]
    made_from: int | None
    is_default: bool


VERSIONS = st.lists(
    st.builds(
        Version,
        kind=KINDS,
        channels=st.integers(1, 2),
        label=NAMES,
        effects=CHAIN,
        made_from=st.none() | st.integers(0, 3),
        is_default=st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda version: version.label.strip().casefold(),
)
TAKE = st.fixed_dictionaries(
    {
        "profile": NAMES,
        "text": WORDS,
        "language": st.sampled_from(["en", "de", "zh-CN"]),
        "seed": st.none() | st.integers(0, 2**53),
        "instruct": st.none() | SAID,
        "engine": st.sampled_from(["qwen", "kokoro"]),
        "model_size": st.sampled_from([None, "1.7B"]),
        "params": st.none() | st.dictionaries(WORDS, JSON, max_size=3),
        "created_at": st.timedeltas(timedelta(0), timedelta(days=9999)).map(lambda by: EPOCH + by),
    }
)
MARKS = st.fixed_dictionaries(
    {
        "favorite": st.booleans(),
        "rating": st.none() | st.integers(1, 5),
        "tags": st.lists(NAMES, max_size=3, unique_by=lambda tag: tag.strip().casefold()),
        "note": st.none() | SAID,
    }
)


def written(folder: Path, number: int, version: Version) -> Path:
    """An audio file of that kind; each sounds different."""
    container, subtype = version.kind
    file = folder / f"{number}.{container.lower()}"
    one = tone(0.05 + number / 100, 0.2 + number / 10).astype(np.float64) / 32768
    soundfile.write(file, np.stack([one] * version.channels, 1), RATE, subtype=subtype)
    return file


def made(
    library: Library,
    folder: Path,
    take: dict[str, object],
    marks: dict[str, object],
    versions: Sequence[Version],
) -> Generation:
    """A generation with all that can be said of one."""
    first = written(folder, 0, versions[0])
    identity = library.generations.record(audio=first, **take).id  # type: ignore[arg-type]
    for number, version in enumerate(versions[1:], 1):
        there = library.versions.list(identity)
        parent = None if version.made_from is None else there[version.made_from % len(there)].id
        library.versions.add(
            identity,
            written(folder, number, version),
            label=f"{version.label} {number}",
            effects=version.effects,
            made_from=parent,
            default=version.is_default,
        )
    library.generations.favorite(identity, bool(marks["favorite"]))
    library.generations.rate(identity, marks["rating"])  # type: ignore[arg-type]
    library.generations.note(identity, marks["note"])  # type: ignore[arg-type]
    if marks["tags"]:
        library.generations.tag(identity, marks["tags"])  # type: ignore[arg-type]
    return library.generations.get(identity)


def told(library: Library, item: Generation | GenerationVersion) -> Record:
    """All that is known of it but where its file lies, and its file's bytes."""
    record: Record = (
        generation_record(item, None)
        if isinstance(item, Generation)
        else version_record(item, None)
    )
    kept = {key: value for key, value in record.items() if key not in LEFT_BEHIND}
    if isinstance(item, Generation):
        kept["params_json"] = item.params_json
    else:
        kept["effects_chain_json"] = item.effects_chain_json
    return {**kept, "bytes": library.audio.path(item).read_bytes()}


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(take=TAKE, marks=MARKS, versions=VERSIONS)
def test_a_take_comes_back_whole_with_every_version(
    take: dict[str, object], marks: dict[str, object], versions: list[Version]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Library.open(folder / "here") as here, Library.open(folder / "there") as there:
            original = made(here, folder, take, marks, versions)
            assert not here.exporting.export(original.id, folder / "out").failed
            imported = there.importing.copy_in(folder / "out")
            assert (imported.ids, imported.failed) == ([original.id], [])
            assert told(there, there.generations.get(original.id)) == told(here, original)
            assert [told(there, one) for one in there.versions.list(original.id)] == [
                told(here, one) for one in here.versions.list(original.id)
            ]
            # What has come back goes out again as the same archive.
            assert not there.exporting.export(original.id, folder / "again").failed
            (first,), (second,) = (sorted((folder / at).iterdir()) for at in ("out", "again"))
            assert first.read_bytes() == second.read_bytes()


@settings(max_examples=12)
@given(take=TAKE, marks=MARKS, version=VERSIONS.map(lambda some: some[0]))
def test_the_documented_layout_holds_the_record_and_the_default_as_wav(
    take: dict[str, object], marks: dict[str, object], version: Version
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Library.open(folder / "here") as here, Library.open(folder / "there") as there:
            original = made(here, folder, take, marks, [version])
            out = here.exporting.export(original.id, folder / "out", Archives(Layout.SONNA))
            assert not out.failed
            assert there.importing.copy_in(folder / "out").ids == [original.id]
            back, before = (
                told(library, library.generations.get(original.id)) for library in (there, here)
            )
            if version.kind[0] != "WAV":
                # Its samples come back, its coding can't.
                for key in ("bytes", "sha256", "frames", "duration"):
                    back.pop(key), before.pop(key)
            assert back == before


def test_profiles_meet_by_id_then_by_name_and_are_never_another(
    library: Library, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "there") as there:
        take = there.generations.record(profile="Anna", text="x", audio=tone(), sample_rate=RATE)
        there.exporting.export(take.id, tmp_path / "out")
    other = library.generations.record(profile="Bert", text="y", audio=tone(), sample_rate=RATE)
    library.importing.copy_in(tmp_path / "out")
    back = library.generations.get(take.id)
    assert (back.profile_name, back.profile_id) == ("Anna", take.profile_id)
    assert back.profile_id != other.profile_id


@pytest.mark.parametrize("count", [3])
def test_many_go_out_one_file_each_and_come_back(
    library: Library, tmp_path: Path, count: int
) -> None:
    ids = [
        library.generations.record(
            profile="Anna", text="the same", audio=tone(0.05 + at / 50), sample_rate=RATE
        ).id
        for at in range(count)
    ]
    library.exporting.export(ids, tmp_path / "out", name="{text}")
    assert len(list((tmp_path / "out").iterdir())) == count
    with Library.open(tmp_path / "there") as there:
        assert sorted(there.importing.copy_in(tmp_path / "out").ids) == sorted(ids)
