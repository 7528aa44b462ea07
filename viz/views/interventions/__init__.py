"""Interventions: change what the model computes on the way, and see what it writes then."""

from __future__ import annotations

import streamlit as st

from ... import selection
from ...page.context import RunContext
from ...page.present import stage
from . import cutting, patching, steering

TITLE, ICON, PATH = "Interventions", ":material/content_cut:", "interventions"

SECTIONS = {"cut": cutting, "patch": patching, "steer": steering}


def render(context: RunContext) -> None:
    """The chosen section, with what one looks at and what to look for."""
    chosen = selection.choice("act", list(SECTIONS), "cut")
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name].NAME,
        **selection.widget("act"),
        required=True,
        label_visibility="collapsed",
    )
    section = SECTIONS[chosen]
    st.caption(f"{section.LOOK} **Look for:** {section.LOOK_FOR}")
    with stage():
        section.render(context)
