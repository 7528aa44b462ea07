"""Runs as files: downloaded from the page, and opened again without the model."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import streamlit as st

from headlight.model import Trace

from ... import runtime, selection
from ...components.lens import page
from ...markdown import plain
from ...page.context import RunContext

_CLOSED = "saved_runs_closed"


def download() -> Any:
    """The fold for `downloads`, which knows whether it is `open`: only then is it filled."""
    return st.popover(
        "Download",
        icon=":material/download:",
        type="tertiary",
        key="download",
        on_change=selection.redraw,
    )


Again = Callable[[], Trace | None]
"""A trace that the page does not hold until it is asked for."""


def downloads(
    name: str, trace: Callable[[], Trace], second: Again, head: tuple[str, int, int]
) -> None:
    """Two files, each made when it is asked for, of what is on screen then.

    Args:
        name: of the model.
        trace, second: give what is on screen.
        head: (kind, layer, head) to open at where nothing was chosen.
    """
    usual = dict(zip(("kind", "layer", "head"), map(str, head), strict=True))
    now = selection.follow()
    name = f"headlight-{name}"
    st.download_button(
        "One HTML file: this lens with its data",
        lambda: page(trace(), compare=second(), selection={**usual, **now()}),
        f"{name}.html",
        "text/html",
        on_click="ignore",
        icon=":material/web:",
    )
    st.caption("Opens from disk, without network or server: for an email, homework, a talk.")
    st.download_button(
        "The whole run (.npz)",
        lambda: saved(trace()),
        f"{name}.npz",
        "application/octet-stream",
        on_click="ignore",
        icon=":material/dataset:",
    )
    st.caption("Every number of this run: for numpy, `headlight.Trace.load`, “Open a saved run”.")
    st.caption("Pictures, a table and a link to this view: under *Save*, above the picture.")


def saved(trace: Trace) -> bytes:
    """The bytes of the trace's file."""
    file = io.BytesIO()
    trace.save(file)
    return file.getvalue()


def open_saved() -> Any:
    """The uploaded file of a saved run, or None."""
    with st.popover("Open a saved run", icon=":material/folder_open:", type="tertiary"):
        return st.file_uploader("A run saved by Headlight (.npz)", type="npz", key=_key())


def _key() -> str:
    """The field's key; a new one empties the field."""
    return f"saved_run_{st.session_state.get(_CLOSED, 0)}"


def _close() -> None:
    st.session_state[_CLOSED] = st.session_state.get(_CLOSED, 0) + 1


def shown(opened: Any, context: RunContext) -> Trace:
    """The trace to show: the saved one, said on screen, or the bench's own."""
    if opened is None:
        return context.trace
    try:
        trace = runtime.open_trace(opened.getvalue())
    except ValueError as error:
        st.warning(f"{plain(str(error))} Still showing what is above.")
        return context.trace
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/folder_open: This is the saved run **{plain(opened.name)}** of the model "
            f"“{plain(trace.model)}”: “{plain(trace.source_text)}” → "
            f"“{plain(trace.output_text)}”. The fields above do not change it."
        )
        st.button("Back to what is above", on_click=_close)
    return trace
