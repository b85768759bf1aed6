"""A real Chromium without a screen, spoken to over two pipes in its DevTools protocol.

No driver is installed for it: a command is JSON that ends with a zero byte, and so is an answer.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PATIENCE = 30.0
_LOADS = 5  # times that a page may be loaded anew while something is waited for

_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--password-store=basic",
    "--hide-scrollbars",
)


class BrowserError(AssertionError):
    """What the browser answers where it can't do as told."""


class Browser:
    """One Chromium with a profile of its own in ``folder``.

    Args:
        environment: what differs from this process's, such as where its sound goes.
        flags: more of the command line.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str] | None = None, *flags: str
    ) -> None:
        assert CHROMIUM is not None
        folder.mkdir(parents=True, exist_ok=True)
        to_read, to_write = os.pipe(), os.pipe()
        # The protocol's pipes are descriptors 3 and 4; a shell puts them there.
        script = f'exec 3<&{to_read[0]} 4>&{to_write[1]}; exec "$@"'
        sandbox = ("--no-sandbox",) if os.getuid() == 0 else ()
        profile = f"--user-data-dir={folder / 'profile'}"
        more = (*sandbox, *flags, "about:blank")
        with (folder / "browser.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", script, "bash", CHROMIUM, profile, *_FLAGS, *more],
                env={**os.environ, "HOME": str(folder), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(to_read[0], to_write[1]),
                start_new_session=True,
            )
        os.close(to_read[0])
        os.close(to_write[1])
        self._writing, self._reading = to_read[1], to_write[0]
        self._changed = threading.Condition()
        self._answers: dict[int, dict[str, Any]] = {}
        self._hear: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._last = 0
        self._over = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def ask(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        """What the browser answers to a command."""
        with self._changed:
            self._last += 1
            number = self._last
            command: dict[str, Any] = {"id": number, "method": method, "params": params}
            if session:
                command["sessionId"] = session
            os.write(self._writing, json.dumps(command).encode() + b"\0")
            self._changed.wait_for(lambda: number in self._answers or self._over, PATIENCE)
            answer = self._answers.pop(number, None)
        if answer is None:
            raise BrowserError(f"the browser doesn't answer to {method}")
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def open(self, address: str, *, width: int = 1200, height: int = 800) -> Page:
        """A page that shares no cookie with any other."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        opened = {"url": "about:blank", "browserContextId": context}
        target = self.ask("Target.createTarget", **opened)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, str(target), str(session))
        self._hear[page.session] = page.heed
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.ask(f"{domain}.enable")
        page.resize(width, height)
        page.go(address)
        return page

    def close(self) -> None:
        """End it with all that it has started."""
        with contextlib.suppress(BrowserError, OSError):
            self.ask("Browser.close")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()
        self._thread.join()
        os.close(self._writing)
        os.close(self._reading)

    def _listen(self) -> None:
        kept = b""
        while data := os.read(self._reading, 1 << 16):
            *whole, kept = (kept + data).split(b"\0")
            for piece in whole:
                told = json.loads(piece)
                with self._changed:
                    if "id" in told:
                        self._answers[told["id"]] = told
                    elif told.get("sessionId") in self._hear:
                        self._hear[told["sessionId"]](told)
                    self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()


class Page:
    """One tab. ``complaints`` are its console's errors, ``requests`` the addresses it asked for.

    ``received`` are the bytes that came over its WebSockets.
    """

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self.session = session
        self._closed = False
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.received = 0

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """What the tab answers to a command."""
        return self._browser.ask(method, self.session, **params)

    def go(self, address: str) -> None:
        """Open an address."""
        self.ask("Page.navigate", url=address)

    def resize(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Give the window another size, in CSS pixels."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if mobile else 1,
            mobile=mobile,
        )

    def wear(self, scheme: str) -> None:
        """Prefer "dark" or "light"."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=features)

    def value(self, expression: str) -> Any:  # noqa: ANN401  # whatever the page holds
        """What an expression gives in the page; a promise is waited for."""
        answer = self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, expression: str) -> Any:  # noqa: ANN401  # whatever the page holds
        """Wait until an expression is true in the page; look at every frame it draws."""
        milliseconds = round(PATIENCE * 1000 * 0.8)
        script = f"""new Promise((found) => {{
            const end = performance.now() + {milliseconds};
            const look = () => {{
                let value = null;
                try {{ value = {expression}; }} catch (error) {{ value = null; }}
                if (value) found(value);
                else if (performance.now() > end) found(null);
                else setTimeout(look, 15);
            }};
            look();
        }})"""
        found = None
        for _ in range(_LOADS):
            try:
                found = self.value(script)
                break
            except BrowserError as error:
                if "navigated" not in str(error) and "context" not in str(error):
                    raise
        if found is None:
            shown = self.value("document.body.innerText")
            raise BrowserError(f"never: {expression}\n{shown}\n{self.complaints}")
        return found

    def click(self, selector: str) -> None:
        """Click into the middle of an element, as a person does: it counts as a gesture."""
        chosen = json.dumps(selector)
        x, y = self.until(
            f"(() => {{ const box = document.querySelector({chosen}).getBoundingClientRect();"
            " return box.width ? [box.x + box.width / 2, box.y + box.height / 2] : null; })()"
        )
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self.ask("Input.dispatchMouseEvent", type="mousePressed", **where)
        self.ask("Input.dispatchMouseEvent", type="mouseReleased", **where)

    def press(self, key: str, code: str = "") -> None:
        """Press a key; one letter is typed."""
        text = {"text": key} if len(key) == 1 else {}
        if key == "Enter":
            text = {"text": "\r"}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=code)

    def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.ask("Input.insertText", text=text)

    def picture(self, path: Path) -> None:
        """Keep what the page looks like, as PNG."""
        answer = self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        """Close the tab; the second time nothing happens."""
        if self._closed:
            return
        self._closed = True
        self._browser.ask("Target.closeTarget", targetId=self._target)

    def heed(self, told: dict[str, Any]) -> None:
        """Keep what the console says, and what is asked of the network."""
        params = told.get("params", {})
        if told["method"] == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif told["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif told["method"] == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif told["method"] == "Network.webSocketFrameReceived":
            self.received += len(base64.b64decode(params["response"]["payloadData"]))
