"""The step view as a Streamlit component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ..static import loader

_COMPONENT = st.components.v2.component("headlight_steps", js=loader("steps"))


def steps(data: bytes, act: Callable[[Mapping[str, Any]], None], *, key: str = "steps") -> None:
    """Mount the step view.

    It moves by itself and keeps step and heads in the page's address (`step`, `over`, `layer`,
    `head`). What needs the model is told to `act`, before the page is drawn again:

    - {"do": "fork", "prefix": ids, "step": t}: go on from these forced tokens;
    - {"do": "type", "prefix": ids, "text": typed}: the same, with typed text at the end;
    - {"do": "walk" | "cut" | "compare", "prefix": ids}: a branch was pressed;
    - {"do": "close"}: compare no longer.

    Args:
        data: what `encode_steps` made.
        act: called with each of these.
        key: fixed for as long as the view is to keep its step.
    """

    def told() -> None:
        event = (st.session_state.get(key) or {}).get("act")
        if isinstance(event, Mapping):
            act(event)

    _COMPONENT(key=key, data=data, on_act_change=told)
