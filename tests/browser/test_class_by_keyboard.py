"""A lesson with a phone, by keyboard alone: all is within reach, and no press loses the place."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import wait_idle
from tests.browser.test_class import WAIT, counted, present, told

FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return '';
  const read = one.cloneNode(true);
  read.querySelectorAll?.('[aria-hidden=true], svg').forEach((icon) => icon.remove());
  const words = one.ariaLabel || one.labels?.[0]?.textContent || read.textContent;
  return words.replace(/\\s+/g, ' ').trim();
}"""
"""The name of what has the focus; "" for nothing."""


def test_a_whole_lesson_by_keyboard(open_page: OpenPage) -> None:
    teacher = open_page("/learn?model=reverse&text=h+e+a+d&learn=predict")
    go(teacher, "Class", most=60)
    teacher.keyboard.press("Enter")
    expect(teacher.get_by_role("button", name="Start a class")).to_be_visible(timeout=WAIT)
    press(teacher, "Start a class", most=1)
    code = teacher.get_by_test_id("class-code").inner_text()
    phone = open_page(f"/?class={code}", width=390, height=800)
    present(teacher, 1)
    wait_idle(teacher)
    assert focused(teacher) == "Code", "the class has begun"

    press(teacher, "Ask the class", most=60)
    counted(teacher, "0 of 1 answered")
    asked = on_the_question(teacher)
    expect(phone.get_by_test_id("send")).to_be_visible(timeout=WAIT)
    answer(phone)
    counted(teacher, "1 of 1 answered")
    press(teacher, "Reveal", most=4)
    expect(teacher.get_by_test_id("result")).to_contain_text("Distance of the class", timeout=WAIT)
    assert on_the_question(teacher) == asked
    expect(phone.get_by_test_id("answer-state")).to_contain_text("Your distance", timeout=WAIT)
    for page, news in ((teacher, "Distance of the class"), (phone, "Your distance")):
        expect(page.locator(".class .unseen")).to_contain_text(news)
    assert on_the_question(phone) == asked

    press(teacher, "Next question", most=4)
    counted(teacher, "0 of 1 answered")
    assert on_the_question(teacher) != asked
    press(teacher, "Back to the page", most=6)
    expect(teacher.get_by_label("Source text")).to_be_visible(timeout=WAIT)
    assert focused(teacher), "the keyboard goes on somewhere"

    press(teacher, "Wall", most=60, back=True)
    go(teacher, "Pupils may send to the wall", most=3)
    teacher.keyboard.press("Space")
    expect(phone.get_by_label("A sentence for the wall")).to_be_visible(timeout=WAIT)
    for said in ("one", "two"):
        phone.get_by_label("A sentence for the wall").fill(said)
        phone.keyboard.press("Enter")
        expect(teacher.locator(".wall li").first).to_contain_text(said, timeout=WAIT)
        go(teacher, "Show to all" if said == "one" else "Put away", most=2)
        if said == "one":
            teacher.keyboard.press("Enter")
            expect(phone.locator(".entry p")).to_have_text("one", timeout=WAIT)
    go(teacher, "Remove what", most=3)
    teacher.keyboard.press("Enter")
    expect(teacher.locator(".wall li")).to_have_count(1, timeout=WAIT)
    assert focused(teacher), "the keyboard stays in the list"

    press(teacher, "More", most=12, back=True)
    go(teacher, "Save as a page to print", most=4)
    with teacher.expect_download() as saved:
        teacher.keyboard.press("Enter")
    assert saved.value.suggested_filename == f"class-{code}.html"
    press(teacher, "End the class", most=3)
    press(teacher, "Yes, end the class", most=2)
    told(teacher, "The class has ended")
    told(phone, "This class has ended")
    assert focused(teacher) == "Close"
    teacher.keyboard.press("Enter")
    expect(teacher.locator(".class .told")).to_be_hidden(timeout=WAIT)


def focused(page: Page) -> str:
    """The name of what has the focus."""
    found: str = page.evaluate(FOCUSED)
    return found


def go(page: Page, name: str, *, most: int, back: bool = False) -> None:
    """Go to what begins with a name, by at most so many presses of Tab."""
    met = [focused(page)]
    while not met[-1].startswith(name):
        assert len(met) <= most, f"“{name}” is not among {met}"
        page.keyboard.press("Shift+Tab" if back else "Tab")
        met.append(focused(page))


def press(page: Page, name: str, *, most: int, back: bool = False) -> None:
    """Go there and press it."""
    go(page, name, most=most, back=back)
    page.keyboard.press("Enter")


def on_the_question(page: Page) -> str:
    """The question that is on the stage, which has the focus."""
    asked = page.locator(".on-stage h2")
    expect(asked).to_be_focused(timeout=WAIT)
    return asked.inner_text()


def answer(phone: Page) -> None:
    """Pull the first bar to its end and send."""
    go(phone, "Weight on", most=12)
    phone.keyboard.press("End")
    press(phone, "Send", most=12)
