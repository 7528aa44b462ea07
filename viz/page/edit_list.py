"""The edits in force: one list for every page, in the address, undone step by step."""

from __future__ import annotations

import streamlit as st

from headlight.model import Edits, Model, Trace

from .. import selection
from ..markdown import plain

LONGEST = 6000
"""Characters of edits that a link can carry through every server and chat."""


def in_force(model: Model) -> Edits:
    """The edits that are selected; what cannot be read, or this model lacks, is dropped."""
    try:
        edits = Edits.from_text(selection.current()["edits"])
        edits.check(model.config)
    except ValueError as error:
        selection.drop("edits", f"edits that this model can make: {error}")
        return Edits()
    selection.text("edits")  # it has been looked at
    return edits


def joined(model: Model, trace: Trace, own: Edits) -> Edits:
    """What a page changes by itself, and the list, which is shown; where they contradict, only the
    page's own.
    """
    listed = in_force(model)
    if not listed:
        return own
    show(trace)
    try:
        both = listed | own
        both.check(model.config, len(trace.src))
    except ValueError as error:
        st.warning(f"{plain(str(error))} Here the list is left out.")
        return own
    st.caption("The edits of this list are in force here as well.")
    return both


def add(edits: Edits) -> None:
    """One more step; what contradicts the list, or is in it already, is told of and left out."""
    said = selection.text("edits")
    try:
        both = Edits.from_text(said) | edits
    except ValueError as error:
        st.toast(plain(str(error)), icon=":material/block:")
        return
    text = "~".join(filter(None, (said, edits.to_text())))
    if both == Edits.from_text(said):
        st.toast("This edit is in the list already.")
    elif len(text) > LONGEST:
        st.toast(
            f"With this edit the list has {len(text):,} characters, more than the {LONGEST:,} that "
            "a link can carry. Undo others first, or use Edits in Python."
        )
    else:
        selection.update(edits=text)


def replace_row(row: tuple[str, int, int, int], edits: Edits) -> None:
    """The same for a row set by hand: an earlier hand on the same row is taken back first."""
    items = [one for one in selection.text("edits").split("~") if one]
    start = ".".join(["set", *map(str, row)]) + ":"
    kept = [one for one in items if not one.startswith(start)]
    try:
        Edits.from_text("~".join(kept)) | edits
    except ValueError as error:
        st.toast(plain(str(error)), icon=":material/block:")
        return
    selection.update(edits="~".join([*kept, edits.to_text()]))


def undo() -> None:
    """Take the last step back."""
    take_out(len(selection.text("edits").split("~")) - 1)


def take_out(i: int) -> None:
    """Take one step out."""
    items = selection.text("edits").split("~")
    selection.update(edits="~".join([*items[:i], *items[i + 1 :]]))


def clear() -> None:
    """Take all steps back."""
    selection.update(edits="")


def show(trace: Trace) -> None:
    """The steps as buttons that take them out, and what had nothing to act on in this run."""
    items = [one for one in selection.text("edits").split("~") if one]
    if not items:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="edit-list"):
        st.markdown(":small[:gray[Edits]]", width="content")
        for i, item in enumerate(items):
            st.button(
                plain(str(Edits.from_text(item))),
                key=f"edit-{i}",
                icon=":material/close:",
                help="Take this edit out",
                on_click=take_out,
                args=(i,),
            )
        st.button("Undo", icon=":material/undo:", type="tertiary", on_click=undo, shortcut="u")
        st.button("Undo all", type="tertiary", on_click=clear)
    for sentence in Edits.from_text("~".join(items)).idle(len(trace.src), len(trace.tgt_in)):
        st.caption(f":material/info: {plain(sentence)}")
