"""Explore: every head of the three attentions, on the text that was just typed."""

from __future__ import annotations

import streamlit as st

from viz import state
from viz.lens import lens
from viz.views.bench import Bench

TITLE, ICON, PATH = "Explore", ":material/search:", "explore"


def render(bench: Bench) -> None:
    """The lens on the bench's trace."""
    start = {"kind": "cross", "layer": bench.trace.n_layers("cross") - 1, "head": 0}
    lens(bench.trace, selection={**start, **state.head_in_address()})
