"""What crashes leave and what lies about: copies in half, purges, runs, strange files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rushes.domain.health import Finding, Kind
from rushes.domain.text import shown
from rushes.errors import FilesKept, Interrupted, LibraryDamaged, RushesError
from rushes.library.audio import STALE
from rushes.library.leaving import LeavingFiles
from rushes.library.runs import Runs
from rushes.library.trash import Trash
from rushes.library.verifying.job import BATCH, Job
from rushes.media.ballast import BALLAST
from rushes.media.files import INCOMING
from rushes.store import health, leaving
from rushes.store.faults import JOURNAL
from rushes.store.journal import checking, repairing
from rushes.store.journal.file import Finding as Look

KNOWN = frozenset(
    {
        "rushes.db",
        "rushes.db-wal",
        "rushes.db-shm",
        "rushes.db-journal",
        "journal.jsonl",
        "audio",
        "incoming",
        "backups",
        "rebuilding.part",
        "ballast",
        "backup.json",
        "backup.part",
        "lost+found",
        BALLAST,
        "demo.txt",
        ".DS_Store",
    }
)
"""What belongs into a library's folder, beside what begins with one of these and a dot."""

_OF_JOURNAL = {
    Look.TAIL: "it ends with a commit that didn't happen",
    Look.LOST: "it is missing, or its end is",
    Look.AHEAD: "it knows {0.commits:,} commits that the database doesn't",
    Look.FOREIGN: "it isn't this library's, or its beginning can't be read",
}

_OF_OTHERS = {Look.TAIL, Look.AHEAD}
"""What is also seen of a library that others write, by who may take no lock to look at it."""


def examine_unfinished(job: Job) -> None:
    """Find purges, removals and runs that were begun and not ended."""
    _examine_purges(job)
    _examine_leaving(job)
    runs = Runs(job.store)
    gone = [
        Finding(Kind.RUN, identity, "the process that was making it is gone")
        for identity in runs.interrupted()
    ]
    job.settle(gone, runs.end_interrupted, "marked as failed")


def examine_staged(job: Job) -> None:
    """Find files that a crash left half copied, long ago."""
    try:
        stale = job.files.stale(STALE)
    except OSError as error:
        told = f"the folder can't be read: {error.strerror}"
        job.found(Finding(Kind.UNREADABLE, INCOMING, told, INCOMING, repairable=False))
        return
    found = [
        Finding(Kind.STAGED, shown(name), "it was never finished", shown(name), size)
        for name, size in stale
    ]
    job.settle(found, lambda: job.files.sweep(STALE), "removed")


def examine_derived(job: Job) -> None:
    """Compare the search index and the counters with the rows."""
    job.tell(0, 1, "checking the search index and the counters")
    from rushes.library.derived import Derived

    derived = Derived(job.store)
    found = [Finding(Kind.DERIVED, "rushes.db", told) for told in derived.check()]
    job.settle(found, derived.rebuild, "made anew")
    if not job.store.database.writable:
        told = "the search index: the library can only be read"
        job.found(Finding(Kind.UNCHECKED, "rushes.db", told, repairable=False, resolved=True))


def examine_journal(job: Job) -> None:
    """Compare the journal with the database."""
    job.tell(0, 1, "checking the journal")
    found = checking.look(job.reader, job.store.database)
    told = _OF_JOURNAL.get(found.finding)
    if found.finding in _OF_OTHERS and not job.store.database.writable:
        told = "the journal: somebody may be writing, and the library can only be read"
        job.found(Finding(Kind.UNCHECKED, JOURNAL, told, repairable=False, resolved=True))
    elif told is not None:
        finding = Finding(Kind.JOURNAL, JOURNAL, told.format(found), JOURNAL, found.bytes)
        job.settle([finding], partial(_put_journal_right, job))
    elif job.deep and (damaged := repairing.damaged_lines(job.root, job.watch)):
        finding = Finding(Kind.JOURNAL, JOURNAL, f"{damaged:,} of its lines can't be read", JOURNAL)
        renew = partial(repairing.renew, job.root, job.transaction)
        job.settle([finding], lambda: f"written anew; the damaged one is {shown(renew().name)}")


def examine_surroundings(job: Job) -> None:
    """Tell of what was set aside, and of what isn't rushes' own."""
    from rushes.media.aside import LOST, files_in

    for path, size in files_in(job.root, LOST):
        job.found(_told(Kind.LOST, path, "it was set aside", size))
    try:
        entries = sorted(job.root.iterdir())
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name in KNOWN or any(name.startswith(f"{known}.") for known in KNOWN):
            continue
        job.found(_told(Kind.STRANGE, name, "it is left alone", 0))


def _put_journal_right(job: Job) -> str:
    """Replay what only the journal knows; the rest every transaction does before it begins."""
    commits = repairing.catch_up(job.store.database, job.watch)
    with job.transaction():
        return f"{commits:,} commits replayed" if commits else "put right"


def _examine_purges(job: Job) -> None:
    """Those that can't be ended are passed over, so that each is told once."""
    kept: dict[str, str] = {}
    after = ""
    while batch := health.purging_after(job.reader, after, BATCH):
        after = batch[-1]
        if job.mends:
            kept = _finish_purges(job, batch)
        for identity in batch:
            why = kept.get(identity, "")
            done = "deleted" if job.mends and not why else ""
            told = f"it was deleted for good, but is still there{why and f': {why}'}"
            job.found(Finding(Kind.PURGE, identity, told, resolved=bool(done), done=done))


def _finish_purges(job: Job, batch: Sequence[str]) -> dict[str, str]:
    """End all purges; gives why some couldn't be."""
    try:
        Trash(job.store, job.audio).finish_purges()
    except FilesKept as error:
        return dict.fromkeys(error.ids, str(error))
    except (Interrupted, LibraryDamaged):
        raise
    except RushesError as error:
        return dict.fromkeys(batch, str(error))
    return {}


def _examine_leaving(job: Job) -> None:
    after = ""
    while paths := leaving.leaving_files(job.reader, after, BATCH):
        after = paths[-1]
        files = [Finding(Kind.LEAVING, path, "no take names it any more", path) for path in paths]
        job.settle(files, LeavingFiles(job.store, job.audio).finish, "removed")


def _told(kind: Kind, name: str, detail: str, size: int) -> Finding:
    path = shown(name)
    return Finding(kind, path, detail, path, size, repairable=False, resolved=True)
