"""One laboratory for all its tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laboratory import shim, tally
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much was tried."""
    for line in tally.lines():
        terminalreporter.write_line(f"laboratory: {line}")
