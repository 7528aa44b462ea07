"""A second sentence beside the first: run as the first is, refused in a plain sentence."""

from __future__ import annotations

import streamlit as st

from model import Trace
from viz import runtime
from viz.views.bench import Bench
from viz.views.words import plain


def run(bench: Bench, trace: Trace, text: str) -> Trace | None:
    """The second sentence's trace; None for no text, or, with a word about why, a bad one."""
    if not text:
        return None
    try:
        if trace.digest != bench.model.digest:
            raise ValueError(
                f"the saved run is of another model than the “{bench.model.slug}” above, so that "
                "there is nothing to compare."
            )
        return runtime.run(bench.model, text)
    except ValueError as error:
        st.warning(f"Second sentence: {plain(str(error))} Below is the first alone.")
        return None
