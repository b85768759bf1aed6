"""When a clip gets which flag: one table of thresholds with where they are from, and the rules."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.quality import NO_FLAG, Measures, Quality, QualityFlag
from rushes.domain.speech_rate import letters


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number beyond which something is flagged, its unit, and where it is from."""

    value: float
    unit: str
    source: str


TABLE: dict[str, Threshold] = {
    "full scale": Threshold(
        32767 / 32768, "of full scale", "the highest sample that 16 bits can hold"
    ),
    "clipped run": Threshold(
        3, "samples", "Audacity's Find Clipping: its threshold to start; one is a loud clip's peak"
    ),
    "flat run": Threshold(
        4, "samples", "our own: below full scale the tops of low tones are nearly flat as well"
    ),
    "flat runs": Threshold(
        5, "runs", "our own: the same for a clip that was clipped first and turned down afterwards"
    ),
    "flat peak": Threshold(0.1, "of full scale", "-20 dBFS; quieter, whole steps look flat"),
    "silence": Threshold(
        -60.0, "dBFS RMS", "ACX audiobook requirements: the highest floor of noise that is silence"
    ),
    "below the loudest": Threshold(
        -40.0, "dB", "EBU Tech 3342 takes what is over 20 dB down for background; twice that"
    ),
    "leading": Threshold(1.0, "s", "ACX audiobook requirements: the longest head of a chapter"),
    "trailing": Threshold(
        1.5, "s", "our own: half a second over the longest head, as rooms ring after speech"
    ),
    "active": Threshold(-20.0, "dB", "EBU Tech 3342: the gate that tells speech from background"),
    "cut off": Threshold(
        -20.0, "dB", "the same: what is no background at the very end goes on beyond it"
    ),
    "quiet": Threshold(-33.0, "LUFS", "EBU R 128: 10 LU below its -23 LUFS"),
    "loud": Threshold(-9.0, "LUFS", "AES TD1008: 5 LU above the loudest it lets music be, -14"),
    "true peak": Threshold(
        1.0, "dBTP", "EBU R 128: none above -1; our own: 2 dB more, as lossy coders add some"
    ),
    "fast": Threshold(
        25.0, "letters/s", "Pellegrino et al. 2011: 8 syllables/s are the fastest speech; 3 letters"
    ),
    "slow": Threshold(
        4.0, "letters/s", "the same: 5 syllables/s are slow; a third of that, with pauses"
    ),
    "enough text": Threshold(16, "letters", "our own: a word or two may be drawn out or called"),
    "dc": Threshold(0.01, "of full scale", "our own: -40 dBFS, a click when it starts and stops"),
    "length": Threshold(0.15, "s", "an MP3 is up to 0.1 s longer than what it was made of"),
    "length in part": Threshold(0.02, "of the length", "times that were rounded or resampled"),
}
"""Every threshold, by name."""


def limit(name: str) -> float:
    """The number of a threshold."""
    return TABLE[name].value


def silence_below(loudest: float) -> float:
    """The RMS in dBFS below which 20 ms of a clip are silence; ``loudest`` is its loudest 20 ms."""
    return max(limit("silence"), loudest + limit("below the loudest"))


def judged(
    quality: Quality, duration: float, text: str, recorded: float | None = None
) -> QualityFlag:
    """The flags of a clip of that ``duration`` in seconds which says ``text``.

    ``recorded`` is how long it is by the record of whoever made it, if anybody said so. Whether
    the same sound is elsewhere isn't told by it alone: ``DUPLICATE`` comes from the store.
    """
    heard = quality.measures
    flags = QualityFlag.LENGTH if _differs(duration, recorded) else NO_FLAG
    if abs(heard.offset) > limit("dc"):
        flags |= QualityFlag.OFFSET
    if is_silent(heard):
        return flags | QualityFlag.SILENT
    flags |= _of_level(quality, heard)
    assert heard.begins is not None
    assert heard.ends is not None
    if heard.begins > limit("leading"):
        flags |= QualityFlag.LEADING
    if duration - heard.ends > limit("trailing"):
        flags |= QualityFlag.TRAILING
    count = letters(text)
    # What isn't spoken, a texture or a loop, needn't end in silence.
    if count and heard.last is not None and heard.last > limit("cut off"):
        flags |= QualityFlag.CUTOFF
    return flags | _of_rate(count, heard.ends - heard.begins)


def is_silent(heard: Measures) -> bool:
    """Whether nothing is to be heard in it."""
    return heard.loudest is None or heard.begins is None or heard.loudest < limit("silence")


def is_clipped(heard: Measures) -> bool:
    """Whether its peaks are cut flat, at full scale or below."""
    if heard.ceiling >= _round_down(limit("full scale")):
        return heard.clipped > 0
    return heard.clipped >= limit("flat runs") and heard.ceiling >= limit("flat peak")


def letters_a_second(text: str, seconds: float) -> float | None:
    """How fast a text is spoken in that time; None where it is too short to tell."""
    return _rate(letters(text), seconds)


def _of_level(quality: Quality, heard: Measures) -> QualityFlag:
    flags = QualityFlag.CLIPPED if is_clipped(heard) else NO_FLAG
    if quality.lufs is None or quality.lufs < limit("quiet"):
        return flags | QualityFlag.QUIET
    too_high = quality.true_peak is not None and quality.true_peak > limit("true peak")
    if quality.lufs > limit("loud") or too_high:
        flags |= QualityFlag.LOUD
    return flags


def _rate(count: float, seconds: float) -> float | None:
    return count / seconds if count >= limit("enough text") and seconds > 0 else None


def _of_rate(count: float, seconds: float) -> QualityFlag:
    rate = _rate(count, seconds)
    if rate is None:
        return NO_FLAG
    if rate > limit("fast"):
        return QualityFlag.FAST
    return QualityFlag.SLOW if rate < limit("slow") else NO_FLAG


def _differs(duration: float, recorded: float | None) -> bool:
    if recorded is None or recorded <= 0:
        return False
    difference = abs(duration - recorded)
    return difference > limit("length") and difference > limit("length in part") * duration


def _round_down(value: float) -> float:
    """As ceilings are kept: to five places."""
    return int(value * 1e5) / 1e5
