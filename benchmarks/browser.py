"""A Chromium and a folder for the benchmarks that need them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.session import ROOT, Server, find_chromium, launch, serve_command

APP = Path(os.environ.get("HEADLIGHT_APP", ROOT)).resolve()
"""The checkout whose pages are measured, for two beside each other."""


class Skipped(SystemExit):
    """A benchmark that cannot run here; says why."""


@contextmanager
def chromium() -> Iterator[tuple[Browser, Path]]:
    """A running Chromium and an empty folder, until the block ends.

    Raises:
        Skipped: no Chromium was found.
    """
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        executable = find_chromium(playwright)
        if executable is None:
            raise Skipped("Skipped: no Chromium found; install it, or name it in $CHROMIUM.")
        browser = launch(playwright, executable)
        yield browser, Path(folder)
        browser.close()


@contextmanager
def app(log: Path, **environment: str) -> Iterator[Server]:
    """The running app of the checkout that is measured, with these variables."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "{port}"]
    with serve_command(command, log, cwd=APP, **environment) as server:
        yield server
