"""Interventions: change what the model computes on the way, and see what it writes then."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ... import selection
from ...labels import worded
from ...page import edit_list
from ...page.context import RunContext
from ...page.present import presenting, stage
from . import patching, steering

TITLE, ICON, PATH = "Interventions", ":material/content_cut:", "interventions"

SECTIONS = {"patch": patching, "steer": steering}


def render(context: RunContext) -> None:
    """The chosen section, with what one looks at and what to look for."""
    chosen = selection.choice("act", list(SECTIONS), "patch")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Section",
            list(SECTIONS),
            format_func=lambda name: SECTIONS[name].NAME,
            **selection.widget("act"),
            required=True,
            label_visibility="collapsed",
        )
        section = SECTIONS[chosen]
        look_for = worded(f"**Look for:** {section.LOOK_FOR}", context.model.reads)
        if presenting():
            st.caption(look_for)
        elif "explore" in context.pages:
            context.link("explore", "Cut and paint in the map of Explore", ":material/content_cut:")
    if not presenting():
        st.caption(f"{worded(section.LOOK, context.model.reads)} {look_for}")
    with stage():
        section.render(context, _first(context))


def _first(context: RunContext) -> Trace:
    """The run of the text above, under the list of edits, which is shown."""
    after = edit_list.edited(context)
    return context.trace if after is None else after
