"""Decode: watch it write, step by step, and make it change its mind."""

from __future__ import annotations

import streamlit as st

from .. import address, state
from . import decode_compare, decode_forced, decode_options, decode_steps
from .bench import Bench

TITLE, ICON, PATH = "Decode", ":material/step:", "decode"

STEPS, COMPARE, FORCED = "steps", "strategies", "forcing"
VIEWS = {STEPS: "Step through", COMPARE: "Compare strategies", FORCED: "Teacher forcing"}


def render(bench: Bench) -> None:
    """The page; in a fragment, so that a fork draws this part only."""
    _page(bench)


@st.fragment
def _page(bench: Bench) -> None:
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    view = address.placed(state.VIEW, list(VIEWS), STEPS)
    top.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        required=True,
        width="content",
        **address.placing(state.VIEW),
    )
    decode_options.take_from_address()
    if view == COMPARE:
        decode_compare.draw(bench, top)
    elif view == FORCED:
        decode_forced.draw(bench)
    else:
        decode_steps.draw(bench, top)
