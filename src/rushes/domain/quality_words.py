"""The flags of a clip explained: what is wrong in words, and where in the clip."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.audio import AudioFacts
from rushes.domain.quality import Measures, Quality, QualityFlag
from rushes.domain.quality_rules import letters_a_second

_LAST = 0.02
"""Seconds at the end of a clip in which it is heard whether it was cut off."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flag in words, and the part of the clip that it is about, in seconds, if it is one."""

    flag: QualityFlag
    told: str
    begins: float | None = None
    ends: float | None = None

    @property
    def is_placed(self) -> bool:
        """Whether it is about a part of the clip."""
        return self.begins is not None


def findings(flags: QualityFlag | None, facts: AudioFacts | None, text: str) -> tuple[Finding, ...]:
    """Explain the flags of a clip which says ``text``; one after another, placed ones first."""
    if not flags or facts is None or facts.quality is None:
        return ()
    heard = facts.quality.measures
    found = [_finding(flag, facts, facts.quality, heard, text) for flag in flags]
    return tuple(sorted(found, key=lambda finding: not finding.is_placed))


def words(flags: QualityFlag | None) -> list[str]:
    """The names of flags, as filters have them."""
    return [flag.word for flag in flags or ()]


def _finding(
    flag: QualityFlag, facts: AudioFacts, quality: Quality, heard: Measures, text: str
) -> Finding:
    begins, ends, duration = heard.begins or 0.0, heard.ends or 0.0, facts.duration
    match flag:
        case QualityFlag.CLIPPED:
            times = "once" if heard.clipped == 1 else f"{heard.clipped:,} times"
            first, last = (heard.places[0], heard.places[-1]) if heard.places else (None, None)
            return Finding(flag, f"clipped {times}", first, last)
        case QualityFlag.LEADING:
            return Finding(flag, f"{begins:.1f} s of silence before it begins", 0.0, begins)
        case QualityFlag.TRAILING:
            silence = duration - ends
            return Finding(flag, f"{silence:.1f} s of silence after it ends", ends, duration)
        case QualityFlag.CUTOFF:
            begins = max(0.0, duration - _LAST)
            return Finding(flag, "cut off at its end, in the middle of a sound", begins, duration)
        case QualityFlag.FAST | QualityFlag.SLOW:
            rate = letters_a_second(text, ends - begins) or 0.0
            how = "fast" if flag is QualityFlag.FAST else "slow"
            return Finding(flag, f"too {how} for its text: {rate:.0f} letters a second")
        case QualityFlag.LENGTH:
            said = "" if heard.recorded is None else f" ({heard.recorded:.2f} s)"
            told = f"{duration:.2f} s long, which isn't what its record said{said}"
            return Finding(flag, told)
        case _:
            return Finding(flag, _of_level(flag, quality, heard))


def _of_level(flag: QualityFlag, quality: Quality, heard: Measures) -> str:
    match flag:
        case QualityFlag.SILENT:
            return "silent: nothing is to be heard"
        case QualityFlag.QUIET:
            return f"too quiet: {loudness(quality)}"
        case QualityFlag.LOUD:
            return f"too loud: {loudness(quality)}"
        case QualityFlag.OFFSET:
            return f"off centre: a DC offset of {_signed(100 * heard.offset, 1)} %"
        case _:
            return "the same sound as another take"


def loudness(quality: Quality) -> str:
    """Loudness and true peak: ``−19.2 LUFS, true peak −1.0 dBTP``."""
    if quality.true_peak is None:
        return "digital silence"
    lufs = "below −70 LUFS" if quality.lufs is None else f"{_signed(quality.lufs, 1)} LUFS"
    return f"{lufs}, true peak {_signed(quality.true_peak, 1)} dBTP"


def _signed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")
