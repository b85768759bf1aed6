"""One laboratory for all its tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laboratory import shim
from tests.laboratory.laboratory import Laboratory
from tests.small_disk import small_disk


@pytest.fixture(scope="session")
def laboratory() -> Iterator[Laboratory]:
    """Its libraries lie in memory where they can: a kill needs no disk that turns."""
    built = shim.built()
    if built is None:
        pytest.skip("there is no C compiler to build the shim with")
    memory = Path("/dev/shm")
    roomy = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="rushes-laboratory-", dir=roomy) as folder:
        opened = Laboratory(built, Path(folder).resolve())
        yield opened
        opened.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB of its own."""
    with small_disk(tmp_path / "disk", "24m") as folder:
        yield folder
