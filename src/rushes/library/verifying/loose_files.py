"""Audio that no row names: adopted, or set aside; never deleted."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rushes.domain.generation import Status
from rushes.domain.health import Finding, Kind
from rushes.domain.ids import new_id
from rushes.domain.text import shown
from rushes.domain.times import now
from rushes.errors import RushesError
from rushes.library.verifying.job import BATCH, Job
from rushes.store import health, leaving, samples
from rushes.store.new_rows import NewGeneration, NewVersion

RECOVERED = "Recovered"
"""The profile that adopted audio gets."""

_YOUNG = 3600.0
"""Seconds for which a file may be on its way in, where nobody can tell."""


def settle_names(job: Job) -> None:
    """Make sure that what no row seemed to name is named by none, and isn't on its way in."""
    if not job.ledger.unnamed(1):
        return
    from rushes.media.coming_in import nobody_brings_in

    quiet = nobody_brings_in(job.root)
    for table in ("generations", "generation_versions"):
        last, total = 0, health.count(job.reader, table)
        while paths := health.own_paths_after(job.reader, table, last, BATCH):
            last = paths[-1][0]
            job.tell(last, total, "making sure of loose files")
            job.ledger.claim(path for _, path in paths)
    after = ""
    while held := samples.after(job.reader, after, BATCH):
        after = held[-1].id
        job.ledger.claim(sample.audio_path for sample in held)
    after = ""
    while stored := leaving.leaving_files(job.reader, after, BATCH):
        after = stored[-1]
        job.ledger.claim(stored)
    if not quiet:
        _leave_young_ones(job)


def examine(job: Job) -> None:
    """Tell of each file that no row names; if this verification mends, find it a place."""
    after = ""
    while keys := job.ledger.unnamed(BATCH, after):
        after = keys[-1]
        job.tell(0, 1, "taking care of loose files")
        for key in keys:
            if job.ledger.is_named_within(key):
                continue  # a link to a folder on another disk, which may be off at the moment
            try:
                size = (job.root / key).lstat().st_size
            except OSError:
                continue  # gone meanwhile, or put back where it belongs
            finding = Finding(Kind.UNREFERENCED, shown(key), "no take names it", shown(key), size)
            job.settle([finding], partial(_find_place, job, key))


def _find_place(job: Job, key: str) -> str:
    from rushes.media.aside import set_aside

    if job.adopts and _is_adoptable(job.root, key):
        try:
            return f"adopted as {_adopt(job, key)}"
        except RushesError as error:
            return f"set aside as {shown(set_aside(job.root, key))}: {error}"
    return f"set aside as {shown(set_aside(job.root, key))}"


def _adopt(job: Job, key: str) -> str:
    """Make a row for a file that stays where it is; gives the row's id."""
    from rushes.media.facts import measure
    from rushes.store import write_generations, write_profiles

    path = job.root / key
    facts = measure(path)
    name = path.stem
    moment = now()
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    new = NewGeneration(
        id=new_id(),
        # A take that was being completed named its file after itself.
        text=health.words_of(job.reader, name[:36]) or name,
        language="und",
        seed=None,
        instruct=None,
        engine="unknown",
        model_size=None,
        params_json=None,
        created_at=min(made, moment),
    )
    version = NewVersion(new_id(), new.id, "original", key, facts, moment)
    with job.transaction() as session:
        profile_id = write_profiles.profile_named(session, RECOVERED)
        if profile_id is None:
            profile_id = write_profiles.add_profile(session, RECOVERED, "und", None, moment)
        write_generations.add_generation(session, new, Status.COMPLETED, profile_id, version)
    return new.id


def _is_adoptable(root: Path, key: str) -> bool:
    """Whether it is a file of its own whose name can stand in a row."""
    from rushes.media.files import is_audio_key

    path = root / key
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return is_audio_key(key) and path.is_file() and not path.is_symlink()


def _leave_young_ones(job: Job) -> None:
    limit, after = time.time() - _YOUNG, ""
    while keys := job.ledger.unnamed(BATCH, after):
        after = keys[-1]
        for key in keys:
            try:
                young = os.lstat(job.root / key).st_ctime > limit
            except OSError:
                young = True
            if young:
                job.ledger.claim([key])
