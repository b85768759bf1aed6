"""thumbnail: waveforms as pictures, to one scale for all."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.domain.thumbnail import ThumbnailLook
from rushes.media.thumbnail import picture_of
from tests.cli.conftest import Rushes


def pixels(png: bytes) -> list[list[int]]:
    """The rows of a picture of one bit a pixel, 1 where the wave is."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, width = 8, b"", 0
    while at < len(png):
        (length,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert crc == zlib.crc32(name + body)
        if name == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (1, 3)
        if name == b"IDAT":
            data += body
        at += 12 + length
    stride = 1 + -(-width // 8)
    raw = zlib.decompress(data)
    rows = [raw[start + 1 : start + stride] for start in range(0, len(raw), stride)]
    return [[row[x // 8] >> (7 - x % 8) & 1 for x in range(width)] for row in rows]


def heights(png: bytes) -> list[int]:
    return [sum(column) for column in zip(*pixels(png), strict=True)]


def drawn(folder: Path, level: float, look: ThumbnailLook, frames: int = 8_000) -> bytes:
    audio = folder / f"{level}.wav"
    samples = np.sin(np.arange(frames) * 0.7) * level
    soundfile.write(audio, samples, 8_000, subtype="FLOAT")
    return picture_of(audio, look)


@pytest.mark.parametrize(("width", "height"), [(320, 64), (33, 17)])
def test_full_scale_fills_the_height_and_half_of_it_half(
    tmp_path: Path, width: int, height: int
) -> None:
    look = ThumbnailLook(width, height)
    loud, half, silent = (heights(drawn(tmp_path, level, look)) for level in (1.0, 0.5, 0.0))
    assert len(loud) == width
    assert min(loud) >= height - 2
    assert all(abs(one - height / 2) <= 2 for one in half)
    assert set(silent) == {2 - height % 2}
    beyond = heights(drawn(tmp_path, 3.0, look))
    assert set(beyond) == {height}


def test_above_the_middle_is_as_below(tmp_path: Path) -> None:
    audio = tmp_path / "a.wav"
    soundfile.write(audio, np.linspace(0, 0.9, 4_000), 8_000)
    rows = pixels(picture_of(audio, ThumbnailLook()))
    assert rows == rows[::-1]
    assert sum(map(sum, rows[:10])) > 0


def test_a_clip_of_a_few_samples_fills_the_width(tmp_path: Path) -> None:
    assert min(heights(drawn(tmp_path, 1.0, ThumbnailLook(), frames=3))[200:]) > 0


def test_a_picture_is_written_once_and_where_it_was_asked_for(
    rushes: Rushes, take: Callable[..., str], tmp_path: Path
) -> None:
    identity = take()
    target = tmp_path / "new" / "x.png"
    told = rushes("thumbnail", identity, "-o", target, "--size", "100x20")
    assert (told.code, told.out) == (0, f"{target}\n")
    picture = target.read_bytes()
    assert (len(pixels(picture)), len(pixels(picture)[0])) == (20, 100)
    again = rushes("thumbnail", identity, "-o", target)
    assert (again.code, target.read_bytes()) == (1, picture)
    assert "--overwrite" in again.err
    assert rushes("thumbnail", identity, "-o", target, "--overwrite").code == 0
    assert target.read_bytes() != picture
    assert [path.name for path in target.parent.iterdir()] == ["x.png"]


def test_several_go_into_a_folder_past_what_fails(
    rushes: Rushes, take: Callable[..., str], tmp_path: Path
) -> None:
    ids = [take(), take("Other")]
    running = rushes("begin", "--profile", "Anna", "--text", "Later").out.strip()
    told = rushes("thumbnail", *ids, running, "-o", tmp_path / "pictures", "--json")
    assert told.code == 1
    files = [str(tmp_path / "pictures" / f"{identity}.png") for identity in ids]
    assert told.json["done"] == files
    assert [failure["what"] for failure in told.json["failed"]] == [running]
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == sorted(
        f"{identity}.png" for identity in ids
    )


def test_a_version_and_the_theme_s_colours(
    rushes: Rushes, take: Callable[..., str], tmp_path: Path, folder: Path
) -> None:
    identity = take()
    dark, light = tmp_path / "dark.png", tmp_path / "light.png"
    assert rushes("thumbnail", identity, "-o", dark, "--version", "original").code == 0
    assert rushes("--theme", "light", "thumbnail", identity, "-o", light).code == 0
    assert bytes.fromhex("1412108fb3e0") in dark.read_bytes()
    assert bytes.fromhex("faf6ef2c5a96") in light.read_bytes()
    assert rushes("thumbnail", identity, "-o", "x", "--version", "nothing").code == 1
    told = subprocess.run(
        [sys.executable, "-m", "rushes", "--library", folder, "thumbnail", identity[:8], "-o", "-"],
        capture_output=True,
        check=True,
    )
    assert told.stdout == dark.read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        *(["-o", "x", "--size", size] for size in ("0x0", "320", "axb", "99999x20", "8x64", "")),
        ["-o", "-", "--json"],
        [],
    ],
)
def test_what_cannot_be_drawn_is_misuse(rushes: Rushes, options: list[str]) -> None:
    told = rushes("thumbnail", "abcd", *options)
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
