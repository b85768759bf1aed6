"""Stories as they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.ids import SHORTEST_PREFIX
from rushes.domain.story import Scene, SceneItem, Story, StoryItem
from rushes.domain.text import fold, one_line
from rushes.domain.times import from_stored
from rushes.errors import Ambiguous, BadInput, NotFound
from rushes.store import rows
from rushes.store.database import Parameter, Row
from rushes.store.reader import Reader

Ask: TypeAlias = Callable[[str, tuple[Parameter, ...]], Sequence[Row]]
"""Asks the database: of a reader, of one state of it, or within a transaction."""

_SHOWN_MATCHES = 5
_CHUNK = 500

_SELECT = (
    "SELECT s.id, s.name, s.description, s.created_at, s.updated_at, s.source_id,"
    " (SELECT count(*) FROM story_items i WHERE i.story_id = s.id), s.deleted_at FROM stories s"
)
_ITEMS = (
    "SELECT id, story_id, generation_id, version_id, start_ms, track, trim_start_ms,"
    " trim_end_ms, volume, created_at, generation_key, length_ms FROM story_items"
)

IN_STORY = (
    "(g.id IN (SELECT i.generation_id FROM story_items i JOIN stories s ON s.id = i.story_id"
    " WHERE s.deleted_at IS NULL AND i.generation_id IS NOT NULL))"
)
"""Whether a story that isn't deleted uses a generation (g)."""


def listed(reader: Reader, *, deleted: bool = False) -> tuple[Story, ...]:
    """Every story, or every deleted one, the one changed last first."""
    which = "NOT NULL" if deleted else "NULL"
    found = reader.all(
        f"{_SELECT} WHERE s.deleted_at IS {which} ORDER BY s.updated_at DESC, s.id", ()
    )
    return tuple(_story(row) for row in found)


def by_id(ask: Ask, identity: str) -> Story:
    """The story of that whole id, deleted or not.

    Raises:
        NotFound: there is none.
    """
    found = ask(f"{_SELECT} WHERE s.id = ?", (identity,))
    if not found:
        raise missing(identity)
    return _story(found[0])


def find(reader: Reader, named: str) -> Story:
    """The story of that id, of that name, or whose id begins so; one that isn't deleted goes first.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    here, wanted = (*listed(reader), *listed(reader, deleted=True)), fold(named.strip())
    found = [one for one in here if one.id == named]
    for fits in (_is_called(wanted), _begins(wanted)):
        found = found or [one for one in here if fits(one)]
        found = [one for one in found if one.deleted_at is None] or found
    if not found:
        raise missing(named)
    if len(found) > 1:
        names = ", ".join(one_line(f"{one.name} ({one.id[:8]})") for one in found[:_SHOWN_MATCHES])
        raise Ambiguous(f"several stories fit “{one_line(named)}”", names, "Give more of the id.")
    return found[0]


def items(ask: Ask, story_id: str) -> tuple[StoryItem, ...]:
    """The items of a story in the order in which they begin, by tracks where they begin at once."""
    found = ask(f"{_ITEMS} WHERE story_id = ? ORDER BY start_ms, track, id", (story_id,))
    return tuple(_item(row) for row in found)


def find_item(ask: Ask, prefix: str) -> StoryItem:
    """The item of that id, or the one whose id begins so.

    Raises:
        BadInput: the prefix is shorter than 4 characters.
        NotFound: there is none.
        Ambiguous: there are several.
    """
    whole = ask(f"{_ITEMS} WHERE id = ?", (prefix,))
    if whole:
        return _item(whole[0])
    wanted = prefix.strip().lower()
    if len(wanted) < SHORTEST_PREFIX:
        raise BadInput(
            f"“{one_line(prefix)}” is too short for an item's id",
            f"at least {SHORTEST_PREFIX} characters are needed",
            "See `rushes stories show`.",
        )
    beyond = f"{wanted}\U0010ffff"  # behind every id that begins so
    found = ask(f"{_ITEMS} WHERE id >= ? AND id < ? LIMIT 2", (wanted, beyond))
    if not found:
        said = f"no item of a story has the id {one_line(prefix)}"
        raise NotFound(said, "", "See `rushes stories show`.")
    if len(found) > 1:
        said = f"several items of stories begin with “{one_line(prefix)}”"
        raise Ambiguous(said, "", "Give more of the id.")
    return _item(found[0])


def scene(ask: Ask, story_id: str) -> Scene:
    """A story with its items and what they play, of one state where ``ask`` is of one.

    Raises:
        NotFound: there is none of that id.
    """
    story = by_id(ask, story_id)
    here = items(ask, story_id)
    return Scene(story, tuple(shown(ask, here)))


def shown(ask: Ask, here: Sequence[StoryItem]) -> list[SceneItem]:
    """These items with what they play."""
    wanted = list(dict.fromkeys(one.generation_id for one in here if one.generation_id))
    generations: dict[str, Generation] = {}
    versions: dict[str, GenerationVersion] = {}
    defaults: dict[str, GenerationVersion] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = tuple(wanted[start : start + _CHUNK])
        marks = ", ".join("?" * len(chunk))
        for row in ask(
            f"SELECT {rows.GENERATION_COLUMNS} FROM generations g {rows.GENERATION_JOINS}"
            f" WHERE g.id IN ({marks}) AND g.purging = 0",
            chunk,
        ):
            generation = rows.generation(row)
            generations[generation.id] = generation
        for row in ask(
            f"SELECT {rows.VERSION_COLUMNS} FROM generation_versions v"
            f" WHERE v.generation_id IN ({marks})",
            chunk,
        ):
            version = rows.version(row)
            versions[version.id] = version
            if version.is_default:
                defaults[version.generation_id] = version
    return [
        SceneItem(
            item,
            generations.get(item.generation_id or ""),
            _meant(item, versions) or defaults.get(item.generation_id or ""),
        )
        for item in here
    ]


def _meant(item: StoryItem, versions: Mapping[str, GenerationVersion]) -> GenerationVersion | None:
    pinned = versions.get(item.version_id or "")
    return pinned if pinned and pinned.generation_id == item.generation_id else None


def using(ask: Ask, ids: Sequence[str]) -> tuple[Story, ...]:
    """The stories, but for deleted ones, that use any of these generations; changed last first."""
    found: dict[str, Story] = {}
    if not ask("SELECT 1 FROM story_items WHERE generation_id IS NOT NULL LIMIT 1", ()):
        return ()
    for start in range(0, len(ids), _CHUNK):
        chunk = tuple(ids[start : start + _CHUNK])
        marks = ", ".join("?" * len(chunk))
        for row in ask(
            f"{_SELECT} WHERE s.deleted_at IS NULL AND s.id IN"
            f" (SELECT i.story_id FROM story_items i WHERE i.generation_id IN ({marks}))",
            chunk,
        ):
            story = _story(row)
            found[story.id] = story
    return tuple(sorted(found.values(), key=lambda one: one.updated_at, reverse=True))


def missing(named: str) -> NotFound:
    """No story is called so."""
    return NotFound(f"there is no story “{one_line(named)}”", "", "See `rushes stories list`.")


def _is_called(wanted: str) -> Callable[[Story], bool]:
    return lambda story: fold(story.name) == wanted


def _begins(wanted: str) -> Callable[[Story], bool]:
    return lambda story: len(wanted) >= SHORTEST_PREFIX and story.id.startswith(wanted)


def _story(row: Row) -> Story:
    columns = cast(tuple[Any, ...], row)
    identity, name, description, created_at, updated_at, source_id, count, deleted_at = columns
    return Story(
        identity,
        name,
        description,
        from_stored(created_at),
        from_stored(updated_at),
        source_id,
        count,
        None if deleted_at is None else from_stored(deleted_at),
    )


def _item(row: Row) -> StoryItem:
    columns = cast(tuple[Any, ...], row)
    return StoryItem(
        id=columns[0],
        story_id=columns[1],
        generation_id=columns[2],
        version_id=columns[3],
        start_ms=columns[4],
        track=columns[5],
        trim_start_ms=columns[6],
        trim_end_ms=columns[7],
        volume=columns[8],
        created_at=from_stored(columns[9]),
        generation_key=columns[10],
        length_ms=columns[11],
    )
