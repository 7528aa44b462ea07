"""Buttons that save a Plotly chart as PNG or SVG, both at once: Plotly's own menu has only one."""

from __future__ import annotations

import streamlit as st

from .static import loader

_COMPONENT = st.components.v2.component("headlight_chart_buttons", js=loader("chart_buttons"))


def save_buttons(chart: str, name: str) -> None:
    """Draw both buttons.

    Args:
        chart: the key of the chart on this page.
        name: of the file, without its ending.
    """
    _COMPONENT(key=f"{chart}-save", data={"chart": chart, "name": name})
