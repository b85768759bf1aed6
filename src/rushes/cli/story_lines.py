"""Stories as lines: what the command line shows of them."""

from __future__ import annotations

from collections.abc import Iterator

from rushes.cli.takes import SHORT_ID
from rushes.domain.story import Presence, Scene, SceneItem, Story
from rushes.domain.text import one_line
from rushes.words.cells import fit, right, shorten
from rushes.words.when import in_db, length, playhead

_VOICE, _NAME = 12, 28
_LEAST_WORDS = 12

_ABSENT = {
    Presence.THERE: "",
    Presence.TRASHED: "(in the trash) ",
    Presence.GONE: "(gone) ",
    Presence.NO_AUDIO: "(no audio) ",
}


def story_line(story: Story) -> str:
    """A story in a list."""
    marks = [counted(story.items, "item")]
    marks += ["linked"] if story.source_id is not None else []
    marks += ["deleted"] if story.deleted_at is not None else []
    cells = (story.id[:SHORT_ID], fit(story.name, _NAME), fit(", ".join(marks), 18))
    return f"{'  '.join(cells)}  {shorten(story.description or '', 40)}".rstrip()


def scene_lines(scene: Scene, width: int, *, ascii: bool) -> Iterator[str]:  # noqa: A002  # the option's name
    """A story whole, a line for each of its items."""
    story, dot = scene.story, " - " if ascii else " · "
    told = [counted(len(scene.items), "item"), counted(len(scene.tracks), "track")]
    told += [length(scene.length_ms / 1000)]
    told += ["of a linked source: copy it to change it"] if story.source_id is not None else []
    told += ["deleted"] if story.deleted_at is not None else []
    yield one_line(story.name)
    yield dot.join(told)
    if story.description:
        yield one_line(story.description)
    if scene.items:
        yield ""
    for shown in scene.items:
        yield _item_line(shown, width, dot)


def counted(count: int, one: str) -> str:
    """Give ``1 item`` or ``3 items``."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def _item_line(shown: SceneItem, width: int, dot: str) -> str:
    begun = "  ".join(
        (
            shown.id[:SHORT_ID],
            right(playhead(shown.start_ms / 1000), 8),
            right(length(shown.length_ms / 1000), 7),
            right(f"#{shown.item.track}", 4),
            fit(shown.profile_name, _VOICE),
        )
    )
    marks = "".join(f"  [{mark}]" for mark in _marks(shown, dot))
    room = max(_LEAST_WORDS, width - len(begun) - len(marks) - 2)
    return f"{begun}  {shorten(_ABSENT[shown.presence] + shown.text, room)}{marks}".rstrip()


def _marks(shown: SceneItem, dot: str) -> Iterator[str]:
    item = shown.item
    told = []
    if shown.pinned is not None:
        told.append(shorten(f"pinned {shown.pinned}", 24))
    if item.trim_start_ms or item.trim_end_ms:
        told.append(f"trimmed {item.trim_start_ms / 1000:g}s {item.trim_end_ms / 1000:g}s")
    if item.volume != 1.0:
        told.append(f"volume {item.volume:g}")
    if told:
        yield dot.join(told)


def gain_words(gain_db: float) -> str:
    """Say by how much a mix was made softer."""
    return f"made softer by {in_db(-gain_db).lstrip('+')} to stay under full scale"
