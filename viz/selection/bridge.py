"""The one component that keeps the browser's address: mounted on every page, and nothing to see.

It tells the browser the query, and takes what the browser reports: choices that were made without
the server, and the Back button. In a fragment, so that a report draws nothing anew.
"""

from __future__ import annotations

import streamlit as st

from ..components.static import loader
from .session import BRIDGE, session, told

_COMPONENT = st.components.v2.component("headlight_address", js=loader("selection"))


def bridge() -> None:
    """Mount it, at the end of a run, when it is known what is selected."""
    if not session().leaving:
        _bridge()


def announce() -> None:
    """Tell the browser at the start of another page what is selected: its parts start from that."""
    here = session()
    if here.moved and here.writes:
        _COMPONENT(key=f"{BRIDGE}-of-new-page", data={**told(), "announced": True})


@st.fragment
def _bridge() -> None:
    _COMPONENT(key=BRIDGE, data=told(), on_report_change=_taken)


def _taken() -> None:
    """Take the report in, also where no page asks for it."""
    session()
