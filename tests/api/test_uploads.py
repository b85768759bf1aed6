"""Recording over HTTP: what comes in whole is kept, what doesn't leaves nothing behind."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from rushes.api.guards import Limits
from rushes.domain.generation import Status
from rushes.library import Library
from tests.api.conftest import Clip, Served, is_problem, recorded, serving, strictly

BEGUN = {"profile": "Anna", "text": "Later"}


@pytest.fixture(scope="module")
def upload_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For requests that come to nothing, in which nothing may stay."""
    with serving(tmp_path_factory.mktemp("uploads") / "takes") as served:
        yield served
        assert strictly(served.client().get("/history"))["total"] == 0
        assert not list((served.library.path / "audio").rglob("*.wav"))


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For who stands still."""
    folder = tmp_path_factory.mktemp("impatient") / "takes"
    with serving(folder, limits=Limits(patience=0.3)) as served:
        yield served


def settle(done: Callable[[], bool]) -> None:
    """The server sees in its own time that somebody is gone."""
    ends = time.monotonic() + 20
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.02)


def form(*parts: tuple[str, bytes], end: bool = True) -> bytes:
    """A form whose boundary is ``x``; a part is its head and its body."""
    written = b"".join(
        b"--x\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + body + b"\r\n"
        for head, body in parts
    )
    return written + (b"--x--\r\n" if end else b"")


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
SAID = (('name="profile"', b"Anna"), ('name="text"', b"Hello"))


def test_all_that_is_said_of_a_take_is_kept(client: httpx.Client, clip: Clip) -> None:
    said = {
        "text": "Grüße [laughs] 100%\n{0}",
        "language": "de",
        "engine": "luxtts",
        "model_size": "0.6B",
        "seed": "-9223372036854775808",
        "instruct": "softly",
        "params": '{"temperature": 0.7, "list": [null, 0]}',
        "created_at": "2026-04-01T12:00:00+02:00",
        "rating": "4",
        "is_favorited": "true",
        "note": "x",
    }
    take = recorded(client, clip(), **said)
    assert {key: take[key] for key in ("text", "language", "engine", "model_size")} == {
        key: said[key] for key in ("text", "language", "engine", "model_size")
    }
    assert take["seed"] == -(2**63)
    assert take["params"] == {"temperature": 0.7, "list": [None, 0]}
    assert take["created_at"] == "2026-04-01T10:00:00.000000Z"
    assert (take["rating"], take["is_favorited"], take["note"]) == (4, True, "x")
    assert (take["duration"], take["sample_rate"]) == (0.5, 8_000)


def test_the_file_is_kept_byte_for_byte_whatever_it_is_called(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    wav = clip().read_bytes()
    for name in ("../../../etc/passwd", "C:\\x.wav", "/etc/cron.d/x", "\0.wav", "a" * 1_000):
        head = f'name="audio"; filename="{name}"'
        answer = client.post("/history", content=form(*SAID, (head, wav)), headers=FORM)
        assert answer.status_code == 201, answer.text
        take = strictly(answer)
        file = served.library.path / take["audio_path"]
        assert file.name == f"{take['id']}.wav"
        assert file.read_bytes() == wav
    assert served.staged == []


def test_a_large_file_streams_through_in_pieces(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    path = clip("large.wav", frames=2_000_000)
    take = recorded(client, path)
    assert (served.library.path / take["audio_path"]).read_bytes() == path.read_bytes()
    assert served.staged == []


def test_a_run_is_begun_completed_and_failed(client: httpx.Client, clip: Clip) -> None:
    run = strictly(client.post("/history/begin", json={**BEGUN, "params": {"a": None}}))
    assert (run["status"], run["audio_url"], run["params"]) == ("pending", None, {"a": None})
    place = f"/history/{run['id']}"
    wav = {"audio": clip().read_bytes()}
    done = strictly(client.post(f"{place}/complete", files=wav))
    assert (done["id"], done["status"], done["duration"]) == (run["id"], "completed", 0.5)
    is_problem(client.post(f"{place}/complete", files=wav), 409, "conflict")
    is_problem(client.post(f"{place}/fail", json={"error": "late"}), 409, "conflict")
    other = strictly(client.post("/history/begin", json=BEGUN))
    failed = strictly(
        client.post(f"/history/{other['id']}/fail", json={"error": "CUDA out of memory"})
    )
    assert (failed["status"], failed["error"]) == ("failed", "CUDA out of memory")
    retried = strictly(client.post(f"/history/{other['id']}/complete", files=wav))
    assert (retried["status"], retried["error"]) == ("completed", None)
    is_problem(client.post("/history/nope/complete", files=wav), 404)


def test_a_run_that_was_begun_over_http_waits_for_ever(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    with serving(folder) as served:
        run = strictly(served.client().post("/history/begin", json=BEGUN))
    with Library.open(folder) as library:
        assert library.generations.get(run["id"]).status is Status.PENDING


def test_a_run_that_lies_in_the_trash_still_gets_its_audio(
    client: httpx.Client, clip: Clip
) -> None:
    run = strictly(client.post("/history/begin", json=BEGUN))
    client.delete(f"/history/{run['id']}")
    wav = {"audio": clip().read_bytes()}
    assert client.post(f"/history/{run['id']}/complete", files=wav).status_code == 200
    assert strictly(client.get(f"/trash/{run['id']}"))["status"] == "completed"


WAV = b"RIFF\x24\0\0\0WAVE"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (form(*SAID, ('name="audio"; filename="a"', WAV), end=False), 400),
        (form(*SAID), 422),
        (form(*SAID, ('name="audio"; filename="a"', b"")), 422),
        (form(*SAID, ('name="audio"; filename="a"', b"no audio at all")), 422),
        (form(*SAID, ('name="audio"', WAV), ('name="audio"', WAV)), 422),
        (form(*SAID, *SAID, ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="path"', b"/etc/passwd"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="note"', b"\xff\xfe"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="params"', b"{"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="params"', b"[1]"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="params"', b'{"a": NaN}'), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="params"', b"[" * 9_999), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="seed"', b"many"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="seed"', b"9" * 400), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="rating"', b"6"), ('name="audio"', WAV)), 422),
        (form(*SAID, ('name="created_at"', b"soon"), ('name="audio"', WAV)), 422),
        (form(('name="text"', b"x"), ('name="audio"', WAV)), 422),
        (form(("name*=utf-8''audio", WAV)), 422),
        (form(("nothing", WAV)), 422),
        (form(*[('name="text"', b"x")] * 100), 422),
        (b"--x\r\n" + b"A: b\r\n" * 5_000 + b"\r\n\r\n--x--", 400),
        (b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 99_999, 400),
    ],
)
def test_a_form_that_is_not_meant_is_refused_whole(
    upload_server: Served, body: bytes, status: int
) -> None:
    answer = upload_server.client().post("/history", content=body, headers=FORM)
    is_problem(answer, status)
    assert upload_server.staged == []


def test_what_is_no_form_is_415(upload_server: Served) -> None:
    client = upload_server.client()
    is_problem(client.post("/history", json=BEGUN), 415)
    is_problem(client.post("/history", content=b"x"), 415)
    no_boundary = {"Content-Type": "multipart/form-data"}
    is_problem(client.post("/history", content=b"x", headers=no_boundary), 400)
    long = {"Content-Type": f"multipart/form-data; boundary={'x' * 9_999}"}
    is_problem(client.post("/history", content=b"x", headers=long), 400)


def _line(served: Served, length: int) -> socket.socket:
    """A connection on which a form of so many bytes is begun, with 300 kB of its file."""
    line = socket.create_connection(("127.0.0.1", served.port), timeout=20)
    head = form(*SAID, ('name="audio"; filename="a.wav"', b""), end=False)
    line.sendall(
        f"POST /history HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\n\r\n".encode()
        + head[:-2]
        + b"x" * 300_000
    )
    return line


def test_a_client_that_hangs_up_leaves_nothing_in_staging(upload_server: Served) -> None:
    lines = [_line(upload_server, 10**9) for _ in range(5)]
    settle(lambda: len(upload_server.staged) == 5)
    for line in lines:
        line.close()
    settle(lambda: upload_server.staged == [])


def test_an_upload_that_stands_still_is_ended(impatient: Served) -> None:
    with _line(impatient, 10**9) as line, line.makefile("rb") as answer:
        assert answer.readline().startswith(b"HTTP/1.1 408")
    settle(lambda: impatient.staged == [])


def test_a_body_of_any_kind_that_stands_still_is_ended(impatient: Served) -> None:
    with (
        socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as line,
        line.makefile("rb") as answer,
    ):
        line.sendall(
            b"POST /history/begin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
            b'Content-Type: application/json\r\n\r\n{"profile":'
        )
        assert answer.readline().startswith(b"HTTP/1.1 408")


def test_a_file_that_is_too_large_is_refused_in_its_middle(
    upload_server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.media.arriving.Arriving.__init__.__defaults__", (100_000,))
    with _line(upload_server, 10**6) as line, line.makefile("rb") as answer:
        assert answer.readline().startswith(b"HTTP/1.1 422")
    settle(lambda: upload_server.staged == [])


def test_more_than_any_file_may_have_is_refused_before_it_is_sent(upload_server: Served) -> None:
    with _line(upload_server, 10**11) as line, line.makefile("rb") as answer:
        assert answer.readline().startswith(b"HTTP/1.1 413")
    assert upload_server.staged == []


def test_a_server_that_stops_in_the_middle_of_an_upload_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    with serving(folder, limits=Limits(patience=1.5)) as served:
        line = _line(served, 10**9)
        settle(lambda: len(served.staged) == 1)
    line.close()
    assert not list((folder / "incoming").iterdir())


def test_a_quota_that_refuses_is_507(served: Served, client: httpx.Client, clip: Clip) -> None:
    recorded(client, clip())
    served.library.quotas.set("Anna", 10)
    served.library.quotas.set_refuse(True)
    said = {"profile": "Anna", "text": "Hello"}
    answer = client.post("/history", data=said, files={"audio": clip().read_bytes()})
    is_problem(answer, 507, "quota-exceeded")
    assert served.staged == []


def test_a_library_that_cannot_be_written_says_so(
    served: Served, client: httpx.Client, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = recorded(client, clip())
    monkeypatch.setattr(served.library._store.database, "writable", False)
    said = {"profile": "Anna", "text": "Hello"}
    answer = client.post("/history", data=said, files={"audio": clip().read_bytes()})
    is_problem(answer, 503, "library-read-only")
    is_problem(client.delete(f"/history/{take['id']}"), 503)
    assert client.get(f"/audio/{take['id']}").status_code == 200
