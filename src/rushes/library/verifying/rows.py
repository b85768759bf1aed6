"""The rows by themselves: whether they can be read, point somewhere, agree with each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.health import Finding, Kind
from rushes.domain.text import fold, one_line
from rushes.domain.times import now
from rushes.errors import RushesError
from rushes.library.verifying.job import BATCH, Job
from rushes.store import health
from rushes.store.health import State

if TYPE_CHECKING:
    from rushes.domain.audio import AudioFacts

_MOST_LINES = 20
_MOST_DANGLING = 100_000


def examine_database(job: Job) -> bool:
    """Ask SQLite whether its file is whole; tells if the rest can be trusted.

    One table after the other, as whoever writes waits for what reads; all in one if it is deep.
    """
    doing = "checking the database"
    job.tell(0, 1, doing)
    wanted: list[str | None] = [None] if job.deep else [*health.tables(job.reader)]
    wrong = list[str]()
    for done, table in enumerate(wanted):
        look = partial(job.tell, done, len(wanted), doing)
        look()
        wrong += health.integrity(job.reader, table, look)
    for line in wrong[:_MOST_LINES]:
        job.found(Finding(Kind.DATABASE, "rushes.db", one_line(line)))
    return not wrong


def examine_references(job: Job) -> None:
    """Find rows that name a row of another table that isn't there."""
    job.tell(0, 1, "checking what points to what")
    for (table, parent), rows in health.dangling(job.reader, _MOST_DANGLING).items():
        finding = Finding(
            Kind.REFERENCE, table, f"{rows:,} of {table} name {parent} that aren't there"
        )
        job.settle([finding], partial(_mend_references, job), "mended")


def examine_states(job: Job) -> None:
    """Find generations that don't agree with their versions, or with themselves."""
    last, total = 0, health.count(job.reader, "generations")
    while states := health.states_after(job.reader, last, BATCH):
        last = states[-1].seq
        job.generations += len(states)
        job.tell(last, total, "checking the takes")
        broken = {state.seq: told for state in states if (told := _contradiction(state))}
        folded = [state for state in states if state.seq not in broken and not _is_folded(state)]
        for state in states:
            if state.seq in broken:
                finding = Finding(Kind.RULE, state.id, broken[state.seq], state.audio_path or None)
                job.settle([finding], partial(_mend, job, state), "mended")
        job.settle(
            [Finding(Kind.DERIVED, state.id, "its folded texts differ") for state in folded],
            partial(_fold, job, folded),
            "folded anew",
        )


def _contradiction(state: State) -> str:
    """What is wrong with a generation; nothing when it is well."""
    if state.unknown_status is not None:
        return f"its status “{one_line(state.unknown_status)}” is unknown"
    if state.unreadable:
        return "a time, a parameter or a measure in it can't be read"
    if state.half_purged:
        return "it is being deleted, but isn't in the trash"
    if state.versions == 0:
        return "it has audio, but no version" if state.audio_path else ""
    if state.defaults != 1:
        return f"{state.defaults} of its {state.versions} versions are the default"
    if state.other_path:
        return "it names another file than its default version"
    if state.other_length:
        return "its length isn't that of its default version"
    return ""


def _is_folded(state: State) -> bool:
    return all(folded == (None if text is None else fold(text)) for text, folded in state.folds)


def _mend_references(job: Job) -> None:
    from rushes.store import write_health

    with job.transaction() as session:
        write_health.mend_references(session)


def _mend(job: Job, state: State) -> None:
    from rushes.store import write_health

    facts = _facts(job, state) if state.versions == 0 else None
    with job.transaction() as session:
        write_health.mend_state(session, state.seq, facts, now())


def _fold(job: Job, states: list[State]) -> None:
    from rushes.store import write_health

    with job.transaction() as session:
        for state in states:
            write_health.mend_folds(session, state)


def _facts(job: Job, state: State) -> AudioFacts | None:
    """The facts of the own file that a generation names; None where there are none to be had."""
    from rushes.media.facts import measure
    from rushes.media.files import is_audio_key

    if state.linked or not state.audio_path or not is_audio_key(state.audio_path):
        return None
    try:
        return measure(job.files.resolve(state.audio_path))
    except RushesError:
        return None
