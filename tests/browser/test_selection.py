"""One selection: what is changed on a page is there after a reload, in a link, Back and Forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

BENCH = "model=reverse&text=h+e+a+d"

VIEW = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const all = (root, what) => [...root.querySelectorAll(what)];
  const roots = all(main, "*").map(({ shadowRoot }) => shadowRoot).filter(Boolean);
  const text = ({ innerText, textContent }) => innerText ?? textContent;
  const drawn = ({ dataset }) => Object.entries(dataset).filter(([name]) => !name.endsWith("Ms"));
  return JSON.stringify([
    location.pathname + location.search,
    text(main),
    all(main, "input").map(({ value }) => value),
    all(main, "[aria-checked=true]").map(text),
    roots.map((root) => [...root.children].map(text).join("|")),
    roots.flatMap((root) => all(root, "[data-kind]")).map(drawn),
  ]);
}"""
"""All that the page says, with every number of it, what is drawn, and the address."""

HEIGHT = 5000
"""Of the window: what is far below its edge is not drawn yet."""

MOVED = "(before) => location.search.slice(1) !== before"

Change = Callable[[Page], Any]


def press(key: str, part: str = "lens") -> Change:
    """Keys for a part of the page, which has the focus then."""

    def change(page: Page) -> None:
        place = page.get_by_test_id(part)
        place.focus()
        for one in key.split():
            page.keyboard.press(one)

    return change


def choose(key: str, text: str) -> Change:
    """A choice of a row of buttons."""
    return lambda page: page.locator(f".st-key-{key}").get_by_text(text, exact=True).first.click()


def pick(label: str, option: str, nth: int = 0) -> Change:
    """A choice of a list; `nth` of those that are called so."""

    def change(page: Page) -> None:
        page.get_by_label(label, exact=True).first.click()
        page.get_by_role("option", name=option).nth(nth).click()

    return change


def button(name: str) -> Change:
    return lambda page: page.get_by_role("button", name=name).first.click()


def slide(label: str) -> Change:
    """One step down on a slider."""

    def change(page: Page) -> None:
        page.get_by_role("slider", name=label).focus()
        page.keyboard.press("ArrowLeft")

    return change


def write(label: str, text: str) -> Change:
    """Another text in a field."""

    def change(page: Page) -> None:
        field = page.get_by_label(label, exact=True).first
        field.fill(text)
        field.press("Enter")

    return change


PAGES: dict[str, list[tuple[str, Change]]] = {
    "": [
        ("kind", press("e")),
        ("layer", press("ArrowDown")),
        ("head", press("ArrowLeft")),
        ("h", press("h")),
        ("sp", press("s")),
        ("m", press("m")),
        ("pin", press("Shift+ArrowDown Shift+ArrowRight Enter")),
        ("edits", press("z")),
        ("text", write("Source text", "f a d e")),
        ("model", pick("Model", "Sort")),
    ],
    "decode": [
        ("step", press("ArrowRight", "steps")),
        ("strategy", choose("strategy", "Sampling")),
        ("seed", button("Draw again")),
        ("view", choose("view", "Teacher forcing")),
    ],
    "inside": [
        ("layer", choose("layer", "L0")),
        ("query", pick("Row (query)", "2 ·")),
        ("section", choose("section", "Break it")),
        ("edits", choose("break", "no positions")),
        ("model", pick("Model", "Sort")),
    ],
    "heads": [
        ("measure", pick("Coloured by", "Entropy")),
        ("part", choose("part", "Output to source")),
        ("written", choose("written", "1 a")),
        ("way", pick("All tokens by", "Gradient")),
    ],
    "heads?part=search": [
        ("seek_kind", pick("Attention", "Decoder self")),
        ("seek", pick("Puts its weight", "on the token itself")),
        ("seek_head", pick("Head", "L1 H0")),
        ("above", slide("Weight above")),
    ],
    "interventions": [
        ("compare", write("Second sentence", "h e a l")),
        ("act", choose("act", "Steer")),
        ("strength", slide("c")),
        ("edits", button("Keep this in the list of edits")),
    ],
    "interventions?compare=h+e+l+l": [
        ("patched", pick("Each cell patches", "a head")),
        ("row_of_patch", pick("Output token", "1 ·")),
        ("metric_of_patch", pick("Measured by", "KL divergence")),
        ("align", pick("Match positions", "by position")),
        ("way_of_patch", pick("Patch", "first → second")),
        ("patch_cell", pick("Patch (largest share first)", "H", 2)),
    ],
    "learn": [
        ("lesson", button("Next")),
        ("present", button("Present")),
        ("learn", choose("learn", "Predict the map")),
        ("turn", button("Next question")),
        ("text", write("Source text", "f a d e")),
    ],
    "training": [("train_step", slide("Training step")), ("kind", press("d", "training-player"))],
}


def view(page: Page) -> str:
    return str(page.evaluate(VIEW))


def settled(page: Page) -> str:
    """What the page says when no work is left and it has said the same for a while."""
    before, since = "", time.monotonic()
    while time.monotonic() - since < 0.4:
        expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        wait_idle(page, settle=0.1)
        if (now := view(page)) != before:
            before, since = now, time.monotonic()
    return before


def same(page: Page, wanted: str) -> None:
    """Wait until the page says that again."""
    until = time.monotonic() + TIMEOUT / 8
    while (now := view(page)) != wanted and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert now.split(r"\n") == wanted.split(r"\n")  # a failure says which line


@pytest.mark.parametrize("begin", PAGES)
def test_what_was_changed_is_there_wherever_one_comes_back(open_page: OpenPage, begin: str) -> None:
    path, _, more = begin.partition("?")
    page = open_page(f"/{path}?{BENCH}&{more}", height=HEIGHT)
    page.mouse.move(2, 2)
    seen = [settled(page)]
    entries = page.evaluate("history.length")
    for n, (name, change) in enumerate(PAGES[begin], 1):
        before = urlsplit(page.url).query
        query = parse_qs(before)
        change(page)
        page.mouse.move(2, 2)
        page.wait_for_function(MOVED, arg=before)
        seen.append(settled(page))
        assert parse_qs(urlsplit(page.url).query).get(name) != query.get(name), name
        assert seen[-1] != seen[-2]
        assert page.evaluate("history.length") == entries + n, f"{name} is one entry"
    for wanted in reversed(seen[:-1]):
        page.go_back()
        same(page, wanted)
    for wanted in seen[1:]:
        page.go_forward()
        same(page, wanted)
    page.reload()
    wait_idle(page)
    same(page, seen[-1])
    other = open_page(urlsplit(page.url)._replace(scheme="", netloc="").geturl(), height=HEIGHT)
    same(other, seen[-1])


def test_back_from_a_cold_start_leaves(open_page: OpenPage) -> None:
    page = open_page("/")
    settled(page)
    page.go_back()
    assert page.url == "about:blank"


def test_steps_through_the_history_in_quick_succession_end_where_they_lead(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/?{BENCH}")
    write("Source text", "f a d e")(page)
    expect(page.get_by_test_id("lens")).to_have_attribute("data-source", "f a d e")
    wait_idle(page)
    for moment in (20, 60, 200, 300):  # milliseconds, in which a run may have begun or ended
        for go in (page.go_back, page.go_forward):
            go()
            page.wait_for_timeout(moment)
        wait_idle(page)
        expect(page.get_by_test_id("lens")).to_have_attribute("data-source", "f a d e")
        expect(page.get_by_label("Source text", exact=True).first).to_have_value("f a d e")
        assert parse_qs(urlsplit(page.url).query)["text"] == ["f a d e"]
    page.go_back()
    expect(page.get_by_test_id("lens")).to_have_attribute("data-source", "h e a d")
    wait_idle(page)
    write("Source text", "f a d e")(page)  # what Back took away can be typed again
    expect(page.get_by_test_id("lens")).to_have_attribute("data-source", "f a d e")


def test_what_was_done_in_the_moment_before_leaving_is_there_after_back(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/interventions?{BENCH}")
    for n, moment in enumerate((0, 40, 120), 1):  # milliseconds, before a run tells the address
        written = "h e a l l d"[: 3 + 2 * n]
        settled(page)
        write("Second sentence", written)(page)
        page.wait_for_timeout(moment)
        page.get_by_role("link", name="Explore", exact=True).first.click()
        expect(page.get_by_test_id("lens")).to_be_visible()
        wait_idle(page)
        page.go_back()
        expect(page.get_by_label("Second sentence", exact=True)).to_have_value(written)
        said = "written => new URLSearchParams(location.search).get('compare') === written"
        page.wait_for_function(said, arg=written)


def test_the_next_question_comes_in_the_moment_of_an_answer(open_page: OpenPage) -> None:
    page = open_page(f"/learn?{BENCH}&learn=predict")
    for turn in ("1", "2", "3"):
        button("Show what the model did")(page)
        button("Next question")(page)
        page.wait_for_function("turn => location.search.includes(`turn=${turn}`)", arg=turn)
        expect(page.get_by_role("button", name="Show what the model did")).to_be_visible()
        wait_idle(page)
