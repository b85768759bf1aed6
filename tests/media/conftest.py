"""A second of noise that every sample of which differs: what a decoder must give back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def noise() -> NDArray[np.int16]:
    """One second of mono noise at 24 kHz with both extremes of the range."""
    samples = np.random.default_rng(7).integers(-32768, 32768, 24_000, dtype=np.int16)
    samples[:2] = -32768, 32767
    return samples
