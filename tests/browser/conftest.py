"""Fixtures: one server and one Chromium for the whole run, a fresh page for each test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.session import (
    ROOT,
    TIMEOUT,
    Server,
    Watch,
    assert_no_traceback,
    serve,
    wait_idle,
)

OpenPage = Callable[..., Page]

SERVER = pytest.StashKey[Server]()
NO_GREETING = "try { localStorage.setItem('headlight-welcome', 'closed') } catch {}"
"""Closes the line of a first visit, as it is for everyone who was there before."""
PAGES = pytest.StashKey[list[Page]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder carries the marker `browser`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the server's log, and keep a picture of each page, when a test fails."""
    report: Any = yield
    if report.failed and (server := item.config.stash.get(SERVER, None)):
        report.sections.append(("Log of the app's server", server.log_tail()))
        pages: list[Page] = item.stash.get(PAGES, [])
        for i, page in enumerate(pages):
            if not page.is_closed():
                name = re.sub(r"\W+", "-", item.nodeid).strip("-")
                picture = ROOT / "build" / "browser-failures" / f"{name}-{i}.png"
                with suppress(Error):  # of a page that answers no more
                    page.screenshot(path=picture, full_page=True, timeout=20_000)
                    report.sections.append(("Picture of the page", str(picture)))
    return report


@pytest.fixture(scope="session")
def server(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """The running app; asked for after the browser, so that no server starts for nothing."""
    with serve(tmp_path_factory.mktemp("server") / "log.txt") as server:
        request.config.stash[SERVER] = server
        yield server


@pytest.fixture(scope="session")
def app_url(server: Server) -> str:
    """Where the app answers, such as `http://127.0.0.1:8501`."""
    return server.url


@pytest.fixture
def open_page(browser: Browser, app_url: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page("/?layer=1", width=390, color_scheme="dark")` gives a page at rest.

    It is a later visit, unless `greeted=False` asks for the first one, with its line of welcome.
    `script` runs in each document before its own.

    When the test ends, each page that it opened must have shown no traceback, written no error to
    its console and asked no other host for anything.
    """
    opened: list[tuple[Page, Watch]] = []
    request.node.stash[PAGES] = pages = []

    def open_page(
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        greeted: bool = True,
        script: str = "",
        **context: Any,
    ) -> Page:
        page = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,
            reduced_motion=reduced_motion,
            **context,
        ).new_page()
        if greeted:
            page.add_init_script(NO_GREETING)
        page.add_init_script(script)
        page.set_default_timeout(TIMEOUT * 1000)
        watch = Watch(app_url.removeprefix("http://"))
        watch.attach(page)
        opened.append((page, watch))
        pages.append(page)
        page.goto(f"{app_url}/{path.removeprefix('/')}")
        wait_idle(page)
        return page

    yield open_page
    try:
        for page, watch in opened:
            assert_no_traceback(page)
            watch.check()
    finally:
        for page, _ in opened:
            page.context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The app's first page, 1440 wide and light, at rest."""
    return open_page()
