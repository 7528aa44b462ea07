"""The bench above every page: it says that it works, what it shows, and is short on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import ROOT, TIMEOUT, serve, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

SLOW = """
import runpy, time
import headlight
from headlight.model.run.pace import breathe
from headlight.viz.runtime import computing

quick = headlight.Model.run
def run(self, text, **options):
    end = time.thread_time() + (2 if text.startswith("z") else 0)
    while time.thread_time() < end:
        breathe()  # as a model does between its steps
    return quick(self, text, **options)
if quick.__name__ == "run" and not hasattr(headlight, "slowed"):
    headlight.Model.run, headlight.slowed = run, True
    computing.LIGHT_BYTES = 0  # short texts, too, may be long work
runpy.run_path({app!r})
"""
"""The app with a model that computes for two seconds on a text that begins with z."""

LONG = 1000 * TIMEOUT
PAGES = [
    *("Explore", "Decode", "Inside a head", "Interventions", "Heads at work", "Learn", "Training")
]
LONGEST_WORD = """e => {
  const { font } = getComputedStyle(e), pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  return Math.max(...e.innerText.split(/\\s+/).map((word) => pen.measureText(word).width));
}"""
"""The width of an element's longest word, in pixels: where there is less, the word is broken."""
RESULT, WORKING = ".st-key-bench-result", ".working"


@pytest.fixture
def slow_url(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """Where the app with a slow model answers."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW.format(app=str(ROOT / "app.py")))
    with serve(tmp_path / "log.txt", str(script)) as server:
        yield server.url


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return round(box["y"])


def test_a_long_run_is_told_of_in_the_place_of_the_output(slow_url: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(LONG)
    page.goto(f"{slow_url}/heads?part=lab&model=reverse&text=c+a+b")
    wait_idle(page)
    result = page.locator(RESULT)
    expect(result).to_contain_text("b a c")
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => {
          if (document.querySelector(".working, [data-testid=stSpinner]")) window.said.push(1);
        }).observe(document.body, { childList: true, subtree: true }); }"""
    )
    field = page.get_by_role("textbox", name="Source text")
    before = top(page, ".st-key-part")
    field.fill("d e f")
    field.press("Enter")
    expect(result).to_contain_text("f e d")
    wait_idle(page)
    assert page.evaluate("window.said.length") == 0, "what is quick does not flicker"
    field.fill("z a b")
    field.press("Enter")
    spinner = result.locator(WORKING)
    expect(spinner).to_contain_text("Reversing …")
    expect(page.locator(WORKING)).to_have_count(1)
    expect(result.get_by_text("f e d")).to_be_hidden()
    assert top(page, ".st-key-part") == before, "the page below stays where it is"
    expect(result).to_contain_text("b a z")
    expect(spinner).to_have_count(0)
    assert top(page, ".st-key-part") == before
    field.fill("z c d e")
    field.press("Enter")
    expect(spinner).to_contain_text("steps so far")
    result.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Still showing “z a b”.")).to_be_visible()
    page.get_by_role("button", name="Compute it after all").click()
    expect(result).to_contain_text("e d c z")
    page.close()


def test_the_output_is_called_greedy_where_others_are_shown(open_page: OpenPage) -> None:
    page = open_page("/decode?model=reverse&text=c+a+b&view=forcing")
    expect(page.locator(RESULT).get_by_text("Greedy output", exact=True)).to_be_visible()
    page.get_by_role("link", name="Heads at work").click()
    wait_idle(page)
    expect(page.locator(RESULT).get_by_text("Output", exact=True)).to_be_visible()


def test_the_output_stands_on_a_page_once(open_page: OpenPage) -> None:
    page = open_page("/?model=reverse&text=c+a+b")
    for view in ("Explore", "Decode"):
        page.get_by_role("link", name=view).first.click()
        wait_idle(page)
        expect(page.locator(RESULT).filter(has_text="b a c")).to_have_count(0)


def test_on_a_phone_the_bench_takes_a_quarter_of_the_screen(open_page: OpenPage) -> None:
    page = open_page("/heads?model=translate-en-fr", width=390, height=844)
    field, chooser = page.get_by_role("textbox", name="Source text"), page.get_by_label("Model")
    expect(field).to_be_visible()
    expect(chooser.first).to_be_visible()
    assert top(page, ".st-key-part") - top(page, ".st-key-model") <= 844 / 4


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_all_pages_are_seen_at_once(open_page: OpenPage, width: int) -> None:
    page = open_page("/training?model=reverse", width=width, height=844)
    links = page.locator(".st-key-menu-line").get_by_role("link")
    expect(links).to_have_text(
        [re.compile(f"{name}$") for name in PAGES]  # their icons are letters, too
    )
    boxes = [link.bounding_box() for link in links.all()]
    for name, box in zip(PAGES, boxes, strict=True):
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= width, name
        assert box["width"] >= 30, f"{name} is hard to hit"
        assert box["height"] >= 32, f"{name} is hard to hit"
    for name, words in zip(PAGES, links.locator("p").all(), strict=True):
        room = words.evaluate("e => e.getBoundingClientRect().width")
        assert words.evaluate(LONGEST_WORD) <= room + 0.5, f"{name} is broken"


def test_keys_are_hinted_at_only_where_there_is_a_keyboard(open_page: OpenPage) -> None:
    desk = open_page("/learn?model=reverse")
    expect(desk.get_by_role("button", name="Next").get_by_text("N", exact=True)).to_be_visible()
    phone = open_page("/learn?model=reverse", width=390, has_touch=True, is_mobile=True)
    following = phone.get_by_role("button", name="Next")
    expect(following).to_be_visible()
    expect(following.get_by_text("N", exact=True)).to_be_hidden()
