"""The line of a first visit, and its tour: shown until it was closed once, by keyboard too."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from headlight.model.paths import HOME
from tests.browser.conftest import OpenPage
from tests.browser.session import wait_idle

WORDS = json.loads((HOME / "viz/web/welcome/words.json").read_text("utf-8"))
LINE = WORDS["lines"]["text"]
TITLES = [stop["title"] for stop in (WORDS["begins"]["text"], *WORDS["stops"])]

NEXT_FRAME = "() => new Promise(requestAnimationFrame)"
"""The tour takes no key while it moves to a stop; with reduced motion it is there a frame later."""


def test_the_tour_goes_through_all_stops_and_never_comes_again(open_page: OpenPage) -> None:
    page = open_page("/", greeted=False, reduced_motion="reduce")
    line = page.get_by_text(LINE)
    expect(line).to_be_visible()
    expect(page.get_by_role("button", name="Watch a transformer learn")).to_be_visible()
    page.get_by_test_id("tour").focus()
    page.keyboard.press("Enter")
    popover = page.locator(".driver-popover")
    for title in TITLES:
        expect(popover.locator(".driver-popover-title")).to_have_text(title)
        page.evaluate(NEXT_FRAME)
        if title != TITLES[-1]:
            page.keyboard.press("ArrowRight")
    popover.get_by_role("button", name="Done").press("Enter")
    expect(popover).to_have_count(0)
    expect(line).to_be_hidden()
    page.reload()
    wait_idle(page)
    expect(page.get_by_test_id("lens")).to_be_visible()
    expect(line).to_be_hidden()


def test_escape_ends_the_tour_and_closing_keeps_the_page(open_page: OpenPage) -> None:
    page = open_page("/?text=Where%20did%20you%20put%20my%20keys%3F", greeted=False)
    page.get_by_test_id("close-welcome").click()
    expect(page.get_by_text(LINE)).to_be_hidden()
    expect(page.get_by_label("Source text")).to_have_value("Where did you put my keys?")


def test_the_line_and_the_first_stop_are_about_what_the_model_reads(open_page: OpenPage) -> None:
    page = open_page("/?model=read-digits", greeted=False, reduced_motion="reduce")
    expect(page.get_by_text(WORDS["lines"]["picture"])).to_be_visible()
    expect(page.get_by_text(LINE)).to_have_count(0)
    page.get_by_test_id("tour").click()
    expect(page.locator(".driver-popover-title")).to_have_text("1 · Draw")
    page.keyboard.press("Escape")

    page = open_page("/?model=hear-digits", greeted=False)
    expect(page.get_by_text(WORDS["lines"]["sound"])).to_be_visible()
