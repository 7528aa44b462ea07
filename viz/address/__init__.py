"""The page's address: what a link asks for (`asked`), what is kept there (`placed`), and what
single pages make of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st

from .. import state
from .asked import (
    Unusable,
    asked,
    check_set,
    dismiss_unusable,
    linked,
    linked_head,
    linked_names,
    linked_number,
    linked_pin,
    note_unusable,
    numbers,
    unusable,
)
from .placed import (
    forget,
    place,
    place_set,
    placed,
    placed_number,
    placed_set,
    placed_text,
    placing,
)

MOST_TURNS = 999_999
_DECODING_SHOWN = "decoding_shown"

__all__ = [
    "Unusable",
    "asked",
    "cell",
    "check_set",
    "dismiss_unusable",
    "forget",
    "link",
    "linked",
    "linked_head",
    "linked_ids",
    "linked_names",
    "linked_number",
    "linked_pin",
    "note_unusable",
    "numbers",
    "place",
    "place_set",
    "placed",
    "placed_number",
    "placed_set",
    "placed_text",
    "placing",
    "shared",
    "show_ids",
    "turn",
    "unusable",
    "view",
]


def link(**changes: Any) -> dict[str, str]:
    """Query parameters for `st.page_link` or `st.switch_page`: the bench, and what is given."""
    bench = {name: st.session_state.get(name) for name in (state.MODEL, state.TEXT)}
    return {k: str(v) for k, v in {**bench, **changes}.items() if v is not None}


def cell() -> dict[str, str]:
    """Kind, layer and head as the lens keeps them in the address, and the query and key of its
    pinned cell where rows are single tokens.
    """
    found = {
        name: st.query_params[name]
        for name in (state.KIND, state.LAYER, state.HEAD)
        if name in st.query_params
    }
    row, _, column = (asked(state.PIN) or "").partition("-")
    if asked("u") is None and asked("sp") is None:  # neither whole words nor left-out tokens
        found |= {state.QUERY: row} if row.isdecimal() else {}
        found |= {state.KEY: column} if column.isdecimal() else {}
    return found


def turn() -> int:
    """How often “Another one” was pressed."""
    return int(linked_number(state.TURN, 0, MOST_TURNS, whole=True) or 0)


def shared() -> str:
    """The page's address as it stands, to be opened by others, who do not present."""
    shown = {k: v for k, v in st.query_params.to_dict().items() if k != state.PRESENT}
    query = urlencode(shown, quote_via=quote)
    return f"{st.context.url or ''}{'?' if query else ''}{query}"


def view() -> Mapping[str, str]:
    """What the address says of the view: all but the model and the text."""
    return {
        name: st.query_params[name]
        for name in st.query_params
        if name not in (state.MODEL, state.TEXT)
    }


def linked_ids(name: str) -> str | None:
    """Token ids that a link brought; None for those that the page itself put into the address."""
    given = asked(name)
    return None if given == st.session_state.get(_DECODING_SHOWN, {}).get(name) else given


def show_ids(**addresses: str | None) -> None:
    """Remember which token ids the page puts into the address."""
    st.session_state[_DECODING_SHOWN] = addresses
