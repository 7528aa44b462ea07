"""Presenting: begun on any page, carried to the others, ended without a trace."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, wait_idle

BENCH = "?model=reverse&text=c%20a%20b"
PAGES = ["Explore", "Decode", "Inside a head", "Heads at work", "Learn", "Training"]


def type_size(page: Page, selector: str) -> float:
    return float(
        page.locator(selector).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    )


def test_one_presents_from_page_to_page_and_ends(open_page: OpenPage) -> None:
    page = open_page(f"/decode{BENCH}", width=1024, height=768)
    side = [page.get_by_test_id("stSidebar"), page.get_by_test_id("stHeader")]
    side += [page.get_by_label("Model"), page.get_by_text("a a b a a", exact=True)]
    small = type_size(page, "html")
    page.get_by_role("button", name="Present", exact=True).click()
    wait_idle(page)
    for title in PAGES:
        page.get_by_role("link", name=title).click()
        wait_idle(page)
        assert "present=1" in page.url
        for part in side:
            expect(part).to_be_hidden()
        expect(page.get_by_role("textbox", name="Source text")).to_have_value("c a b")
        assert type_size(page, "html") > 1.2 * small
        assert page.evaluate(MAIN_WIDTH) <= 1024
    page.get_by_role("button", name="End presenting").first.click()
    wait_idle(page)
    assert "present" not in page.url
    for part in side:
        expect(part).to_be_visible()
    assert type_size(page, "html") == small


@pytest.mark.parametrize("path", ["/", "/training"])
def test_pictures_with_a_type_of_their_own_follow_the_switch(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path + BENCH)
    small = type_size(page, ".lens")
    page.locator(".st-key-begin-present button").first.click()
    wait_idle(page)
    expect(page.locator(".lens.presenter")).to_have_count(1)
    assert type_size(page, ".lens") > 1.3 * small
    page.reload()
    wait_idle(page)
    expect(page.locator(".lens.presenter")).to_have_count(1)
    page.locator(".st-key-end-present button").click()
    wait_idle(page)
    expect(page.locator(".lens:not(.presenter)")).to_have_count(1)
    assert type_size(page, ".lens") == small


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_examples_take_one_line(open_page: OpenPage, width: int) -> None:
    page = open_page("/?model=translate-en-fr", width=width)
    chips = page.locator(".st-key-example button").all()
    assert len(chips) > 4
    tops = {round(box["y"]) for chip in chips if (box := chip.bounding_box())}
    assert len(tops) == 1
    ends = [box["x"] + box["width"] for chip in chips if (box := chip.bounding_box())]
    if width == 1440:
        begins = page.locator(".st-key-begin-present").bounding_box()
        assert begins is not None
        assert ends[-1] <= begins["x"], "all of them are seen without swiping"
