"""Every key of session state and of the address; no other file names them.

The model and the text belong to the bench (widgets bound to the address), kind, layer and head to
the lens, which keeps them in the address by itself. Pages name their own keys here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from model import Model

MODEL = "model"
TEXT = "text"
EXAMPLE = "example"
KIND, LAYER, HEAD = "kind", "layer", "head"
PRESENT = "present"

_GOOD = "last_good"
_OWN = "own_models"
_SEEN = "seen_address"


def link(**changes: Any) -> dict[str, str]:
    """Query parameters for `st.page_link` or `st.switch_page`: the bench, and what is given."""
    bench = {name: st.session_state.get(name) for name in (MODEL, TEXT)}
    return {k: str(v) for k, v in {**bench, **changes}.items() if v is not None}


def asked(name: str) -> str | None:
    """What the address says, before a widget has replaced a value that it does not have."""
    return st.query_params.get(name)


def first_visit() -> bool:
    """True once in a browser session: what the address said then came from a link."""
    new = _SEEN not in st.session_state
    st.session_state[_SEEN] = True
    return new


def set_text(text: str) -> None:
    """Put a text into the bench; only from a callback, before its widget is drawn."""
    st.session_state[TEXT] = text


def own_models() -> dict[str, Model]:
    """Models trained in this browser session, by the name they go by."""
    models: dict[str, Model] = st.session_state.setdefault(_OWN, {})
    return models


def keep_good(slug: str, text: str) -> None:
    """Remember what last ran well, for as long as what is typed does not."""
    st.session_state[_GOOD] = (slug, text)


def last_good(slug: str) -> str | None:
    """The text that last ran well on this model."""
    kept = st.session_state.get(_GOOD)
    return kept[1] if kept and kept[0] == slug else None


def head_in_address() -> Mapping[str, str]:
    """Kind, layer and head as the address has them."""
    return {name: st.query_params[name] for name in (KIND, LAYER, HEAD) if name in st.query_params}
