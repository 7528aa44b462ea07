"""The single HTML file in a real Chromium, from disk: what it says are the trace's own numbers."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from model.trace import Trace
from tests.lens.synthetic import build_trace
from viz import theme
from viz.lens import html, page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
READOUT = "[data-testid=lens-readout]"


@pytest.fixture(scope="module")
def second() -> Trace:
    """As many tokens as the first, other weights."""
    return build_trace(
        ["the", "dog", "<script>", "un|likely", "sat", "."],
        ["le", "chien", "<b>", "impro|bable", "était", "assis", "."],
        seed=7,
    )


@pytest.fixture
def open_file(chromium: Browser, tmp_path: Path, trace: Trace) -> Iterator[Open]:
    """Open a lens from disk; afterwards no error may have been heard, and no request made."""
    pages: list[Page] = []
    wrong: list[str] = []

    def open_file(
        *,
        compare: Trace | None = None,
        shown: Trace | None = None,
        address: str = "",
        **context: Any,
    ) -> Page:
        file = tmp_path / f"lens{len(pages)}.html"
        file.write_text(page(shown or trace, compare=compare), encoding="utf-8")
        context = {"viewport": {"width": 1440, "height": 1000}, **context}
        tab = chromium.new_context(**context).new_page()
        tab.set_default_timeout(60_000)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        tab.on("request", lambda r: wrong.append(r.url) if r.url.startswith("http") else None)
        pages.append(tab)
        tab.goto(f"{file.as_uri()}{address}")
        tab.wait_for_selector("[data-testid=lens][data-painted-ms]")
        return tab

    yield open_file
    for tab in pages:
        tab.context.close()
    assert wrong == []


def lens_data(tab: Page, name: str) -> str | None:
    return tab.locator("[data-testid=lens]").get_attribute(f"data-{name}")


def said(tab: Page) -> str:
    return tab.locator(READOUT).inner_text()


def hover_cell(tab: Page, row: int, column: int, nth: int = 0) -> None:
    """Put the mouse on the middle of a cell of the heatmap."""
    stage = tab.locator(".heatmap .stage").nth(nth)
    stage.scroll_into_view_if_needed()
    area = stage.bounding_box()
    assert area is not None
    left, top, cell = (
        float(stage.get_attribute(f"data-{n}") or 0) for n in ("left", "top", "cell")
    )
    tab.mouse.move(area["x"] + left + (column + 0.5) * cell, area["y"] + top + (row + 0.5) * cell)


def press(tab: Page, *keys: str) -> None:
    tab.locator("[data-testid=lens]").focus()
    for key in keys:
        tab.keyboard.press(key)


def value_said(text: str) -> float:
    found = re.search(r": (−?\d+\.\d{3})(, rank|$)", text)
    assert found, text
    return float(found[1].replace("−", "-"))


@pytest.mark.parametrize(("row", "column"), [(0, 0), (2, 1), (5, 3), (8, 7)])
def test_a_hovered_cell_says_the_traces_own_number(
    open_file: Open, trace: Trace, row: int, column: int
) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2")
    hover_cell(tab, row, column)
    weights = trace.attention["cross"][1].pattern[2, row]
    rank = 1 + int((weights > weights[column]).sum())
    start, end = (trace.tgt_in.surface(row), trace.src.surface(column))
    assert said(tab) == (
        f'cross · layer 1 · head 2 · from "{start}" (row {row}) to "{end}" (column {column}): '
        f"{weights[column]:.3f}, rank {rank} of {len(weights)}"
    )


def test_what_is_shown_stands_on_the_root(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=encoder_self&layer=2&head=1")
    names = ("output", "kind", "layer", "head")
    shown = [lens_data(tab, name) for name in names]
    assert shown == [trace.output_text, "encoder_self", "2", "1"]
    assert float(lens_data(tab, "painted-ms") or -1) > 0


def test_an_address_out_of_range_is_brought_inside(open_file: Open) -> None:
    tab = open_file(address="#kind=nonsense&layer=99&head=-4&m=no&th=7")
    assert [lens_data(tab, n) for n in ("kind", "layer", "head")] == ["cross", "1", "0"]


def test_keys_change_head_layer_and_kind(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=0&head=0")
    press(tab, "ArrowRight", "ArrowRight", "ArrowUp")
    assert [lens_data(tab, n) for n in ("kind", "layer", "head")] == ["cross", "1", "2"]
    press(tab, "e", "ArrowUp", "ArrowLeft")
    assert [lens_data(tab, n) for n in ("kind", "layer", "head")] == ["encoder_self", "2", "1"]
    press(tab, "d")  # the decoder has two layers: the third of the encoder is not there
    assert [lens_data(tab, n) for n in ("kind", "layer", "head")] == ["decoder_self", "1", "1"]
    press(tab, "c", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    assert [lens_data(tab, n) for n in ("kind", "head")] == ["cross", "3"]


def test_cells_are_reached_and_pinned_by_keys(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=cross&layer=0&head=0")
    press(tab, "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight", "Enter")
    assert value_said(said(tab)) == pytest.approx(
        float(trace.attention["cross"][0].pattern[0, 1, 1]), abs=0.00052
    )
    press(tab, "ArrowRight")  # the same cell of the next head
    assert value_said(said(tab)) == pytest.approx(
        float(trace.attention["cross"][0].pattern[1, 1, 1]), abs=0.00052
    )


def test_a_click_pins_and_escape_releases(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=0&head=0")
    hover_cell(tab, 2, 1)
    held = said(tab)
    tab.mouse.down()
    tab.mouse.up()
    hover_cell(tab, 5, 4)
    assert said(tab) == held
    tab.keyboard.press("Escape")
    hover_cell(tab, 5, 5)
    assert "(row 5) to" in said(tab)
    tab.mouse.move(2, 2)
    assert "point at a cell" in said(tab)


def test_masked_cells_say_so(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=decoder_self&layer=1&head=0")
    hover_cell(tab, 2, 5)
    assert said(tab).endswith('(row 2) to "bable" (column 5): masked: not written yet')
    hover_cell(tab, 2, 2)
    assert said(tab).endswith("of 3"), "a rank counts only what may be attended"


def test_scores_before_and_after_the_mask(open_file: Open, trace: Trace) -> None:
    raw = trace.attention["decoder_self"][1].raw_scores[3]
    tab = open_file(address="#kind=decoder_self&layer=1&head=3&m=raw")
    hover_cell(tab, 2, 5)
    assert value_said(said(tab)) == pytest.approx(float(raw[2, 5]), abs=0.00051)
    press(tab, "m")
    hover_cell(tab, 2, 6)
    assert "masked: not written yet" in said(tab)
    hover_cell(tab, 4, 1)
    assert value_said(said(tab)) == pytest.approx(float(raw[4, 1]), abs=0.00051)


def test_a_file_without_scores_says_so(chromium: Browser, tmp_path: Path, trace: Trace) -> None:
    file = tmp_path / "small.html"
    file.write_text(page(trace, scores=False), encoding="utf-8")
    tab = chromium.new_page()
    tab.goto(f"{file.as_uri()}#m=raw")
    tab.wait_for_selector("[data-testid=lens][data-painted-ms]")
    assert said(tab).startswith("The scores are not in this file")
    tab.close()


def test_norm_weighted_attention(open_file: Open, trace: Trace) -> None:
    expected = trace.attention["cross"][1].norm_weighted[2]
    tab = open_file(address="#kind=cross&layer=1&head=2&m=norm")
    for row, column in [(1, 1), (4, 2)]:
        hover_cell(tab, row, column)
        assert value_said(said(tab)) == pytest.approx(float(expected[row, column]), abs=0.0006)


@pytest.mark.parametrize(("how", "combine"), [("mean", np.mean), ("max", np.max)])
def test_mean_and_maximum_over_heads(
    open_file: Open, trace: Trace, how: str, combine: Callable[..., Any]
) -> None:
    expected = combine(trace.attention["cross"][1].pattern, axis=0)
    tab = open_file(address=f"#kind=cross&layer=1&h={how}")
    hover_cell(tab, 3, 2)
    assert said(tab).startswith(f"cross · layer 1 · {how} over heads · ")
    assert value_said(said(tab)) == pytest.approx(float(expected[3, 2]), abs=0.00052)


def test_words_sum_keys_and_average_queries(open_file: Open, trace: Trace) -> None:
    pattern = trace.attention["cross"][1].pattern[2].astype(np.float64)
    rows = [[0], [1], [2], [3], [4, 5], [6], [7], [8]]  # <bos> le chat <b> improbable ...
    columns = [[0], [1], [2], [3, 4], [5], [6], [7]]
    expected = np.array([[pattern[np.ix_(r, c)].sum(1).mean() for c in columns] for r in rows])
    tab = open_file(address="#kind=cross&layer=1&head=2&u=words")
    for row, column in [(4, 3), (1, 3), (4, 1)]:
        hover_cell(tab, row, column)
        assert value_said(said(tab)) == pytest.approx(float(expected[row, column]), abs=0.00055)
    hover_cell(tab, 4, 3)
    assert 'from "improbable" (row 4) to "unlikely" (column 3)' in said(tab)
    assert "keys are summed" in tab.locator(".caption").inner_text()


def test_hidden_special_tokens_say_what_they_took(open_file: Open, trace: Trace) -> None:
    pattern = trace.attention["cross"][1].pattern[2]
    lost = pattern[1:, 7]  # the column of <eos>, from every row but <bos>
    tab = open_file(address="#kind=cross&layer=1&head=2&sp=hidden")
    hover_cell(tab, 0, 0)
    assert 'from "le" (row 0) to "the" (column 0)' in said(tab)
    assert value_said(said(tab)) == pytest.approx(float(pattern[1, 0]), abs=0.00052)
    note = tab.locator(".caption").inner_text()
    assert f"take {lost.mean():.3f} of a row on average, at most {lost.max():.3f}" in note


def test_rows_can_be_named_by_what_a_step_writes(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2&r=writes")
    hover_cell(tab, 0, 0)
    assert 'from "le" (row 0)' in said(tab)
    press(tab, "r")
    hover_cell(tab, 0, 0)
    assert 'from "<bos>" (row 0)' in said(tab)


def test_token_and_row_labels_light_a_whole_row(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=encoder_self&layer=0&head=1")
    tab.locator(".strip").nth(0).locator(".token").nth(2).hover()
    best = int(trace.attention["encoder_self"][0].pattern[1, 2].argmax())
    weight = trace.attention["encoder_self"][0].pattern[1, 2, best]
    surface = trace.src.surface(best)
    assert f'from "<script>" (row 2) most to "{surface}" (column {best}) {weight:.3f}' in said(tab)
    style = tab.locator(".thumbs").get_attribute("style") or ""
    assert "--row: 0.25" in style, "row 2 of 8 is lit in every thumbnail"
    assert tab.locator(".token.from").all_inner_texts() == ["<script>"]


def test_lines_answer_to_the_pointer(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2")
    area = tab.locator(".lines .stage").bounding_box()
    assert area is not None
    tab.mouse.move(area["x"] + 8, area["y"] + area["height"] / 2)
    assert re.search(r'from ".*" \(row \d\) most to', said(tab))
    assert tab.locator(".heatmap .row-tag").is_visible()


def test_blocks_of_the_map_and_thumbnails_select(open_file: Open) -> None:
    tab = open_file()
    tab.get_by_role("button", name="Encoder self-attention, layer 2").click()
    assert [lens_data(tab, n) for n in ("kind", "layer")] == ["encoder_self", "2"]
    assert tab.locator(".map [aria-pressed=true] title").text_content() == (
        "Encoder self-attention, layer 2"
    )
    tab.get_by_role("button", name="Layer 1, head 3").click()
    assert [lens_data(tab, n) for n in ("layer", "head")] == ["1", "3"]


@pytest.mark.parametrize("measure", ["entropy", "diagonal", "first"])
def test_the_overview_sorts_by_real_measures(open_file: Open, trace: Trace, measure: str) -> None:
    tab = open_file(address=f"#kind=encoder_self&so={measure}")
    labels = tab.locator(".thumb .name").all_inner_texts()
    shown = [re.fullmatch(r"L(\d) H(\d)\n(\d\.\d{3})", label) for label in labels]
    assert all(shown)
    assert len(shown) == 12
    values = []
    for match in shown:
        assert match is not None
        pattern = trace.attention["encoder_self"][int(match[1])].pattern[int(match[2])]
        safe = np.where(pattern > 0, pattern, 1)
        expected = {
            "entropy": -(pattern * np.log(safe)).sum(-1).mean(),
            "diagonal": np.diag(pattern).mean(),
            "first": pattern[:, 0].mean(),
        }[measure]
        assert float(match[3]) == pytest.approx(float(expected), abs=0.0011)
        values.append(float(match[3]))
    assert values == sorted(values, reverse=measure != "entropy")


def test_the_selected_head_is_summed_up(open_file: Open, trace: Trace) -> None:
    pattern = trace.attention["cross"][1].pattern[2]
    row, column = np.unravel_index(pattern.argmax(), pattern.shape)
    tab = open_file(address="#kind=cross&layer=1&head=2")
    summary = tab.locator(".summary[aria-live=polite]")
    summary.get_by_text("strongest cell").wait_for()
    assert f"takes {pattern.max(-1).mean():.3f} of a row on average" in summary.inner_text()
    assert f"(row {row})" in summary.inner_text()
    assert f"(column {column}) with {pattern.max():.3f}" in summary.inner_text()


def test_two_traces_share_pointer_and_say_their_difference(
    open_file: Open, trace: Trace, second: Trace
) -> None:
    tab = open_file(compare=second, address="#kind=cross&layer=0&head=1")
    first, other = (t.attention["cross"][0].pattern[1, 2, 1] for t in (trace, second))
    hover_cell(tab, 2, 1, nth=1)
    assert value_said(said(tab)) == pytest.approx(float(first), abs=0.00052)
    more = tab.locator(".readout .more").inner_text()
    assert f'to "dog" (column 1): {other:.3f}' in more
    change = f"{other - first:+.3f}".replace("-", "−")
    assert f"Second minus first: {change}" in more
    assert tab.locator(".difference .cells").is_visible()


def test_no_difference_where_token_counts_disagree(open_file: Open) -> None:
    tab = open_file(compare=build_trace(["a"], ["b"], seed=2))
    assert tab.locator(".heatmap .cells").count() == 3
    assert tab.locator(".difference").is_hidden()


def test_text_that_looks_like_markup_stays_text(open_file: Open) -> None:
    hostile = build_trace(["<img src=x onerror=alert(1)>", "</script><b>hi"], ["<i>", "&amp;"])
    tab = open_file(shown=hostile)
    assert tab.locator("img, [data-testid=lens] b, [data-testid=lens] i").count() == 0
    tokens = tab.locator(".strip").nth(0).locator(".token").all_inner_texts()
    assert tokens == ["<img src=x onerror=alert(1)>", "</script><b>hi", "<eos>"]


def test_the_csv_holds_the_numbers(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=decoder_self&layer=1&head=2")
    tab.get_by_text("Save", exact=True).click()
    with tab.expect_download() as started:
        tab.get_by_role("button", name="Head as CSV").click()
    assert started.value.suggested_filename == "headlight-decoder_self-L1-H2-head.csv"
    rows = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8"))))
    record = trace.attention["decoder_self"][1]
    assert len(rows) == record.mask.size
    for cell in rows:
        at = (int(cell["row"]), int(cell["column"]))
        assert float(cell["value"]) == pytest.approx(float(record.pattern[2][at]), abs=1e-5)
        assert (cell["may_attend"] == "true") == bool(record.mask[at])
        assert cell["from"] == trace.tgt_in.pieces[at[0]]


@pytest.mark.parametrize(
    ("button", "start"),
    [
        ("Head as PNG", b"\x89PNG"),
        ("Overview as PNG", b"\x89PNG"),
        ("Head as SVG", b"<svg"),
        ("Overview as SVG", b"<svg"),
    ],
)
def test_pictures_can_be_taken_along(open_file: Open, button: str, start: bytes) -> None:
    tab = open_file(address="#kind=decoder_self&layer=1&head=2")
    tab.get_by_text("Save", exact=True).click()
    with tab.expect_download() as started:
        tab.get_by_role("button", name=button).click()
    content = Path(started.value.path()).read_bytes()
    assert content.startswith(start)
    assert len(content) > 2000
    if button == "Head as SVG":
        assert "decoder_self" not in content.decode()
        assert "Decoder self-attention, layer 1, head 2" in content.decode()
        assert content.decode().count("&lt;b&gt;") == 2, "the token <b>, as row and as column"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ramp_goes_from_the_page_to_the_full_colour(open_file: Open, scheme: str) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2", color_scheme=scheme)
    style = tab.locator(".heatmap .ramp").first.evaluate("e => getComputedStyle(e).backgroundImage")
    colours = [tuple(map(int, m)) for m in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", style)]
    page_colour = theme.DARK if scheme == "dark" else theme.LIGHT
    assert colours[0] == rgb(page_colour)
    assert colours[-1] == rgb(theme.KIND_COLOURS["cross"])
    luminance = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in colours]
    steps = np.diff(luminance)
    assert (steps > 0).all() if scheme == "dark" else (steps < 0).all()


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_wider_than_the_page(open_file: Open, width: int) -> None:
    tab = open_file(viewport={"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    canvas = tab.locator(".heatmap .cells").bounding_box()
    assert canvas is not None
    assert canvas["x"] >= 0
    assert canvas["x"] + canvas["width"] <= width


def test_labels_thin_out_and_nothing_is_clipped_at_256_tokens(open_file: Open) -> None:
    words = [f"w{i}" for i in range(255)]
    tab = open_file(shown=build_trace(words, words, encoder_layers=1, decoder_layers=1, heads=2))
    stage = tab.locator(".heatmap .stage").first
    area = stage.bounding_box()
    assert area is not None
    left, top, cell = (
        float(stage.get_attribute(f"data-{n}") or 0) for n in ("left", "top", "cell")
    )
    assert left + 256 * cell <= area["width"]
    assert top + 256 * cell <= area["height"] + 1
    hover_cell(tab, 200, 100)
    assert '(row 200) to "w100" (column 100)' in said(tab)


def test_help_and_presenter_open_and_close_by_keys(open_file: Open) -> None:
    tab = open_file()
    press(tab, "?")
    dialog = tab.get_by_role("dialog", name="Keyboard help")
    assert dialog.is_visible()
    tab.keyboard.press("Escape")
    assert dialog.is_hidden()
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    before = tab.locator("[data-testid=lens]").evaluate(size)
    press(tab, "p")
    assert tab.locator("[data-testid=lens]").evaluate(size) >= before * 1.4
    assert tab.get_by_label("previous layer").is_hidden()


def test_presenting_and_a_pinned_cell_stand_in_the_address(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=0&head=1&present=1&pin=2-1")
    assert tab.get_by_role("button", name="End presenting").is_visible()
    assert "(row 2) to" in said(tab)
    assert tab.locator(".outline.pinned").is_visible()
    press(tab, "Escape", "Escape")
    assert tab.get_by_role("button", name="Present", exact=True).is_visible()


def test_a_file_has_no_second_sentence_to_ask_for(open_file: Open) -> None:
    tab = open_file()
    assert tab.locator("summary", has_text="Compare").is_hidden()
    assert tab.get_by_text("Copy link").count() == 0


def test_pieces_of_a_word_show_their_joint(open_file: Open) -> None:
    marked = build_trace(["▁the", "▁un|likely"], ["▁le", "▁chat", "▁"])
    pieces = tuple(piece.replace("##", "") for piece in marked.src.pieces)
    marked = dataclasses.replace(marked, src=dataclasses.replace(marked.src, pieces=pieces))
    tab = open_file(shown=marked)
    strips = tab.locator(".strip")
    assert strips.nth(0).locator(".token").all_inner_texts() == ["the", "un", "‑likely", "<eos>"]
    assert strips.nth(1).locator(".token").all_inner_texts() == ["le", "chat", "·", "<eos>"]


def test_motion_can_be_left_out(open_file: Open) -> None:
    duration = "e => getComputedStyle(e).transitionDuration"
    for wish, expected in (("no-preference", "0.12s"), ("reduce", "0s")):
        tab = open_file(reduced_motion=wish)
        button = tab.get_by_role("button", name="Present", exact=True)
        assert button.evaluate(duration).split(",")[0] == expected


def test_a_notebook_shows_the_lens_offline(chromium: Browser, trace: Trace) -> None:
    tab = chromium.new_context(offline=True).new_page()
    selection = {"kind": "encoder_self", "layer": 2, "head": 1, "u": "words"}
    tab.set_content(html(trace, selection=selection)._repr_html_())
    lens = tab.frame_locator("iframe").get_by_test_id("lens")
    lens.wait_for()
    assert lens.get_attribute("data-output") == trace.output_text
    assert lens.get_attribute("data-head") == "1"
    assert "keys are summed" in lens.locator(".caption").inner_text()
    tab.context.close()


def test_a_notebook_gets_a_frame_of_its_own(trace: Trace) -> None:
    shown = html(trace, height=500)._repr_html_()
    assert shown.startswith("<iframe")
    assert "height:500px" in shown
    assert "<script" not in shown, "the page is escaped inside srcdoc"
