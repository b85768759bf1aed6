"""``rushes rankings``, and what ``rushes compare`` says of the sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.library import Library
from tests.cli.conftest import Clip, Rushes

Take = Callable[..., str]


@pytest.fixture
def compared(folder: Path, take: Take) -> tuple[list[str], str]:
    """Three takes, of which the last was the best and the first the worst, and the comparison."""
    ids = [take(f"Take {number} [of three]") for number in range(3)]
    with Library.open(folder) as library:
        judging = library.comparisons.begin(ids)
        while (asks := judging.ranking.asks) is not None:
            judging = library.comparisons.decide(judging, max(asks.one, asks.other))
    return ids, judging.id


def test_comparisons_are_listed_and_shown_with_their_order(
    rushes: Rushes, compared: tuple[list[str], str], folder: Path
) -> None:
    ids, ranking = compared
    (line,) = rushes("rankings", "list").lines
    assert line.startswith(ranking[:8])
    assert "3 takes" in line
    assert "decided" in line
    assert "[of three]" in line
    listed = rushes("rankings", "list", "--json").json
    assert (listed["total"], listed["items"][0]["order"]) == (1, [[2], [1], [0]])
    shown = rushes("rankings", "show", ranking[:6])
    ranked = [line.split()[:2] for line in shown.lines[1:]]
    assert ranked == [["1", ids[2][:8]], ["2", ids[1][:8]], ["3", ids[0][:8]]]
    rushes("delete", ids[1], "--yes")
    with Library.open(folder) as library:
        library.comparisons.keep(ranking)
    shown = rushes("rankings", "show", ranking)
    assert shown.lines[0] == f"kept {ids[2][:8]}, not blind"
    assert shown.lines[-1] == f"    {ids[1][:8]}  in the trash"
    told = rushes("rankings", "show", ranking, "--json").json
    assert (told["winner"], told["kept"], told["is_open"], told["asks"]) == (2, 2, False, None)
    assert [side["state"] for side in told["sides"]] == ["here", "trashed", "here"]
    assert told["order"] == [[2], [0]]


def test_an_open_blind_one_shows_how_far_it_is_and_no_side(
    rushes: Rushes, take: Take, folder: Path
) -> None:
    ids = [take() for _ in range(4)]
    with Library.open(folder) as library:
        judging = library.comparisons.begin(ids, blind=True)
        library.comparisons.decide(judging, None)
    shown = rushes("rankings", "show", judging.id)
    assert shown.lines == ["open, 1 of at most 5, blind"]
    told = rushes("rankings", "show", judging.id, "--json").json
    assert (told["order"], told["winner"], told["chance"]) == (None, None, None)
    assert [one["outcome"] for one in told["decisions"]] == ["equal"]


def test_versions_are_shown_with_their_labels(
    rushes: Rushes, take: Take, clip: Clip, folder: Path
) -> None:
    identity = take()
    rushes("versions", "add", identity, clip("hall.wav"), "--label", "hall")
    with Library.open(folder) as library:
        from rushes.domain.ranking import Side

        judging = library.comparisons.begin([Side(identity, "original"), Side(identity, "hall")])
    lines = rushes("rankings", "show", judging.id).lines
    assert [line.rpartition("  ")[2] for line in lines[1:]] == ["(original)", "(hall)"]


def test_a_comparison_is_deleted_when_it_is_meant(
    rushes: Rushes, compared: tuple[list[str], str]
) -> None:
    _, ranking = compared
    assert rushes("rankings", "delete", ranking).code != 0
    gone = rushes("rankings", "delete", ranking[:8], "--yes", "--json")
    assert gone.json == {"done": [ranking], "failed": []}
    assert rushes("rankings", "list", "--json").json == {"items": [], "total": 0}
    missing = rushes("rankings", "show", ranking)
    assert (missing.code, missing.err.count("\n")) == (1, 1)


def test_loudness_peaks_and_flags_are_compared(rushes: Rushes, take: Take, clip: Clip) -> None:
    one = take()
    quiet = clip("quiet.wav", 8_000)
    quiet.write_bytes(quiet.read_bytes()[:44] + bytes(16_000))
    other = rushes("add", quiet, "--profile", "Anna", "--text", "Hello").out.strip()
    told = rushes("compare", one, other, "--json").json
    measures = {each["name"]: (each["unit"], each["values"]) for each in told["measures"]}
    unit, (loudness, silence) = measures["lufs"]
    assert unit == "LUFS"
    assert -20 < loudness < 0
    assert silence is None
    assert measures["true_peak"][0] == "dBTP"
    assert measures["true_peak"][1][0] == pytest.approx(told["items"][0]["true_peak"])
    assert "silent" in told["flags"][1]
    words = rushes("compare", one, other)
    assert any("LUFS" in line for line in words.lines)
    assert any(line.strip().startswith("flags") for line in words.lines)


def test_too_little_of_an_id_isnt_looked_for_among_the_takes(rushes: Rushes) -> None:
    told = rushes("rankings", "show", "abc")
    assert told.code == 2
    assert "too short for an id" in told.err
    assert "rushes list" not in told.err
