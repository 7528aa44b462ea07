"""A synthetic trace, and one Chromium for each file of browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from model.trace import Trace
from tests.browser.session import find_chromium, launch
from tests.lens.synthetic import build_trace


@pytest.fixture(scope="session")
def trace() -> Trace:
    """Encoder and decoder of different depth, sub-words, and text that looks like markup."""
    return build_trace(
        ["the", "cat", "<script>", "un|likely", "sat", "."],
        ["le", "chat", "<b>", "impro|bable", "était", "assis", "."],
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed after each file: Playwright allows one driver at a time in a process."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            pytest.skip("no Chromium found: install it, or name it in $CHROMIUM")
        browser = launch(playwright, executable)
        yield browser
        browser.close()
