"""A row of buttons that mirrors one parameter of the address: a page's parts, and the like."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from .. import selection


def choose(name: str, label: str, titles: Mapping[str, str], usual: str = "") -> str:
    """Draw the row, and return what is chosen.

    Args:
        name: of the parameter.
        label: for those who cannot see the row.
        titles: what each value is called.
        usual: chosen where the address says nothing; the first by default.
    """
    values = list(titles)
    chosen = selection.choice(name, values, usual or values[0])
    st.segmented_control(
        label,
        values,
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        **selection.widget(name),
    )
    return chosen
