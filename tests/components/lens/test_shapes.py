"""Source and output of very different lengths: pictures that can be read, on the page and saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from headlight.model.run.trace import Trace
from tests.components.lens.hands import Open, cell_box, hover_cell, press, said
from tests.components.lens.synthetic import build_trace

pytestmark = pytest.mark.browser

TALLEST, MOST = 470, 50
"""Height of a picture with many rows, and the longest side of a cell, in pixels."""
SHORTEST = 0.34 * TALLEST
NAME = 0.78 * 13
"""The smallest names of rows and columns, in pixels."""


def made(source: int, output: int) -> Trace:
    """Words enough for so many tokens, and a control token more, on either side."""
    names = [[f"{side}{i}" for i in range(n)] for side, n in (("s", source), ("t", output))]
    return build_trace(*names, encoder_layers=1, decoder_layers=1, heads=2)


def box_of(tab: Page) -> dict[str, float]:
    return cell_box(tab.locator(".heatmap .stage").first)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("source", "output"), [(40, 3), (3, 40), (120, 3), (3, 120)])
def test_no_picture_is_a_strip(open_file: Open, source: int, output: int, width: int) -> None:
    tab = open_file(shown=made(source, output), viewport={"width": width, "height": 900})
    box = box_of(tab)
    rows, columns = output + 1, source + 1
    sides = box["w"] * columns, box["h"] * rows
    assert min(sides) == pytest.approx(SHORTEST, abs=0.1)
    area = tab.locator(".heatmap .stage").first.bounding_box()
    assert area is not None
    assert box["left"] + sides[0] <= area["width"]
    assert sides[1] <= TALLEST + 0.1
    hover_cell(tab, output, source)
    assert f"(row {output}, column {source}, rank" in said(tab)
    for picture in tab.locator(".thumb .picture").all():
        shape = picture.bounding_box()
        assert shape is not None
        assert shape["width"] / shape["height"] == pytest.approx(
            2 if source > output else 0.6, abs=0.02
        )


def test_cells_are_square_where_that_can_be_read(open_file: Open) -> None:
    box = box_of(open_file(shown=made(8, 7)))
    assert box["w"] == box["h"]
    assert 40 < box["w"] <= MOST


def test_rows_that_are_closer_than_their_names_grow_until_each_is_named(open_file: Open) -> None:
    narrow = box_of(open_file(shown=made(30, 32), viewport={"width": 390, "height": 900}))
    assert narrow["w"] < NAME * 1.12
    assert narrow["h"] == pytest.approx(NAME * 1.12, abs=0.001)


def test_nothing_jumps_while_an_output_grows_or_from_kind_to_kind(open_file: Open) -> None:
    """The picture of few rows keeps its height, and all that stands below it its place."""
    shown: list[tuple[float, float]] = []
    for output in (3, 4, 8):
        tab = open_file(shown=made(40, output))
        for key in ("c", "d", "e"):
            press(tab, key)
            figure = tab.locator(".heatmap").first.bounding_box()
            assert figure is not None
            rows = (41 if key == "e" else output + 1) * box_of(tab)["h"]
            shown.append((rows, figure["height"]))
    assert [rows for rows, _ in shown[::3]] == pytest.approx([SHORTEST] * 3, abs=0.1)
    heights = [height for _, height in shown]
    assert max(heights) - min(heights) < 16, "no more than names of columns that are longer"


def test_what_is_painted_stands_where_the_pointer_finds_it(open_file: Open) -> None:
    trace = made(40, 3)
    tab = open_file(shown=trace, address="#kind=cross&layer=0&head=1")
    box = box_of(tab)
    pattern = trace.attention["cross"][0].pattern[1]
    painted = np.array(
        tab.locator(".heatmap .cells").first.evaluate(
            """(canvas, {left, top, w, h, rows, columns}) => {
              const pen = canvas.getContext("2d");
              const red = (x, y) => pen.getImageData(x, y, 1, 1).data[0];
              return Array.from({length: rows}, (_, r) => Array.from({length: columns}, (_, c) =>
                red(left + (c + 0.5) * w, top + (r + 0.3) * h)));
            }""",
            {**box, "rows": 4, "columns": 41},
        )
    )
    by_weight = painted.ravel()[pattern.ravel().argsort()]
    assert (np.diff(by_weight) <= 0).all(), "on a light page more weight is less red"
    assert (painted.argmin(axis=1) == pattern.argmax(axis=1)).all()


@pytest.mark.parametrize(
    ("trace", "address"),
    [
        (made(40, 3), "#kind=cross"),
        (made(3, 120), "#kind=cross&h=mean"),
        (build_trace(["a"], ["b"], heads=1), "#kind=decoder_self&m=masked"),
        (build_trace(["a" * 60], ["b" * 60], heads=1), "#kind=decoder_self&m=raw"),
    ],
    ids=["wide", "tall", "tiny", "long-names"],
)
@pytest.mark.parametrize("button", ["Head as SVG", "Overview as SVG"])
def test_no_text_of_a_saved_picture_is_clipped(
    open_file: Open, trace: Trace, address: str, button: str
) -> None:
    tab = open_file(shown=trace, address=address)
    tab.get_by_text("Save", exact=True).click()
    with tab.expect_download() as started:
        tab.get_by_role("button", name=button).click()
    source = Path(started.value.path()).read_text("utf-8")
    tab.evaluate(
        """source => {
          const picture = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
          document.body.replaceChildren(picture);
        }""",
        source,
    )
    inside = tab.evaluate(
        """() => {
          const whole = document.querySelector("svg").getBoundingClientRect();
          return [...document.querySelectorAll("svg text")].map((text) => {
            const {left, right, top, bottom} = text.getBoundingClientRect();
            const across = left >= whole.left && right <= whole.right;
            return [text.textContent, across && top >= whole.top && bottom <= whole.bottom];
          });
        }"""
    )
    assert len(inside) >= 3
    assert [name for name, fits in inside if not fits] == []
    if button == "Head as SVG" and "cross" in address:
        sides = tab.locator("svg image").evaluate(
            "e => [+e.getAttribute('width'), +e.getAttribute('height')]"
        )
        assert min(sides) == 4 * 36, "the side of few tokens grows here too"
        assert max(sides) == pytest.approx(640, abs=0.1)
