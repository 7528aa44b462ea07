"""Questions that a teacher makes of what is on screen: cells, a head, a token, a number, a word.

Where the model has a number that answers them, that is the truth. Where it has none, the class
votes, or the teacher says what is right.
"""

from __future__ import annotations

from dataclasses import dataclass

from headlight.model import Trace
from headlight.model.run.arrays import Array

from ..labels import head_name, row_phrase, token_names, token_noun
from .base import Plain
from .parts import choice_question, gallery_picture, map_picture, notes
from .tokens import MAX_DRAWN, around, columns, cut, numbers, rows

Cell = tuple[int, int]
Made = tuple[Plain, Plain, str | None]
"""Picture, question, and the kind of attention whose colour they have."""
MAX_CELLS = 5
NOTHING: Plain = {"type": "none"}


@dataclass(frozen=True)
class Form:
    """One kind of question: its name, and what its truth is."""

    label: str
    says: str


FORMS = {
    "cells": Form("Cells", f"Up to {MAX_CELLS} cells of the head on screen; truth: its weights."),
    "head": Form("A head", "A vote over all heads of the kind on screen."),
    "token": Form(
        "A token",
        "One column of the map; with a pinned cell, truth: the weights of its row.",
    ),
    "number": Form("A number", "Truth: the weight of the pinned cell, or the number you give."),
    "word": Form("A word", "Truth: the word you give, if you give one."),
}


def free_question(
    form: str,
    ask: str,
    truth: str,
    trace: Trace,
    kind: str,
    layer: int,
    head: int,
    cell: Cell | None,
) -> Made:
    """The picture and the question.

    Args:
        form: one of `FORMS`.
        ask: the teacher's own words; "" for the usual ones.
        truth: what the teacher says is right; "" for nothing.
        trace, kind, layer, head: what is on screen.
        cell: the pinned row and column; None for none.

    Raises:
        ValueError: it cannot be asked like this.
    """
    name = f"{kind.replace('_', ' ')} {head_name(layer, head)}"
    pattern = trace.attention[kind][layer].pattern[head]
    match form:
        case "cells":
            usual = f"Which cells of {name} are the strongest? Choose up to {MAX_CELLS}."
            return NOTHING, _cells(ask or usual, trace, kind, pattern), kind
        case "head":
            layers = range(trace.n_layers(kind))
            names = [head_name(i, h) for i in layers for h in range(trace.heads(kind))]
            question = _vote(ask or "Which head would you look at first?", names, "head")
            return gallery_picture(trace, kind, list(layers)), question, kind
        case "token":
            return _token(ask, trace, kind, layer, head, cell)
        case "number":
            return _number(ask, truth, trace, kind, name, pattern, cell)
    if not ask:
        raise ValueError("Type the question first: what word is looked for?")
    word = " ".join(truth.split())
    return NOTHING, {"type": "word", "ask": ask, **({"truth": word} if word else {})}, None


def _cells(ask: str, trace: Trace, kind: str, pattern: Array) -> Plain:
    record = trace.attention[kind][0]
    return {
        "type": "pick",
        "ask": ask,
        "most": MAX_CELLS,
        "rows": rows(trace, kind),
        "columns": columns(trace, kind),
        "may": record.mask[:MAX_DRAWN, :MAX_DRAWN].astype(int).tolist(),
        "weights": numbers(pattern[:MAX_DRAWN, :MAX_DRAWN]),
        "note": notes(cut(trace.queries(kind), "rows"), cut(trace.keys(kind), "columns")),
    }


def _token(ask: str, trace: Trace, kind: str, layer: int, head: int, cell: Cell | None) -> Made:
    keys = trace.keys(kind)
    names, what = token_names(keys), token_noun(keys)
    if cell is None or cell[0] >= MAX_DRAWN:
        labels = names[:MAX_DRAWN]
        return NOTHING, _vote(ask or f"Which {what} would you look at?", labels, what), kind
    row = cell[0]
    weights = trace.attention[kind][layer].pattern[head, row]
    part = around(weights)
    question = choice_question(
        names[part],
        weights[part],
        ask or f"{row_phrase(trace, kind, row)}: which {what} has the largest weight?",
        "attention weight",
        what=what,
    )
    return map_picture(trace, kind, layer, head, [row]), question, kind


def _number(
    ask: str, truth: str, trace: Trace, kind: str, name: str, pattern: Array, cell: Cell | None
) -> Made:
    if truth.strip():
        try:
            said = float(truth.replace(",", "."))
        except ValueError:
            raise ValueError(f"“{truth}” is not a number: give one, or leave it empty.") from None
        if not abs(said) <= 1e9:
            raise ValueError("Give a number up to 1,000,000,000.")
        if not ask:
            raise ValueError("Type the question first: what number is looked for?")
        scale = max(1.0, abs(said))
        return NOTHING, {"type": "number", "ask": ask, "truth": said, "scale": scale}, None
    if cell is None:
        if not ask:
            raise ValueError("Pin a cell of the map, or type a question.")
        return NOTHING, {"type": "number", "ask": ask, "scale": 1.0}, None
    column = token_names(trace.keys(kind))[cell[1]]
    usual = f"{row_phrase(trace, kind, cell[0])}: how large is the weight on “{column}” in {name}?"
    question = {
        "type": "number",
        "ask": ask or usual,
        "help": "" if ask else "A weight is between 0 and 1.",
        "truth": numbers([float(pattern[cell])])[0],
        "scale": 1.0,
    }
    return NOTHING, question, kind


def _vote(ask: str, labels: list[str], what: str) -> Plain:
    """A choice without a right answer."""
    return {
        "type": "choice",
        "ask": ask,
        "labels": labels,
        "values": [],
        "best": [],
        "unit": "",
        "what": what,
        "said": "",
        "why": [],
        "low": 0.0,
        "high": 1.0,
    }
