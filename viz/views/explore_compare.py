"""A second sentence beside the first: run as the first is, refused in a plain sentence."""

from __future__ import annotations

import streamlit as st

from model import Trace
from viz import runtime
from viz.lens.payload import comparable
from viz.views.bench import Bench
from viz.views.words import plain


def run(bench: Bench, trace: Trace, text: str) -> Trace | None:
    """The second sentence's trace; None for no text, or, with a word about why, a bad one."""
    if not text:
        return None
    try:
        second = runtime.run(bench.model, text)
    except ValueError as error:
        st.warning(f"Second sentence: {plain(str(error))} Below is the first alone.")
        return None
    if not comparable(trace, second):
        st.warning(
            f"“{plain(trace.model)}” and “{plain(second.model)}” have other layers or heads, so "
            "that there is nothing to compare. Below is the first alone."
        )
        return None
    return second
