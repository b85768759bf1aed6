"""Missing files: looked for by their hash, put back where they are found, marked otherwise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from rushes.domain.audio import Fault
from rushes.domain.health import Finding, Kind
from rushes.library.verifying.held_files import free_key, look_at
from rushes.library.verifying.job import BATCH, Job
from rushes.library.verifying.leftovers import KNOWN
from rushes.store import health
from rushes.store.health import Held
from rushes.store.ledger import Sought


def examine(job: Job) -> None:
    """Tell of each missing file; if this verification mends, look for it and mark what isn't found.

    It is looked for in ``lost+found/``, among the files that no row names, in the library's folder
    itself, and as a copy: another version whose file has the same bytes.
    """
    if job.mends and job.ledger.any_sought():
        _gather(job)
    last = 0
    while batch := job.ledger.sought(last, BATCH):
        last = batch[-1].seq
        job.tell(0, 1, "looking for missing files")
        _examine_some(job, batch)


def _examine_some(job: Job, batch: Sequence[Sought]) -> None:
    gone = list[tuple[int, Finding]]()
    for one in batch:
        held = health.version(job.reader, one.seq)
        if held is None or held.purging:
            continue
        detail = look_at(job, held).detail
        finding = Finding(
            Kind.MISSING, held.generation_id, detail, held.audio_path, held.bytes or 0
        )
        place = _source(job, one) if job.mends else None
        if place is not None:
            job.settle([finding], partial(_restore, job, held, place))
        elif held.fault == Fault.MISSING:
            known = f"{detail}; it is marked as missing"
            job.found(
                Finding(
                    Kind.MISSING,
                    held.generation_id,
                    known,
                    held.audio_path,
                    held.bytes or 0,
                    resolved=True,
                )
            )
        else:
            gone.append((held.seq, finding))
    job.settle(
        [finding for _, finding in gone],
        lambda: _mark([seq for seq, _ in gone], job),
        "marked as missing",
    )


def _gather(job: Job) -> None:
    """Note where the missing files could be."""
    from rushes.media.aside import LOST, files_beside, files_in

    for path, size in chain(files_in(job.root, LOST), files_beside(job.root, KNOWN)):
        job.ledger.add_loose(path, size)
    after = ""
    while keys := job.ledger.unnamed(BATCH, after):
        after = keys[-1]
        for key in keys:
            if _is_plain_file(job.root / key):
                job.ledger.add_loose(key, (job.root / key).stat().st_size)
    last, total = 0, health.count(job.reader, "generation_versions")
    while batch := health.versions_after(job.reader, last, BATCH):
        last = batch[-1].seq
        job.tell(last, total, "looking for copies of missing files")
        for held in batch:
            if held.sha256 is None or held.source_id is not None or held.purging:
                continue
            if job.ledger.is_sought(held.sha256) and look_at(job, held).kind is None:
                job.ledger.has_copy(held.sha256, held.audio_path)


def _source(job: Job, one: Sought) -> str | None:
    """The file, relative to the library, that has the bytes of a missing one; None without one."""
    if one.sha256 is None:
        return None
    for path, known in [] if one.bytes is None else job.ledger.loose(one.bytes):
        sha256 = known or _hash(job, path)
        if sha256 is not None:
            job.ledger.hash_of_loose(path, sha256)
        if sha256 == one.sha256:
            return path
    copy = job.ledger.copy_of(one.sha256)
    return copy if copy is not None and _hash(job, copy) == one.sha256 else None


def _restore(job: Job, held: Held, place: str) -> str:
    """Put a missing file back: moved from where nobody needs it, copied from another version."""
    from rushes.media.aside import put_back
    from rushes.media.files import is_audio_key
    from rushes.store import write_health

    key = held.audio_path
    if not is_audio_key(key) or os.path.lexists(job.files.resolve(key)):
        key = free_key(held)
    is_copy = job.ledger.is_named(place)
    with job.bringing_in():
        if is_copy:
            job.files.place(job.files.stage(job.files.resolve(place)), key)
        else:
            put_back(job.root, place, key)
            job.ledger.not_loose(place)
        with job.transaction() as session:
            write_health.move(session, held.seq, key, None)
    if key != held.audio_path:
        job.ledger.unname(held.audio_path)
        job.ledger.name(key)
    if held.sha256 is not None:
        job.ledger.has_copy(held.sha256, key)
    return f"copied from {place}" if is_copy else f"put back from {place}"


def _mark(seqs: list[int], job: Job) -> None:
    from rushes.store import write_health

    with job.transaction() as session:
        write_health.mark(session, seqs, Fault.MISSING)


def _hash(job: Job, path: str) -> str | None:
    try:
        return job.hash_of(job.root / path)
    except OSError:
        return None


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
