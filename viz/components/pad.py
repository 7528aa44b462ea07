"""The drawing pad: what was drawn on it, as the text that links carry."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from headlight.model.run import ink

from .static import loader

_COMPONENT = st.components.v2.component("headlight_pad", js=loader("pad"))

HELP = "Finger, pen or mouse; Ctrl+Z takes the last stroke back."


def pad(*, key: str, text: str, clear: int, on_draw: Callable[[], None]) -> None:
    """Mount the pad.

    Args:
        key: fixed for as long as the pad is to keep its strokes.
        text: what is read now; a drawing that a link brought is shown on the pad.
        clear: another number empties it.
        on_draw: called after each stroke, and when one is taken back; `drawn` has the drawing.
    """
    data = {
        "key": key,
        "clear": clear,
        "ink": text if text.startswith(ink.HEAD) else "",
        "help": HELP,
    }
    _COMPONENT(key=key, data=data, on_drawing_change=on_draw)


def drawn(key: str) -> str:
    """The drawing as a text (`model.run.ink`); empty where the pad is empty."""
    drawing = (st.session_state.get(key) or {}).get("drawing")
    return drawing if isinstance(drawing, str) and drawing.startswith(ink.HEAD) else ""
