"""The first minute: glosses, menus, letters, doubt, the map as a table, paper, a large hall."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

import headlight
from headlight.model.training.history import FULL
from headlight.viz.glossary import gloss
from tests.browser.conftest import OpenPage
from tests.browser.session import TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

HALL = 20.0
"""Pixels: the least type that is read from the last row, at 1920 × 1080."""
SMALL_TYPE = """(picture, least) => {
  const found = [], seen = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) seen(one.shadowRoot);
      const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      const box = one.getBoundingClientRect();
      const shown = box.width > 2 && box.height > 2 && box.top < innerHeight && box.bottom > 0
        && getComputedStyle(one).visibility === "visible" && one.checkVisibility();
      const aside = one.closest("style, script, option, kbd, svg, [aria-hidden=true]");
      const read = own && shown && !aside;
      if (read && parseFloat(getComputedStyle(one).fontSize) < least)
        found.push(one.textContent.trim().slice(0, 30) + " " + getComputedStyle(one).fontSize);
    }
  };
  seen(picture);
  return found;
}"""
"""Every text of a picture in sight whose type is smaller than that; drawings have scales."""


def test_a_term_is_explained_under_the_pointer_until_escape(
    open_page: OpenPage,
) -> None:
    page = open_page("/?model=reverse&text=c+a+b")
    tip = page.get_by_role("tooltip")
    marked = page.locator(".caption .term").filter(has_text="attention weights")
    marked.hover()
    expect(tip).to_contain_text(gloss("attention weight"))
    tip.hover()  # one may go there to read it
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.mouse.move(2, 2)


def test_a_term_is_explained_on_focus_until_the_focus_leaves(open_page: OpenPage) -> None:
    page = open_page("/?model=reverse&text=c+a+b")
    tip = page.get_by_role("tooltip")
    terms = page.locator(".caption .term")
    terms.filter(has_text=re.compile("^head")).focus()
    page.keyboard.press("Tab")  # within one shadow root
    last = terms.filter(has_text="attention weights")
    expect(tip).to_contain_text(gloss("attention weight"))
    expect(last).to_have_attribute("aria-description", gloss("attention weight"))
    page.keyboard.press("Shift+Tab")
    expect(tip).to_contain_text(gloss("head"))
    last.focus()
    page.keyboard.press("Tab")  # to what is no term
    expect(tip).to_be_hidden()

    # The same under a pointer that comes from the next place, not from outside.
    page.mouse.move(*middle(page.locator(".caption .note").first))
    page.mouse.move(*middle(last))
    expect(tip).to_contain_text(gloss("attention weight"))

    # In the page's own text a term is a link that leads nowhere.
    page.goto(page.url.split("?")[0] + "learn?model=reverse&text=c+a+b&lesson=mask")
    wait_idle(page)
    link = page.locator("a[href='#gloss-decoder']").first
    link.click()
    expect(tip).to_contain_text(gloss("decoder"))
    assert "#gloss" not in page.url
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(tip).to_contain_text(gloss("decoder"))


def middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_on_paper_a_lesson_is_its_worksheet(open_page: OpenPage) -> None:
    page = open_page("/learn?model=reverse&text=c+a+b&lesson=mask")
    page.emulate_media(media="print")
    sheet = page.locator(".worksheet")
    expect(sheet.get_by_role("heading", name="Lesson 7 · The mask", exact=True)).to_be_visible()
    expect(sheet.locator(".answers")).to_be_visible()
    for hidden in (page.get_by_test_id("stSidebar"), page.get_by_test_id("board")):
        expect(hidden).to_be_hidden()
    page.emulate_media(media="screen")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Present", exact=True).click()
    wait_idle(page)
    expect(page.get_by_role("button", name="Print a worksheet")).to_be_hidden()
    expect(sheet).to_be_hidden()  # its answers are not for the wall


def test_menus_close_outside_letters_can_be_off_and_the_map_is_a_table(
    open_page: OpenPage,
) -> None:
    page = open_page("/?model=reverse&text=c+a+b")
    lens = page.get_by_test_id("lens")
    stage = lens.locator(".panel.heatmap .stage")
    for name in ("More", "Save", "Compare"):
        menu = lens.locator("details").filter(has=page.locator("summary", has_text=name)).first
        menu.locator("summary").click()
        expect(menu).to_have_attribute("open", "")
        stage.click(position={"x": 200, "y": 120})
        expect(menu).not_to_have_attribute("open", "")
        assert "pin=" not in page.url, f"closing “{name}” pinned a cell"
    stage.click(position={"x": 200, "y": 120})
    expect(page).to_have_url(re.compile("pin="))
    page.keyboard.press("Escape")

    # Single-letter keys, switched off and on again.
    lens.get_by_role("button", name="Keyboard help").click()
    letters = lens.get_by_role("checkbox", name="Keys of one letter")
    letters.uncheck()
    page.keyboard.press("Escape")
    lens.focus()
    page.keyboard.press("e")
    expect(lens).to_have_attribute("data-kind", "cross")
    lens.get_by_role("button", name="Keyboard help").click()
    letters.check()
    page.keyboard.press("Escape")
    lens.focus()
    page.keyboard.press("e")
    expect(lens).to_have_attribute("data-kind", "encoder_self")
    page.keyboard.press("c")

    # The picture as a table.
    lens.locator("details.as-table summary").click()
    layer, head = (int(lens.get_attribute(f"data-{name}") or 0) for name in ("layer", "head"))
    pattern = headlight.load("reverse").run("c a b").attention["cross"][layer].pattern[head]
    cells = lens.locator("details.as-table td").all_inner_texts()
    sent = np.rint(pattern.ravel() * FULL) / FULL
    for said, weight in zip(cells, sent, strict=True):
        assert said == ("< 0.001" if 0 < weight < 0.0005 else f"{weight:.3f}")


def test_doubt_is_marked_with_its_legend(open_page: OpenPage) -> None:
    text = "It is raining cats and dogs."
    trace = headlight.load("translate-en-fr").run(text)
    doubtful = [float(p) < 0.5 for p in trace.probs[range(len(trace.tgt_out)), trace.tgt_out.ids]]
    page = open_page(f"/?model=translate-en-fr&text={text.replace(' ', '+')}")
    output = page.get_by_test_id("lens").locator(".strip").nth(1)
    marked = output.locator(".token").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).textDecorationStyle === 'wavy')"
    )
    assert marked == doubtful
    legend = output.get_by_text("wavy: written with a probability below 0.5")
    expect(legend).to_have_count(int(any(doubtful)))


def test_in_a_hall_nothing_is_small_and_the_picture_is_in_sight(open_page: OpenPage) -> None:
    page = open_page("/?model=translate-en-fr&present=1", width=1920, height=1080)
    lens = page.get_by_test_id("lens")
    assert lens.evaluate(SMALL_TYPE, HALL) == []
    for one in (
        lens.locator(".tabs"),
        lens.locator(".stepper").first,
        lens.locator(".stage").first,
    ):
        _in_sight(page, one.bounding_box())
    page.set_viewport_size({"width": 1366, "height": 768})  # an older projector
    wait_idle(page)
    expect(lens.locator(".caption .note").first).to_be_hidden()
    _in_sight(page, lens.locator(".stage").first.bounding_box())
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(page.url.replace("/?", "/learn?lesson=cross-attention&"))
    wait_idle(page)
    board = page.get_by_test_id("board")
    _in_sight(page, board.get_by_test_id("reveal").bounding_box())


def _in_sight(page: Page, box: object) -> None:
    assert isinstance(box, dict)
    size = page.viewport_size
    assert size is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
