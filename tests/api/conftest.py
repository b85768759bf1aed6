"""A real server on a loopback port, over a real library, in a thread of this process."""

from __future__ import annotations

import json
import ssl
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from rushes.api.access import Access
from rushes.api.app import create_app
from rushes.api.guards import Guard, Limits
from rushes.api.service import Service
from rushes.api.serving import Server, listen_at
from rushes.library import Library

TOKEN = "a-token-of-the-tests-0123456789"

_UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here speaks TLS, but a client without this reads every certificate there is."""


@dataclass(frozen=True, slots=True)
class Served:
    """A library that is served: its address, and what a test may look at behind it."""

    url: str
    library: Library
    service: Service
    server: Server
    opened: ExitStack = field(repr=False)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def staged(self) -> list[Path]:
        """What lies in staging."""
        folder = self.library.path / "incoming"
        return list(folder.iterdir()) if folder.exists() else []

    def client(self, **headers: str) -> httpx.Client:
        return self.opened.enter_context(
            httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=_UNUSED)
        )


@contextmanager
def serving(
    folder: Path,
    access: Access | None = None,
    limits: Limits | None = None,
) -> Iterator[Served]:
    """Serves the library in a folder for as long as the block lasts."""
    with ExitStack() as opened:
        library = opened.enter_context(Library.open(folder))
        service = Service(library)
        app = Guard(create_app(service), access or Access(), limits)
        server = Server(app, service.hub, patience=5)
        place = listen_at("127.0.0.1", 0)
        opened.enter_context(place.socket)
        ready = threading.Event()
        thread = threading.Thread(target=server.run_at, args=(place, ready.set))
        thread.start()
        assert ready.wait(20)
        try:
            with ExitStack() as clients:
                yield Served(place.address, library, service, server, clients)
        finally:
            server.stop()
            thread.join(20)
            service.close()
            assert not thread.is_alive()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "takes") as served:
        yield served


@pytest.fixture
def client(served: Served) -> httpx.Client:
    return served.client()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Served]:
    """Served to who shows the token."""
    with serving(tmp_path / "takes", Access(token=TOKEN)) as served:
        yield served


Clip = Callable[..., Path]


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """Writes a WAV file of 8 kHz, 16 bits; its bytes differ by ``level``."""

    def write(name: str = "clip.wav", frames: int = 4_000, level: int = 0x40) -> Path:
        path = tmp_path / name
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8_000, 0, "NONE", ""))
            file.writeframes(bytes((0, level, 0, 256 - level)) * (frames // 2))
        return path

    return write


def strictly(answer: httpx.Response) -> Any:  # noqa: ANN401  # whatever the document holds
    """What an answer says as strict JSON."""

    def refuse(constant: str) -> object:
        raise AssertionError(f"{constant} isn't JSON")

    return json.loads(answer.content, parse_constant=refuse)


def recorded(client: httpx.Client, path: Path, **fields: str) -> dict[str, Any]:
    """Records a file over HTTP."""
    said = {"profile": "Anna", "text": "Hello", **fields}
    answer = client.post("/history", data=said, files={"audio": path.read_bytes()})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = strictly(answer)
    assert answer.headers["location"] == f"/history/{told['id']}"
    return told


def is_problem(answer: httpx.Response, status: int, kind: str | None = None) -> dict[str, Any]:
    """Makes sure that an answer is a problem document, the shape of which never changes."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = strictly(answer)
    assert list(told) == ["type", "title", "status", "detail", "fix", "errors"]
    assert told["status"] == status
    assert told["detail"]
    assert "Traceback" not in answer.text
    if kind is not None:
        assert told["type"] == f"urn:rushes:{kind}"
    return told
