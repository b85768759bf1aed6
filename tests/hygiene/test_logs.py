"""The log file: bounded, private, and never the reason that something fails."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from pathlib import Path

from rushes.logs import LogFile

PROGRAM = """
import sys, warnings
from pathlib import Path
from rushes import logs
log = logs.logger("rushes.somewhere")
if sys.argv[2:] == ["set up"]:
    logs.set_up(path=Path(sys.argv[1]))
    logs.set_up(path=Path(sys.argv[1]))
log.warning("an echo of \\x1b[2J somebody's text, a lone \\udc80, %s", "and more")
log.info("told too")
log.warning("broken %d", "arguments")
if sys.argv[2:] == ["set up"]:
    warnings.warn("old habits")
"""


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )


def test_records_and_warnings_reach_the_file_and_not_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "rushes.log"
    told = run(log, "set up")
    assert (told.stdout, told.stderr) == ("", "")
    text = log.read_text(encoding="utf-8")
    assert text.count("somebody's text") == 1
    assert "and more" in text
    assert "told too" in text
    assert "old habits" in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_escape_sequences_in_a_record_lose_their_power(tmp_path: Path) -> None:
    log = tmp_path / "rushes.log"
    run(log, "set up")
    text = log.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "\\x1b[2J" in text


def test_a_program_that_uses_rushes_as_a_library_sees_nothing_and_gets_no_file(
    tmp_path: Path,
) -> None:
    log = tmp_path / "rushes.log"
    told = run(log)
    assert (told.stdout, told.stderr) == ("", "")
    assert not log.exists()


def test_a_log_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    told = run(in_the_way / "rushes.log", "set up")
    assert (told.stdout, told.stderr) == ("", "")


def test_the_log_keeps_within_its_bound(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "rushes.log", most_bytes=1_000)
    for number in range(200):
        log.handle(logging.makeLogRecord({"name": "rushes", "msg": f"record {number} of many"}))
    files = sorted(file.name for file in tmp_path.iterdir())
    assert set(files) <= {"rushes.log", "rushes.log.1"}
    assert all(file.stat().st_size < 1_100 for file in tmp_path.iterdir())
    assert any("record 199 " in file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
