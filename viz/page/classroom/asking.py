"""Putting a question to the class."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import streamlit as st

from ... import runtime, selection
from ...components.quiz import board
from ..context import RunContext
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
    drawn = runtime.kept(chosen["text"]) is not None
    text = "" if drawn else textwrap.shorten(chosen["text"], ABOUT, placeholder=" …")
    return f"{chosen['model']}: {text}" if text else chosen["model"]


def chosen_place(context: RunContext) -> tuple[str, int, int, tuple[int, int] | None]:
    """Kind, layer and head on screen, and the cell that is pinned, as far as the text has them."""
    chosen, trace = selection.current(), context.trace
    found = runtime.opening(context.model, trace)
    kind = chosen["kind"] if trace.n_layers(chosen["kind"]) else found.kind
    numbers = [int(chosen[name]) if chosen[name].isdecimal() else -1 for name in ("layer", "head")]
    layer, head = numbers
    if not (0 <= layer < trace.n_layers(kind) and 0 <= head < trace.heads(kind)):
        kind, layer, head = found.kind, found.layer, found.head
    row, _, column = (chosen["pin"] or f"{chosen['query']}-{chosen['key']}").partition("-")
    rows, columns = trace.attention[kind][layer].pattern[head].shape
    pinned = row.isdecimal() and column.isdecimal() and int(row) < rows and int(column) < columns
    return kind, layer, head, (int(row), int(column)) if pinned else None
