"""Voicebox data directories of every generation of its schema, as its releases write them."""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
import soundfile

RATE = 8_000
MADE = "2026-03-01 12:00:00.000000"


class Release(Enum):
    """The three generations of the schema."""

    FIRST = "0.1.x"
    SECOND = "0.2 to 0.4"
    THIRD = "0.5"


_PROFILES = {
    Release.FIRST: "id, name, description, language, created_at, updated_at",
    Release.SECOND: (
        "id, name, description, language, avatar_path, effects_chain, created_at, updated_at"
    ),
    Release.THIRD: (
        "id, name, description, language, avatar_path, effects_chain, voice_type, preset_engine,"
        " preset_voice_id, design_prompt, default_engine, personality, created_at, updated_at"
    ),
}
_OLD = "id, profile_id, text, language, audio_path, duration FLOAT, seed INTEGER, instruct"
_NEW = f"{_OLD}, engine, model_size, status, error, is_favorited BOOLEAN"
_GENERATIONS = {
    Release.FIRST: f"{_OLD}, created_at",
    Release.SECOND: f"{_NEW}, created_at",
    Release.THIRD: f"{_NEW}, source VARCHAR NOT NULL, created_at",
}
_OTHERS = (
    "profile_samples (id, profile_id, audio_path, reference_text)",
    "stories (id, name, description, created_at, updated_at)",
    (
        "story_items (id, story_id, generation_id, version_id, start_time_ms INTEGER,"
        " track INTEGER, trim_start_ms INTEGER, trim_end_ms INTEGER, volume FLOAT, created_at)"
    ),
)
_LATER = (
    (
        "generation_versions (id, generation_id, label, audio_path, effects_chain,"
        " source_version_id, is_default BOOLEAN, created_at)"
    ),
    (
        "effect_presets (id, name, description, effects_chain, is_builtin BOOLEAN,"
        " sort_order INTEGER, created_at)"
    ),
)


def new_key() -> str:
    """An id as Voicebox gives them."""
    return str(uuid.uuid4())


@dataclass
class Voicebox:
    """A data directory that a test fills."""

    folder: Path
    release: Release = Release.THIRD
    profiles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "generations").mkdir(parents=True, exist_ok=True)
        with self.writing() as database:
            tables = [f"profiles ({_PROFILES[self.release]})"]
            tables.append(f"generations ({_GENERATIONS[self.release]})")
            tables.extend(_OTHERS)
            if self.release is not Release.FIRST:
                tables.extend(_LATER)
            for table in tables:
                database.execute(f"CREATE TABLE {_typed(table)}")

    @property
    def database(self) -> Path:
        return self.folder / "voicebox.db"

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection as its own program holds one; committed at the end."""
        with closing(sqlite3.connect(self.database, timeout=30)) as database:
            yield database
            database.commit()

    def insert(self, table: str, **values: object) -> None:
        """Add a row; columns that this release lacks are left out."""
        with self.writing() as database:
            known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            kept = {name: value for name, value in values.items() if name in known}
            marks = ", ".join("?" * len(kept))
            database.execute(
                f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", tuple(kept.values())
            )

    def profile(self, name: str, **values: object) -> str:
        """A profile, made once; gives its key."""
        if name not in self.profiles:
            self.profiles[name] = new_key()
            row = {"language": "en", "created_at": MADE, "updated_at": MADE, **values}
            self.insert("profiles", id=self.profiles[name], name=name, **row)
        return self.profiles[name]

    def audio(self, name: str, seconds: float = 0.05, rate: int = RATE) -> str:
        """A file of sound in ``generations``; gives its path as Voicebox writes it."""
        path = self.folder / "generations" / name
        at = np.arange(round(seconds * rate))
        soundfile.write(path, np.sin(at / 5) * 0.5, rate)
        return f"generations/{name}"

    def take(
        self,
        text: str = "Hello",
        *,
        profile: str = "Anna",
        seconds: float | None = 0.05,
        version: bool = True,
        **values: object,
    ) -> str:
        """A generation with its file, unless ``seconds`` is None, and a version; gives its key."""
        key = str(values.pop("id", new_key()))
        row: dict[str, object] = {
            "profile_id": self.profile(profile) if profile else new_key(),
            "text": text,
            "language": "en",
            "audio_path": "" if seconds is None else self.audio(f"{key}.wav", seconds),
            "duration": seconds or 0.0,
            "seed": None,
            "engine": "qwen",
            "model_size": "1.7B",
            "status": "completed",
            "is_favorited": False,
            "source": "manual",
            "created_at": MADE,
            **values,
        }
        self.insert("generations", id=key, **row)
        if version and row["audio_path"] and self.release is not Release.FIRST:
            self.version(key, str(row["audio_path"]), "original", is_default=True)
        return key

    def version(self, generation: str, audio_path: str, label: str, **values: object) -> str:
        """A version; gives its key."""
        key = new_key()
        row = {"is_default": False, "created_at": MADE, **values}
        self.insert(
            "generation_versions",
            id=key,
            generation_id=generation,
            audio_path=audio_path,
            label=label,
            **row,
        )
        return key

    def change(self, sql: str, *parameters: object) -> None:
        """Whatever else its program does."""
        with self.writing() as database:
            database.execute(sql, parameters)


def state_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Every file and folder below: hash, time of change, mode."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        about = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        hashed = hashlib.sha256(content).hexdigest()
        found[str(path)] = (hashed, about.st_mtime_ns, about.st_mode)
    return found


def _typed(table: str) -> str:
    """Voicebox's ids are ``VARCHAR NOT NULL`` primary keys."""
    return table.replace("(id,", "(id VARCHAR NOT NULL PRIMARY KEY,", 1)
