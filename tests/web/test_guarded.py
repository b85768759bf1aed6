"""Who may come in: the page's files are everybody's, the history and the sound are not."""

from __future__ import annotations

import re
import socket
from http.client import HTTPConnection

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from rushes.api.access import COOKIE
from rushes.api.page.files import FOLDER, POLICY
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Unpacker
from rushes.playback.listening.remote import own_hello
from tests.web.conftest import Site


def answer(site: Site, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; ``Host`` as any other header."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    came = connection.getresponse()
    body = came.read()
    connection.close()
    return came.status, {key.lower(): value for key, value in came.getheaders()}, body


def test_the_page_is_there_without_a_token_and_runs_nothing_but_its_own(site: Site) -> None:
    status, headers, body = answer(site, "/")
    assert status == 200
    assert body == (FOLDER / "index.html").read_bytes()
    assert headers["content-security-policy"] == POLICY
    assert "'unsafe" not in POLICY
    status, headers, _ = answer(site, "/", If_None_Match=headers["etag"])
    assert status == 304
    status, headers, _ = answer(site, "/page/main.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")


@pytest.mark.parametrize(
    "path", ["/page/..%2froutes.py", "/page/../routes.py", "/page/routes.py", "/page/%00", "/x"]
)
def test_nothing_else_is_a_file_of_the_page(site: Site, path: str) -> None:
    assert answer(site, path)[0] == 401
    assert answer(site, path, Authorization=f"Bearer {site.token}")[0] in (404, 422)


@pytest.mark.parametrize("path", ["/history", "/page/waves?id=x", "/events", "/history/stats"])
def test_the_history_wants_the_token(site: Site, path: str) -> None:
    assert answer(site, path)[0] == 401
    assert answer(site, path, Authorization="Bearer not-the-token-at-all")[0] == 401
    assert answer(site, path, Cookie=f"{COOKIE}=not-the-token-at-all")[0] == 401


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/history"])
def test_a_foreign_name_and_a_foreign_page_are_refused(site: Site, path: str) -> None:
    token = f"Bearer {site.token}"
    assert answer(site, path, Host="evil.example", Authorization=token)[0] == 421
    foreign = {"Origin": "https://evil.example", "Authorization": token}
    assert answer(site, path, **foreign)[0] == 403


def test_a_link_from_anywhere_opens_the_page_and_nothing_else(site: Site) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert answer(site, "/", **followed, **{"Sec-Fetch-Dest": "document"})[0] == 200
    assert answer(site, "/", **followed, **{"Sec-Fetch-Dest": "iframe"})[0] == 403
    token = {"Authorization": f"Bearer {site.token}", "Sec-Fetch-Dest": "document"}
    assert answer(site, "/history", **followed, **token)[0] == 403


def test_two_servers_on_one_laptop_have_a_cookie_each(site: Site) -> None:
    both = f"{COOKIE}_1=of-another-server-altogether; {COOKIE}_{site.port}={site.token}"
    assert answer(site, "/history?limit=1", Cookie=both)[0] == 200
    assert answer(site, "/history", Cookie=both.replace(site.token, "wrong"))[0] == 401


@pytest.mark.parametrize(
    ("token", "host", "origin"),
    [
        ("", "127.0.0.1", None),
        ("not-the-token-at-all", "127.0.0.1", None),
        ("TOKEN", "127.0.0.1", "https://evil.example"),
        ("TOKEN", "127.0.0.1", "http://127.0.0.1:1"),
        ("TOKEN", "evil.example", None),
    ],
)
def test_the_sound_wants_the_token_and_its_own_page(
    site: Site, token: str, host: str, origin: str | None
) -> None:
    cookie = [("Cookie", f"{COOKIE}={token.replace('TOKEN', site.token)}")] if token else []
    to_here = socket.create_connection(("127.0.0.1", site.port))
    address = f"ws://{host}:{site.port}/page/sound"
    told = None if origin is None else Origin(origin)
    with to_here, pytest.raises(InvalidStatus) as refused:
        connect(address, sock=to_here, additional_headers=cookie, origin=told, proxy=None)
    assert refused.value.response.status_code == 403


def test_the_sound_is_the_relays_frames(site: Site) -> None:
    address = site.address.replace("http", "ws") + "/page/sound"
    cookie = [("Cookie", f"{COOKIE}={site.token}")]
    with connect(address, additional_headers=cookie, proxy=None) as page:
        hello = Frame(frames.HELLO, 0, own_hello().packed())
        page.send(frames.MAGIC + hello.packed())
        unpacker = Unpacker()
        kinds: list[int] = []
        while frames.AWAKE not in kinds:
            data = page.recv(timeout=20)
            assert isinstance(data, bytes)
            kinds += [frame.kind for frame in unpacker.feed(data)]
        assert kinds[0] == frames.HELLO
        page.send("words")  # not frames: the relay hears no more of this page


def test_a_page_that_speaks_nonsense_is_shown_the_door(site: Site) -> None:
    address = site.address.replace("http", "ws") + "/page/sound"
    cookie = [("Cookie", f"{COOKIE}={site.token}")]
    with connect(address, additional_headers=cookie, proxy=None) as page:
        huge = frames.HEAD.pack(frames.HELLO, 0, 1 << 30)
        page.send(frames.MAGIC + huge)
        for _ in page:
            pass  # until it is closed
        assert page.close_code == 1000


def test_the_files_of_the_page_hold_no_code_in_line_and_nothing_from_elsewhere() -> None:
    page = (FOLDER / "index.html").read_text()
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", page)
    for path in FOLDER.iterdir():
        text = path.read_text()
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b", text), path.name


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_every_ground_in_both_themes() -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    style = (FOLDER / "page.css").read_text()
    themes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(themes) == 2
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        grounds = [colours.pop(name) for name in ("ground", "surface", "raised")]
        del colours["faint"]  # lines and empty hearts, no text
        for name, colour in colours.items():
            for ground in grounds:
                light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground)
