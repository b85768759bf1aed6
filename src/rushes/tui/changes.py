"""Changes a person makes to generations, each with what undoes it. Run in the desk's threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.text import fold
from rushes.tui.undo import Change
from rushes.words.cells import shorten
from rushes.words.counts import takes, uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.generation import Generation
    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: said in one line, the rows as they are now, and how to undo it."""

    said: str
    changed: tuple[Generation, ...]
    change: Change | None


def toggle_favorite(library: Library, ids: Sequence[str]) -> Done:
    """Make all of them favourites; where they all are already, none."""
    before = library.generations.of_ids(ids)
    on = not all(generation.is_favorited for generation in before)
    flipped = [generation.id for generation in before if generation.is_favorited != on]
    changed = library.generations.favorite(flipped, on)
    said = f"{takes(len(flipped))} {'made favourite' if on else 'no longer favourite'}"
    undone = f"{takes(len(flipped))} {'no longer favourite' if on else 'favourite again'}"
    return Done(
        said, changed, Change(undone, lambda lib: lib.generations.favorite(flipped, not on))
    )


def rate(library: Library, ids: Sequence[str], rating: int) -> Done:
    """Rate all of them; 0 takes the rating away."""
    before = library.generations.of_ids(ids)
    changed = library.generations.rate(ids, rating or None)
    said = f"{takes(len(before))} rated {rating}" if rating else f"{takes(len(before))} unrated"

    def revert(lib: Library) -> None:
        for old in {generation.rating for generation in before}:
            lib.generations.rate([row.id for row in before if row.rating == old], old)

    return Done(said, changed, Change(f"{takes(len(before))} rated as before", revert))


def tag(library: Library, ids: Sequence[str], name: str) -> Done:
    """Give all of them a tag; where they all bear it already, take it away."""
    before = library.generations.of_ids(ids)
    bearers = {row.id: _written(row, name) for row in before}
    lacking = [one for one, written in bearers.items() if written is None]
    if lacking:
        changed = library.generations.tag(lacking, add=name)
        return Done(
            f"{takes(len(lacking))} tagged {shorten(name, 40)}",
            changed,
            Change(
                f"{takes(len(lacking))} without the tag {shorten(name, 40)}",
                lambda lib: lib.generations.tag(lacking, remove=name),
            ),
        )
    changed = library.generations.tag(ids, remove=name)

    def revert(lib: Library) -> None:
        for written in set(bearers.values()):
            if written is not None:
                bore = [one for one, tag in bearers.items() if tag == written]
                lib.generations.tag(bore, add=written)

    said = f"{takes(len(ids))} no longer tagged {shorten(name, 40)}"
    return Done(said, changed, Change(f"{takes(len(ids))} tagged {shorten(name, 40)}", revert))


def _written(generation: Generation, name: str) -> str | None:
    """Give the tag as the generation bears it, whatever its case."""
    return next((tag for tag in generation.tags if fold(tag) == fold(name.strip())), None)


def note(library: Library, ids: Sequence[str], text: str) -> Done:
    """Give all of them a note; an empty text takes theirs away."""
    before = library.generations.of_ids(ids)
    changed = library.generations.note(ids, text or None)

    def revert(lib: Library) -> None:
        for old in {row.note for row in before}:
            lib.generations.note([row.id for row in before if row.note == old], old)

    said = f"{takes(len(before))} {'with a note' if text else 'without a note'}"
    return Done(said, changed, Change(f"{takes(len(before))} with the note from before", revert))


def delete(library: Library, ids: Sequence[str]) -> Done:
    """Move them to the trash; where stories use them it says so."""
    gone = library.generations.delete(ids)
    if not gone:
        return Done("", (), None)
    change = Change(f"{takes(len(gone))} back from the trash", lambda lib: lib.trash.restore(gone))
    used = uses(len(library.stories.using(gone)), len(gone))
    return Done(f"{takes(len(gone))} moved to the trash{used and f'; {used}'}", (), change)


def restore(library: Library, ids: Sequence[str]) -> Done:
    """Bring them back from the trash."""
    library.trash.restore(ids)
    change = Change(
        f"{takes(len(ids))} in the trash again", lambda lib: lib.generations.delete(ids)
    )
    return Done(f"{takes(len(ids))} back from the trash", (), change)
