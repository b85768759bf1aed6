"""``rushes serve`` as a process: what it prints, who it lets in, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rushes.api.serving import listen_at
from rushes.cli.commands import serving as command
from rushes.cli.main import run
from rushes.errors import BadInput, RushesError
from tests.api.conftest import _UNUSED, TOKEN, Clip, is_problem, recorded, strictly


@contextmanager
def server(
    folder: Path, *options: str, env: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it prints."""
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "rushes",
            "--library",
            str(folder),
            "serve",
            "--port",
            "0",
            *options,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            yield process, address
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_this_machine_until_it_is_told_to_stop(tmp_path: Path, number: int) -> None:
    with server(tmp_path / "takes") as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with (
            httpx.Client(base_url=address, verify=_UNUSED) as client,
            client.stream("GET", "/events") as events,
        ):
            assert strictly(client.get("/history"))["total"] == 0
            # Who listens is sent home; nobody waits for them.
            process.send_signal(number)
            assert "event: hello" in "".join(events.iter_text())
        assert ended(process, 0) == (0, "")


@pytest.mark.parametrize("options", [["--host", "0.0.0.0"], ["--allow-host", "studio"]])
def test_beyond_this_machine_it_makes_a_token_and_tells_it_once(
    tmp_path: Path, own_home: Path, options: list[str]
) -> None:
    with server(tmp_path / "takes", *options) as (process, address):
        assert process.stderr is not None
        told = process.stderr.readline()
        token = told.rpartition(" ")[2].strip()
        assert len(token) >= 40
        port = address.rpartition(":")[2]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=_UNUSED) as client:
            is_problem(client.get("/history"), 401)
            is_problem(client.get(f"/history?token={token}"), 400)
            shown = {"Authorization": f"Bearer {token}"}
            assert client.get("/history", headers=shown).status_code == 200
        code, rest = ended(process, signal.SIGTERM)
        assert (code, rest) == (0, "")
    kept = [path.read_bytes() for path in own_home.rglob("*") if path.is_file()]
    kept += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(token.encode() in text for text in kept)


def test_large_uploads_and_many_readers_take_little_memory(tmp_path: Path, clip: Clip) -> None:
    sound = clip("long.wav", frames=2_000_000)
    with server(tmp_path / "takes") as (process, address):
        with httpx.Client(base_url=address, verify=_UNUSED, timeout=60) as client:
            take = recorded(client, sound)
            nothing = {"audio": bytes(50_000_000)}
            said = {"profile": "Anna", "text": "Hello"}
            before = peak(process.pid)
            is_problem(client.post("/history", data=said, files=nothing), 422, "bad-audio")

            def read(_: int) -> bool:
                return client.get(take["audio_url"]).content == sound.read_bytes()

            with ThreadPoolExecutor(20) as readers:
                assert all(readers.map(read, range(20)))
            assert peak(process.pid) - before < 25_000_000
        assert ended(process, signal.SIGTERM) == (0, "")
    assert not list((tmp_path / "takes" / "incoming").iterdir())


def peak(process: int) -> int:
    """The most memory that a process has held, in bytes (proc_pid_status(5))."""
    said = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) * 1024


def test_a_token_that_is_given_is_needed_and_not_told(tmp_path: Path) -> None:
    with server(tmp_path / "takes", env={"RUSHES_TOKEN": TOKEN}) as (process, address):
        with httpx.Client(base_url=address, verify=_UNUSED) as client:
            is_problem(client.get("/history"), 401)
            shown = {"Authorization": f"Bearer {TOKEN}"}
            assert client.get("/history", headers=shown).status_code == 200
        assert ended(process, signal.SIGTERM) == (0, "")


def test_without_its_packages_it_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_NEEDED", ("fastapi", "no_such_package"))
    assert run(["serve"]) == 1
    assert capsys.readouterr().err == (
        "rushes: the server isn't installed: no_such_package is missing."
        " Type: pip install 'rushes[http]'\n"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--token", "short"], "the token has the wrong length"),
        (["--port", "99999"], "99999 is no port"),
        (["--host", "no such host"], "is no address of this machine"),
        (["--allow-host", "a b"], "is no host name"),
    ],
)
def test_what_is_not_meant_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert run(["serve", *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_port_that_is_taken_is_told(free: Callable[[], int]) -> None:
    port = free()
    place = listen_at("127.0.0.1", port)
    with place.socket, pytest.raises(RushesError, match=f"port {port}"):
        listen_at("127.0.0.1", port)
    with pytest.raises(BadInput):
        listen_at("127.0.0.1", -1)


@pytest.fixture
def free() -> Callable[[], int]:
    def port() -> int:
        with listen_at("127.0.0.1", 0).socket as found:
            return int(found.getsockname()[1])

    return port
