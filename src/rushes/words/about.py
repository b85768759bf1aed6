"""What there is to say about a generation, as labels and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.words import snapshot, when

if TYPE_CHECKING:
    from rushes.domain.audio import AudioFacts
    from rushes.domain.generation import Generation


def settings(generation: Generation) -> list[tuple[str, str]]:
    """Give how it was made: engine, language, seed, instruct."""
    pairs = [
        ("engine", generation.engine_name),
        ("language", generation.language),
        ("seed", "" if generation.seed is None else str(generation.seed)),
        ("instruct", generation.instruct or ""),
    ]
    return [(label, value) for label, value in pairs if value]


def parameters(generation: Generation, *, ascii: bool) -> list[tuple[str, str]]:  # noqa: A002  # the flag's name everywhere
    """Give the parameter snapshot, a line for each name."""
    return snapshot.flat(generation.params_json, ascii=ascii)


def file_facts(facts: AudioFacts) -> str:
    """Give what the file is: ``24 kHz mono 16-bit, 125 KB``."""
    rate = f"{facts.sample_rate / 1000:g} kHz"
    channels = {1: "mono", 2: "stereo"}.get(facts.channels, f"{facts.channels} channels")
    depth = _DEPTHS.get(facts.subtype, facts.subtype.lower().replace("_", " "))
    kind = (
        ""
        if facts.format.startswith("WAV")
        else f" {facts.format.title() if len(facts.format) > 4 else facts.format}"
    )
    return f"{rate} {channels} {depth}{kind}, {when.size(facts.bytes)}"


_DEPTHS = {
    "PCM_U8": "8-bit",
    "PCM_S8": "8-bit",
    "PCM_16": "16-bit",
    "PCM_24": "24-bit",
    "PCM_32": "32-bit",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VORBIS": "Vorbis",
    "MPEG_LAYER_III": "MP3",
    "OPUS": "Opus",
}
