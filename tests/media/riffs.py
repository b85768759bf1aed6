"""Whole WAV files in every layout that is found in the wild, with the samples that are in them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

PCM_GUID = b"\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"


@dataclass(frozen=True, slots=True)
class Riff:
    """What a WAV file is to be like. ``before`` and ``after`` are chunks around the samples."""

    bits: int = 16
    channels: int = 1
    frames: int = 2_000
    rate: int = 24_000
    seed: int = 1
    extensible: bool = False
    before: tuple[tuple[bytes, bytes], ...] = ()
    after: tuple[tuple[bytes, bytes], ...] = ()
    trailing: bytes = b""
    padded: bool = True
    open_ended: bool = False

    def encode(self) -> bytes:
        """The file."""
        data = self.samples()
        claimed = 0xFFFFFFFF if self.open_ended else len(data)
        body = chunk(b"fmt ", self._format())
        body += b"".join(chunk(*one) for one in self.before)
        body += b"data" + struct.pack("<I", claimed) + data
        body += b"\0" if len(data) & 1 and self.padded else b""
        body += b"".join(chunk(*one) for one in self.after)
        riff = 0xFFFFFFFF if self.open_ended else 4 + len(body)
        return b"RIFF" + struct.pack("<I", riff) + b"WAVE" + body + self.trailing

    def samples(self) -> bytes:
        """The data chunk: a tone in noise, which packs well, with both extremes of the range."""
        random = np.random.default_rng(self.seed)
        at = np.arange(self.frames)[:, np.newaxis]
        values = 0.4 * np.sin(at / 20 + np.arange(self.channels))
        values += random.normal(scale=0.01, size=values.shape)
        full = 1 << (self.bits - 1)
        whole = (values * full).astype("<i4")
        whole[0], whole[-1] = -full, full - 1
        if self.bits == 8:
            return (whole + 128).astype(np.uint8).tobytes()
        return whole.reshape(-1, 1).view(np.uint8)[:, : self.bits // 8].tobytes()

    def _format(self) -> bytes:
        block = self.channels * self.bits // 8
        tag = 0xFFFE if self.extensible else 1
        head = struct.pack(
            "<HHIIHH", tag, self.channels, self.rate, self.rate * block, block, self.bits
        )
        extension = struct.pack("<HHI", 22, self.bits, 0) + PCM_GUID
        return head + extension if self.extensible else head


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk with its padding."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)
