"""The files that versions name: whether they are there, and whole."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.audio import Fault
from rushes.domain.health import Finding, Kind
from rushes.domain.ids import new_id
from rushes.domain.text import shown
from rushes.library.verifying.job import BATCH, Job
from rushes.store import health
from rushes.store.health import Held

_ATTEMPTS = 3
_LONGEST_CHAIN = 40
"""Links that lead to links: as many as Linux follows."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file: the kind of thing that is wrong with it, None when it is whole."""

    kind: Kind | None
    detail: str = ""


def examine(job: Job) -> None:
    """Compare every file in ``audio/`` with the rows, and every row with its file."""
    _take_stock(job)
    last, total = 0, health.count(job.reader, "generation_versions")
    while batch := health.versions_after(job.reader, last, BATCH):
        last = batch[-1].seq
        job.tell(last, total, "comparing the files" if job.deep else "looking for the files")
        damaged, whole = list[tuple[int, Finding]](), list[tuple[int, Finding]]()
        for held in batch:
            job.versions += 1
            if held.source_id is not None:
                _examine_linked(job, held)
                continue
            held = _apart(job, held)  # noqa: PLW2901  # the same version, by its new path
            if held.purging:
                continue
            found, look = _confirmed(job, held)
            _note(job, found, look, damaged, whole)
        _mark(job, damaged, Fault.DAMAGED, "marked as damaged")
        _mark(job, whole, None, "the mark was taken away")


def look_at(job: Job, held: Held) -> Look:
    """What is to be seen of the file of a version, by its size, and by its hash where asked for."""
    from rushes.media.files import is_audio_key

    if not is_audio_key(held.audio_path):
        return Look(Kind.MISSING, "its path leads out of the library's audio")
    path = job.files.resolve(held.audio_path)
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            _reach(job, path)
            about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return Look(Kind.MISSING, "something else is in its place")
        if held.bytes is not None and about.st_size != held.bytes:
            return Look(
                Kind.DAMAGED, f"it has {about.st_size:,} bytes, {held.bytes:,} were recorded"
            )
        if not os.access(path, os.R_OK):
            return Look(Kind.UNREADABLE, "you may not read it")
        hashed = held.sha256 is not None and (job.deep or held.fault is not None)
        if hashed and job.hash_of(path) != held.sha256:
            return Look(Kind.DAMAGED, "its bytes have changed")
    except (FileNotFoundError, NotADirectoryError):
        return Look(Kind.MISSING, "the file isn't there")
    except OSError as error:
        return Look(Kind.UNREADABLE, error.strerror or str(error))
    return Look(None)


def free_key(held: Held) -> str:
    """A key for a version's file that nobody uses."""
    name = f"{held.generation_id}_{new_id()[:8]}"
    _, dot, suffix = held.audio_path.rpartition(".")
    kept = f".{suffix}" if dot and suffix.isascii() and suffix.isalnum() else ".wav"
    # Ids are text of whoever made them; what can't be a file's name becomes a dash.
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return f"audio/{safe[:2]}/{safe}{kept}"


def _take_stock(job: Job) -> None:
    chunk = list[str]()
    try:
        for key in job.files.keys():  # noqa: SIM118  # no mapping: a method of that name
            chunk.append(key)
            if len(chunk) == BATCH:
                job.ledger.there(chunk)
                job.seen_files += len(chunk)
                job.tell(0, 1, "reading the folders")
                chunk.clear()
    except OSError as error:
        where = shown(os.path.relpath(os.fsdecode(error.filename or "audio"), job.root))
        told = f"the folder can't be read: {error.strerror}"
        job.found(Finding(Kind.UNREADABLE, where, told, where, repairable=False))
    job.ledger.there(chunk)
    job.seen_files += len(chunk)


def _reach(job: Job, link: Path) -> None:
    """Note that what a link in the library leads to is needed, if that is in the library too."""
    root = Path(os.path.realpath(job.root))
    for _ in range(_LONGEST_CHAIN):
        if not link.is_symlink():
            return
        target = link.parent / link.readlink()
        link = Path(os.path.realpath(target.parent)) / target.name
        if link.is_relative_to(root):
            job.ledger.reach(str(link.relative_to(root)))


def _examine_linked(job: Job, held: Held) -> None:
    """Tell of a linked file that is missing: it is another program's, so nobody goes after it."""
    source_id = held.source_id or ""
    root = job.linked.root(source_id)
    if job.linked.find(source_id, held.audio_path) is None:
        told = "its source is gone" if root is None else f"it isn't in {root}"
        job.found(
            Finding(
                Kind.LINKED,
                held.generation_id,
                told,
                held.audio_path,
                repairable=False,
                resolved=True,
            )
        )


def _apart(job: Job, held: Held) -> Held:
    """Note that a version names its file; one that another names already gets its own copy."""
    if job.ledger.name(held.audio_path) == 1:
        return held
    finding = Finding(Kind.SHARED, held.id, "another version names the same file", held.audio_path)
    job.settle([finding], lambda: _give_own_copy(job, held), "it has a copy of its own")
    return health.version(job.reader, held.seq) or held


def _give_own_copy(job: Job, held: Held) -> None:
    from rushes.store import write_health

    key = free_key(held)
    with job.bringing_in():
        if look_at(job, held).kind is not Kind.MISSING:
            job.files.place(job.files.stage(job.files.resolve(held.audio_path)), key)
        with job.transaction() as session:
            write_health.move(
                session, held.seq, key, None if held.fault is None else Fault(held.fault)
            )
    job.ledger.unname(held.audio_path)
    job.ledger.name(key)


def _confirmed(job: Job, held: Held) -> tuple[Held, Look]:
    """Look again at the row of a file that isn't well: both may have changed meanwhile."""
    for _ in range(_ATTEMPTS):
        look = look_at(job, held)
        if look.kind is None:
            return held, look
        again = health.version(job.reader, held.seq)
        if again is None or again.purging or again.source_id is not None:
            return held, Look(None)
        if again == held:
            return held, look
        if again.audio_path != held.audio_path:
            job.ledger.unname(held.audio_path)
            job.ledger.name(again.audio_path)
        held = again
    return held, Look(None)


def _note(
    job: Job,
    held: Held,
    look: Look,
    damaged: list[tuple[int, Finding]],
    whole: list[tuple[int, Finding]],
) -> None:
    """Note what was seen; missing files are only gathered, as they are looked for later."""
    what, size = held.generation_id, held.bytes or 0
    match look.kind:
        case None if held.fault is not None:
            told = f"it was marked as {held.fault}"
            whole.append((held.seq, Finding(Kind.WHOLE, what, told, held.audio_path, size)))
        case Kind.MISSING:
            job.ledger.seek(held.seq, held.bytes, held.sha256)
        case Kind.DAMAGED if held.fault == Fault.DAMAGED:
            told = f"{look.detail}; it is marked as damaged"
            job.found(Finding(Kind.DAMAGED, what, told, held.audio_path, size, resolved=True))
        case Kind.DAMAGED:
            finding = Finding(Kind.DAMAGED, what, look.detail, held.audio_path, size)
            damaged.append((held.seq, finding))
        case Kind.UNREADABLE:
            job.found(
                Finding(Kind.UNREADABLE, what, look.detail, held.audio_path, size, repairable=False)
            )
        case _:
            pass


def _mark(job: Job, found: list[tuple[int, Finding]], fault: Fault | None, done: str) -> None:
    def mark() -> None:
        from rushes.store import write_health

        with job.transaction() as session:
            write_health.mark(session, [seq for seq, _ in found], fault)

    job.settle([finding for _, finding in found], mark, done)
