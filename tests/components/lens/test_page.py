"""The single HTML file in a real Chromium, from disk: what it says are the trace's own numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headlight.model.run.trace import Trace
from tests.components.lens.hands import Open, hover_cell, lens_data, press, said, value_said
from tests.components.lens.synthetic import build_trace

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("row", "column"), [(0, 0), (2, 1), (5, 3), (8, 7)])
def test_a_hovered_cell_says_the_traces_own_number(
    open_file: Open, trace: Trace, row: int, column: int
) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2")
    hover_cell(tab, row, column)
    weights = trace.attention["cross"][1].pattern[2, row]
    rank = 1 + int((weights > weights[column]).sum())
    read, written = trace.tgt_in.surface(row), trace.tgt_out.surface(row)
    end = trace.src.surface(column)
    assert said(tab) == (
        f"Cross L1 H2 · after “{read}”, about to write “{written}”, "
        f"this head reads “{end}”: {weights[column]:.3f} "
        f"(row {row}, column {column}, rank {rank} of {len(weights)})"
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
    assert "(row 5, column 5" in said(tab)
    tab.mouse.move(2, 2)
    assert "point at a cell" in said(tab)


def test_masked_cells_say_so(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=decoder_self&layer=1&head=0")
    hover_cell(tab, 2, 5)
    assert said(tab).endswith("“bable” is masked, not written yet (row 2, column 5)")
    hover_cell(tab, 2, 2)
    assert said(tab).endswith("of 3)"), "a rank counts only what may be attended"


def test_masked_cells_say_so_where_rows_go_by_what_is_written(open_file: Open) -> None:
    tab = open_file(address="#kind=decoder_self&layer=1&head=0&sp=hidden&r=writes")
    hover_cell(tab, 2, 2)
    assert said(tab).endswith("is masked, not written yet (row 2, column 2)")


def test_scores_before_and_after_the_mask(open_file: Open, trace: Trace) -> None:
    raw = trace.attention["decoder_self"][1].raw_scores[3]
    tab = open_file(address="#kind=decoder_self&layer=1&head=3&m=raw")
    hover_cell(tab, 2, 5)
    assert value_said(said(tab)) == pytest.approx(float(raw[2, 5]), abs=0.00051)
    press(tab, "m")
    hover_cell(tab, 2, 6)
    assert "masked, not written yet" in said(tab)
    hover_cell(tab, 4, 1)
    assert value_said(said(tab)) == pytest.approx(float(raw[4, 1]), abs=0.00051)


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
    assert said(tab).startswith(f"Cross L1, {how} over heads · ")
    assert value_said(said(tab)) == pytest.approx(float(expected[3, 2]), abs=0.00052)


def test_the_largest_head_of_a_word_is_one_heads_sum(open_file: Open, trace: Trace) -> None:
    patterns = trace.attention["cross"][1].pattern.astype(np.float64)
    best = patterns[:, 3:5, 3:5].sum(-1).mean(-1).max()  # from “improbable” to “unlikely”
    wrong = patterns.max(0)[3:5, 3:5].sum(-1).mean()
    assert wrong > best + 0.01, "the maximum of each cell alone would be no head's"
    tab = open_file(address="#kind=cross&layer=1&h=max&u=words")
    hover_cell(tab, 3, 3)
    assert value_said(said(tab)) == pytest.approx(float(best), abs=0.00055)
    taken = patterns[:, :-1, 7].max(0)  # by <eos>, from every row but the one that writes it
    tab = open_file(address="#kind=cross&layer=1&h=max&sp=hidden")
    note = tab.locator(".caption").inner_text()
    assert f"take {taken.mean():.3f} of a row on average, at most {taken.max():.3f}" in note


def test_words_sum_keys_and_average_queries(open_file: Open, trace: Trace) -> None:
    pattern = trace.attention["cross"][1].pattern[2].astype(np.float64)
    rows = [[0], [1], [2], [3, 4], [5], [6], [7], [8]]  # writing le chat <b> improbable ...
    columns = [[0], [1], [2], [3, 4], [5], [6], [7]]
    expected = np.array([[pattern[np.ix_(r, c)].sum(1).mean() for c in columns] for r in rows])
    tab = open_file(address="#kind=cross&layer=1&head=2&u=words")
    for row, column in [(3, 3), (1, 3), (3, 1)]:
        hover_cell(tab, row, column)
        assert value_said(said(tab)) == pytest.approx(float(expected[row, column]), abs=0.00055)
    hover_cell(tab, 3, 3)
    assert "after “<b>”, about to write “improbable”, this head reads “unlikely”" in said(tab)
    assert "keys are summed" in tab.locator(".caption").inner_text()


def test_hidden_special_tokens_say_what_they_took(open_file: Open, trace: Trace) -> None:
    pattern = trace.attention["cross"][1].pattern[2]
    lost = pattern[:-1, 7]  # the column of <eos>, from every row but the one that writes it
    tab = open_file(address="#kind=cross&layer=1&head=2&sp=hidden")
    hover_cell(tab, 0, 0)
    assert "after “<bos>”, about to write “le”, this head reads “the”" in said(tab)
    assert value_said(said(tab)) == pytest.approx(float(pattern[0, 0]), abs=0.00052)
    note = tab.locator(".caption").inner_text()
    assert f"take {lost.mean():.3f} of a row on average, at most {lost.max():.3f}" in note


def test_rows_can_be_named_by_one_of_their_tokens(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2&r=reads")
    hover_cell(tab, 0, 0)
    assert "· after “<bos>”, this head reads “the”" in said(tab)
    press(tab, "r")
    hover_cell(tab, 0, 0)
    assert "· about to write “le”, this head reads “the”" in said(tab)
    press(tab, "r")
    hover_cell(tab, 0, 0)
    assert tab.locator(".row-tag").inner_text() == "<bos> → le"


def test_token_and_row_labels_light_a_whole_row(open_file: Open, trace: Trace) -> None:
    tab = open_file(address="#kind=encoder_self&layer=0&head=1")
    tab.locator(".strip").nth(0).locator(".token").nth(2).hover()
    best = int(trace.attention["encoder_self"][0].pattern[1, 2].argmax())
    weight = trace.attention["encoder_self"][0].pattern[1, 2, best]
    surface = trace.src.surface(best)
    assert (
        f"from “<script>” (row 2), this head reads most: “{surface}” {weight:.3f} (column {best})"
        in said(tab)
    )
    style = tab.locator(".thumbs").get_attribute("style") or ""
    assert "--row: 0.25" in style, "row 2 of 8 is lit in every thumbnail"
    assert tab.locator(".token.from").all_inner_texts() == ["<script>"]


def test_lines_answer_to_the_pointer(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2")
    area = tab.locator(".lines .stage").bounding_box()
    assert area is not None
    tab.mouse.move(area["x"] + 8, area["y"] + area["height"] / 2)
    assert re.search(
        r"after “.*”, about to write “.*” \(row \d\), this head reads most: ", said(tab)
    )
    assert tab.locator(".heatmap .row-tag").is_visible()


def test_blocks_of_the_map_and_thumbnails_select(open_file: Open) -> None:
    tab = open_file()
    tab.get_by_role("button", name="Encoder self-attention, layer 2").click()
    assert [lens_data(tab, n) for n in ("kind", "layer")] == ["encoder_self", "2"]
    assert tab.locator(".map [aria-pressed=true] title").text_content() == (
        "Encoder self-attention, layer 2"
    )
    tab.get_by_role("button", name="L1 H3").click()
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
    summary = tab.locator(".summary")
    summary.get_by_text("strongest cell").wait_for()
    largest = f"the largest weight of a row is {pattern.max(-1).mean():.3f} on average"
    assert largest in summary.inner_text()
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
    assert f"this head reads “dog”: {other:.3f} (row 2, column 1" in more
    change = f"{other - first:+.3f}".replace("-", "−")
    assert f"Second minus first: {change}" in more
    assert tab.locator(".difference .cells").is_visible()


def test_the_scale_of_a_comparison_is_the_one_that_is_named(open_file: Open, second: Trace) -> None:
    at = "#kind=decoder_self&layer=0&head=1"
    for scale, names in (
        ("fixed", ["fixed scale, 0 to 1", "fixed scale, −1 to 1"]),
        ("head", ["one scale for both", "scale of this picture"]),
    ):
        shown = (
            open_file(compare=second, address=f"{at}&sc={scale}").locator(".panels").inner_text()
        )
        for name, times in zip(names, (2, 1), strict=True):
            assert shown.count(name) == times, shown


def test_no_difference_where_token_counts_disagree(open_file: Open) -> None:
    tab = open_file(compare=build_trace(["a"], ["b"], seed=2))
    assert tab.locator(".heatmap .cells").count() == 3
    assert tab.locator(".difference").is_hidden()
