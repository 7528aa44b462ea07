"""Values that the address owns and a widget mirrors: reloading or sharing the page keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from .asked import asked, came, either, linked, linked_number, note_unusable, number

Number = TypeVar("Number", int, float)


def placed(name: str, options: Sequence[str], default: str, *, keep: bool = False) -> str:
    """What the address says, else what was chosen before, else `default`: kept in step.

    The address owns the value and the widget with this key mirrors it; `place` is its callback.
    A default that nobody asked for is left out of the address (every change there is a step of the
    Back button), and it is not kept when it changes.

    Args:
        options: short names that stay when the words on the screen change.
        keep: stay with what is shown even when the default changes.
    """
    kept = f"_kept_{name}"
    said = linked(name, options)
    value = next((v for v in (said, st.session_state.get(kept)) if v in options), default)
    st.session_state[name] = value
    if said is None and value == default and not keep:
        st.session_state.pop(kept, None)
        return value
    st.session_state[kept] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = str(value)
    return str(value)


def placed_number(
    name: str, usual: Number, low: float, high: float, *, allowed: str = ""
) -> Number:
    """The same for a number, whole where `usual` is; the usual one is left out of the address.

    A link's number has to be within the range; one that was typed may be anything, so that the
    page can say what is wrong with it.
    """
    kept, cast = f"_kept_{name}", type(usual)
    said = linked_number(name, low, high, whole=cast is int, allowed=allowed)
    typed = st.session_state.get(name)
    if said is not None:
        value = cast(said)
    elif typed is not None and number(asked(name) or "") == typed:
        value = typed
    else:
        value = st.session_state.get(kept, usual)
    st.session_state[name] = value
    if value == usual:
        forget(name)
        return usual
    st.session_state[kept] = value
    if st.query_params.get(name) is None:
        st.query_params[name] = str(value)
    return value


def placing(name: str) -> dict[str, Any]:
    """What a widget needs to mirror a placed value: `st.selectbox(…, **placing(name))`."""
    return {"key": name, "on_change": place, "args": (name,)}


def place(name: str, value: str | None = None) -> None:
    """Put a value, or what the widget of that name has, into the address; only from a callback."""
    chosen = st.session_state.get(name) if value is None else value
    if chosen is not None:
        st.query_params[name] = str(chosen)


def placed_set(name: str, options: Sequence[str], default: Sequence[str]) -> list[str]:
    """The same for a widget with several choices: `a,b` in the address, in the options' order."""
    said = asked(name)
    kept = f"_kept_{name}"
    wanted = said.split(",") if said is not None else st.session_state.get(kept, default)
    values = [value for value in options if value in wanted]
    if came(name) and (wrong := [one for one in wanted if one and one not in options]):
        note_unusable(name, ",".join(wrong), either(options))
        if values:
            st.query_params[name] = ",".join(values)
        else:
            values = list(default)
            del st.query_params[name]
    st.session_state[name] = st.session_state[kept] = values
    return values


def place_set(name: str) -> None:
    """Put what such a widget has into the address; only from a callback."""
    st.query_params[name] = ",".join(st.session_state.get(name) or [])


def placed_text(name: str) -> str:
    """The same for a text field; empty where nothing was typed."""
    said = asked(name)
    value = st.session_state.get(f"_kept_{name}", "") if said is None else said
    st.session_state[name] = st.session_state[f"_kept_{name}"] = value
    return str(value)


def forget(*names: str) -> None:
    """Take placed values out of the address, so that their defaults come back."""
    for name in names:
        st.session_state.pop(f"_kept_{name}", None)
        if name in st.query_params:
            del st.query_params[name]
