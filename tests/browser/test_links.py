"""Links as a person shares them: what they promise is on the page, and what they cannot is said."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from playwright.sync_api import Page, expect

import headlight
from headlight.model.analysis.heads.opening import opening
from headlight.model.decoding import Sampling
from headlight.viz.labels import row_phrase
from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, TIMEOUT, address, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

BENCH = "model=reverse&text=h+e+a+d"


def go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
    wait_idle(page)


def notice(page: Page) -> str:
    return page.get_by_test_id("stAlert").inner_text()


def test_a_bad_link_is_told_of_once_and_the_page_works(open_page: OpenPage) -> None:
    hostile = quote("<img src=x onerror=alert(1)>" + "x" * 10_000)
    page = open_page(
        f"/decode?{BENCH}&strategy=sampling&top_p=-1&temperature=nan&step={hostile}", width=390
    )
    steps = page.get_by_test_id("steps")
    expect(steps).to_have_attribute("data-step", "0")
    trace = headlight.load("reverse").run(
        "h e a d", strategy=Sampling(temperature=1.0, top_p=1.0, seed=0)
    )
    expect(steps).to_have_attribute("data-output", trace.output_text)
    assert "“temperature=nan” (0.01 to 10); “top_p=-1” (above 0, up to 1)" in notice(page)
    assert "“step=<img src=x onerror=alert(1)>xxxxxxxxxxxx…” (0 to 4)" in notice(page)
    assert page.evaluate(MAIN_WIDTH) <= 390
    address(page, top_p=None, temperature=None, step=None)
    page.get_by_role("button", name="Dismiss", exact=True).click()
    wait_idle(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_head_that_is_not_there_is_told_of_and_the_usual_one_shown(open_page: OpenPage) -> None:
    page = open_page(f"/?{BENCH}&kind=cross&layer=9&head=2&m=colour&pin=99-99")
    lens = page.get_by_test_id("lens")
    for name, value in (("kind", "cross"), ("layer", "1"), ("head", "2")):
        expect(lens).to_have_attribute(f"data-{name}", value)
    for part in ("“layer=9” (0 to 1)", "“m=colour” (weights, ", "“pin=99-99” (row-column, up to"):
        assert part in notice(page)
    go(page, "Decode")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_strategy_and_step_are_there_on_the_way_back(open_page: OpenPage) -> None:
    page = open_page(f"/decode?{BENCH}&strategy=beam&beam=3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    before = address(page, step="2", beam="3")
    go(page, "Explore")
    go(page, "Decode")
    expect(page.get_by_test_id("steps")).to_have_attribute("data-step", "2")
    names = ("model", "text", "strategy", "beam", "step")
    after = address(page, **{name: before[name] for name in names})
    page.reload()
    wait_idle(page)
    expect(page.get_by_test_id("steps")).to_have_attribute("data-step", "2")
    assert address(page, step="2") == after


def test_choices_among_heads_survive_a_reload_and_another_page(open_page: OpenPage) -> None:
    page = open_page(f"/heads?{BENCH}&on=sentence")
    page.get_by_label("Coloured by").click()
    page.get_by_role("option", name="monotonicity").click()
    expect(page.get_by_text("Share of steps from one row to the next")).to_be_visible()
    wait_idle(page)
    kept = {"measure": "monotonicity", "on": "sentence"}
    address(page, **kept)
    page.reload()
    expect(page.get_by_text("Share of steps from one row to the next")).to_be_visible()
    wait_idle(page)
    go(page, "Decode")
    go(page, "Heads at work")
    expect(page.get_by_text("Share of steps from one row to the next")).to_be_visible()
    address(page, **kept)


def lesson(page: Page, number: int) -> None:
    """Go to a lesson by its number, in the same browser session."""
    go(page, "Learn")
    name = str(number)
    page.get_by_role("radio", name=name, exact=True).or_(
        page.get_by_role("button", name=name, exact=True)
    ).first.click()
    expect(page.get_by_role("heading", name=f"{number} · ")).to_be_visible()
    wait_idle(page)


def test_a_lesson_goes_on_with_the_row_it_asked_about(open_page: OpenPage) -> None:
    trace = headlight.load("reverse").run("h e a d")
    page = open_page(f"/inside?{BENCH}&section=break")  # the section left open does not count
    for number, label in (
        (2, "Follow these numbers one by one"),
        (3, "See the softmax with all its numbers"),
        (4, "Follow the sum inside this head"),
    ):
        lesson(page, number)
        caption = page.get_by_text(re.compile(r"Head L\d H\d")).first
        told = re.search(r"L(\d+) H(\d+)", caption.inner_text())
        asked = re.search(
            r"After “(\S+)”, about to write “(\S+)”", page.get_by_test_id("board").inner_text()
        )
        assert told is not None
        assert asked is not None
        page.get_by_role("link", name=label).click()
        wait_idle(page)
        layer, head, row = int(told[1]), int(told[2]), int(address(page)["query"])
        assert (trace.tgt_in.surface(row), trace.tgt_out.surface(row)) == asked.groups()
        pattern = trace.attention["cross"][layer].pattern[head, row]
        key = trace.src.surface(int(pattern.argmax()))
        words = f"{row_phrase(trace, 'cross', row)}, this head reads “{key}”: {pattern.max():.3f}"
        expect(page.get_by_text(words)).to_be_visible()


def test_the_last_lessons_open_what_they_name(open_page: OpenPage) -> None:
    page = open_page(f"/decode?{BENCH}&view=strategies")  # nor does the view left open
    lesson(page, 10)
    page.get_by_role("link", name="Watch it write, token by token").click()
    wait_idle(page)
    expect(page.get_by_test_id("steps")).to_have_attribute("data-step", "0")
    expect(page.get_by_test_id("steps")).to_have_attribute("data-output", "d a e h")
    lesson(page, 9)
    page.get_by_role("link", name="Walk through the stacks").click()
    expect(page.get_by_test_id("lens")).to_have_attribute("data-kind", "cross")
    wait_idle(page)


def test_a_link_to_a_kind_opens_the_head_that_is_measured_for_it(open_page: OpenPage) -> None:
    model = headlight.load("reverse")
    found = opening(model, model.run("h e a d"), kind="decoder_self")
    assert (found.layer, found.head) != (1, 0), "which the top layer's first head is not"
    page = open_page(f"/?{BENCH}&kind=decoder_self")
    lens = page.get_by_test_id("lens")
    for name in ("kind", "layer", "head"):
        expect(lens).to_have_attribute(f"data-{name}", str(getattr(found, name)))


def test_a_film_is_where_it_was_left(open_page: OpenPage) -> None:
    page = open_page(f"/training?{BENCH}&train_step=1&kind=cross&layer=0&head=1")
    page.get_by_role("slider", name="Training step").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => !/train_step=1(&|$)/.test(location.search)")
    before = address(page)
    assert int(before["train_step"]) > 1
    go(page, "Explore")
    go(page, "Training")
    expect(page.get_by_test_id("training-player")).to_be_visible()
    assert address(page, train_step=before["train_step"]) == before
    assert (before["kind"], before["layer"], before["head"]) == ("cross", "0", "1")


def test_back_returns_to_the_page_before_in_one_press(open_page: OpenPage) -> None:
    page = open_page(f"/?{BENCH}")
    for name, path in (
        ("Inside a head", "/inside"),
        ("Heads at work", "/heads"),
        ("Decode", "/decode"),
        ("Training", "/training"),
        ("Learn", "/learn"),
    ):
        go(page, name)
        assert urlsplit(page.url).path == path
        page.go_back()
        wait_idle(page)
        assert urlsplit(page.url).path == "/", name
