"""Archives that are damaged anywhere are read or refused; nothing else ever comes out of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rushes.errors import AudioMissing, RushesError, SourceError
from rushes.exchange.archives import archives_at, opened_archive
from tests.exchange import zips

KINDS = (
    zips.voicebox(),
    zips.documented(),
    zips.profile({"a.wav": "Hello", "b.wav": "児玉"}),
    zips.own(
        [zips.own_version("1", "audio/a.wav", zips.wav())], [zips.Part("audio/a.wav", zips.wav())]
    ),
)


def read_whole(path: Path) -> bool:
    """Whether an archive can be read to the end of its last entry."""
    try:
        with opened_archive(path) as archived:
            for name in archived.archive.names:
                with archived.archive.opened(name) as entry:
                    while entry.read(1 << 16):
                        pass
    except RushesError:
        return False
    return True


@pytest.mark.parametrize("seed", range(len(KINDS)))
def test_any_damage_is_refused_in_a_line(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = KINDS[seed]
    path = tmp_path / "x.zip"
    path.write_bytes(whole)
    assert read_whole(path)
    places = [*range(60), *range(len(whole) - 400, len(whole))]
    refused = 0
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.choice(places) if chance.random() < 0.8 else chance.randrange(len(raw))
            raw[at] = chance.choice((0, 0xFF, raw[at] ^ 1 << chance.randrange(8)))
        if chance.random() < 0.1:
            del raw[chance.randrange(len(raw)) :]
        path.write_bytes(raw)
        refused += not read_whole(path)
    assert refused > 200


def test_a_path_is_told_from_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zips.voicebox())
    assert archives_at(tmp_path) == (tmp_path / "a.zip",)
    assert archives_at(tmp_path / "a.zip") == (tmp_path / "a.zip",)
    (tmp_path / "history.json").write_text("{}")
    assert archives_at(tmp_path) == ()
    assert archives_at(tmp_path / "history.json") == ()
    assert archives_at(tmp_path / "nothing") == ()


def test_what_can_not_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(AudioMissing, match="there is no file"), opened_archive(tmp_path / "no.zip"):
        pass
    (tmp_path / "folder.zip").mkdir()
    with (
        pytest.raises(SourceError, match="it isn't a file"),
        opened_archive(tmp_path / "folder.zip"),
    ):
        pass
