"""A lesson on paper: the sentence, a map to fill in, questions; the answers on a second page.

Made of the same picture and question as the lesson on the screen, as HTML that is shown on paper
only (`viz/page/print.css`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headlight.model import Trace

from ..labels import token_names
from .base import Lesson, Plain, Screen
from .paper import paper_picture, say, three

RULED = '<div class="lines"></div><div class="lines"></div>'


def worksheet(number: int, lesson: Lesson, screen: Screen, trace: Trace, notes: str) -> str:
    """Two pages of HTML.

    Args:
        number: of the lesson, as the course counts.
        trace: the sentence, and what the model made of it.
        notes: the teacher's notes, whose questions are asked.
    """
    title = f"Lesson {number} · {say(lesson.title)}"
    questions = [screen.question["ask"], *asked(notes, number)]
    lines = "".join(f"<li>{say(one)}{RULED}</li>" for one in questions)
    return (
        '<div class="worksheet"><section>'
        f'<h1>{title}</h1><p class="who">Name ____________________________</p>'
        f"{_sentence(trace, screen)}{paper_picture(screen, trace, solved=False)}"
        f"{_options(screen.question)}<ol>{lines}</ol></section>"
        f'<section class="answers"><h1>{title}: answers</h1>'
        f"{_sentence(trace, screen)}{paper_picture(screen, trace, solved=True)}"
        f"{_answers(screen.question)}</section></div>"
    )


def asked(notes: str, number: int) -> list[str]:
    """The questions that the teacher's notes have for a lesson."""
    part = re.search(rf"^## Lesson {number} ·.*?\*\*Ask:\*\*(.*?)\*\*", notes, re.S | re.M)
    if part is None:
        return []
    text = re.sub(r"\?\s*\([^)]*\)", "?", " ".join(part[1].split()))  # answers, in brackets
    return [one.strip() for one in re.findall(r"[^?]*\?", text)]


def _sentence(trace: Trace, screen: Screen) -> str:
    seen = trace.src.source is not None
    read = f"a {trace.src.text}" if seen else " ".join(token_names(trace.src))
    shown = f"<p><b>The model reads</b> {say(read)}</p>"
    if screen.picture["type"] in ("steps", "outputs"):
        return shown  # what it writes is what is asked
    return f"{shown}<p><b>It writes</b> {say(' '.join(token_names(trace.tgt_out)))}</p>"


def _options(question: Plain) -> str:
    """What one chooses from, each with a box to tick; small maps have their names already."""
    if question["type"] != "choice" or question["what"] == "head":
        return ""
    boxes = "".join(f"<li>{say(label)}</li>" for label in question["labels"])
    return f'<ul class="boxes">{boxes}</ul>'


def _answers(question: Plain) -> str:
    """Every option with its number, the right ones in bold, and why; else what is said of it."""
    said = [question.get("said") or ""]
    if question["type"] == "cells":
        return f"<p>{say(said[0])} Grey cells are masked.</p>"
    if "labels" not in question:
        return f"<p>{say(said[0])}</p>"
    right: Sequence[int] = question.get("best", ())
    values = question["truth"] if question["type"] == "row" else question["values"]
    named = [
        f"{say(label)}: {three(value)}"
        for label, value in zip(question["labels"], values, strict=True)
    ]
    items = "".join(
        f"<li><b>{one}</b></li>" if i in right else f"<li>{one}</li>" for i, one in enumerate(named)
    )
    why = question.get("why") or ""
    said.append(why if isinstance(why, str) else (why[right[0]] if right else ""))
    words = " ".join(say(one) for one in said if one)
    unit = say(question.get("unit", "attention weight"))
    asks = f"<p><b>{say(question['ask'])}</b> {words}</p>"
    return f'{asks}<p>{unit}:</p><ul class="inline">{items}</ul>'


__all__ = ["asked", "worksheet"]
