"""What is still as a clean-up's plan has it, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rushes.store.where import Condition
from rushes.store.write_generations import CHUNK

if TYPE_CHECKING:
    from sqlmodel import Session


def still(session: Session, ids: Sequence[str], condition: Condition) -> dict[str, int]:
    """Those of these of which the condition holds, in their order, and the bytes of their files."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = tuple(ids[start : start + CHUNK])
        marks = ", ".join("?" * len(chunk))
        rows = session.connection().exec_driver_sql(
            "SELECT g.id, COALESCE((SELECT sum(v.bytes) FROM generation_versions v"
            " WHERE v.generation_id = g.id), 0)"
            f" FROM generations g WHERE g.id IN ({marks}) AND {condition.sql}",
            (*chunk, *condition.parameters),
        )
        found.update((str(identity), int(size)) for identity, size in rows)
    return {identity: found[identity] for identity in ids if identity in found}
