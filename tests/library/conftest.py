"""A fresh library for each test."""

from __future__ import annotations

import os
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
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that everybody can reach: pytest's own are private."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can take another's part")
    folder = tmp_path_factory.mktemp("public")
    opened = [path for path in [folder, *folder.parents] if path.stat().st_uid == os.geteuid()]
    before = {path: path.stat().st_mode for path in opened if not path.stat().st_mode & 0o001}
    for path, mode in before.items():
        path.chmod(mode | 0o055)
    yield folder
    for path, mode in before.items():
        path.chmod(mode)
