"""ZIP archives put together byte by byte, so that they can lie."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile

RATE = 8_000
MADE = "2026-03-01T12:00:00.123456"
TAKE = "11111111-2222-4333-8444-555555555555"
PROFILE = "99999999-2222-4333-8444-555555555555"


@dataclass(frozen=True, slots=True)
class Part:
    """An entry; what is None is what it should be. ``packed`` replaces the bytes as they lie."""

    name: str | bytes
    data: bytes = b""
    method: int = 0
    flags: int = 0
    attributes: int = 0
    size: int | None = None
    crc: int | None = None
    packed: bytes | None = None
    offset: int | None = None
    local_name: bytes | None = None


def zipped(parts: Iterable[Part], *, entries: int | None = None, comment: bytes = b"") -> bytes:
    """An archive of these; ``entries`` is how many its end says."""
    body, directory, count = bytearray(), bytearray(), 0
    for part in parts:
        count += 1
        name = part.name if isinstance(part.name, bytes) else part.name.encode()
        flags = part.flags | (0 if name.isascii() else 0x800)
        packed = _packed(part)
        crc = zlib.crc32(part.data) if part.crc is None else part.crc
        size = len(part.data) if part.size is None else part.size
        about = struct.pack("<HHHHLLL", flags, part.method, 0, 0x5C21, crc, len(packed), size)
        local = name if part.local_name is None else part.local_name
        at = len(body) if part.offset is None else part.offset
        body += struct.pack("<4sH", b"PK\3\4", 20) + about
        body += struct.pack("<HH", len(local), 0) + local + packed
        directory += struct.pack("<4sHH", b"PK\1\2", 0x0314, 20) + about
        directory += struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, part.attributes, at) + name
    count = count if entries is None else entries
    end = (0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(body), len(comment))
    return bytes(body + directory + struct.pack("<4s4H2LH", b"PK\5\6", *end) + comment)


def _packed(part: Part) -> bytes:
    if part.packed is not None:
        return part.packed
    if part.method != 8:
        return part.data
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packing.compress(part.data) + packing.flush()


def wav(seconds: float = 0.1, pitch: float = 200.0, subtype: str = "PCM_16") -> bytes:
    """A WAV file of a tone."""
    return _file("WAV", seconds, pitch, subtype)


def flac(seconds: float = 0.1, pitch: float = 300.0) -> bytes:
    """A FLAC file of a tone."""
    return _file("FLAC", seconds, pitch, "PCM_16")


def _file(form: str, seconds: float, pitch: float, subtype: str) -> bytes:
    target = io.BytesIO()
    at = np.arange(max(1, round(seconds * RATE)))
    tone = np.sin(2 * np.pi * pitch * at / RATE) * 0.5
    soundfile.write(target, tone, RATE, format=form, subtype=subtype)
    return target.getvalue()


def manifest(**changed: Any) -> dict[str, Any]:  # any JSON
    """Voicebox's manifest of a generation; ``changed`` replaces fields of the generation."""
    generation = {
        "id": TAKE,
        "text": "Hello [laughs]",
        "language": "en",
        "duration": 0.1,
        "seed": 7,
        "instruct": None,
        "created_at": MADE,
    }
    profile = {"id": PROFILE, "name": "Anna", "description": "cloned", "language": "en"}
    return {"version": "1.0", "generation": generation | changed, "profile": profile}


def document(value: object) -> bytes:
    """A value as JSON."""
    return json.dumps(value).encode()


def voicebox(*more: Part, audio: bytes | None = None, **changed: Any) -> bytes:  # any JSON
    """A generation of Voicebox 0.1.x, and more in the same archive."""
    return zipped(
        [
            Part("manifest.json", document(manifest(**changed)), 8),
            Part(f"audio/{TAKE}.wav", wav() if audio is None else audio),
            *more,
        ]
    )


def record(**changed: Any) -> dict[str, Any]:  # any JSON
    """A generation's record as it is documented."""
    return {
        "id": TAKE,
        "profile_id": PROFILE,
        "profile_name": "Anna",
        "text": "Hello",
        "language": "en",
        "audio_path": "generations/x.wav",
        "duration": 0.1,
        "seed": 7,
        "instruct": "calm",
        "engine": "qwen",
        "model_size": "1.7B",
        "status": "completed",
        "error": None,
        "is_favorited": True,
        "created_at": f"{MADE}Z",
        **changed,
    }


def documented(**changed: Any) -> bytes:  # any JSON
    """The documented archive: a record and its audio."""
    return zipped([Part("generation.json", document(record(**changed))), Part("audio.wav", wav())])


def own_version(key: str, file: str, audio: bytes, **changed: Any) -> dict[str, Any]:  # any JSON
    """A version as rushes writes it."""
    return {
        "id": key,
        "label": "original",
        "file": file,
        "effects_chain_json": None,
        "source_version_id": None,
        "is_default": True,
        "created_at": f"{MADE}Z",
        "sha256": hashlib.sha256(audio).hexdigest(),
        "bytes": len(audio),
        **changed,
    }


def own_record(
    versions: Sequence[dict[str, Any]], changed: dict[str, Any] | None = None, **inside: Any
) -> dict[str, Any]:
    """A record of rushes; ``changed`` replaces fields of it, others what is inside."""
    profile = {
        "id": PROFILE,
        "name": "Anna",
        "description": None,
        "language": "en",
        "created_at": "2026-01-01T00:00:00.000001Z",
        "updated_at": "2026-01-02T00:00:00.000002Z",
        "missing": False,
        "details_json": None,
    }
    rushes = {
        "format": 1,
        "rating": None,
        "note": None,
        "tags": [],
        "params_json": None,
        "profile": profile,
        "versions": list(versions),
    }
    return record(**(changed or {})) | {"rushes": rushes | inside}


def own(
    versions: Sequence[dict[str, Any]],
    files: Sequence[Part],
    changed: dict[str, Any] | None = None,
    **inside: Any,
) -> bytes:
    """An archive of rushes with the record that ``own_record`` gives."""
    whole = own_record(versions, changed, **inside)
    return zipped([*files, Part("generation.json", document(whole), 8)])


def profile(samples: dict[str, str], *more: Part, name: str = "Anna") -> bytes:
    """A profile of Voicebox with samples by the names of their files."""
    about = {"name": name, "description": "cloned", "language": "en"}
    told = {"version": "1.0", "profile": about, "has_avatar": False}
    return zipped(
        [
            Part("manifest.json", document(told)),
            Part("samples.json", document(samples)),
            *(
                Part(f"samples/{file}", wav(pitch=200.0 + 10 * number))
                for number, file in enumerate(samples)
            ),
            *more,
        ]
    )
