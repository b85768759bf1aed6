"""Who may ask: names that a Host may bear, pages that may ask at all, and the token."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from rushes.api.problems import Trouble
from rushes.errors import BadInput

COOKIE = "rushes_token"
"""How the name of the cookie begins that bears the token in a browser.

Its end is the port that the browser calls: cookies know no ports, and two tunnels may lead from one
laptop to two servers.
"""

SHORTEST_TOKEN = 16
"""Characters: what nobody guesses over a network in a life."""

_LONGEST_TOKEN = 512
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})
_TOKEN_NAMES = frozenset({"token", "access_token", "auth_token", "api_key", COOKIE})
_OWN_SITE = frozenset({"same-origin", "none"})

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask.

    ``token`` is what must be shown, None where nothing must. ``names`` are the host names by which
    this server may be called, in lower case; addresses of this machine alone (127.0.0.1, ::1) are
    always right, others where ``anywhere`` says that it listens beyond them: a name is what DNS
    rebinding needs, an address can't be rebound.
    """

    token: str | None = None
    names: frozenset[str] = frozenset()
    anywhere: bool = False

    def refusal(
        self, headers: RawHeaders, path: bytes, query: bytes, *, page: bool = False
    ) -> Trouble | None:
        """Why a request is refused, by its headers and its raw address; None where it isn't.

        ``page`` lets it in without the token: what is the same for everybody.
        """
        host = _only(headers, b"host")
        if host is None or not self._is_called(host):
            return _refused(
                HTTPStatus.MISDIRECTED_REQUEST,
                "foreign-host",
                "this server isn't called so",
                "Ask it by its address, or let `rushes serve --allow-host NAME` name it.",
            )
        if self._tells_token(path, query):
            return _refused(
                HTTPStatus.BAD_REQUEST,
                "token-in-address",
                "a token doesn't belong in an address, which logs and histories keep",
                "Send it as Authorization: Bearer TOKEN.",
            )
        if not (_is_same_origin(headers, host) or (page and _opens_a_page(headers))):
            return _refused(
                HTTPStatus.FORBIDDEN, "foreign-origin", "pages of other sites may not ask here"
            )
        if page or self.is_known(headers):
            return None
        return _refused(
            HTTPStatus.UNAUTHORIZED,
            "token-needed",
            "the token is missing or wrong",
            "Send it as Authorization: Bearer TOKEN.",
            {"WWW-Authenticate": 'Bearer realm="rushes"'},
        )

    def is_known(self, headers: RawHeaders) -> bool:
        """Whether the token is shown, as a header or as a cookie; always where none is needed."""
        if self.token is None:
            return True
        wanted = self.token.encode()
        known = False
        for shown in _shown_tokens(headers):
            # Each in constant time, and none left out.
            known |= hmac.compare_digest(shown, wanted)
        return known

    def _is_called(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname, parts.port
        except ValueError:
            return False
        if not name or parts.netloc != host or "@" in host or parts.path or parts.query:
            return False
        bare = name.rstrip(".")
        if bare in _LOOPBACK_NAMES or bare in self.names:
            return True
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            return False
        return address.is_loopback or self.anywhere

    def _tells_token(self, path: bytes, query: bytes) -> bool:
        if self.token is not None and self.token.encode() in unquote_to_bytes(path + b"?" + query):
            return True
        names = (name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
        return any(name.strip().lower() in _TOKEN_NAMES for name in names)


def new_token() -> str:
    """A fresh token: 256 bits, as 43 letters, digits, - and _."""
    return secrets.token_urlsafe(32)


def checked_token(token: str) -> str:
    """A token that somebody chose.

    Raises:
        BadInput: it is too short to keep anybody out, or no header can carry it.
    """
    if not (token.isascii() and token.isprintable()) or any(c in token for c in ' ";,\\'):
        raise BadInput(
            "that can't be a token", "", 'Use letters, digits and signs, without spaces or ;,"\\.'
        )
    if not SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN:
        raise BadInput(
            "the token has the wrong length",
            f"it needs {SHORTEST_TOKEN} to {_LONGEST_TOKEN} characters",
            "Leave it out, and one is made.",
        )
    return token


def checked_names(names: Iterable[str]) -> frozenset[str]:
    """Names by which a server may be called, in lower case, without ports.

    Raises:
        BadInput: one is no host name.
    """
    checked = set()
    for name in names:
        bare = name.strip().lower().rstrip(".")
        if not bare or not all(letter.isalnum() or letter in "-._" for letter in bare):
            raise BadInput(f"“{name}” is no host name", "", "Write it as in server.example.org.")
        checked.add(bare)
    return frozenset(checked)


def cookie(token: str, host: str) -> str:
    """The cookie that bears the token: no script reads it, no other site's request brings it.

    ``host`` is the header of the request that is answered.
    """
    return f"{_cookie_name(host)}={token}; Path=/; HttpOnly; SameSite=Strict"


def no_cookie(host: str) -> str:
    """What takes the cookie away."""
    return f"{_cookie_name(host)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"


def _cookie_name(host: str) -> str:
    port = host.rpartition(":")[2]
    return f"{COOKIE}_{port}" if port.isdecimal() and port.isascii() else COOKIE


def _shown_tokens(headers: RawHeaders) -> list[bytes]:
    shown = []
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.strip().partition(b" ")
            if scheme.lower() == b"bearer":
                shown.append(token.strip())
        elif name == b"cookie":
            shown.extend(_in_cookie(value))
    return shown


def _in_cookie(value: bytes) -> list[bytes]:
    # Not by ``http.cookies``, which stops at the first odd one: other servers of this machine set
    # theirs for the same name, and no token needs to be unquoted.
    pairs = (pair.partition(b"=") for pair in value.split(b";"))
    return [
        told.strip().strip(b'"')
        for name, _, told in pairs
        if name.strip() == COOKIE.encode() or name.strip().startswith(f"{COOKIE}_".encode())
    ]


def _is_same_origin(headers: RawHeaders, host: str) -> bool:
    """Whether no page of another site asks (Fetch standard: Origin, Sec-Fetch-Site)."""
    for name, value in headers:
        if name == b"sec-fetch-site" and value.decode("latin-1").lower() not in _OWN_SITE:
            return False
        if name == b"origin":
            scheme, separator, told = value.decode("latin-1").lower().partition("://")
            if not separator or scheme not in ("http", "https"):
                return False
            port = ":80" if scheme == "http" else ":443"
            if told.removesuffix(port) != host.lower().removesuffix(port):
                return False
    return True


def _opens_a_page(headers: RawHeaders) -> bool:
    """Whether a person follows a link, from wherever: a browser shows what comes to them alone."""
    told = dict(headers)
    return (
        b"origin" not in told
        and told.get(b"sec-fetch-mode") == b"navigate"
        and told.get(b"sec-fetch-dest") == b"document"
    )


def _only(headers: RawHeaders, name: bytes) -> str | None:
    found = [value for key, value in headers if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _refused(
    status: HTTPStatus, kind: str, detail: str, fix: str = "", headers: dict[str, str] | None = None
) -> Trouble:
    return Trouble(status, kind, detail, fix, headers=headers or {})
