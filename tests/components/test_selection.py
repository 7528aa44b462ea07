"""The program that keeps the address, in a browser without a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from headlight.viz.components.static import program

OPEN = """async (program) => {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const { mount } = await import(url);
  const parentElement = document.createElement("div").attachShadow({ mode: "open" });
  window.reports = [];
  const setStateValue = (name, value) => window.reports.push(value);
  window.say = (data) => mount({ parentElement, data, setStateValue });
  window.choose = (changes) => window.dispatchEvent(
    new CustomEvent("headlight:change", { detail: { changes, push: true, now: true } }));
}"""
PAGES = ["explore", "learn"]
WANTED = {
    "page": "learn",
    "pages": PAGES,
    "push": False,
    "names": [],
    "seen": 0,
    "given": 0,
    "left": {},
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<p>")

    page.route("**/*", answer)
    page.goto("http://headlight.test/learn?model=reverse")
    page.evaluate(OPEN, program("selection"))
    yield page
    page.close()


def say(page: Page, /, **wanted: Any) -> None:
    page.evaluate("window.say", WANTED | wanted)


def test_another_session_is_told_what_the_page_shows(page: Page) -> None:
    say(page, session="one", query="model=reverse&class=BCDF", write=1)
    page.evaluate("window.choose", {"head": "3"})
    assert page.url.endswith("/learn?model=reverse&class=BCDF&head=3")
    say(page, session="one", query="model=reverse&class=BCDF&head=0", write=2, seen=1)
    (report,) = page.evaluate("window.reports")
    assert (report["to"], report["changes"]) == ("one", {"head": ["3", 1]})

    # It begins with the address of long ago, which the page does not go back to.
    say(page, session="two", query="model=reverse", write=1)
    say(page, session="two", query="model=reverse", write=1)
    assert page.url.endswith("/learn?model=reverse&class=BCDF&head=0")
    (_, report) = page.evaluate("window.reports")
    shows = {"query": "model=reverse&class=BCDF&head=0", "n": 2}
    assert report == {"to": "two", "shows": shows, "changes": {}, "given": 0}
    say(page, session="two", query="model=reverse&class=BCDF&head=1", write=2, seen=2)
    assert page.url.endswith("/learn?model=reverse&class=BCDF&head=1")


def test_an_entry_that_was_left_too_early_is_reported_by_the_next_page(page: Page) -> None:
    here = "model=reverse&head=0"
    say(page, session="one", query=here, write=1)
    page.evaluate("history.pushState({}, '', '/')")
    left = {"learn": "model=reverse&head=3"}
    said = {"session": "one", "query": here, "page": "explore", "write": 3, "left": left}
    say(page, **said, announced=True)
    page.evaluate("window.choose", {"layer": "1"})
    page.wait_for_timeout(300)
    assert page.evaluate("window.reports") == [], "nobody would read it"
    say(page, session="one", query="model=reverse&head=3", write=2)  # of the page before, too late
    assert page.url.endswith("/?model=reverse&layer=1&head=0")
    say(page, **said)
    say(page, **said, announced=True)  # as a browser has it that gets both at once
    page.wait_for_function("window.reports.length")
    (report,) = page.evaluate("window.reports")
    late = {"page": "learn", "query": here, "n": 1}
    assert (report["late"], report["changes"]) == (late, {"layer": ["1", 2]})

    # An entry that says what was selected is none of these.
    page.evaluate("history.pushState({}, '', '/learn?model=reverse')")
    left = {"learn": "model=reverse&head=3", "explore": "model=reverse&layer=1&head=0"}
    say(page, session="one", query="model=reverse", write=4, seen=2, left=left)
    page.wait_for_timeout(300)
    assert page.evaluate("window.reports.length") == 1
