"""How a lesson chooses its head, its row and its bars."""

from __future__ import annotations

import numpy as np
import pytest

import headlight
from headlight.model.run.tokens import Tokens
from headlight.viz.lessons.choose import best, coverage, pick_row, rows_by_interest
from headlight.viz.lessons.context import share_changed
from headlight.viz.lessons.parts import row_question


def test_coverage_of_a_sharp_and_of_a_resting_head() -> None:
    trace = headlight.load("reverse").run("a b c")
    values = coverage(trace, "cross")
    pattern = trace.attention["cross"][0].pattern[0]
    assert np.isclose(values[0, 0], pattern[:, :3].max(axis=0).mean())  # <eos> left out


def test_best_takes_the_first_of_equals_and_never_what_is_not_a_number() -> None:
    assert best(np.array([[np.nan, 0.5], [0.5, 0.2]])) == (0, 1)


def test_rows_worth_asking_about_come_first() -> None:
    trace = headlight.load("reverse").run("a b c d")
    rows = rows_by_interest(trace, "decoder_self", 0, 0)
    assert rows[-1] == 0, "<bos> can look at nothing but itself"
    assert pick_row([3, 1, 2, 0], 0, most=3) == 1, "row 3 is not drawn"
    assert {pick_row([3, 1, 2, 0], turn, most=9) for turn in range(9)} == {3, 1}


def test_a_long_row_ends_in_one_bar_for_all_other_tokens() -> None:
    n = 40
    keys = Tokens("", (5,) * n, ("a",) * n, ((0, 0),) * n, tuple(range(n)), (False,) * n)
    weights = np.arange(n) / np.arange(n).sum()
    question = row_question(weights, keys, np.ones(n, bool), "?", "")
    assert question["labels"][-1] == "all 28 other tokens"
    np.testing.assert_allclose(question["truth"][:-1], weights[28:], atol=1e-6)  # the strongest
    assert np.isclose(question["truth"][-1], weights[:28].sum(), atol=1e-6)
    masked = row_question(weights, keys, np.arange(n) < 3, "?", "")
    assert masked["labels"] == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "axc", 1 / 3), ("ab", "abcd", 0.5), ("a", "b", 1)],
)
def test_share_changed(a: str, b: str, share: float) -> None:
    assert np.isclose(share_changed([*map(ord, a)], [*map(ord, b)]), share)
