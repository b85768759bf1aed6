"""Archives come in with all that they say, once each, and a bad one keeps nobody else out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.domain.generation import Status
from rushes.errors import Interrupted
from rushes.library import Library
from rushes.library.imported import Imported
from tests.exchange import zips
from tests.exchange.zips import Part
from tests.library.takes import everything

FIRST, SECOND = f"{'a' * 8}-0000-4000-8000-{'0' * 12}", f"{'b' * 8}-0000-4000-8000-{'0' * 12}"


def brought(library: Library, folder: Path, *archives: bytes, again: bool = False) -> Imported:
    """Bring archives in as files of their own."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number}.zip" for number in range(len(archives))]
    for path, archive in zip(paths, archives, strict=True):
        path.write_bytes(archive)
    return library.importing.unpack(paths, again=again)


def refusal(library: Library, folder: Path, archive: bytes) -> str:
    """What is said of an archive that isn't taken."""
    imported = brought(library, folder, archive)
    assert not imported.ids
    ((_, error),) = imported.failed
    return str(error)


def test_a_voicebox_archive_of_one_file_keeps_its_id_time_and_bytes(
    library: Library, tmp_path: Path
) -> None:
    imported = brought(library, tmp_path / "in", zips.voicebox())
    assert imported.ids == [zips.TAKE]
    take = library.generations.get(zips.TAKE)
    assert take.created_at == datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
    assert (take.text, take.seed, take.status) == ("Hello [laughs]", 7, Status.COMPLETED)
    assert (take.profile_name, take.profile_id) == ("Anna", zips.PROFILE)
    assert library.audio.path(take).read_bytes() == zips.wav()
    assert take.source_id is None
    assert library.health.check(deep=True).is_sound
    assert library.derived.check() == ()


def test_a_voicebox_archive_brings_all_versions(library: Library, tmp_path: Path) -> None:
    told = zips.manifest() | {"version": "1.1", "mood": {"new": [1]}}
    told["versions"] = [
        {"id": FIRST, "label": "original", "is_default": False, "filename": "a.wav"},
        {
            "id": SECOND,
            "label": "on the radio",
            "is_default": True,
            "effects_chain": [{"type": "gain", "enabled": True, "params": {"gain_db": 3.0}}],
            "filename": "b.flac",
            "loudness": -14,
        },
    ]
    archive = zips.zipped(
        [
            Part("manifest.json", zips.document(told)),
            Part("audio/a.wav", zips.wav(0.1)),
            Part("audio/b.flac", zips.flac(0.2)),
        ]
    )
    (identity,) = brought(library, tmp_path / "in", archive).ids
    one, two = library.versions.list(identity)
    assert (one.id, one.label, one.is_default) == (FIRST, "original", False)
    assert (two.id, two.label, two.is_default) == (SECOND, "on the radio", True)
    assert json.loads(two.effects_chain_json or "")[0]["params"] == {"gain_db": 3.0}
    assert library.generations.get(identity).duration == 0.2
    assert library.audio.path(two).read_bytes() == zips.flac(0.2)


def test_an_export_without_a_profile_is_of_the_profile_unknown(
    library: Library, tmp_path: Path
) -> None:
    told = {key: value for key, value in zips.manifest().items() if key != "profile"}
    parts = [Part("manifest.json", zips.document(told)), Part("audio/x.wav", zips.wav())]
    (identity,) = brought(library, tmp_path / "in", zips.zipped(parts)).ids
    assert library.generations.get(identity).profile_name == "Unknown"


def test_the_documented_archive_comes_in(library: Library, tmp_path: Path) -> None:
    archive = zips.documented(params={"temperature": 0.7})
    assert brought(library, tmp_path / "in", archive).ids == [zips.TAKE]
    take = library.generations.get(zips.TAKE)
    assert (take.engine, take.model_size, take.instruct) == ("qwen", "1.7B", "calm")
    assert take.is_favorited
    assert take.params == {"temperature": 0.7}


def test_what_rushes_wrote_comes_back_field_by_field(library: Library, tmp_path: Path) -> None:
    wav, flac = zips.wav(0.1), zips.flac(0.2)
    chain = '[ {"type":"gain" } ]'
    archive = zips.own(
        [
            zips.own_version(FIRST, "audio/a.wav", wav, is_default=False),
            zips.own_version(
                SECOND,
                f"original/{zips.TAKE}.flac",
                flac,
                label="take-2",
                source_version_id=FIRST,
                effects_chain_json=chain,
            ),
        ],
        [
            Part(f"audio/{zips.TAKE}.wav", zips.wav(0.2)),
            Part("audio/a.wav", wav),
            Part(f"original/{zips.TAKE}.flac", flac),
        ],
        rating=4,
        note="breath\nbefore",
        tags=["Keep", "児"],
        params_json='{ "b":1,"a":[ 1.50 ] }',
        profile={
            "id": zips.PROFILE,
            "name": "Anna",
            "description": "d",
            "language": "de",
            "created_at": "2026-01-01T00:00:00.000001Z",
            "updated_at": "2026-01-02T00:00:00.000002Z",
            "missing": True,
            "details_json": '{"x": 1}',
        },
    )
    (identity,) = brought(library, tmp_path / "in", archive).ids
    take = library.generations.get(identity)
    assert (take.rating, take.note, sorted(take.tags)) == (4, "breath\nbefore", ["Keep", "児"])
    assert take.params_json == '{ "b":1,"a":[ 1.50 ] }'
    assert library.audio.path(take).read_bytes() == flac
    one, two = library.versions.list(identity)
    assert (two.source_version_id, two.effects_chain_json) == (one.id, chain)
    profile = library.profiles.get(zips.PROFILE)
    assert (profile.description, profile.language, profile.missing) == ("d", "de", True)
    assert profile.created_at == datetime(2026, 1, 1, 0, 0, 0, 1, UTC)
    assert profile.updated_at == datetime(2026, 1, 2, 0, 0, 0, 2, UTC)
    assert library.derived.check() == ()


@pytest.mark.parametrize(
    ("status", "error", "kept"),
    [("failed", "CUDA out of memory", "CUDA out of memory"), ("pending", None, "interrupted")],
)
def test_what_never_had_audio_comes_in_as_failed(
    library: Library, tmp_path: Path, status: str, error: str | None, kept: str
) -> None:
    told = {"status": status, "error": error, "duration": None}
    (identity,) = brought(library, tmp_path / "in", zips.own([], [], told)).ids
    take = library.generations.get(identity)
    assert (take.status, take.error, take.audio_path) == (Status.FAILED, kept, None)


def test_one_that_is_here_comes_in_again_only_where_asked_for(
    library: Library, tmp_path: Path
) -> None:
    archive = zips.voicebox()
    assert brought(library, tmp_path / "in", archive, archive).ids == [zips.TAKE]
    second = brought(library, tmp_path / "in", archive)
    assert (second.ids, second.already, second.trashed) == ([], 1, [])
    (copy,) = brought(library, tmp_path / "in", archive, again=True).ids
    assert copy != zips.TAKE
    ours, theirs = library.versions.list(copy), library.versions.list(zips.TAKE)
    assert ours[0].id != theirs[0].id
    assert ours[0].audio_path != theirs[0].audio_path
    library.generations.delete([zips.TAKE, copy])
    third = brought(library, tmp_path / "in", archive)
    assert (third.ids, third.already, len(third.trashed)) == ([], 1, 1)
    library.trash.empty()
    assert brought(library, tmp_path / "in", archive).ids == [zips.TAKE]
    assert library.health.check(deep=True).is_sound


def test_one_without_an_id_is_known_again_too(library: Library, tmp_path: Path) -> None:
    archive = zips.voicebox(id=None)
    assert len(brought(library, tmp_path / "in", archive).ids) == 1
    assert brought(library, tmp_path / "in", archive).already == 1


def test_an_id_that_could_be_a_path_is_not_kept(library: Library, tmp_path: Path) -> None:
    (identity,) = brought(library, tmp_path / "in", zips.voicebox(id="../../../etc/x")).ids
    assert identity.count("-") == 4
    assert library.audio.path(library.generations.get(identity)).is_relative_to(library.path)


def test_a_profile_is_found_by_id_then_by_name_and_never_another(
    library: Library, tmp_path: Path
) -> None:
    def named(key: int, identity: str, name: str) -> bytes:
        told = zips.manifest(id=f"{key:08}-0000-4000-8000-000000000000")
        told["profile"] = {"id": identity, "name": name, "language": "en"}
        return zips.zipped(
            [Part("manifest.json", zips.document(told)), Part("audio/x.wav", zips.wav())]
        )

    bert = library.profiles.create("Bert")
    brought(library, tmp_path / "a", named(1, bert.id, "Bertram"), named(2, FIRST, "Bert"))
    brought(library, tmp_path / "b", named(3, FIRST, "Cleo"), named(4, "x", "anna"))
    found = {take.id[7]: take.profile_name for take in everything(library)}
    assert found == {"1": "Bert", "2": "Bert", "3": "Cleo", "4": "anna"}
    assert library.profiles.get("Cleo").id == FIRST


def test_a_bad_archive_keeps_nobody_else_out(library: Library, tmp_path: Path) -> None:
    imported = brought(library, tmp_path / "in", b"nothing", zips.voicebox(), zips.voicebox()[:99])
    assert imported.ids == [zips.TAKE]
    assert [Path(what).name for what, _ in imported.failed] == ["0.zip", "2.zip"]


def test_a_folder_of_archives_is_imported_whole(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "one.zip").write_bytes(zips.voicebox())
    (folder / "two.ZIP").write_bytes(zips.documented(id=FIRST))
    (folder / "readme.txt").write_text("hello")
    assert sorted(library.importing.copy_in(folder).ids) == sorted([zips.TAKE, FIRST])
    (folder / "loose.wav").write_bytes(zips.wav())
    assert len(library.importing.copy_in(folder).ids) == 1, "a folder of audio as before"


def test_an_archive_under_any_name_is_known_by_its_beginning(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "download").write_bytes(zips.voicebox())
    assert library.importing.copy_in(tmp_path / "download").ids == [zips.TAKE]


@pytest.mark.parametrize("told", range(6))
def test_it_can_be_called_off_anywhere(library: Library, tmp_path: Path, told: int) -> None:
    for number in (1, 2):
        key = f"{number:08}-0000-4000-8000-000000000000"
        (tmp_path / f"{number}.zip").write_bytes(zips.voicebox(id=key))
    calls = 0

    def watch(done: int, total: int, doing: str = "") -> None:
        nonlocal calls
        assert (total, doing) == (2, "importing")
        assert done in (0, 1)
        if calls == told:
            raise Interrupted("called off")
        calls += 1

    paths = [tmp_path / "1.zip", tmp_path / "2.zip"]
    with pytest.raises(Interrupted):
        library.importing.unpack(paths, watch=watch)
    assert library.generations.count() in (0, 1)
    assert not list((library.path / "incoming").glob("*"))
    assert library.health.check(deep=True).is_sound
    library.importing.unpack(paths)
    assert library.generations.count() == 2


def test_a_file_that_a_crash_left_is_in_nobodys_way(library: Library, tmp_path: Path) -> None:
    left = library.path / "audio" / zips.TAKE[:2] / f"{zips.TAKE}.wav"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left")
    (identity,) = brought(library, tmp_path / "in", zips.voicebox()).ids
    assert library.audio.path(library.generations.get(identity)).read_bytes() == zips.wav()
    assert left.read_bytes() == b"left"


def test_bytes_that_are_not_those_that_were_exported_are_refused(
    library: Library, tmp_path: Path
) -> None:
    first, second = zips.wav(0.1), zips.wav(0.2)
    archive = zips.own(
        [
            zips.own_version(FIRST, "audio/a.wav", first),
            zips.own_version(SECOND, "audio/b.wav", first, is_default=False),
        ],
        [Part("audio/a.wav", first), Part("audio/b.wav", second)],
    )
    told = refusal(library, tmp_path / "in", archive)
    assert "audio/b.wav is damaged: its bytes aren't those that were exported" in told
    assert not list((library.path / "audio").rglob("*.wav"))
