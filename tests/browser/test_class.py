"""A teacher and pupils, each with a browser of their own: one on a phone, one who presses
everything twice, one whose connection breaks. They follow, answer, see the truth, and the end.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, wait_idle

HOSTILE = "<img src=x onerror=alert(1)> **Katze** 🐈"
WAIT = 60_000
AWAY = 10.0
"""Seconds without a connection."""
DELAYS = (0, 2, 4, 40, 200)
"""Milliseconds between opening a page and a press."""
PRESS = """([page, delay]) => {
  const link = [...document.querySelectorAll('[data-testid=stSidebar] a')]
    .find((one) => one.textContent.includes(page));
  const inside = (node) => [node, ...[...(node.shadowRoot ?? node).children].flatMap(inside)];
  const eyes = inside(document.body).find((one) => one.textContent === 'All eyes here');
  link.click();
  setTimeout(() => eyes.click(), delay);
}"""
"""Open a page, and press a button of the class before it has come."""


@pytest.fixture
def teacher(open_page: OpenPage) -> Page:
    return open_page("/?model=reverse&text=h+e+a+d")


def test_pupils_come_in_and_follow(teacher: Page, open_page: OpenPage) -> None:
    code = start(teacher)
    assert re.fullmatch("[B-DF-HJ-NP-TV-Z]{4}", code)
    link = teacher.get_by_test_id("class-link").inner_text()
    assert re.fullmatch(rf"[\w.-]+:\d+/\?class={code}", link)
    phone = open_page(f"/?class={code}", width=390, height=800)
    twice = by_typing(open_page, code)
    present(teacher, 2)
    names = {one.locator(".class .who").inner_text() for one in (phone, twice)}
    assert len(names) == 2, "each pupil has an animal of their own"
    assert teacher.get_by_test_id("class-link").inner_text() == link

    # What the lens shows, then the page.
    kinds = teacher.get_by_role("group", name="Kind of attention")
    kinds.get_by_text("Encoder self").click()
    for pupil in (phone, twice):
        pupil.wait_for_url("**kind=encoder_self**", timeout=WAIT)
    twice.get_by_role("button", name="Look around by myself").click()
    expect(twice.get_by_role("button", name="Back to the class")).to_be_visible()
    teacher.get_by_test_id("stSidebar").get_by_role("link", name="Learn").click()
    phone.wait_for_url("**/learn**", timeout=WAIT)
    assert "/learn" not in twice.url
    teacher.get_by_role("button", name="All eyes here").click()
    twice.wait_for_url("**/learn**", timeout=WAIT)

    # A press while a page is on its way empties no page, neither the teacher's nor a pupil's.
    for i, delay in enumerate(DELAYS):
        page, sign = [("Decode", "View"), ("Learn", "Part of the page")][i % 2]
        teacher.evaluate(PRESS, [page, delay])
        for one in (teacher, phone):
            one.wait_for_url(f"**/{page.lower()}**", timeout=WAIT)
            wait_idle(one)
            expect(one.get_by_role("radiogroup", name=sign, exact=True)).to_be_visible()


def test_a_class_answers_and_sees_the_truth(teacher: Page, open_page: OpenPage) -> None:
    code = start(teacher)
    phone = open_page(f"/?class={code}", width=390, height=800)
    twice = open_page(f"/?class={code}")
    away = open_page(f"/?class={code}", color_scheme="dark")
    present(teacher, 3)
    teacher.get_by_test_id("stSidebar").get_by_role("link", name="Learn").click()
    teacher.get_by_text("Predict the map", exact=True).click()
    teacher.wait_for_url("**learn=predict**", timeout=WAIT)
    wait_idle(teacher)  # until then the lesson's own question is the one that is asked
    teacher.get_by_role("button", name="Ask the class").click()
    for pupil in (phone, twice, away):
        expect(pupil.get_by_test_id("send")).to_be_visible(timeout=WAIT)
    expect(teacher.get_by_label("Source text")).to_be_hidden()
    assert phone.evaluate(MAIN_WIDTH) <= 390

    away.context.set_offline(True)
    left = time.monotonic()
    phone.get_by_test_id("send").click()
    expect(phone.get_by_test_id("answer-state")).to_have_text("Answer first, then send.")
    pull(phone, 60, 30)
    phone.get_by_test_id("send").click()
    pull(twice, 100)
    twice.get_by_test_id("send").dblclick()
    counted(teacher, "2 of 3 answered")
    pull(twice, 0, 100)
    twice.get_by_test_id("send").dblclick()
    expect(twice.get_by_test_id("answer-state")).to_contain_text("Sent.", timeout=WAIT)
    pull(away, 50, 50)
    away.get_by_test_id("send").click()
    expect(away.get_by_test_id("answer-state")).to_contain_text("No connection")
    for page in (teacher, phone, away):
        serious(page)
    away.wait_for_timeout(max(0.0, AWAY - (time.monotonic() - left)) * 1000)
    away.context.set_offline(False)
    counted(teacher, "3 of 3 answered")
    assert teacher.locator(".dot").count() == 3 * teacher.locator(".bar-line").count()

    teacher.get_by_role("button", name="Close answers").click()
    expect(phone.get_by_test_id("answer-state")).to_contain_text("Closed", timeout=WAIT)
    expect(phone.get_by_test_id("send")).to_be_hidden()
    teacher.get_by_role("button", name="Reveal").click()
    expect(teacher.get_by_test_id("result")).to_contain_text("Distance of the class", timeout=WAIT)
    for pupil in (phone, twice, away):
        expect(pupil.get_by_test_id("answer-state")).to_contain_text("Your distance", timeout=WAIT)
    teacher.get_by_role("button", name="Next question").click()
    counted(teacher, "0 of 3 answered")
    teacher.get_by_role("button", name="Back to the page").click()
    expect(teacher.get_by_label("Source text")).to_be_visible(timeout=WAIT)


def test_the_wall_a_reload_and_the_end(teacher: Page, open_page: OpenPage) -> None:
    code = start(teacher)
    phone = open_page(f"/?class={code}", width=390, height=800)
    teacher.get_by_role("button", name=re.compile("^Wall")).click()
    teacher.get_by_label("Pupils may send to the wall").check()
    field = phone.get_by_label("A sentence for the wall")
    field.fill("x" * 10_000)
    phone.get_by_role("button", name="Send to the wall").click()
    told(phone, "10,000 characters; up to 280")
    field.fill(HOSTILE)
    phone.get_by_role("button", name="Send to the wall").dblclick()
    entry = teacher.locator(".wall li")
    expect(entry).to_contain_text(HOSTILE, timeout=WAIT)
    assert entry.count() == 1
    assert entry.locator("img").count() == 0
    entry.get_by_role("button", name="Show to all").click()
    for page in (teacher, phone):
        expect(page.locator(".entry p")).to_have_text(HOSTILE, timeout=WAIT)
    teacher.get_by_role("button", name=re.compile("^Remove")).click()
    expect(phone.locator(".entry")).to_have_count(0, timeout=WAIT)

    teacher.reload()
    expect(teacher.get_by_test_id("class-line")).to_contain_text(code, timeout=WAIT)
    teacher.get_by_role("button", name="More", exact=True).click()
    with teacher.expect_download() as saved:
        teacher.get_by_role("button", name="Save as a table (CSV)").click()
    assert saved.value.suggested_filename == f"class-{code}.csv"
    teacher.get_by_text("End the class", exact=True).click()
    teacher.get_by_role("button", name="Yes, end the class").click()
    told(teacher, "The class has ended")
    told(phone, "This class has ended")
    for one in (teacher, phone):
        until(one, lambda one=one: "class=" not in one.url)  # type: ignore[misc]


def test_a_class_watches_one_training_and_opens_its_model(
    teacher: Page, open_page: OpenPage
) -> None:
    code = start(teacher)
    phone = open_page(f"/?class={code}", width=390, height=800, color_scheme="dark")
    present(teacher, 1)
    teacher.get_by_test_id("stSidebar").get_by_role("link", name="Training").click()
    teacher.get_by_text("Train a small one now").click()
    teacher.get_by_role("button", name="Train it with the class").click()
    players = [one.get_by_test_id("training-player") for one in (teacher, phone)]
    for player in players:
        expect(player).to_have_attribute("data-frames", re.compile("[3-9]"), timeout=WAIT)
    phone_shows = int(players[1].get_attribute("data-last") or 0)
    assert phone.evaluate(MAIN_WIDTH) <= 390
    assert phone.get_by_role("button", name="Pause").count() == 0, "only the teacher steers"
    teacher.reload()
    expect(teacher.get_by_test_id("class-line")).to_contain_text(code, timeout=WAIT)
    until(phone, lambda: int(players[1].get_attribute("data-last") or 0) > phone_shows)
    expect(players[1].locator(".curves .curve").first).to_be_attached()
    expect(teacher.get_by_test_id("class-training")).to_contain_text("step", timeout=WAIT)
    for page in (teacher, phone):
        serious(page)
    teacher.get_by_role("button", name="Stop").click()
    for page in (teacher, phone):
        expect(page.get_by_test_id("class-training")).to_contain_text(
            f"It is called reverse-{code}", timeout=WAIT
        )
    last = {player.get_attribute("data-output") for player in players}
    assert len(last) == 1, "all screens show the same"
    teacher.get_by_role("button", name="Explore its heads together").click()
    for page in (teacher, phone):
        page.wait_for_url(f"**model=reverse-{code}**", timeout=WAIT)
        expect(page.get_by_test_id("lens")).to_have_attribute(
            "data-output", last.copy().pop() or "", timeout=WAIT
        )
    phone.reload()
    expect(phone.get_by_test_id("lens")).to_be_visible(timeout=WAIT)
    assert f"model=reverse-{code}" in phone.url


def start(page: Page) -> str:
    """Start a class, pressing twice; its code."""
    page.locator(".st-key-class-door").get_by_role("button").first.click()
    page.get_by_role("button", name="Start a class").dblclick()
    return page.get_by_test_id("class-code").inner_text()


def by_typing(open_page: OpenPage, code: str) -> Page:
    """Come in by the letters, after wrong ones; the button is pressed twice."""
    page = open_page("/")
    page.locator(".st-key-class-door").get_by_role("button").first.click()
    field = page.get_by_label("Code of the class")
    for wrong, said in (("ZZZZ", "no class “ZZZZ” now"), ("<b>", "no class “<B>” now")):
        field.fill(wrong)
        page.get_by_role("button", name="Join").click()
        told(page, said)
    field.fill(f" {code.lower()}")
    page.get_by_role("button", name="Join").dblclick()
    expect(page.locator(".class .who")).to_contain_text(code, timeout=WAIT)
    return page


def present(teacher: Page, pupils: int) -> None:
    expect(teacher.get_by_test_id("class-line")).to_contain_text(f"{pupils} here", timeout=WAIT)


def pull(page: Page, *shares: int) -> None:
    """Pull the first bars of a row."""
    for i, share in enumerate(shares):
        page.locator(".guess input").nth(i).fill(str(share))


def serious(page: Page) -> None:
    """Axe finds nothing serious."""
    found = Axe().run(page).response["violations"]
    assert not [one for one in found if one["impact"] in ("serious", "critical")], found


def counted(page: Page, said: str) -> None:
    expect(page.get_by_test_id("counted")).to_have_text(said, timeout=WAIT)


def told(page: Page, said: str | re.Pattern[str]) -> None:
    expect(page.locator(".class .told")).to_contain_text(said, timeout=WAIT)


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for something that no locator can say."""
    deadline = time.monotonic() + WAIT / 1000
    while not true():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
