"""Training: how a shipped model learned, step by step, and a small one that learns right now."""

from __future__ import annotations

import streamlit as st

from ... import runtime, selection
from ...page.context import RunContext
from ...page.present import stage
from . import live, recorded

TITLE, ICON, PATH = "Training", ":material/model_training:", "training"

PARTS = {"recorded": "A finished training, step by step", "live": "Train a small one now"}


def render(context: RunContext) -> None:
    """One of the two parts; the address says which."""
    usual = "live" if runtime.training_seat().training else "recorded"
    if usual == "live" and selection.current().chosen("training") is None:
        selection.settle(training=usual)  # it stays when the training has ended
    part = selection.choice("training", list(PARTS), usual)
    st.segmented_control(
        "Which training",
        list(PARTS),
        format_func=PARTS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **selection.widget("training"),
    )
    if part == "live":
        live.render(context)
    else:
        with stage():
            recorded.render(context)
