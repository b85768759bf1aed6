"""Audio over HTTP: whole and in parts, by tags, by many at once, and no descriptor left over."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.api.files import PIECE, disposition
from rushes.api.ranges import Span, part_of
from tests.api.conftest import Clip, Served, is_problem, recorded, serving, strictly

READERS = int(os.environ.get("RANGE_READERS", "60"))
"""Parts that are read in parallel; a thousand by RANGE_READERS=1000."""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str, bytes]]:
    """A take of some pieces' length: who serves it, its id, its bytes."""
    folder = tmp_path_factory.mktemp("heard")
    frames = Random(1).randbytes(5 * PIECE + 100)
    sound = b"RIFF" + (36 + len(frames)).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\x01\0\x01\0"
    sound += (24_000).to_bytes(4, "little") + (48_000).to_bytes(4, "little") + b"\x02\0\x10\0data"
    sound += len(frames).to_bytes(4, "little") + frames
    (folder / "sound.wav").write_bytes(sound)
    with serving(folder / "takes") as served:
        yield served, recorded(served.client(), folder / "sound.wav")["id"], sound


def held() -> int:
    """How many descriptors of audio this process holds."""
    names = list[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(os.fspath(descriptor.readlink()))
    return sum("/audio/" in name for name in names)


def test_the_whole_file_comes_with_its_type_and_its_tag(heard: tuple[Served, str, bytes]) -> None:
    served, take, sound = heard
    client = served.client()
    answer = client.get(f"/audio/{take}")
    assert (answer.status_code, answer.content) == (200, sound)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    sha = strictly(client.get(f"/history/{take}"))["sha256"]
    assert answer.headers["etag"] == f'"{sha}"'
    head = client.head(f"/audio/{take}")
    assert head.content == b""
    assert head.headers["content-length"] == str(len(sound))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, None),
        ("bytes=100-199", 100, 200),
        ("bytes=-7", -7, None),
        ("bytes=70000-", 70_000, None),
        ("bytes=0-99999999999", 0, None),
        ("bytes=-99999999999", 0, None),
        ("bytes=0-9,10-19", 0, 20),
        ("bytes=10-19, 0-12", 0, 20),
    ],
)
def test_a_part_is_given_as_it_is_asked_for(
    heard: tuple[Served, str, bytes], asked: str, start: int, end: int | None
) -> None:
    served, take, sound = heard
    answer = served.client().get(f"/audio/{take}", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, sound[start:end])
    first = start % len(sound)
    told = f"bytes {first}-{first + len(answer.content) - 1}/{len(sound)}"
    assert answer.headers["content-range"] == told


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-1",
        "bytes=",
        "bytes=-",
        "bytes=x-y",
        "lines=0-1",
        "0-1",
        "bytes=0-1,20-21",
        "b" * 999,
    ],
)
def test_what_is_no_part_gives_the_whole(heard: tuple[Served, str, bytes], asked: str) -> None:
    served, take, sound = heard
    answer = served.client().get(f"/audio/{take}", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, sound)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=99999999-99999999999"])
def test_beyond_the_end_there_is_nothing(heard: tuple[Served, str, bytes], asked: str) -> None:
    served, take, sound = heard
    answer = served.client().get(f"/audio/{take}", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(sound)}"


def test_tags_save_the_way_and_keep_parts_of_one_file_together(
    heard: tuple[Served, str, bytes],
) -> None:
    served, take, _ = heard
    client = served.client()
    first = client.get(f"/audio/{take}")
    tag, changed = first.headers["etag"], first.headers["last-modified"]

    def status(**asked: str) -> int:
        headers = {name.replace("_", "-"): value for name, value in asked.items()}
        return client.get(f"/audio/{take}", headers=headers).status_code

    assert status(If_None_Match=tag) == 304
    assert status(If_None_Match=f'"x", W/{tag}') == 304
    assert status(If_None_Match="*") == 304
    assert status(If_None_Match='"x"') == 200
    assert status(If_Modified_Since=changed) == 304
    assert status(If_None_Match='"x"', If_Modified_Since=changed) == 200
    assert status(If_Match='"x"') == 412
    assert status(If_Match=tag) == 200
    assert status(If_Range=tag, Range="bytes=0-1") == 206
    assert status(If_Range=changed, Range="bytes=0-1") == 206
    assert status(If_Range='"x"', Range="bytes=0-1") == 200
    assert status(If_Range=f"W/{tag}", Range="bytes=0-1") == 200


@given(
    size=st.integers(0, 50),
    ranges=st.lists(
        st.tuples(st.none() | st.integers(0, 60), st.none() | st.integers(0, 60)), min_size=1
    ),
)
def test_what_is_answered_is_always_a_part_that_was_asked_for(
    size: int, ranges: list[tuple[int | None, int | None]]
) -> None:
    said = ",".join(f"{'' if a is None else a}-{'' if b is None else b}" for a, b in ranges)
    part = part_of(size, '"x"', 0.0, {"range": f"bytes={said}"})
    wanted: set[int] = set()
    for first, last in ranges:
        if first is None:
            wanted |= set(range(max(0, size - (last or 0)), size))
        else:
            wanted |= set(range(first, size if last is None else min(size, last + 1)))
    given_bytes = set(range(part.span.start, part.span.end))
    if part.status == 206:
        assert given_bytes == wanted
    elif part.status == 416:
        assert not wanted
        assert not given_bytes
    else:
        assert part.span == Span(0, size)


def test_many_parts_at_once_are_right_and_leave_no_descriptor(
    heard: tuple[Served, str, bytes],
) -> None:
    served, take, sound = heard
    chance = Random(2)
    parts = [sorted(chance.sample(range(len(sound)), 2)) for _ in range(READERS)]

    def read(part: list[int]) -> bool:
        first, last = part
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(
                f"GET /audio/{take} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                f"Range: bytes={first}-{last}\r\n\r\n".encode()
            )
            with line.makefile("rb") as answer:
                head, _, body = answer.read().partition(b"\r\n\r\n")
        return head.startswith(b"HTTP/1.1 206") and body == sound[first : last + 1]

    with ThreadPoolExecutor(min(READERS, 1_000)) as readers:
        assert all(readers.map(read, parts))
    _settle(lambda: not held())


def test_who_hangs_up_in_the_middle_leaves_no_descriptor(
    heard: tuple[Served, str, bytes],
) -> None:
    served, take, _ = heard
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            line.sendall(f"GET /audio/{take} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert line.recv(100)
    _settle(lambda: not held())


def _settle(done: Callable[[], bool]) -> None:
    """The server sees in its own time that somebody is gone."""
    ends = time.monotonic() + 20
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_file_that_was_changed_behind_the_library_has_another_tag(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    take = recorded(client, clip())
    file = served.library.path / take["audio_path"]
    with file.open("ab") as handle:
        handle.write(b"more")
    answer = client.get(f"/audio/{take['id']}")
    assert answer.content == file.read_bytes()
    assert take["sha256"] not in answer.headers["etag"]


def test_what_is_no_file_is_no_audio(served: Served, client: httpx.Client, clip: Clip) -> None:
    take = recorded(client, clip())
    file = served.library.path / take["audio_path"]
    file.unlink()
    is_problem(client.get(f"/audio/{take['id']}"), 404, "audio-missing")
    os.mkfifo(file)
    is_problem(client.get(f"/audio/{take['id']}"), 404, "audio-missing")
    file.unlink()
    file.mkdir()
    is_problem(client.get(f"/audio/{take['id']}"), 404, "audio-missing")


def test_peaks_are_the_waveform_in_parts(client: httpx.Client, clip: Clip) -> None:
    take = recorded(client, clip())
    answer = client.get(f"/history/{take['id']}/peaks?buckets=5")
    told = strictly(answer)
    assert (told["buckets"], told["frames"], told["sample_rate"]) == (5, 4_000, 8_000)
    (channel,) = told["channels"]
    assert channel["max"] == [0.5] * 5
    assert channel["min"] == [-0.5] * 5
    again = client.get(
        f"/history/{take['id']}/peaks?buckets=5", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    for odd in ("0", "10001", "x"):
        is_problem(client.get(f"/history/{take['id']}/peaks?buckets={odd}"), 422)


def test_how_it_came_out_is_explained(client: httpx.Client, clip: Clip) -> None:
    one = recorded(client, clip())
    other = recorded(client, clip())
    told = strictly(client.get(f"/history/{one['id']}/quality"))
    assert told["twins"] == [other["id"]]
    assert {finding["flag"] for finding in told["findings"]} == set(told["flags"])
    assert "duplicate" in told["flags"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a b.wav", "a b.wav"),
        ("Zoë – ü.wav", "Zoe  u.wav"),
        ('x"; filename="y.exe.wav', "x__ filename__y.exe.wav"),
        ("児玉.wav", "take.wav"),
        ("a\r\nSet-Cookie: x.wav", "a__Set-Cookie_ x.wav"),
    ],
)
def test_a_name_to_save_under_is_safe_in_a_header(name: str, plain: str) -> None:
    told = disposition(name)
    assert told.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert told.isascii()
    assert "\r" not in told
    assert httpx.URL("/" + told.rpartition("''")[2]).path.strip("/") == name.strip("/")


def test_a_linked_file_is_told_apart_by_its_time(
    served: Served, client: httpx.Client, clip: Clip, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    clip("there/one.wav")
    served.library.sources.add(there)
    (item,) = strictly(client.get("/history"))["items"]
    answer = client.get(f"/audio/{item['id']}")
    assert answer.content == (there / "one.wav").read_bytes()
    assert "-" in answer.headers["etag"]


@pytest.mark.parametrize("modified", [-1e12, 1e12])
def test_a_file_of_an_impossible_time_is_answered(modified: float) -> None:
    part = part_of(5, '"x"', modified, {})
    assert part.span == Span(0, 5)
    assert part.headers["Last-Modified"].endswith("GMT")
