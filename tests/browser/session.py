"""The running app and the browser that looks at it, for the tests and for `screenshots`."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

ROOT = Path(__file__).parents[2]
TIMEOUT = 120.0
"""Seconds to wait for the server, or for a page to come to rest, on a slow and busy machine."""

_SAYS = """wanted => {
  const said = new URLSearchParams(location.search);
  return Object.entries(wanted).every(([name, value]) => said.get(name) === value);
}"""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)")

MAIN_WIDTH = "document.querySelector('[data-testid=stMain]').scrollWidth"
"""What the page would take in width; it scrolls inside of itself, the document never does."""

IDLE = (
    "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
)


def find_chromium(playwright: Playwright) -> str | None:
    """A browser to drive: the one named in $CHROMIUM, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else ("chromium", "chromium-browser", "google-chrome")
    for name in names:
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    return own if not named and Path(own).exists() else None


def launch(playwright: Playwright, executable: str) -> Browser:
    """Start Chromium without a window."""
    return playwright.chromium.launch(
        executable_path=executable, args=list(FLAGS), timeout=TIMEOUT * 1000
    )


@dataclass
class Server:
    """A running app: where it answers, what it has said so far, and its process."""

    url: str
    log: Path
    pid: int = 0

    def log_tail(self, lines: int = 60) -> str:
        """The end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@contextmanager
def serve(
    log: Path, script: str = "app.py", *, base: str = "", **settings: str
) -> Iterator[Server]:
    """Run `streamlit run SCRIPT` on a free port of this machine until the block ends.

    Args:
        base: a path of the server below which the app answers.
        settings: of the server, such as `address=""`.

    Raises:
        RuntimeError: the server ended, or did not answer in time; with the end of its log.
    """
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", "{port}"]
    command += ["--server.baseUrlPath", base] if base else []
    command += [f"--server.{name}={value}" for name, value in settings.items()]
    with serve_command(command, log, cwd=ROOT, base=base) as server:
        yield server


@contextmanager
def serve_command(
    command: Sequence[str], log: Path, *, cwd: Path, base: str = "", **environment: str
) -> Iterator[Server]:
    """Run a command that starts the app, `{port}` in it being replaced by a free port.

    Args:
        environment: variables, besides and instead of those that keep a tested server quiet.

    Raises:
        RuntimeError: as for `serve`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "OMP_NUM_THREADS": "1",
        "HEADLIGHT_ROOMS": str(log.with_name("rooms.sqlite")),
    }
    server = Server(f"http://127.0.0.1:{port}{base and f'/{base}'}", log)
    with log.open("w") as out:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            cwd=cwd,
            env={**os.environ, **quiet, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server.pid = process.pid
    try:
        _wait_for_health(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_health(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    state = "did not answer" if process.poll() is None else f"ended with {process.returncode}"
    raise RuntimeError(f"the app's server {state}:\n{server.log_tail()}")


def wait_idle(page: Page, settle: float = 0.5, timeout: float = TIMEOUT) -> None:
    """Wait until the script has ended and stayed at rest for `settle` seconds.

    The pause covers the moment between an action and the run that it starts.

    Raises:
        AssertionError: the app was not at rest within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    rest_since: float | None = None
    while time.monotonic() < deadline:
        if page.locator(IDLE).count() and not page.get_by_test_id("stSkeleton").count():
            rest_since = rest_since or time.monotonic()
            if time.monotonic() - rest_since >= settle:
                return
        else:
            rest_since = None
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url} was not at rest after {timeout:.0f} s")


def address(page: Page, **wanted: str | None) -> dict[str, str]:
    """The parameters of the page's address, once it says what is `wanted` (None: nothing)."""
    page.wait_for_function(_SAYS, arg=wanted)
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def assert_no_traceback(page: Page) -> None:
    """No exception box, and no traceback in any text of the page."""
    boxes = page.get_by_test_id("stException")
    assert boxes.count() == 0, f"an exception on the page: {boxes.first.inner_text()}"
    assert "BidiComponent Error" not in page.locator("body").inner_text()
    assert "Traceback (most recent call last)" not in page.locator("body").inner_text()


@dataclass
class Watch:
    """Everything wrong that a page did: errors on its console, and requests to other hosts."""

    host: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Start listening to `page`."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _said(self, message: ConsoleMessage) -> None:
        """An error counts, but for Streamlit's own search for its server below a page's path."""
        looked_for = urlsplit(message.location.get("url", "")).path
        if message.type == "error" and not _PROBE.fullmatch(looked_for):
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.foreign.append(request.url)

    def check(self) -> None:
        """Fail when anything was heard."""
        assert not self.foreign, f"requests that leave the app's own server: {self.foreign}"
        assert not self.errors, f"errors on the browser's console: {self.errors}"
