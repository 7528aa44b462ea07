"""Heads at work: what each head does, and what the model loses without it."""

from __future__ import annotations

import streamlit as st

from ... import selection
from ...page.context import RunContext
from . import ablation, attribution, head_map, pruning, search

TITLE, ICON, PATH = "Heads at work", ":material/grid_view:", "heads"

SECTIONS = {
    "map": ("Map of heads", head_map),
    "lab": ("Ablation lab", ablation),
    "pruning": ("Pruning", pruning),
    "sources": ("Output to source", attribution),
    "search": ("Head search", search),
}


def render(context: RunContext) -> None:
    """The section that was chosen; the others are not computed."""
    section = selection.choice("part", list(SECTIONS), "map")
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name][0],
        required=True,
        label_visibility="collapsed",
        **selection.widget("part"),
    )
    SECTIONS[section][1].render(context)
