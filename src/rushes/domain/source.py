"""Linked sources: other programs' histories, which are shown here and only ever read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """Whose history it is."""

    VOICEBOX = "voicebox"
    SMALL_DATASET_AUDIO = "small_dataset_audio"
    FOLDER = "folder"


KIND_NAMES = {
    SourceKind.VOICEBOX: "Voicebox / Sonna",
    SourceKind.SMALL_DATASET_AUDIO: "small_dataset_audio",
    SourceKind.FOLDER: "folder of audio",
}
"""What people call them."""


class SourceState(StrEnum):
    """How a linked source stands."""

    NEVER_SYNCED = "never synced"
    SYNCED = "synced"
    IN_TROUBLE = "in trouble"


@dataclass(frozen=True, slots=True)
class Source:
    """A linked source.

    ``place`` is what is read: a database, a ``history.json`` or a folder. ``root`` is where its
    audio lies. ``synced_at`` is when a sync last came to its end, ``trouble`` why the last one
    didn't. ``generations`` are those outside the trash, ``vanished`` those of them that are gone
    there, ``unmeasured`` the files whose facts are still to be read. ``missing`` and
    ``unreadable`` are those generations whose audio isn't there, or is no audio.
    """

    id: str
    kind: SourceKind
    name: str
    place: str
    root: str
    created_at: datetime
    synced_at: datetime | None
    trouble: str | None
    generations: int
    vanished: int
    unmeasured: int
    missing: int
    unreadable: int

    @property
    def state(self) -> SourceState:
        """How it stands."""
        if self.trouble is not None:
            return SourceState.IN_TROUBLE
        return SourceState.NEVER_SYNCED if self.synced_at is None else SourceState.SYNCED


@dataclass(frozen=True, slots=True)
class Found:
    """What a place holds, before anything is linked.

    ``missing`` counts generations whose audio isn't there, ``unreadable`` those whose audio is no
    audio, ``unnamed`` the audio files there that nobody names. ``statuses`` and ``profiles`` are
    counted, the largest first. ``troubles`` are a line each.
    """

    kind: SourceKind
    place: str
    root: str
    generations: int
    versions: int
    stories: int
    story_items: int
    presets: int
    statuses: tuple[tuple[str, int], ...]
    profiles: tuple[tuple[str, int], ...]
    oldest: datetime | None
    newest: datetime | None
    missing: int
    unreadable: int
    unnamed: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to: how many generations each.

    ``returned`` had vanished there and are back; ``kept_away`` were deleted for good here.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    returned: int = 0
    kept_away: int = 0

    @property
    def nothing_new(self) -> bool:
        """Whether the library is as it was before."""
        return not (self.added or self.changed or self.vanished or self.returned)
