"""The one component that keeps the browser's address: mounted on every page, and nothing to see.

It tells the browser the query, and takes what the browser reports: choices that were made without
the server, and the Back button. In a fragment, so that a report draws nothing anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ..components.static import loader
from .links import open_page
from .running import BRIDGE, session, told

FRAGMENT = "beside-the-page"
"""The key of the fragment in which it stands."""
EVERY = timedelta(days=1)
"""When the fragment is drawn by itself, which nobody needs. But a page that has such a fragment is
drawn anew after a break in the connection. Streamlit's browser leaves other pages as they are, even
where it met a new session, which knows none of their fragments and drops what these say."""

_COMPONENT = st.components.v2.component("headlight_address", js=loader("selection"))


def bridge(beside: Callable[[], None] = lambda: None) -> None:
    """Mount it, at the end of a run, when it is known what is selected.

    Args:
        beside: drawn with it, whenever it is: also when a page's part changes the selection
            without the server, and when the fragment `FRAGMENT` is woken.
    """
    here = session()
    if here.leaving:
        return
    if (name := _asked_for()) != here.drawn:
        here.drawn, here.visit = name, here.visit + 1
    here.given, here.undrawn = here.replaced.count, False
    _bridge(beside, name)


def announce() -> None:
    """Tell the browser at the start of another page what is selected: its parts start from that.

    Nobody reads what is reported there: the browser keeps it for the bridge.
    """
    here = session()
    if here.moved and here.writes:
        _COMPONENT(key=f"{BRIDGE}-of-new-page", data={**told(), "announced": True})


@st.fragment(key=FRAGMENT, run_every=EVERY)
def _bridge(beside: Callable[[], None], name: str) -> None:
    if name != _asked_for():
        # A press on the page before, while this one was drawn: the browser empties it.
        session().drawn = ""
        open_page(name)
    # What is done in one moment Streamlit sends as one, and then runs this alone.
    if session().undrawn:
        st.rerun()
    beside()
    _COMPONENT(key=BRIDGE, data=told(), on_report_change=_taken)


def _taken() -> None:
    """Take the report in, also where no page asks for it."""
    session()


def _asked_for() -> str:
    """Streamlit's name of the page that the browser was on when it asked for this run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else ""
