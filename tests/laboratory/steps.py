"""What a child does to a library, a step at a time, and what each step should come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import soundfile

from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.journal import compaction
from tests.exchange import zips
from tests.laboratory.model import LONE, RATE, Kept, State, Variant, clip, heard


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a child works: the library's folder and one for what comes from outside."""

    root: Path

    @property
    def takes(self) -> Path:
        return self.root / "takes"

    @property
    def outside(self) -> Path:
        return self.root / "outside"


class Place:
    """A bench with its library, opened when the first step needs it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        if self._library is None:
            self._library = Library.open(self.bench.takes)
        return self._library

    def close(self) -> None:
        """Close the library if it was opened."""
        if self._library is not None:
            self._library.close()


class Step(Protocol):
    """One operation, acknowledged as a whole."""

    @property
    def leaves(self) -> frozenset[str]:
        """What a kill in its middle may leave besides rows that agree with files."""

    def run(self, at: Place) -> None:
        """Do it."""

    def after(self, state: State) -> State:
        """What it makes of a library."""


STRAY = frozenset({"staged", "stray"})
"""A staged file, or a whole one that no row names."""

NOTHING: frozenset[str] = frozenset()


def ids(library: Library, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the generations of these texts, in the trash or not."""
    query = HistoryQuery(limit=1000)
    taken = (*library.generations.list(query).items, *library.trash.list(query).items)
    by_text = {take.text: take.id for take in taken}
    return tuple(by_text[text] for text in texts if text in by_text)


@dataclass(frozen=True, slots=True)
class Record:
    """Record samples."""

    text: str
    profile: str
    number: int
    leaves = STRAY

    def run(self, at: Place) -> None:
        at.library.generations.record(
            profile=self.profile, text=self.text, audio=clip(self.number), sample_rate=RATE
        )

    def after(self, state: State) -> State:
        return state.put(self.text, Kept(self.profile, audio=heard(self.number)))


@dataclass(frozen=True, slots=True)
class MoveIn:
    """Record a file from outside and take it away from there."""

    text: str
    profile: str
    number: int
    leaves = STRAY

    def run(self, at: Place) -> None:
        source = at.bench.outside / f"{self.number}.wav"
        at.library.generations.record(profile=self.profile, text=self.text, audio=source, move=True)

    def after(self, state: State) -> State:
        return state.put(self.text, Kept(self.profile, audio=heard(self.number)))


def put_outside(bench: Bench, number: int) -> None:
    """The file that ``MoveIn`` takes."""
    bench.outside.mkdir(parents=True, exist_ok=True)
    soundfile.write(bench.outside / f"{number}.wav", clip(number), RATE, subtype="PCM_16")


@dataclass(frozen=True, slots=True)
class Unpack:
    """Import an archive of one generation from outside."""

    text: str
    profile: str
    number: int
    leaves = STRAY

    def run(self, at: Place) -> None:
        imported = at.library.importing.unpack([at.bench.outside / f"{self.number}.zip"])
        for _, error in imported.failed:
            raise error

    def after(self, state: State) -> State:
        versions = [
            Variant(LONE, None, heard(self.number + 1)),
            Variant("take-2", None, heard(self.number)),
        ]
        return state.put(self.text, Kept(self.profile).with_versions(versions, "take-2"))


def put_archive(bench: Bench, step: Unpack) -> None:
    """The archive that ``Unpack`` takes, of two versions."""
    numbers = (step.number, step.number + 1)
    for number in numbers:
        put_outside(bench, number)
    audio, other = ((bench.outside / f"{number}.wav").read_bytes() for number in numbers)
    told = zips.manifest(text=step.text)
    told["profile"] = {"id": "theirs", "name": step.profile, "language": "en"}
    told["versions"] = [
        {"id": "1", "label": "original", "is_default": False, "filename": "b.wav"},
        {"id": "2", "label": "take-2", "is_default": True, "filename": "a.wav"},
    ]
    parts = [
        zips.Part("manifest.json", zips.document(told)),
        zips.Part("audio/a.wav", audio),
        zips.Part("audio/b.wav", other),
    ]
    (bench.outside / f"{step.number}.zip").write_bytes(zips.zipped(parts))


@dataclass(frozen=True, slots=True)
class Begin:
    """Note a generation that is being made."""

    text: str
    profile: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.begin(profile=self.profile, text=self.text)

    def after(self, state: State) -> State:
        return state.put(self.text, Kept(self.profile, status=Status.PENDING))


@dataclass(frozen=True, slots=True)
class Complete:
    """Give a running generation its audio."""

    text: str
    number: int
    leaves = STRAY

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.generations.complete(identity, clip(self.number), RATE)

    def after(self, state: State) -> State:
        return state.change(
            [self.text], status=Status.COMPLETED, audio=heard(self.number), error=None
        )


@dataclass(frozen=True, slots=True)
class Fail:
    """Note that a running generation failed."""

    text: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.generations.fail(identity, "out of memory")

    def after(self, state: State) -> State:
        return state.change([self.text], status=Status.FAILED, error="out of memory")


@dataclass(frozen=True, slots=True)
class Delete:
    """Move generations to the trash."""

    texts: tuple[str, ...]
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.delete(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return state.change(state.of(self.texts), trashed=True)


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring generations back from the trash."""

    texts: tuple[str, ...]
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.trash.restore(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        back = state.change(state.of(self.texts), trashed=False)
        shown = {back.kept[text].profile for text in back.of(self.texts)}
        return replace(back, profiles=back.profiles | shown)


@dataclass(frozen=True, slots=True)
class Purge:
    """Delete generations for good."""

    texts: tuple[str, ...]
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.trash.purge(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return state.without(self.texts)


@dataclass(frozen=True, slots=True)
class Empty:
    """Empty the trash."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.trash.empty()

    def after(self, state: State) -> State:
        return state.without([text for text, kept in state.kept.items() if kept.trashed])


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate generations."""

    texts: tuple[str, ...]
    rating: int
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.rate(ids(at.library, self.texts), self.rating)

    def after(self, state: State) -> State:
        return state.change(state.of(self.texts), rating=self.rating)


@dataclass(frozen=True, slots=True)
class Favorite:
    """Make generations favourites."""

    texts: tuple[str, ...]
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.favorite(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return state.change(state.of(self.texts), favorite=True)


@dataclass(frozen=True, slots=True)
class Tag:
    """Give generations a tag in place of those they had."""

    texts: tuple[str, ...]
    tag: str
    taken: tuple[str, ...] = ()
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.tag(ids(at.library, self.texts), self.tag, self.taken)

    def after(self, state: State) -> State:
        for text in state.of(self.texts):
            tags = {*state.kept[text].tags, self.tag} - ({*self.taken} - {self.tag})
            state = state.change([text], tags=tuple(sorted(tags)))
        return state


@dataclass(frozen=True, slots=True)
class Note:
    """Give generations a note."""

    texts: tuple[str, ...]
    note: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.note(ids(at.library, self.texts), self.note)

    def after(self, state: State) -> State:
        return state.change(state.of(self.texts), note=self.note)


@dataclass(frozen=True, slots=True)
class AddVersion:
    """Add samples as a version."""

    text: str
    label: str
    number: int
    made_from: str | None = None
    leaves = STRAY

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.versions.add(
            identity, clip(self.number), RATE, label=self.label, made_from=self.made_from
        )

    def after(self, state: State) -> State:
        kept = state.kept[self.text]
        new = Variant(self.label, self.made_from, heard(self.number))
        return state.keep(self.text, kept.with_versions((*kept.variants(), new), kept.default))


@dataclass(frozen=True, slots=True)
class MakeDefault:
    """Let a version stand for its generation."""

    text: str
    label: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.versions.make_default(identity, self.label)

    def after(self, state: State) -> State:
        kept = state.kept[self.text]
        return state.keep(self.text, kept.with_versions(kept.variants(), self.label))


@dataclass(frozen=True, slots=True)
class DeleteVersion:
    """Delete a version, which isn't the last."""

    text: str
    label: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.versions.delete(identity, self.label)

    def after(self, state: State) -> State:
        kept = state.kept[self.text]
        (gone,) = [one for one in kept.variants() if one.label == self.label]
        left = [
            replace(one, made_from=None) if one.made_from == gone.label else one
            for one in kept.variants()
            if one != gone
        ]
        default = kept.default
        if default == gone.label:
            default = gone.made_from or LONE
        return state.keep(self.text, kept.with_versions(left, default))


@dataclass(frozen=True, slots=True)
class SavePreset:
    """Keep a generation's parameters under a name."""

    text: str
    name: str
    folder: str | None = None
    leaves = NOTHING

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.presets.save(identity, self.name, folder=self.folder)

    def after(self, state: State) -> State:
        path = f"{self.folder}/{self.name}" if self.folder else self.name
        return replace(state, presets=state.presets | {path})


@dataclass(frozen=True, slots=True)
class DeletePreset:
    """Forget a preset."""

    path: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.presets.delete(self.path)

    def after(self, state: State) -> State:
        return replace(state, presets=state.presets - {self.path})


@dataclass(frozen=True, slots=True)
class RenameProfile:
    """Give a profile another name."""

    old: str
    new: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.profiles.rename(self.old, self.new)

    def after(self, state: State) -> State:
        named = [text for text, kept in state.kept.items() if kept.profile == self.old]
        renamed = state.change(named, profile=self.new)
        return replace(renamed, profiles=renamed.profiles - {self.old} | {self.new})


@dataclass(frozen=True, slots=True)
class DeleteProfile:
    """Delete a profile with its generations."""

    name: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.profiles.delete(self.name)

    def after(self, state: State) -> State:
        went = [text for text, kept in state.kept.items() if kept.profile == self.name]
        gone = state.change(went, trashed=True)
        return replace(gone, profiles=gone.profiles - {self.name})


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing but opening: what a crash left is ended, an older library is brought up to date."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.generations.count()

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Compress:
    """Make the files of generations FLAC."""

    texts: tuple[str, ...]
    leaves = STRAY

    def run(self, at: Place) -> None:
        at.library.compression.compress(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Expand:
    """Give the files of generations back as they were."""

    texts: tuple[str, ...]
    leaves = STRAY

    def run(self, at: Place) -> None:
        at.library.compression.expand(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Do what is due: a library that was written today gets its copy."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.upkeep.run()

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Compact:
    """Write the journal anew, however short it is."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        store = at.library._store
        compaction.compact(at.bench.takes, store.reader, store.transaction)

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Repair:
    """Verify and repair, even where the database is lost or damaged."""

    leaves = frozenset({"broken", *STRAY})

    def run(self, at: Place) -> None:
        verify(at.bench.takes, repair=True)

    def after(self, state: State) -> State:
        return state
