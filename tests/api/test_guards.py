"""Who may ask: foreign hosts, foreign pages and wrong tokens are refused, and nothing is logged."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rushes.api.access import COOKIE, Access, checked_names, checked_token, new_token
from rushes.api.guards import LARGE_AT_ONCE, Limits
from rushes.errors import BadInput
from rushes.logs import set_up
from tests.api.conftest import TOKEN, Served, is_problem, serving, strictly

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("open") / "takes") as served:
        yield served


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    access = Access(TOKEN, checked_names(["Studio.Example.org"]), anywhere=True)
    with serving(tmp_path_factory.mktemp("closed") / "takes", access) as served:
        yield served


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "127.0.0.1@evil.example",
        "192.168.0.5",
        "localhost/evil",
        "localhost:x",
        "[::1",
        "",
        "localhost, evil.example",
    ],
)
def test_a_foreign_host_is_refused(open_server: Served, host: str) -> None:
    answer = open_server.client(Host=host).get("/history")
    is_problem(answer, 421, "foreign-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9999", "[::1]:80"])
def test_this_machine_is_called_by_any_of_its_own_names(open_server: Served, host: str) -> None:
    # Whatever the port: ssh -L has one of its own.
    assert open_server.client(Host=host).get("/history").status_code == 200


def test_beyond_this_machine_addresses_and_named_hosts_are_right(closed_server: Served) -> None:
    for host, status in [
        ("10.1.2.3:7874", 200),
        ("studio.example.org", 200),
        ("evil.example", 421),
    ]:
        answer = closed_server.client(Host=host, **BEARER).get("/history")
        assert answer.status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_are_refused(open_server: Served, headers: dict[str, str]) -> None:
    client = open_server.client(**headers)
    is_problem(client.get("/history"), 403, "foreign-origin")
    is_problem(client.post("/history/begin", json={"profile": "A", "text": "x"}), 403)
    answer = client.options("/history", headers={"Access-Control-Request-Method": "DELETE"})
    assert answer.status_code == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_a_page_of_its_own_may_ask(open_server: Served) -> None:
    own = {"Origin": open_server.url, "Sec-Fetch-Site": "same-origin"}
    assert open_server.client(**own).get("/history").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Cookie": f"{COOKIE}=wrong"},
        {"Cookie": f"other={TOKEN}"},
        {"X-Token": TOKEN},
    ],
)
def test_without_the_token_there_is_no_answer(
    closed_server: Served, headers: dict[str, str]
) -> None:
    client = closed_server.client(**headers)
    for place in ("/history", "/openapi.json", "/events", "/nowhere", "/audio/x"):
        answer = client.get(place)
        is_problem(answer, 401, "token-needed")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_token_opens_as_a_header_and_as_the_cookie_it_gives(closed_server: Served) -> None:
    client = closed_server.client()
    assert client.get("/history", headers=BEARER).status_code == 200
    answer = client.post("/session", headers=BEARER)
    assert answer.status_code == 204
    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=Strict" in told
    assert client.get("/history").status_code == 200
    client.delete("/session")
    is_problem(client.get("/history"), 401)


@pytest.mark.parametrize(
    "place",
    [
        f"/history?token={TOKEN}",
        "/history?token=",
        "/history?Access_Token=x",
        f"/history?search={TOKEN}",
        f"/history/{TOKEN}",
        "/history?search=" + "".join(f"%{ord(letter):02x}" for letter in TOKEN),
    ],
)
def test_a_token_in_an_address_is_refused_even_if_it_is_right(
    closed_server: Served, place: str
) -> None:
    is_problem(closed_server.client(**BEARER).get(place), 400, "token-in-address")


def test_neither_tokens_nor_addresses_are_logged(closed_server: Served, tmp_path: Path) -> None:
    log = tmp_path / "rushes.log"
    set_up(path=log)
    client = closed_server.client()
    client.get(f"/history?token={TOKEN}")
    client.get("/history?search=private", headers={"Authorization": f"Bearer {TOKEN}x"})
    client.get("/history?search=private", headers={"Host": "evil.example", **BEARER})
    client.get("/history?search=private", headers=BEARER)
    assert not log.exists() or not {TOKEN, "private"} & set(log.read_text().split("="))


def test_what_nobody_foresaw_is_logged_and_told_to_nobody(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "rushes.log"
    set_up(path=log)

    def breaks() -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(served.library.generations, "tags", breaks)
    answer = served.client().get("/tags?x=private")
    told = is_problem(answer, 500, "unforeseen")
    assert "secret" not in str(told)
    said = log.read_text()
    assert "ZeroDivisionError: a secret" in said
    assert "GET /tags" in said
    assert "private" not in said


def test_what_may_be_sent_is_limited(tmp_path: Path) -> None:
    with serving(tmp_path / "takes", limits=Limits(document=100, upload=10_000)) as served:
        client = served.client()
        body = {"profile": "A", "text": "x" * 100}
        is_problem(client.post("/history/begin", json=body), 413)

        def chunks() -> Iterator[bytes]:
            yield b'{"profile": "A", "text": "'
            yield b"x" * 200

        kind = {"Content-Type": "application/json"}
        answer = client.post("/history/begin", content=chunks(), headers=kind)
        is_problem(answer, 413)
        is_problem(client.post("/history", files={"audio": b"x" * 20_000}), 413)
        # What calls itself a form where none is taken may be no larger than a document.
        is_problem(client.post("/history/begin", files={"audio": b"x" * 5_000}), 413)
        assert served.staged == []


def test_more_large_documents_than_are_held_at_once_wait_for_their_turn(
    open_server: Served,
) -> None:
    body = {"profile": "A", "text": "x", "params": {"a": "y" * 300_000, "b": 1}, "path": "odd"}

    def send(_: int) -> int:
        return open_server.client().post("/history/begin", json=body).status_code

    with ThreadPoolExecutor(2 * LARGE_AT_ONCE + 1) as senders:
        assert set(senders.map(send, range(2 * LARGE_AT_ONCE + 1))) == {422}


def test_more_at_once_than_can_be_are_told_to_come_again(tmp_path: Path) -> None:
    with serving(tmp_path / "takes", limits=Limits(at_once=1)) as served:
        client = served.client()
        with client.stream("GET", "/events") as held:
            assert held.status_code == 200
            told = served.client().get("/health")
            is_problem(told, 503, "too-busy")
            assert told.headers["retry-after"] == "1"


def test_every_answer_bears_what_keeps_browsers_from_guessing(open_server: Served) -> None:
    for place in ("/history", "/nowhere"):
        headers = open_server.client().get(place).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers


def test_what_is_not_there_and_what_is_not_meant_are_problems_too(open_server: Served) -> None:
    client = open_server.client()
    is_problem(client.get("/nowhere"), 404)
    answer = client.patch("/history")
    is_problem(answer, 405)
    assert "GET" in answer.headers["allow"]


JSON_ABUSE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"profile": "A"}',
    b'{"profile": "A", "text": NaN}',
    b'{"profile": "A", "text": 1}',
    b'{"profile": "A", "text": "x", "seed": 1e999}',
    b'{"profile": "A", "text": "x", "seed": 99999999999999999999}',
    b'{"profile": "A", "text": "x", "seed": true}',
    b'{"profile": "A", "text": "x", "text": "y"}',
    b'{"profile": "A", "text": "\\ud800"}',
    b'{"profile": " ", "text": "x"}',
    b'{"profile": "A", "text": "x", "path": "/etc/passwd"}',
    b'{"profile": "A", "text": "x", "created_at": "soon"}',
    b'{"profile": "A", "text": "x", "params": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b'{"profile": "A", "text": "x", "params": ' + b'{"a":' * 150 + b"1" + b"}" * 150 + b"}",
    b'{"profile": "A", "text": "x", "params": {"a": ' + b"9" * 5_000 + b"}}",
    b"\xff\xfe{}",
]


@pytest.mark.parametrize("body", JSON_ABUSE)
def test_a_body_that_is_not_meant_is_422(open_server: Served, body: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    answer = open_server.client().post("/history/begin", content=body, headers=kind)
    is_problem(answer, 422)
    assert strictly(open_server.client().get("/history"))["total"] == 0


def test_json_by_another_name_is_no_json(open_server: Served) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = open_server.client().post(
            "/history/begin",
            content=b'{"profile": "A", "text": "x"}',
            headers={"Content-Type": kind},
        )
        is_problem(answer, 422)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2frushes.db",
        "..%5c..%5crushes.db",
        "%00",
        "audio%2f..%2f..%2frushes.db",
        "%ff%fe",
        "/etc/passwd",
        "~root",
        "C:%5cwindows",
        "a" * 5_000,
        "%F0%9F%8E%89",
        "%0d%0aSet-Cookie:x",
        "CON",
        "{0}",
        "%25s",
    ],
)
def test_no_path_in_a_request_reaches_the_disk(open_server: Served, name: str) -> None:
    # As raw as it can be sent: httpx would resolve the dots.
    for place in (
        f"/audio/{name}",
        f"/history/{name}",
        f"/history/{name}/export",
        f"/history/{name}/export-audio?version={name}",
        f"/history/{name}/peaks?version={name}",
        f"/history/x/versions/{name}/audio",
        f"/profiles/{name}",
        f"/presets/{name}?folder={name}",
        f"/presets?folder={name}&profile_id={name}",
        f"/stories/{name}",
        f"/stories/{name}/audio",
        f"/stories/{name}/export?format=srt",
        f"/stories/x/items/{name}",
        f"/trash/{name}",
        f"/history?profile_id={name}&search={name}",
    ):
        connection = http.client.HTTPConnection("127.0.0.1", open_server.port)
        connection.putrequest("GET", place, skip_host=False)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status in (200, 404, 422), (place, body)
        assert b"root:" not in body
        assert b"SQLite" not in body
        assert "set-cookie" not in {key.lower() for key, _ in answer.getheaders()}


def test_tokens_and_names_that_cannot_be_are_told() -> None:
    assert checked_token(new_token())
    for token in ("short", "with a space in it!", "x" * 600, "sémicolon-----------", "a;b" * 10):
        with pytest.raises(BadInput):
            checked_token(token)
    assert checked_names(["A.b."]) == {"a.b"}
    for name in ("", "a/b", "a b", "a:1"):
        with pytest.raises(BadInput):
            checked_names([name])


def test_a_socket_of_a_foreign_page_is_refused_before_it_opens(open_server: Served) -> None:
    answer = open_server.client().get(
        "/anything",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Origin": "https://evil.example",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "before", [b'prefs={"a": 1}; ', b"path=x; ", b"lonely; ", b"a=b c; ", b"\xff=\xfe; "]
)
def test_odd_cookies_of_other_servers_hide_no_token(before: bytes) -> None:
    shown = before + f"{COOKIE}_7874={TOKEN}".encode()
    assert Access(TOKEN).is_known([(b"cookie", shown)])
    assert not Access(TOKEN).is_known([(b"cookie", before + b"x" + shown[len(before) :])])
