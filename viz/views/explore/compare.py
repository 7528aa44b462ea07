"""A second sentence beside the first: run as the first is, refused in a plain sentence."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ... import runtime
from ...markdown import plain
from ...page.context import RunContext


def run(context: RunContext, trace: Trace, text: str) -> Trace | None:
    """The second sentence's trace; None for no text, or, with a word about why, a bad one."""
    if not text:
        return None
    try:
        if trace.digest != context.model.digest:
            raise ValueError(
                f"the saved run is of another model than the “{context.model.slug}” above, so that "
                "there is nothing to compare."
            )
        return runtime.run(context.model, text)
    except ValueError as error:
        st.warning(f"Second sentence: {plain(str(error))} Showing the first alone.")
        return None
