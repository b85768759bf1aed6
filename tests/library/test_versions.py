"""Versions: added beside the original, made the default, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile

from rushes.domain.generation import Generation, Status
from rushes.domain.health import Kind
from rushes.errors import Ambiguous, BadInput, Conflict, NotFound, QuotaExceeded
from rushes.library import Library
from rushes.library.verification import verify
from tests.library.takes import RATE, Take, fill, link, tone

CHAIN = [{"type": "gain", "enabled": True, "params": {"gain_db": -3.0}}]


@pytest.fixture
def take(library: Library) -> Generation:
    return library.generations.record(
        profile="Anna", text="Hello", audio=tone(0.5), sample_rate=RATE
    )


def labels(library: Library, take: Generation) -> list[str]:
    """Its versions, a star before the default."""
    return [("*" if one.is_default else "") + one.label for one in library.versions.list(take.id)]


def files(library: Library) -> int:
    return sum(path.is_file() for path in (library.path / "audio").rglob("*"))


def test_a_version_is_added_with_its_chain_and_what_it_was_made_from(
    library: Library, take: Generation, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "radio.flac", tone(0.3), RATE)
    added = library.versions.add(
        take.id[:8], tmp_path / "radio.flac", label="Radio", effects=CHAIN, made_from="original"
    )
    original = library.versions.get(take.id, "original")
    assert (added.label, added.source_version_id, added.is_default) == ("Radio", original.id, False)
    assert added.effects_chain_json is not None
    assert '"gain_db": -3.0' in added.effects_chain_json
    assert library.audio.path(added).suffix == ".flac"
    assert library.generations.get(take.id) == take
    assert library.health.check(deep=True).is_sound


def test_a_version_without_a_label_is_numbered(library: Library, take: Generation) -> None:
    library.versions.add(take.id, tone(), RATE, label="version-2")
    library.versions.add(take.id, tone(), RATE)
    library.versions.delete(take.id, "version-2")
    library.versions.add(take.id, tone(), RATE)
    assert labels(library, take) == ["*original", "version-3", "version-4"]


def test_the_generation_follows_its_default(library: Library, take: Generation) -> None:
    added = library.versions.add(take.id, tone(0.25), RATE, label="short")
    now = library.versions.make_default(take.id, "SHORT")
    assert (now.audio_path, now.duration, now.facts) == (added.audio_path, 0.25, added.facts)
    assert labels(library, take) == ["original", "*short"]
    assert library.statistics.totals().duration == 0.25
    assert library.versions.make_default(take.id, "original") == take
    again = library.versions.add(take.id, tone(0.1), RATE, default=True)
    assert library.generations.get(take.id).audio_path == again.audio_path
    assert library.health.check(deep=True).is_sound


def test_a_deleted_version_takes_its_file_along_and_leaves_what_was_made_from_it(
    library: Library, take: Generation
) -> None:
    library.versions.add(take.id, tone(0.3), RATE, label="a", made_from="original")
    library.versions.add(take.id, tone(0.2), RATE, label="b", made_from="a", default=True)
    path = library.audio.path(library.versions.get(take.id, "a"))
    gone = library.versions.delete(take.id, "a")
    assert (gone.version.label, gone.new_default) == ("a", None)
    assert not path.exists()
    assert library.versions.get(take.id, "b").source_version_id is None
    assert library.health.check(deep=True).is_sound


def test_after_the_default_comes_what_it_was_made_from(library: Library, take: Generation) -> None:
    library.versions.add(take.id, tone(0.3), RATE, label="a")
    library.versions.add(take.id, tone(0.2), RATE, label="b", made_from="a", default=True)
    first = library.versions.delete(take.id, "b").new_default
    assert first is not None
    assert first.label == "a"
    assert library.generations.get(take.id).duration == 0.3
    second = library.versions.delete(take.id, "a").new_default
    assert second is not None
    assert second.label == "original"
    with pytest.raises(Conflict, match="last version"):
        library.versions.delete(take.id, "original")
    assert files(library) == 1


def test_a_file_that_another_version_names_stays(library: Library, take: Generation) -> None:
    shared = library.versions.add(take.id, tone(0.3), RATE, label="a")
    library.versions.add(take.id, tone(0.2), RATE, label="b")
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE generation_versions SET audio_path = ? WHERE label = 'b'", (shared.audio_path,)
        )
    library.versions.delete(take.id, "b")
    assert library.audio.path(shared).is_file()


def test_labels_are_told_apart_as_people_do(library: Library, take: Generation) -> None:
    library.versions.add(take.id, tone(), RATE, label="Radio")
    with pytest.raises(Conflict):
        library.versions.add(take.id, tone(), RATE, label="radio")
    with pytest.raises(Conflict):
        library.versions.rename(take.id, "original", "RADIO")
    assert library.versions.rename(take.id, "radio", "radio").label == "radio"
    assert library.versions.rename(take.id, "radio", "[b]x").label == "[b]x"
    with pytest.raises(NotFound, match="There are: original"):
        library.versions.get(take.id, "radio")
    assert files(library) == 2


def test_what_cannot_be_meant_leaves_nothing_behind(library: Library, take: Generation) -> None:
    chains: list[Any] = [{"type": "gain"}, "gain", [{"params": {}}]]
    for chain in chains:
        with pytest.raises(BadInput):
            library.versions.add(take.id, tone(), RATE, effects=chain)
    with pytest.raises(NotFound):
        library.versions.add(take.id, tone(), RATE, made_from="nothing")
    with pytest.raises(BadInput):
        library.versions.add(take.id, tone())
    assert (labels(library, take), files(library)) == (["*original"], 1)


def test_an_ambiguous_name_is_told(library: Library, take: Generation) -> None:
    library.versions.add(take.id, tone(), RATE, label="a")
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generation_versions SET label = 'same'")
    with pytest.raises(Ambiguous):
        library.versions.get(take.id, "same")


def test_a_run_has_no_versions_before_it_is_completed(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    with pytest.raises(Conflict, match="rushes complete"):
        library.versions.add(run.id, tone(), RATE)
    assert library.generations.get(run.id).status is Status.PENDING


def test_versions_count_for_the_quota(library: Library, take: Generation) -> None:
    library.quotas.set("Anna", 10_000)
    library.quotas.set_refuse(True)
    with pytest.raises(QuotaExceeded):
        library.versions.add(take.id, tone(1.0), RATE)
    assert files(library) == 1


def test_the_versions_of_a_linked_source_are_only_read(library: Library, tmp_path: Path) -> None:
    (identity,) = fill(library, [Take()])
    link(library, [identity], tmp_path)
    refusals: list[Callable[[], object]] = [
        lambda: library.versions.add(identity, tone(), RATE),
        lambda: library.versions.make_default(identity, "original"),
        lambda: library.versions.rename(identity, "original", "x"),
        lambda: library.versions.delete(identity, "original"),
    ]
    for refused in refusals:
        with pytest.raises(Conflict, match="only read"):
            refused()
    assert library.versions.list(identity) == ()


def test_versions_come_back_from_the_journal_row_by_row(library: Library, take: Generation) -> None:
    library.versions.add(take.id, tone(0.3), RATE, label="a", effects=CHAIN, made_from="original")
    library.versions.add(take.id, tone(0.2), RATE, label="b", made_from="a", default=True)
    library.versions.add(take.id, tone(0.1), RATE, label="c", made_from="b")
    library.versions.rename(take.id, "c", "last")
    library.versions.delete(take.id, "b")
    before = library.versions.list(take.id), library.generations.get(take.id)
    library.close()
    (library.path / "rushes.db").unlink()
    report = verify(library.path, repair=True)
    assert report.is_sound
    with Library.open(library.path) as rebuilt:
        assert (rebuilt.versions.list(take.id), rebuilt.generations.get(take.id)) == before
        assert not rebuilt.health.check().of(Kind.UNREFERENCED)
