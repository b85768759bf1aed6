"""A Voicebox data directory for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.voiceboxes import Voicebox


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    return Voicebox(tmp_path / "data")
