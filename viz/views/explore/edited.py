"""The text under the edits in force, beside the text as the model was trained."""

from __future__ import annotations

import streamlit as st

from headlight.model import Edits, Trace

from ... import runtime, selection
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.context import RunContext
from ...page.head_choice import head_in


def run(context: RunContext) -> Trace | None:
    """The edited run, with its list and its output above the lens; None without edits."""
    edits = edit_list.in_force(context.model)
    if not edits:
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
            before_after.losses(context.model, context.trace, edits, "explore-losses")
    return after


def tools(context: RunContext) -> None:
    """What can be done to the pinned cell, and the way to all other edits."""
    if st.button(
        "Cut the pinned edge",
        icon=":material/content_cut:",
        type="tertiary",
        shortcut="x",
        help="This head may no longer attend from the pinned row to the pinned column; the model "
        "writes again.",
    ):
        _cut_pinned(context)
    if "interventions" in context.pages and st.button(
        "Cut, paint, swap, steer",
        icon=":material/edit:",
        type="tertiary",
        help="Everything that can be changed in the model, on a page of its own.",
    ):
        context.open("interventions", act="cut")


def _cut_pinned(context: RunContext) -> None:
    trace = context.trace
    kind, layer, head = head_in(context)
    pin = selection.cell("pin", len(trace.queries(kind)), len(trace.keys(kind)))
    if not pin:
        st.toast("Press a cell first: the edge is cut between its row and its column.")
        return
    if selection.current()["u"] != "pieces" or selection.current()["sp"] != "shown":
        st.toast("Edges are cut between single tokens: show pieces and special tokens first.")
        return
    row, _, column = pin.partition("-")
    query, key = (int(part) if part else None for part in (row, column))
    edit_list.add(Edits(cut={(kind, layer, head, query, key)}))
    st.rerun()
