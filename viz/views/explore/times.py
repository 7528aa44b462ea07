"""About when each word of a transcript was said, as read off the attention of known heads."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.alignment.times import word_times

from ... import selection
from ...markdown import plain


def render(trace: Trace) -> None:
    """The words with their times; only of a sound read by a checkpoint that names such heads."""
    if not trace.alignment_heads or trace.src.n_mels is None:
        return
    with st.expander(
        "Roughly when each word was said", key="word-times", on_change=selection.redraw
    ) as fold:
        if not fold.open:
            return
        words = word_times(trace)
        st.markdown(
            "&emsp;".join(
                f"{plain(one.text)} :small[:gray[{one.start:.2f}–{one.end:.2f} s]]" for one in words
            )
            or ":gray[No words were written.]"
        )
        st.caption(
            "Approximate: the model writes no such times. They are read off the cross-attention of "
            f"the {len(trace.alignment_heads)} heads that the checkpoint names as following the "
            "sound (◆), by dynamic time warping, nearly as in Whisper's own code."
        )
