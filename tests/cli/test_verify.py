"""``verify``: what a person and a script are told, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Rushes, process

Record = Callable[..., str]


def file_of(rushes: Rushes, identity: str) -> Path:
    return Path(rushes("show", identity, "--json").json["audio_file"])


def test_a_library_that_is_well(rushes: Rushes, take: Record) -> None:
    take("One")
    take("Two")
    told = rushes("verify")
    assert told.code == 0, told.err
    assert told.lines[0] == "2 takes, 2 versions and 2 files checked"
    assert "compared by size" in told.lines[1]
    assert told.lines[2].startswith("SQLite 3.")
    assert told.lines[-1] == "all is well"
    deep = rushes("verify", "--deep", "--json").json
    assert deep["sound"] is True
    assert deep["checked"]["bytes_hashed"] > 0
    assert (deep["counts"], deep["findings"]) == ({}, [])
    assert {"sqlite_version", "journal", "journal_reason"} < set(deep)


def test_what_is_wrong_is_told_then_mended_then_known(
    rushes: Rushes, take: Record, folder: Path
) -> None:
    missing, damaged = take("missing"), take("damaged")
    file_of(rushes, missing).unlink()
    with file_of(rushes, damaged).open("ab") as file:
        file.write(b"more")
    (folder / "audio" / "loose].wav").write_bytes(b"no audio")

    told = rushes("verify")
    assert told.code == 1
    assert "missing audio: 1" in told.lines
    assert f"  {missing[:8]}  " in told.out
    assert "changed or damaged audio: 1" in told.lines
    assert "  audio/loose].wav  no take names it" in told.lines
    assert told.lines[-1] == "3 left to do: rushes verify --repair"
    assert rushes("show", missing, "--json").json["fault"] is None

    mended = rushes("verify", "--repair", "--json")
    assert mended.code == 0
    assert (mended.json["mended"], mended.json["unresolved"]) == (3, 0)
    done = {one["what"]: one["done"] for one in mended.json["findings"] if one["done"]}
    assert done == {
        missing: "marked as missing",
        damaged: "marked as damaged",
        "audio/loose].wav": "set aside as lost+found/loose].wav",
    }

    again = rushes("verify")
    assert again.code == 0
    assert again.lines[-1] == "nothing is left to do"
    assert rushes("show", missing, "--json").json["fault"] == "missing"
    faults = {item["id"]: item["fault"] for item in rushes("list", "--json").json["items"]}
    assert faults == {missing: "missing", damaged: "damaged"}
    assert "verify found other bytes than were recorded" in rushes("show", damaged).out


def test_loose_audio_is_adopted(rushes: Rushes, take: Record, clip: Callable[..., Path]) -> None:
    file = file_of(rushes, take())
    file.with_name("A fine take.wav").write_bytes(clip("other.wav", 2_000).read_bytes())
    assert rushes("verify", "--repair", "--adopt").code == 0
    (adopted,) = rushes("list", "profile:Recovered", "--json").json["items"]
    assert adopted["text"] == "A fine take"
    assert adopted["frames"] == 2_000
    assert Path(adopted["audio_file"]) == file.with_name("A fine take.wav")
    assert rushes("verify", "--deep").code == 0


def test_adopting_alone_is_a_misuse(rushes: Rushes) -> None:
    told = rushes("verify", "--adopt")
    assert told.code == 2
    assert "--repair" in told.err


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_database_that_is_none(
    rushes: Rushes, take: Record, folder: Path, options: list[str]
) -> None:
    take()
    (folder / "rushes.db").write_bytes(b"no database at all" * 100)
    told = rushes("verify", *options)
    assert told.code == 1
    if options:
        assert told.json["counts"]["database"]["unresolved"] == 1
    else:
        assert "the database is damaged: 1" in told.lines
        assert "Traceback" not in told.err


@pytest.mark.parametrize("left", ["nothing", "rubbish"])
def test_a_database_that_is_lost_is_rebuilt(
    rushes: Rushes, take: Record, folder: Path, left: str
) -> None:
    one, two = take("One"), take("Two")
    rushes("rate", one, "4")
    (folder / "rushes.db").unlink()
    if left == "rubbish":
        (folder / "rushes.db").write_bytes(b"no database at all" * 100)
    assert rushes("verify").code == 1
    told = rushes("verify", "--repair", "--deep")
    assert told.code == 0, told.out
    assert "rebuilt from a copy and the journal: 2 takes" in told.out
    items = {item["id"]: item["rating"] for item in rushes("list", "--json").json["items"]}
    assert items == {one: 4, two: None}
    assert rushes("verify", "--deep").code == 0


def test_a_table_that_is_overwritten_is_rebuilt(rushes: Rushes, take: Record, folder: Path) -> None:
    ids = {take(str(number)) for number in range(3)}
    with (folder / "rushes.db").open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xa5" * 4096 * 6)
    told = rushes("verify", "--json")
    assert told.code == 1
    assert told.json["counts"]["database"]["unresolved"] >= 1
    assert rushes("verify", "--repair").code == 0
    assert {item["id"] for item in rushes("list", "--json").json["items"]} == ids


def test_verify_in_a_process_of_its_own(take: Record, folder: Path) -> None:
    take()
    told = process("--library", folder, "verify", "--deep", "--repair")
    assert told.returncode == 0, told.stderr
    assert told.stdout.endswith("all is well\n")
    assert told.stderr == ""


def test_a_backup_is_made_and_told(
    rushes: Rushes, take: Record, folder: Path, tmp_path: Path
) -> None:
    first = take("One")
    told = rushes("backup", tmp_path / "copy")
    assert told.code == 0, told.err
    assert "1 take and 1 file are backed up (1 new," in told.err
    take("Two")
    file_of(rushes, first).unlink()
    told = rushes("backup", tmp_path / "copy", "--json")
    assert told.code == 1
    assert told.json["done"] == [str(tmp_path / "copy")]
    (failed,) = told.json["failed"]
    assert failed["what"].startswith("audio/")
    assert process("--library", tmp_path / "copy", "list").stdout.count("\n") == 2
    assert rushes("backup", folder).code == 2


def test_what_only_reading_whole_finds_is_mended_as_the_last_line_says(
    rushes: Rushes, take: Record
) -> None:
    file = file_of(rushes, take())
    data = bytearray(file.read_bytes())
    data[-1] ^= 0xFF
    file.write_bytes(data)
    told = rushes("verify", "--deep")
    assert told.lines[-1] == "1 left to do: rushes verify --deep --repair"
    assert rushes("verify", "--deep", "--repair").lines[-1] == (
        "1 thing mended or marked; nothing is left to do"
    )
