"""Which process of which machine: told apart even when a number is given out again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_STARTED = 22 - 3
"""Where the start time stands after the name in /proc/PID/stat (proc_pid_stat(5), field 22)."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its machine, its number there, and when it began, as text that is only compared.

    A container with process numbers of its own counts as a machine of its own.
    """

    machine: str
    number: int
    started: str


def this_process() -> Process:
    """The process that asks."""
    number = os.getpid()
    return Process(this_machine(), number, _own_start(number))


@cache
def this_machine() -> str:
    """What tells this machine from others, the same after it is started again."""
    parts = [os.uname().nodename]
    for file in _MACHINE_IDS:
        try:
            parts.append(_read(file))
            break
        except OSError:
            continue
    try:
        parts.append((_PROC / "self/ns/pid").readlink().name)
    except OSError:
        parts.append("")
    return " ".join(parts)


def is_gone(process: Process) -> bool:
    """Whether a process of this machine has ended; one whose end can't be told goes on."""
    if process.machine != this_machine():
        return False
    try:
        os.kill(process.number, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    started = _start_of(process.number)
    return started is not None and started != process.started


@cache
def _own_start(number: int) -> str:
    """The start of this process; its number is asked for again after a fork."""
    return _start_of(number) or ""


def _start_of(number: int) -> str | None:
    """When a process began; "" where it has ended, None where it can't be told."""
    if (_PROC / "self/stat").exists():
        return _start_in_proc(number)
    import subprocess

    try:
        told = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(number)],
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return " ".join(told.stdout.split())


def _start_in_proc(number: int) -> str | None:
    try:
        # The name in it may hold spaces and parentheses: what follows the last one is plain.
        fields = (_PROC / f"{number}/stat").read_bytes().rpartition(b")")[2].split()
        if fields[0] in (b"Z", b"X"):  # it has ended; nobody has asked how
            return ""
        boot = _read(_PROC / "sys/kernel/random/boot_id")
        return f"{boot} {fields[_STARTED].decode()}"
    except FileNotFoundError:
        return ""
    except (OSError, IndexError):
        return None


def _read(file: Path) -> str:
    return file.read_bytes().decode("ascii", "replace").strip()
