"""The strip of a given target: one bar a token, of its −log p."""

from __future__ import annotations

import numpy as np

from headlight.viz.figures.surprise import surprise_strip


def test_bars_are_minus_log_p_and_tell_whose_choice_a_token_was() -> None:
    log_probs = np.array([-0.1, -2.5, -0.3])
    figure = surprise_strip(log_probs, ["a", "b", "c"], ["a", "x", "c"], [True, False, True])
    own, other = figure.data
    assert (list(own.x), list(own.y)) == ([0, 2], [0.1, 0.3])
    assert (list(other.x), list(other.y)) == ([1], [2.5])
    assert list(other.text) == ["2.500"]
    assert list(figure.layout.xaxis.ticktext) == ["a", "b<br><i>x</i>", "c"]
