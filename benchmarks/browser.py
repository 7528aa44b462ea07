"""A Chromium and a folder for the benchmarks that need them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.session import find_chromium, launch


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
