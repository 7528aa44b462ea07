"""The glossary in the browser: it shows what a marked term means (`viz.glossary`)."""

from __future__ import annotations

import streamlit as st

from .static import loader

_COMPONENT = st.components.v2.component("headlight_glossary", js=loader("glossary"))


def glosses() -> None:
    """Let the page's terms be asked about; nothing to see."""
    _COMPONENT(key="glossary", data={"on": True})
