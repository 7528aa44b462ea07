"""Training: how a shipped model learned, step by step, and a small one that learns right now."""

from __future__ import annotations

import streamlit as st

from .. import address, runtime, state
from . import training_film, training_live
from .bench import Bench
from .present import stage

TITLE, ICON, PATH = "Training", ":material/model_training:", "training"

PARTS = {"recorded": "A finished training, step by step", "live": "Train a small one now"}


def render(bench: Bench) -> None:
    """One of the two parts; the address says which."""
    usual = "live" if runtime.training_seat().training else "recorded"
    part = address.placed(state.TRAINING, list(PARTS), usual, keep=usual == "live")
    st.segmented_control(
        "Which training",
        list(PARTS),
        format_func=PARTS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **address.placing(state.TRAINING),
    )
    if part == "live":
        training_live.render(bench)
    else:
        with stage():
            training_film.render(bench)
