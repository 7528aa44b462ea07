"""What leaves the lens: pictures, a table, the file itself, a notebook's frame."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from headlight.model.run.trace import Trace
from headlight.viz.components.lens import html, page
from tests.components.lens.hands import Open, said
from tests.components.lens.synthetic import build_trace

pytestmark = pytest.mark.browser


def test_a_file_without_scores_says_so(browser: Browser, tmp_path: Path, trace: Trace) -> None:
    file = tmp_path / "small.html"
    file.write_text(page(trace, scores=False), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(f"{file.as_uri()}#m=raw")
    tab.wait_for_selector("[data-testid=lens][data-painted-ms]")
    assert said(tab).startswith("The scores are not in this file")
    tab.close()


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
        read, written = trace.tgt_in.pieces[at[0]], trace.tgt_out.pieces[at[0]]
        assert cell["from"] == f"{read} → {written}"


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
        assert content.decode().count("&lt;b&gt;") == 3, (
            "the token <b>, written and read in a row, and a column"
        )


def test_a_file_has_no_second_sentence_to_ask_for(open_file: Open) -> None:
    tab = open_file()
    assert tab.locator("summary", has_text="Compare").is_hidden()
    assert tab.get_by_text("Copy link").count() == 0


def test_a_notebook_shows_the_lens_offline(browser: Browser, trace: Trace) -> None:
    tab = browser.new_context(offline=True).new_page()
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
