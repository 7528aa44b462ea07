"""Interventions as a person uses it: press a cell, cut it, see the text change, take it back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

import headlight
from headlight.model import Edits
from headlight.viz.figures.edited import SCISSORS
from tests.browser.conftest import OpenPage
from tests.browser.session import TIMEOUT, wait_idle

expect.set_options(timeout=TIMEOUT * 1000)

TEXT, LAYER, HEAD = "c a b", 1, 3


def press_cell(page: Page, row: int, column: int, rows: int, columns: int) -> None:
    """Press a cell of the head's map."""
    place = page.locator(f".st-key-cut-map-cross-{LAYER}-{HEAD} .nsewdrag").first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.click(
        box["x"] + box["width"] * (column + 0.5) / columns,
        box["y"] + box["height"] * (row + 0.5) / rows,
    )


def expect_edited(page: Page, output: str, edits: Edits) -> None:
    """Both texts, the scissors in the map, and the edit in the list and in the address."""
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(re.compile(rf"Edited · \d of \d tokens.*\n?{output}"))
    expect(page.locator(".js-plotly-plot .textpoint text", has_text=SCISSORS)).to_have_count(1)
    expect(page.locator(".st-key-edit-0")).to_have_text(re.compile(re.escape(str(edits))))
    assert parse_qs(urlsplit(page.url).query)["edits"] == [edits.to_text()]


def test_a_pressed_cell_is_cut_kept_by_the_link_and_taken_back(open_page: OpenPage) -> None:
    model = headlight.load("reverse")
    plain = model.run(TEXT)
    row, column = 2, 0
    edits = Edits(cut={("cross", None, None, row, column)})
    after = model.run(TEXT, edits=edits)
    outputs = [
        " ".join(one.tgt_out.surface(i) for i in range(len(one.tgt_out))) for one in (plain, after)
    ]
    assert outputs[0] != outputs[1], "the cut matters"

    page = open_page(
        f"/interventions?model=reverse&text={TEXT.replace(' ', '+')}"
        f"&kind=cross&layer={LAYER}&head={HEAD}&scope=all"
    )
    press_cell(page, row, column, len(plain.queries("cross")), len(plain.keys("cross")))
    page.wait_for_url(re.compile(f"query={row}&key={column}"))
    wait_idle(page)
    expect(page.get_by_label("From (row)")).to_have_value(
        f"{row} · {plain.queries('cross').surface(row)}"
    )
    page.get_by_role("button", name="Cut the edge").click()
    wait_idle(page)
    expect_edited(page, outputs[1], edits)

    page.reload()
    wait_idle(page)
    expect_edited(page, outputs[1], edits)

    page.get_by_role("button", name=re.compile("Undo(?! all)")).click()
    wait_idle(page)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(re.compile(rf"Edited · 0 of \d tokens differ\n?{outputs[0]}"))
    assert "edits" not in parse_qs(urlsplit(page.url).query)
    page.go_back()
    wait_idle(page)
    expect_edited(page, outputs[1], edits)
