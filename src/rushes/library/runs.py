"""Generations whose making was interrupted: their process is gone, so nobody will end them."""

from __future__ import annotations

from rushes.library.processes import Process, is_gone, this_machine
from rushes.store import runs
from rushes.store.store import Store

INTERRUPTED = "interrupted"
"""The error of a generation whose process is gone."""


class Runs:
    """Runs that processes of this machine began with ``generations.begin``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def interrupted(self) -> tuple[str, ...]:
        """The generations whose process is gone."""
        return tuple(identity for identity, _, _ in self._gone())

    def end_interrupted(self) -> tuple[str, ...]:
        """Mark them as failed; gives them. They can still be completed.

        Raises:
            LibraryError: it can't be written.
        """
        gone = self._gone()
        if not gone:
            return ()
        from rushes.store import write_runs

        with self._store.transaction() as session:
            return write_runs.interrupt_runs(session, this_machine(), gone, INTERRUPTED)

    def _gone(self) -> list[tuple[str, int, str]]:
        if not runs.any_runs(self._store.reader):
            return []
        machine = this_machine()
        return [
            run
            for run in runs.runs_of(self._store.reader, machine)
            if is_gone(Process(machine, run[1], run[2]))
        ]
