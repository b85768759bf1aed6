"""Asking the database, from any thread, with plain SQL: importing an ORM would cost 0.2 s."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import closing, contextmanager
from threading import Lock
from typing import TypeVar

from rushes.errors import Interrupted
from rushes.store import faults
from rushes.store.database import Connection, Database, Parameter, Row

_KEPT = 4
"""Connections that are kept open while nobody uses them."""

_REMEMBERED = 4
"""Answers kept: of a million rows each takes 1 to 4 MB."""

_FOLDS_REMEMBERED = 3
"""The same of what folded lists are made of: of a million rows each takes up to 12 MB."""

T = TypeVar("T")

_BUSY_ATTEMPTS = 3
_STEPS_BETWEEN_LOOKS = 2_000
_BUSY_PAUSE = 0.05


class Call:
    """What one asker asks, so that it can be called off from another thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: set[Connection] = set()
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether it was called off."""
        return self._cancelled

    def cancel(self) -> None:
        """End what is running with ``Interrupted``, and whatever would be asked after it."""
        with self._lock:
            self._cancelled = True
            for connection in self._running:
                connection.interrupt()

    def check(self) -> None:
        """Go no further if it was called off.

        Raises:
            Interrupted: it was.
        """
        if self._cancelled:
            raise Interrupted("the question was called off")

    def _begin(self, connection: Connection) -> None:
        with self._lock:
            self.check()
            self._running.add(connection)

    def _end(self, connection: Connection) -> None:
        with self._lock:
            self._running.discard(connection)

    @contextmanager
    def running(self, connection: Connection) -> Iterator[None]:
        """Within it, ``connection`` works for this call.

        Raises:
            Interrupted: the call was called off before.
        """
        self._begin(connection)
        try:
            yield
        finally:
            self._end(connection)


class Snapshot:
    """One consistent state of the database, for as long as its ``with`` block lasts.

    Where several questions are asked in it, no other follows once the ``call`` is called off.
    """

    def __init__(self, connection: Connection, call: Call) -> None:
        self._connection = connection
        self._call = call

    def all(self, sql: str, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """All rows of an answer."""
        self._call.check()
        return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Sequence[Parameter] = ()) -> Row | None:
        """The first row of an answer, None without any."""
        self._call.check()
        row: Row | None = self._connection.execute(sql, parameters).fetchone()
        return row

    def each(self, sql: str, parameters: Sequence[Parameter] = ()) -> Iterator[Row]:
        """Row after row of an answer, for who may stop early."""
        with closing(self._connection.execute(sql, parameters)) as cursor:
            yield from cursor

    def all_within(
        self, seconds: float, sql: str, parameters: Sequence[Parameter] = ()
    ) -> list[Row] | None:
        """All rows of an answer; None if finding them takes longer than ``seconds``."""
        ends = time.perf_counter() + seconds
        overdue = False

        def is_overdue() -> bool:
            nonlocal overdue
            overdue = time.perf_counter() > ends
            return overdue

        self._connection.set_progress_handler(is_overdue, _STEPS_BETWEEN_LOOKS)
        try:
            return self.all(sql, parameters)
        except sqlite3.OperationalError:
            if overdue:
                return None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)

    def all_watched(self, look: Callable[[], None], sql: str) -> list[Row]:
        """All rows of an answer; what ``look`` raises, called again and again, ends the asking."""
        raised: Exception | None = None

        def is_called_off() -> bool:
            nonlocal raised
            try:
                look()
            except Exception as error:  # noqa: BLE001  # raised below: SQLite would swallow it
                raised = error
            return raised is not None

        self._connection.set_progress_handler(is_called_off, _STEPS_BETWEEN_LOOKS)
        try:
            return self.all(sql)
        except sqlite3.OperationalError:
            if raised is not None:
                raise raised from None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)

    def number(self, sql: str, parameters: Sequence[Parameter] = ()) -> int:
        """The one integer that an answer consists of."""
        row = self._connection.execute(sql, parameters).fetchone()
        return int(row[0])


class Memory:
    """A few answers that hold until anybody changes the library, safe from any thread."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._lock = Lock()
        self._token: int | None = None
        self._held: dict[Hashable, object] = {}

    def get(self, token: int, key: Hashable, kind: type[T]) -> T | None:
        """What was put under ``key`` while the library was as it is at ``token``."""
        with self._lock:
            if token != self._token or key not in self._held:
                return None
            # The youngest now: the order of everything outlives many a filter.
            found = self._held[key] = self._held.pop(key)
            return found if isinstance(found, kind) else None

    def put(self, token: int, key: Hashable, value: object) -> None:
        """Keep a value; the one longest unused goes when there are too many."""
        with self._lock:
            if token != self._token:
                self._held.clear()
                self._token = token
            self._held.pop(key, None)
            self._held[key] = value
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]


class Reader:
    """A small pool of reading connections, safe from any thread.

    ``memory`` is for answers that take long, under the ``token`` read before they were asked for;
    ``folds`` for those of folded lists.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.memory = Memory()
        self.folds = Memory(_FOLDS_REMEMBERED)
        self._lock = Lock()
        self._idle: list[Connection] = []
        self._all_calls = Call()
        self._closed = False

    def token(self) -> int:
        """A number that differs after any commit, of this process or another."""
        return self._database.change_token()

    @contextmanager
    def snapshot(self, call: Call | None = None) -> Iterator[Snapshot]:
        """A consistent view of the database; several questions see the same state.

        Raises:
            Interrupted: ``call`` was called off, or the library is being closed.
            LibraryError: the database can't answer.
        """
        with self._database.asked():
            connection = self._take()
            healthy = False
            call = call or Call()
            try:
                with self._all_calls.running(connection), call.running(connection):
                    self._begin(connection)
                    try:
                        yield Snapshot(connection, call)
                    finally:
                        if connection.in_transaction:
                            connection.execute("COMMIT")
                healthy = True
            except Interrupted:
                healthy = True
                raise
            except sqlite3.Error as error:
                healthy = faults.primary_code(error) == sqlite3.SQLITE_INTERRUPT
                raise
            finally:
                self._give_back(connection, healthy=healthy)

    def all(
        self, sql: str, parameters: Sequence[Parameter] = (), call: Call | None = None
    ) -> list[Row]:
        """All rows of the answer to one question.

        Raises:
            LibraryError: as ``snapshot`` says.
        """
        with self.snapshot(call) as snapshot:
            return snapshot.all(sql, parameters)

    def one(
        self, sql: str, parameters: Sequence[Parameter] = (), call: Call | None = None
    ) -> Row | None:
        """The first row of the answer to one question, None without any.

        Raises:
            LibraryError: as ``snapshot`` says.
        """
        with self.snapshot(call) as snapshot:
            return snapshot.one(sql, parameters)

    def interrupt(self) -> None:
        """End every question that is running, and refuse what comes after."""
        self._all_calls.cancel()

    def close(self) -> None:
        """End what is running and close the connections."""
        self._closed = True
        self.interrupt()
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise faults.closed()
            if self._idle:
                return self._idle.pop()
        return self._database.connect_reader()

    def _give_back(self, connection: Connection, *, healthy: bool) -> None:
        with self._lock:
            if healthy and not self._closed and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _begin(self, connection: Connection) -> None:
        """Begin reading, with patience where somebody is committing this moment.

        The lock is only taken by the first question, so one is asked that costs nothing.
        """
        for attempt in range(_BUSY_ATTEMPTS):
            try:
                connection.execute("BEGIN")
                connection.execute("PRAGMA schema_version").fetchone()
                return
            except sqlite3.OperationalError as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if not faults.is_busy(error) or attempt == _BUSY_ATTEMPTS - 1:
                    raise
                time.sleep(_BUSY_PAUSE)
