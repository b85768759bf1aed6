"""A generation from pending to completed or failed, its marks, and how it is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import soundfile

from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery, Sort
from rushes.errors import Ambiguous, BadAudio, BadInput, Conflict, NotFound
from rushes.library import Library
from rushes.media.facts import sha256_of
from tests.library.takes import RATE, Take, fill, tone


def test_a_run_is_pending_until_its_audio_comes(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text="Later", params={"steps": 3}, seed=7)
    assert run.status is Status.PENDING
    assert (run.audio_path, run.duration, run.facts) == (None, None, None)
    assert library.versions.list(run.id) == ()

    done = library.generations.complete(run.id[:8], tone(0.5), RATE)
    assert done.status is Status.COMPLETED
    assert (done.created_at, done.seq, done.params, done.seed) == (
        run.created_at,
        run.seq,
        {"steps": 3},
        7,
    )
    assert done.duration == 0.5
    assert library.audio.path(done).is_file()
    assert [version.label for version in library.versions.list(done.id)] == ["original"]


def test_a_run_can_fail_and_be_tried_again(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    failed = library.generations.fail(run.id, " CUDA out of memory\n")
    assert (failed.status, failed.error) == (Status.FAILED, "CUDA out of memory")
    done = library.generations.complete(run.id, tone(), RATE)
    assert (done.status, done.error) == (Status.COMPLETED, None)


def test_a_failed_retry_keeps_the_audio_of_before(library: Library) -> None:
    take = library.generations.record(profile="A", text="x", audio=tone(0.1), sample_rate=RATE)
    with library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET status = 'failed'")
    again = library.generations.complete(take.id, tone(0.2), RATE)
    assert again.duration == 0.2
    first, second = library.versions.list(take.id)
    assert (first.label, first.is_default) == ("original", False)
    assert (second.label, second.is_default) == ("take-2", True)
    assert again.audio_path == second.audio_path != first.audio_path
    assert library.audio.path(first).is_file()


def test_a_run_can_be_completed_after_one_that_was_killed_in_the_middle(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    left = library.path / "audio" / run.id[:2] / f"{run.id}.wav"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half of a sound")
    done = library.generations.complete(run.id, tone(), RATE)
    assert library.audio.path(done) != left
    assert left.read_bytes() == b"half of a sound"


def test_of_two_that_complete_a_run_at_once_one_wins_with_its_own_audio(library: Library) -> None:
    run = library.generations.begin(profile="Anna", text="Later")
    both = Barrier(2)

    def complete(seconds: float) -> bool:
        both.wait(10)
        try:
            library.generations.complete(run.id, tone(seconds), RATE)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(complete, (0.1, 0.2)))
    assert sorted(won) == [False, True]
    (version,) = library.versions.list(run.id)
    assert version.facts is not None
    path = library.audio.path(version)
    assert (sha256_of(path), soundfile.info(str(path)).duration) == (
        version.facts.sha256,
        (0.1, 0.2)[won.index(True)],
    )
    assert [file for file in (library.path / "audio").rglob("*") if file.is_file()] == [path]


def test_a_completed_one_is_completed_for_good(library: Library) -> None:
    take = library.generations.record(profile="A", text="x", audio=tone(), sample_rate=RATE)
    with pytest.raises(Conflict):
        library.generations.complete(take.id, tone(), RATE)
    with pytest.raises(Conflict):
        library.generations.fail(take.id, "no")
    assert library.generations.get(take.id) == take
    assert len(list((library.path / "audio").rglob("*.wav"))) == 1


def test_a_failed_one_does_not_fail_twice(library: Library) -> None:
    run = library.generations.begin(profile="A", text="x")
    library.generations.fail(run.id, "first")
    with pytest.raises(Conflict):
        library.generations.fail(run.id, "second")
    assert library.generations.get(run.id).error == "first"


@pytest.mark.parametrize("status", ["loading_model", "generating"])
def test_what_voicebox_writes_counts_as_running(library: Library, status: str) -> None:
    (identity,) = fill(library, [Take(status=Status(status))])
    assert library.generations.get(identity).status.is_running
    assert library.generations.complete(identity, tone(), RATE).status is Status.COMPLETED


def test_bad_audio_leaves_a_run_pending(library: Library) -> None:
    run = library.generations.begin(profile="A", text="x")
    with pytest.raises(BadAudio):
        library.generations.complete(run.id, tone()[:0], RATE)
    assert library.generations.get(run.id) == run


def test_a_run_that_was_deleted_meanwhile_still_gets_its_audio(library: Library) -> None:
    run = library.generations.begin(profile="A", text="x")
    library.generations.delete([run.id])
    done = library.generations.complete(run.id, tone(), RATE)
    assert done.deleted_at is not None
    assert library.audio.path(done).is_file()


def test_a_prefix_of_four_finds_one(library: Library) -> None:
    take = library.generations.begin(profile="A", text="x")
    assert library.generations.get(take.id) == take
    assert library.generations.get(take.id[:4]) == take
    assert library.generations.find(take.id[:9].upper()) == take
    with pytest.raises(BadInput):
        library.generations.get(take.id[:3])
    with pytest.raises(NotFound):
        library.generations.get("zzzz")


def test_a_prefix_of_several_names_some_of_them(library: Library) -> None:
    ids = fill(library, [Take() for _ in range(7)])
    with library._store.transaction() as session:
        for number, identity in enumerate(ids):
            session.connection().exec_driver_sql(
                "UPDATE generations SET id = ? WHERE id = ?", (f"abcd-{number}", identity)
            )
    with pytest.raises(Ambiguous) as raised:
        library.generations.get("abcd")
    assert str(raised.value).count("abcd-") == 4
    assert library.generations.get("abcd-3").id == "abcd-3"


def test_many_are_marked_at_once_or_none(library: Library) -> None:
    ids = fill(library, [Take() for _ in range(1_200)])
    token = library.changes.token()
    changed = library.generations.favorite(ids)
    assert [take.id for take in changed] == ids
    assert all(take.is_favorited for take in changed)
    assert library.changes.token() == token + 1
    assert not any(take.is_favorited for take in library.generations.favorite(ids, False))
    assert {take.rating for take in library.generations.rate(ids, 5)} == {5}
    assert {take.rating for take in library.generations.rate(ids[:3], None)} == {None}
    with pytest.raises(NotFound, match="nobody"):
        library.generations.rate([ids[0], "nobody"], 1)
    with pytest.raises(BadInput):
        library.generations.rate(ids[:1], 6)
    assert library.generations.get(ids[0]).rating is None
    assert library.generations.rate([], 3) == ()


def test_ids_come_in_the_order_of_the_query(library: Library) -> None:
    ids = fill(library, [Take(minutes=minute) for minute in (3, 1, 2)])
    asked = HistoryQuery(sort=Sort.OLDEST, limit=1)
    assert library.generations.ids(asked) == (ids[1], ids[2], ids[0])
    assert library.generations.ids(asked, limit=2) == (ids[1], ids[2])


def test_the_token_tells_of_changes_by_anybody(library: Library) -> None:
    before = library.changes.token()
    assert library.changes.token() == before
    library.generations.list()
    assert library.changes.token() == before
    library.generations.begin(profile="A", text="x")
    after = library.changes.token()
    assert after != before
    with Library.open(library.path) as other:
        other.generations.begin(profile="A", text="y")
    assert library.changes.token() != after
