"""The one component that keeps the browser's address: mounted on every page, and nothing to see.

It tells the browser the query, and takes what the browser reports: choices that were made without
the server, and the Back button. In a fragment, so that a report draws nothing anew.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..components.static import loader
from .session import BRIDGE, session, told

FRAGMENT = "beside-the-page"
"""The key of the fragment in which it stands."""

_COMPONENT = st.components.v2.component("headlight_address", js=loader("selection"))


def bridge(beside: Callable[[], None] = lambda: None) -> None:
    """Mount it, at the end of a run, when it is known what is selected.

    Args:
        beside: drawn with it, whenever it is: also when a page's part changes the selection
            without the server, and when the fragment `FRAGMENT` is woken.
    """
    if not session().leaving:
        _bridge(beside)


def announce() -> None:
    """Tell the browser at the start of another page what is selected: its parts start from that."""
    here = session()
    if here.moved and here.writes:
        _COMPONENT(key=f"{BRIDGE}-of-new-page", data={**told(), "announced": True})


@st.fragment(key=FRAGMENT)
def _bridge(beside: Callable[[], None]) -> None:
    beside()
    _COMPONENT(key=BRIDGE, data=told(), on_report_change=_taken)


def _taken() -> None:
    """Take the report in, also where no page asks for it."""
    session()
