"""Small clips and libraries to put them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import col, update

from rushes.domain.generation import Generation, Status
from rushes.domain.ids import new_id
from rushes.domain.query import HistoryQuery
from rushes.domain.text import fold
from rushes.library import Library
from rushes.store import write_generations, write_profiles
from rushes.store.new_rows import NewGeneration
from rushes.store.tables import GenerationRow, TagRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 8_000
BEGINNING = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tone(seconds: float = 0.05, level: float = 0.5) -> NDArray[np.int16]:
    """A sine of 200 Hz at 8 kHz, int16, mono."""
    at = np.arange(max(1, round(seconds * RATE)))
    return (np.sin(2 * np.pi * 200 * at / RATE) * level * 32767).astype(np.int16)


@dataclass(frozen=True, slots=True)
class Take:
    """What a test says of a row; the rest doesn't matter to it."""

    text: str = "Hello"
    profile: str = "Anna"
    language: str = "en"
    engine: str = "qwen"
    model_size: str | None = None
    status: Status = Status.COMPLETED
    seed: int | None = None
    rating: int | None = None
    is_favorited: bool = False
    duration: float | None = None
    tags: tuple[str, ...] = ()
    minutes: int = 0
    missing: bool = False
    flags: int | None = None


def fill(library: Library, takes: Iterable[Take]) -> list[str]:
    """Adds rows without audio in one commit; ``minutes`` count from the beginning. Gives ids."""
    ids = []
    with library._store.transaction() as session:
        for take in takes:
            profile_id = write_profiles.profile_named(session, take.profile)
            if profile_id is None:
                profile_id = write_profiles.add_profile(
                    session, take.profile, "en", None, BEGINNING
                )
            new = NewGeneration(
                id=new_id(),
                text=take.text,
                language=take.language,
                seed=take.seed,
                instruct=None,
                engine=take.engine,
                model_size=take.model_size,
                params_json=None,
                created_at=BEGINNING + timedelta(minutes=take.minutes),
                rating=take.rating,
                is_favorited=take.is_favorited,
            )
            write_generations.add_generation(session, new, take.status, profile_id)
            if take.duration is not None:
                session.exec(
                    update(GenerationRow)
                    .where(col(GenerationRow.id) == new.id)
                    .values(duration=take.duration)
                )
            if take.flags is not None:
                session.exec(
                    update(GenerationRow)
                    .where(col(GenerationRow.id) == new.id)
                    .values(flags=take.flags)
                )
            for tag in dict.fromkeys(fold(tag) for tag in take.tags):
                session.add(TagRow(generation_id=new.id, tag_fold=tag, tag=tag))
            ids.append(new.id)
    return ids


def everything(library: Library, query: HistoryQuery | None = None) -> list[Generation]:
    """All that a query matches, in its order, through a view."""
    view = library.generations.view(query)
    return list(view.rows(0, 1_000_000))


def link(library: Library, ids: Iterable[str], root: Path) -> None:
    """Makes these rows of a linked source whose files lie in ``root``; none is moved there."""
    with library._store.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO sources (id, kind, root, created_at) VALUES (?, ?, ?, ?)",
            ("s", "folder", str(root), "2026-01-01 00:00:00.000000"),
        )
        for identity in ids:
            connection.exec_driver_sql(
                "UPDATE generations SET source_id = 's', source_key = id WHERE id = ?", (identity,)
            )
