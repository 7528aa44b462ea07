"""Inside a head: from the words to one weight and on to the next word, with the real numbers.

One section at a time: only the chosen one is computed and drawn.
"""

from __future__ import annotations

import streamlit as st

from ...glossary import glossed
from ...labels import worded
from ...page.choice import choose
from ...page.context import RunContext
from ...page.present import presenting, stage
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
    titles = {name: section.NAME for name, section in SECTIONS.items()}
    section = SECTIONS[choose("section", "Section", titles)]
    look = "" if presenting() else f"{section.LOOK} "
    said = worded(f"{look}**Look for:** {section.LOOK_FOR}", context.model.reads)
    st.caption(glossed(said))
    with stage():
        section.render(context)
