"""Looking through another program's history, without linking anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from rushes.domain.foreign import ForeignTake
from rushes.domain.source import Found, SourceKind
from rushes.domain.watch import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from rushes.exchange.history import ForeignHistory

GONE = "no profile"
"""What generations are counted under whose profile is gone."""


def inspected(history: ForeignHistory, watch: Watch) -> Found:
    """What a history holds. Every generation is read, and every file is looked at.

    Raises:
        SourceError: it can't be read.
    """
    look = _Look(history)
    total = history.count()
    passed = 0
    for heads in history.heads():
        watch(passed, total, "looking through it")
        for take in history.takes([head.key for head in heads]):
            look.at(take)
        passed += len(heads)
    items = sum(len(batch) for batch in history.story_items())
    presets = len(history.effect_presets()) + len(history.presets())
    return Found(
        kind=history.kind,
        place=str(history.place),
        root=str(history.root),
        generations=passed,
        versions=look.versions,
        stories=len(history.stories()),
        story_items=items,
        presets=presets,
        statuses=_largest_first(look.statuses),
        profiles=_largest_first(look.profiles),
        oldest=look.oldest,
        newest=look.newest,
        missing=look.missing,
        unreadable=look.unreadable,
        unnamed=look.unnamed(history.audio_files()),
        troubles=tuple(history.troubles),
    )


class _Look:
    """What was seen so far."""

    def __init__(self, history: ForeignHistory) -> None:
        self._history = history
        self._names = {profile.key: profile.name for profile in history.profiles()}
        self._shelf = "generations" if history.kind is SourceKind.VOICEBOX else None
        self._named: set[int] = set()
        self.versions = self.missing = self.unreadable = 0
        self.statuses: Counter[str] = Counter()
        self.profiles: Counter[str] = Counter()
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def at(self, take: ForeignTake) -> None:
        """Look at one generation and its files."""
        from rushes.media.linked import find_linked
        from rushes.media.sniff import begins_like_audio

        self.statuses[take.status.value] += 1
        self.profiles[self._profile_of(take.profile_key)] += 1
        made = take.created_at
        self.oldest = made if self.oldest is None else min(self.oldest, made)
        self.newest = made if self.newest is None else max(self.newest, made)
        for version in take.versions:
            self.versions += 1
            path = find_linked(self._history.root, version.audio_path, self._shelf)
            if path is not None:
                self._named.add(hash(str(path)))
            if not version.is_default:
                continue
            if path is None:
                self.missing += 1
            elif not begins_like_audio(path):
                self.unreadable += 1

    def unnamed(self, files: Iterable[Path]) -> int:
        """How many files nobody names."""
        return sum(hash(str(file)) not in self._named for file in files)

    def _profile_of(self, key: str) -> str:
        if key not in self._names:
            profile = self._history.profile_of(key)
            self._names[key] = GONE if profile is None else profile.name
        return self._names[key]


def _largest_first(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
