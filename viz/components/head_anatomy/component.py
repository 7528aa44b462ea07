"""The pictures as a Streamlit component; each function mounts one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ..static import loader

_COMPONENT = st.components.v2.component("headlight_head_anatomy", js=loader("head_anatomy"))

Choose = Callable[[Mapping[str, Any]], None]


def step(payload: bytes, key: str) -> None:
    """The strips of one step, linked under the pointer."""
    _COMPONENT(key=key, data=payload)


def linked(payload: bytes, choose: Choose, key: str = "linked") -> None:
    """All matrices of a head; `choose` gets {"query", "key"} of a score that is clicked."""
    _choosing(payload, choose, key)


def picker(payload: bytes, choose: Choose, key: str = "picker") -> None:
    """A head's weights; `choose` gets {"query", "key"} before the rerun that a click starts."""
    _choosing(payload, choose, key)


def places(payload: bytes, choose: Choose, key: str = "places") -> None:
    """The drawing; `choose` gets {"kind"}."""
    _choosing(payload, choose, key)


def _choosing(payload: bytes, choose: Choose, key: str) -> None:
    def told() -> None:
        value = (st.session_state.get(key) or {}).get("choice")
        if isinstance(value, Mapping):
            choose(value)

    _COMPONENT(key=key, data=payload, on_choice_change=told)
