"""The class on the page: code, question, votes, wall. One part for teacher and pupil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from .static import loader

KEY = "classroom"
_COMPONENT = st.components.v2.component("headlight_classroom", js=loader("classroom"))


def classroom(data: Mapping[str, Any], on_hand: Callable[[], None]) -> None:
    """Mount it.

    Args:
        data: what is shown; see `viz.page.classroom.shown`.
        on_hand: called when the browser has something to say; `hand` has it.
    """
    _COMPONENT(key=KEY, data=dict(data), on_hand_change=on_hand)


def hand() -> Mapping[str, Any]:
    """What the browser said last: `me`, who it is, and `acts`, (number, name, details)."""
    said = (st.session_state.get(KEY) or {}).get("hand")
    return said if isinstance(said, Mapping) else {}
