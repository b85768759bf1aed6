"""What is said about a generation: its parameters flattened, its facts, all of it as text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.generation import Generation
from rushes.library import Library
from rushes.tui import particulars
from rushes.tui.colours import DARK, TERMINAL
from rushes.tui.shade import bright, dimmed
from rushes.words import snapshot
from tests.tui.driving import take

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=30,
)


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    """Give one that was recorded with a snapshot."""
    params = {"temperature": 0.1 + 0.2, "latent": list(range(20))}
    with Library.open(tmp_path / "takes") as library:
        return take(library, "Hello", params=params, note="a note", seed=7)


@pytest.mark.parametrize(
    ("params", "pairs"),
    [
        ({"temperature": 0.1 + 0.2}, [("temperature", "0.3")]),
        ({"a": {"b": {"c": 1}}}, [("a.b.c", "1")]),
        ({"a": [{"b": True}, {"b": None}]}, [("a[0].b", "yes"), ("a[1].b", "none")]),
        ({"few": [1, 2.50, "x"]}, [("few", "1, 2.5, x")]),
        ({"many": list("abcdefghij")}, [("many", "a, b, c, d, e, f, g, h … 10 values")]),
        (
            {"latent": [*range(64)]},
            [("latent", "64 values, 0 to 63, mean 31.5  ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██")],
        ),
        ({"latent": [0.5] * 9}, [("latent", "9 values, 0.5 to 0.5, mean 0.5  ▅▅▅▅▅▅▅▅▅")]),
        ({"slider_positions": [0, None, -10, 9]}, [("slider_positions", "▅·▁█  0, none, -10, 9")]),
        ({"slider_positions": [None]}, [("slider_positions", "none")]),
        ({"slider_positions": ["a", 40]}, [("slider_positions", "a, 40")]),
        ({"q": {"snr": "Infinity", "min": "-Infinity"}}, [("q.snr", "∞"), ("q.min", "−∞")]),
        ({"a": [], "b": {}, "c": ""}, [("a", "empty"), ("b", "empty"), ("c", "empty")]),
        ({"big": 10**30}, [("big", "1" + "0" * 30)]),
        ([1, 2], [("parameters", "1, 2")]),
    ],
)
def test_a_snapshot_is_flat_and_without_noise(params: object, pairs: list[tuple[str, str]]) -> None:
    assert snapshot.flat(json.dumps(params)) == pairs


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("seed", "seed"),
        ("quality_score.clipping.peak_value", "…peak_value"),
        ("quality_score.snr_db", "…snr_db"),
        ("slider_positions", "slider_posi…"),
        ("a.", "a."),
    ],
)
def test_of_a_long_path_its_end_is_shown(name: str, short: str) -> None:
    assert snapshot.short_name(name, 12) == short


def test_bars_and_the_endless_have_plain_forms() -> None:
    params = {"slider_positions": [0, None, -10], "latent": [*range(9)], "snr": "Infinity"}
    words = dict(snapshot.flat(json.dumps(params), ascii=True))
    assert words["slider_positions"] == "+_.  0, none, -10"
    assert all(value.isascii() for value in words.values())


@pytest.mark.parametrize("text", ["{not json", "[" * 100_000, "1" * 6_000])
def test_what_cannot_be_read_is_given_as_it_stands(text: str) -> None:
    assert snapshot.flat(text) == [("parameters", text)]
    assert snapshot.whole(text) == text


@given(JSON)
def test_any_snapshot_can_be_shown(params: object) -> None:
    text = json.dumps(params)
    assert all(isinstance(value, str) for _, value in snapshot.flat(text))
    assert snapshot.whole(text)


def test_a_snapshot_of_thousands_is_cut_and_says_so() -> None:
    pairs = snapshot.flat(json.dumps({f"k{number}": number for number in range(5_000)}))
    assert len(pairs) == 401
    assert pairs[-1] == ("…", "there is more: read it whole")


def test_the_particulars_name_the_facts_of_the_file(generation: Generation) -> None:
    pairs = dict(pair for group in particulars.particulars(generation) for pair in group)
    facts = generation.facts
    assert facts is not None
    assert pairs["seed"] == "7"
    assert pairs["note"] == "a note"
    assert pairs["file"].startswith("24 kHz mono 16-bit")
    assert pairs["bytes"] == f"{facts.bytes:,}"
    assert facts.sha256.startswith(pairs["sha256"])
    assert pairs["peak"].startswith("−")


def test_read_whole_nothing_is_shortened(generation: Generation) -> None:
    text = particulars.whole(generation)
    assert generation.facts is not None
    assert generation.facts.sha256 in text
    assert "0.30000000000000004" in text
    assert "19" in text


@pytest.mark.parametrize(
    ("peak", "said"),
    [(1.0, "0.0 dBFS"), (0.5, "−6.0 dBFS"), (2.0, "6.0 dBFS"), (0.0, "silence")],
)
def test_the_peak_is_told_in_dbfs(generation: Generation, peak: float, said: str) -> None:
    assert generation.facts is not None
    assert particulars.peak(replace(generation.facts, peak=peak)) == said


def test_shades_lie_between_the_colour_and_the_ground() -> None:
    assert dimmed("#ffffff", "#000000") == "#808080"
    assert dimmed("blue", "default") == "blue"
    assert bright(DARK, DARK.blue) == DARK.blue
    assert bright(TERMINAL, TERMINAL.blue) == "bright_blue"
