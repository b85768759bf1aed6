"""Searching and filtering give what the same question gives in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.domain.filter_language import parse
from rushes.domain.filters import (
    QUALITY_FLAGS,
    Between,
    Filter,
    Flag,
    Is,
    Made,
    NumberField,
    Term,
    TextField,
    TextIs,
    Words,
)
from rushes.domain.generation import Generation, Status
from rushes.domain.limits import MOST_FILTER_WORDS
from rushes.domain.quality import NO_FLAG
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.text import fold
from rushes.library import Library
from tests.library.takes import BEGINNING, Take, fill

ODD = [
    "%",
    "_",
    "\\",
    "'",
    '"',
    "\0",
    "ß",
    "SS",
    "é",
    "e\u0301",
    "Å",
    "İ",
    "ǆ",
    "児玉",
    "👩‍🚀",
    "ﬁ",
    " ",
]
TEXTS = st.lists(
    st.sampled_from([*ODD, "a", "B", "hello", "Hello", "[laughs]"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    max_size=6,
).map("".join)


@contextmanager
def some_library() -> Iterator[Library]:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "takes") as library:
        yield library


@given(st.lists(TEXTS, min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=8))
@settings(max_examples=30)
def test_search_finds_literally_what_python_finds(texts: list[str], sought: list[str]) -> None:
    with some_library() as library:
        fill(library, [Take(text=text) for text in texts])
        for search in [*sought, *(text[1:-1] for text in texts), *ODD]:
            page = library.generations.list(HistoryQuery(search=search, sort=Sort.OLDEST))
            assert [take.text for take in page.items] == [
                text for text in texts if fold(search) in fold(text)
            ]
            assert page.total == len(page.items)


def test_search_is_blind_to_case_and_to_how_accents_are_written() -> None:
    with some_library() as library:
        fill(library, [Take(text="Die Straße"), Take(text="Cafe\u0301"), Take(text="100 % _sure_")])
        for search, found in [
            ("STRASSE", "Die Straße"),
            ("CAFÉ", "Cafe\u0301"),
            ("0 % _S", "100 % _sure_"),
        ]:
            (take,) = library.generations.list(HistoryQuery(search=search)).items
            assert take.text == found
        assert library.generations.list(HistoryQuery(search="0_%")).total == 0
        assert library.generations.list(HistoryQuery(search="")).total == 3


def test_search_looks_at_the_text_alone_and_words_at_the_profile_too() -> None:
    with some_library() as library:
        fill(library, [Take(text="Hello", profile="Anna"), Take(text="Anna!", profile="Robot")])
        words = Filter((Words("anna"),))
        assert library.generations.list(HistoryQuery(search="anna")).total == 1
        assert library.generations.list(HistoryQuery(filter=words)).total == 2


NAMES = st.sampled_from(["Anna", "anna b", "Zoë", "Robot", "%", "n"])
ENGINES = st.sampled_from(["qwen", "Qwen-TTS", "luxtts", "Ölwerk"])
MODELS = st.none() | st.sampled_from(["1.7B", "0.6b", "B"])
LANGUAGES = st.sampled_from(["en", "en-GB", "EN", "e", "de", "eng"])
TAGS = st.lists(st.sampled_from(["keep", "Keep", "keeper", "été"]), max_size=2).map(tuple)
DURATIONS = st.none() | st.sampled_from([0.0, 0.5, 1.0, 2.5, 90.0])
SEEDS = st.none() | st.sampled_from([-(2**63), -1, 0, 42, 2**63 - 1])
TAKES = st.builds(
    Take,
    text=TEXTS,
    profile=NAMES,
    language=LANGUAGES,
    engine=ENGINES,
    model_size=MODELS,
    status=st.sampled_from(Status),
    seed=SEEDS,
    rating=st.none() | st.integers(1, 5),
    is_favorited=st.booleans(),
    duration=DURATIONS,
    tags=TAGS,
    minutes=st.integers(0, 5),
    flags=st.none() | st.sampled_from([0, 1, 2, 3, 17, 1024, 2047]),
)
VALUES = st.lists(
    (NAMES | ENGINES | LANGUAGES | st.sampled_from(["1.7b", "keep", "an", "q"])).map(fold),
    min_size=1,
    max_size=2,
).map(tuple)
MOMENTS = st.none() | st.integers(-1, 6).map(lambda count: BEGINNING + timedelta(minutes=count))
BOUNDS = st.none() | st.sampled_from([0, 1, 2.5, 3, 42, 2**63 - 1, -1])
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.builds(Words, TEXTS.map(fold), st.booleans()),
    st.builds(TextIs, st.sampled_from(TextField), VALUES, st.booleans(), st.booleans()),
    st.builds(Is, st.sampled_from(Flag), st.booleans()),
    st.builds(
        Between,
        st.sampled_from(NumberField),
        BOUNDS,
        BOUNDS,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(Made, MOMENTS, MOMENTS, st.booleans()),
)


def holds(term: Term, take: Generation) -> bool:
    return _is_so(term, take) != term.negated


def _is_so(term: Term, take: Generation) -> bool:
    match term:
        case Words():
            return term.folded in fold(take.text) or term.folded in fold(take.profile_name)
        case TextIs():
            return any(_text_is(term, value, take) for value in term.folded)
        case Is():
            if term.flag in QUALITY_FLAGS:
                return QUALITY_FLAGS[term.flag] in (take.flags or NO_FLAG)
            return {
                Flag.FAVORITE: take.is_favorited,
                Flag.FAILED: take.status is Status.FAILED,
                Flag.RUNNING: take.status.is_running,
                Flag.COMPLETED: take.status is Status.COMPLETED,
                Flag.RATED: take.rating is not None,
                Flag.TAGGED: bool(take.tags),
                Flag.ORPHAN: take.profile_missing,
                Flag.FLAGGED: bool(take.flags),
            }[term.flag]
        case Between():
            return _is_between(term, take)
        case Made():
            since = term.since is None or term.since <= take.created_at
            return since and (term.until is None or take.created_at < term.until)


def _text_is(term: TextIs, value: str, take: Generation) -> bool:
    match term.field:
        case TextField.TAG:
            return value in {fold(tag) for tag in take.tags}
        case TextField.ID:
            return take.id == value if term.exact else take.id.startswith(value)
        case TextField.LANGUAGE:
            language = fold(take.language)
            return language == value or (not term.exact and language.startswith(f"{value}-"))
        case TextField.PROFILE:
            held = take.profile_name
        case TextField.ENGINE:
            held = take.engine
        case TextField.MODEL:
            if take.model_size is None:
                return False
            held = take.model_size
    return fold(held) == value if term.exact else value in fold(held)


def _is_between(term: Between, take: Generation) -> bool:
    quality = take.facts.quality if take.facts is not None else None
    number = {
        NumberField.RATING: take.rating,
        NumberField.DURATION: take.duration,
        NumberField.SEED: take.seed,
        NumberField.LOUDNESS: None if quality is None else quality.lufs,
        NumberField.TRUE_PEAK: None if quality is None else quality.true_peak,
    }[term.field]
    if term.field is NumberField.RATING and term.low == 0 and term.high == 0:
        return number is None
    if number is None:
        return False
    if term.low is not None and (
        number < term.low or (number == term.low and not term.low_included)
    ):
        return False
    return term.high is None or number < term.high or (number == term.high and term.high_included)


@given(st.lists(TAKES, max_size=10), st.lists(st.lists(TERMS, max_size=3), min_size=5, max_size=25))
@settings(max_examples=50)
def test_a_filter_means_in_the_database_what_it_means_in_python(
    takes: list[Take], questions: list[list[Term]]
) -> None:
    with some_library() as library:
        ids = fill(library, takes)
        held = library.generations.list(HistoryQuery(sort=Sort.OLDEST, limit=100)).items
        if ids:
            questions.append([TextIs(TextField.ID, (ids[0][:5],))])
            questions.append([TextIs(TextField.ID, (ids[-1],), exact=True, negated=True)])
        for terms in questions:
            asked = HistoryQuery(filter=Filter(tuple(terms)), sort=Sort.OLDEST, limit=100)
            expected = [take.id for take in held if all(holds(term, take) for term in terms)]
            page = library.generations.list(asked)
            assert [take.id for take in page.items] == expected
            assert page.total == library.generations.count(asked) == len(expected)
            assert list(library.generations.ids(asked)) == expected


def test_orphans_are_those_whose_profile_is_missing() -> None:
    with some_library() as library:
        fill(library, [Take(profile="Anna"), Take(profile="Gone")])
        with library._store.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE profiles SET missing = 1 WHERE name = 'Gone'"
            )
        orphans = library.generations.list(HistoryQuery(filter=Filter((Is(Flag.ORPHAN),))))
        assert [take.profile_name for take in orphans.items] == ["Gone"]
        assert orphans.items[0].profile_missing


def test_several_profiles_can_be_chosen() -> None:
    with some_library() as library:
        fill(library, [Take(profile=name) for name in ("Anna", "Robot", "Zoë")])
        chosen = tuple(library.profiles.get(name).id for name in ("Anna", "Zoë"))
        page = library.generations.list(HistoryQuery(profile_ids=chosen))
        assert {take.profile_name for take in page.items} == {"Anna", "Zoë"}


@pytest.mark.parametrize(
    "line",
    ["x " * MOST_FILTER_WORDS, "profile:" + "a," * (MOST_FILTER_WORDS - 1) + "b"],
)
def test_the_longest_filter_is_still_answered(library: Library, line: str) -> None:
    query = HistoryQuery(filter=parse(line), sort=Sort.PROFILE)
    assert library.generations.list(query).total == 0
    assert library.generations.view(query).rows(0, 5) == ()
