"""Decode: watch it write, step by step, and make it change its mind."""

from __future__ import annotations

import streamlit as st

from ... import selection
from ...page.context import RunContext
from . import compare, forced, options, steps

TITLE, ICON, PATH = "Decode", ":material/step:", "decode"

STEPS, COMPARE, FORCED = "steps", "strategies", "forcing"
VIEWS = {STEPS: "Step through", COMPARE: "Compare strategies", FORCED: "Teacher forcing"}


def render(context: RunContext) -> None:
    """The part of the page that is selected."""
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    view = selection.choice("view", list(VIEWS), STEPS)
    top.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        required=True,
        width="content",
        **selection.widget("view"),
    )
    options.check_link()
    if view == COMPARE:
        compare.draw(context, top)
    elif view == FORCED:
        forced.draw(context)
    else:
        steps.draw(context, top)
