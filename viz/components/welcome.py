"""The line that greets on a first visit, and the tour of the live page that it offers.

Its words are the browser's: `viz/web/welcome/words.json`.
"""

from __future__ import annotations

import streamlit as st

from .static import loader

_COMPONENT = st.components.v2.component("headlight_welcome", js=loader("welcome"))


def welcome(reads: str) -> None:
    """Draw the line; the browser shows it until it was closed once.

    Args:
        reads: “text”, “picture” or “sound”: what the chosen model reads.
    """
    _COMPONENT(key="welcome-line", data={"reads": reads})
