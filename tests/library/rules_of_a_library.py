"""Rules that do the same to a library and to plain dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
)

from rushes.domain.generation import Status
from rushes.domain.text import fold
from rushes.errors import Conflict, NotFound
from rushes.library import Library
from rushes.library.profiles import DeletedProfile
from tests.library.takes import BEGINNING, RATE, tone

NAMES = st.sampled_from(["Anna", "anna", "Robot"])
TEXTS = st.sampled_from(
    [
        "Hello",
        "hell",
        "Straße",
        "STRASSE 7",
        "児玉さん",
        "\u00c9t\u00e9",
        "e\u0301te\u0301",
        "100 % [x]",
        'it\'s_"a"',
        "a",
    ]
)
TAGS = st.lists(st.sampled_from(["keep", "Keep", "best", "児"]), max_size=2)


@dataclass(frozen=True)
class Modelled:
    """What the model knows of a generation."""

    profile: str
    text: str
    status: Status
    order: tuple[int, int]
    frames: int = 0
    others: Mapping[str, int] = field(default_factory=dict)  # frames of what isn't the default
    trashed: bool = False
    favorite: bool = False
    rating: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)  # as folded, as written
    note: str | None = None

    @property
    def files(self) -> list[int]:
        """The frames of all its versions."""
        return [self.frames, *self.others.values()] if self.frames else []


class LibraryRules(RuleBasedStateMachine):
    """The library, and what a plain model says that it holds."""

    generations = Bundle("generations")
    deleted_profiles = Bundle("deleted_profiles")

    @initialize(target=generations)
    def open(self) -> str:
        self.folder = TemporaryDirectory()
        self.library = Library.open(Path(self.folder.name) / "takes")
        self.takes: dict[str, Modelled] = {}
        self.names: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.made = 0
        take = self.library.generations.begin(profile="Anna", text="First", created_at=BEGINNING)
        return self._add(take.id, self._profile("Anna"), "First", 0, 0)

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            self.folder.cleanup()

    def _profile(self, name: str) -> str:
        for identity, held in self.names.items():
            if held == name:
                return identity
        identity = self.library.profiles.get(name).id
        self.names[identity] = name
        return identity

    def _add(self, identity: str, profile: str, text: str, minute: int, frames: int) -> str:
        self.made += 1
        status = Status.COMPLETED if frames else Status.PENDING
        self.takes[identity] = Modelled(profile, text, status, (minute, self.made), frames)
        return identity

    @rule(
        target=generations,
        name=NAMES,
        text=TEXTS,
        minute=st.integers(0, 3),
        frames=st.integers(1, 900),
    )
    def record(self, name: str, text: str, minute: int, frames: int) -> str:
        take = self.library.generations.record(
            profile=name,
            text=text,
            audio=tone(frames / RATE),
            sample_rate=RATE,
            created_at=BEGINNING + timedelta(minutes=minute),
        )
        return self._add(take.id, self._profile(name), text, minute, frames)

    @rule(target=generations, name=NAMES, minute=st.integers(0, 3))
    def begin(self, name: str, minute: int) -> str:
        take = self.library.generations.begin(
            profile=name, text="Later", created_at=BEGINNING + timedelta(minutes=minute)
        )
        return self._add(take.id, self._profile(name), "Later", minute, 0)

    @rule(identity=generations, frames=st.integers(1, 900))
    def complete(self, identity: str, frames: int) -> None:
        held = self.takes.get(identity)
        if held is None or held.status is Status.COMPLETED:
            with pytest.raises((NotFound, Conflict)):
                self.library.generations.complete(identity, tone(frames / RATE), RATE)
            return
        self.library.generations.complete(identity, tone(frames / RATE), RATE)
        self.takes[identity] = replace(held, status=Status.COMPLETED, frames=frames)

    @rule(identity=generations, frames=st.integers(1, 900))
    def add_version(self, identity: str, frames: int) -> None:
        held = self.takes.get(identity)
        if held is None or not held.frames:
            with pytest.raises((NotFound, Conflict)):
                self.library.versions.add(identity, tone(frames / RATE), RATE)
            return
        added = self.library.versions.add(identity, tone(frames / RATE), RATE)
        self.takes[identity] = replace(held, others={**held.others, added.id: frames})

    @rule(identity=generations, at=st.integers(0, 3))
    def make_default(self, identity: str, at: int) -> None:
        held = self.takes.get(identity)
        if held is None or at >= len(held.others):
            return
        before = next(one for one in self.library.versions.list(identity) if one.is_default)
        others = dict(held.others)
        chosen = [*others][at]
        frames = others.pop(chosen)
        self.library.versions.make_default(identity, chosen)
        others[before.id] = held.frames
        self.takes[identity] = replace(held, frames=frames, others=others)

    @rule(identity=generations, at=st.integers(0, 3))
    def delete_version(self, identity: str, at: int) -> None:
        held = self.takes.get(identity)
        if held is None or at >= len(held.others):
            return
        others = dict(held.others)
        gone = [*others][at]
        del others[gone]
        assert self.library.versions.delete(identity, gone).new_default is None
        self.takes[identity] = replace(held, others=others)

    @rule(identity=generations)
    def fail(self, identity: str) -> None:
        held = self.takes.get(identity)
        if held is None or not held.status.is_running:
            with pytest.raises((NotFound, Conflict)):
                self.library.generations.fail(identity, "no")
            return
        self.library.generations.fail(identity, "no")
        self.takes[identity] = replace(held, status=Status.FAILED)

    @rule(ids=st.lists(generations, max_size=4))
    def delete(self, ids: list[str]) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.generations.delete(ids)
            return
        moved = [one for one in dict.fromkeys(ids) if not self.takes[one].trashed]
        assert self.library.generations.delete(ids) == tuple(moved)
        for one in moved:
            self.takes[one] = replace(self.takes[one], trashed=True)

    @rule(ids=st.lists(generations, max_size=4))
    def restore(self, ids: list[str]) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.trash.restore(ids)
            return
        back = [one for one in dict.fromkeys(ids) if self.takes[one].trashed]
        assert self.library.trash.restore(ids) == tuple(back)
        for one in back:
            self.takes[one] = replace(self.takes[one], trashed=False)
        for profile in sorted({self.takes[one].profile for one in back}):
            self._bring_back(profile)

    def _bring_back(self, profile: str) -> None:
        name = self.gone.pop(profile, None)
        if name is None:
            return
        free, number = name, 2
        while free in self.names.values():
            free, number = f"{name} ({number})", number + 1
        self.names[profile] = free

    @rule(ids=st.lists(generations, max_size=2))
    def purge(self, ids: list[str]) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.trash.purge(ids)
            return
        assert self.library.trash.purge(ids) == len(set(ids))
        self._forget(set(ids))

    @rule()
    def empty(self) -> None:
        thrown = {one for one, held in self.takes.items() if held.trashed}
        assert self.library.trash.empty() == len(thrown)
        if thrown:
            self._forget(thrown)

    def _forget(self, ids: set[str]) -> None:
        for one in ids:
            del self.takes[one]
        if ids:
            used = {held.profile for held in self.takes.values()}
            self.gone = {one: name for one, name in self.gone.items() if one in used}

    @rule(ids=st.lists(generations, max_size=3), on=st.booleans())
    def favorite(self, ids: list[str], on: bool) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.generations.favorite(ids, on)
            return
        self.library.generations.favorite(ids, on)
        for one in ids:
            self.takes[one] = replace(self.takes[one], favorite=on)

    @rule(ids=st.lists(generations, max_size=3), rating=st.none() | st.integers(1, 5))
    def rate(self, ids: list[str], rating: int | None) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.generations.rate(ids, rating)
            return
        self.library.generations.rate(ids, rating)
        for one in ids:
            self.takes[one] = replace(self.takes[one], rating=rating)

    @rule(ids=st.lists(generations, max_size=3), given=TAGS, taken=TAGS)
    def tag(self, ids: list[str], given: list[str], taken: list[str]) -> None:
        if not (given or taken):
            return
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.generations.tag(ids, given, taken)
            return
        self.library.generations.tag(ids, given, taken)
        for one in ids:
            left = {fold(tag) for tag in taken}
            tags = {key: tag for key, tag in self.takes[one].tags.items() if key not in left}
            tags |= {fold(tag): tag for tag in given}
            self.takes[one] = replace(self.takes[one], tags=tags)

    @rule(ids=st.lists(generations, max_size=3), note=st.none() | TEXTS | st.just(" "))
    def note(self, ids: list[str], note: str | None) -> None:
        if not self.takes.keys() >= set(ids):
            with pytest.raises(NotFound):
                self.library.generations.note(ids, note)
            return
        self.library.generations.note(ids, note)
        for one in ids:
            kept = note if note and note.strip() else None
            self.takes[one] = replace(self.takes[one], note=kept)

    @rule(old=NAMES, new=NAMES)
    def rename(self, old: str, new: str) -> None:
        bearers = [one for one, name in self.names.items() if name == old]
        if not bearers:
            return
        if new != old and new in self.names.values():
            with pytest.raises(Conflict):
                self.library.profiles.rename(bearers[0], new)
            return
        self.library.profiles.rename(bearers[0], new)
        self.names[bearers[0]] = new

    @rule(target=deleted_profiles, name=NAMES)
    def delete_profile(self, name: str) -> DeletedProfile | object:
        bearers = [one for one, held in self.names.items() if held == name]
        if not bearers:
            return multiple()
        deleted = self.library.profiles.delete(bearers[0])
        went = {
            one
            for one, held in self.takes.items()
            if held.profile == bearers[0] and not held.trashed
        }
        assert set(deleted.ids) == went
        for one in went:
            self.takes[one] = replace(self.takes[one], trashed=True)
        self.gone[bearers[0]] = self.names.pop(bearers[0])
        return deleted

    @rule(deleted=consumes(deleted_profiles))
    def restore_profile(self, deleted: DeletedProfile) -> None:
        identity = deleted.profile.id
        if identity not in self.gone and identity not in self.names:
            with pytest.raises(NotFound):
                self.library.profiles.restore(deleted)
            return
        self.library.profiles.restore(deleted)
        for one in deleted.ids:
            if one in self.takes:
                self.takes[one] = replace(self.takes[one], trashed=False)
        self._bring_back(identity)

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = Library.open(Path(self.folder.name) / "takes", create=False)
