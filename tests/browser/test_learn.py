"""Learn in a real browser: the whole course by keyboard, guesses and scores, the class's link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from headlight.viz.lessons import LESSONS
from headlight.viz.selection import own_address
from tests.browser.conftest import OpenPage
from tests.browser.session import TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

START = "/learn?model=reverse&text=c+a+b+f"
MAX_TABS = 60


def focused(page: Page, script: str) -> str:
    """A fact about the element that has the focus, inside shadow roots too."""
    return page.evaluate(
        f"""() => {{
          let one = document.activeElement;
          while (one && one.shadowRoot && one.shadowRoot.activeElement)
            one = one.shadowRoot.activeElement;
          return String(one ? ({script}) : "");
        }}"""
    )


def tab_to(page: Page, script: str) -> None:
    """Press Tab until `script` holds for the element with the focus."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if focused(page, script) == "true":
            return
    pytest.fail(f"{MAX_TABS} presses of Tab did not reach: {script}")


GUESS = {
    "guesses": ("one.type === 'range' && one.closest('.guess')", ["ArrowRight"] * 3),
    "radios": ("one.getAttribute('role') === 'radio' && !!one.closest('.board')", ["ArrowDown"]),
    "cells": ("!!one.closest?.('.cells')", ["ArrowRight", "Space"]),
}


def guess(page: Page) -> None:
    """Guess what the board asks for, and show the answer, by keyboard."""
    board = page.get_by_test_id("board")
    places = {"guesses": ".guess", "cells": ".cells", "radios": "[role=radio]"}
    kind = next(name for name, place in places.items() if board.locator(place).count())
    script, keys = GUESS[kind]
    if kind == "radios":
        script += " && one.closest('[role=radiogroup]').getAttribute('aria-label') !== 'Query'"
        script += " && one.closest('[role=radiogroup]').getAttribute('aria-label') !== 'Row'"
    tab_to(page, f"Boolean({script})")
    for key in keys:
        page.keyboard.press(key)
    tab_to(page, "one.dataset.testid === 'reveal'")
    page.keyboard.press("Enter")


def test_the_whole_course_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(START)
    score = page.get_by_test_id("score")
    for number, lesson in enumerate(LESSONS, start=1):
        title = page.get_by_role("heading", name=f"{number} · {lesson.title}")
        expect(title).to_be_visible()
        expect(score).to_have_text("")
        guess(page)
        expect(score).to_have_text(re.compile(r"Right|Not this time|Distance|of \d+ cells right"))
        page.keyboard.press("s")
        expect(score).to_have_text("")
        assert number == 1 or f"lesson={lesson.slug}" in page.url
        if number < len(LESSONS):
            page.keyboard.press("n")
            wait_idle(page)
    page.reload()
    wait_idle(page)
    last = f"{len(LESSONS)} · {LESSONS[-1].title}"
    expect(page.get_by_role("heading", name=last)).to_be_visible()


def test_a_letter_that_is_switched_off_turns_no_page(open_page: OpenPage) -> None:
    page = open_page("/learn?model=reverse&text=c+a+b&lesson=context")
    page.evaluate("localStorage.setItem('headlight-letters', 'off')")
    page.keyboard.press("n")
    page.evaluate("localStorage.setItem('headlight-letters', 'on')")
    page.keyboard.press("n")
    page.wait_for_url("**lesson=similarity**")
    wait_idle(page)
    assert "lesson=similarity" in page.url, "only the second press counted"


def test_a_lesson_ends_at_the_head_it_spoke_of(open_page: OpenPage) -> None:
    page = open_page(f"{START}&lesson=cross-attention")
    page.get_by_test_id("reveal").click()
    named = re.search(r"L(\d+) H(\d+)", page.get_by_test_id("score").inner_text())
    assert named is not None
    page.get_by_role("link", name="Open the head that aligns best").click()
    lens = page.get_by_test_id("lens")
    expect(lens).to_have_attribute("data-kind", "cross")
    expect(lens).to_have_attribute("data-layer", named[1])
    expect(lens).to_have_attribute("data-head", named[2])
    page.get_by_test_id("stSidebar").get_by_text("Learn").click()
    wait_idle(page)
    expect(page.get_by_role("heading", name="8 · Cross-attention")).to_be_visible()


def test_the_score_of_a_row_is_the_distance_to_the_models_row(open_page: OpenPage) -> None:
    page = open_page(f"{START}&learn=predict&game=row", width=390, color_scheme="dark")
    board = page.get_by_test_id("board")
    assert set(board.locator(".value.truth").all_inner_texts()) == {""}
    bars = board.locator(".guess input")
    n = bars.count()
    for i, value in enumerate([60, 20, *[0] * (n - 2)]):
        bars.nth(i).fill(str(value))
    board.get_by_test_id("reveal").click()
    truth = [float(text) for text in board.locator(".value.truth").all_inner_texts()]
    assert abs(sum(truth) - 1) < 0.001 * n
    mine = [0.75, 0.25, *[0.0] * (n - 2)]
    distance = sum(abs(a - b) for a, b in zip(mine, truth, strict=True)) / 2
    said = re.match(r"Distance (\d\.\d{3}): (\d+) %", board.get_by_test_id("score").inner_text())
    assert said is not None
    assert abs(float(said[1]) - distance) < 0.001 * n
    assert abs(int(said[2]) - 100 * (1 - distance)) <= 1

    wait_idle(page)
    page.get_by_role("button", name="Next question").click()
    wait_idle(page)
    expect(board.locator(".value.truth").first).to_have_text("")
    assert "turn=1" in page.url


def test_a_class_sees_the_same_view_large_and_shares_it_as_it_is(open_page: OpenPage) -> None:
    page = open_page(f"{START}&lesson=mask")
    small = page.get_by_test_id("board").evaluate("one => getComputedStyle(one).fontSize")
    page.get_by_role("button", name="Present", exact=True).click()
    wait_idle(page)
    large = page.get_by_test_id("board").evaluate("one => getComputedStyle(one).fontSize")
    assert float(large[:-2]) > 1.3 * float(small[:-2])
    page.get_by_role("button", name="Share").click()
    wait_idle(page)
    expect(page.get_by_role("img", name="QR code of this address")).to_be_visible()
    shown = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    address = urlsplit(shown.inner_text())
    assert address.path == "/learn"
    assert parse_qs(address.query) == {  # learners need the bench: they do not present
        "model": ["reverse"],
        "text": ["c a b f"],
        "lesson": ["mask"],
    }
    here = urlsplit(page.url)
    assert (address.scheme, address.port) == (here.scheme, here.port)
    assert address.hostname == (own_address() or here.hostname), "as others reach this computer"
