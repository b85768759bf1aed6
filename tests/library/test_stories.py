"""Stories: made, edited, copied, deleted, and every change taken back whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.domain.health import Kind
from rushes.domain.retention import Policy
from rushes.domain.story import Presence, Scene, Story, StoryChange
from rushes.domain.story_editing import ItemWish
from rushes.domain.story_wave import wave_of
from rushes.errors import Ambiguous, BadInput, Conflict, NotFound, RushesError
from rushes.library import Library
from rushes.library.verification import verify
from tests.exchange.voiceboxes import MADE, Voicebox
from tests.library.damage import kinds, sql
from tests.library.takes import RATE, tone


def record(library: Library, seconds: float = 1.0, text: str = "Hello") -> str:
    take = library.generations.record(
        profile="Anna", text=text, audio=tone(seconds), sample_rate=RATE
    )
    return take.id


def told(scene: Scene) -> list[tuple[str, int, int]]:
    return [(one.text, one.start_ms, one.length_ms) for one in scene.items]


@pytest.fixture
def story(library: Library) -> Story:
    """One, two and three, 0.1 s apart; two has a version of half its length."""
    made = library.stories.create("First", "about it").story
    takes = [record(library, n, text) for n, text in ((1.0, "one"), (2.0, "two"), (0.5, "three"))]
    library.versions.add(takes[1], tone(1.0), RATE, label="half")
    library.stories.add(made, takes, gap_ms=100)
    return library.stories.get(made.id)


CHANGES: dict[str, Callable[[Library, Scene], StoryChange]] = {
    "add": lambda library, scene: library.stories.add(
        scene.story,
        [str(one.item.generation_id) for one in scene.items],
        track=4,
        version="original",
    ),
    "move": lambda library, scene: library.stories.move(scene.items[0], 7_000, -2),
    "trim": lambda library, scene: library.stories.trim(scene.items[1], 300, 200),
    "split": lambda library, scene: library.stories.split(scene.items[1], 1_500),
    "volume": lambda library, scene: library.stories.set_volume(scene.items[1], 0),
    "pin": lambda library, scene: library.stories.pin(scene.items[1], "half"),
    "edit": lambda library, scene: library.stories.edit(
        scene.items[1], ItemWish(5_000, 2, 100, 200, 0.5, "half")
    ),
    "remove": lambda library, scene: library.stories.remove(scene.items[:2]),
    "ripple": lambda library, scene: library.stories.ripple(scene.story, gap_ms=5),
    "shift": lambda library, scene: library.stories.shift(scene.items[2], -1),
    "rename": lambda library, scene: library.stories.rename(scene.story, "[other]"),
    "describe": lambda library, scene: library.stories.describe(scene.story, None),
    "revise": lambda library, scene: library.stories.revise(
        scene.story, name="[other]", description=""
    ),
    "delete": lambda library, scene: library.stories.delete(scene.story),
    "purge": lambda library, scene: library.stories.purge(scene.story),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_taken_back_whole_and_made_again(
    library: Library, story: Story, name: str
) -> None:
    before = library.stories.scene(story)
    change = CHANGES[name](library, before)
    if name == "purge":
        with pytest.raises(NotFound):
            library.stories.scene(story)
        library.stories.undo(change)
        assert library.stories.scene(story) == before
        return
    after = library.stories.scene(story)
    assert after != before
    assert change.story == after.story
    assert set(change.items) <= {one.item for one in after.items}
    again = library.stories.undo(change)
    assert library.stories.scene(story) == before
    library.stories.undo(again)
    assert library.stories.scene(story) == after
    assert library.health.check().is_sound


def test_what_was_made_goes_with_its_undo_unless_it_holds_more(library: Library) -> None:
    made = library.stories.create("New")
    added = library.stories.add(made.story, record(library))
    with pytest.raises(Conflict, match="holds more by now"):
        library.stories.undo(made)
    library.stories.undo(added)
    again = library.stories.undo(made)
    assert library.stories.list() == ()
    library.stories.undo(again)
    assert [one.name for one in library.stories.list()] == ["New"]


def test_a_change_is_taken_back_without_what_came_after_it(library: Library, story: Story) -> None:
    first, second, _ = library.stories.items(story)
    moved = library.stories.move(first, 9_000)
    library.stories.set_volume(second, 0.5)
    library.stories.rename(story, "Second")
    library.stories.undo(moved)
    scene = library.stories.scene(story)
    assert scene.story.name == "Second"
    assert [(one.start_ms, one.item.volume) for one in scene.items[:2]] == [(0, 1.0), (1_100, 0.5)]


def test_takes_follow_each_other_or_begin_where_they_are_told(
    library: Library, story: Story
) -> None:
    assert told(library.stories.scene(story)) == [
        ("one", 0, 1_000),
        ("two", 1_100, 2_000),
        ("three", 3_200, 500),
    ]
    late = record(library, 0.25, "late")
    library.stories.add(story, [late, late], gap_ms=50)
    library.stories.add(story, late, at_ms=40, track=-1)
    scene = library.stories.scene("FIRST")
    assert told(scene)[1:2] == [("late", 40, 250)]
    assert told(scene)[-2:] == [("late", 3_750, 250), ("late", 4_050, 250)]
    assert (scene.tracks, scene.length_ms, scene.story.items) == ((-1, 0), 4_300, 6)


def test_shifts_and_splits_do_what_they_say(library: Library, story: Story) -> None:
    one, two, three = library.stories.items(story)
    library.stories.shift(one, 1)
    scene = library.stories.scene(story)
    assert told(scene) == [("two", 0, 2_000), ("one", 2_100, 1_000), ("three", 3_200, 500)]
    assert library.stories.shift(three, 1).items == ()
    left, right = library.stories.split(two, 750).items
    assert (left.trim_end_ms, right.trim_start_ms, right.start_ms) == (1_250, 750, 750)
    library.stories.pin(right, None)
    with pytest.raises(BadInput, match="leave nothing"):
        library.stories.pin(left, "half")
    pinned = library.stories.pin(right, "half")
    shown = library.stories.scene(story).item(right.id)
    assert shown is not None
    assert (shown.pinned, shown.length_ms, shown.clip_ms) == ("half", 250, 1_000)
    assert pinned.items[0].length_ms == 1_000


def test_what_cant_be_meant_is_refused_and_changes_nothing(library: Library, story: Story) -> None:
    item = library.stories.items(story)[0]
    binned, other = record(library), library.stories.create("first").story
    library.generations.delete(binned)
    running = library.generations.begin(profile="Anna", text="later").id
    elsewhere = library.stories.add(other, record(library)).items[0]
    before = library.stories.scene(story)
    stories = library.stories
    attempts: tuple[tuple[type[RushesError], Callable[[], object]], ...] = (
        (BadInput, lambda: stories.add(story, [])),
        (BadInput, lambda: stories.add(story, record(library), gap_ms=-1)),
        (BadInput, lambda: stories.add(story, [record(library)] * 1_001)),
        (NotFound, lambda: stories.add(story, "nobody")),
        (NotFound, lambda: stories.add(story, record(library), version="half")),
        (Conflict, lambda: stories.add(story, binned)),
        (Conflict, lambda: stories.add(story, running)),
        (BadInput, lambda: stories.move(item, -1)),
        (BadInput, lambda: stories.trim(item, 500, 500)),
        (BadInput, lambda: stories.trim(item, -5, 0)),
        (BadInput, lambda: stories.split(item, 1_000)),
        (BadInput, lambda: stories.set_volume(item, 5)),
        (NotFound, lambda: stories.pin(item, "half")),
        (BadInput, lambda: stories.edit(item, ItemWish())),
        (BadInput, lambda: stories.edit(item, ItemWish(start_ms=5, volume=5))),
        (BadInput, lambda: stories.revise(story)),
        (BadInput, lambda: stories.remove([])),
        (BadInput, lambda: stories.remove([item, elsewhere])),
        (BadInput, lambda: stories.shift(item, 2)),
        (BadInput, lambda: stories.ripple(story, gap_ms=-1)),
        (NotFound, lambda: stories.move("00000000", 1)),
        (BadInput, lambda: stories.move("0", 1)),
        (Ambiguous, lambda: stories.rename("First", "x")),
        (BadInput, lambda: stories.rename(story, " ")),
        (NotFound, lambda: stories.get("nothing of that name")),
    )
    for kind, attempt in attempts:
        with pytest.raises(kind):
            attempt()
    assert library.stories.scene(story) == before


def test_deleting_a_used_take_leaves_a_gap_and_undoing_it_the_story_as_it_was(
    library: Library, story: Story
) -> None:
    before = library.stories.scene(story)
    two = before.items[1].item.generation_id
    assert two is not None
    library.stories.pin(before.items[1], "half")
    pinned = library.stories.scene(story)
    assert [one.name for one in library.stories.using([two, "another"])] == ["First"]
    library.generations.delete(two)
    gone = library.stories.scene(story)
    assert [one.presence for one in gone.items] == [
        Presence.THERE,
        Presence.TRASHED,
        Presence.THERE,
    ]
    assert [(one.start_ms, one.end_ms) for one in gone.gaps] == [(1_100, 2_100)]
    library.trash.restore(two)
    assert library.stories.scene(story) == pinned


def test_purging_a_used_take_leaves_its_place_and_length(library: Library, story: Story) -> None:
    one, two, _ = library.stories.items(story)
    trimmed = library.stories.trim(two, 100, 300)
    moved = library.stories.move(one, 50)
    assert two.generation_id is not None
    assert one.generation_id is not None
    library.trash.purge([one.generation_id, two.generation_id])
    scene = library.stories.scene(story)
    gaps = [(gap.presence, gap.start_ms, gap.length_ms, gap.clip_ms) for gap in scene.gaps]
    assert gaps == [(Presence.GONE, 50, 1_000, 1_000), (Presence.GONE, 1_100, 1_600, 2_000)]
    assert [gap.item.generation_key for gap in scene.gaps] == [one.generation_id, two.generation_id]
    # What comes back by an undo is what is left of it.
    library.stories.undo(trimmed)
    library.stories.undo(moved)
    left = library.stories.scene(story).gaps
    assert [(gap.start_ms, gap.length_ms) for gap in left] == [(0, 1_000), (1_100, 2_000)]
    library.stories.move(left[0], 10)
    library.stories.trim(left[0], 10, 10)
    with pytest.raises(Conflict, match="gone"):
        library.stories.pin(left[0], "half")
    copied = library.stories.copy(story).story
    assert [gap.length_ms for gap in library.stories.scene(copied).gaps] == [980, 2_000]
    assert library.health.check().is_sound


def test_deleted_stories_are_kept_and_let_go(library: Library, story: Story) -> None:
    library.stories.delete(story)
    assert library.stories.list() == ()
    assert [one.id for one in library.stories.list(deleted=True)] == [story.id]
    with pytest.raises(Conflict, match="deleted"):
        library.stories.rename(story, "x")
    take = library.stories.items(story)[0].generation_id
    assert take is not None
    assert library.stories.using(take) == ()
    library.stories.create("First")
    assert library.stories.get("First").id != story.id
    library.stories.restore(story)
    assert library.stories.get(story.id) == story
    library.stories.purge(story)
    assert [one.name for one in library.stories.list()] == ["First"]
    assert library.generations.count() == 3


def test_a_clean_up_spares_what_a_story_uses(library: Library, story: Story) -> None:
    loose = record(library)
    used = [item.generation_id for item in library.stories.items(story)]
    assert used[0] is not None
    library.generations.delete(used[0])
    assert library.storage.clean_up(Policy(unrated=True)).ids == (loose,)
    library.stories.delete(story)
    assert set(library.storage.plan(Policy(unrated=True)).ids) == set(used[1:])


def test_a_linked_story_is_only_read_until_it_is_copied(library: Library, tmp_path: Path) -> None:
    voicebox = Voicebox(tmp_path / "voicebox")
    voicebox.insert("stories", id="theirs", name="Demo", created_at=MADE, updated_at=MADE)
    for number, key in enumerate((voicebox.take("one", seconds=0.2), voicebox.take("two"), "gone")):
        voicebox.insert(
            "story_items",
            id=f"item-{number}",
            story_id="theirs",
            generation_id=key,
            start_time_ms=100 * number,
            track=0,
            trim_start_ms=10,
            trim_end_ms=0,
            volume=0.5,
            created_at=MADE,
        )
    source = library.sources.add(voicebox.folder).source
    (linked,) = library.stories.list()
    before = library.stories.scene(linked)
    item = before.items[0]
    attempts: tuple[Callable[[], StoryChange], ...] = (
        lambda: library.stories.rename(linked, "x"),
        lambda: library.stories.delete(linked),
        lambda: library.stories.purge(linked),
        lambda: library.stories.move(item, 5),
        lambda: library.stories.remove(item),
        lambda: library.stories.ripple(linked),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="only read"):
            attempt()
    copied = library.stories.copy(linked, "Mine").story
    scene = library.stories.scene(copied)
    assert told(scene) == told(before)
    assert [one.version for one in scene.items] == [one.version for one in before.items]
    library.stories.move(scene.items[0], 5)
    assert library.stories.scene(linked) == before

    assert item.item.generation_id is not None
    library.trash.purge(item.item.generation_id)
    voicebox.change("UPDATE stories SET name = 'Other'")
    library.sources.sync(source)
    for story in (linked, copied):
        gap = library.stories.scene(story).items[0]
        assert (gap.presence, gap.clip_ms, gap.length_ms) == (Presence.GONE, 200, 190)


def test_stories_come_back_from_the_journal(library: Library, story: Story) -> None:
    one, two, three = library.stories.items(story)
    library.stories.pin(two, "half")
    library.stories.split(two, 1_500)
    library.stories.remove(three)
    assert one.generation_id is not None
    library.trash.purge(one.generation_id)
    library.stories.purge(library.stories.copy(story).story)
    before = library.stories.scene(story)
    library.close()
    (library.path / "rushes.db").unlink()
    assert verify(library.path, repair=True).is_sound
    with Library.open(library.path) as rebuilt:
        assert rebuilt.stories.scene(story) == before
        assert len(rebuilt.stories.list()) == 1


def test_items_that_dangle_are_found_and_become_gaps_of_their_length(
    library: Library, story: Story
) -> None:
    one = library.stories.items(story)[0]
    sql(
        library,
        f"UPDATE story_items SET generation_id = 'nobody' WHERE id = '{one.id}'",
        f"UPDATE story_items SET version_id = 'none' WHERE id <> '{one.id}'",
    )
    assert kinds(library.health.check()) == {Kind.REFERENCE: 2}
    assert library.health.repair().is_sound
    scene = library.stories.scene(story)
    assert [one.presence for one in scene.items[:2]] == [Presence.GONE, Presence.THERE]
    assert scene.items[0].item.generation_key == "nobody"
    assert told(scene)[0] == ("", 0, 1_000)
    assert scene.items[1].item.version_id is None


def test_what_no_id_can_be_finds_no_item(library: Library) -> None:
    for odd in ("abc\U0010ffff", "abc\ud7ff", "ab\0cd"):
        with pytest.raises(NotFound, match="no item of a story"):
            library.stories.item(odd)


def test_a_story_of_odd_places_and_volumes_is_shown(library: Library, story: Story) -> None:
    sql(
        library,
        "UPDATE story_items SET start_ms = -2500, volume = -1 WHERE length_ms = 1000",
        "UPDATE story_items SET start_ms = -1000, volume = 1e300 WHERE length_ms = 2000",
    )
    scene = library.stories.scene(story)
    wave = wave_of(scene)
    assert [one.volume for one in scene.items] == [0.0, 4.0, 1.0]
    silent = slice(1 + int(64 * 1_010 / scene.length_ms), int(64 * 3_190 / scene.length_ms))
    assert any(wave[:10])
    assert not any(wave[:64][silent])
    sql(library, "UPDATE story_items SET start_ms = -100000")
    assert library.stories.scene(story).length_ms == 0
    assert not any(wave_of(library.stories.scene(story)))


def test_takes_that_sound_at_once_change_their_order_too(library: Library) -> None:
    story = library.stories.create("Over each other").story
    long, short = record(library, 1.0, "long"), record(library, 0.1, "short")
    library.stories.add(story, long)
    library.stories.add(story, short, at_ms=100)
    library.stories.shift(library.stories.scene(story).items[0], 1)
    assert told(library.stories.scene(story)) == [("short", 0, 100), ("long", 100, 1_000)]
    library.stories.move(library.stories.scene(story).items[1], 0)
    first = library.stories.scene(story).items[0]
    library.stories.shift(first, 1)
    assert library.stories.scene(story).items[1].id == first.id


def test_a_story_of_the_longest_name_is_copied(library: Library) -> None:
    story = library.stories.create("S" * 200).story
    copied = library.stories.copy(story).story
    assert copied.name == f"{'S' * 193} (copy)"
