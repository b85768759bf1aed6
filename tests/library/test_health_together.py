"""Verifying and repairing while others are at work: nothing of theirs is taken for damage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.library.damage import record

WORKS = """
import random, sys
from rushes.domain.query import HistoryQuery
from rushes.library import Library
folder, clip, seed = sys.argv[1:]
chance = random.Random(int(seed))
with Library.open(folder) as library:
    print("ready", flush=True)
    for number in range(32):
        take = library.generations.record(profile="Anna", text=str(number), audio=clip)
        match number % 4:
            case 0:
                library.trash.purge([take.id])
            case 1:
                library.generations.complete(
                    library.generations.begin(profile="Robot", text="Later").id, clip
                )
            case 2:
                library.compression.compress(HistoryQuery(search=str(number)))
"""


def test_nothing_that_others_are_doing_is_taken_for_damage(folder: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "source") as source:
        clip = source.audio.path(record(source))
        with Library.open(folder) as library:
            workers = [
                subprocess.Popen(
                    [sys.executable, "-c", WORKS, str(folder), str(clip), str(seed)],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for seed in range(2)
            ]
            rounds = 0
            while any(worker.poll() is None for worker in workers) or not rounds:
                rounds += 1
                report = library.health.repair(adopt=True, deep=rounds % 2 == 0)
                # A purge that is going on may be helped to its end; nothing else is there to do.
                strange = [one for one in report.findings if one.kind not in ("purge", "leaving")]
                assert strange == []
                assert (folder / "lost+found").exists() is False
            for worker in workers:
                _, told = worker.communicate(timeout=60)
                assert worker.returncode == 0, told
            assert rounds > 2
            assert library.health.check(deep=True).findings == ()
            takes = library.generations.list(HistoryQuery(limit=500)).items
            assert len(takes) == 2 * 32
            assert "Recovered" not in {take.profile_name for take in takes}
