"""The parts that need no server: frames, windows, pace, the cache, ssh's words."""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.cli.status_line import StatusLine
from rushes.errors import BadInput
from rushes.playback.clip import Clip
from rushes.playback.listening import frames
from rushes.playback.listening.coding import decode, encode
from rushes.playback.listening.frames import PIECE, ClipFacts, Frame, Garbled, Hello, Unpacker
from rushes.playback.listening.listener import Told
from rushes.playback.listening.pace import Pace, may_start, runs_dry
from rushes.playback.listening.sending import LARGEST_WINDOW, SMALLEST_WINDOW, Outgoing, Window
from rushes.playback.listening.sink import facts_of
from rushes.playback.listening.ssh import address
from rushes.playback.listening.stage import Heard
from rushes.playback.listening.store import ClipStore

FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 2**32 - 1), st.binary(max_size=300))


NOISE = st.binary(max_size=200).filter(lambda noise: frames.MAGIC not in noise)


@given(noise=NOISE, sent=st.lists(FRAMES, max_size=8), cut=st.integers(1, 50))
def test_frames_come_out_as_they_went_in_however_they_were_cut(
    noise: bytes, sent: list[Frame], cut: int
) -> None:
    data = noise + frames.MAGIC + b"".join(frame.packed() for frame in sent)
    unpacker = Unpacker()
    got = [
        frame
        for start in range(0, len(data), cut)
        for frame in unpacker.feed(data[start : start + cut])
    ]
    assert got == sent


def test_what_claims_to_be_larger_than_any_frame_is_refused_before_it_comes() -> None:
    with pytest.raises(Garbled):
        Unpacker().feed(frames.MAGIC + struct.pack("!BII", 20, 1, frames.MOST_BODY + 1))
    unpacker = Unpacker()
    for _ in range(30):
        unpacker.feed(b"Welcome!" * 1_000)
    with pytest.raises(Garbled):
        unpacker.feed(b"Welcome!" * 10_000)


UNPACKERS = [
    frames.unpack_hello,
    frames.unpack_clip,
    frames.unpack_make,
    frames.unpack_data,
    frames.unpack_start,
    frames.unpack_number,
    frames.unpack_got,
    frames.unpack_started,
    frames.unpack_held,
    frames.unpack_ended,
    frames.unpack_failed,
    frames.unpack_file,
    frames.unpack_part,
]


@given(body=st.binary(max_size=120), which=st.sampled_from(UNPACKERS))
def test_no_body_does_more_than_be_refused(body: bytes, which: object) -> None:
    assert callable(which)
    with contextlib.suppress(Garbled):
        which(body)


@given(st.text(max_size=30))
def test_text_from_the_other_side_moves_no_cursor(text: str) -> None:
    shown = frames.line(frames.pack_line(text + "\x1b[2J\r\n\x07\x9b"))
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in shown)
    hello = Hello("1\x1b[2J", "lap\x1b]0;x\x07top\n")
    told = frames.unpack_hello(hello.packed())
    assert not any(ord(letter) < 32 for letter in told.host + told.version)


def test_protocols_that_overlap_agree_and_the_older_side_is_named_otherwise() -> None:
    here, newer = Hello("1.0", "rack"), Hello("2.0", "laptop", protocol=5, oldest=1)
    assert here.disagreement(newer) == newer.disagreement(here) == ""
    newest = Hello("3.0", "laptop", protocol=9, oldest=9)
    assert here.disagreement(newest) == newest.disagreement(here)
    assert "rushes 1.0 on rack is too old" in here.disagreement(newest)


def test_a_window_opens_while_answers_are_quick_and_closes_when_they_queue() -> None:
    window, now = Window(), 0.0
    for piece in range(200):
        window.sent((1, piece), PIECE, now)
        window.got((1, piece), now + 0.05)
        now += 0.05
    assert SMALLEST_WINDOW < window.size <= LARGEST_WINDOW
    grown = window.size
    for piece in range(200, 260):
        window.sent((1, piece), PIECE, now)
        window.got((1, piece), now + 0.5)
        now += 0.6
    assert window.size < grown
    assert window.waiting == 0
    assert window.has_room


def clip_of(samples: bytes, rate: int = 24_000) -> Clip:
    descriptor = os.memfd_create("test")
    os.write(descriptor, samples)
    return Clip(descriptor, rate, 1, len(samples) // 2)


@given(pieces=st.integers(1, 40), rest=st.integers(2, PIECE), frame=st.integers(0, 200_000))
def test_a_clip_is_sent_whole_and_once_from_where_it_plays(
    pieces: int, rest: int, frame: int
) -> None:
    clip = clip_of(os.urandom((pieces - 1) * PIECE + rest // 2 * 2))
    out = Outgoing.of(1, facts_of(clip), clip)
    out.look_from(min(frame, clip.frames - 1))
    sent = []
    while (found := out.next_piece()) is not None:
        sent.append(found)
    assert sorted(piece for piece, _ in sent) == list(range(out.facts.pieces))
    assert sent[0][0] == min(frame, clip.frames - 1) * 2 // PIECE
    joined = b"".join(samples for _, samples in sorted(sent))
    assert joined == os.pread(clip.descriptor, len(joined) + 1, 0)
    out.close()
    clip.close()


@given(st.binary(min_size=4, max_size=PIECE), st.sampled_from([1, 2]))
def test_pieces_come_out_of_their_coding_as_they_went_in(noise: bytes, channels: int) -> None:
    noise = noise[: len(noise) // 4 * 4]
    assert encode(os.urandom(PIECE), channels) is None, "noise is no smaller"
    calm = bytes(len(noise)) + noise[:100] + bytes(PIECE)
    calm = calm[:PIECE]
    coded = encode(calm, channels)
    assert coded is not None
    assert decode(coded, channels) == calm
    with pytest.raises(Garbled):
        decode(coded[: len(coded) // 3], 3 - channels)


def test_no_coded_piece_becomes_more_than_a_piece() -> None:
    bomb = encode(bytes(40_000_000), 1)
    assert bomb is not None
    assert len(decode(bomb[:60_000], 1)) <= PIECE + 2
    with pytest.raises(Garbled):
        decode(b"RIFF" + os.urandom(300), 1)


def test_sound_starts_when_it_will_not_run_dry() -> None:
    playing = 48_000.0
    assert may_start(100, 0, playing, 0.0, 0.35), "all is there"
    assert not may_start(48_000, 400_000, playing, 0.0, 0.35), "nobody knows how fast it comes"
    assert not may_start(10_000, 470_000, playing, 250_000.0, 0.35), "too little ahead"
    assert may_start(24_000, 456_000, playing, 250_000.0, 0.35), "2 Mbit/s: faster than it plays"
    assert not may_start(24_000, 456_000, playing, 30_000.0, 0.35), "slower than it plays"
    assert may_start(400_000, 80_000, playing, 30_000.0, 0.35), "slower, but nearly there"
    assert not may_start(400_000, 80_000, playing, 1e8, 0.35), "there in a moment: whole is better"
    assert not runs_dry(24_000, playing, 0.35)
    assert runs_dry(18_000, playing, 0.35)


def test_the_pace_is_that_of_late_and_a_pause_is_no_pace() -> None:
    pace = Pace()
    assert pace.rate == 0.0
    for number in range(50):
        pace.came(8_192, number * 0.04)
    assert pace.rate == pytest.approx(8_192 / 0.04)
    pace.came(8_192, 100.0)
    assert pace.rate == 0.0


def stored(store: ClipStore, samples: bytes) -> ClipFacts:
    clip = clip_of(samples)
    facts = facts_of(clip)
    coming = store.coming(facts)
    for piece in range(facts.pieces):
        coming.write(piece, samples[piece * PIECE : (piece + 1) * PIECE])
    assert store.keep(coming)
    coming.close()
    clip.close()
    return facts


def test_the_cache_keeps_within_its_bound_and_the_oldest_go_first(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "clips", most=100_000)
    kept = []
    for number in range(6):
        kept.append(stored(store, os.urandom(30_000)))
        os.utime(tmp_path / "clips" / f"{kept[-1].digest.hex()}.pcm", (number, number))
    assert [store.find(facts) is not None for facts in kept[:3]] == [False] * 3
    for facts in kept[3:]:
        descriptor = store.find(facts)
        assert descriptor is not None
        os.close(descriptor)
    files = list((tmp_path / "clips").iterdir())
    assert sum(file.stat().st_size for file in files) <= 100_000
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len(store.recent()) == 3 * frames.SHORT
    store.close()


def test_a_clip_in_the_cache_that_was_tampered_with_is_not_played(tmp_path: Path) -> None:
    facts = stored(ClipStore(tmp_path), os.urandom(30_000))
    (file,) = tmp_path.iterdir()
    file.write_bytes(os.urandom(30_000))
    assert ClipStore(tmp_path).find(facts) is None
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_leaves_the_clip_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    store = ClipStore(tmp_path)
    facts = stored(store, os.urandom(30_000))
    assert store.problem == "No space left on device"
    assert not list(tmp_path.iterdir())
    descriptor = store.find(facts)
    assert descriptor is not None
    os.close(descriptor)
    assert store.recent() == facts.digest[: frames.SHORT]
    monkeypatch.undo()
    stored(store, os.urandom(30_000))
    assert store.problem == ""
    store.close()


def test_what_is_not_the_clip_it_says_is_not_kept(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    coming = store.coming(ClipFacts(b"\1" * 32, 24_000, 1, 100))
    with pytest.raises(Garbled):
        coming.write(1, bytes(200))
    with pytest.raises(Garbled):
        coming.write(0, bytes(100))
    coming.write(0, bytes(200))
    assert not store.keep(coming)
    coming.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "options", "host"),
    [
        (["home"], (), "home"),
        (["-p", "22", "me@home"], ("-p", "22"), "me@home"),
        (["-vp22", "-4", "home"], ("-vp22", "-4"), "home"),
        (["home", "-o", "Port=2"], ("-o", "Port=2"), "home"),
        (["-i", "key", "--", "home"], ("-i", "key"), "home"),
    ],
)
def test_ssh_gets_the_options_that_it_was_given(
    words: list[str], options: tuple[str, ...], host: str
) -> None:
    found = address(words)
    assert (found.options, found.host) == (options, host)
    command = found.for_frames("relay")
    assert command[-3:] == ["--", host, "relay"]


@pytest.mark.parametrize("words", [[], ["-p", "22"], ["home", "ls"], ["home", "-p"]])
def test_words_that_name_no_host_or_several_are_refused(words: list[str]) -> None:
    with pytest.raises(BadInput):
        address(words)


def test_the_status_line_names_the_host_the_clip_and_the_level() -> None:
    status = StatusLine("home", ascii=True)
    heard = Heard("3f2a\x1b[2J", 1.25, 3.5, 0.5)
    status.tell(Told("listening to home", listening=True))
    line = status.line(heard)
    assert "\x1b" not in line
    assert line.startswith("home  ~ 3f2a")
    assert "0:01.2 / 0:03.5" in line
    assert line.endswith("#########.   -6 dBFS")
    assert status.line(None) == "home  -"


def test_the_status_line_tells_nothing_of_a_side_that_is_heard_blind() -> None:
    status = StatusLine("home", ascii=True)
    status.tell(Told("listening to home", listening=True))
    one, other = Heard("blind A, pair 3", 1.2, 3.5, 0.5), Heard("blind A, pair 3", 2.9, 9.1, 0.1)
    assert status.line(one) == status.line(other) == "home  ~ blind A, pair 3"
