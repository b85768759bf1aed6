"""``show``: everything there is to know about one take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rushes.cli.documents import audio_file, take_document
from rushes.cli.options import AsJson, Context, Id
from rushes.cli.output import has_colour, json_result, result, width
from rushes.cli.session import session_of
from rushes.cli.takes import Drawing, profile_of, waveform_of
from rushes.cli.version_lines import version_lines
from rushes.domain.generation import HIGHEST_RATING, Generation
from rushes.domain.health import FAULTS
from rushes.domain.quality_words import Finding, findings, loudness
from rushes.domain.text import printable, steady
from rushes.words.about import file_facts
from rushes.words.snapshot import flat
from rushes.words.when import full, length, playhead

if TYPE_CHECKING:
    from rushes.library import Library

_LABEL = 10
_WAVE = 64
_NAME = 42

Pair = tuple[str, str]


def show(context: Context, *, take: Id, as_json: AsJson = False) -> None:
    """Show one take whole: text, settings, versions, files."""
    session = session_of(context)
    with session.library() as library:
        generation = library.generations.get(take)
        if as_json:
            json_result(take_document(library, generation))
            return
        drawing = Drawing(width(), session.ascii, has_colour())
        for line in _lines(library, generation, drawing):
            result(line)


def _lines(library: Library, generation: Generation, drawing: Drawing) -> list[str]:
    lines = _pairs(_facts(library, generation), _LABEL)
    if generation.facts is not None:
        wave = waveform_of(generation, min(_WAVE, drawing.width - 2), drawing)
        lines += ["", drawing.paint(f"  {wave}", "34")]
    lines.append("")
    lines += [f"  {line}" for line in printable(generation.text).split("\n")]
    parameters = flat(generation.params_json, ascii=drawing.ascii)
    if parameters:
        widest = min(_NAME, max(len(steady(name)) for name, _ in parameters))
        lines += ["", "parameters", *_pairs(parameters, widest, indent="  ")]
    versions = library.versions.list(generation.id)
    if versions:
        lines += ["", "versions", *version_lines(library, versions, ascii=drawing.ascii)]
    return lines


def _facts(library: Library, row: Generation) -> list[Pair]:
    status = f"{row.status.value}: {row.error}" if row.error else row.status.value
    pairs = [
        ("id", row.id),
        ("profile", profile_of(row)),
        ("made", full(row.created_at)),
        ("deleted", full(row.deleted_at) if row.deleted_at else ""),
        ("status", status),
        ("length", length(row.duration) if row.duration is not None else ""),
        ("engine", row.engine_name),
        ("language", row.language),
        ("seed", "" if row.seed is None else str(row.seed)),
        ("instruct", row.instruct or ""),
        ("favourite", "yes" if row.is_favorited else ""),
        ("rating", f"{row.rating} of {HIGHEST_RATING}" if row.rating else ""),
        ("tags", ", ".join(row.tags)),
        ("note", row.note or ""),
        ("stories", ", ".join(one.name for one in library.stories.using(row.id))),
        ("audio", file_facts(row.facts) if row.facts else ""),
        ("file", _file(library, row) if row.audio_path else ""),
        ("fault", FAULTS[row.fault] if row.fault else ""),
        ("loudness", loudness(row.facts.quality) if row.facts and row.facts.quality else ""),
        *(("flag", _found(one)) for one in findings(row.flags, row.facts, row.text)),
    ]
    return [(label, value) for label, value in pairs if value]


def _found(finding: Finding) -> str:
    at = f", at {playhead(finding.begins)}" if finding.begins else ""
    return f"{finding.told}{at}"


def _file(library: Library, row: Generation) -> str:
    return audio_file(library, row) or f"{row.audio_path} (missing)"


def _pairs(pairs: Sequence[Pair], widest: int, indent: str = "") -> list[str]:
    return [f"{indent}{steady(label):<{widest}}  {steady(value)}" for label, value in pairs]
