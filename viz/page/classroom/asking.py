"""Putting a question to the class."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import streamlit as st

from ... import runtime, selection
from ...components.lens.pool import starts as pooled
from ...components.quiz import board
from ..context import RunContext
from ..head_choice import first_head
from .house import store
from .seat import seat

ABOUT = 120
"""Characters of a text that stands above a question on the printed page."""


def offer(
    picture: Mapping[str, Any], question: Mapping[str, Any], kind: str | None, *, game: bool
) -> None:
    """A button that puts the page's question to the class; for its teacher only.

    Args:
        game: a next question can be made by itself.
    """
    here = seat()
    if not here.teaches:
        return
    if here.ask_next:
        here.ask_next = False
        put(picture, question, kind, game=game)
    st.button(
        "Ask the class",
        icon=":material/how_to_vote:",
        key="ask-the-class",
        type="primary",
        on_click=put,
        args=(picture, question, kind),
        kwargs={"game": game},
    )


def put(
    picture: Mapping[str, Any],
    question: Mapping[str, Any],
    kind: str | None,
    *,
    game: bool = False,
) -> None:
    """Put it on the stage now."""
    here = seat()
    try:
        asked = {**board(picture, question, kind), "game": game, "about": _about()}
        store().ask(here.code, asked)
    except ValueError as error:
        here.said = str(error)


def _about() -> str:
    """Model and text, for the page that is printed afterwards; a drawing has no words."""
    chosen = selection.current()
    drawn = runtime.unnamed(chosen["text"])
    text = "" if drawn else textwrap.shorten(chosen["text"], ABOUT, placeholder=" …")
    return f"{chosen['model']}: {text}" if text else chosen["model"]


def chosen_place(context: RunContext) -> tuple[str, int, int, tuple[int, int] | None]:
    """Kind, layer and head on screen, and the cell that is pinned, as far as the text has them."""
    chosen, trace = selection.current(), context.trace
    asked = chosen.chosen("kind")
    kind, layer, head = first_head(
        context, trace, asked if asked and trace.n_layers(asked) else None
    )
    layer = _below(trace.n_layers(kind), chosen["layer"], layer)
    head = _below(trace.heads(kind), chosen["head"], head)
    row, _, column = (chosen["pin"] or f"{chosen['query']}-{chosen['key']}").partition("-")
    rows, columns = trace.attention[kind][layer].pattern[head].shape
    if pooled(trace.src) and kind != "decoder_self":
        rows = 0  # the lens pins groups of positions: no row or column of theirs is meant
    pinned = row.isdecimal() and column.isdecimal() and int(row) < rows and int(column) < columns
    return kind, layer, head, (int(row), int(column)) if pinned else None


def _below(n: int, said: str, usual: int) -> int:
    """A position from 0 to n − 1 as the address says it, else the usual one."""
    return int(said) if said.isdecimal() and int(said) < n else usual
