"""The Training page: move through a finished training; train a small model, and use it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from headlight.model.training import recording
from headlight.model.training.live import Settings
from headlight.model.training.live.training import GRACE
from tests.browser.session import TIMEOUT, wait_idle

OpenPage = Callable[..., Page]
TEXT = "h e a d l i g h t"
LONG = 1000 * TIMEOUT
LIMIT = Settings().seconds + GRACE + TIMEOUT
"""Seconds after which a training has ended by itself, and the page has told it."""
ENOUGH = 1_000
"""Steps within which it has learnt; how long they take is up to the machine."""
BOX = ("left", "top", "w", "h")


def data(page: Page, name: str) -> Any:
    return page.get_by_test_id("training-player").get_attribute(f"data-{name}")


def test_the_slider_goes_through_what_the_snapshots_compute(open_page: OpenPage) -> None:
    kept = recording.of_model("reverse")
    assert kept is not None
    history = kept.history(TEXT)
    page = open_page(f"/training?model=reverse&text={quote(TEXT)}")
    assert data(page, "step") == str(history.steps[-1])
    assert data(page, "output") == history.outputs[-1]
    slider = page.get_by_role("slider", name="Training step")
    slider.focus()
    page.keyboard.press("Home")
    assert (data(page, "step"), data(page, "output")) == ("0", history.outputs[0])
    page.keyboard.press("ArrowRight")
    assert (data(page, "step"), data(page, "output")) == (str(history.steps[1]), history.outputs[1])
    assert float(data(page, "painted-ms")) < 250, "moving the slider asks no server"

    # The readout says the weight that the snapshot's model computes there.
    layer, head = int(data(page, "layer")), int(data(page, "head"))
    stage = page.locator("[data-testid=training-player] .stage").first
    left, top, w, h = (float(stage.get_attribute(f"data-{n}") or 0) for n in BOX)
    stage.hover(position={"x": left + 2.5 * w, "y": top + 1.5 * h})
    weight = history.pattern(1, "cross", layer, head)[1, 2]
    expect(page.get_by_test_id("lens-readout")).to_contain_text(
        f": {weight:.3f} (row 1, column 2, rank ", timeout=LONG
    )

    # A head and a cell by the keyboard alone.
    page.get_by_test_id("training-player").focus()
    page.keyboard.press("ArrowRight")
    n_heads = history.patterns["cross"].shape[2]
    assert int(data(page, "head")) == min(head + 1, n_heads - 1)
    page.keyboard.press("e")
    assert data(page, "kind") == "encoder_self"
    for key in ("c", "Shift+ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    more = page.locator("[data-testid=training-player] .readout .more")
    expect(more).to_have_text("Pinned; Escape releases.")
    page.keyboard.press("Escape")
    expect(more).not_to_have_text("Pinned; Escape releases.")

    # Two steps beside each other, kept in the address over a reload.
    page.get_by_label("Compare with step").select_option(label=f"step {history.steps[-1]:,}")
    expect(page.locator("[data-testid=training-player] .stage")).to_have_count(3, timeout=LONG)
    expect(page).to_have_url(
        re.compile(f"train_step={history.steps[1]}.*train_versus={history.steps[-1]}")
    )
    page.reload()
    wait_idle(page)
    assert data(page, "step") == str(history.steps[1])
    expect(page.locator("[data-testid=training-player] .stage")).to_have_count(3, timeout=LONG)

    # Playing ends at the last step.
    page.get_by_label("Compare with step").select_option(label="nothing")
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("training-player")).to_have_attribute(
        "data-step", str(history.steps[-1]), timeout=LONG
    )


def test_a_training_reaches_90_percent_while_another_waits_and_is_then_used(
    open_page: OpenPage,
) -> None:
    page, other = (open_page("/training?training=live") for _ in range(2))
    start(page)
    page.get_by_test_id("training-player").wait_for(timeout=1000 * LIMIT)
    start(other)
    other.get_by_text("1 training is before yours").wait_for()

    deadline = time.monotonic() + LIMIT
    while accuracy(page) < 0.9:
        assert step(page) < ENOUGH, "it does not learn"
        if page.get_by_text("seconds are over").count():
            pytest.skip("others compute on this machine: too few steps in the time there is")
        assert time.monotonic() < deadline, "it neither learns nor ends"
        page.wait_for_timeout(300)
    assert int(data(page, "frames")) > 3, "its history grows"

    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Explore its heads").click()
    lens = page.get_by_test_id("lens")
    lens.wait_for()
    wait_idle(page)
    assert "model=reverse-mine" in page.url
    source = page.get_by_label("Source text").input_value()
    assert set((lens.get_attribute("data-output") or "").split()) <= set(source.split())
    page.get_by_label("Source text").fill("x y z")
    page.get_by_label("Source text").press("Enter")
    wait_idle(page)  # while it is drawn anew, both may stand there
    expect(lens).to_have_attribute("data-output", re.compile("^[x-z ]+$"), timeout=LONG)

    # Who waited has its turn; leaving the page ends it, so that the line is free again.
    other.get_by_role("button", name="Pause").wait_for()
    other.goto("about:blank")
    page.get_by_role("link", name="Training").click()
    page.get_by_text("Train a small one now").click()
    start(page)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").wait_for()


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def accuracy(page: Page) -> float:
    return said(page, r"accuracy (\d\.\d+)")


def step(page: Page) -> float:
    return said(page, r"Training · step ([\d,]+)")


def said(page: Page, pattern: str) -> float:
    """A number that the page tells of the training; 0 before it does."""
    found = re.search(pattern, page.locator("body").inner_text())
    return float(found[1].replace(",", "")) if found else 0.0


@pytest.mark.parametrize("model", ["read-digits", "hear-digits", "reverse"])
def test_an_example_opens_at_the_same_head_as_on_explore(open_page: OpenPage, model: str) -> None:
    titles = []
    for path in ("/", "/training"):
        title = open_page(f"{path}?model={model}").locator(".caption h2")
        expect(title).to_contain_text("head")
        titles.append(title.inner_text())
    assert titles[0] == titles[1]
