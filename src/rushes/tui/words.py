"""What there is to say about a generation, as labels and values."""

from __future__ import annotations

import json

from rich.cells import cell_len, chop_cells

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.text import steady
from rushes.tui import when


def wrap(text: str, width: int, most: int) -> list[str]:
    """Break text into lines of ``width`` cells at most, at spaces; … ends the last of ``most``.

    Line breaks of the text are kept; words longer than a line are cut.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _wrapped(steady(paragraph), max(1, width))
        if len(lines) > most:
            kept = lines[:most]
            kept[-1] = chop_cells(kept[-1] + " ", max(1, width - 1))[0].rstrip() + "…"
            return kept
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        pieces = chop_cells(word, width) or [""]
        lines += pieces[:-1]
        line = pieces[-1]
    return [*lines, line]


def settings(generation: Generation) -> list[tuple[str, str]]:
    """Give how it was made: engine, language, seed, instruct."""
    pairs = [
        ("engine", generation.engine_name),
        ("language", generation.language),
        ("seed", "" if generation.seed is None else str(generation.seed)),
        ("instruct", generation.instruct or ""),
    ]
    return [(label, value) for label, value in pairs if value]


def parameters(generation: Generation) -> list[tuple[str, str]]:
    """Give the parameter snapshot, a line for each name."""
    return [(name, value_in_words(value)) for name, value in generation.params.items()]


def value_in_words(value: object) -> str:
    """Give a value of a snapshot as people read it: 0.7, yes, none, [12 values]."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case str():
            return value
        case list() if len(value) > 8:
            return f"[{len(value)} values]"
        case _:
            return json.dumps(value, ensure_ascii=False)


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


def effects(version: GenerationVersion) -> str:
    """Give a version's effects chain in words: ``highpass, gain``; empty for the clean one."""
    try:
        chain = json.loads(version.effects_chain_json or "[]")
    except ValueError:
        return "unreadable chain"
    if not isinstance(chain, list):
        return "unreadable chain"
    names = []
    for effect in chain:
        if isinstance(effect, dict):
            name = str(effect.get("type", "effect")).replace("_", " ")
            names.append(name if effect.get("enabled", True) else f"({name} off)")
    return ", ".join(names)
