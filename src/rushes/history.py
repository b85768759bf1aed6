"""small_dataset_audio's own face over a library: the same names, the same methods.

``from rushes.history import HistoryEntry, GenerationHistory`` in place of that program's import.
The library lies in the folder ``library`` of the history's; an existing ``history.json`` is copied
in the first time, and kept as it is. Nothing is ever pruned.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from rushes.domain.audio import Fault
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.errors import RushesError, SourceError
from rushes.library import Library

_PAGE = 500
_LIBRARY = "library"
_THUMBNAILS = "thumbnails"
_INDEX = "history.json"
_AUDIO_SUFFIXES = {".wav", ".flac"}
_ENGINE = "small_dataset_audio"
_NO_WORDS = "zxx"
_SUBTYPES = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}
_NUMBERS = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


@dataclass
class HistoryEntry:
    """One generation and all that it was made with.

    ``audio_file`` and ``thumbnail_file`` are relative to the history's folder.
    """

    entry_id: str
    timestamp: str
    model_id: str
    model_name: str
    slider_positions: list[int] | None
    n_components: int
    seed: int
    duration_s: float
    sample_rate: int
    stereo_mode: str
    preset_name: str
    audio_file: str
    thumbnail_file: str
    quality_score: dict[str, Any] = field(default_factory=dict)
    latent_vector: list[float] | None = None


class GenerationConfig(Protocol):
    """What a result was made with. ``bit_depth`` is 16, 24 or 32, or text that begins so."""

    bit_depth: Any
    seed: Any
    stereo_mode: Any
    latent_vector: Any


class GenerationResult(Protocol):
    """What the program's engine gives: ``audio`` is an array, lengths are in seconds."""

    audio: Any
    sample_rate: int
    duration_s: float
    quality_score: Any
    config: Any


class GenerationHistory:
    """The history in ``history_dir``, which is made where there is none.

    Warns of a ``history.json`` that can't be read, nor its copy, and goes on without; once it can
    be read it is taken over.

    Raises:
        LibraryError: the library can't be opened or written.
    """

    def __init__(self, history_dir: Path) -> None:
        self.history_dir = Path(history_dir)
        self.history_dir.mkdir(parents=True, exist_ok=True)
        self._library = Library.open(self.history_dir / _LIBRARY)
        index = self.history_dir / _INDEX
        if index.exists() or index.with_name(f"{_INDEX}.bak").exists():
            try:
                self._library.importing.take_over(index)
            except SourceError as error:
                warnings.warn(str(error), stacklevel=2)

    def add_to_history(  # noqa: PLR0917  # the face of that program
        self,
        result: GenerationResult,
        model_id: str,
        model_name: str,
        slider_positions: list[int] | None,
        n_components: int,
        preset_name: str,
    ) -> HistoryEntry:
        """Keep a result: its audio, then its thumbnail, then its entry, which is given.

        Raises:
            RushesError: it can't be written; there is no entry then.
        """
        made = datetime.now(UTC)
        config = result.config
        vector = config.latent_vector
        params = {
            "timestamp": made.isoformat(),
            "model_id": model_id,
            "model_name": model_name,
            "slider_positions": None if slider_positions is None else list(slider_positions),
            "n_components": n_components,
            "seed": config.seed,
            "duration_s": result.duration_s,
            "sample_rate": result.sample_rate,
            "stereo_mode": config.stereo_mode,
            "preset_name": preset_name or "custom",
            "quality_score": _as_mapping(result.quality_score),
            "latent_vector": vector,
        }
        drawn: list[Path] = []

        def draw(entry_id: str, audio: Path) -> None:
            drawn.append(self._thumbnail(entry_id))
            self._library.audio.thumbnail(audio, drawn[0])

        try:
            take = self._library.generations.record(
                profile=model_name,
                text="",
                audio=_frames_first(result.audio),
                sample_rate=result.sample_rate,
                language=_NO_WORDS,
                seed=config.seed,
                engine=_ENGINE,
                params=params,
                created_at=made,
                subtype=_subtype(config.bit_depth),
                beside=draw,
            )
        except RushesError:
            for picture in drawn:
                with suppress(OSError):
                    picture.unlink()
            raise
        return self._entry(take)

    def list_entries(
        self, model_id: str | None = None, limit: int | None = None
    ) -> list[HistoryEntry]:
        """The entries, newest first: all, or those of one model, or so many of them."""
        found: list[HistoryEntry] = []
        for take in self._takes():
            if limit is not None and len(found) >= limit:
                break
            entry = self._entry(take)
            if model_id is None or entry.model_id == model_id:
                found.append(entry)
        return found

    def get(self, entry_id: str) -> HistoryEntry | None:
        """The entry of that id; None without one."""
        take = self._take(entry_id)
        return None if take is None else self._entry(take)

    def delete_entry(self, entry_id: str) -> bool:
        """Delete an entry for good, its files first; whether there was one."""
        take = self._take(entry_id)
        if take is None:
            return False
        self._thumbnail(take.id).unlink(missing_ok=True)
        self._library.trash.purge(take.id)
        return True

    def get_total_size(self) -> int:
        """Bytes of all audio and thumbnails; missing files count nothing."""
        return sum(
            _size(self._library.path / (take.audio_path or "")) + _size(self._thumbnail(take.id))
            for take in self._takes()
        )

    def count(self) -> int:
        """How many entries there are."""
        return self._library.generations.count()

    def repair_history(self) -> tuple[int, int]:
        """Take entries out whose audio is missing; how many, and how many files nobody names.

        The entries go to the library's trash, and no file is deleted.
        """
        gone, named = [], set()
        for take in self._takes():
            stored = take.audio_path or ""
            named.add(stored)
            if take.fault is Fault.MISSING or not (self._library.path / stored).is_file():
                gone.append(take.id)
        self._library.generations.delete(gone)
        return len(gone), self._orphans(named)

    def close(self) -> None:
        """Close the library; a history that is let go of needs no closing."""
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _orphans(self, named: set[str]) -> int:
        """Audio that nobody names: the library's own, and what the old index didn't name."""
        trashed = {take.audio_path for take in self._takes(trashed=True)}
        mine = {
            file.relative_to(self._library.path).as_posix()
            for file in (self._library.path / "audio").rglob("*")
            if file.suffix in _AUDIO_SUFFIXES
        }
        index = self.history_dir / _INDEX
        before = self._library.sources.inspect(index).unnamed if index.exists() else 0
        return len(mine - named - trashed) + before

    def _takes(self, *, trashed: bool = False) -> Iterator[Generation]:
        query = HistoryQuery(trashed=trashed)
        view = self._library.generations.view(query)
        start = 0
        while rows := view.rows(start, _PAGE):
            yield from rows
            start += len(rows)

    def _take(self, entry_id: str) -> Generation | None:
        try:
            take = self._library.generations.get(entry_id)
        except RushesError:
            return None
        return take if take.id == entry_id and take.deleted_at is None else None

    def _entry(self, take: Generation) -> HistoryEntry:
        params = take.params
        quality = _numbers(params.get("quality_score"))
        return HistoryEntry(
            entry_id=take.id,
            timestamp=str(params.get("timestamp") or take.created_at.isoformat()),
            model_id=str(params.get("model_id") or ""),
            model_name=str(params.get("model_name") or take.profile_name),
            slider_positions=_list(params.get("slider_positions")),
            n_components=_number(params.get("n_components"), 0),
            seed=_number(params.get("seed"), take.seed or 0),
            duration_s=_number(params.get("duration_s"), take.duration or 0.0),
            sample_rate=_number(params.get("sample_rate"), 0),
            stereo_mode=str(params.get("stereo_mode") or "mono"),
            preset_name=str(params.get("preset_name") or "custom"),
            audio_file=f"{_LIBRARY}/{take.audio_path}",
            thumbnail_file=f"{_THUMBNAILS}/{take.id}.png",
            quality_score=quality if isinstance(quality, dict) else {},
            latent_vector=_list(params.get("latent_vector")),
        )

    def _thumbnail(self, entry_id: str) -> Path:
        return self.history_dir / _THUMBNAILS / f"{entry_id}.png"


def _frames_first(audio: Any) -> Any:  # noqa: ANN401  # any array, of numpy or torch
    """An array of (frames,) or (frames, channels): stereo may come as (2, frames)."""
    shape: tuple[int, ...] = tuple(getattr(audio, "shape", ()))
    return audio.T if len(shape) == 2 and shape[0] <= 2 < shape[1] else audio


def _subtype(bit_depth: object) -> str | None:
    """Libsndfile's name of a bit depth; None keeps the samples as they are."""
    digits = re.match(r"\D*(\d+)", str(bit_depth))
    return _SUBTYPES.get(int(digits[1])) if digits else None


def _as_mapping(quality: object) -> Mapping[str, object]:
    if quality is None:
        return {}
    if isinstance(quality, Mapping):
        return quality
    return asdict(quality)  # type: ignore[call-overload,no-any-return]  # it is a dataclass then


def _numbers(value: object) -> object:
    """A snapshot with the numbers that strict JSON holds as texts."""
    if isinstance(value, Mapping):
        return {str(key): _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return _NUMBERS.get(value, value) if isinstance(value, str) else value


def _list(value: object) -> list[Any] | None:
    return value if isinstance(value, list) else None


def _number(value: object, otherwise: Any) -> Any:  # noqa: ANN401  # int or float, as it was kept
    return value if isinstance(value, int | float) else otherwise


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
