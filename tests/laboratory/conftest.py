"""One laboratory for all its tests."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laboratory import shim
from tests.laboratory.laboratory import Laboratory


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
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0777", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
