"""Heads at work: press a head, switch heads off, prune, trace a word, search."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from headlight.model.network.config import KINDS
from tests.browser.session import MAIN_WIDTH, wait_idle

OpenPage = Callable[..., Page]
SOON = 120_000
"""Milliseconds to wait for background work on a busy machine."""
START = "/heads?model=reverse&text=a+b+c+d"


def address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_pressed_head_opens_in_explore(open_page: OpenPage) -> None:
    page = open_page(f"{START}&measure=monotonicity&on=sentence")
    expect(page.get_by_text("Share of steps from one row to the next")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("This measure does not apply here.")).to_have_count(2, timeout=SOON)
    cells = page.locator("[data-testid=stPlotlyChart] .nsewdrag").first
    box = cells.bounding_box()
    assert box is not None
    # of 2 layers and 4 heads: L1 H2
    page.mouse.click(box["x"] + box["width"] * 5 / 8, box["y"] + box["height"] * 3 / 4)
    page.wait_for_url(re.compile("layer=1"))
    wait_idle(page)
    found = address(page)
    assert (found["kind"], found["layer"], found["head"]) == (["cross"], ["1"], ["2"])
    assert found["text"] == ["a b c d"]
    expect(page.get_by_text(re.compile("Cross-attention, layer 1, head 2")).first).to_be_visible(
        timeout=SOON
    )


def test_own_text_and_bad_text(open_page: OpenPage) -> None:
    page = open_page(f"{START}&on=own")
    field = page.locator("input[type=file]").first

    def give(name: str, content: bytes) -> None:
        field.set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})

    give("mine.txt", b"a b c\nx y z q\nThe cat\n\xff\xfe\n")
    expect(page.get_by_text("2 lines were read; left out: 2")).to_be_visible(timeout=SOON)
    give("bad.txt", b"The cat sat\n")
    expect(page.get_by_text("None of the 1 lines can be read by this model")).to_be_visible(
        timeout=SOON
    )
    give("gold.tsv", b"one\ta b\tb a\t0-1 1-0\ntwo\ta b\tb a\t0-5\n")
    expect(page.get_by_text("gold.tsv, line 2: the link 0-5 names target token 5")).to_be_visible(
        timeout=SOON
    )
    give("empty.txt", b"\n")
    expect(page.get_by_text("This text is empty: it needs at least one line.")).to_be_visible(
        timeout=SOON
    )


def test_the_lab_keeps_its_switches_in_the_address(open_page: OpenPage) -> None:
    page = open_page(f"{START}&part=lab&edits=ablate.cross.1.0~ablate.cross.1.3")
    expect(page.get_by_text("Without 2 heads")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="all on or off").nth(2).click()
    expect(page.get_by_text("Without 8 heads")).to_be_visible(timeout=SOON)
    wait_idle(page)
    whole = {f"ablate.cross.{layer}.{head}" for layer in range(2) for head in range(4)}
    assert set(address(page)["edits"][0].split("~")) == whole
    page.get_by_role("button", name="Measure the loss on the project's sentences").click()
    expect(page.get_by_text("nats per token")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="all on or off").nth(2).click()
    expect(page.get_by_text("All heads are on.")).to_be_visible(timeout=SOON)


def test_switches_of_a_layer_take_one_line_when_presenting(open_page: OpenPage) -> None:
    page = open_page("/heads?model=translate-en-fr&part=lab&present=1", width=1024, height=768)
    for kind in KINDS:
        buttons = page.locator(f".st-key-off_{kind}_0 button").all()
        assert len(buttons) == 9
        boxes = [button.bounding_box() for button in buttons]
        assert len({round(box["y"]) for box in boxes if box}) == 1
        assert all(box["width"] >= 20 for box in boxes if box)
        wide = [button.evaluate("e => e.scrollWidth <= e.clientWidth") for button in buttons]
        assert all(wide), "names are not cut"
    rows = [
        button.bounding_box() for button in page.get_by_role("button", name="all on or off").all()
    ]
    titles = [
        page.get_by_text(name, exact=True).bounding_box() for name in ("Cross", "Encoder self")
    ]
    middles = {round((box["y"] + box["height"] / 2) / 8) for box in (*rows, *titles) if box}
    assert len(rows) == 3
    assert len(middles) == 1, "beside the names of the kinds, not below"


def test_the_table_has_all_metrics_those_of_one_idea_side_by_side(open_page: OpenPage) -> None:
    page = open_page("/heads?model=translate-en-fr")
    table = page.get_by_test_id("stDataFrame")
    names = [name for name in table.locator("[role=columnheader]").all_text_contents() if name]
    assert names[:5] == ["head", "sensit.", "Δ loss ref.", "Δ quality", "conf."]
    cells = table.locator(".dvn-scroller")
    assert cells.evaluate("e => e.scrollWidth <= e.clientWidth"), "it scrolls sideways"


def test_from_output_to_source(open_page: OpenPage) -> None:
    page = open_page(f"{START}&part=sources&way=rollout_above", width=390)
    expect(page.get_by_text("half and half with the stream itself")).to_be_visible(timeout=SOON)
    judged = page.get_by_role(
        "row", name=re.compile(r"^norm-based rollout above the word's mean \d")
    )
    expect(judged).to_be_visible(timeout=SOON)
    assert page.evaluate(MAIN_WIDTH) <= 390


def test_a_search_opens_its_cell(open_page: OpenPage) -> None:
    page = open_page(f"{START}&part=search&above=0.0", color_scheme="dark")
    expect(page.get_by_text(re.compile(r"^Most often: cross · L\d H\d"))).to_be_visible(
        timeout=SOON
    )
    table = page.get_by_test_id("stDataFrame")
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 17)  # the first row's box
    page.wait_for_url(re.compile("pin="))
    wait_idle(page)
    assert address(page)["kind"] == ["cross"]
    assert address(page)["text"] != ["a b c d"]


def test_pruning_curves_or_the_button_that_makes_them(open_page: OpenPage) -> None:
    page = open_page(f"{START}&part=pruning")
    curves = page.get_by_text("Heads that can go before the loss has risen")
    start = page.get_by_role("button", name="Remove the heads one by one")
    expect(curves.or_(start)).to_be_visible(timeout=SOON)
