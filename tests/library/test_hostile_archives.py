"""Archives that were made to do harm: refused in a line, or harmless; nothing is left of them."""

from __future__ import annotations

import io
import json
import stat
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rushes.library import Library
from tests.exchange import zips
from tests.exchange.zips import Part
from tests.media.wavs import write_wav

MANIFEST = Part("manifest.json", zips.document(zips.manifest()))
AUDIO = Part(f"audio/{zips.TAKE}.wav", zips.wav())
LINK = (stat.S_IFLNK | 0o777) << 16
FIFO = (stat.S_IFIFO | 0o666) << 16
END = struct.Struct("<4s4H2LH")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("hostile") / "takes") as opened:
        yield opened


def with_parts(*parts: Part) -> bytes:
    return zips.zipped([MANIFEST, AUDIO, *parts])


def told(value: object) -> bytes:
    """An archive with that manifest, whatever it is."""
    raw = value if isinstance(value, bytes) else zips.document(value)
    return zips.zipped([Part("manifest.json", raw, 8), AUDIO])


def with_audio(raw: bytes) -> bytes:
    return zips.zipped([MANIFEST, Part("audio/x.wav", raw, 8)])


def lying(**lies: Any) -> bytes:
    """An archive whose audio is a WAV file with such a header."""
    path = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path("/tmp")
    file = write_wav(path / f"rushes-lie-{time.monotonic_ns()}.wav", b"\1\2" * 100, **lies)
    try:
        return with_audio(file.read_bytes())
    finally:
        file.unlink()


def deflated_zeros(size: int) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 20)
    return b"".join([packing.compress(piece) for _ in range(size >> 20)]) + packing.flush()


def bomb(declared: int) -> bytes:
    """256 MB of nothing in 256 KB, of which the directory says another size."""
    size = 256 << 20
    crc = 0
    for _ in range(size >> 20):
        crc = zlib.crc32(bytes(1 << 20), crc)
    packed = deflated_zeros(size)
    return zips.zipped(
        [MANIFEST, Part("audio/x.wav", method=8, packed=packed, size=declared, crc=crc)]
    )


def nested() -> bytes:
    """Archives in archives in archives."""
    inner = zips.zipped([Part("zeros", deflated_zeros(8 << 20))])
    for _ in range(5):
        inner = zips.zipped([Part(f"{number}.zip", inner, 8) for number in range(4)])
    return with_audio(inner)


def of_many(count: int, said: int | None) -> bytes:
    """An archive of so many empty entries."""
    return zips.zipped((Part(f"{number}") for number in range(count)), entries=said)


def long_record(count: int) -> bytes:
    """The end of an archive with a longer end record, which says so many entries."""
    body = zips.voicebox()
    at = len(body) - END.size
    _, _, _, _, _, size, offset, _ = END.unpack(body[at:])
    longer = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body[:at] + longer + locator + end


def encrypted() -> bytes:
    return with_parts(Part("audio/y.wav", b"secret", flags=1))


def packed_by(method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("manifest.json", MANIFEST.data)
        archive.writestr("audio/x.wav", AUDIO.data)
    return target.getvalue()


def changed(**fields: Any) -> Callable[[], bytes]:
    return lambda: told(zips.manifest(**fields))


def named(name: str | bytes) -> Callable[[], bytes]:
    return lambda: with_parts(Part(name, b"x"))


def raw_number(key: str, number: str) -> Callable[[], bytes]:
    text = MANIFEST.data.decode()
    before, _, after = text.partition(f'"{key}": ')
    rest = after[after.index(",") :]
    return lambda: told(f'{before}"{key}": {number}{rest}'.encode())


def versions(listed: object) -> Callable[[], bytes]:
    return lambda: told(zips.manifest() | {"versions": listed})


def missing_sample() -> bytes:
    about = {"version": "1.0", "profile": {"name": "Anna"}}
    words = Part("samples.json", zips.document({"x.wav": "Hello"}))
    return zips.zipped([Part("manifest.json", zips.document(about)), words])


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    # Names
    "up": (named("../evil"), "leads elsewhere"),
    "up within": (named("audio/../../evil"), "leads elsewhere"),
    "up at the end": (named("audio/.."), "leads elsewhere"),
    "dots and spaces": (named("audio/. . /x"), "leads elsewhere"),
    "here": (named("audio/./x.wav"), "leads elsewhere"),
    "nothing between": (named("audio//x.wav"), "leads elsewhere"),
    "no name": (named(""), "leads elsewhere"),
    "absolute": (named("/etc/passwd"), "absolute name"),
    "a drive": (named("C:/Windows/x"), "absolute name"),
    "a drive without a slash": (named("c:x"), "absolute name"),
    "a share": (named("\\\\host\\share"), "backslash"),
    "backslashes": (named("..\\..\\evil"), "backslash"),
    "NUL": (named(b"manifest.json\0.txt"), "NUL"),
    "a long name": (named("a/" * 300 + "x"), "too long a name"),
    "twice": (lambda: with_parts(MANIFEST), "is in it twice"),
    "another name before the data": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", zips.wav(), local_name=b"other")]),
        "damaged",
    ),
    # Kinds
    "a symbolic link": (
        lambda: with_parts(Part("audio/y.wav", b"/etc/passwd", attributes=LINK)),
        "a symbolic link",
    ),
    "the audio a link": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", b"/etc/passwd", attributes=LINK)]),
        "a symbolic link",
    ),
    "a pipe": (lambda: with_parts(Part("pipe", attributes=FIFO)), "is no file"),
    "encrypted": (encrypted, "encrypted"),
    "bzip2": (lambda: packed_by(zipfile.ZIP_BZIP2), "bzip2"),
    "LZMA": (lambda: packed_by(zipfile.ZIP_LZMA), "LZMA"),
    "an unknown method": (lambda: with_parts(Part("x", b"x", 77)), "method 77"),
    # Sizes
    "a bomb": (lambda: bomb(256 << 20), "would grow to"),
    "a bomb that says it is small": (lambda: bomb(1_000), "damaged"),
    "4 GB said of a few bytes": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, 8, size=0xFFFFFFF0)]),
        "would grow to",
    ),
    "more said than is there": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, 8, size=10_000)]),
        "bytes fewer",
    ),
    "fewer said than is there": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, 8, size=100)]),
        "damaged",
    ),
    "two sizes of what isn't packed": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, size=4_000_000)]),
        "two sizes",
    ),
    "a wrong sum": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, crc=1)]),
        "damaged",
    ),
    "broken data": (
        lambda: zips.zipped([MANIFEST, Part("audio/x.wav", AUDIO.data, 8, packed=b"\xff" * 90)]),
        "damaged",
    ),
    "one over the other": (
        lambda: zips.zipped([MANIFEST, AUDIO, Part("audio/y.wav", AUDIO.data, offset=0)]),
        "lies over another",
    ),
    "beyond the end": (
        lambda: with_parts(Part("audio/y.wav", AUDIO.data, offset=1 << 30)),
        "can't be trusted",
    ),
    # The archive
    "nothing": (lambda: b"", "its end is missing"),
    "no archive": (lambda: b"PK\3\4" + b"x" * 500, "its end is missing"),
    "cut off": (lambda: zips.voicebox()[:-30], "its end is missing"),
    "its beginning cut off": (lambda: zips.voicebox()[40:], "isn't where its end says"),
    "something before it": (lambda: b"MZ" * 50 + zips.voicebox(), "isn't where its end says"),
    "only an end": (lambda: END.pack(b"PK\5\6", 0, 0, 0, 0, 0, 0, 0), "holds neither"),
    "200,000 entries": (lambda: long_record(200_000), "200,000 files are in it"),
    "60,000 entries": (lambda: of_many(60_000, None), "60,000 files are in it"),
    "60,000 that say one": (lambda: of_many(60_000, 1), "its directory has"),
    "3,000 that say one": (lambda: of_many(3_000, 1), "3,000 files are in it, 1 its end says"),
    "archives in archives": (nested, "isn't audio"),
    "one part of several": (
        lambda: zips.voicebox()[:-22] + END.pack(b"PK\5\6", 1, 1, 1, 1, 46, 0, 0),
        "one part of several",
    ),
    "no manifest": (lambda: zips.zipped([AUDIO]), "holds neither"),
    "nothing but a folder": (lambda: zips.zipped([Part("manifest.json/")]), "holds neither"),
    # JSON
    "a list": (lambda: told([1]), "must be an object"),
    "text": (lambda: told("x"), "must be an object"),
    "no JSON": (lambda: told(b"{nope"), "isn't JSON"),
    "cut JSON": (lambda: told(MANIFEST.data[:80]), "isn't JSON"),
    "UTF-16": (lambda: told(MANIFEST.data.decode().encode("utf-16")), "UTF-8"),
    "100,000 deep": (lambda: told(b"[" * 100_000 + b"]" * 100_000), "deep"),
    "a million values": (lambda: told(b"[" + b"[]," * 1_000_000 + b"0]"), "values"),
    "too long": (lambda: told(b" " * 11_000_000), "over 10,000,000 bytes"),
    "a key twice": (lambda: told(b'{"generation": {}, "generation": {}}'), "a key twice"),
    "NaN": (raw_number("duration", "NaN"), "NaN isn't JSON"),
    "infinite": (raw_number("duration", "-Infinity"), "Infinity isn't JSON"),
    "beyond floats": (raw_number("duration", "1e999"), "out of range"),
    "negative": (raw_number("duration", "-0.1"), "out of range"),
    "absurd": (raw_number("duration", "1e300"), "out of range"),
    "a seed of 10,000 digits": (raw_number("seed", "9" * 10_000), "limit"),
    "a seed of 65 bits": (raw_number("seed", "18446744073709551616"), "out of range"),
    "a seed that is text": (changed(seed="7"), "must be a whole number"),
    "a generation that is none": (lambda: told({"generation": 5}), "must be an object"),
    "no text": (changed(text=None), "has no text"),
    "text that is a number": (changed(text=5), "must be text"),
    "too long a text": (changed(text="x" * 1_000_001), "over 1,000,000 characters"),
    "half a character": (changed(text="\ud800"), "surrogate"),
    "no time": (changed(created_at="soon"), "is no time"),
    "the year 0": (changed(created_at="0001-01-01"), "out of range"),
    "version 2": (lambda: told({"version": "2.0"}), "Update rushes"),
    "a version elsewhere": (
        versions([{"id": "1", "filename": "../../../etc/passwd"}]),
        "is missing from it",
    ),
    "a version that isn't there": (
        versions([{"id": "1", "filename": "z.wav"}]),
        "z.wav is missing",
    ),
    "versions that are none": (versions({"a": 1}), "must be a list"),
    "a chain that is none": (
        versions([{"id": "1", "filename": f"{zips.TAKE}.wav", "effects_chain": 5}]),
        "must be a list",
    ),
    "sample words that are none": (
        lambda: zips.profile({}, Part("samples/x.wav", b"no audio")),
        "isn't audio",
    ),
    "a sample that isn't there": (missing_sample, "samples/x.wav is missing"),
    # Audio
    "no audio at all": (lambda: zips.zipped([MANIFEST, Part("audio/")]), "it holds no audio"),
    "a text": (lambda: with_audio(b"hello " * 50), "isn't audio"),
    "an empty file": (lambda: with_audio(b""), "it is empty"),
    "a program": (lambda: with_audio(b"\x7fELF" + bytes(500)), "isn't audio"),
    "4 GB in 200 bytes": (lambda: lying(data_size=0xFFFFFF00, riff_size=0xFFFFFF24), "can't be"),
    "2 GB in 200 bytes": (lambda: lying(data_size=0x7FFFFF00), "promises"),
    "a rate of 0": (lambda: lying(rate=0), "isn't audio"),
    "65,535 channels": (lambda: lying(channels=65_535), "can't be imported"),
    "0 channels": (lambda: lying(channels=0), "isn't audio"),
    "no bits": (lambda: lying(bits=0), "isn't audio"),
    "audio cut off": (lambda: with_audio(AUDIO.data[:60]), "promises"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_line_and_nothing_is_left(
    library: Library, tmp_path: Path, name: str
) -> None:
    made, why = HOSTILE[name]
    path = tmp_path / "bad.zip"
    path.write_bytes(made())
    imported = library.importing.copy_in(path)
    ((what, error),) = imported.failed
    assert what == str(path)
    assert str(error).startswith("bad.zip can't be imported: ")
    assert why in str(error)
    assert "\n" not in str(error)
    _nothing_is_left(library, tmp_path)


def _nothing_is_left(library: Library, around: Path) -> None:
    assert library.generations.count() == 0
    assert library.profiles.list() == ()
    assert not any(path.is_file() for path in (library.path / "audio").rglob("*"))
    assert not any((library.path / "incoming").glob("*"))
    assert [path.name for path in around.iterdir()] == ["bad.zip"]
    folder = library.path.parent
    assert [path.name for path in folder.iterdir()] == ["takes"]


HARMLESS: dict[str, Callable[[], bytes]] = {
    "markup, control characters and a format string": changed(text="[/whisper] \x1b[2J {0} %s"),
    "NUL in a text": changed(text="a\0b"),
    "SQL": changed(text="'; DROP TABLE generations; --", instruct='"'),
    "a name that is a path": changed(language="../../etc"),
    "an id that is a path": changed(id="../../../../tmp/evil"),
    "unknown keys": lambda: told(zips.manifest() | {"version": "1.1", "more": {"a": [1]}}),
    "an archive beside the audio": lambda: with_parts(Part("x.zip", zips.voicebox())),
    "a comment that looks like an end": lambda: zips.zipped([MANIFEST, AUDIO], comment=b"x PK\5"),
    "a longer end record": lambda: long_record(2),
    "what a Mac adds": lambda: with_parts(Part("__MACOSX/._x", b"x"), Part(".DS_Store", b"x")),
    "a byte order mark": lambda: told(b"\xef\xbb\xbf" + MANIFEST.data),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_bad_comes_in(tmp_path: Path, library: Library, name: str) -> None:
    path = tmp_path / "odd.zip"
    path.write_bytes(HARMLESS[name]())
    imported = library.importing.copy_in(path)
    assert not imported.failed
    (identity,) = imported.ids
    assert library.audio.path(library.generations.get(identity)).is_relative_to(library.path)
    assert [one.name for one in tmp_path.iterdir()] == ["odd.zip"]
    library.trash.purge([identity])
    library.profiles.delete("Anna")
    library.trash.empty()
    assert not any((library.path / "incoming").glob("*"))


LARGE = ("a bomb that says it is small", "60,000 that say one", "a million values", "too long")
MOST_MEMORY = 200 << 20

IMPORT = """
import re, sys, time
from pathlib import Path
from rushes import Library
with Library.open(sys.argv[1]) as library:
    for path in sys.argv[2:]:
        began = time.process_time()
        assert library.importing.copy_in(path).failed, path
        assert time.process_time() - began < 5, path
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def wide() -> dict[str, bytes]:
    """Documents of letters that take four bytes each in memory for the sake of one."""
    long = "\U0001f600" + "x" * 9_900_000
    snapshot = zips.own_record([], {"status": "dreaming"}, params_json=f'{{"a": "{long}"}}')
    raw = json.dumps(snapshot, ensure_ascii=False).encode()
    return {
        "wide": told(f'["{long}"]'.encode()),
        "snapshot": zips.zipped([Part("generation.json", raw, 8)]),
    }


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux")
def test_the_worst_of_them_take_little_memory_and_time(tmp_path: Path) -> None:
    paths = []
    for number, name in enumerate(LARGE):
        paths.append(tmp_path / f"{number}.zip")
        paths[-1].write_bytes(HOSTILE[name][0]())
    for name, archive in wide().items():
        paths.append(tmp_path / f"{name}.zip")
        paths[-1].write_bytes(archive)
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(tmp_path / "takes"), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) * 1024 < MOST_MEMORY
