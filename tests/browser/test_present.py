"""Presenting: begun on any page, carried to the others, ended without a trace."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import headlight
from headlight.viz.labels import row_phrase
from headlight.viz.page.input_bar import FIRST
from headlight.viz.theme import probability
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
    page.get_by_role("button", name="End presenting").click()
    wait_idle(page)
    assert "present" not in page.url
    for part in side:
        expect(part).to_be_visible()
    assert type_size(page, "html") == small


def test_plotly_pictures_grow_as_well(open_page: OpenPage) -> None:
    page = open_page(f"/heads{BENCH}")
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for()
    texts = (".js-plotly-plot .textpoint text", ".js-plotly-plot .xtick text")
    small, low = [type_size(page, text) for text in texts], chart.bounding_box()
    page.get_by_role("button", name="Present", exact=True).click()
    wait_idle(page)
    large = [type_size(page, text) for text in texts]
    assert large[0] > 1.3 * small[0]
    assert large[1] == 20
    high = chart.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] == pytest.approx(1.45 * low["height"], abs=2)


@pytest.mark.parametrize(
    ("path", "picture", "drawn"),
    [
        ("/", ".lens", ".heatmap canvas"),
        ("/training", ".lens", ".heatmap canvas"),
        ("/decode", ".steps", ".candidate .label"),
        ("/inside", ".anatomy", "canvas"),
    ],
)
def test_pictures_with_a_type_of_their_own_follow_the_one_switch(
    open_page: OpenPage, path: str, picture: str, drawn: str
) -> None:
    """Also what is painted, whose room for names grows with them."""

    def sizes() -> tuple[float, float]:
        painted = page.locator(picture).first.locator(drawn).first.bounding_box()
        assert painted is not None
        return type_size(page, picture), painted["height"]

    page = open_page(path + BENCH, height=1080)
    switches = page.get_by_role("button", name=re.compile("present", re.IGNORECASE))
    small = sizes()
    expect(switches).to_have_count(1)
    switches.click()
    wait_idle(page)
    large = sizes()
    assert large[0] == pytest.approx(1.45 * small[0])
    assert large[1] > 1.2 * small[1]
    page.reload()
    wait_idle(page)
    assert sizes() == large
    expect(switches).to_have_text("End presenting")  # and there is no second one
    switches.click()
    wait_idle(page)
    assert sizes() == small


def test_a_click_on_a_large_picture_hits_what_is_under_it(open_page: OpenPage) -> None:
    trace = headlight.load("reverse").run("c a b")
    page = open_page(f"/decode{BENCH}&step=1&present=1", width=1024)
    second = int(np.argsort(-trace.log_probs[1])[1])
    candidate = page.locator(".candidate").nth(1)
    candidate.scroll_into_view_if_needed()
    place = candidate.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 0.9 * place["width"], place["y"] + 0.9 * place["height"])
    wait_idle(page)
    assert f"forced={trace.tgt_out.ids[0]}-{second}" in page.url

    page = open_page(f"/inside{BENCH}&layer=0&head=0&query=1&key=1&present=1", width=1024)
    picture = page.get_by_test_id("head-anatomy-pick")
    picture.locator(".stage").scroll_into_view_if_needed()
    cell = picture.locator(".outline").bounding_box()
    assert cell is not None
    page.mouse.click(cell["x"] + 1.9 * cell["width"], cell["y"] + 1.1 * cell["height"])
    wait_idle(page)
    weight = trace.attention["cross"][0].pattern[0, 2, 2]
    key = trace.src.surface(2)
    said = f"{row_phrase(trace, 'cross', 2)}, this head reads “{key}”: {probability(weight)}"
    expect(page.get_by_text(said)).to_be_visible()


@pytest.mark.parametrize("lesson", ["writing", "softmax"])
def test_tokens_and_names_of_a_lesson_stay_on_one_line(open_page: OpenPage, lesson: str) -> None:
    text = "text=the%20black%20cat%20sleeps%20."
    page = open_page(f"/learn?model=translate-en-fr&{text}&lesson={lesson}&present=1", width=1024)
    board = page.get_by_test_id("board")
    board.get_by_test_id("reveal").click()
    words = board.locator(".steps td:visible, .softmax .head span")
    lines = words.evaluate_all(
        """all => all.map((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          return [one.textContent, new Set([...range.getClientRects()].map((r) => r.top)).size];
        })"""
    )
    assert len(lines) > 4
    assert [text for text, n in lines if n > 1] == []
    picture = board.locator(".picture")
    assert picture.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_examples_take_one_line(open_page: OpenPage, width: int) -> None:
    page = open_page("/?model=translate-en-fr", width=width)
    chips = page.locator(".st-key-example button").all()
    assert len(chips) == FIRST
    tops = {round(box["y"]) for chip in chips if (box := chip.bounding_box())}
    assert len(tops) == 1
    ends = [box["x"] + box["width"] for chip in chips if (box := chip.bounding_box())]
    if width == 1440:
        begins = page.locator(".st-key-begin-present").bounding_box()
        assert begins is not None
        assert ends[-1] <= begins["x"], "all of them are seen without swiping"
