"""Presenting: one switch for every page, kept in the address; large type, side matters hidden."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from .. import selection
from ..components.static import style

BEGIN, END = "begin-present", "end-present"

TIMES = 1.45
"""How much larger pictures and their type are than without presenting."""
LEAST = 20
"""Pixels of the smallest type in figures: read from the last row of a hall at 1920 × 1080."""


def presenting() -> bool:
    """Whether the page is shown to a room."""
    return selection.current()["present"] == "1"


def wide(pixels: int) -> int:
    """The width of a field: its words are larger while presenting, and must not be cut."""
    return round(pixels * TIMES) if presenting() else pixels


def switch() -> None:
    """The button that begins and ends it."""
    if presenting():
        st.html(f"<style>html {{ --present: {TIMES}; }}</style>")
        st.html(style("present"))
        st.button("End presenting", key=END, on_click=_present, args=(False,))
    else:
        st.button(
            "Present",
            key=BEGIN,
            icon=":material/present_to_all:",
            type="tertiary",
            help="For a projector: large type, and only what is taught.",
            on_click=_present,
            args=(True,),
        )


def stage() -> DeltaGenerator:
    """A place for pictures that measure their type when mounted: another one presenting."""
    return st.container(key="presented" if presenting() else "not-presented")


def _present(on: bool) -> None:
    selection.update(present=on)
