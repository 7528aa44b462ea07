"""Pages that mark changed tokens by a colour say what the colour means; so of the two losses."""

from __future__ import annotations

from typing import Any

import pytest

import headlight
from headlight.model.analysis.interventions.ablation import differing
from tests.viz.page import run


def words(tester: Any) -> str:
    return " ".join(element.value for element in (*tester.markdown, *tester.caption))


def test_broken_tokens_are_marked_as_the_page_says() -> None:
    said = words(run("inside", section="break", **{"break": "cross"}))
    loaded = headlight.load("reverse")
    whole = loaded.run("h e a d").tgt_out
    broken = loaded.run("h e a d", edits=headlight.Edits(cross_attention=False)).tgt_out
    old, new = differing(whole, broken)
    assert sum(new), "the model writes tokens that it did not write before"
    assert f"{sum(old)} of {len(whole)} tokens gone, {sum(new)} :orange-background[new]" in said


def test_no_mark_is_promised_where_nothing_differs() -> None:
    said = words(run("inside", section="break", **{"break": "scale"}))
    loaded = headlight.load("reverse")
    same = loaded.run("h e a d").tgt_out.ids
    assert loaded.run("h e a d", edits=headlight.Edits(scale=False)).tgt_out.ids == same
    assert "the same tokens" in said
    assert "orange-background" not in said


@pytest.mark.parametrize(("slug", "smoothed"), [("translate-en-fr", True), ("reverse", False)])
def test_the_film_says_whose_loss_is_smoothed(slug: str, smoothed: bool) -> None:
    text = "The black cat sleeps." if smoothed else "a b"
    said = words(run("training", model=slug, text=text))
    assert ("of 0.1, which keeps it well above zero" in said) == smoothed
