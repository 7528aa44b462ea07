"""What one browser session has: its trained models, and the background work that it asked for.

Kept in Streamlit's own state of the session, which forgets it some time after the tab is closed.
"""

from __future__ import annotations

import streamlit as st

from headlight.model import Model

_OWN = "own_models"
_ASKED = "asked_jobs"


def own_models() -> dict[str, Model]:
    """Models trained in this browser session, by the name they go by."""
    models: dict[str, Model] = st.session_state.setdefault(_OWN, {})
    return models


def want(job: tuple[str, ...], wanted: bool) -> None:
    """Remember that this session wants a piece of background work, or that it stopped it."""
    st.session_state.setdefault(_ASKED, {})[job] = wanted


def wants(job: tuple[str, ...]) -> bool | None:
    """Whether this session wants it; None when it never said."""
    wanted: bool | None = st.session_state.get(_ASKED, {}).get(job)
    return wanted
