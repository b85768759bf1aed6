"""For every test: a home of its own, and property tests that repeat themselves.

And for the run as a whole: what the laboratory counted, in whichever of its processes.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.laboratory import tally

settings.register_profile(
    "ci",
    derandomize=True,  # the same examples on every machine: a red run can be repeated
    max_examples=60,
    deadline=None,  # shared machines stall; pytest's own limit ends what hangs
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores ctrl+c, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # Likewise what nohup starts, of a terminal that closes.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keeps the person's own library, configuration and log out of every test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable in [name for name in os.environ if name.startswith(("RUSHES_", "XDG_"))]:
        monkeypatch.delenv(variable)
    for variable in ("COLUMNS", "LINES"):  # pytest-xdist sets them in its workers
        monkeypatch.delenv(variable, raising=False)
    return home


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker: hand over what was counted there."""
    handed = getattr(session.config, "workeroutput", None)
    if handed is not None:
        handed["laboratory"] = tally.counted()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401  # pytest-xdist brings no such type
    """Where the workers come together: add what one of them counted."""
    tally.add(getattr(node, "workeroutput", {}).get("laboratory", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much was tried."""
    for line in tally.lines():
        terminalreporter.write_line(f"laboratory: {line}")
