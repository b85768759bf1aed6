"""What a library takes of the disk that it lies on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What bytes on the disk are there for."""

    TAKES = "takes"
    """Default versions outside the trash."""
    VERSIONS = "versions"
    """Other versions outside the trash."""
    TRASH = "trash"
    """All versions of what lies in the trash."""
    SAMPLES = "samples"
    """What profiles were made from, those of deleted profiles too."""
    LEAVING = "leaving"
    """Files on their way out, which the next opening of the library ends."""
    DATABASE = "database"
    """The database and what SQLite keeps beside it."""
    JOURNAL = "journal"
    BACKUPS = "backups"
    SET_ASIDE = "set_aside"
    """What repair has put into ``lost+found/``."""
    INCOMING = "incoming"
    """Files that are being taken in this moment, or that a crash left half copied."""
    BALLAST = "ballast"
    """Room held for emptying the trash of a full disk."""


AUDIO = (Kind.TAKES, Kind.VERSIONS, Kind.TRASH)
"""The kinds that profiles, engines and months share out among them."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some generations, in the trash or not, and the bytes of all their versions' files."""

    key: str
    label: str
    generations: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ProfilePortion(Portion):
    """The same of a profile; ``trash`` of its bytes lie in the trash, ``quota`` is its limit.

    ``samples`` are the bytes of its samples, which count for the quota besides.
    """

    trash: int
    quota: int | None
    samples: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether it takes more than its quota."""
        return self.quota is not None and self.bytes + self.samples > self.quota


@dataclass(frozen=True, slots=True)
class StorageUse:
    """What lies on the disk, in bytes, in one reading.

    ``kinds`` is every kind with its bytes. ``profiles`` and ``engines`` begin with the largest,
    ``months`` (keys ``2026-04``, of the local clock) with the oldest; each of the three adds up to
    the audio, the trash included. ``linked`` generations lie at their sources: they are in no
    other number. ``free`` is the room that is left where the library lies.
    """

    kinds: tuple[tuple[Kind, int], ...]
    profiles: tuple[ProfilePortion, ...]
    engines: tuple[Portion, ...]
    months: tuple[Portion, ...]
    linked: Portion
    free: int

    def of(self, kind: Kind) -> int:
        """Bytes of one kind."""
        return dict(self.kinds)[kind]

    @property
    def audio(self) -> int:
        """Bytes of the generations' files, the trash included."""
        return sum(size for kind, size in self.kinds if kind in AUDIO)

    @property
    def total(self) -> int:
        """Bytes of the whole library."""
        return sum(size for _, size in self.kinds)
