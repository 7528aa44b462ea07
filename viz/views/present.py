"""Presenting: one switch for every page, kept in the address; large type, side matters hidden."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from .. import address, state

_ON = "1"
"""What the address says."""

BEGIN, END = "begin-present", "end-present"

TIMES = 1.45
"""How much larger pictures and their type are than without presenting."""

_STYLE = f"""<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"],
[data-testid="stColumn"]:has(.st-key-{state.MODEL}), .st-key-explore-below {{ display: none; }}
.st-key-{state.TEXT} label {{ display: none; }}
html {{ font-size: 19px !important; --present: {TIMES}; }}
[data-testid="stMainBlockContainer"] {{ padding: 0.5rem 1.5rem 2rem; }}
[data-testid="stCaptionContainer"] {{ font-size: 0.95rem; }}
</style>"""
"""Components of the browser multiply their own type by `--present`; lessons are told by Python."""


def presenting() -> bool:
    """Whether the address asks for it."""
    return address.linked(state.PRESENT, (_ON,)) == _ON


def kept() -> dict[str, str]:
    """What a link to another page adds, so that one goes on presenting there."""
    return {state.PRESENT: _ON} if presenting() else {}


def switch() -> None:
    """The button that begins and ends it."""
    if presenting():
        st.html(_STYLE)
        st.button("End presenting", key=END, on_click=address.forget, args=(state.PRESENT,))
    else:
        st.button(
            "Present",
            key=BEGIN,
            icon=":material/present_to_all:",
            type="tertiary",
            help="For a projector: large type, and only what is taught.",
            on_click=address.place,
            args=(state.PRESENT, _ON),
        )


def stage() -> DeltaGenerator:
    """A place for pictures that measure their type when mounted: another one presenting."""
    return st.container(key="presented" if presenting() else "not-presented")
