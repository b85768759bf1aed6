"""A folder of audio files, with what is said of them in sidecars or in their own tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
from rushes.exchange import cleaning, sidecars
from rushes.exchange.walking import entries_below, signature_below
from rushes.media.sniff import has_audio_suffix

ENGINE = "import"
"""What Voicebox calls the engine of audio that it didn't make."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class _File:
    """A file as the folder lists it: size in bytes, time of change in ns."""

    size: int
    changed: int

    @property
    def digest(self) -> str:
        return digest_of(self.size, self.changed)


def digest_of(size: int, changed: int) -> str:
    """What tells a file's bytes from others, without reading them: its size and time in ns."""
    return f"{size}.{changed}"


@dataclass(frozen=True, slots=True)
class Listed:
    """An audio file as the folder lists it; both digests are of sizes and times of change.

    ``digest`` changes with the file, ``said`` with its sidecars as well.
    """

    key: str
    digest: str
    said: str


class AudioFolder:
    """``exchange.history.ForeignHistory`` of a folder; its keys are paths from there, with slashes.

    It is listed once, when it is opened; sidecars and tags are read when a generation is asked
    for. The profile is what the sidecar names, else the first folder on the way to the file.
    """

    kind = SourceKind.FOLDER

    def __init__(self, root: Path) -> None:
        self.place = root
        self.root = root
        self._signature = signature_below(root)
        self._audio: dict[str, _File] = {}
        self._beside: dict[str, _File] = {}
        unnamed = 0
        for entry in entries_below(root, deep=True):
            key = Path(entry.path).relative_to(root).as_posix()
            is_audio = has_audio_suffix(entry.name)
            if not is_audio and Path(entry.name).suffix.lower() not in sidecars.SUFFIXES:
                continue
            if not _is_text(key) or "\\" in key:
                unnamed += is_audio
                continue
            try:
                found = entry.stat()
            except OSError:
                continue
            listed = self._audio if is_audio else self._beside
            listed[key] = _File(found.st_size, found.st_mtime_ns)
        self.troubles: list[str] = []
        if unnamed:
            self.troubles.append(f"audio files whose names can't be kept: {unnamed:,}")

    def signature(self) -> str:
        """Differs once a file came or went; what was written in place only ``heads`` tells."""
        return self._signature

    def count(self) -> int:
        """How many audio files there are."""
        return len(self._audio)

    def heads(self) -> Iterator[Sequence[Head]]:
        """All audio files in batches, those changed last first."""
        newest = sorted(self._audio, key=lambda key: (-self._audio[key].changed, key))
        for start in range(0, len(newest), _BATCH):
            some = reversed(newest[start : start + _BATCH])
            yield [Head(key, self._digest(key)) for key in some]

    def listed(self) -> Sequence[Listed]:
        """All audio files, those changed last last."""
        oldest = sorted(self._audio.items(), key=lambda item: (item[1].changed, item[0]))
        return [Listed(key, file.digest, self._digest(key)) for key, file in oldest]

    def keys(self) -> Iterator[str]:
        """The paths of all audio files, in order."""
        yield from sorted(self._audio)

    def takes(self, keys: Sequence[str]) -> Sequence[ForeignTake]:
        """Audio files with what is said of them, in the order of the keys."""
        return [self._take(key) for key in keys if key in self._audio]

    def profiles(self) -> Sequence[ForeignProfile]:
        """The folders on the way to the files; sidecars may name others."""
        made: dict[str, int] = {}
        for key, file in self._audio.items():
            name = self._folder_of(key)
            made[name] = min(made.get(name, file.changed), file.changed)
        return [
            ForeignProfile(name, cleaning.name(name, "Folder"), None, "en", _moment(changed), None)
            for name, changed in made.items()
        ]

    def profile_of(self, key: str) -> ForeignProfile | None:
        """A profile that a sidecar names: its name is its key."""
        return ForeignProfile(key, key, None, "en", cleaning.BEGINNING, None)

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
        """It has none."""
        return ()

    def audio_files(self) -> Iterator[Path]:
        """Every audio file; each is a generation."""
        return (self.root / key for key in self._audio)

    def close(self) -> None:
        """Nothing is held open."""

    def _take(self, key: str) -> ForeignTake:
        file = self._audio[key]
        said, words = self._said(key)
        made = _moment(file.changed)
        text = words or sidecars.text_in_tags(self.root / key) or Path(key).stem
        created = cleaning.moment(said.get("created_at") or said.get("timestamp"), made)
        version = ForeignVersion(key, "original", key, None, None, True, created)
        return ForeignTake(
            key=key,
            digest=self._digest(key),
            profile_key=sidecars.profile_in(said) or self._folder_of(key),
            text=cleaning.text(text),
            language=cleaning.name(said.get("language"), "en"),
            status=Status.COMPLETED,
            error=None,
            seed=cleaning.whole(said.get("seed")),
            instruct=cleaning.optional_text(said.get("instruct")),
            engine=cleaning.name(said.get("engine"), ENGINE),
            model_size=cleaning.optional_name(said.get("model_size")),
            is_favorited=said.get("is_favorited") is True,
            duration=None,
            params_json=cleaning.json_text(dict(said)),
            created_at=created,
            versions=(version,),
        )

    def _said(self, key: str) -> tuple[sidecars.Said, str]:
        """What the sidecars of a file say: the JSON's object, and the words of either."""
        said: sidecars.Said = {}
        words = ""
        for name in self._sidecars(key):
            if name.lower().endswith(".json"):
                said = said or sidecars.read_json(self.root / name) or {}
                words = words or sidecars.text_in(said)
            else:
                words = words or sidecars.read_text(self.root / name)
        return said, words

    def _sidecars(self, key: str) -> list[str]:
        """Of ``a.json``, ``a.wav.json``, ``a.txt`` and ``a.wav.txt`` those that are there."""
        stem = key[: -len(Path(key).suffix)]
        names = (f"{name}{suffix}" for suffix in sidecars.SUFFIXES for name in (stem, key))
        return [name for name in names if name in self._beside]

    def _digest(self, key: str) -> str:
        beside = (self._beside[name].digest for name in self._sidecars(key))
        return " ".join((self._audio[key].digest, *beside))

    def _folder_of(self, key: str) -> str:
        first, slash, _ = key.partition("/")
        return first if slash else self.root.name or "Folder"


def _moment(changed: int) -> datetime:
    try:
        return cleaning.moment(datetime.fromtimestamp(changed / 1e9, UTC).isoformat())
    except (OverflowError, ValueError, OSError):
        return cleaning.BEGINNING


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
