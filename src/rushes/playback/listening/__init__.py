"""Sound from a server without a loudspeaker: the relay there, the listener at home."""

from __future__ import annotations
