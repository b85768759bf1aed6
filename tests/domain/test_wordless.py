"""A take without words is told apart by how it was made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rushes.domain.wordless import in_place_of_text
from tests.domain.test_record import TAKE


@pytest.mark.parametrize(
    ("seed", "params", "said"),
    [
        (None, None, ""),
        (0, None, "seed 0"),
        (
            42,
            '{"preset_name": "warm pad", "slider_positions": [-4, 0, 2.5]}',
            "warm pad · seed 42 · −4 0 2.5",
        ),
        (None, '{"preset_name": null, "slider_positions": null}', ""),
        (7, '{"preset_name": ["[/x]"], "slider_positions": [null, "a"]}', "seed 7 · None a"),
        (7, '{"preset_name": "custom", "slider_positions": [0, 1]}', "seed 7 · 0 1"),
        (7, "[1, 2]", "seed 7"),
        (7, "{", "seed 7"),
    ],
)
def test_preset_seed_and_sliders_stand_where_the_text_would(
    seed: int | None, params: str | None, said: str
) -> None:
    take = replace(TAKE, text="", seed=seed, params_json=params)
    assert in_place_of_text(take) == said


def test_a_hundred_sliders_are_cut() -> None:
    take = replace(TAKE, params_json=f'{{"slider_positions": {[1] * 100}}}', seed=None)
    assert in_place_of_text(take) == " ".join("1" * 24)
