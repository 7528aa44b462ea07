"""Drawings as texts that links carry: what `viz/web/pad/ink.js` writes is what is read."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model.run import ink

TEXT = "ink.BAAZg5g5g5.B_AZ5g6g5gT-U9T-"
"""A line down at x = 0.5 and a hook beside it, as `tests/web/ink.test.js` writes them."""


def test_strokes_are_those_that_were_drawn() -> None:
    line, hook = ink.strokes(TEXT)
    assert line[0] == pytest.approx((0.5, 0.2), abs=0.005)
    assert line[-1] == pytest.approx((0.5, 0.785), abs=0.005)
    assert hook[0] == pytest.approx((1.0, 0.2), abs=0.005)
    assert any(point == pytest.approx((1.6, 0.2), abs=0.01) for point in hook)
    assert hook[-1] == pytest.approx((1.3, 0.9), abs=0.01)


def test_the_picture_is_a_strip_with_ink_where_the_strokes_are() -> None:
    pixels = ink.picture(TEXT).pixels
    inked = np.flatnonzero((pixels > 128).any(1))
    assert pixels.shape[0] == 28
    assert inked[-1] - inked[0] + 1 == pytest.approx(20, abs=2)
    columns = (pixels > 128).any(0)
    gap = int(np.flatnonzero(~np.asarray(columns)[int(columns.argmax()) :])[0])
    assert 1 <= gap <= 4  # the line is as wide as its pen: 0.085 of a height that has 25 rows
    assert np.array_equal(pixels, ink.picture(TEXT).pixels)


@pytest.mark.parametrize("text", ["ink.", "ink.AA", "ink.BAAZg", "ink.B*AZ", "ink.AAAAAA", "3 1 4"])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read from the link"):
        ink.picture(text)
