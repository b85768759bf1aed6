"""Killed at any change of a link, a sync, an unlinking or an import: nothing doubled or lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rushes.domain.profile import ProfileSummary
from rushes.domain.query import HistoryQuery
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.sqlite import DATABASE_NAME
from tests.exchange import zips
from tests.exchange.voiceboxes import Voicebox, new_key, state_of
from tests.laboratory import tally
from tests.laboratory.examining import FULL
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import State
from tests.laboratory.shim import How, Strike
from tests.laboratory.steps import NOTHING, STRAY, Place

_STRIDE = 1 if FULL else 31
_ROWS = 1_100
"""More than two batches."""


@dataclass(frozen=True, slots=True)
class Link:
    """Link a directory, or sync what is linked, and read its files."""

    path: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.sources.add(self.path)
        at.library.measuring.run()

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Unlink:
    """Unlink the one source there is."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        for source in at.library.sources.list():
            at.library.sources.remove(source)

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class CopyIn:
    """Import a directory or a folder of archives."""

    path: str
    leaves = STRAY

    def run(self, at: Place) -> None:
        at.library.importing.copy_in(self.path)

    def after(self, state: State) -> State:
        return state


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    voicebox = Voicebox(tmp_path / "voices")
    keys = [voicebox.take(f"heard {number}") for number in range(4)]
    voicebox.version(keys[0], voicebox.audio("b.wav"), "radio")
    voicebox.insert("stories", id="s", name="Demo", created_at="2026", updated_at="2026")
    for number, key in enumerate([*keys, new_key()]):
        voicebox.insert(
            "story_items",
            id=str(number),
            story_id="s",
            generation_id=key,
            start_time_ms=number,
            track=0,
            trim_start_ms=0,
            trim_end_ms=0,
            volume=1.0,
            created_at="2026",
        )
    return voicebox


def many(voicebox: Voicebox) -> None:
    """Add rows that are quick to read, for several batches."""
    profile = voicebox.profile("Anna")
    with voicebox.writing() as database:
        database.executemany(
            "INSERT INTO generations (id, profile_id, text, source, status, audio_path, created_at)"
            " VALUES (?, ?, ?, 'manual', 'failed', '', '2026-02-01')",
            [(f"key {number:05}", profile, f"text {number}") for number in range(_ROWS)],
        )


def texts(library: Library, *, trashed: bool = False) -> list[str]:
    view = library.generations.view(HistoryQuery(trashed=trashed))
    return sorted(take.text for take in view.rows(0, 100_000))


def struck(
    laboratory: Laboratory,
    step: Link | Unlink | CopyIn,
    given: tuple[Link, ...],
    between: Callable[[], None],
    examined: Callable[[Library], None],
) -> None:
    """Take a step again and again, struck at a later change each time; all must be well after."""
    bench = laboratory.bench()
    laboratory.prepare(bench, given, State())
    between()
    at = 1
    while True:
        with laboratory.copy(bench) as copy:
            outcome = laboratory.run(copy, [step], [State()], Strike(at, How.KILL))
            with Library.open(copy.takes) as library:
                if outcome.killed:
                    tally.kills[type(step).__name__] += 1
                assert library.derived.check() == ()
                assert library.health.repair().is_sound
                examined(library)
                assert library.derived.check() == ()
                assert library.health.check(deep=True).is_sound
        if outcome.finished:
            break
        at += _STRIDE


def test_a_kill_at_any_change_of_a_link_or_a_sync(
    laboratory: Laboratory, voicebox: Voicebox
) -> None:
    heard = [f"heard {number}" for number in range(4)]

    def change() -> None:
        many(voicebox)
        voicebox.change("UPDATE generations SET text = 'changed' WHERE text = 'heard 1'")
        voicebox.change("DELETE FROM generations WHERE text = 'heard 2'")

    def examined(library: Library) -> None:
        source = library.sources.add(voicebox.folder).source
        library.measuring.run()
        assert source.generations == _ROWS + 4
        assert source.vanished == 1
        found = texts(library)
        assert len(found) == _ROWS + 4
        assert [text for text in found if text.startswith(("heard", "changed"))] == sorted(
            ["changed", *(text for text in heard if text != "heard 1")]
        )
        items = library._store.reader.all("SELECT generation_id IS NULL FROM story_items")
        assert sorted(items) == [(0,), (0,), (0,), (0,), (1,)]
        assert before == state_of(voicebox.folder)

    before: dict[str, tuple[str, int, int]] = {}

    def between() -> None:
        change()
        before.update(state_of(voicebox.folder))

    step = Link(str(voicebox.folder))
    struck(laboratory, step, (step,), between, examined)


def test_a_kill_at_any_change_of_an_unlinking(laboratory: Laboratory, voicebox: Voicebox) -> None:
    def examined(library: Library) -> None:
        there, gone = len(texts(library)), len(texts(library, trashed=True))
        assert (there, gone) in ((4, 0), (0, 4))
        assert len(library.sources.list()) == (1 if there else 0)
        library.sources.add(voicebox.folder)
        assert len(texts(library)) == 4

    struck(laboratory, Unlink(), (Link(str(voicebox.folder)),), lambda: None, examined)


def test_a_kill_at_any_change_of_an_import(laboratory: Laboratory, voicebox: Voicebox) -> None:
    def examined(library: Library) -> None:
        library.importing.copy_in(voicebox.folder)
        assert texts(library) == [f"heard {number}" for number in range(4)]
        items = library._store.reader.all("SELECT generation_id IS NULL FROM story_items")
        assert sorted(items) == [(0,), (0,), (0,), (0,), (1,)]
        versions = library._store.reader.all("SELECT count(*) FROM generation_versions")
        assert versions == [(5,)]

    struck(laboratory, CopyIn(str(voicebox.folder)), (), lambda: None, examined)


def test_a_kill_at_any_change_of_an_import_of_archives(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "1.zip").write_bytes(zips.voicebox(text="heard 1"))
    (folder / "2.zip").write_bytes(zips.documented(id="b", text="heard 2"))
    (folder / "3.zip").write_bytes(zips.profile({"a.wav": "one", "b.wav": "two"}))
    examinations = list[Path]()

    def examined(library: Library) -> None:
        assert not [one for one in library.profiles.list() if not _is_whole(library, one)]
        library.importing.copy_in(folder)
        assert texts(library) == ["heard 1", "heard 2"]
        assert len(library.profiles.samples("Anna")) == 2
        assert library.importing.copy_in(folder).already == 2
        examinations.append(library.path)
        if len(examinations) % 4 != 1:
            return
        anew = library.path.with_name("anew")
        shutil.copytree(library.path, anew)
        (anew / DATABASE_NAME).unlink()
        assert verify(anew, repair=True).is_sound
        with Library.open(anew) as rebuilt:
            assert texts(rebuilt) == ["heard 1", "heard 2"]
            assert rebuilt.profiles.samples("Anna") == library.profiles.samples("Anna")

    struck(laboratory, CopyIn(str(folder)), (), lambda: None, examined)


def _is_whole(library: Library, summary: ProfileSummary) -> bool:
    """Whether a profile has all of its samples or none yet."""
    return len(library.profiles.samples(summary.profile)) in (0, 2)
