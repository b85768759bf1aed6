"""A fresh library for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rushes.library import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can reach: pytest's own lie in one that is private."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can take another's part")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
