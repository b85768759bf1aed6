"""A history of small_dataset_audio (Distill): ``history.json`` with its audio and its presets.

There is no text: the model is the profile, and what an entry was made with is its snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rushes.domain.foreign import (
    ForeignEffectPreset,
    ForeignPreset,
    ForeignProfile,
    ForeignStory,
    ForeignStoryItem,
    ForeignTake,
    ForeignVersion,
    Head,
)
from rushes.domain.generation import Status
from rushes.domain.source import SourceKind
from rushes.domain.text import shown
from rushes.errors import SourceError
from rushes.exchange import cleaning
from rushes.exchange.walking import files_below

INDEX = "history.json"
ENGINE = "small_dataset_audio"
NO_WORDS = "zxx"
"""ISO 639-2's code for what holds no language."""

_PRESETS = "presets"
_BATCH = 500

_Fields = Mapping[str, object]


class SmallDatasetAudioHistory:
    """``exchange.history.ForeignHistory`` of the folder in which a ``history.json`` lies.

    A broken index is met with the copy that the program keeps beside it; entries that make no
    sense are counted in ``troubles``, and the rest is read.

    Raises:
        SourceError: neither the index nor its copy can be read.
    """

    kind = SourceKind.SMALL_DATASET_AUDIO

    def __init__(self, index: Path, root: Path | None = None) -> None:
        self.place = index
        self.root = root or index.parent
        self.troubles: list[str] = []
        self._signature = signature_of(index)
        self._entries = self._read()

    def signature(self) -> str:
        """Differs once the index was replaced."""
        return self._signature

    def count(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def heads(self) -> Iterator[Sequence[Head]]:
        """All entries in batches, the newest first."""
        newest = sorted(self._entries, key=lambda key: _moment(self._entries[key]), reverse=True)
        for start in range(0, len(newest), _BATCH):
            some = reversed(newest[start : start + _BATCH])
            yield [Head(key, _digest(self._entries[key])) for key in some]

    def keys(self) -> Iterator[str]:
        """The ids of all entries, in order."""
        yield from sorted(self._entries)

    def takes(self, keys: Sequence[str]) -> Sequence[ForeignTake]:
        """Entries in the order of the keys."""
        return [_take(key, self._entries[key]) for key in keys if key in self._entries]

    def profiles(self) -> Sequence[ForeignProfile]:
        """The models that made the entries, each by its latest name."""
        found: dict[str, ForeignProfile] = {}
        for entry in sorted(self._entries.values(), key=_moment):
            key = _model(entry)
            made = found[key].created_at if key in found else _moment(entry)
            name = cleaning.name(entry.get("model_name"), "Unknown")
            found[key] = ForeignProfile(key, name, None, NO_WORDS, made, None)
        return list(found.values())

    def profile_of(self, key: str) -> ForeignProfile | None:  # noqa: ARG002  # every model is listed
        """None: every model that an entry names is listed."""
        return None

    def stories(self) -> Sequence[ForeignStory]:
        """It has none."""
        return ()

    def story_items(self) -> Iterator[Sequence[ForeignStoryItem]]:
        """It has none."""
        return iter(())

    def effect_presets(self) -> Sequence[ForeignEffectPreset]:
        """It has none."""
        return ()

    def presets(self) -> Sequence[ForeignPreset]:
        """The presets of every model, in the folder ``presets`` here or beside this one."""
        found: list[ForeignPreset] = []
        for folder in (self.place.parent / _PRESETS, self.place.parent.parent / _PRESETS):
            try:
                files = sorted(folder.glob("*/presets.json"))
            except OSError:
                continue
            for file in files:
                found.extend(self._presets_of(file))
        return list({preset.key: preset for preset in found}.values())

    def audio_files(self) -> Iterator[Path]:
        """Every audio file of the folder ``audio``."""
        yield from files_below(self.root / "audio", deep=False)

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self) -> dict[str, _Fields]:
        copy = self.place.with_name(f"{INDEX}.bak")
        try:
            entries = _entries(self.place)
        except SourceError as broken:
            if not copy.is_file():
                raise
            entries = _entries(copy)
            self.troubles.append(f"{broken}; its copy {copy.name} was read in its place")
        found: dict[str, _Fields] = {}
        for key, entry in entries.items():
            if isinstance(entry, Mapping) and cleaning.text(key):
                found[cleaning.text(key)] = entry
        if len(found) < len(entries):
            self.troubles.append(f"entries that make no sense: {len(entries) - len(found):,}")
        return found

    def _presets_of(self, file: Path) -> Iterator[ForeignPreset]:
        try:
            document = _document(file)
            listed = document.get("presets")
            if not isinstance(listed, Mapping):
                raise SourceError(f"{shown(file)} can't be read", "it holds no presets")
        except SourceError as broken:
            self.troubles.append(str(broken))
            return
        model = cleaning.name(document.get("model_id"), file.parent.name)
        for key, preset in listed.items():
            if isinstance(preset, Mapping):
                yield _preset(f"{model}/{key}", model, preset)


def _entries(index: Path) -> _Fields:
    entries = _document(index).get("entries")
    if not isinstance(entries, Mapping):
        raise SourceError(f"{shown(index)} can't be read", "it holds no entries")
    return entries


def _document(file: Path) -> _Fields:
    """A file's JSON object; bare Infinity, which the program writes, is taken."""
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise SourceError(f"{shown(file)} can't be read", error.strerror or "") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{shown(file)} can't be read", "it is damaged") from error
    if not isinstance(document, Mapping):
        raise SourceError(f"{shown(file)} can't be read", "it isn't an index")
    return document


def _take(key: str, entry: _Fields) -> ForeignTake:
    stored = cleaning.text(entry.get("audio_file"))
    made = _moment(entry)
    version = ForeignVersion(key, "original", stored, None, None, True, made)
    return ForeignTake(
        key=key,
        digest=_digest(entry),
        profile_key=_model(entry),
        text="",
        language=NO_WORDS,
        status=Status.COMPLETED,
        error=None,
        seed=cleaning.whole(entry.get("seed")),
        instruct=None,
        engine=ENGINE,
        model_size=None,
        is_favorited=False,
        duration=cleaning.seconds(entry.get("duration_s")),
        params_json=cleaning.json_text(entry),
        created_at=made,
        versions=(version,) if stored else (),
    )


def _preset(key: str, model: str, preset: _Fields) -> ForeignPreset:
    made = cleaning.moment(preset.get("created"))
    return ForeignPreset(
        key=key,
        profile_key=model,
        name=cleaning.name(preset.get("name"), "Preset"),
        folder=cleaning.optional_name(preset.get("folder")),
        description=cleaning.optional_text(preset.get("description")),
        params_json=cleaning.json_text(preset) or "{}",
        created_at=made,
        updated_at=cleaning.moment(preset.get("modified"), made),
    )


def _model(entry: _Fields) -> str:
    return cleaning.name(entry.get("model_id"), "unknown")


def _moment(entry: _Fields) -> datetime:
    return cleaning.moment(entry.get("timestamp"))


def _digest(entry: _Fields) -> str:
    return cleaning.digest(sorted((str(key), repr(value)) for key, value in entry.items()))


def signature_of(index: Path) -> str:
    """Text that differs once an index was replaced."""
    try:
        found = index.stat()
    except OSError:
        return "gone"
    return f"{found.st_size}.{found.st_mtime_ns}.{found.st_ino}"
