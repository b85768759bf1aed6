"""The files of profiles' samples: whether they are there and whole; looked for where not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from rushes.domain.audio import Fault
from rushes.domain.health import Finding, Kind
from rushes.domain.sample import ProfileSample
from rushes.library.verifying.held_files import Look, free_key, look_at
from rushes.library.verifying.job import BATCH, Job
from rushes.library.verifying.leftovers import KNOWN
from rushes.store import samples
from rushes.store.health import Held


def examine(job: Job) -> list[ProfileSample]:
    """Tell of each sample's file that isn't well; gives those without one, to ``seek``."""
    after, missing = "", list[ProfileSample]()
    while batch := samples.after(job.reader, after, BATCH):
        after = batch[-1].id
        job.tell(0, 1, "looking at the samples of profiles")
        for sample in batch:
            job.ledger.name(sample.audio_path)
            look = look_at(job, _held(sample))
            if look.kind is Kind.MISSING:
                missing.append(sample)
            else:
                _note(job, sample, look)
    return missing


def seek(job: Job, missing: Sequence[ProfileSample]) -> None:
    """Tell of each sample without its file; if this verification mends, look for that.

    It is looked for by its hash in ``lost+found/``, among the files that no row names and in the
    library's folder itself; what isn't found is marked.
    """
    for sample in missing:
        present = samples.by_id(job.reader, sample.id)
        if present is None or look_at(job, _held(present)).kind is None:
            continue
        place = _place(job, present) if job.mends else None
        if place is not None:
            job.settle([_finding(Kind.MISSING, present)], partial(_restore, job, present, place))
        elif present.fault is Fault.MISSING:
            told = "the file of a sample isn't there; it is marked as missing"
            job.found(_finding(Kind.MISSING, present, told, resolved=True))
        else:
            mark = partial(_mark, job, present, Fault.MISSING)
            job.settle([_finding(Kind.MISSING, present)], mark, "marked as missing")


def _note(job: Job, sample: ProfileSample, look: Look) -> None:
    told = f"the file of a sample: {look.detail}"
    match look.kind:
        case None if sample.fault is not None:
            finding = _finding(Kind.WHOLE, sample, f"it was marked as {sample.fault}")
            job.settle([finding], partial(_mark, job, sample, None), "the mark was taken away")
        case Kind.DAMAGED if sample.fault is Fault.DAMAGED:
            told = f"{told}; it is marked as damaged"
            job.found(_finding(Kind.DAMAGED, sample, told, resolved=True))
        case Kind.DAMAGED:
            mark = partial(_mark, job, sample, Fault.DAMAGED)
            job.settle([_finding(Kind.DAMAGED, sample, told)], mark, "marked as damaged")
        case Kind.UNREADABLE:
            job.found(_finding(Kind.UNREADABLE, sample, told, repairable=False))
        case _:
            pass


def _place(job: Job, sample: ProfileSample) -> str | None:
    """Where a file with the bytes of a sample lies, relative to the library; None without one."""
    for path, size in _loose(job):
        if size != sample.bytes or job.ledger.is_named(path):
            continue
        try:
            if job.hash_of(job.root / path) == sample.sha256:
                return path
        except OSError:
            continue
    return None


def _loose(job: Job) -> Iterator[tuple[str, int]]:
    from rushes.media.aside import LOST, files_beside, files_in

    yield from chain(files_in(job.root, LOST), files_beside(job.root, KNOWN))
    after = ""
    while keys := job.ledger.unnamed(BATCH, after):
        after = keys[-1]
        for key in keys:
            size = None if (job.root / key).is_symlink() else job.files.size(key)
            if size is not None:
                yield key, size


def _restore(job: Job, sample: ProfileSample, place: str) -> str:
    from rushes.media.aside import put_back
    from rushes.media.files import is_audio_key
    from rushes.store import write_samples

    key = sample.audio_path
    if not is_audio_key(key):
        key = free_key(_held(sample))
    with job.bringing_in():
        if place != key:
            put_back(job.root, place, key)
        with job.transaction() as session:
            write_samples.move_sample(session, sample.id, key, None)
    job.ledger.name(key)
    return f"put back from {place}"


def _mark(job: Job, sample: ProfileSample, fault: Fault | None) -> None:
    from rushes.store import write_samples

    with job.transaction() as session:
        write_samples.move_sample(session, sample.id, None, fault)


def _finding(
    kind: Kind,
    sample: ProfileSample,
    told: str = "the file of a sample isn't there",
    *,
    repairable: bool = True,
    resolved: bool = False,
) -> Finding:
    return Finding(
        kind,
        sample.audio_path,
        told,
        sample.audio_path,
        sample.bytes or 0,
        repairable=repairable,
        resolved=resolved,
    )


def _held(sample: ProfileSample) -> Held:
    """A sample as what the look at a version's file takes."""
    return Held(
        seq=0,
        id=sample.id,
        generation_id=sample.id,
        audio_path=sample.audio_path,
        bytes=sample.bytes,
        sha256=sample.sha256,
        fault=None if sample.fault is None else sample.fault.value,
        source_id=None,
        purging=False,
    )
