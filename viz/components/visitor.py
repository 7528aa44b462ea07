"""A cookie by which the server knows a browser again: so that what it has trained is not lost."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_COMPONENT = st.components.v2.component(
    "headlight_visitor",
    js="""export default function ({ data, setStateValue }) {
      const known = document.cookie.split("; ").find((one) => one.startsWith(data.cookie + "="));
      let key = known && known.slice(data.cookie.length + 1);
      if (!key) {
        key = [...crypto.getRandomValues(new Uint8Array(16))]
          .map((n) => n.toString(16).padStart(2, "0")).join("");
        document.cookie = `${data.cookie}=${key}; path=/; max-age=86400; samesite=strict`;
      }
      if (data.told !== key) setStateValue("key", key);
    }""",
)
KEY = "visitor"


def visitor(cookie: str, recognise: Callable[[str], None]) -> None:
    """Have the browser keep a random number for a day, and tell the server."""
    told = str((st.session_state.get(KEY) or {}).get("key") or "")
    if told:
        recognise(told)
    _COMPONENT(key=KEY, data={"cookie": cookie, "told": told}, on_key_change=lambda: None)
