"""Runs as files: taken along from the page, and opened again without the model."""

from __future__ import annotations

import io
from typing import Any

import streamlit as st

from headlight.model import Trace

from .. import address, runtime, state
from ..components.lens import page
from .bench import Bench
from .words import plain


def take_along() -> Any:
    """The fold for `downloads`, which knows whether it is `open`: only then is it filled."""
    return st.popover(
        "Take along",
        icon=":material/download:",
        type="tertiary",
        key=state.TAKE,
        on_change="rerun",
    )


def downloads(trace: Trace, second: Trace | None) -> None:
    """Two files, each made when it is asked for."""
    start = address.view()
    name = f"headlight-{trace.model}"
    st.download_button(
        "One HTML file: this lens with its data",
        lambda: page(trace, compare=second, selection=start),
        f"{name}.html",
        "text/html",
        on_click="ignore",
        icon=":material/web:",
    )
    st.caption("Works from disk, without network or server: for a mail, a homework, a talk.")
    st.download_button(
        "The whole run (.npz)",
        lambda: saved(trace),
        f"{name}.npz",
        "application/octet-stream",
        on_click="ignore",
        icon=":material/dataset:",
    )
    st.caption("Every number of this run, for numpy, `model.Trace.load` and “Open a saved run”.")
    st.caption("Pictures, a table and a link to this view: under *Save*, above the picture.")


def saved(trace: Trace) -> bytes:
    """The bytes of the trace's file."""
    file = io.BytesIO()
    trace.save(file)
    return file.getvalue()


def open_saved() -> Any:
    """The uploaded file of a saved run, or None."""
    with st.popover("Open a saved run", icon=":material/folder_open:", type="tertiary"):
        return st.file_uploader(
            "A run saved by Headlight (.npz)", type="npz", key=state.saved_run_key()
        )


def shown(opened: Any, bench: Bench) -> Trace:
    """The trace to show: the saved one, said on screen, or the bench's own."""
    if opened is None:
        return bench.trace
    try:
        trace = runtime.open_trace(opened.getvalue())
    except ValueError as error:
        st.warning(f"{plain(str(error))} Below is still the text above.")
        return bench.trace
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/folder_open: Shown is the saved run **{plain(opened.name)}** of the model "
            f"“{plain(trace.model)}”, as it was: “{plain(trace.source_text)}” → "
            f"“{plain(trace.output_text)}”. The model and the text above have no part in it."
        )
        st.button("Back to the text above", on_click=state.close_saved_run)
    return trace
