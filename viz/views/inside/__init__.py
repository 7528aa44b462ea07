"""Inside a head: from the words to one weight and on to the next word, with the real numbers.

One section at a time: only the chosen one is computed and drawn.
"""

from __future__ import annotations

import streamlit as st

from ... import selection
from ...glossary import glossed
from ...page.context import RunContext
from ...page.present import stage
from . import breaking, embeddings, follow, layers, matrices, places

TITLE, ICON, PATH = "Inside a head", ":material/account_tree:", "inside"

SECTIONS = {
    "follow": follow,
    "matrices": matrices,
    "places": places,
    "break": breaking,
    "layers": layers,
    "words": embeddings,
}


def render(context: RunContext) -> None:
    """The chosen section, with what one looks at and what to look for."""
    chosen = selection.choice("section", list(SECTIONS), "follow")
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name].NAME,
        **selection.widget("section"),
        required=True,
        label_visibility="collapsed",
    )
    section = SECTIONS[chosen]
    st.caption(glossed(f"{section.LOOK} **Look for:** {section.LOOK_FOR}"))
    with stage():
        section.render(context)
