"""A library on disk, and the command line to work on it: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rushes.cli.main import run

NASTY = (
    "[laughs] hi",
    "[/whisper]",
    "100% a_b",
    "你好，世界",
    "🎉 👩‍👩‍👧 🇯🇵",
    "word " * 600,
    "a\x1b[2Jb\x07\x00c\u202egnol",
    "one\ntwo\r\nthree\tfour",
    "--leading dashes",
    "-x",
    "'; DROP TABLE generations; --",
    "{0} %s {name} $HOME `id`",
    "éé straße",
    "",
    " ",
)
"""Texts that people write and programs trip over."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of its result."""
        return self.out.splitlines()

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever the document holds
        """Its result as strict JSON."""
        return json.loads(self.out, parse_constant=refuse)


Rushes = Callable[..., Told]
Clip = Callable[..., Path]


def refuse(constant: str) -> object:
    raise AssertionError(f"{constant} isn't JSON")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def rushes(folder: Path, capsys: pytest.CaptureFixture[str]) -> Rushes:
    """Runs a command on the library in this process."""

    def call(*arguments: str | Path) -> Told:
        capsys.readouterr()
        code = run(["--library", str(folder), *map(str, arguments)])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return call


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """Writes a WAV file of 8 kHz, 16 bits, whose first half is loud."""

    def write(name: str = "clip.wav", frames: int = 4_000) -> Path:
        path = tmp_path / name
        half = frames // 2
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8_000)
            file.writeframes(b"\x00\x40\x00\xc0" * (half // 2) + bytes(2 * (frames - half)))
        return path

    return write


@pytest.fixture
def take(rushes: Rushes, clip: Clip) -> Callable[..., str]:
    """Records a take over the command line; gives its id."""

    def record(text: str = "Hello", profile: str = "Anna", *options: str) -> str:
        told = rushes("add", clip(), "--profile", profile, "--text", text, *options)
        assert told.code == 0, told.err
        return told.out.strip()

    return record


def process(
    *arguments: str | Path,
    stdin: bytes | None = None,
    env: dict[str, str] | None = None,
    wrap: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Runs ``rushes`` as people do, in a process without a terminal."""
    return subprocess.run(
        [*wrap, sys.executable, "-m", "rushes", *map(str, arguments)],
        input=None if stdin is None else stdin.decode(),
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **(env or {})},
    )
