"""Changes a person makes to generations, each with what undoes it. Run in the desk's threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.tui.undo import Change

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
    before = [library.generations.get(one) for one in ids]
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
    before = [library.generations.get(one) for one in ids]
    changed = library.generations.rate(ids, rating or None)
    said = f"{takes(len(before))} rated {rating}" if rating else f"{takes(len(before))} unrated"

    def revert(lib: Library) -> None:
        for old in {generation.rating for generation in before}:
            lib.generations.rate([row.id for row in before if row.rating == old], old)

    return Done(said, changed, Change(f"{takes(len(before))} rated as before", revert))


def delete(library: Library, ids: Sequence[str]) -> Done:
    """Move them to the trash."""
    gone = library.generations.delete(ids)
    if not gone:
        return Done("", (), None)
    change = Change(f"{takes(len(gone))} back from the trash", lambda lib: lib.trash.restore(gone))
    return Done(f"{takes(len(gone))} moved to the trash", (), change)


def restore(library: Library, ids: Sequence[str]) -> Done:
    """Bring them back from the trash."""
    library.trash.restore(ids)
    change = Change(
        f"{takes(len(ids))} in the trash again", lambda lib: lib.generations.delete(ids)
    )
    return Done(f"{takes(len(ids))} back from the trash", (), change)


def takes(count: int) -> str:
    """Give ``1 take`` or ``3 takes``."""
    return f"{count:,} take" if count == 1 else f"{count:,} takes"
