"""What the laboratory does to libraries: every kind of operation, and older libraries to open."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import soundfile

from rushes.domain.generation import Status
from rushes.store.migrations.runner import STEPS
from rushes.store.opening import open_database
from rushes.store.sqlite import DATABASE_NAME
from tests.laboratory.model import LONE, RATE, Kept, State, clip, heard
from tests.laboratory.steps import (
    AddVersion,
    Begin,
    Bench,
    Compact,
    Complete,
    Compress,
    Delete,
    DeletePreset,
    DeleteProfile,
    DeleteVersion,
    Empty,
    Expand,
    Fail,
    Favorite,
    MakeDefault,
    MoveIn,
    Note,
    Open,
    Purge,
    Rate,
    Record,
    RenameProfile,
    Repair,
    Restore,
    SavePreset,
    Step,
    Tag,
    Unpack,
    Upkeep,
)
from tests.laboratory.steps_of_stories import (
    AddItem,
    CreateStory,
    DeleteStory,
    Louder,
    RemoveFirst,
    Split,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps ``given`` in peace, and steps taken ``under_the_knife`` by one process afterwards.

    ``format`` is that of the library before, where it isn't today's; ``spoilt`` is what befalls
    it before the knife.
    """

    name: str
    given: tuple[Step, ...]
    under_the_knife: tuple[Step, ...]
    format: int | None = None
    spoilt: Callable[[Bench], None] | None = None


def lose_database(bench: Bench) -> None:
    """Somebody deleted it."""
    (bench.takes / DATABASE_NAME).unlink()


def break_database(bench: Bench) -> None:
    """Its beginning was written over."""
    with (bench.takes / DATABASE_NAME).open("r+b") as handle:
        handle.write(b"\xa5" * 8192)


def stray(bench: Bench) -> None:
    """Audio that no row names, rows whose file is elsewhere, counters that lie."""
    audio = bench.takes / "audio"
    (audio / "st").mkdir(parents=True, exist_ok=True)
    soundfile.write(audio / "st" / "stray.wav", clip(77), RATE, subtype="PCM_16")
    with closing(sqlite3.connect(bench.takes / DATABASE_NAME)) as connection:
        (key,) = connection.execute("SELECT audio_path FROM generation_versions").fetchone()
        connection.execute("UPDATE counters SET generations = generations + 1")
        connection.commit()
    aside = bench.takes / "lost+found"
    aside.mkdir(exist_ok=True)
    (bench.takes / key).rename(aside / "found.wav")


GIVEN: tuple[Step, ...] = (
    Record("one", "Anna", 1),
    Record("two", "Anna", 2),
    Record("three", "Bert", 3),
    Begin("running", "Bert"),
    Record("four", "Cleo", 4),
    Tag(("one", "two"), "keep"),
    Delete(("three",)),
)

SCENARIOS = (
    Scenario("open a new one", (), (Open(),)),
    Scenario("first record", (), (Record("first", "Anna", 9),)),
    Scenario("record", GIVEN, (Record("five", "Anna", 5), Record("six", "Dora", 6))),
    Scenario("record and move", GIVEN, (MoveIn("moved", "Anna", 7),)),
    Scenario("import an archive", GIVEN, (Unpack("six", "Dora", 6),)),
    Scenario("run", GIVEN, (Begin("later", "Dora"), Complete("later", 8))),
    Scenario("fail", GIVEN, (Begin("later", "Dora"), Fail("later"), Complete("running", 8))),
    Scenario("delete and restore", GIVEN, (Delete(("one", "four")), Restore(("one", "three")))),
    Scenario("purge", GIVEN, (Purge(("one", "three")),)),
    Scenario("empty the trash", (*GIVEN, Delete(("one", "two", "running"))), (Empty(),)),
    Scenario(
        "marks",
        GIVEN,
        (
            Rate(("one", "three"), 4),
            Favorite(("two",)),
            Tag(("one", "two", "four"), "best", ("keep",)),
            Note(("one",), "the breath before it"),
        ),
    ),
    Scenario(
        "versions",
        (*GIVEN, AddVersion("one", "hall", 11, "original")),
        (
            AddVersion("one", "cut", 12, "hall"),
            MakeDefault("one", "cut"),
            DeleteVersion("one", "hall"),
            DeleteVersion("one", "cut"),
        ),
    ),
    Scenario(
        "presets",
        (*GIVEN, SavePreset("one", "warm")),
        (SavePreset("two", "cold", "night"), DeletePreset("warm"), Purge(("two",))),
    ),
    Scenario(
        "stories",
        (*GIVEN, CreateStory("tale"), AddItem("tale", "one", 0), AddItem("tale", "two", 500)),
        (
            AddItem("tale", "four", 900),
            Split("tale", 100, 375),
            Purge(("one", "two")),
            RemoveFirst("tale"),
            DeleteStory("tale", for_good=True),
        ),
    ),
    Scenario("profiles", GIVEN, (RenameProfile("Anna", "Ann"), DeleteProfile("Ann"), Empty())),
    Scenario("compress", GIVEN, (Compress(("one", "three", "running")),)),
    Scenario("expand", (*GIVEN, Compress(("one", "two"))), (Expand(("two", "one")),)),
    Scenario("upkeep", GIVEN, (Upkeep(), Compact(), Rate(("one",), 2))),
    Scenario("lost database", GIVEN, (Repair(),), spoilt=lose_database),
    Scenario("broken database", (*GIVEN, Upkeep()), (Repair(),), spoilt=break_database),
    Scenario("stray files", GIVEN, (Repair(),), spoilt=stray),
    Scenario("from format 1", (), (Open(), Record("new", "Anna", 5)), format=1),
    Scenario("from format 4", (), (Open(),), format=4),
    Scenario("from format 2", (), (Open(), Delete(("old 1",)), Empty()), format=2),
)


def older(bench: Bench, version: int) -> State:
    """Make a library as the frozen steps up to ``version`` made it, with takes in it."""
    bench.takes.mkdir(parents=True)
    open_database(bench.takes, steps=STEPS[:version]).close()
    state = State()
    with closing(sqlite3.connect(bench.takes / DATABASE_NAME)) as connection:
        connection.execute(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " VALUES ('p', 'Anna', 'anna', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        )
        for number in range(3):
            key = f"audio/ol/old-{number}.wav"
            file = bench.takes / key
            file.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(file, clip(number), RATE, subtype="PCM_16")
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            moment = f"2026-01-01 00:00:0{number}"
            connection.execute(
                "INSERT INTO generations (id, profile_id, created_at, duration, language_fold,"
                " engine_fold, text, text_fold, audio_path, status)"
                " VALUES (?, 'p', ?, ?, 'en', 'qwen', ?, ?, ?, 'completed')",
                (
                    f"old-{number}",
                    moment,
                    len(clip(number)) / RATE,
                    f"old {number}",
                    f"old {number}",
                    key,
                ),
            )
            connection.execute(
                "INSERT INTO generation_versions (id, generation_id, label, audio_path,"
                " is_default, created_at, sample_rate, channels, frames, bytes, sha256, format,"
                " subtype, peak, waveform) VALUES (?, ?, 'original', ?, 1, ?, ?, 1, ?, ?, ?, 'WAV',"
                " 'PCM_16', 0.5, zeroblob(128))",
                (
                    f"version-{number}",
                    f"old-{number}",
                    key,
                    moment,
                    RATE,
                    len(clip(number)),
                    file.stat().st_size,
                    digest,
                ),
            )
            state = state.put(f"old {number}", Kept("Anna", audio=heard(number)))
        connection.commit()
    return state


def at_random(chance: random.Random, state: State, count: int, fresh: int) -> list[Step]:
    """Steps that a library in that state can take; new texts are numbered from ``fresh`` on."""
    steps: list[Step] = []
    for number in range(fresh, fresh + count):
        step = _one(chance, state, number)
        steps.append(step)
        state = step.after(state)
    return steps


def _one(chance: random.Random, state: State, number: int) -> Step:
    name = chance.choice(["Anna", "Bert", "Cleo"])
    text = f"take {number}"
    some = tuple(chance.sample(sorted(state.kept), min(len(state.kept), chance.randint(1, 3))))
    running = [one for one, kept in sorted(state.kept.items()) if kept.status is Status.PENDING]
    record = Record(text, name, number % 40)
    choices: Sequence[Step] = [record, record, Begin(text, name), MoveIn(text, name, number % 40)]
    if some:
        choices = [
            *choices,
            Delete(some),
            Delete(some),
            Restore(some),
            Purge(some[:1]),
            Empty(),
            Rate(some, chance.randint(1, 5)),
            Favorite(some),
            Tag(some, chance.choice(["best", "keep"]), ("keep",)),
            Note(some, f"note {number}"),
        ]
    choices = [*choices, *_of_versions(chance, state, number), *_of_stories(state, number)]
    if running:
        choices = [*choices, Complete(running[0], number % 40), Fail(running[-1])]
    if name in state.profiles:
        choices = [*choices, DeleteProfile(name)]
    return chance.choice(choices)


def _of_versions(chance: random.Random, state: State, number: int) -> list[Step]:
    """What can be done to the versions of some generation, and to presets."""
    audible = [text for text, kept in sorted(state.kept.items()) if kept.audio is not None]
    choices: list[Step] = [DeletePreset(path) for path in sorted(state.presets)[:1]]
    if audible:
        text = chance.choice(audible)
        labels = [one.label for one in state.kept[text].variants()]
        label = chance.choice(labels)
        choices += [
            AddVersion(text, f"version {number}", number % 40, label),
            MakeDefault(text, label),
            SavePreset(text, f"preset {number}"),
        ]
        # The original stays, so that it is known what is the default next.
        choices += [DeleteVersion(text, one) for one in labels[:2] if one != LONE]
    return choices


def _of_stories(state: State, number: int) -> list[Step]:
    """What can be done to the stories, of which there are two at most."""
    choices: list[Step] = [CreateStory(f"story {number}")] if len(state.stories) < 2 else []
    audible = [
        text
        for text, kept in sorted(state.kept.items())
        if kept.audio is not None and not kept.trashed
    ]
    for name, items in sorted(state.stories.items()):
        choices += [AddItem(name, text, 1_000 * number) for text in audible[-1:]]
        choices += [RemoveFirst(name), Louder(name)] if items else [DeleteStory(name)]
    return choices
