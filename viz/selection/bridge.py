"""The one component that keeps the browser's address: mounted on every page, and nothing to see.

It tells the browser the query, and takes what the browser reports: choices that were made without
the server, and the Back button. In a fragment, so that a report draws nothing anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from .session import BRIDGE, session, told
from .table import BY_NAME

_JS = (Path(__file__).parent / "address.js").read_text(encoding="utf-8")
_COMPONENT = st.components.v2.component(
    "headlight_address", js=_JS.replace("__NAMES__", json.dumps(list(BY_NAME)))
)


def bridge() -> None:
    """Mount it, at the end of a run, when it is known what is selected."""
    if not session().leaving:
        _bridge()


@st.fragment
def _bridge() -> None:
    _COMPONENT(key=BRIDGE, data=told(), on_report_change=_taken)


def _taken() -> None:
    """Take the report in, also where no page asks for it."""
    session()
