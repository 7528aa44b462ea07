"""The watchers themselves: what must not happen on a page is noticed when it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.session import Watch, assert_no_traceback, wait_idle


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(
    "content",
    [
        "<div data-testid=stException>ValueError</div>",
        "<pre>Traceback (most recent call last):\n  File ...</pre>",
    ],
)
def test_a_traceback_is_noticed(blank: Page, content: str) -> None:
    blank.set_content("<p>All is well</p>")
    assert_no_traceback(blank)
    blank.set_content(content)
    with pytest.raises(AssertionError):
        assert_no_traceback(blank)


@pytest.mark.parametrize(
    ("event", "script", "heard"),
    [
        ("console", "console.error('broken')", "broken"),
        ("pageerror", "setTimeout(() => { throw new Error('thrown') })", "thrown"),
        (
            "request",
            "new Image().src = 'http://elsewhere.invalid/a.png'",
            "http://elsewhere.invalid/a.png",
        ),
    ],
)
def test_a_watch_hears_errors_and_foreign_requests(
    blank: Page, event: Literal["console", "pageerror", "request"], script: str, heard: str
) -> None:
    watch = Watch("127.0.0.1:1")
    watch.attach(blank)
    blank.evaluate("console.log('fine')")
    watch.check()
    with blank.expect_event(event):
        blank.evaluate(script)
    with pytest.raises(AssertionError, match=heard):
        watch.check()


def test_waiting_for_rest_ends_with_the_run(blank: Page) -> None:
    app = "<div data-testid=stApp data-test-connection-state=CONNECTED data-test-script-state={}>"
    blank.set_content(app.format("running"))
    with pytest.raises(AssertionError, match="not at rest"):
        wait_idle(blank, settle=0.1, timeout=1)
    blank.set_content(app.format("notRunning"))
    wait_idle(blank, settle=0.1, timeout=10)
