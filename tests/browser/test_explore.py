"""Explore as a person uses it: type, point, compare, study, take along, present."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import headlight
from headlight.viz.labels import JOINT
from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

MODEL = "reverse"
FIRST, SECOND = "h e a d", "h e a p"


def address(**query: str) -> str:
    """A link to the page, spaces as `+`."""
    given = {"model": MODEL, "text": FIRST, **query}
    return "/?" + "&".join(f"{name}={value.replace(' ', '+')}" for name, value in given.items())


def lens_of(page: Page) -> Locator:
    return page.get_by_test_id("lens")


def shown(page: Page, *names: str) -> list[str | None]:
    return [lens_of(page).get_attribute(f"data-{name}") for name in names]


def expect_output(page: Page, text: str) -> None:
    expect(lens_of(page)).to_have_attribute("data-output", text)


def compare_with(page: Page, text: str) -> None:
    page.locator("summary", has_text="Compare").click()
    page.get_by_label("Second sentence").fill(text)
    page.get_by_label("Second sentence").press("Enter")


def test_the_first_page_shows_a_run_without_a_click(page: Page) -> None:
    (output,) = shown(page, "output")
    assert output
    tokens = lens_of(page).locator(".strip").nth(1).locator(".token")
    assert tokens.first.is_visible()
    written = "".join(tokens.all_inner_texts()).replace(JOINT, "")
    assert written.startswith(output.replace(" ", "")), "token by token, what it wrote"
    assert page.get_by_test_id("lens-readout").is_visible()
    assert lens_of(page).locator(".thumb").count() > 4


def test_a_new_text_and_a_link_that_restores_everything(open_page: OpenPage) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    page = open_page(address(kind="decoder_self", layer="1", head="2"), permissions=rights)
    page.get_by_label("Source text").fill(SECOND)
    page.get_by_label("Source text").press("Enter")
    expect_output(page, "p a e h")
    assert shown(page, "kind", "layer", "head") == ["decoder_self", "1", "2"]
    lens_of(page).focus()
    for key in ("c", "ArrowRight", "h", "r", "Shift+ArrowDown", *3 * ["Shift+ArrowRight"], "Enter"):
        page.keyboard.press(key)
    said = page.get_by_test_id("lens-readout").inner_text()
    assert said.startswith("Cross L1, mean over heads · after ")
    page.locator("summary", has_text="Save").click()
    page.get_by_role("button", name="Copy link to this view").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    page = open_page(link[link.index("/?") :])
    assert shown(page, "output", "kind", "layer") == ["p a e h", "cross", "1"]
    assert page.get_by_test_id("lens-readout").inner_text() == said
    trace = headlight.load(MODEL).run(SECOND)
    weight = trace.attention["cross"][1].pattern.mean(0)[0, 3]
    assert f"read “p”: {weight:.3f} (row 0, column 3, rank 1 of 5)" in said


def test_a_second_sentence_beside_the_first(open_page: OpenPage) -> None:
    page = open_page(address())
    compare_with(page, SECOND)
    expect(lens_of(page).locator(".strip .what").nth(2)).to_have_text("second source")
    assert lens_of(page).locator(".difference .cells").is_visible()
    assert "compare=h+e+a+p" in page.url.replace("%20", "+")
    compare_with(page, "h e 7")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("Second sentence: ")
    expect_output(page, "d a e h")
    page.locator("summary", has_text="Compare").click()
    page.get_by_role("button", name="Stop comparing").click()
    expect(alert).to_have_count(0)
    assert "compare=" not in page.url


def test_the_study_follows_the_lens(open_page: OpenPage) -> None:
    page = open_page(address(kind="cross", layer="1", head="2"))
    page.get_by_text("Study this head").click()
    title = page.locator(".js-plotly-plot .gtitle")
    expect(title).to_have_text("Cross-attention · L1 H2")
    lens_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect(title.filter(has_text="L1 H3")).to_be_visible()
    expect(title).to_have_count(1)

    # What is chosen while the study is closed is what it shows when it is opened again.
    page.get_by_text("Study this head").click()
    expect(title).to_have_count(0)
    lens_of(page).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_idle(page)
    page.get_by_text("Study this head").click()
    expect(title.filter(has_text="L1 H1")).to_be_visible()


def test_runs_are_taken_along_and_opened_again(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(address(kind="encoder_self", layer="0", head="1", u="words"))
    page.get_by_role("button", name="Download").click()
    files = {}
    for button in ("One HTML file", "The whole run"):
        with page.expect_download() as started:
            page.get_by_role("button", name=button).click()
        files[button] = tmp_path / started.value.suggested_filename
        started.value.save_as(files[button])
    names = [file.name for file in files.values()]
    assert names == ["headlight-reverse.html", "headlight-reverse.npz"]
    assert headlight.Trace.load(files["The whole run"]).output_text == "d a e h"

    page.goto(files["One HTML file"].as_uri())
    lens_of(page).wait_for()
    assert shown(page, "output", "kind", "layer", "head") == ["d a e h", "encoder_self", "0", "1"]
    assert "keys are summed" in lens_of(page).locator(".caption").inner_text()

    page = open_page(address(text="x y"))
    page.get_by_role("button", name="Open a saved run").click()
    upload = page.locator("input[type=file]")
    upload.set_input_files(files["The whole run"])
    expect_output(page, "d a e h")
    follow = page.get_by_role("button", name="Follow a weight")
    expect(follow).to_have_count(0)  # it would follow one of the text above
    page.get_by_role("button", name="Back to what is above").click()
    expect_output(page, "y x")
    expect(follow).to_be_visible()
    wait_idle(page)
    page.get_by_role("button", name="Open a saved run").click()
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(files["The whole run"].read_bytes()[:3000])
    upload.set_input_files(damaged)
    page.get_by_text("not a run saved by Headlight").wait_for()
    assert shown(page, "output") == ["y x"]


def test_tab_goes_into_the_picture_and_enter_pins_a_cell(open_page: OpenPage) -> None:
    page = open_page(address(kind="cross", layer="1", head="2"))
    weights = headlight.load(MODEL).run(FIRST).attention["cross"][1].pattern[2]
    said = page.get_by_test_id("lens-readout")
    lens_of(page).locator(".thumb[aria-pressed=true]").focus()
    stage = lens_of(page).locator(".heatmap .stage")
    for _ in range(10):  # past the words that are explained, and the tools
        page.keyboard.press("Tab")
        if stage.evaluate("e => e.matches(':focus')"):
            break
    expect(stage).to_be_focused()
    expect(said).to_contain_text(f"this head reads “h”: {weights[0, 0]:.3f} (row 0, column 0")
    for key in ("Shift+ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(lens_of(page).locator(".outline.pinned")).to_be_visible()
    pinned = f"this head reads “e”: {weights[1, 1]:.3f} (row 1, column 1"
    expect(said).to_contain_text(pinned)
    expect(page).to_have_url(re.compile("pin=1-1"))
    page.keyboard.press("Shift+Tab")
    expect(said).to_contain_text(pinned)


def test_presenting_leaves_the_sentence_and_the_picture_until_its_button_ends_it(
    open_page: OpenPage,
) -> None:
    page = open_page(address(kind="cross", layer="0", head="0"))
    around = [page.get_by_test_id("stHeader"), page.get_by_text("Study this head")]
    assert all(part.is_visible() for part in around)
    page.get_by_role("button", name="Present", exact=True).click()
    wait_idle(page)
    fewer = lens_of(page).locator("summary", has_text="Save")
    chosen = lens_of(page).get_by_label("next layer")
    expect(chosen).to_be_visible()
    lens_of(page).focus()
    for key in ("p", "Escape"):  # neither is a way out for a part of the page
        page.keyboard.press(key)
        wait_idle(page)
        for part in (*around, fewer):
            expect(part).to_be_hidden()
        assert "present=1" in page.url
    assert page.get_by_label("Source text").is_visible()
    page.get_by_role("button", name="End presenting").click()
    wait_idle(page)
    for part in (*around, fewer):
        expect(part).to_be_visible()
    assert "present" not in page.url
    lens_of(page).focus()
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard help").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1024, "light")])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int, scheme: str) -> None:
    text = "a b c d e f g h i j k l m n o p"
    page = open_page(address(text=text, compare=text[::-1]), width=width, color_scheme=scheme)
    assert page.evaluate(MAIN_WIDTH) <= width
    box = lens_of(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    inside = "e => e.scrollWidth <= e.clientWidth + 1"
    assert lens_of(page).evaluate(inside)
    bar = lens_of(page).locator(".colourbar").first.inner_text()
    assert re.match(r"0\.000\s+1\.000\s+attention weight", bar)
