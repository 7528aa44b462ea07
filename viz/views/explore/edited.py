"""The text under the edits in force, beside the text as the model was trained."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ... import runtime
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.context import RunContext


def run(context: RunContext) -> Trace | None:
    """The edited run, with its list and its output above the lens; None without edits."""
    edits = edit_list.in_force(context)
    if not edits:
        edit_list.show(context.trace)
        return None
    try:
        after = runtime.run(context.model, context.text, edits=edits)
    except ValueError as error:
        st.warning(plain(str(error)))
        edit_list.show(context.trace)
        return None
    edit_list.show(after)
    before_after.line(context.trace, after)
    with st.expander("What each token lost", key="explore-lost", on_change="rerun") as lost:
        if lost.open:
            before_after.losses(context.model, context.text, context.trace, edits, "explore-losses")
    return after


def tools(context: RunContext) -> None:
    """The way to all other edits."""
    if "interventions" in context.pages and st.button(
        "Swap, steer",
        icon=":material/swap_horiz:",
        type="tertiary",
        help="Put in what another sentence would have had, or push the stream in a direction.",
    ):
        context.open("interventions")
