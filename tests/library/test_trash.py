"""Deleting, coming back, and being deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rushes.domain.filter_language import parse
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.errors import LibraryError, NotFound
from rushes.library import Library
from rushes.library.audio import Audio
from rushes.store import write_trash
from tests.library.takes import RATE, Take, fill, tone

if TYPE_CHECKING:
    from numpy.typing import NDArray


_LEVELS = count(1)


def a_sound() -> NDArray[np.int16]:
    """A tone that no other take of a test has: twins would know of each other."""
    return tone(level=0.5 / next(_LEVELS) ** 0.5)


def record(library: Library, text: str = "Hello", profile: str = "Anna") -> Generation:
    return library.generations.record(profile=profile, text=text, audio=a_sound(), sample_rate=RATE)


def link(library: Library, generation: Generation, root: Path) -> None:
    """Makes a row one of a linked source, whose file lies in ``root``."""
    with library._store.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO sources (id, kind, root, created_at)"
            " VALUES ('s', 'folder', ?, '2026-01-01 00:00:00.000000')",
            (str(root),),
        )
        connection.exec_driver_sql(
            "UPDATE generations SET source_id = 's', source_key = id, audio_path = 'a.wav'"
            " WHERE id = ?",
            (generation.id,),
        )
        connection.exec_driver_sql(
            "UPDATE generation_versions SET audio_path = 'a.wav' WHERE generation_id = ?",
            (generation.id,),
        )


def test_deleting_is_one_commit_and_so_is_coming_back(library: Library) -> None:
    takes = [record(library, str(number)) for number in range(3)]
    ids = [take.id for take in takes]
    token = library.changes.token()
    assert library.generations.delete(ids) == tuple(ids)
    assert library.changes.token() == token + 1
    assert library.generations.list().total == 0
    assert library.trash.count() == 3
    trashed = library.trash.list().items
    assert [take.id for take in trashed] == ids[::-1]
    assert len({take.deleted_at for take in trashed}) == 1
    assert all(library.audio.path(take).is_file() for take in trashed)

    token = library.changes.token()
    assert library.trash.restore(ids) == tuple(ids)
    assert library.changes.token() == token + 1
    assert library.generations.list().items == tuple(takes[::-1])
    assert library.trash.list().total == 0


def test_only_what_moved_is_told(library: Library) -> None:
    first, second = record(library), record(library)
    library.generations.delete(first.id)
    assert library.generations.delete([first.id, second.id, second.id]) == (second.id,)
    assert library.trash.restore([second.id, second.id]) == (second.id,)
    assert library.trash.restore([second.id]) == ()


def test_an_unknown_id_stops_everything(library: Library) -> None:
    take = record(library)
    for act in (library.generations.delete, library.trash.restore, library.trash.purge):
        with pytest.raises(NotFound, match="nobody"):
            act([take.id, "nobody"])
    assert library.generations.get(take.id) == take
    assert library.generations.list().total == 1


def test_the_trash_can_be_searched(library: Library) -> None:
    ids = fill(library, [Take("One"), Take("Two", is_favorited=True), Take("Three")])
    library.generations.delete(ids[:2])
    found = library.trash.list(HistoryQuery(filter=parse("is:fav")))
    assert [take.text for take in found.items] == ["Two"]
    assert library.generations.view(HistoryQuery(trashed=True)).total() == 2


def test_purging_takes_files_rows_and_versions(library: Library) -> None:
    take, other = record(library), record(library)
    file = library.audio.path(take)
    library.generations.delete([take.id])
    assert library.trash.purge([take.id]) == 1
    assert not file.exists()
    assert library.versions.list(other.id) != ()
    with pytest.raises(NotFound):
        library.generations.get(take.id)
    with pytest.raises(NotFound):
        library.trash.purge([take.id])
    assert library.audio.path(other).is_file()
    rows = library._store.reader.all("SELECT count(*) FROM generation_versions")
    assert rows == [(1,)]


def test_purging_reaches_what_was_never_in_the_trash(library: Library) -> None:
    take = record(library)
    assert library.trash.purge(take.id) == 1
    assert library.generations.list().total == library.trash.count() == 0


def test_a_file_that_is_gone_already_is_no_fault(library: Library) -> None:
    take = record(library)
    library.audio.path(take).unlink()
    assert library.trash.purge([take.id]) == 1


def test_emptying_takes_the_trash_alone(library: Library) -> None:
    kept, *thrown = [record(library, str(number)) for number in range(3)]
    library.generations.delete([take.id for take in thrown])
    assert library.trash.empty() == 2
    assert library.trash.empty() == 0
    assert library.generations.list().items == (kept,)
    assert len(list((library.path / "audio").rglob("*.wav"))) == 1


def test_linked_files_stay_and_leave_a_tombstone(library: Library, tmp_path: Path) -> None:
    root = tmp_path / "foreign"
    root.mkdir()
    (root / "a.wav").write_bytes(b"theirs")
    take = record(library)
    link(library, take, root)
    take = library.generations.get(take.id)
    assert library.audio.path(take) == root / "a.wav"
    library.generations.delete([take.id])
    assert library.trash.empty() == 1
    assert (root / "a.wav").read_bytes() == b"theirs"
    rows = library._store.reader.all("SELECT source_id, source_key FROM source_tombstones")
    assert rows == [("s", take.id)]


class Crash(BaseException):
    """The process ends here."""


def test_a_purge_that_a_crash_cut_short_is_ended_by_the_next_opening(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = [record(library, str(number)) for number in range(3)]
    kept = record(library, "kept")
    files = [library.audio.path(take) for take in takes]

    def crashes(*_: object) -> None:
        raise Crash

    monkeypatch.setattr(write_trash, "end_purge", crashes)
    with pytest.raises(Crash):
        library.trash.purge([take.id for take in takes])
    monkeypatch.undo()
    # Neither here nor there, whatever is asked.
    assert library.generations.list().items == (kept,)
    assert library.trash.count() == 0
    with pytest.raises(NotFound):
        library.trash.restore([takes[0].id])
    library.close()

    with Library.open(folder) as again:
        assert again.generations.list().items == (kept,)
        rows = again._store.reader.all("SELECT count(*) FROM generations")
        assert rows == [(1,)]
    assert not any(file.exists() for file in files)


def test_a_purge_that_fails_at_its_files_goes_on_later(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = record(library)
    file = library.audio.path(take)

    def fails(*_: object) -> None:
        raise LibraryError("the disk failed")

    monkeypatch.setattr(Audio, "unlink", fails)
    with pytest.raises(LibraryError):
        library.trash.purge([take.id])
    assert file.exists()
    with Library.open(folder) as other:
        assert other.generations.count() == 0
    monkeypatch.undo()
    library.close()
    Library.open(folder).close()
    assert not file.exists()


def _names(library: Library) -> Sequence[str]:
    return [summary.profile.name for summary in library.profiles.list()]


def test_a_profile_goes_with_its_generations_and_comes_back_with_them(library: Library) -> None:
    takes = [record(library, str(number)) for number in range(3)]
    other = record(library, profile="Robot")
    library.generations.delete([takes[0].id])
    token = library.changes.token()
    deleted = library.profiles.delete("Anna")
    assert library.changes.token() == token + 1
    assert (deleted.profile.name, len(deleted)) == ("Anna", 2)
    assert set(deleted.ids) == {takes[1].id, takes[2].id}
    assert _names(library) == ["Robot"]
    assert library.generations.list().items == (other,)

    library.profiles.restore(deleted)
    assert _names(library) == ["Anna", "Robot"]
    assert library.generations.list().total == 3
    assert library.trash.count() == 1


def test_a_generation_that_comes_back_brings_its_profile(library: Library) -> None:
    takes = [record(library, str(number)) for number in range(2)]
    library.profiles.delete(takes[0].profile_id)
    library.trash.restore([takes[0].id])
    assert _names(library) == ["Anna"]
    assert library.trash.count() == 1


def test_a_name_is_free_again_and_its_old_bearer_gets_a_number(library: Library) -> None:
    old = record(library)
    deleted = library.profiles.delete("Anna")
    new = record(library)
    assert new.profile_id != old.profile_id
    library.profiles.restore(deleted)
    assert _names(library) == ["Anna", "Anna (2)"]
    assert library.generations.get(old.id).profile_name == "Anna (2)"


def test_a_profile_without_generations_comes_back_too(library: Library) -> None:
    library.profiles.create("Quiet")
    deleted = library.profiles.delete("Quiet")
    assert len(deleted) == 0
    assert library.profiles.restore(deleted).name == "Quiet"


def test_a_deleted_profile_goes_with_the_last_of_its_generations(library: Library) -> None:
    record(library)
    deleted = library.profiles.delete("Anna")
    library.trash.empty()
    assert library._store.reader.all("SELECT count(*) FROM profiles") == [(0,)]
    with pytest.raises(NotFound):
        library.profiles.restore(deleted)
