"""Writing: one short SQLModel session per operation, one operation at a time.

What a transaction changes of truth is in ``journal.jsonl``, flushed, before it is committed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from rushes.domain.text import shown
from rushes.errors import LibraryError
from rushes.store import faults
from rushes.store.database import Connection, Database
from rushes.store.journal import capture
from rushes.store.journal.journal import Journal

_ATTEMPTS = 3
_PAUSE = 0.05


class Writer:
    """The one writing connection of this process to a library, safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._journal = Journal(database.folder)
        self._lock = RLock()
        self._engine: Engine | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are all committed at the end of the block, or none.

        It holds the library's write lock from the beginning: a transaction that first reads and
        then wants to write would be refused at once whenever another wrote in between.

        Raises:
            LibraryReadOnly: nothing may be written here.
            LibraryBusy: another program keeps the lock.
            LibraryError: the database can't do it; nothing has changed.
        """
        with (
            self._lock,
            self._translated(),
            Session(self._ready_engine(), expire_on_commit=False) as session,
        ):
            connection = self._begun(session)
            yield session
            session.flush()
            with self._journal.appended(connection):
                # By hand first: a commit that a reader holds up can be asked for again.
                self._patiently(lambda: session.connection().exec_driver_sql("COMMIT"))
            session.commit()

    def _begun(self, session: Session) -> sqlite3.Connection:
        """Take the write lock, with a journal that can be appended to; gives the bare connection.

        A journal that must be written anew first is so in a transaction of its own.
        """
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        for _ in range(_ATTEMPTS):
            self._patiently(lambda: session.connection().exec_driver_sql("BEGIN IMMEDIATE"))
            self._database.check_in_place()
            if self._journal.is_ready(connection):
                return connection
            self._journal.begin(connection)
            self._patiently(lambda: session.connection().exec_driver_sql("COMMIT"))
        raise LibraryError(
            f"nothing was written to {shown(self._database.folder)}",
            f"its {faults.JOURNAL} is changed by something else again and again",
        )

    @property
    def has_written(self) -> bool:
        """Whether any transaction has changed truth."""
        return self._journal.has_grown

    def close(self) -> None:
        """Close the connection; a later transaction opens another."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _ready_engine(self) -> Engine:
        if self._engine is None:
            self._engine = create_engine("sqlite://", creator=self._connected, poolclass=StaticPool)
        return self._engine

    def _connected(self) -> Connection:
        connection = self._database.connect_writer()
        try:
            capture.install(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _patiently(step: Callable[[], object]) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                step()
                return
            except DBAPIError as error:
                cause = error.orig
                if not isinstance(cause, sqlite3.Error) or not faults.is_busy(cause):
                    raise
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_PAUSE)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._database.asked():
            try:
                yield
            except DBAPIError as error:
                if isinstance(error.orig, sqlite3.Error):
                    raise error.orig from error
                raise
