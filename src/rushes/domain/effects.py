"""An effects chain in words, as Voicebox writes it: ``[{"type", "enabled", "params"}]``."""

from __future__ import annotations

import json
from collections.abc import Mapping

UNREADABLE = "unreadable chain"

_LABELS = {
    "room_size": "room",
    "wet_level": "wet",
    "dry_level": "dry",
    "centre_delay": "delay",
    "cutoff_frequency": "cutoff",
}
_UNITS = {"_hz": "Hz", "_db": "dB", "_ms": "ms", "_seconds": "s"}
_SIGNED = frozenset({"gain_db", "semitones"})
"""What goes up or down from nothing, so that a plus says something."""

_SAYS_IT_ALL = {
    "gain": "gain_db",
    "highpass": "cutoff_frequency_hz",
    "lowpass": "cutoff_frequency_hz",
    "pitch_shift": "semitones",
}
"""The parameter of an effect that needs no name beside it."""


def in_words(chain_json: str | None) -> str:
    """The chain as people say it: ``reverb: room 0.4, wet 0.3 · gain −3 dB (off)``.

    Empty for none. Effects and parameters of other programs are named as they are, with the unit
    that a name ends in. What is no chain is ``unreadable chain``.
    """
    try:
        chain = json.loads(chain_json or "[]")
    except (ValueError, RecursionError):
        return UNREADABLE
    if not isinstance(chain, list):
        return UNREADABLE
    return " · ".join(_effect(effect) for effect in chain if isinstance(effect, Mapping))


def _effect(effect: Mapping[str, object]) -> str:
    kind = str(effect.get("type") or "effect")
    params = effect.get("params")
    values = params if isinstance(params, Mapping) else {}
    alone = _SAYS_IT_ALL.get(kind)
    name = kind.replace("_", " ")
    if alone is not None and list(values) == [alone]:
        said = f"{name} {_value(alone, values[alone])}"
    elif values:
        listed = (f"{_label(str(key))} {_value(str(key), one)}" for key, one in values.items())
        said = f"{name}: {', '.join(listed)}"
    else:
        said = name
    return said if effect.get("enabled", True) else f"{said} (off)"


def _label(key: str) -> str:
    bare = key
    for suffix in _UNITS:
        bare = bare.removesuffix(suffix)
    return _LABELS.get(bare, bare.replace("_", " "))


def _value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return value if isinstance(value, str) else _compact(value)
    if key == "ratio":
        return f"{_number(value)}:1"
    sign = "+" if key in _SIGNED and value > 0 else ""
    if key == "semitones":
        return f"{sign}{_number(value)} {'semitone' if abs(value) == 1 else 'semitones'}"
    unit = next((unit for suffix, unit in _UNITS.items() if key.endswith(suffix)), "")
    if unit == "Hz" and abs(value) >= 1_000:
        value, unit = value / 1_000, "kHz"
    return f"{sign}{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    try:
        return f"{value:.4g}".replace("-", "−")
    except OverflowError:  # a whole number beyond any float
        return str(value).replace("-", "−")


def _compact(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return "too deep to show"
