"""Writing which files are to be unlinked, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete

from rushes.store.tables import LeavingFileRow
from rushes.store.write_generations import CHUNK

_ADD = insert(LeavingFileRow).on_conflict_do_nothing()


def add_leaving(session: Session, paths: Sequence[str]) -> None:
    """Note files, as stored, that no row names any more once this is committed.

    After the commit ``library.leaving.finish(paths)`` unlinks them; if that doesn't come to
    pass, the next opening does.
    """
    if paths:
        session.connection().execute(_ADD, [{"audio_path": path} for path in paths])


def end_leaving(session: Session, paths: Sequence[str]) -> None:
    """Forget files that are gone."""
    for start in range(0, len(paths), CHUNK):
        session.exec(
            delete(LeavingFileRow).where(
                col(LeavingFileRow.audio_path).in_(paths[start : start + CHUNK])
            )
        )
