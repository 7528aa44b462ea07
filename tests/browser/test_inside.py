"""Inside a head as a person uses it: follow a cell, read a step, light matrices, break it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

import headlight
from headlight.model import Model, Trace
from headlight.viz.labels import row_phrase, token_names
from headlight.viz.theme import probability
from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, TIMEOUT, wait_idle

MODEL, TEXT = "reverse", "h e a d"

expect.set_options(timeout=TIMEOUT * 1000)


@pytest.fixture(scope="module")
def loaded() -> Model:
    return headlight.load(MODEL)


@pytest.fixture(scope="module")
def trace(loaded: Model) -> Trace:
    return loaded.run(TEXT)


def address(**query: str) -> str:
    """A link to the page."""
    given = {"model": MODEL, "text": TEXT, **query}
    return "/inside?" + "&".join(f"{k}={v.replace(' ', '+')}" for k, v in given.items())


def headline(trace: Trace, kind: str, layer: int, head: int, row: int, column: int) -> str:
    weight = trace.attention[kind][layer].pattern[head, row, column]
    key = token_names(trace.keys(kind))[column]
    return f"{row_phrase(trace, kind, row)}, this head reads “{key}”: {probability(weight)}"


def test_a_cell_is_followed_from_a_link_and_from_the_keyboard(
    open_page: OpenPage, trace: Trace
) -> None:
    page = open_page(address(kind="cross", layer="0", head="1", query="2", key="1"))
    expect(page.get_by_text(headline(trace, "cross", 0, 1, 2, 1))).to_be_visible()
    assert page.locator(".katex").count() > 8
    score = trace.attention["cross"][0].raw_scores[1, 2, 1]
    page.get_by_text("It is divided by").scroll_into_view_if_needed()  # steps are drawn when near
    step = page.get_by_test_id("head-anatomy-step").filter(
        has=page.locator(".output", has_text="raw_score")
    )
    expect(step.first).to_be_visible()
    assert f"{score:.3f}".replace("-", "−") in step.first.inner_text()
    step.first.locator("summary", has_text="Code").click()
    expect(step.first.locator("pre")).to_contain_text("raw_scores = q @ k.transpose(-2, -1)")

    picture = page.get_by_test_id("head-anatomy-pick").locator(".stage")
    picture.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text(headline(trace, "cross", 0, 1, 3, 3))).to_be_visible()
    wait_idle(page)
    assert "query=3" in page.url
    assert "key=3" in page.url
    page.reload()
    expect(page.get_by_text(headline(trace, "cross", 0, 1, 3, 3))).to_be_visible()
    wait_idle(page)


def test_a_cell_of_a_product_lights_what_made_it(open_page: OpenPage, trace: Trace) -> None:
    head = {"kind": "decoder_self", "layer": "1", "head": "0"}
    page = open_page(address(section="matrices", **head, query="1", key="0"))
    board = page.get_by_test_id("head-anatomy-linked")
    expect(board).to_have_attribute("data-lit", "k q scores")
    weights = board.locator(".matrix.pattern .stage")
    weights.scroll_into_view_if_needed()
    weights.focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(board).to_have_attribute("data-lit", "masked pattern")
    weight = trace.attention["decoder_self"][1].pattern[0, 1, 1]
    expect(board.locator(".readout")).to_contain_text(f"weights[1, 1] = {weight:.3f}")
    box = board.locator(".matrix.z .stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6)
    expect(board).to_have_attribute("data-lit", "pattern v z")
    assert_lit(board, "q", False)
    assert_lit(board, "v", True)
    weights.focus()
    page.keyboard.press("Enter")  # from now on the other sections follow this cell
    page.wait_for_url("**key=1**")


def assert_lit(board: Locator, name: str, lit: bool) -> None:
    bands = board.locator(f".matrix.{name} .band:not([hidden])")
    assert (bands.count() > 0) is lit


def test_sections_on_a_phone_in_the_dark_and_the_damage_of_an_edit(
    open_page: OpenPage, loaded: Model
) -> None:
    page = open_page(
        address(section="break", edits="off.cross_attention"), width=390, color_scheme="dark"
    )
    broken = loaded.run(TEXT, edits=headlight.Edits(cross_attention=False))
    expect(page.get_by_text("tokens gone")).to_be_visible()
    assert broken.tgt_out.ids != loaded.run(TEXT).tgt_out.ids
    page.get_by_role("button", name="Try 200 fresh inputs").click()
    done = page.get_by_text("Exactly right, broken")  # a second or two on an idle machine
    expect(done).to_be_visible(timeout=4 * TIMEOUT * 1000)
    wait_idle(page)
    for name in ("Three kinds of attention", "What each layer would say", "Embeddings"):
        section(page, name)
        wide = page.evaluate(MAIN_WIDTH)
        assert wide <= 390, f"{name} is {wide} pixels wide"


def test_a_narrow_window_shows_the_chosen_block_of_the_drawing(open_page: OpenPage) -> None:
    page = open_page(address(section="places", kind="decoder_self"), width=390)
    drawing = page.get_by_test_id("head-anatomy-places")
    chosen = drawing.locator("[aria-pressed=true]")
    expect(chosen).to_have_attribute("aria-label", re.compile("^masked self-attention weights"))
    assert drawing.evaluate("e => e.scrollWidth > e.clientWidth"), "it does not fit as a whole"
    assert_shown(chosen, drawing)
    drawing.get_by_role("button", name=re.compile("^self-attention")).press("Enter")
    expect(chosen).to_have_attribute("aria-label", re.compile("^self-attention weights"))
    assert_shown(chosen, drawing)
    expect(drawing.get_by_role("button", name="← encoder")).to_be_hidden()
    drawing.get_by_role("button", name="decoder →").click()
    expect(drawing.get_by_role("button", name="decoder →")).to_be_hidden()
    assert_shown(drawing.get_by_role("button", name=re.compile("^cross-attention")), drawing)
    expect(drawing.get_by_role("button", name="← encoder")).to_be_visible()


def test_a_wide_window_needs_no_way_to_the_sides_of_the_drawing(open_page: OpenPage) -> None:
    page = open_page(address(section="places"))
    drawing = page.get_by_test_id("head-anatomy-places")
    for name in ("← encoder", "decoder →"):
        expect(drawing.get_by_text(name)).to_be_hidden()


def assert_shown(part: Locator, window: Locator) -> None:
    inner, outer = part.bounding_box(), window.bounding_box()
    assert inner is not None
    assert outer is not None
    assert outer["x"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    wait_idle(page)
