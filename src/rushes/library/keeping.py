"""Keeping the winner of a comparison: all that goes with it, in one commit, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from rushes.domain.judging import Kept, Spared, SparedBecause
from rushes.domain.preset import parted
from rushes.domain.ranking import Side
from rushes.domain.times import now
from rushes.errors import NotFound
from rushes.library.presets import preset_of
from rushes.store import history, presets
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session


def keep(
    store: Store,
    side: Side,
    losers: Sequence[Side],
    *,
    bin_losers: bool = False,
    preset_name: str | None = None,
    settles: tuple[str, int] | None = None,
) -> Kept:
    """As ``comparisons.keep_side`` says; ``settles`` is a comparison and the place kept in it.

    Raises:
        NotFound, Conflict, BadInput, LibraryError: nothing has changed.
    """
    from rushes.store import write_comparisons, write_generations, write_presets, write_trash

    generation = history.find(store.reader, side.generation_id)
    preset = None
    if preset_name is not None:
        folder, name = parted(preset_name)
        preset = preset_of(generation, name, folder=folder)
    stands_for_take = side.version_id is None or any(
        loser.generation_id != generation.id for loser in losers
    )
    with store.transaction() as session:
        moment = now()
        write_comparisons.check_is_here(session, generation.id)
        favorites = write_comparisons.favorites_of(session, [generation.id])
        favorited = stands_for_take and not favorites
        if favorited:
            write_generations.set_favorite(session, [generation.id], on=True)
        old_default = _make_default(session, side)
        going, spared = _parted(session, generation.id, losers) if bin_losers else ((), ())
        binned = write_trash.to_trash(session, going, moment)
        if preset is not None:
            write_presets.put_preset(session, preset)
        kept_before = (
            (None, None)
            if settles is None
            else write_comparisons.set_kept(session, settles[0], moment, settles[1])
        )
    return Kept(
        winner=history.find(store.reader, generation.id),
        favorited=favorited,
        new_default=None if old_default is None else side.version_id,
        old_default=old_default,
        binned=binned,
        spared=spared,
        preset=None if preset is None else presets.by_id(store.reader, preset.id),
        comparison_id=None if settles is None else settles[0],
        kept_before=kept_before,
    )


def take_back(store: Store, kept: Kept) -> None:
    """As ``comparisons.take_back`` says.

    Raises:
        LibraryError: it can't be written; nothing has changed.
    """
    from rushes.store import (
        write_comparisons,
        write_generations,
        write_presets,
        write_trash,
        write_versions,
    )

    winner = kept.winner.id
    with store.transaction() as session:
        if kept.favorited:
            with suppress(NotFound):
                write_generations.set_favorite(session, [winner], on=False)
        if kept.old_default is not None:
            with suppress(NotFound):
                write_versions.make_default(session, winner, kept.old_default)
        back = write_comparisons.known_of(session, kept.binned)
        write_trash.from_trash(session, back, now())
        if kept.preset is not None:
            with suppress(NotFound):
                write_presets.delete_preset(session, kept.preset.id)
        if kept.comparison_id is not None:
            with suppress(NotFound):
                write_comparisons.set_kept(session, kept.comparison_id, *kept.kept_before)


def _make_default(session: Session, side: Side) -> str | None:
    """Let a version stand for its generation; gives the id of the one that did, if another did."""
    from rushes.store import write_versions

    if side.version_id is None:
        return None
    before = write_versions.default_of(session, side.generation_id)
    if before == side.version_id:
        return None
    write_versions.make_default(session, side.generation_id, side.version_id)
    return before


def _parted(
    session: Session, winner: str, losers: Sequence[Side]
) -> tuple[tuple[str, ...], tuple[Spared, ...]]:
    """Which losers go to the trash, and which stay: versions and what is gone are neither."""
    from rushes.store import write_comparisons

    whole = dict.fromkeys(
        loser.generation_id
        for loser in losers
        if loser.version_id is None and loser.generation_id != winner
    )
    here = write_comparisons.known_of(session, tuple(whole))
    favorites = write_comparisons.favorites_of(session, here)
    used = write_comparisons.used_by_stories(session, here)
    spared = tuple(
        Spared(one, SparedBecause.FAVORITE if one in favorites else SparedBecause.STORY)
        for one in here
        if one in favorites | used
    )
    return tuple(one for one in here if one not in favorites | used), spared
