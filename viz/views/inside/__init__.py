"""Inside a head: from the words to one weight and on to the next word, with the real numbers.

One section at a time: only the chosen one is computed and drawn.
"""

from __future__ import annotations

import streamlit as st

from ... import address, state
from ..bench import Bench
from ..present import stage
from . import breaking, follow, layers, places, whole, words

TITLE, ICON, PATH = "Inside a head", ":material/account_tree:", "inside"

SECTIONS = {
    "follow": follow,
    "matrices": whole,
    "places": places,
    "break": breaking,
    "layers": layers,
    "words": words,
}


def render(bench: Bench) -> None:
    """The chosen section, with what one looks at and what to look for."""
    chosen = address.placed(state.SECTION, list(SECTIONS), "follow")
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name].NAME,
        key=state.SECTION,
        on_change=address.place,
        args=(state.SECTION,),
        required=True,
        label_visibility="collapsed",
    )
    section = SECTIONS[chosen]
    st.caption(f"{section.LOOK} **Look for:** {section.LOOK_FOR}")
    with stage():
        section.render(bench)
