"""Writing stories of the library's own, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlmodel import Session, col, delete

from rushes.domain.story import SceneItem, Story, StoryChange, StoryItem, StoryState
from rushes.domain.text import one_line
from rushes.errors import Conflict
from rushes.store import (
    stories,
    tables,  # noqa: F401  # what rows of stories refer to
)
from rushes.store.database import Parameter, Row
from rushes.store.tables_of_stories import StoryItemRow, StoryRow

_OF_VERSION = (
    "SELECT (2000 * v.frames + v.sample_rate) / (2 * v.sample_rate) FROM generation_versions v"
)
_LENGTH = f"""COALESCE(
    ({_OF_VERSION} WHERE v.id = story_items.version_id),
    ({_OF_VERSION} WHERE v.generation_id = story_items.generation_id AND v.is_default = 1),
    length_ms,
    (SELECT CAST(round(g.duration * 1000) AS INTEGER) FROM generations g
    WHERE g.id = story_items.generation_id))"""
"""How long the clip of an item is, in ms; as ``domain.story.SceneItem.clip_ms`` has it."""


def asking(session: Session) -> stories.Ask:
    """What asks within a transaction."""

    def ask(sql: str, parameters: tuple[Parameter, ...]) -> Sequence[Row]:
        session.flush()
        found = session.connection().exec_driver_sql(sql, parameters).fetchall()
        return cast(Sequence[Row], found)

    return ask


def own_story(session: Session, identity: str, *, deleted: bool = False) -> Story:
    """The story of that whole id, if it may be changed; ``deleted`` takes a deleted one, too.

    Raises:
        NotFound: there is none.
        Conflict: it is a linked source's, or deleted.
    """
    story = stories.by_id(asking(session), identity)
    if story.source_id is not None:
        raise Conflict(
            f"the story “{one_line(story.name)}” can't be changed",
            "it is a linked source's, which is only read",
            "Copy it first; the copy is yours.",
        )
    if story.deleted_at is not None and not deleted:
        raise Conflict(
            f"the story “{one_line(story.name)}” can't be changed",
            "it is deleted",
            "Restore it first.",
        )
    return story


def own_item(session: Session, identity: str) -> tuple[Story, SceneItem]:
    """The item of that id, or whose id begins so, with its story, if that may be changed.

    Raises:
        BadInput: the beginning is too short.
        NotFound: there is none.
        Ambiguous: there are several.
        Conflict: its story is a linked source's, or deleted.
    """
    ask = asking(session)
    item = stories.find_item(ask, identity)
    story = own_story(session, item.story_id)
    return story, stories.shown(ask, [item])[0]


def put_story(session: Session, story: Story) -> None:
    """Let a story be what this value says; one that isn't there is added."""
    row = session.get(StoryRow, story.id) or StoryRow(
        id=story.id, name=story.name, created_at=story.created_at, updated_at=story.updated_at
    )
    row.name, row.description = story.name, story.description
    row.updated_at, row.deleted_at = story.updated_at, story.deleted_at
    session.add(row)
    session.flush()


def put_items(session: Session, items: Sequence[StoryItem]) -> None:
    """Let items be what these values say; those that aren't there are added.

    What an item plays may be gone by now: it is a gap of its length then.
    """
    for item in items:
        row = session.get(StoryItemRow, item.id) or StoryItemRow(
            id=item.id, story_id=item.story_id, start_ms=0, created_at=item.created_at
        )
        had = row.length_ms
        row.generation_id, row.generation_key, row.version_id = _meant(session, item)
        row.start_ms, row.track, row.volume = item.start_ms, item.track, item.volume
        row.trim_start_ms, row.trim_end_ms = item.trim_start_ms, item.trim_end_ms
        # Where the generation went meanwhile, its length was noted then.
        went = item.generation_id is not None and row.generation_id is None and had is not None
        row.length_ms, row.created_at = had if went else item.length_ms, item.created_at
        session.add(row)
    session.flush()


def change_items(
    session: Session,
    story: Story,
    items: Sequence[StoryItem],
    gone: Sequence[str],
    moment: datetime,
) -> StoryChange:
    """Put items of a story and take others away; gives what undoes it.

    Where there is neither, nothing changes.
    """
    if not items and not gone:
        return StoryChange(story.id, StoryState(story, ()), StoryState(story, ()))
    touched = {*gone, *(item.id for item in items)}
    before = _some(session, story.id, touched)
    put_story(session, replace(story, updated_at=moment))
    put_items(session, items)
    drop_items(session, gone)
    now = stories.by_id(asking(session), story.id)
    after = StoryState(now, _some(session, story.id, touched))
    return StoryChange(story.id, StoryState(story, before), after)


def drop_items(session: Session, ids: Sequence[str]) -> None:
    """Take items away; those that are gone are no error."""
    for identity in ids:
        session.exec(delete(StoryItemRow).where(col(StoryItemRow.id) == identity))


def drop_story(session: Session, identity: str) -> None:
    """Take a story away with its items."""
    # By hand, not by the foreign keys: what they do must be in the journal as well.
    session.exec(delete(StoryItemRow).where(col(StoryItemRow.story_id) == identity))
    session.exec(delete(StoryRow).where(col(StoryRow.id) == identity))


def leave_gaps(session: Session, ids: Sequence[str]) -> None:
    """Let items whose generations are about to go keep their places, their lengths, and the ids.

    An item of a linked source's story keeps what its source calls the generation.
    """
    marks = ", ".join("?" * len(ids))
    # By hand, not by the foreign keys: what they do must be in the journal as well.
    session.connection().exec_driver_sql(
        f"UPDATE story_items SET length_ms = {_LENGTH}, generation_id = NULL, version_id = NULL,"
        " generation_key = COALESCE(generation_key, generation_id)"
        " WHERE generation_id IN"
        f" (SELECT id FROM generations WHERE id IN ({marks}) AND purging = 1)",
        tuple(ids),
    )


def revert(session: Session, change: StoryChange) -> None:
    """Let a story be as it was before a change, whatever else of it changed since.

    Raises:
        NotFound: it is gone.
        Conflict: it came with the change and holds more by now.
    """
    before, after = change.before, change.after
    had = {item.id for item in before.items}
    came = [item.id for item in after.items if item.id not in had]
    if before.story is None:
        here = {item.id for item in stories.items(asking(session), change.story_id)}
        if not here.issubset(came):
            raise Conflict(
                f"the story “{one_line(change.story.name)}” stays",
                "it holds more by now",
                "Delete it.",
            )
        drop_story(session, change.story_id)
        return
    put_story(session, _as_before(session, change, before.story))
    drop_items(session, came)
    put_items(session, before.items)


def _some(session: Session, story_id: str, ids: Set[str]) -> tuple[StoryItem, ...]:
    found = stories.items(asking(session), story_id)
    return tuple(item for item in found if item.id in ids)


def _as_before(session: Session, change: StoryChange, before: Story) -> Story:
    """The story as it is, but for what the change changed of it."""
    after = change.after.story
    if after is None:
        return before
    now = stories.by_id(asking(session), change.story_id)
    return replace(
        now,
        updated_at=before.updated_at,
        name=now.name if before.name == after.name else before.name,
        description=(
            now.description if before.description == after.description else before.description
        ),
        deleted_at=now.deleted_at if before.deleted_at == after.deleted_at else before.deleted_at,
    )


def _meant(session: Session, item: StoryItem) -> tuple[str | None, str | None, str | None]:
    """Generation, its key and the version, as far as they are still there."""
    if item.generation_id is None:
        return None, item.generation_key, None
    found = asking(session)(
        "SELECT g.id, v.id FROM generations g LEFT JOIN generation_versions v"
        " ON v.generation_id = g.id AND v.id = ? WHERE g.id = ? AND g.purging = 0",
        (item.version_id, item.generation_id),
    )
    if not found:
        return None, item.generation_key or item.generation_id, None
    _, version_id = found[0]
    return item.generation_id, item.generation_key, cast(str | None, version_id)
