"""Heads at work: what each head does, and what the model loses without it."""

from __future__ import annotations

import streamlit as st

from ... import address, state
from ..bench import Bench
from . import ablation, map, pruning, search, sources

TITLE, ICON, PATH = "Heads at work", ":material/grid_view:", "heads"

SECTIONS = {
    "map": ("Map of heads", map),
    "lab": ("Ablation lab", ablation),
    "pruning": ("Pruning", pruning),
    "sources": ("Output to source", sources),
    "search": ("Head search", search),
}


def render(bench: Bench) -> None:
    """The section that was chosen; the others are not computed."""
    section = address.placed(state.PART, list(SECTIONS), "map")
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name][0],
        required=True,
        label_visibility="collapsed",
        **address.placing(state.PART),
    )
    SECTIONS[section][1].render(bench)
