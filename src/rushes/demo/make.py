"""A library filled with the demo's takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from rushes.demo.script import ENGINES, LINES, PEOPLE, RUNNING, Engine, Flaw, Line, Person
from rushes.demo.tale import tell
from rushes.demo.voices import Speech, find_espeak, speak

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rushes.library import Library

_SEED = 20
_SPEAKERS = 2


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """One generation to be: its line, when it was made, its seed, rating and flaws."""

    line: Line
    person: Person
    engine: Engine
    created_at: datetime
    seed: int
    rating: int | None
    is_favorited: bool
    flaw: Flaw | None
    error: str | None


def plan(now: datetime) -> list[PlannedTake]:
    """Every take of the script, oldest first; all but the dates are the same each time."""
    chance = random.Random(_SEED)  # noqa: S311  # a script, no secret
    takes: list[PlannedTake] = []
    for day, lines in groupby(LINES, key=lambda line: line.day):
        minutes = 6.0
        for line in lines:
            for number in range(line.takes, 0, -1):
                created_at = now - timedelta(days=day, minutes=minutes)
                takes.append(_take(line, number, created_at, chance))
                minutes += chance.uniform(0.5, 3)
            minutes += chance.uniform(25, 110)
    takes.sort(key=lambda take: take.created_at)
    return takes


def make_demo(
    library: Library,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Record the demo's takes into ``library`` as if they were made over the days up to ``now``.

    A story is put together of some of them.

    ``progress`` is told how many of how many are done. Gives the number of generations.

    Raises:
        LibraryError: the library can't be written.
    """
    takes = plan(now)
    total = len(takes) + len(RUNNING)
    for person in PEOPLE:
        library.profiles.create(
            person.name, language=person.language, description=person.description
        )
    for done, (take, speech) in enumerate(_spoken(takes), start=1):
        _record(library, take, speech)
        if progress:
            progress(done, total)
    for running in RUNNING:
        person = _PEOPLE[running.person]
        engine = ENGINES[person.engine]
        library.generations.begin(
            profile=person.name,
            text=running.text,
            language=person.language,
            engine=engine.name,
            model_size=engine.model_size,
            params=engine.params,
            created_at=now - timedelta(seconds=running.seconds),
        )
    tell(library)
    if progress:
        progress(total, total)
    return total


_PEOPLE = {person.name: person for person in PEOPLE}


def _take(line: Line, number: int, created_at: datetime, chance: random.Random) -> PlannedTake:
    last, best = number == line.takes, number == max(1, line.takes - 1)
    failed = line.error is not None and last
    rating = line.best if best else chance.choice((None, None, None, 1, 2, 3))
    return PlannedTake(
        line=line,
        person=_PEOPLE[line.person],
        engine=ENGINES[line.engine or _PEOPLE[line.person].engine],
        created_at=created_at,
        seed=chance.randrange(1, 1 << 31),
        rating=None if failed else rating,
        is_favorited=line.favourite and best and not failed,
        flaw=line.flaw if last else None,
        error=line.error if failed else None,
    )


def _spoken(takes: list[PlannedTake]) -> Iterator[tuple[PlannedTake, Speech | None]]:
    """Takes with what was said, in order; the next ones are spoken meanwhile."""
    espeak = find_espeak()
    with ThreadPoolExecutor(_SPEAKERS, thread_name_prefix="demo-voice") as speakers:
        # A few at a time, so that what isn't recorded yet doesn't fill the memory.
        for start in range(0, len(takes), 4 * _SPEAKERS):
            some = takes[start : start + 4 * _SPEAKERS]
            said = [speakers.submit(_speak, take, espeak) for take in some]
            for take, future in zip(some, said, strict=True):
                yield take, future.result()


def _speak(take: PlannedTake, espeak: str | None) -> Speech | None:
    if take.error:
        return None
    language = take.line.language or take.person.language
    text = take.line.spoken or take.line.text
    speech = speak(text, take.person.voice, language=language, seed=take.seed, espeak=espeak)
    return Speech(_flawed(speech, take.flaw), speech.sample_rate)


def _flawed(speech: Speech, flaw: Flaw | None) -> NDArray[np.int16]:
    import numpy as np

    samples = speech.samples
    match flaw:
        case Flaw.CLIPPED:
            return np.clip(samples.astype(np.int32) * 4, -32768, 32767).astype(np.int16)
        case Flaw.FAINT:
            return samples // 40
        case Flaw.LATE:
            return np.pad(samples, ((0, 3 * speech.sample_rate), (0, 0)))
        case None:
            return samples


def _record(library: Library, take: PlannedTake, speech: Speech | None) -> None:
    line, engine = take.line, take.engine
    language = line.language or take.person.language
    if speech is None:
        run = library.generations.begin(
            profile=line.person,
            text=line.text,
            language=language,
            seed=take.seed,
            instruct=line.instruct,
            engine=engine.name,
            model_size=engine.model_size,
            params=engine.params,
            created_at=take.created_at,
        )
        library.generations.fail(run.id, take.error or "")
        return
    library.generations.record(
        profile=line.person,
        text=line.text,
        audio=speech.samples,
        sample_rate=speech.sample_rate,
        language=language,
        seed=take.seed,
        instruct=line.instruct,
        engine=engine.name,
        model_size=engine.model_size,
        params=engine.params,
        created_at=take.created_at,
        rating=take.rating,
        is_favorited=take.is_favorited,
    )
