"""Every limit: what is just within it is taken, what is just beyond it is refused and said why."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from rushes.cli.details import one_text
from rushes.cli.queries import whole_ids
from rushes.config import read
from rushes.domain import limits, story_editing
from rushes.domain.filter_language import parse
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.domain.record import to_json
from rushes.domain.retention import Policy
from rushes.errors import BadAudio, BadFilter, BadInput, PlaybackError, RushesError
from rushes.library import Library, checks
from rushes.library.snapshots import params_json
from rushes.media.files import LocalAudioFiles
from rushes.playback.clip import Source, load_clip
from tests.library.takes import RATE, tone
from tests.media.wavs import write_wav


def nested(depth: int) -> dict[str, object]:
    """A snapshot in which so many lists lie within each other."""
    value: object = 1
    for _ in range(depth - 1):
        value = [value]
    return {"deep": value}


def named_in_each_other(depth: int) -> dict[str, str]:
    """Saved filters, each of which names the next."""
    return {f"f{number}": f"@f{number + 1}" for number in range(depth)} | {f"f{depth}": "word"}


LIMITS: dict[str, tuple[Callable[[int], object], int, type[RushesError], str]] = {
    "text": (
        lambda n: checks.long_text("x" * n, "text"),
        limits.LONGEST_TEXT,
        BadInput,
        "1,000,000",
    ),
    "name": (lambda n: checks.name("x" * n, "name"), limits.LONGEST_NAME, BadInput, "200"),
    "seed": (checks.seed, limits.HIGHEST_SEED - 1, BadInput, "64 bits"),
    "low seed": (lambda n: checks.seed(-n), limits.HIGHEST_SEED, BadInput, "64 bits"),
    "ids": (lambda n: checks.ids(["x"] * n), limits.MOST_IDS, BadInput, "1,000,000 are the most"),
    "track": (
        lambda n: story_editing.placing(0, n, 0),
        limits.HIGHEST_TRACK,
        BadInput,
        "-999 to 999",
    ),
    "low track": (
        lambda n: story_editing.placing(0, -n, 0),
        limits.HIGHEST_TRACK,
        BadInput,
        "-999 to 999",
    ),
    "story": (
        lambda n: story_editing.placing(n - 1_000, 0, 1_000),
        limits.LONGEST_STORY,
        BadInput,
        "24 hours",
    ),
    "snapshot's length": (
        lambda n: params_json({"long": "x" * (n - len(to_json({"long": ""})))}),
        limits.LONGEST_JSON,
        BadInput,
        "16,000,000",
    ),
    "snapshot's depth": (
        lambda n: params_json(nested(n)),
        limits.DEEPEST_JSON,
        BadInput,
        "100 deep",
    ),
    "words of a filter": (
        lambda n: parse("x " * n),
        limits.MOST_FILTER_WORDS,
        BadFilter,
        "500 words",
    ),
    "filters in each other": (
        lambda n: parse("@f0", saved=named_in_each_other(n - 1)),
        limits.DEEPEST_FILTER,
        BadFilter,
        "stands in itself",
    ),
    "query of a clean-up": (
        lambda n: Policy(query="x" * n),
        limits.LONGEST_LINE,
        BadInput,
        "query",
    ),
}


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS.keys())
def test_values(limit: tuple[Callable[[int], object], int, type[RushesError], str]) -> None:
    take, most, refused, said = limit
    take(most)
    with pytest.raises(refused, match=said):
        take(most + 1)


def test_a_saved_line(library: Library) -> None:
    line = "x" * limits.LONGEST_LINE
    library.filters.save("long", line)
    with pytest.raises(BadInput, match="over 2,000 characters"):
        library.filters.save("longer", line + "x")


def test_a_page(library: Library) -> None:
    library.generations.list(HistoryQuery(limit=limits.LARGEST_PAGE))
    for size in (0, limits.LARGEST_PAGE + 1):
        with pytest.raises(BadInput, match="1 to 1000"):
            library.generations.list(HistoryQuery(limit=size))


def test_a_text_file(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_bytes(b"x" * limits.LARGEST_TEXT_FILE)
    assert one_text(None, file)
    file.write_bytes(b"x" * (limits.LARGEST_TEXT_FILE + 1))
    with pytest.raises(BadInput, match="10 MB are the most"):
        one_text(None, file)


def test_a_configuration_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"#" * limits.LARGEST_CONFIG)
    assert not read(file).problems
    file.write_bytes(b"#" * (limits.LARGEST_CONFIG + 1))
    assert "too long" in read(file).problems[0]


def test_ids_of_one_command(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NAMED", 3)
    assert len(whole_ids(library, ["nobody"] * 3)[1]) == 3
    with pytest.raises(BadInput, match="3 are the most"):
        whole_ids(library, ["nobody"] * 4)


def record(library: Library, audio: object, rate: int | None = None) -> Generation:
    return library.generations.record(
        profile="Anna",
        text="Hello",
        audio=audio,  # type: ignore[arg-type]  # whatever a test gives
        sample_rate=rate,
    )


@pytest.mark.parametrize("rate", [limits.LOWEST_RATE, limits.HIGHEST_RATE])
def test_rates(library: Library, tmp_path: Path, rate: int) -> None:
    beyond = rate - 1 if rate == limits.LOWEST_RATE else rate + 1
    assert record(library, tone(), rate).facts
    with pytest.raises(BadInput, match="100 to 1,000,000"):
        record(library, tone(), beyond)
    assert record(library, write_wav(tmp_path / "a.wav", bytes(800), rate=rate)).facts
    with pytest.raises(BadAudio, match=f"{beyond:,} samples a second"):
        record(library, write_wav(tmp_path / "b.wav", bytes(800), rate=beyond))


def test_channels(library: Library, tmp_path: Path) -> None:
    most = limits.MOST_CHANNELS
    assert record(library, np.zeros((100, most), np.int16), RATE).facts
    with pytest.raises(BadInput, match="65 channels"):
        record(library, np.zeros((100, most + 1), np.int16), RATE)
    for channels, name in ((most, "a.wav"), (most + 1, "b.wav")):
        write_wav(tmp_path / name, bytes(channels * 200), channels=channels)
    assert record(library, tmp_path / "a.wav").facts
    with pytest.raises(BadAudio, match="65 channels, 64 are the most"):
        record(library, tmp_path / "b.wav")
    assert library.generations.count() == 2


def test_length(library: Library, tmp_path: Path) -> None:
    day = bytes(limits.LONGEST_AUDIO * limits.LOWEST_RATE)
    file = write_wav(tmp_path / "day.wav", day, rate=limits.LOWEST_RATE, bits=8)
    assert record(library, file).duration == limits.LONGEST_AUDIO
    write_wav(file, day + b"\0", rate=limits.LOWEST_RATE, bits=8)
    with pytest.raises(BadAudio, match="over 24 hours"):
        record(library, file)
    assert not list((library.path / "incoming").iterdir())


def test_the_size_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = LocalAudioFiles(tmp_path / "library")
    file = tmp_path / "large.wav"
    with file.open("wb") as sparse:
        sparse.truncate(limits.LARGEST_FILE + 1)
    for link in (False, True):
        with pytest.raises(BadAudio, match="16,000,000,000 bytes"):
            files.stage(file, link=link)
    monkeypatch.setattr(limits, "LARGEST_FILE", 1_000)
    assert files.stage(bytes(1_000)).bytes == 1_000
    for source in (bytes(1_001), BytesIO(bytes(1_001))):
        with pytest.raises(BadAudio, match="1,000 bytes"):
            files.stage(source)
    assert len(list((tmp_path / "library" / "incoming").iterdir())) == 1


def test_a_wav_file_that_is_written(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_WAV", 800)
    assert record(library, np.zeros(400, np.int16), RATE).facts
    with pytest.raises(BadAudio, match="4 GB"):
        record(library, np.zeros(401, np.int16), RATE)


def test_a_clip_that_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_CLIP", 800)
    load_clip(Source("a", write_wav(tmp_path / "a.wav", bytes(800)))).close()
    with pytest.raises(PlaybackError, match="too long"):
        load_clip(Source("b", write_wav(tmp_path / "b.wav", bytes(802))))
