"""Hands on the attention as a person has them: cut, paint, hold, look only here, take it back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Page, expect

import headlight
from headlight.model import Edits
from tests.browser.conftest import OpenPage
from tests.browser.session import MAIN_WIDTH, TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 250)

TEXT, LAYER, HEAD = "c a b", 1, 3
PAGE = f"/explore?model=reverse&text={TEXT.replace(' ', '+')}&kind=cross&layer={LAYER}&head={HEAD}"


def edits_of(page: Page) -> Edits:
    """What the address says."""
    return Edits.from_text(parse_qs(urlsplit(page.url).query).get("edits", [""])[0])


def cell(page: Page, row: int, column: int, which: int = 0) -> tuple[float, float]:
    """The middle of a cell of a heatmap on the screen."""
    stage = page.locator(".heatmap .stage").nth(which)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    left, top, w, h = (float(stage.get_attribute(f"data-{n}") or 0) for n in "left top w h".split())
    return box["x"] + left + (column + 0.5) * w, box["y"] + top + (row + 0.5) * h


def expect_edited(page: Page, edits: Edits) -> None:
    """The model's output under these edits, and the lens with the edited map beside the plain."""
    trace = headlight.load("reverse").run(TEXT, edits=edits)
    expect(page.get_by_test_id("lens")).to_have_attribute("data-edits", str(edits))
    wait_idle(page)
    written = r"\s*".join(trace.tgt_out.surface(i) for i in range(len(trace.tgt_out)))
    strip = page.get_by_test_id("lens").locator(".strip").filter(has_text="edited output")
    expect(strip).to_contain_text(re.compile(rf"edited output\s*{written}"))
    assert edits_of(page) == edits


def test_a_cell_is_cut_kept_by_the_link_and_taken_back_by_keys(open_page: OpenPage) -> None:
    page = open_page(f"{PAGE}&pin=2-0")
    page.get_by_label("Edit in").select_option("all")
    page.get_by_test_id("lens").focus()
    page.keyboard.press("x")
    cut = Edits(cut={("cross", None, None, 2, 0)})
    expect_edited(page, cut)
    expect(page.locator(".readout .more")).to_contain_text("the edge to “c” is cut: 0.000")
    page.reload()
    wait_idle(page)
    expect_edited(page, cut)
    page.get_by_test_id("lens").focus()
    page.keyboard.press("z")  # the head is off as well
    off = Edits(ablate={("cross", LAYER, HEAD)})
    expect_edited(page, cut | off)
    page.keyboard.press("u")
    expect_edited(page, cut)
    page.get_by_role("button", name=re.compile("Undo all")).click()
    expect(page.get_by_test_id("lens")).to_have_attribute("data-edits", "")
    wait_idle(page)
    assert not edits_of(page)
    page.go_back()
    expect_edited(page, cut)


def test_a_row_is_painted_by_dragging_held_and_given_to_one_column(open_page: OpenPage) -> None:
    page = open_page(PAGE)
    model = headlight.load("reverse")
    before = model.run(TEXT).attention["cross"][LAYER].pattern[HEAD, 1]
    column = int(before.argmin())
    x, y = cell(page, 1, column)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=3)
    page.mouse.move(x, y - 80, steps=3)  # 160 pixels are 0 to 1
    page.mouse.up()
    expect(page.get_by_test_id("lens")).to_have_attribute("data-edits", re.compile("row 1 set by"))
    wait_idle(page)
    ((place, weights),) = edits_of(page).set
    assert place == ("cross", LAYER, HEAD, 1)
    row = np.zeros(len(before))
    row[: len(weights)] = weights
    assert abs(row.sum() - 1) < 1e-6
    assert abs(row[column] - before[column] - 0.5) < 0.02
    others = np.arange(len(row)) != column
    share = (1 - row[column]) / before[others].sum()
    np.testing.assert_allclose(row[others], before[others] * share, atol=2e-4)
    painted = edits_of(page)
    expect_edited(page, painted)

    # The cell that was dragged is pinned, so keys act on it: hold it, and paint its neighbour.
    assert parse_qs(urlsplit(page.url).query)["pin"] == [f"1-{column}"]
    page.get_by_test_id("lens").focus()
    page.keyboard.press("k")
    note = page.get_by_test_id("hand-note")
    expect(note).to_contain_text(re.compile("^Held: “[^”]+”. The others share what is left.$"))
    beside = column - 1 if column else 1
    page.keyboard.press("Shift+ArrowLeft" if column else "Shift+ArrowRight")
    page.keyboard.press("+")
    page.wait_for_function(
        "was => !decodeURIComponent(location.search).includes(was)",
        arg=painted.to_text(),
    )
    wait_idle(page)
    ((_, weights),) = edits_of(page).set
    again = np.zeros(len(before))
    again[: len(weights)] = weights
    assert abs(again.sum() - 1) < 1e-6
    assert abs(again[column] - row[column]) < 2e-4, "it was held"
    assert abs(again[beside] - row[beside] - 0.05) < 5e-4
    expect_edited(page, edits_of(page))
    expect(note).to_contain_text("Held:")
    page.keyboard.press("u")  # the row as it was made is one step
    expect(page.get_by_test_id("lens")).to_have_attribute("data-edits", "")
    wait_idle(page)
    assert not edits_of(page)

    page.keyboard.press("o")
    only = Edits(set={("cross", LAYER, HEAD, 1): np.eye(len(row))[beside]})
    expect_edited(page, only)
    page.keyboard.press("x")
    expect(page.get_by_test_id("stToast")).to_contain_text("which is cut; leave one of them")
    wait_idle(page)
    assert edits_of(page) == only


def test_the_tools_fit_a_phone(open_page: OpenPage) -> None:
    page = open_page(f"{PAGE}&pin=1-1", width=390, color_scheme="dark")
    page.get_by_role("button", name="Only here").click()
    expect_edited(page, Edits(set={("cross", LAYER, HEAD, 1): [0, 1]}))
    assert page.evaluate(MAIN_WIDTH) <= 390


def test_a_patch_is_pressed_and_kept_by_keys(open_page: OpenPage) -> None:
    page = open_page("/interventions?model=reverse&text=c+a+b&compare=b+a+c&patched=heads")
    expect(page.get_by_text(re.compile(r"24 of 24 patches run"))).to_be_visible()
    wait_idle(page)
    cells = page.locator("[data-testid=stPlotlyChart] .nsewdrag").nth(2)  # cross: 2 layers, 4 heads
    box = cells.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 5 / 8, box["y"] + box["height"] * 3 / 4)
    page.wait_for_url(re.compile("patch_cell="))
    wait_idle(page)
    chosen = page.get_by_role("combobox", name="Patch (largest share first)")
    expect(chosen).to_have_value(re.compile("^cross L1 H2: "))
    number = page.locator("[data-testid=stPlotlyChart] .textpoint text").last
    assert number.evaluate("e => getComputedStyle(e).fillOpacity") == "1", "it is not faded"
    keep = page.get_by_role("button", name="Keep this patch in the list of edits")
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-edit-0")).to_contain_text("z from “b a c”")
    wait_idle(page)
    assert parse_qs(urlsplit(page.url).query)["edits"][0].startswith("swap.z.")
    assert page.evaluate(MAIN_WIDTH) <= 1440
