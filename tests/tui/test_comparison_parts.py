"""What a comparison is made of, without a screen: lines and cells, rows of the table, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.quality import Quality, QualityFlag
from rushes.tui.blind_keys import blind_key, is_blind
from rushes.tui.candidates import Candidate, common, longest
from rushes.tui.comparison_layout import LEAST_SIDE, cells_of, columns, divide
from rushes.tui.comparison_table import Row, Tone, rows_of
from rushes.tui.widgets.side_wave import place_in_words

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
A_SCREEN = st.integers(10, 80)
SOME = st.integers(2, 26)


def facts(seconds: float = 2.0, lufs: float | None = -20.0, **more: object) -> AudioFacts:
    quality = Quality(lufs, -1.0, 7, "{}")
    made = AudioFacts(24_000, 1, round(seconds * 24_000), 1, "", "WAV", "PCM_16", 0.5, b"", quality)
    return replace(made, **more)  # type: ignore[arg-type]  # its own fields


def take(name: str = "one", **more: object) -> Generation:
    made = Generation(
        seq=1,
        id=name,
        profile_id="p",
        profile_name="Anna",
        profile_missing=False,
        text="Hello there",
        language="en",
        audio_path=f"audio/{name}.wav",
        duration=2.0,
        seed=1,
        instruct=None,
        engine="qwen",
        model_size=None,
        status=Status.COMPLETED,
        error=None,
        is_favorited=False,
        rating=None,
        note=None,
        tags=(),
        params_json=None,
        source_id=None,
        source_key=None,
        created_at=NOON,
        deleted_at=None,
        facts=facts(),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # its own fields


def rows(*takes: Generation) -> dict[str, tuple[str, ...]]:
    return {row.label: row.values for row in rows_of([Candidate(one) for one in takes])}


@given(A_SCREEN, SOME, st.integers(1, 60), st.data())
def test_lines_are_divided_without_one_too_many_and_the_cursor_is_in_sight(
    height: int, sides: int, table: int, data: st.DataObject
) -> None:
    cursor = data.draw(st.integers(0, sides - 1))
    first = data.draw(st.integers(0, sides - 1))
    divided = divide(height, sides, table, cursor, first)
    assert divided.shown * divided.side + divided.table == height
    assert divided.side >= LEAST_SIDE
    assert 0 <= divided.first <= cursor < divided.first + divided.shown <= sides


def test_few_sides_are_tall_and_the_table_is_whole_where_both_fit() -> None:
    assert divide(36, 2, 9, 0) == replace(divide(36, 2, 9, 0), side=11, table=14, shown=2)
    crowded = divide(20, 4, 9, 0)
    assert (crowded.shown, crowded.side, crowded.table) == (4, 3, 8)


@given(st.floats(0.01, 60), st.floats(0.01, 60), st.integers(8, 200))
def test_waveforms_share_one_time_scale(one: float, other: float, width: int) -> None:
    scale = max(one, other)
    cells, others = cells_of(one, scale, width), cells_of(other, scale, width)
    assert max(cells, others) == width
    assert abs(cells / width - one / scale) <= 1 / width


@given(st.integers(20, 200), st.integers(1, 60), SOME, st.data())
def test_columns_fit_and_hold_the_cursor(
    width: int, label: int, sides: int, data: st.DataObject
) -> None:
    cursor = data.draw(st.integers(0, sides - 1))
    divided = columns(width, label, sides, cursor)
    assert 1 + divided.label + divided.shown * (divided.each + 2) <= width
    assert divided.first <= cursor < divided.first + divided.shown


def test_what_differs_is_in_the_table_and_what_is_equal_is_not() -> None:
    found = rows(
        take(seed=1, params_json='{"temperature": 0.7, "top_p": 0.9}'),
        take("two", seed=2, params_json='{"temperature": 0.9, "top_p": 0.9}'),
    )
    assert found["seed"] == ("1", "2")
    assert found["temperature"] == ("0.7", "0.9")
    assert not {"top_p", "engine", "text", "flags", "sample rate"} & found.keys()


def test_measures_are_told_with_their_units_and_flags_only_where_there_are_some() -> None:
    heard = rows(
        take(facts=facts(2.5, -19.25), flags=QualityFlag.CLIPPED | QualityFlag.LOUD),
        take("two", facts=facts(lufs=None, sample_rate=48_000, channels=2), flags=QualityFlag(0)),
        take("three", facts=facts(quality=None)),
    )
    assert heard["loudness"] == ("−19.2 LUFS", "below −70 LUFS", "not heard yet")
    assert heard["true peak"] == ("−1.0 dBTP", "−1.0 dBTP", "not heard yet")
    assert heard["length"][0] == "2.50 s"
    assert heard["flags"] == ("clipped, loud", "none", "none")
    assert heard["sample rate"][:2] == ("24 kHz", "48 kHz")
    assert heard["channels"] == ("1", "2", "1")


def test_long_texts_that_begin_alike_are_shown_from_where_they_differ() -> None:
    found = rows(
        take(text="It was a bright cold day in April"),
        take("two", text="It was a bright cold day in May"),
    )
    assert found["text"] == ("…April", "…May")


def test_lists_that_look_alike_in_short_say_in_how_many_places_they_differ() -> None:
    numbers = list(range(64))
    other = [*numbers[:30], 31, 30, *numbers[32:]]
    found = rows(
        take(params_json=f'{{"latent": {numbers}}}'),
        take("two", params_json=f'{{"latent": {other}}}'),
    )
    assert found["latent"][1] == "2 of them differ"


def test_numbers_that_look_alike_in_short_are_told_whole() -> None:
    found = rows(take(params_json='{"p": 0.8910001}'), take("two", params_json='{"p": 0.8910002}'))
    assert found["p"] == ("0.8910001", "0.8910002")


def test_versions_are_told_apart_by_what_made_them() -> None:
    chain = '[{"type": "highpass", "params": {"cutoff_frequency_hz": 300}}]'

    def version(name: str, effects: str | None) -> GenerationVersion:
        return GenerationVersion(
            id=name,
            generation_id="one",
            label=name,
            audio_path=f"audio/{name}.wav",
            effects_chain_json=effects,
            source_version_id=None,
            is_default=effects is None,
            created_at=NOON,
            facts=facts(),
        )

    candidates = [Candidate(take(), version("clean", None)), Candidate(take(), version("r", chain))]
    found = {row.label: row for row in rows_of(candidates)}
    assert found["effects"].values[0] == "none"
    assert "300" in found["effects"].values[1]
    assert found["loudness"] == Row("loudness", ("−20.0 LUFS",) * 2, Tone.MEASURED)
    assert [one.key for one in candidates] == ["one", "one/r"]


def test_only_what_all_have_in_common_is_common() -> None:
    alike = [Candidate(take()), Candidate(take("two"))]
    assert (common(alike).profile, common(alike).text) == ("Anna", "Hello there")
    mixed = [*alike, Candidate(take("three", text="Other words", profile_name="Bob"))]
    assert (common(mixed).profile, common(mixed).text) == ("", "")
    assert common(mixed).words == "different texts"
    assert common([Candidate(take(text="")), Candidate(take("two", text=""))]).words == "no text"
    assert longest([*alike, Candidate(take("long", facts=facts(9.0)))]) == 9.0


@pytest.mark.parametrize(
    ("rank", "words"),
    [(0, ""), (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")],
)
def test_places_are_read_as_people_say_them(rank: int, words: str) -> None:
    assert place_in_words(rank) == words


def test_a_name_that_hides_a_side_is_known_as_one() -> None:
    assert is_blind(blind_key("A", 0))
    assert blind_key("A", 0) != blind_key("A", 1)
    assert not is_blind(None)
    assert not is_blind("3f2a")
