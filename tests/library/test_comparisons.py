"""Comparisons: stored decision by decision, undone, taken up again; their winner is kept."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
import soundfile

from rushes.domain.judging import Judging, SideState, Spared, SparedBecause
from rushes.domain.query import HistoryQuery
from rushes.domain.ranking import Mode, Side
from rushes.errors import BadInput, Conflict, NotFound, RushesError
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.sqlite import DATABASE_NAME
from rushes.store.tables_of_stories import StoryItemRow, StoryRow
from tests.library.damage import sql
from tests.library.takes import BEGINNING, RATE, link, tone


def record(library: Library, text: str = "Hello", **more: object) -> str:
    given = {"profile": "Anna", "seed": 7, "params": {"temperature": 0.7}, **more}
    take = library.generations.record(
        text=text,
        audio=tone(),
        sample_rate=RATE,
        **given,  # type: ignore[arg-type]  # as named
    )
    return take.id


@pytest.fixture
def takes(library: Library) -> list[str]:
    """Four takes of the same words; the later ones are the better ones."""
    return [record(library) for _ in range(4)]


def decide(library: Library, judging: Judging, best_last: list[str]) -> Judging:
    """Decides until nothing is asked: what is further behind is better."""
    while (asks := judging.ranking.asks) is not None:
        places = (asks.one, asks.other)
        better = max(places, key=lambda at: best_last.index(of(judging, at)))
        judging = library.comparisons.decide(judging, better)
    return judging


def of(judging: Judging, place: int) -> str:
    return judging.ranking.sides[place].generation_id


def order(judging: Judging) -> list[str]:
    return [of(judging, place) for group in judging.ranking.order for place in group]


def test_a_comparison_is_begun_decided_and_found_again(library: Library, takes: list[str]) -> None:
    begun = library.comparisons.begin([take[:8] for take in takes], blind=True, seed=3)
    assert library.comparisons.get(begun.id[:6]) == begun
    assert begun.is_open
    assert {side.generation_id for side in begun.ranking.sides} == {*takes}
    ended = decide(library, begun, takes)
    assert order(ended) == takes[::-1]
    assert (ended.is_open, ended.kept_at) == (False, None)
    assert ended.decided_at is not None
    assert library.comparisons.get(ended.id) == ended
    later = library.comparisons.begin(takes[:2])
    assert library.comparisons.list() == (later, ended)
    assert library.comparisons.list(limit=1, offset=1) == (ended,)
    assert library.comparisons.count() == 2


def test_another_process_goes_on_where_one_left_off(library: Library, takes: list[str]) -> None:
    judging = library.comparisons.begin(takes, blind=True)
    judging = library.comparisons.decide(judging, None)
    with closing(Library.open(library.path)) as other:
        (found,) = other.comparisons.list()
        assert found == judging
        decided = other.comparisons.decide(found.id, found.ranking.asks.one)  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="meanwhile"):
        library.comparisons.decide(judging, None)
    with pytest.raises(Conflict, match="meanwhile"):
        library.comparisons.undo(judging)
    assert library.comparisons.undo(decided) == judging
    assert library.comparisons.undo(judging).ranking.decisions == ()
    with pytest.raises(BadInput):
        library.comparisons.undo(judging.id)


def test_what_nobody_was_asked_about_is_not_decided(library: Library, takes: list[str]) -> None:
    judging = library.comparisons.begin(takes[:3])
    asked = judging.ranking.asks
    assert asked is not None
    (third,) = {0, 1, 2} - {asked.one, asked.other}
    with pytest.raises(BadInput):
        library.comparisons.decide(judging, third)
    ended = decide(library, judging, takes)
    with pytest.raises(BadInput):
        library.comparisons.decide(ended, 0)
    for unknown in ("abcd", "x"):
        with pytest.raises(RushesError):
            library.comparisons.get(unknown)


def test_making_sure_asks_on_until_it_is(library: Library, takes: list[str]) -> None:
    ended = decide(library, library.comparisons.begin(takes), takes)
    assert not ended.ranking.standing.is_sure
    on = library.comparisons.make_sure(ended)
    assert on.is_open
    sure = decide(library, on, takes)
    assert sure.ranking.standing.is_sure
    assert order(sure) == takes[::-1]
    assert library.comparisons.make_sure(on, False).ranking.makes_sure is False


def test_what_can_not_be_heard_is_no_side(library: Library, takes: list[str]) -> None:
    running = library.generations.begin(profile="Anna", text="Later").id
    library.generations.delete(takes[3])
    for sides, error in (
        ([takes[0], running], Conflict),
        ([takes[0], takes[3]], Conflict),
        ([takes[0], "ffffffff"], NotFound),
        ([takes[0], takes[0][:8]], BadInput),
        ([takes[0]], BadInput),
        ([takes[0], Side(takes[1], "nothing")], NotFound),
    ):
        with pytest.raises(error):
            library.comparisons.begin(sides)  # type: ignore[arg-type]  # as a caller may mix them
    assert library.comparisons.count() == 0


def test_a_side_that_is_deleted_drops_out_and_comes_back(
    library: Library, takes: list[str]
) -> None:
    ended = decide(library, library.comparisons.begin(takes), takes)
    library.generations.delete(takes[3])
    left = library.comparisons.get(ended.id)
    assert left.states == (*[SideState.HERE] * 3, SideState.TRASHED)
    assert order(left) == takes[2::-1]
    library.trash.restore(takes[3])
    assert library.comparisons.get(ended.id) == ended
    library.trash.purge(takes[2])
    assert library.comparisons.get(ended.id).states[2] is SideState.GONE
    assert order(library.comparisons.get(ended.id)) == [takes[3], takes[1], takes[0]]
    library.trash.purge([takes[0], takes[1], takes[3]])
    empty = library.comparisons.get(ended.id)
    assert (empty.ranking.order, empty.is_open) == ((), False)
    assert library.health.check(deep=True).is_sound


def test_a_comparison_is_deleted_and_brought_back_whole(library: Library, takes: list[str]) -> None:
    ended = decide(library, library.comparisons.begin(takes, blind=True), takes)
    gone = library.comparisons.delete(ended.id[:8])
    assert gone == ended
    assert library.comparisons.list() == ()
    with pytest.raises(NotFound):
        library.comparisons.undo(ended)
    library.comparisons.restore(gone)
    assert library.comparisons.get(ended.id) == ended
    with pytest.raises(Conflict):
        library.comparisons.restore(gone)


def test_takes_of_the_same_words_are_found_with_the_one_itself(library: Library) -> None:
    ids = [record(library, "Hello"), record(library, "HELLO"), record(library, "hello")]
    record(library, "Other")
    record(library, "Hello", profile="Bert")
    library.generations.begin(profile="Anna", text="Hello")
    assert [one.id for one in library.comparisons.takes_of(ids[1][:8])] == ids[::-1]


def shown(library: Library) -> dict[str, bool]:
    """Everything outside the trash, and whether it is a favourite."""
    page = library.generations.list(HistoryQuery(limit=100))
    return {take.id: take.is_favorited for take in page.items}


def test_keeping_the_winner_is_one_commit_that_can_be_taken_back(
    library: Library, takes: list[str]
) -> None:
    library.generations.rate(takes[0], 5)
    ended = decide(library, library.comparisons.begin(takes), takes)
    before = shown(library)
    kept = library.comparisons.keep(ended, bin_losers=True, preset_name="night/best")
    assert shown(library) == {takes[3]: True}
    assert (kept.winner.id, kept.favorited, kept.spared) == (takes[3], True, ())
    assert {*kept.binned} == {*takes[:3]}
    assert kept.preset == library.presets.get("night/best")
    assert kept.preset.params["temperature"] == 0.7
    settled = library.comparisons.get(ended.id)
    assert (settled.kept_place, settled.is_open) == (3, False)
    assert settled.kept_at is not None
    library.comparisons.take_back(kept)
    assert shown(library) == before
    assert library.presets.list() == ()
    assert library.comparisons.get(ended.id) == ended


def test_what_is_gone_by_now_is_passed_over_when_keeping_is_taken_back(
    library: Library, takes: list[str]
) -> None:
    ended = decide(library, library.comparisons.begin(takes), takes)
    kept = library.comparisons.keep(ended, bin_losers=True, preset_name="best")
    library.trash.purge([takes[0], takes[3]])
    library.presets.delete("best")
    library.comparisons.delete(ended)
    library.comparisons.take_back(kept)
    assert shown(library) == {takes[1]: False, takes[2]: False}


def test_favourites_what_stories_use_and_equals_are_spared_and_told(
    library: Library, takes: list[str]
) -> None:
    library.generations.favorite(takes[0])
    with library._store.transaction() as session:
        session.add(StoryRow(id="s", name="S", created_at=BEGINNING, updated_at=BEGINNING))
        session.flush()
        session.add(
            StoryItemRow(
                id="i", story_id="s", generation_id=takes[1], start_ms=0, created_at=BEGINNING
            )
        )
    judging = library.comparisons.begin([*takes, equal := record(library)])
    while (asks := judging.ranking.asks) is not None:
        ids = [of(judging, asks.one), of(judging, asks.other)]
        worths = [[*takes, takes[3]].index(one if one != equal else takes[3]) for one in ids]
        winner = None if worths[0] == worths[1] else (asks.one, asks.other)[worths[1] > worths[0]]
        judging = library.comparisons.decide(judging, winner)
    assert judging.ranking.order[0] == (3, 4)
    kept = library.comparisons.keep(judging.id, bin_losers=True)
    assert kept.binned == (takes[2],)
    assert kept.spared == (
        Spared(takes[0], SparedBecause.FAVORITE),
        Spared(takes[1], SparedBecause.STORY),
    )
    assert equal in shown(library)


def test_a_name_that_is_taken_lets_nothing_happen(library: Library, takes: list[str]) -> None:
    library.presets.save(takes[0], "best")
    ended = decide(library, library.comparisons.begin(takes), takes)
    before = shown(library)
    with pytest.raises(Conflict):
        library.comparisons.keep(ended, bin_losers=True, preset_name="Best")
    assert shown(library) == before
    assert library.comparisons.get(ended.id) == ended


def test_any_place_can_be_kept_but_none_before_one_has_won(
    library: Library, takes: list[str]
) -> None:
    judging = library.comparisons.begin(takes)
    with pytest.raises(BadInput, match="nothing has won yet"):
        library.comparisons.keep(judging)
    with pytest.raises(BadInput):
        library.comparisons.keep(judging, 4)
    assert library.comparisons.keep(judging, 1).winner.id == takes[1]
    settled = library.comparisons.get(judging.id)
    library.comparisons.take_back(library.comparisons.keep(judging, 2))
    assert library.comparisons.get(judging.id) == settled
    library.generations.delete(takes[0])
    with pytest.raises(Conflict, match="trash"):
        library.comparisons.keep(judging, 0)


def test_one_may_be_kept_without_a_comparison(library: Library, takes: list[str]) -> None:
    library.generations.favorite(takes[1])
    kept = library.comparisons.keep_side(
        Side(takes[1][:8]), [Side(takes[0]), Side("gone")], bin_losers=True
    )
    assert (kept.favorited, kept.comparison_id, kept.binned) == (False, None, (takes[0],))
    library.comparisons.take_back(kept)
    assert shown(library)[takes[1]] is True


def labels(library: Library, take: str) -> list[str]:
    return [one.label for one in library.versions.list(take) if one.is_default]


def test_a_version_that_wins_becomes_the_default_and_the_others_stay(library: Library) -> None:
    take = record(library)
    for label in ("hall", "dry"):
        library.versions.add(take, tone(0.1), RATE, label=label)
    judging = library.comparisons.begin(
        [Side(take, "original"), Side(take, "hall"), Side(take, "dry")]
    )
    kept = library.comparisons.keep(judging, 1, bin_losers=True)
    assert labels(library, take) == ["hall"]
    assert (kept.favorited, kept.binned, len(library.versions.list(take))) == (False, (), 3)
    library.comparisons.take_back(kept)
    assert labels(library, take) == ["original"]
    library.versions.delete(take, "hall")
    assert library.comparisons.get(judging.id).states[1] is SideState.GONE
    with pytest.raises(NotFound):
        library.comparisons.keep(judging, 1)


def test_a_version_that_wins_over_another_take_makes_its_own_a_favourite(
    library: Library, takes: list[str]
) -> None:
    library.versions.add(takes[0], tone(0.1), RATE, label="hall")
    judging = library.comparisons.begin([Side(takes[0], "hall"), Side(takes[1])])
    kept = library.comparisons.keep(judging, 0, bin_losers=True)
    assert (kept.favorited, kept.binned) == (True, (takes[1],))
    assert labels(library, takes[0]) == ["hall"]


def test_a_version_of_a_linked_source_can_not_be_made_the_default(
    library: Library, tmp_path: Path
) -> None:
    take = record(library)
    library.versions.add(take, tone(0.1), RATE, label="hall")
    link(library, [take], tmp_path)
    with pytest.raises(Conflict, match="linked"):
        library.comparisons.keep_side(Side(take, "hall"))
    assert labels(library, take) == ["original"]


def test_linked_takes_are_compared_and_their_files_left_alone(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "far").mkdir()
    for number in range(3):
        soundfile.write(tmp_path / "far" / f"{number}.wav", tone(0.1 + number), RATE)
    library.sources.add(tmp_path / "far")
    page = library.generations.list(HistoryQuery(limit=100))
    sides = [take.id for take in page.items if take.is_playable]
    files = _files(tmp_path / "far")
    ended = decide(library, library.comparisons.begin(sides), sides)
    kept = library.comparisons.keep(ended, bin_losers=True)
    assert kept.winner.id == sides[-1]
    assert _files(tmp_path / "far") == files
    library.comparisons.take_back(kept)
    assert len(shown(library)) == 3


def _files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_comparisons_come_back_from_the_journal(library: Library, takes: list[str]) -> None:
    first = decide(library, library.comparisons.begin(takes, blind=True), takes)
    library.comparisons.keep(first, bin_losers=True)
    second = library.comparisons.begin(_two(library), mode=Mode.WINNER)
    library.comparisons.decide(second, None)
    library.comparisons.undo(second.id)
    library.comparisons.delete(library.comparisons.begin(_two(library)))
    library.comparisons.make_sure(second)
    before = library.comparisons.list()
    library.close()
    (library.path / DATABASE_NAME).unlink()
    assert verify(library.path, repair=True).is_sound
    with Library.open(library.path) as rebuilt:
        assert rebuilt.comparisons.list() == before
        assert len(before) == 2


def _two(library: Library) -> list[str]:
    return [record(library), record(library)]


def test_what_is_damaged_of_a_comparison_is_passed_over(library: Library, takes: list[str]) -> None:
    begun = library.comparisons.begin(takes)
    made = library.comparisons.decide(begun, begun.ranking.here[0])
    other = ", '2026-11-01T12:00:00.000000Z')"
    sql(
        library,
        f"INSERT INTO comparison_decisions VALUES ('{begun.id}', 1, 0, 1, 7{other}",
        f"INSERT INTO comparison_decisions VALUES ('{begun.id}', 2, -1, 1, 1{other}",
        f"INSERT INTO comparison_decisions VALUES ('{begun.id}', 3, 0, 100000000, 1{other}",
        f"INSERT INTO comparison_sides VALUES ('{begun.id}', 1000000000, 'x', NULL)",
        "UPDATE comparisons SET mode = 'odd', kept_place = 9",
    )
    found = library.comparisons.get(begun.id)
    assert found.ranking == made.ranking
    assert found.kept_place is None
    decided = library.comparisons.decide(found, None)
    assert len(decided.ranking.decisions) == 2
    assert library.comparisons.undo(decided).ranking == made.ranking
    assert not library.comparisons.undo(begun.id).ranking.decisions


def test_a_decision_that_was_lost_keeps_nobody_from_going_on(
    library: Library, takes: list[str]
) -> None:
    judging = library.comparisons.begin(takes)
    for _ in range(3):
        asks = judging.ranking.asks
        assert asks is not None
        judging = library.comparisons.decide(judging, asks.one)
    sql(library, "DELETE FROM comparison_decisions WHERE number = 1")
    decided = decide(library, library.comparisons.get(judging.id), takes)
    assert decided.ranking.stands
