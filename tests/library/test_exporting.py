"""Takes exported: whole files or none, with every field and byte, and nothing overwritten."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from rushes.domain.export_formats import AudioFormat, Layout
from rushes.domain.exporting import Archives, AudioAlone, ExportedFile, Remark
from rushes.domain.filter_language import parse
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.domain.record import generation_record
from rushes.errors import (
    AudioMissing,
    BadAudio,
    BadInput,
    BadPattern,
    Conflict,
    Interrupted,
    NotFound,
    TargetError,
)
from rushes.exchange import archive_writer
from rushes.library import Library, export_run
from rushes.media.facts import measure
from tests.exchange.voiceboxes import Voicebox, state_of
from tests.library.takes import RATE, Take, fill, tone

MEASURED = ("sample_rate", "channels", "frames", "sha256", "format", "subtype", "peak", "waveform")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def record(library: Library, text: str = "Hello", **more: Any) -> Generation:
    more.setdefault("profile", "Anna")
    more.setdefault("audio", tone())
    return library.generations.record(text=text, sample_rate=RATE, **more)


def add_version(library: Library, take: Generation, file: Path, label: str, **more: object) -> str:
    """A version whose file lies in the library as others do; gives its id."""
    identity = f"{len(library.versions.list(take.id)):08}-0000-4000-8000-000000000000"
    key = f"audio/{take.id[:2]}/{identity}{file.suffix}"
    shutil.copy(file, library.path / key)
    facts = measure(file)
    columns = {
        "id": identity,
        "generation_id": take.id,
        "label": label,
        "audio_path": key,
        "is_default": 0,
        "created_at": "2026-05-01 08:09:10.123456",
        "bytes": facts.bytes,
        **{name: getattr(facts, name) for name in MEASURED},
        **more,
    }
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            f"INSERT INTO generation_versions ({', '.join(columns)})"
            f" VALUES ({', '.join('?' * len(columns))})",
            tuple(columns.values()),
        )
    return identity


def make_default(library: Library, take: Generation, version_id: str) -> None:
    with library._store.transaction() as session:
        connection = session.connection()
        for on, condition in ((0, "<>"), (1, "=")):
            connection.exec_driver_sql(
                f"UPDATE generation_versions SET is_default = {on}"
                f" WHERE generation_id = ? AND id {condition} ?",
                (take.id, version_id),
            )
        connection.exec_driver_sql(
            "UPDATE generations SET audio_path ="
            " (SELECT audio_path FROM generation_versions WHERE id = ?) WHERE id = ?",
            (version_id, take.id),
        )


def files(folder: Path) -> list[str]:
    """Every file in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def one(library: Library, wanted: str, target: Path | str, *more: Any, **most: Any) -> Path:
    done = library.exporting.export(wanted, target, *more, **most)
    assert done.failed == ()
    (file,) = done.done
    assert Path(file.file).stat().st_size == file.bytes == done.bytes
    return Path(file.file)


def refuse(constant: str) -> object:
    raise AssertionError(f"{constant} isn't JSON")


def content(path: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The entries of a ZIP in order, and ``generation.json``."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        entries = {name: archive.read(name) for name in archive.namelist()}
    return entries, json.loads(entries["generation.json"], parse_constant=refuse)


def taken_by_voicebox(path: Path) -> tuple[dict[str, Any], bytes]:
    """What Voicebox's import makes of a ZIP: the manifest, and the audio that it keeps."""
    assert path.stat().st_size <= 50 * 1024 * 1024
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {"version", "generation", "profile"} <= manifest.keys()
        heard = [
            name
            for name in archive.namelist()
            if name.startswith("audio/") and name.endswith(".wav")
        ]
        assert heard[0] == min(heard)
        return manifest, archive.read(heard[0])


def test_a_zip_holds_every_field_and_byte(library: Library, out: Path, tmp_path: Path) -> None:
    take = record(
        library,
        "Hello 児玉 [laughs]\n\0{id}",
        seed=-7,
        instruct="calm",
        language="de",
        model_size="1.7B",
        params={"a": [1, None, 2.5], "snr": float("inf"), "ключ": "é"},
        rating=4,
        is_favorited=True,
        note="two\nlines",
    )
    (take,) = library.generations.tag(take.id, ["Keep", "β"])
    (original,) = library.versions.list(take.id)
    soundfile.write(tmp_path / "b.flac", tone(0.2), RATE)
    chain = '[{"type": "reverb", "enabled": true, "params": {}}]'
    other = add_version(
        library,
        take,
        tmp_path / "b.flac",
        "on the radio",
        effects_chain=chain,
        source_version_id=original.id,
    )
    path = one(library, take.id, out)
    entries, record_ = content(path)
    assert list(entries) == [
        f"audio/{take.id}.wav",
        f"audio/{take.id}_{other}.flac",
        "manifest.json",
        "generation.json",
    ]
    rushes = record_.pop("rushes")
    assert record_ == generation_record(take, f"audio/{take.id}.wav")
    profile = library.profiles.get("Anna")
    assert rushes.pop("profile")["id"] == profile.id
    versions = rushes.pop("versions")
    assert rushes == {
        "format": 1,
        "rating": 4,
        "note": "two\nlines",
        "tags": list(take.tags),
        "params_json": take.params_json,
        "source_key": None,
        "source_kind": None,
    }
    for said, version in zip(versions, library.versions.list(take.id), strict=True):
        exact = library.audio.path(version).read_bytes()
        assert entries[said["file"]] == exact
        assert said["sha256"] == hashlib.sha256(exact).hexdigest()
        assert said["bytes"] == len(exact)
        assert said["label"] == version.label
        assert said["effects_chain_json"] == version.effects_chain_json
        assert said["source_version_id"] == version.source_version_id
        assert said["is_default"] == version.is_default
    assert versions[1]["created_at"] == "2026-05-01T08:09:10.123456Z"


def test_voicebox_imports_the_default_version_with_its_true_length(
    library: Library, out: Path, tmp_path: Path
) -> None:
    take = record(library)
    soundfile.write(tmp_path / "b.wav", tone(0.4), RATE)
    other = add_version(library, take, tmp_path / "b.wav", "take-2")
    make_default(library, take, other)
    path = one(library, take.id, out)
    manifest, heard = taken_by_voicebox(path)
    assert heard == (tmp_path / "b.wav").read_bytes()
    assert manifest["generation"]["duration"] == pytest.approx(0.4)
    assert manifest["generation"]["created_at"] == take.created_at.replace(tzinfo=None).isoformat(
        "T", "microseconds"
    )
    said = {one["label"]: one["filename"] for one in manifest["versions"]}
    assert said["take-2"] == f"{take.id}.wav"
    assert [one["is_default"] for one in manifest["versions"]] == [False, True]
    entries, _ = content(path)
    assert {f"audio/{name}" for name in said.values()} < set(entries)


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "MP3"])
def test_what_is_no_wav_file_gets_one_for_voicebox_and_stays_as_it_is(
    library: Library, out: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"a.{kind.lower()}"
    soundfile.write(file, tone(0.3), RATE, format=kind)
    take = record(library, audio=file)
    path = one(library, take.id, out)
    entries, record_ = content(path)
    assert entries[f"original/{take.id}.{kind.lower()}"] == file.read_bytes()
    assert record_["rushes"]["versions"][0]["file"] == f"original/{take.id}.{kind.lower()}"
    (tmp_path / "heard.wav").write_bytes(taken_by_voicebox(path)[1])
    heard, rate = soundfile.read(tmp_path / "heard.wav", dtype="int16")
    assert (len(heard), rate) == (2_400, RATE)
    if kind == "FLAC":
        assert np.array_equal(heard, tone(0.3))


def test_a_compressed_take_is_carried_as_flac_and_as_the_wav_file_that_it_was(
    library: Library, out: Path
) -> None:
    take = record(library, audio=tone(0.5))
    before = library.audio.path(take).read_bytes()
    library.compression.compress(take.id)
    entries, record_ = content(one(library, take.id, out))
    assert entries[f"audio/{take.id}.wav"] == before
    exact = record_["rushes"]["versions"][0]["file"]
    assert exact == f"original/{take.id}.flac"
    assert entries[exact] == library.audio.path(library.generations.get(take.id)).read_bytes()
    assert one(library, take.id, out, AudioAlone(AudioFormat.WAV)).read_bytes() == before
    assert one(library, take.id, out, AudioAlone()).suffix == ".flac"


def test_a_sonna_zip_is_as_it_is_documented(library: Library, out: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", tone(0.3), RATE)
    plain, packed = record(library), record(library, audio=tmp_path / "a.flac")
    add_version(library, plain, tmp_path / "a.flac", "other")
    done = library.exporting.export([plain.id, packed.id], out, Archives(Layout.SONNA))
    assert [file.remarks for file in done.done] == [(Remark.VERSIONS_LEFT_OUT,), (Remark.DECODED,)]
    for take, file in zip((plain, packed), done.done, strict=True):
        entries, record_ = content(Path(file.file))
        assert list(entries) == ["audio.wav", "generation.json"]
        (version,) = record_["rushes"]["versions"]
        assert version["file"] == record_["audio_file"] == "audio.wav"
        assert version["sha256"] == hashlib.sha256(entries["audio.wav"]).hexdigest()
        assert version["bytes"] == len(entries["audio.wav"])
        assert record_["id"] == take.id
    assert entries["audio.wav"][:4] == b"RIFF"


@pytest.mark.parametrize("layout", Layout)
def test_one_without_audio_is_exported_with_its_record(
    library: Library, out: Path, layout: Layout
) -> None:
    run = library.generations.begin(profile="Anna", text="later")
    failed = library.generations.begin(profile="Anna", text="broke")
    library.generations.fail(failed.id, "out of memory")
    whole = record(library)
    done = library.exporting.export([run.id, failed.id, whole.id], out, Archives(layout))
    assert done.failed == ()
    for file, status in zip(done.done, ("pending", "failed", "completed"), strict=True):
        entries, record_ = content(Path(file.file))
        assert record_["status"] == status
        assert any(name.startswith("audio") for name in entries) == (status == "completed")
        assert len(record_["rushes"]["versions"]) == (status == "completed")
    alone = library.exporting.export([run.id, whole.id, failed.id], out / "alone", AudioAlone())
    assert [file.id for file in alone.done] == [whole.id]
    assert [(one.id, type(one.error)) for one in alone.failed] == [
        (run.id, AudioMissing),
        (failed.id, AudioMissing),
    ]
    assert "still running" in str(alone.failed[0].error)


def test_the_same_take_gives_the_same_zip(library: Library, out: Path) -> None:
    take = record(library)
    first, second = (one(library, take.id, out / name).read_bytes() for name in ("a", "b"))
    assert first == second
    with zipfile.ZipFile(one(library, take.id, out / "c.zip")) as archive:
        made = take.created_at
        for info in archive.infolist():
            assert info.date_time[:5] == (made.year, made.month, made.day, made.hour, made.minute)
            assert info.filename.isascii()
            stored = zipfile.ZIP_DEFLATED if info.filename.endswith(".json") else zipfile.ZIP_STORED
            assert info.compress_type == stored


def test_archives_of_over_4_gb_get_sizes_of_64_bits(
    library: Library, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = record(library, audio=tone(0.5))
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 5_000)
    path = one(library, take.id, out)
    assert b"PK\x06\x06" in path.read_bytes()
    assert content(path)[1]["id"] == take.id


def test_over_50_mb_is_written_and_told(
    library: Library, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = record(library)
    monkeypatch.setattr(export_run, "MOST_FOR_VOICEBOX", 1_000)
    (file,) = library.exporting.export(take.id, out).done
    assert file.remarks == (Remark.OVER_50_MB,)
    (sonna,) = library.exporting.export(take.id, out, Archives(Layout.SONNA)).done
    assert sonna.remarks == ()


def test_too_long_for_wav_the_original_is_exported_alone(
    library: Library, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.flac", tone(0.3), RATE)
    take = record(library, audio=tmp_path / "a.flac")
    monkeypatch.setattr("rushes.domain.limits.LARGEST_WAV", 1_000)
    (file,) = library.exporting.export(take.id, out).done
    assert file.remarks == (Remark.NO_WAV,)
    assert f"original/{take.id}.flac" in content(Path(file.file))[0]


def test_audio_alone_is_the_very_file_or_another_format(library: Library, out: Path) -> None:
    take = record(library)
    assert one(library, take.id, out, AudioAlone()).read_bytes() == (
        library.audio.path(take).read_bytes()
    )
    for wanted in AudioFormat:
        path = one(library, take.id, out, AudioAlone(wanted), name="{id:.8}")
        assert path.name in (f"{take.id[:8]}.{wanted}",)
        assert soundfile.info(path).frames == len(tone())


def test_one_version_or_each_is_exported(library: Library, out: Path, tmp_path: Path) -> None:
    take, other = record(library), record(library)
    soundfile.write(tmp_path / "b.ogg", tone(0.3), RATE)
    added = add_version(library, take, tmp_path / "b.ogg", "on the/radio")
    done = library.exporting.export([take.id, other.id], out, AudioAlone(version="ON the/radio"))
    assert [(file.id, file.version_id) for file in done.done] == [(take.id, added)]
    assert isinstance(done.failed[0].error, NotFound)
    every = library.exporting.export(take.id, out, AudioAlone(every_version=True), name="{id:.4}")
    assert [Path(file.file).name for file in every.done] == [
        f"{take.id[:4]}-original.wav",
        f"{take.id[:4]}-on the_radio.ogg",
    ]


def test_names_that_are_taken_get_a_number_and_nothing_is_overwritten(
    library: Library, out: Path
) -> None:
    ids = [record(library).id for _ in range(3)]
    out.mkdir()
    (out / "Anna.wav").write_text("mine")
    (out / "Anna-3.wav").mkdir()
    done = library.exporting.export(ids, out, AudioAlone(), name="{profile}")
    names = [Path(file.file).name for file in done.done]
    assert names == ["Anna-2.wav", "Anna-4.wav", "Anna-5.wav"]
    assert (out / "Anna.wav").read_text() == "mine"
    again = library.exporting.export(ids, out, AudioAlone(), name="{profile}", overwrite=True)
    assert [Path(file.file).name for file in again.done] == ["Anna.wav", "Anna-2.wav"]
    assert isinstance(again.failed[0].error, TargetError)  # a folder bears the name
    assert (out / "Anna.wav").read_bytes() == library.audio.path(
        library.generations.get(ids[0])
    ).read_bytes()


def test_a_file_that_is_named_and_there_is_left_alone(library: Library, out: Path) -> None:
    take = record(library)
    out.mkdir()
    (out / "x.zip").write_text("mine")
    done = library.exporting.export(take.id, out / "x.zip")
    assert isinstance(done.failed[0].error, Conflict)
    assert files(out) == ["x.zip"]
    assert (out / "x.zip").read_text() == "mine"
    assert one(library, take.id, out / "x.zip", overwrite=True) == out / "x.zip"
    assert content(out / "x.zip")[1]["id"] == take.id


def test_a_path_means_a_file_where_it_can_and_a_folder_elsewhere(
    library: Library, out: Path
) -> None:
    take, other = record(library), record(library)
    assert one(library, take.id, out / "a.zip") == out / "a.zip"
    assert one(library, take.id, f"{out}/b.zip/").parent == out / "b.zip"
    assert one(library, take.id, out / "b.zip").parent == out / "b.zip"
    assert one(library, take.id, out / "c.MP3", AudioAlone()) == out / "c.MP3"
    assert soundfile.info(out / "c.MP3").format == "MP3"
    assert one(library, take.id, out / "v1.5").parent == out / "v1.5"
    both = library.exporting.export([take.id, other.id], out / "d.zip")
    assert {Path(file.file).parent for file in both.done} == {out / "d.zip"}
    for target, what in (
        (out / "x.mp3", Archives()),
        (out / "x.zip", AudioAlone()),
        (out / "x.mp3", AudioAlone(AudioFormat.WAV)),
        (out / "x.aiff", AudioAlone()),
        ("", Archives()),
        ("a\0b", Archives()),
    ):
        with pytest.raises(BadInput):
            library.exporting.export(take.id, target, what)
    with pytest.raises(TargetError, match="no folder"):
        library.exporting.export([take.id, other.id], out / "a.zip")


def test_nothing_is_exported_into_the_library_or_a_linked_source(
    library: Library, tmp_path: Path, out: Path
) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.take("heard")
    library.sources.add(voicebox.folder)
    before = state_of(voicebox.folder)
    take = record(library)
    (tmp_path / "way").symlink_to(library.path, target_is_directory=True)
    for folder in (
        library.path,
        library.path / "audio" / "new",
        tmp_path / "way" / "out",
        out / ".." / "takes",
        voicebox.folder,
        voicebox.folder / "generations" / "deeper",
    ):
        with pytest.raises(BadInput):
            library.exporting.export(take.id, folder)
        with pytest.raises(BadInput):
            library.exporting.export(take.id, folder / "x.zip")
    assert state_of(voicebox.folder) == before
    assert not (library.path / "audio" / "new").exists()


@pytest.mark.parametrize("measured", [True, False])
def test_linked_takes_are_exported_and_nothing_is_written_there(
    library: Library, tmp_path: Path, out: Path, measured: bool
) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.profile("Anna", voice_type="designed")
    key = voicebox.take("heard", engine="luxtts")
    voicebox.version(key, voicebox.audio("b.wav"), "radio")
    voicebox.change("UPDATE generations SET duration = 99")
    library.sources.add(voicebox.folder)
    if measured:
        library.measuring.run()
    before = state_of(voicebox.folder)
    (take,) = library.generations.list().items
    path = one(library, take.id, out)
    assert taken_by_voicebox(path)[0]["generation"]["duration"] == pytest.approx(0.05)
    entries, record_ = content(path)
    assert record_["rushes"]["source_key"] == key
    assert record_["rushes"]["source_kind"] == "voicebox"
    details = json.loads(record_["rushes"]["profile"]["details_json"])
    assert details["voice_type"] == "designed"
    for version, said in zip(
        library.versions.list(take.id), record_["rushes"]["versions"], strict=True
    ):
        assert entries[said["file"]] == library.audio.path(version).read_bytes()
    one(library, take.id, out, AudioAlone(AudioFormat.FLAC))
    assert state_of(voicebox.folder) == before


def test_what_is_damaged_or_missing_fails_and_the_rest_goes_on(library: Library, out: Path) -> None:
    takes = [record(library, str(number), audio=tone(0.1 + number / 50)) for number in range(4)]
    damaged, gone = (library.audio.path(take) for take in takes[1:3])
    damaged.write_bytes(damaged.read_bytes()[:-2] + b"xx")
    gone.unlink()
    for what in (Archives(), AudioAlone(), AudioAlone(AudioFormat.FLAC)):
        ids = [take.id for take in takes]
        if what == AudioAlone(AudioFormat.FLAC):
            del ids[1]  # its samples are as good as any others
        done = library.exporting.export([*ids, "nobody"], out, what)
        assert [file.id for file in done.done] == [takes[0].id, takes[3].id]
        kinds = [type(one.error) for one in done.failed]
        assert kinds == [BadAudio, AudioMissing, NotFound][-len(kinds) :]
        assert all("\n" not in str(one.error) for one in done.failed)
    assert len(files(out)) == 6
    assert not any(name.endswith(".part") for name in files(out))


def test_a_take_that_is_compressed_meanwhile_is_exported_all_the_same(
    library: Library, out: Path
) -> None:
    takes = [record(library, str(number), audio=tone(0.5)) for number in range(2)]
    results = library.exporting.each([take.id for take in takes], out, AudioAlone())
    assert isinstance(next(results), ExportedFile)
    library.compression.compress(takes[1].id)
    library.trash.purge(takes[0].id)
    second = next(results)
    assert isinstance(second, ExportedFile)
    assert second.file.endswith(".flac")


def test_a_bad_pattern_is_told_before_anything_is_done(library: Library, out: Path) -> None:
    with pytest.raises(BadPattern):
        library.exporting.export(record(library).id, out, name="{nothing}")
    assert not out.exists()


def test_texts_from_people_name_files_in_the_folder_alone(library: Library, out: Path) -> None:
    texts = ["../../x", "/etc/passwd", "a\0b", "CON", "児" * 300, "{id}", ".", "é" * 250, ""]
    ids = [record(library, text, profile=f"../{number}").id for number, text in enumerate(texts)]
    for pattern in ("{text}", "{profile}{text}{text}"):
        done = library.exporting.export(ids, out, AudioAlone(), name=pattern)
        assert done.failed == ()
        assert {Path(file.file).parent for file in done.done} == {out}
    assert len(files(out)) == 2 * len(texts)
    assert sorted(path.name for path in out.parent.iterdir()) == ["out", "takes"]


def test_what_cannot_be_read_back_gets_no_name(
    library: Library, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [record(library).id for _ in range(2)]

    def spoil(path: Path, *more: object) -> bool:
        raw = bytearray(path.read_bytes())
        raw[200] ^= 1
        path.write_bytes(raw)
        return archive_writer.is_as_written(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(export_run, "is_as_written", spoil)
    done = library.exporting.export(ids, out)
    assert [one.id for one in done.failed] == ids
    assert isinstance(done.failed[0].error, TargetError)
    assert files(out) == []


def test_a_thousand_are_called_off_midway_with_whole_files_alone(
    library: Library, out: Path
) -> None:
    ids = many(library, 1_000)
    told: list[tuple[int, int]] = []

    def watch(done: int, total: int, doing: str = "") -> None:  # noqa: ARG001
        told.append((done, total))
        if done == 300 and told.count((300, total)) == 2:
            raise Interrupted("called off")

    with pytest.raises(Interrupted):
        library.exporting.export(HistoryQuery(), out, AudioAlone(), watch=watch)
    assert len(files(out)) == 300
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {1_000}
    exact = next(iter((library.path / "audio").rglob("*.wav"))).read_bytes()
    for name in files(out):
        assert name.endswith(".wav")
        assert (out / name).read_bytes() == exact
    assert set(ids) == set(library.generations.ids(HistoryQuery()))


def test_a_query_exports_what_it_finds(library: Library, out: Path) -> None:
    kept = record(library, "keep this")
    record(library, "not that")
    done = library.exporting.export(HistoryQuery(filter=parse("keep"), limit=1), out)
    assert [file.id for file in done.done] == [kept.id]


def many(library: Library, count: int) -> list[str]:
    """Takes that all name one tiny file, in one commit."""
    first = record(library)
    ids = [first.id, *fill(library, (Take(text=f"take {n}", minutes=n) for n in range(count - 1)))]
    with library._store.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "INSERT INTO generation_versions (id, generation_id, label, audio_path, is_default,"
            " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak,"
            " waveform) SELECT 'v' || g.id, g.id, v.label, v.audio_path, 1, v.created_at,"
            " v.sample_rate, v.channels, v.frames, v.bytes, v.sha256, v.format, v.subtype, v.peak,"
            " v.waveform FROM generations g, generation_versions v WHERE g.id <> v.generation_id"
        )
        connection.exec_driver_sql(
            "UPDATE generations SET audio_path = (SELECT audio_path FROM generation_versions"
            " LIMIT 1)"
        )
    return ids
