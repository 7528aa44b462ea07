"""A lesson on paper: the sentence, a map to fill in, questions; the answers on a second page.

Made of the same picture and question as the lesson on the screen, as HTML that is shown on paper
only (`viz/page/print.css`).
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from headlight.model import Trace

from ..labels import score_name, token_names
from .base import Lesson, Plain, Screen

RULED = '<div class="lines"></div><div class="lines"></div>'
BLANK = '<td class="blank"></td>'
MAX_MAPS = 24
"""Small maps that fit beside the questions."""


def worksheet(number: int, lesson: Lesson, screen: Screen, trace: Trace, notes: str) -> str:
    """Two pages of HTML.

    Args:
        number: of the lesson, as the course counts.
        trace: the sentence, and what the model made of it.
        notes: the teacher's notes, whose questions are asked.
    """
    title = f"Lesson {number} · {_say(lesson.title)}"
    questions = [screen.question["ask"], *asked(notes, number)]
    lines = "".join(f"<li>{_say(one)}{RULED}</li>" for one in questions)
    return (
        '<div class="worksheet"><section>'
        f'<h1>{title}</h1><p class="who">Name ____________________________</p>'
        f"{_sentence(trace, screen)}{_picture(screen, trace, solved=False)}"
        f"{_options(screen.question)}<ol>{lines}</ol></section>"
        f'<section class="answers"><h1>{title}: answers</h1>'
        f"{_sentence(trace, screen)}{_picture(screen, trace, solved=True)}"
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
    shown = f"<p><b>The model reads</b> {_say(read)}</p>"
    if screen.picture["type"] in ("steps", "outputs"):
        return shown  # what it writes is what is asked
    return f"{shown}<p><b>It writes</b> {_say(' '.join(token_names(trace.tgt_out)))}</p>"


def _picture(screen: Screen, trace: Trace, *, solved: bool) -> str:
    """What is filled in, or how it looks when it is."""
    if screen.question["type"] == "cells":
        return _cells(screen.question, solved)
    draw = PICTURES.get(screen.picture["type"])
    return "" if draw is None else draw(screen.picture, screen, trace, solved)


def _map(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """The rows that are a hint, and those that are asked for."""
    hidden = () if solved else set(picture["hidden"])
    rows = [
        [_number(w, open_) for w, open_ in zip(weights, mask, strict=True)]
        if i not in hidden
        else [BLANK] * len(weights)
        for i, (weights, mask) in enumerate(zip(picture["weights"], picture["mask"], strict=True))
    ]
    return f"<p>Attention weights of {_say(picture['title'])}</p>{_table(picture, rows)}"


def _scores(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    hidden = () if solved else set(picture["hidden"])
    rows = [
        [BLANK] * len(scores) if i in hidden else [f"<td>{_three(x)}</td>" for x in scores]
        for i, scores in enumerate(picture["scores"])
    ]
    name = score_name(trace.attention["cross"][0])
    return f"<p>Scores {name}</p>{_table(picture, rows)}"


def _gallery(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """An empty map to shade, and all heads small; the answer's head large on the second page."""
    heads = picture["heads"]
    if solved:
        best = heads[screen.question["best"][0]]
        rows = [
            [_number(w, open_) for w, open_ in zip(weights, mask, strict=True)]
            for weights, mask in zip(best["weights"], picture["mask"], strict=True)
        ]
        return f"<p>Attention weights of {_say(best['title'])}</p>{_table(picture, rows)}"
    empty = [[BLANK] * len(picture["columns"]) for _ in picture["rows"]]
    small = "".join(
        f"<figure>{_small(one['weights'])}<figcaption>{_say(one['title'])}</figcaption></figure>"
        for one in heads[:MAX_MAPS]
    )
    return (
        f"<p>Shade the cells that you expect to be dark.</p>{_table(picture, empty)}"
        f'<p>The heads, dark where much attention goes</p><div class="maps">{small}</div>'
    )


def _softmax(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    columns = picture["columns"]
    scores = "".join(f"<td>{_three(x)}</td>" for x in picture["scores"][: len(columns)])
    weights = (
        "".join(_number(w, 1) for w in picture["weights"][: len(columns)])
        if solved
        else BLANK * len(columns)
    )
    head = "".join(f"<th>{_say(one['label'])}</th>" for one in columns)
    return (
        f"<table><tr><th></th>{head}</tr><tr><th>score</th>{scores}</tr>"
        f"<tr><th>weight</th>{weights}</tr></table>"
    )


def _mix(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """One row of weights; what each token adds is asked."""
    weights = picture["weights"][picture["start"]]
    added = screen.question["values"]
    lines = "".join(
        f"<tr><th>{_say(one['label'])}</th>{_number(w, 1)}"
        f"{f'<td>{_three(a)}</td>' if solved else BLANK}</tr>"
        for one, w, a in zip(picture["columns"], weights, added, strict=False)
    )
    row = _say(picture["rows"][picture["start"]]["label"])
    return (
        f"<table><tr><th>Row {row}</th><td>weight</td><td>adds to the sum</td></tr>{lines}</table>"
    )


def _outputs(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    lines = "".join(
        f"<tr><th>{_say(row['label'])}</th>"
        + (
            f'<td class="long">{_say(" ".join(row["tokens"]))}</td>'
            if solved or not row["hidden"]
            else '<td class="long blank"></td>'
        )
        + "</tr>"
        for row in picture["rows"]
    )
    return f"<table>{lines}</table>"


def _steps(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    lines = "".join(
        f"<tr><td>{_say(step['reads'])}</td>"
        + (
            f"<td>{_say(step['writes'])}</td><td>{_three(step['p'])}</td>"
            f"<td>{_three(step['loss'])}</td>"
            if solved or i < picture["hidden"]
            else BLANK * 3
        )
        + "</tr>"
        for i, step in enumerate(picture["steps"])
    )
    return (
        "<table><tr><th>has just read</th><th>writes</th><th>probability</th><th>loss</th></tr>"
        f"{lines}</table>"
    )


def _stacks(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """Both stacks, the top block of each above; the names of the blocks are asked."""

    def stack(side: Plain) -> str:
        blocks = "".join(
            f"<tr><th>L{one['layer']}</th>"
            + (
                f'<td class="long">{_say(one["name"])}</td>'
                if solved
                else '<td class="long blank">'
            )
            + "</tr>"
            for one in reversed(side["blocks"])
        )
        return (
            f"<td><p>{_say(side['out'])}</p><table>{blocks}</table><p>{_say(side['in'])}</p>"
            f"<b>{_say(side['title'])}</b></td>"
        )

    both = stack(picture["encoder"]) + stack(picture["decoder"])
    return (
        "<p>Name the blocks, and draw how the two halves meet.</p>"
        f'<table class="plain"><tr>{both}</tr></table>'
    )


def _source(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """The picture or the spectrogram, and below it its slices with their weights."""
    pixels = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8)
    image = _image(255 - pixels.reshape(picture["height"], picture["width"]))
    names = "".join(f"<th>{_say(label)}</th>" for label in picture["labels"])
    values = screen.question["values"]
    cells = "".join(_number(value, 1) for value in values) if solved else BLANK * len(values)
    return f'<div class="seen">{image}</div><table><tr>{names}</tr><tr>{cells}</tr></table>'


PICTURES: dict[str, Callable[[Plain, Screen, Trace, bool], str]] = {
    "map": _map,
    "dot": _scores,
    "gallery": _gallery,
    "softmax": _softmax,
    "mix": _mix,
    "outputs": _outputs,
    "steps": _steps,
    "stacks": _stacks,
    "source": _source,
}
"""By the type of a lesson's picture; a lesson may have none."""


def _cells(question: Plain, solved: bool) -> str:
    """The map whose masked cells are to be marked."""
    rows = [
        [_number(w, open_) for w, open_ in zip(weights, mask, strict=True)]
        if solved
        else [BLANK] * len(weights)
        for weights, mask in zip(question["weights"], question["mask"], strict=True)
    ]
    return _table(question, rows)


def _options(question: Plain) -> str:
    """What one chooses from, each with a box to tick; small maps have their names already."""
    if question["type"] != "choice" or question["what"] == "head":
        return ""
    boxes = "".join(f"<li>{_say(label)}</li>" for label in question["labels"])
    return f'<ul class="boxes">{boxes}</ul>'


def _answers(question: Plain) -> str:
    """Every option with its number, the right ones in bold, and why; else what is said of it."""
    said = [question.get("said") or ""]
    if question["type"] == "cells":
        return f"<p>{_say(said[0])} Grey cells are masked.</p>"
    if "labels" not in question:
        return f"<p>{_say(said[0])}</p>"
    right: Sequence[int] = question.get("best", ())
    values = question["truth"] if question["type"] == "row" else question["values"]
    named = [
        f"{_say(label)}: {_three(value)}"
        for label, value in zip(question["labels"], values, strict=True)
    ]
    items = "".join(
        f"<li><b>{one}</b></li>" if i in right else f"<li>{one}</li>" for i, one in enumerate(named)
    )
    why = question.get("why") or ""
    said.append(why if isinstance(why, str) else (why[right[0]] if right else ""))
    words = " ".join(_say(one) for one in said if one)
    unit = _say(question.get("unit", "attention weight"))
    asks = f"<p><b>{_say(question['ask'])}</b> {words}</p>"
    return f'{asks}<p>{unit}:</p><ul class="inline">{items}</ul>'


def _table(named: Plain, rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{_say(one['label'])}</th>" for one in named["columns"])
    lines = "".join(
        f"<tr><th>{_say(one['label'])}</th>{''.join(cells)}</tr>"
        for one, cells in zip(named["rows"], rows, strict=True)
    )
    return f'<table class="map"><tr><th></th>{head}</tr>{lines}</table>'


def _number(weight: float, open_: int) -> str:
    """A weight on grey of its strength, in ink that can be read there; masked cells are empty."""
    if not open_:
        return '<td class="masked"></td>'
    grey = round(255 - 200 * weight)
    ink = "#fff" if grey < 120 else "#000"
    return f'<td style="background:rgb({grey},{grey},{grey});color:{ink}">{_three(weight)}</td>'


def _small(weights: Any) -> str:
    """A head as a picture of one pixel a cell."""
    cells = 255 - np.rint(255 * np.clip(np.asarray(weights, float), 0, 1)).astype(np.uint8)
    return _image(cells)


def _image(grey: Any) -> str:
    file = BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{data}">'


def _three(value: float) -> str:
    return f"{value:z.3f}".replace("-", "−")


def _say(text: str) -> str:
    return html.escape(text)


__all__ = ["asked", "worksheet"]
