"""WAV files as FLAC, and back to the very same bytes."""

from __future__ import annotations

import shutil
import signal
import struct
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.audio import AudioFacts
from rushes.domain.compression import SkipReason
from rushes.errors import BadAudio, DiskFull, Interrupted
from rushes.media import files as media_files
from rushes.media.decode import read_pcm16
from rushes.media.facts import measure
from rushes.media.files import LocalAudioFiles
from rushes.media.flac import Unfit, compressed, expanded
from rushes.media.flac_blocks import Inserting, Origin, read_origin
from tests.media.riffs import Riff, chunk

INFO = (b"LIST", b"INFO" + chunk(b"ISFT", b"rushes\0"))
BEXT = (b"bext", b"a broadcast\0" + bytes(591))
CUE = (b"cue ", struct.pack("<I", 1) + struct.pack("<II4sIII", 1, 10, b"data", 0, 0, 10))


def idle() -> None:
    """Nobody looks on."""


def there_and_back(folder: Path, content: bytes) -> AudioFacts:
    """Compresses a file and expands it again, which must give its bytes; the facts of the FLAC."""
    files = LocalAudioFiles(folder)
    wav = folder / "take.wav"
    wav.write_bytes(content)
    before = measure(wav)
    staged, facts = compressed(files, wav, before, idle)
    assert measure(staged.path) == facts
    assert facts.bytes == staged.bytes < before.bytes
    assert (
        replace(
            facts,
            format=before.format,
            subtype=before.subtype,
            bytes=before.bytes,
            sha256=before.sha256,
        )
        == before
    )
    assert np.array_equal(read_pcm16(staged.path).samples, read_pcm16(wav).samples)
    back, again = expanded(files, staged.path, facts, idle)
    assert back.path.read_bytes() == content
    assert again == before
    assert wav.read_bytes() == content
    files.discard(staged)
    files.discard(back)
    assert not list((folder / "incoming").iterdir())
    return facts


@pytest.mark.parametrize(
    "riff",
    [
        Riff(),
        Riff(bits=8, frames=2_001),
        Riff(bits=8, frames=2_001, padded=False),
        Riff(bits=24, channels=3, frames=2_001, after=(INFO,)),
        Riff(bits=24, channels=8, extensible=True),
        Riff(channels=2, before=(BEXT, (b"JUNK", b"odd")), after=(CUE, INFO)),
        Riff(frames=20_000, trailing=b"what a broken program left"),
        Riff(frames=20_000, trailing=b"TAG" + bytes(125)),
        Riff(frames=20_000, open_ended=True),
        Riff(bits=24, frames=20_001, open_ended=True, padded=False),
        Riff(frames=300_000, channels=2),
        Riff(rate=8_000),
        Riff(rate=44_100),
        Riff(rate=192_000),
    ],
    ids=repr,
)
def test_every_usual_file_comes_back_as_it_was(tmp_path: Path, riff: Riff) -> None:
    facts = there_and_back(tmp_path, riff.encode())
    assert facts.format == "FLAC"
    assert facts.frames == riff.frames


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24"])
def test_a_file_with_sizes_of_64_bits_comes_back_as_it_was(tmp_path: Path, subtype: str) -> None:
    wav = tmp_path / "long.wav"
    soundfile.write(wav, np.sin(np.arange(5_001) / 9) / 2, 24_000, subtype=subtype, format="RF64")
    content = wav.read_bytes()
    assert content[:4] == b"RF64"
    there_and_back(tmp_path, content)


def test_a_file_with_the_high_bytes_first_is_left_alone(tmp_path: Path) -> None:
    wav = tmp_path / "take.wav"
    soundfile.write(wav, np.zeros(2_000), 24_000, subtype="PCM_16", endian="BIG")
    assert wav.read_bytes()[:4] == b"RIFX"
    with pytest.raises(Unfit) as caught:
        compressed(LocalAudioFiles(tmp_path), wav, measure(wav), idle)
    assert caught.value.reason is SkipReason.LAYOUT


names = st.sampled_from([b"JUNK", b"bext", b"iXML", b"PEAK", b"smpl", b"abcd", b"PAD ", b"id3 "])
chunks = st.lists(st.tuples(names, st.binary(max_size=60)), max_size=3).map(tuple)


@given(
    st.builds(
        Riff,
        bits=st.sampled_from([8, 16, 24]),
        channels=st.integers(1, 8),
        frames=st.integers(1, 3_000),
        rate=st.sampled_from([8_000, 22_050, 24_000, 44_100, 48_000, 99_999]),
        seed=st.integers(0, 9),
        extensible=st.booleans(),
        before=chunks,
        after=chunks,
        trailing=st.binary(max_size=20),
        padded=st.booleans(),
        open_ended=st.booleans(),
    )
)
def test_a_file_comes_back_as_it_was_or_is_left_alone(riff: Riff) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = riff.encode()
        try:
            there_and_back(Path(folder), content)
        except Unfit as unfit:
            # What is small beside its header gains nothing; padding that is missing before other
            # chunks, or a rate that no encoder takes, can't be helped.
            if riff.frames >= 2_000 and riff.rate != 99_999 and riff.padded:
                pytest.fail(f"{riff} is usual, and was skipped: {unfit.reason}")
            if list(Path(folder).glob("incoming/*")):
                pytest.fail("something was left behind")
        except BadAudio:
            pass  # libsndfile refuses a layout: such a file is never recorded


@pytest.mark.parametrize("program", ["flac"])
def test_the_reference_decoder_gives_the_same_file(tmp_path: Path, program: str) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip("the flac program isn't installed")
    for number, riff in enumerate(
        [Riff(), Riff(bits=8, frames=2_001), Riff(channels=2, before=(BEXT,), after=(INFO, CUE))]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        wav, back = folder / "take.wav", folder / "back.wav"
        wav.write_bytes(riff.encode())
        staged, _ = compressed(LocalAudioFiles(folder), wav, measure(wav), idle)
        flac = staged.path.rename(folder / "take.flac")
        subprocess.run([found, "--silent", "--test", flac], check=True)
        restore = [
            found,
            "--silent",
            "--decode",
            "--keep-foreign-metadata",
            str(flac),
            "-o",
            str(back),
        ]
        subprocess.run(restore, check=True, capture_output=True)
        assert back.read_bytes() == wav.read_bytes()


@pytest.mark.parametrize(
    ("subtype", "channels", "reason"),
    [
        ("FLOAT", 1, SkipReason.SAMPLES),
        ("DOUBLE", 1, SkipReason.SAMPLES),
        ("PCM_32", 1, SkipReason.SAMPLES),
        ("ULAW", 1, SkipReason.SAMPLES),
        ("PCM_16", 9, SkipReason.CHANNELS),
    ],
)
def test_what_flac_cannot_hold_is_left_alone(
    tmp_path: Path, subtype: str, channels: int, reason: SkipReason
) -> None:
    wav = tmp_path / "take.wav"
    soundfile.write(wav, np.zeros((2_000, channels)), 24_000, subtype=subtype)
    with pytest.raises(Unfit) as caught:
        compressed(LocalAudioFiles(tmp_path), wav, measure(wav), idle)
    assert caught.value.reason is reason
    assert not (tmp_path / "incoming").exists()


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "AIFF"])
def test_other_formats_are_left_alone(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "take"
    soundfile.write(file, np.zeros(2_000), 24_000, format=kind)
    with pytest.raises(Unfit):
        compressed(LocalAudioFiles(tmp_path), file, measure(file), idle)
    with pytest.raises(Unfit):
        expanded(LocalAudioFiles(tmp_path), file, measure(file), idle)


def test_flac_with_chunks_of_another_program_is_not_expanded(tmp_path: Path) -> None:
    found = shutil.which("flac")
    if found is None:
        pytest.skip("the flac program isn't installed")
    wav, flac = tmp_path / "take.wav", tmp_path / "take.flac"
    wav.write_bytes(Riff().encode())
    make = [found, "--silent", "--keep-foreign-metadata", str(wav), "-o", str(flac)]
    subprocess.run(make, check=True, capture_output=True)
    with pytest.raises(Unfit) as caught:
        expanded(LocalAudioFiles(tmp_path), flac, measure(flac), idle)
    assert caught.value.reason is SkipReason.NOT_OURS


def test_a_file_that_is_not_the_recorded_one_is_refused(tmp_path: Path) -> None:
    wav = tmp_path / "take.wav"
    wav.write_bytes(Riff().encode())
    facts = measure(wav)
    damaged = bytearray(wav.read_bytes())
    damaged[-1] ^= 1
    wav.write_bytes(damaged)
    with pytest.raises(BadAudio, match="damaged"):
        compressed(LocalAudioFiles(tmp_path), wav, facts, idle)
    assert wav.read_bytes() == damaged


def test_calling_off_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    wav = tmp_path / "take.wav"
    wav.write_bytes(Riff(frames=600_000).encode())
    facts = measure(wav)
    left = 3

    def tick() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Interrupted("it was called off")

    with pytest.raises(Interrupted):
        compressed(LocalAudioFiles(tmp_path), wav, facts, tick)
    assert not list((tmp_path / "incoming").iterdir())


def test_ctrl_c_in_the_midst_of_a_write_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Interrupting(Inserting):
        def write(self, data: bytes) -> int:
            if self.tell() > 2_000:
                signal.raise_signal(signal.SIGINT)
            return super().write(data)

    monkeypatch.setattr("rushes.media.encoding.Inserting", Interrupting)
    wav = tmp_path / "take.wav"
    wav.write_bytes(Riff(frames=60_000).encode())
    with pytest.raises(KeyboardInterrupt):
        compressed(LocalAudioFiles(tmp_path), wav, measure(wav), idle)
    assert not list((tmp_path / media_files.INCOMING).iterdir())
    assert capfd.readouterr() == ("", "")


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Inserting):
        def write(self, data: bytes) -> int:
            if self.tell() > 2_000 and self.fault is None:
                self.fault = OSError(28, "No space left on device")
            return super().write(data)

    monkeypatch.setattr("rushes.media.encoding.Inserting", Full)
    wav = tmp_path / "take.wav"
    wav.write_bytes(Riff(frames=60_000).encode())
    with pytest.raises(DiskFull):
        compressed(LocalAudioFiles(tmp_path), wav, measure(wav), idle)
    assert not list((tmp_path / media_files.INCOMING).iterdir())


def test_blocks_come_behind_the_first_wherever_a_write_ends(tmp_path: Path) -> None:
    content = bytes(range(100))
    for step in (1, 7, 42, 43, 100):
        path = tmp_path / str(step)
        with path.open("wb") as target:
            sink = Inserting(target, b"blocks")
            for start in range(0, 100, step):
                sink.write(content[start : start + step])
            sink.seek(4)
            sink.write(b"new")
        assert path.read_bytes() == content[:4] + b"new" + content[7:42] + b"blocks" + content[42:]


def test_what_is_no_flac_has_no_origin(tmp_path: Path) -> None:
    for content in (b"", b"fLaC", b"fLaC\x02\x00\x00", b"fLaC\x82\xff\xff\xffriff", b"RIFF" * 9):
        path = tmp_path / "file"
        path.write_bytes(content)
        with path.open("rb") as handle:
            assert read_origin(handle) is None
    assert Origin((), "").pieces == ()
