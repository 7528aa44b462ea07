"""The printed page: what is right, and that nothing typed is markup."""

from __future__ import annotations

from headlight.viz.room.printed import as_page, right_cells
from headlight.viz.room.records import Answer, Asked, Entry

MAP = {
    "rows": [{"label": "a"}, {"label": "<b>"}],
    "columns": [{"label": "x"}, {"label": "y"}],
    "weights": [[0.9, 0.1], [0.25, 0.75]],
}


def page(question: dict[str, object], *values: object) -> str:
    asked = Asked(1, "revealed", {"question": question, "about": "reverse: <i>a</i>"})
    answers = [Answer(i, value) for i, value in enumerate(values)]
    return as_page("BCDF", [(asked, answers)], [Entry(1, 0, "text", "<script>")])


def test_framed_are_the_heaviest_or_the_masked_cells() -> None:
    assert right_cells({**MAP, "type": "pick", "most": 2}) == {(0, 0), (1, 1)}
    assert right_cells({**MAP, "type": "cells", "mask": [[1, 0], [1, 1]]}) == {(0, 1)}
    printed = page({**MAP, "type": "pick", "ask": "?", "most": 1}, [[0, 0]], [[1, 0]])
    assert '<td class="right" style="background:rgb(0 158 115 / 0.350)">1' in printed
    assert '<td class="right" style="background:rgb(0 158 115 / 0.630)">.90' in printed
    assert "print-color-adjust: exact" in printed, "or printers leave the shades out"


def test_numbers_are_dots_on_a_line_with_the_truth() -> None:
    printed = page({"type": "number", "ask": "?", "scale": 1.0, "truth": 0.7}, 0.25, 0.75)
    assert printed.count("<circle") == 2
    assert 'cx="370.0"' in printed, "10 + 480 × 0.75"
    assert "Middle answer 0.5. Right: 0.7." in printed


def test_shares_of_a_row_are_drawn_on_one_scale() -> None:
    question = {"type": "row", "ask": "?", "labels": ["a", "b"], "truth": [0.8, 0.2]}
    printed = page({**question, "why": "so & so"}, [0.4, 0.6])
    assert '0.400<td><span class="bar " style="width:calc(0.5000 * var(--full))">' in printed
    assert '0.800<td><span class="bar truth" style="width:calc(1.0000 * var(--full))">' in printed
    assert "so &amp; so" in printed


def test_what_was_typed_is_text() -> None:
    printed = page({"type": "word", "ask": "<u>?</u>"}, "<b>x</b>")
    assert "<script" not in printed
    for typed in ("<u>", "<i>", "<b>"):
        assert typed not in printed
    assert "&lt;b&gt;x&lt;/b&gt;<td>1" in printed
