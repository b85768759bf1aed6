"""Answers that hold until anybody changes the library: who asks again is answered at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

MOST_BYTES = 16_000_000
"""Bytes of all answers that are kept together: some hundreds of pages."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes of an answer, and the tag that tells them from others."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Answered:
        """The same with the tag that these bytes have."""
        return cls(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')


class Remembered:
    """Answers by what was asked, as long as ``token`` gives the same number. Safe from any thread.

    ``token`` is ``library.changes.token``; it looks at the disk, so it isn't for the event loop.
    """

    def __init__(self, token: Callable[[], int], most: int = MOST_BYTES) -> None:
        self._token_now = token
        self._most = most
        self._lock = Lock()
        self._token: int | None = None
        self._size = 0
        self._forgotten = 0
        self._held: dict[bytes, Answered] = {}

    def knows(self, asked: bytes) -> bool:
        """Whether there may be an answer; asks nobody, so the event loop may."""
        return asked in self._held

    def get(self, asked: bytes) -> Answered | None:
        """The answer, if it still holds."""
        token = self._token_now()
        with self._lock:
            if token != self._token or asked not in self._held:
                return None
            found = self._held[asked] = self._held.pop(asked)
            return found

    def made(self, asked: bytes, make: Callable[[], bytes]) -> Answered:
        """The answer that ``make`` gives, kept for who asks next."""
        times = self._forgotten
        token = self._token_now()
        answered = Answered.of(make())
        with self._lock:
            if times != self._forgotten:
                return answered  # it may be of before
            if token != self._token:
                self._clear(token)
            self._drop(asked)
            self._held[asked] = answered
            self._size += len(asked) + len(answered.body)
            while self._size > self._most:
                self._drop(next(iter(self._held)))
        return answered

    def forget(self) -> None:
        """Forget them all: whoever has changed something is to see it at the next look.

        The number alone doesn't do: while somebody else is committing it is that of before.
        """
        with self._lock:
            self._forgotten += 1
            self._clear(None)

    def _clear(self, token: int | None) -> None:
        self._held.clear()
        self._token, self._size = token, 0

    def _drop(self, asked: bytes) -> None:
        gone = self._held.pop(asked, None)
        if gone is not None:
            self._size -= len(asked) + len(gone.body)
