"""Quotas: the most bytes that the files of a profile should take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """A profile's quota and what is ``used`` of it, in bytes.

    Whatever lies on the disk is used: the files of all versions, in the trash too, and the
    profile's samples. Linked files lie elsewhere and are not.
    """

    profile_id: str
    profile: str
    bytes: int
    used: int

    @property
    def is_over(self) -> bool:
        """Tell whether more is used than there should be."""
        return self.used > self.bytes
