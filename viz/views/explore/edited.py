"""The text under the edits in force, beside the text as the model was trained."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ... import selection
from ...labels import worded
from ...page import before_after, edit_list
from ...page.context import RunContext


def run(context: RunContext) -> Trace | None:
    """The edited run, with its list above the lens, which shows its output; None without edits."""
    return edit_list.edited(context)


def lost(context: RunContext, after: Trace) -> None:
    """Folded: what the edits cost each token that the model wrote as trained."""
    with st.expander(
        "What each token lost", key="explore-lost", on_change=selection.redraw
    ) as fold:
        if fold.open:
            before_after.losses(
                context.model, context.text, context.trace, after.edits, "explore-losses"
            )


def tools(context: RunContext) -> None:
    """The way to all other edits."""
    said = "Bring values over from another sentence's run, or push the stream in a direction."
    if "interventions" in context.pages and st.button(
        "Patch or steer",
        icon=":material/swap_horiz:",
        type="tertiary",
        help=worded(said, context.model.reads),
    ):
        context.open("interventions")
