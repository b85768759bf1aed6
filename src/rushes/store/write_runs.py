"""Writing who makes a generation, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, delete, select, update

from rushes.domain.generation import RUNNING, Status
from rushes.store.tables import GenerationRow, RunRow
from rushes.store.write_generations import CHUNK


def add_run(session: Session, generation_id: str, machine: str, process: int, started: str) -> None:
    """Note which process makes a generation."""
    session.add(
        RunRow(generation_id=generation_id, machine=machine, process=process, started=started)
    )


def end_run(session: Session, generation_id: str) -> None:
    """Forget who made a generation."""
    session.exec(delete(RunRow).where(col(RunRow.generation_id) == generation_id))


def interrupt_runs(
    session: Session, machine: str, runs: Sequence[tuple[str, int, str]], error: str
) -> tuple[str, ...]:
    """Let those of the runs that are still as they were end as failed; gives their generations."""
    ended = list[str]()
    for generation_id, process, started in runs:
        row = session.exec(
            select(RunRow).where(
                col(RunRow.generation_id) == generation_id,
                col(RunRow.machine) == machine,
                col(RunRow.process) == process,
                col(RunRow.started) == started,
            )
        ).first()
        if row is None:
            continue
        session.delete(row)
        ended.append(generation_id)
    running = [status.value for status in RUNNING]
    for start in range(0, len(ended), CHUNK):
        session.exec(
            update(GenerationRow)
            .where(
                col(GenerationRow.id).in_(ended[start : start + CHUNK]),
                col(GenerationRow.status).in_(running),
            )
            .values(status=Status.FAILED.value, error=error)
        )
    return tuple(ended)
