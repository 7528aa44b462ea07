"""Worksheets: what is asked is blank on the first page and answered on the second."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from headlight.viz.lessons import LESSONS
from headlight.viz.lessons.worksheet import asked, worksheet
from tests.viz.test_lessons import scene

NOTES = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")


def pages(number: int, slug: str = "reverse", text: str = "c a b f") -> tuple[str, str]:
    lesson, start = LESSONS[number - 1], scene(slug, text)
    html = worksheet(number, lesson, lesson.build(start), start.trace, NOTES)
    first, second = html.split('<section class="answers">')
    return first, second


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_every_lesson_has_a_sheet_with_blanks_and_its_answers(number: int) -> None:
    first, second = pages(number)
    start = scene("reverse", "c a b f")
    question = LESSONS[number - 1].build(start).question
    assert "<b>The model reads</b> c a b f &lt;eos&gt;" in first
    assert "blank" in first or '<td class="long"></td>' in first
    assert "blank" not in second
    assert f"<li>{escape(question['ask'])}<" in first
    for one in asked(NOTES, number):
        assert f"<li>{escape(one)}<" in first
    for value in (question.get("values") or question.get("truth") or [])[:4]:
        assert f"{value:z.3f}".replace("-", "−") in second


def test_the_row_that_is_asked_for_is_blank_and_the_others_are_a_hint() -> None:
    first, second = pages(6)
    rows = re.findall(r"<tr>(.*?)</tr>", first)
    blanks = [row.count("blank") for row in rows]
    assert sorted(blanks)[-1] == 5, "c a b f <eos>"
    assert sum(n > 0 for n in blanks) == 1
    assert second.count("<td style") == 25


def test_the_notes_answers_are_not_among_the_questions() -> None:
    said = asked(NOTES, 10)
    assert said[1] == "And in training?"
    assert not any("(" in one for one in said)


def test_what_was_typed_is_text() -> None:
    lesson, start = LESSONS[0], scene("translate-en-fr", "A <b>bold</b> cat.")
    html = worksheet(1, lesson, lesson.build(start), start.trace, "")
    assert "<b>bold" not in html


def test_a_lesson_needs_no_picture_and_may_ask_in_a_form_of_its_own() -> None:
    start = scene("reverse", "c a b f")
    screen = LESSONS[0].build(start)
    question = {"type": "tick", "ask": "Was it <sure>?", "said": "Mostly."}
    bare = replace(screen, picture={"type": "none"}, question=question)
    first, second = worksheet(1, LESSONS[0], bare, start.trace, "").split('class="answers"')
    assert "Was it &lt;sure&gt;?" in first
    assert "<table" not in first
    assert "<p>Mostly.</p>" in second
