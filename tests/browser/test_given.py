"""Drawing digits with the pointer: real strokes, read by the model, shown with its attention."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import wait_idle


def stroke(page: Page, points: list[tuple[float, float]]) -> None:
    """One stroke on the pad; points are in pixels from its corner."""
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    (x, y), *rest = points
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()


def test_what_is_drawn_is_read_and_shown(open_page: OpenPage) -> None:
    page = open_page("/?model=read-digits")
    output, lens = page.locator(".st-key-bench-result"), page.get_by_test_id("lens")
    expect(output).to_contain_text("three one four")
    stroke(page, [(60, 25), (60, 125)])
    expect(output).to_have_text(re.compile("Output.one$"))
    stroke(page, [(120, 30), (190, 30), (150, 125)])
    expect(lens).to_have_attribute("data-output", "one seven")
    expect(page.get_by_test_id("scene-note")).to_contain_text("the highest is")
    page.get_by_test_id("pad-undo").click()
    expect(lens).to_have_attribute("data-output", "one")
    page.get_by_text("7 7 7 7", exact=True).click()
    wait_idle(page)
    expect(lens).to_have_attribute("data-output", "seven seven seven seven")
