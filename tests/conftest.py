"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

# One thread gives the same sums on every machine, and is as fast at this size; torch reads it once.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.session import find_chromium, launch


@pytest.fixture(autouse=True, scope="module")
def with_the_smallest_numbers() -> None:
    """A training in the same process takes them for zero from then on."""
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a process, as Playwright allows one driver at a time.

    Without one the tests that need it are skipped, or fail when CI=true.
    """
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            message = "no Chromium found: install it, or name it in $CHROMIUM"
            if os.environ.get("CI") == "true":
                pytest.fail(message, pytrace=False)
            pytest.skip(message)
        browser = launch(playwright, executable)
        yield browser
        browser.close()


BY_THE_CLOCK = {"test_jobs", "test_jobs_in_turn", "test_short", "test_turns", "test_serve"}
"""Files whose tests wait for threads and processes as long as these ought to take."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the browser comes last: it is slow, and its driver's event loop stays running.

    It is tried once more where it fails, as is what goes by the clock, since a busy machine may be
    late for it; the summary counts such tests.
    """

    def needs_browser(item: pytest.Item) -> bool:
        return "browser" in getattr(item, "fixturenames", ())

    for item in items:
        if needs_browser(item) or item.path.stem in BY_THE_CLOCK:
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=needs_browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why each test that was tried once more had failed."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"tried once more: {report.nodeid}")
        terminalreporter.line(report.longreprtext)
