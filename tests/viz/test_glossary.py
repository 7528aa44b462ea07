"""The glossary: one list, the same in the docs, and at hand in the page's texts."""

from __future__ import annotations

import re

import pytest

from headlight.model.network.config import KINDS
from headlight.viz import theme
from headlight.viz.glossary import DOCS, TERMS, gloss, glossed, page
from headlight.viz.lessons import LESSONS
from headlight.viz.markdown import plain


def test_the_docs_have_the_same_glossary() -> None:
    assert DOCS.read_text(encoding="utf-8") == page(), "run python -m headlight.viz.glossary"


def test_each_term_stands_once_and_is_explained_in_sentences() -> None:
    marks = [mark.lower() for one in TERMS for mark in one.marks]
    assert len(set(marks)) == len(marks)
    assert len({one.slug for one in TERMS}) == len(TERMS)
    for one in TERMS:
        assert one.gloss[0].isupper(), one.name
        assert one.gloss.endswith("."), one.name
        assert len(one.gloss) <= 200, f"{one.name}: a gloss is read at a glance"
    for kind in KINDS:
        assert gloss(theme.KIND_NAMES[kind].lower())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A query asks.", "A [query](#gloss-query) asks."),
        ("the head, and that head", "the [head](#gloss-head), and that head"),
        ("Cross-attention", "[Cross-attention](#gloss-cross-attention)"),
        ("**alignment error**", "**[alignment error](#gloss-alignment-error)**"),
        ("a dot\nproduct", "a [dot\nproduct](#gloss-dot-product)"),
        (plain("cross-attention, <bos>"), None),
        ("multi-head, “head”, `head`, $head$, [head](/x), ahead", ""),
    ],
)
def test_a_term_is_marked_where_it_stands_first(text: str, said: str | None) -> None:
    if said is None:
        assert re.findall(r"\(#gloss-([\w-]+)\)", glossed(text)) == [
            "cross-attention",
            "special-token",
        ]
    else:
        assert glossed(text) == (said or text)


def test_lessons_have_their_terms_at_hand() -> None:
    for lesson in LESSONS:
        assert "(#gloss-" in glossed(lesson.idea), lesson.slug
