"""The pruning chart as plotly lays it out, at the widths that the page gives it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from headlight.model.analysis.interventions.pruning import ALL, Curve, Pruning
from headlight.viz.figures.pruning import pruning_curves

WIDTHS = (340, 480, 640)


@pytest.fixture(scope="module")
def charts(browser: Browser) -> Page:
    """One chart under the other, each as wide as `WIDTHS` says."""
    heads = tuple(("cross", 0, head) for head in range(3))
    kinds = ("encoder_self", "decoder_self", "cross", ALL)
    numbers = (1.0, 1.5, 2.0, 9.0)
    curves = tuple(Curve(kind, "sensitivity", heads, numbers, numbers) for kind in kinds)
    figure = pruning_curves(Pruning("m", "0", "two lines", "BLEU", curves), what="quality")
    drawn = [
        figure.to_html(full_html=False, include_plotlyjs=i == 0, default_width=f"{width}px")
        for i, width in enumerate(WIDTHS)
    ]
    page = browser.new_page()
    page.set_content("".join(drawn))
    expect(page.locator(".legend .traces")).to_have_count(4 * len(WIDTHS))
    return page


@pytest.mark.parametrize("chart", range(len(WIDTHS)), ids=map(str, WIDTHS))
def test_two_names_stand_in_each_of_two_rows_above_the_curves(charts: Page, chart: int) -> None:
    whole = charts.locator(".js-plotly-plot").nth(chart)
    boxes = [one.bounding_box() for one in whole.locator(".legend .traces").all()]
    plot, around = whole.locator(".nsewdrag").bounding_box(), whole.bounding_box()
    assert plot is not None
    assert around is not None
    lefts, tops, rights, bottoms = zip(
        *((b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]) for b in boxes if b),
        strict=True,
    )
    assert tops[0] == tops[1] < tops[2] == tops[3]
    assert lefts[0] == lefts[2] < lefts[1] == lefts[3]
    assert rights[0] <= lefts[1] + 1, "no name over the next"
    assert max(rights) <= around["x"] + around["width"] + 1
    assert max(bottoms) <= plot["y"] + 1
