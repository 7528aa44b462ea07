"""The way in, on every page: start a class, or join one by its code."""

from __future__ import annotations

import streamlit as st

from ... import selection
from .seat import enter, seat, start

TYPED = "class-code"


def door() -> None:
    """A fold with both, until one is in a class."""
    if seat().code:
        return
    popover = st.popover(
        "Class",
        icon=":material/groups:",
        type="tertiary",
        on_change=selection.redraw,
        key="class-door",
    )
    if not popover.open:
        return
    with popover:
        st.markdown("**Teach.** Phones follow your screen and answer your questions.")
        st.button("Start a class", icon=":material/play_arrow:", on_click=start, key="class-start")
        st.markdown("**Join.** Type the four letters on the teacher's screen.")
        with st.form("class-join", border=False):
            st.text_input("Code of the class", key=TYPED, placeholder="BCDF")
            st.form_submit_button("Join", on_click=_join)


def _join() -> None:
    if typed := str(st.session_state.get(TYPED) or "").strip():
        seat().said = ""
        enter(typed)
