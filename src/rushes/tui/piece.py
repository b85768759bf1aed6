"""An item of a story as it is drawn on the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.domain.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Piece:
    """Where it lies, whose words it holds, and what of its clip is heard how loud.

    ``length_ms`` is None where nobody knows it any more. ``begins`` and ``ends`` bound what is
    heard of the clip, within 0 and 1; ``waveform`` are the clip's stored bytes, or an envelope
    that shows more of it, and ``volume`` is a factor. ``gap`` says why nothing is heard; it is
    empty where something is.
    """

    id: str
    start_ms: int
    length_ms: int | None
    track: int
    profile_id: str
    name: str
    text: str
    waveform: bytes | Envelope = b""
    begins: float = 0.0
    ends: float = 1.0
    volume: float = 1.0
    gap: str = ""
    pinned: bool = False

    @property
    def end_ms(self) -> int:
        """When it ends."""
        return self.start_ms + (self.length_ms or 0)
