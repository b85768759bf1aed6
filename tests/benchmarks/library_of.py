"""A library of any size, made in seconds: rows as recording would leave them, without files.

python tests/benchmarks/library_of.py FOLDER ROWS
"""

from __future__ import annotations

import math
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rushes.domain.text import fold
from rushes.domain.times import to_stored
from rushes.domain.waveform import BUCKETS, pack
from rushes.store.journal.journal import settle
from rushes.store.migrations import step_0002, step_0006
from rushes.store.opening import open_database
from rushes.store.sqlite import DATABASE_NAME

_TEXT = """
the of and to in a is that it was for on are as with his they at be this from have or by one had
not but what all were when we there can an your which their said if do will each about how up out
them then she many some so these would other into has more her two like him see time could no make
than first been its who now people my made over did down only way find use may water long little
"""
_WORDS = _TEXT.split()
_RARE = [
    a + b + c
    for a in ("ka", "lu", "mor", "zin")
    for b in ("ve", "tra", "qui", "bo", "nex")
    for c in ("lan", "dur", "fex", "pim", "gost", "wyn", "jor", "shik", "umb", "yal")
] + [f"{word}{ending}" for word in _WORDS[:90] for ending in ("wort", "zeug", "keit", "nix")]
"""Words of a long tail: each is in one text of some thousands."""
_KANJI = [chr(code) for code in range(0x4E00, 0x4E00 + 400)]
_PROFILES = ("Anna", "Narrator", "Robot", "Zoë", "Old man", "児玉", "Whisper", "News desk")
_ENGINES = (("qwen", "1.7B"), ("qwen", "0.6B"), ("luxtts", None), ("chatterbox", "turbo"))
_LANGUAGES = ("en", "en", "en", "de", "ja", "en-GB")
_BATCH = 10_000
_INDEXES = {**step_0002.INDEXES, **step_0006.INDEXES}
_TRIGGERS = {**step_0002.TRIGGERS, **step_0006.TRIGGERS}
_REBUILD = (*step_0006.REBUILD, *step_0002.REBUILD)
_RATE = 24_000
_HEARD = "flags, lufs, true_peak, sound_hash"


def make_library(
    path: Path, rows: int, *, seed: int = 1, newest: datetime | None = None, takes: int = 1
) -> None:
    """Fill a fresh library at ``path`` with ``rows`` generations, the last made at ``newest``.

    Each line is spoken ``takes`` times by the same profile, one after another.
    One in 500 failed, one in 5,000 is pending, one in 50 lies in the trash; the rest is completed
    and has an "original" of 24 kHz mono, which was listened to: nobody looks for what isn't there
    in ``audio/``, and writes that down, while something else is measured.
    """
    open_database(path).close()
    chance = random.Random(seed)
    last = newest or datetime(2026, 11, 1, 12, tzinfo=UTC)
    with closing(sqlite3.connect(path / DATABASE_NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        stamp = to_stored(last - timedelta(days=1000))
        connection.execute("PRAGMA cache_size=-400000")
        connection.execute("BEGIN")
        _without_keeping_in_step(connection)
        connection.executemany(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?)",
            [(_identity(chance), name, fold(name), stamp, stamp) for name in _PROFILES],
        )
        profiles = [row[0] for row in connection.execute("SELECT id FROM profiles")]
        waveforms = [_waveform(chance) for _ in range(64)]
        made = 0
        source = _rows(chance, rows, last, profiles, waveforms, takes=takes)
        while made < rows:
            batch = [row for _, row in zip(range(min(_BATCH, rows - made)), source, strict=False)]
            connection.executemany(
                "INSERT INTO generations (id, profile_id, status, created_at, deleted_at,"
                " is_favorited, rating, duration, seed, language, language_fold, engine,"
                " engine_fold, model_size, model_fold, audio_path, text_fold, text, error,"
                f" {_HEARD}) VALUES (?{', ?' * 22})",
                [generation for generation, _ in batch],
            )
            connection.executemany(
                "INSERT INTO generation_versions (id, generation_id, label, audio_path, is_default,"
                " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak,"
                f" waveform, measures, {_HEARD}) VALUES (?, ?, 'original', ?, 1, ?, 24000, 1,"
                " ?, ?, ?, 'WAV', 'PCM_16', 0.8, ?, '{}', ?, ?, ?, ?)",
                [version for _, version in batch if version is not None],
            )
            made += len(batch)
        for statement in (*_INDEXES.values(), *_REBUILD, *_TRIGGERS.values()):
            connection.execute(statement)
        connection.execute("COMMIT")
    with closing(open_database(path)) as database:
        settle(database)  # the journal: no first write that is measured has to write it


def _without_keeping_in_step(connection: sqlite3.Connection) -> None:
    """Drop what is made faster once all rows are there."""
    for name in _TRIGGERS:
        connection.execute(f"DROP TRIGGER {name}")
    for name in _INDEXES:
        connection.execute(f"DROP INDEX {name}")


_Values = tuple[object, ...]


def _rows(
    chance: random.Random,
    rows: int,
    last: datetime,
    profiles: list[str],
    waveforms: list[bytes],
    *,
    takes: int,
) -> Iterator[tuple[_Values, _Values | None]]:
    # Runs of takes seconds apart, then a pause: what an evening's work looks like.
    moment = last - timedelta(seconds=40 * rows)
    for number in range(rows):
        moment += timedelta(seconds=40)
        identity = _identity(chance)
        if number % takes == 0:
            language = chance.choice(_LANGUAGES)
            text = _spoken(chance, language)
            profile = ""
        status = (
            "failed" if number % 500 == 7 else "pending" if number % 5_000 == 9 else "completed"
        )
        frames = round(chance.lognormvariate(1.2, 0.6) * _RATE)
        made = to_stored(moment)
        audio_path = f"audio/{identity[:2]}/{identity}.wav" if status == "completed" else None
        engine, model = chance.choice(_ENGINES)
        profile = profile or chance.choice(profiles)
        heard = (0, -30 + number % 160 / 10, -1.5, number)
        generation: _Values = (
            identity,
            profile,
            status,
            made,
            made if number % 50 == 3 else None,
            number % 17 == 0,
            chance.randint(1, 5) if number % 6 == 0 else None,
            frames / _RATE if audio_path else None,
            chance.getrandbits(31),
            language,
            fold(language),
            engine,
            fold(engine),
            model,
            fold(model) if model else None,
            audio_path,
            fold(text),
            text,
            "CUDA out of memory" if status == "failed" else None,
            *(heard if audio_path else (None,) * len(heard)),
        )
        version: _Values = (
            _identity(chance),
            identity,
            audio_path,
            made,
            frames,
            44 + 2 * frames,
            f"{chance.getrandbits(256):064x}",
            waveforms[number % len(waveforms)],
            *heard,
        )
        yield generation, version if audio_path else None


def _spoken(chance: random.Random, language: str) -> str:
    if language == "ja" and chance.random() < 0.5:
        return "".join(chance.choices(_KANJI, k=chance.randint(8, 40))) + "。"
    words = chance.choices(_WORDS, k=chance.randint(6, 24))
    if chance.random() < 0.3:
        words.insert(chance.randint(0, len(words)), chance.choice(_RARE))
    return " ".join(words).capitalize() + "."


def _identity(chance: random.Random) -> str:
    raw = f"{chance.getrandbits(128):032x}"
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"


def _waveform(chance: random.Random) -> bytes:
    syllables = chance.uniform(2, 7)
    peaks = [
        min(1.0, abs(math.sin(syllables * math.pi * at / BUCKETS)) * chance.uniform(0.3, 0.9))
        for at in range(BUCKETS)
    ]
    return pack([0.6 * peak for peak in peaks], peaks)


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    started = time.perf_counter()
    make_library(folder, rows)
    print(f"{rows:,} generations in {time.perf_counter() - started:.1f} s: {folder}")


if __name__ == "__main__":
    main()
