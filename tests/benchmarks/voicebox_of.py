"""A Voicebox data directory of any size, made in seconds: rows as its release 0.5 writes them.

Its audio isn't there: linking reads rows, and files are measured afterwards.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.exchange.voiceboxes import Voicebox

_TEXT = (
    "the of and to in a is that it was for on are as with his they at be this from have or by one"
    " had not but what all were when we there can an your which their said if do will each about"
)
_WORDS = _TEXT.split()
_PROFILES = ("Anna", "Narrator", "Robot", "Zoë")


def make_voicebox(folder: Path, rows: int, *, seed: int = 1) -> Voicebox:
    """Fill a data directory with so many generations of about 80 characters, a version each."""
    chance = random.Random(seed)
    voicebox = Voicebox(folder)
    profiles = [voicebox.profile(name) for name in _PROFILES]
    generations, versions = [], []
    for number in range(rows):
        raw = f"{chance.getrandbits(128):032x}"
        key = f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"
        made = (
            f"2026-{1 + number % 12:02}-01 12:{number // 60 % 60:02}:{number % 60:02}.{number:06}"
        )
        path = f"generations/{key}.wav"
        text = " ".join(chance.choices(_WORDS, k=20)).capitalize() + "."
        generations.append(
            (key, profiles[number % 4], text, "en", path, 2.5, number, "qwen", "1.7B", made)
        )
        versions.append((f"{key[:-4]}beef", key, "original", path, made))
    with voicebox.writing() as database:
        database.executemany(
            "INSERT INTO generations (id, profile_id, text, language, audio_path, duration, seed,"
            " engine, model_size, created_at, status, is_favorited, source)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'completed', 0, 'manual')",
            generations,
        )
        database.executemany(
            "INSERT INTO generation_versions (id, generation_id, label, audio_path, created_at,"
            " is_default) VALUES (?, ?, ?, ?, ?, 1)",
            versions,
        )
    return voicebox
