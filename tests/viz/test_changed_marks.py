"""Pages that mark changed tokens by a colour say what the colour means; so of the two losses."""

from __future__ import annotations

from typing import Any

import pytest

import headlight
from tests.viz.page import run


def words(tester: Any) -> str:
    return " ".join(element.value for element in (*tester.markdown, *tester.caption))


def test_broken_tokens_are_marked_as_the_page_says() -> None:
    said = words(run("inside", section="break", **{"break": "cross"}))
    assert ":orange-background[differ, marked like this]" in said
    trace = headlight.load("reverse").run("h e a d", edits=headlight.Edits(cross_attention=False))
    assert f" of {len(trace.tgt_out)} tokens " in said


def test_no_mark_is_promised_where_nothing_differs() -> None:
    said = words(run("inside", section="break", **{"break": "scale"}))
    loaded = headlight.load("reverse")
    same = loaded.run("h e a d").tgt_out.ids
    assert loaded.run("h e a d", edits=headlight.Edits(scale=False)).tgt_out.ids == same
    assert "0 of 5 tokens differ" in said
    assert "orange-background" not in said


@pytest.mark.parametrize(("slug", "smoothed"), [("translate-en-fr", True), ("reverse", False)])
def test_the_film_says_whose_loss_is_smoothed(slug: str, smoothed: bool) -> None:
    text = "The black cat sleeps." if smoothed else "a b"
    said = words(run("training", model=slug, text=text))
    assert ("of 0.1, which keeps it well above zero" in said) == smoothed
