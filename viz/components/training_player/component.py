"""A training, step by step, as a Streamlit component."""

from __future__ import annotations

import streamlit as st

from ..static import loader

_COMPONENT = st.components.v2.component("headlight_training_player", js=loader("training_player"))


def training_player(payload: bytes, *, key: str) -> None:
    """Mount what `encode` gave; step, kind, layer and head live in the browser and the address.

    Args:
        payload: the recording.
        key: fixed for as long as the place in the recording is to be kept.
    """
    _COMPONENT(key=key, data=payload)
