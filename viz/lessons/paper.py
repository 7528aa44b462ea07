"""A lesson's picture on paper, as HTML: with blanks to fill in, or solved.

Letters, numbers and greys only, so that it can be printed and copied.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from headlight.model import Trace

from ..labels import score_name
from ..theme import probability
from .base import Plain, Screen

BLANK = '<td class="blank"></td>'
MAX_MAPS = 24
"""Small maps that fit beside the questions."""


def paper_picture(screen: Screen, trace: Trace, *, solved: bool) -> str:
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
    return f"<p>Attention weights of {say(picture['title'])}</p>{_table(picture, rows)}"


def _scores(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    hidden = () if solved else set(picture["hidden"])
    rows = [
        [BLANK] * len(scores) if i in hidden else [f"<td>{three(x)}</td>" for x in scores]
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
        return f"<p>Attention weights of {say(best['title'])}</p>{_table(picture, rows)}"
    empty = [[BLANK] * len(picture["columns"]) for _ in picture["rows"]]
    small = "".join(
        f"<figure>{_small(one['weights'])}<figcaption>{say(one['title'])}</figcaption></figure>"
        for one in heads[:MAX_MAPS]
    )
    return (
        f"<p>Shade the cells that you expect to be dark.</p>{_table(picture, empty)}"
        f'<p>The heads, dark where much attention goes</p><div class="maps">{small}</div>'
    )


def _softmax(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    columns = picture["columns"]
    scores = "".join(f"<td>{three(x)}</td>" for x in picture["scores"][: len(columns)])
    weights = (
        "".join(_number(w, 1) for w in picture["weights"][: len(columns)])
        if solved
        else BLANK * len(columns)
    )
    head = "".join(f"<th>{say(one['label'])}</th>" for one in columns)
    return (
        f"<table><tr><th></th>{head}</tr><tr><th>score</th>{scores}</tr>"
        f"<tr><th>weight</th>{weights}</tr></table>"
    )


def _mix(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    """One row of weights; what each token adds is asked."""
    weights = picture["weights"][picture["start"]]
    added = screen.question["values"]
    lines = "".join(
        f"<tr><th>{say(one['label'])}</th>{_number(w, 1)}"
        f"{f'<td>{three(a)}</td>' if solved else BLANK}</tr>"
        for one, w, a in zip(picture["columns"], weights, added, strict=False)
    )
    row = say(picture["rows"][picture["start"]]["label"])
    return (
        f"<table><tr><th>Row {row}</th><td>weight</td><td>adds to the sum</td></tr>{lines}</table>"
    )


def _outputs(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    lines = "".join(
        f"<tr><th>{say(row['label'])}</th>"
        + (
            f'<td class="long">{say(" ".join(row["tokens"]))}</td>'
            if solved or not row["hidden"]
            else '<td class="long blank"></td>'
        )
        + "</tr>"
        for row in picture["rows"]
    )
    return f"<table>{lines}</table>"


def _steps(picture: Plain, screen: Screen, trace: Trace, solved: bool) -> str:
    lines = "".join(
        f"<tr><td>{say(step['reads'])}</td>"
        + (
            f"<td>{say(step['writes'])}</td><td>{three(step['p'])}</td>"
            f"<td>{three(step['loss'])}</td>"
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
            + (f'<td class="long">{say(one["name"])}</td>' if solved else '<td class="long blank">')
            + "</tr>"
            for one in reversed(side["blocks"])
        )
        return (
            f"<td><p>{say(side['out'])}</p><table>{blocks}</table><p>{say(side['in'])}</p>"
            f"<b>{say(side['title'])}</b></td>"
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
    names = "".join(f"<th>{say(label)}</th>" for label in picture["labels"])
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


def _table(named: Plain, rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{say(one['label'])}</th>" for one in named["columns"])
    lines = "".join(
        f"<tr><th>{say(one['label'])}</th>{''.join(cells)}</tr>"
        for one, cells in zip(named["rows"], rows, strict=True)
    )
    return f'<table class="map"><tr><th></th>{head}</tr>{lines}</table>'


def _number(weight: float, open_: int) -> str:
    """A weight on grey of its strength, in ink that can be read there; masked cells are empty."""
    if not open_:
        return '<td class="masked"></td>'
    grey = round(255 - 200 * weight)
    ink = "#fff" if grey < 120 else "#000"
    said = say(probability(weight))
    return f'<td style="background:rgb({grey},{grey},{grey});color:{ink}">{said}</td>'


def _small(weights: Any) -> str:
    """A head as a picture of one pixel a cell."""
    cells = 255 - np.rint(255 * np.clip(np.asarray(weights, float), 0, 1)).astype(np.uint8)
    return _image(cells)


def _image(grey: Any) -> str:
    file = BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{data}">'


def three(value: float) -> str:
    """Three decimals, with the sign that belongs to numbers."""
    return f"{value:z.3f}".replace("-", "−")


def say(text: str) -> str:
    """Text as text, never as HTML."""
    return html.escape(text)
