"""Plotly figures on a page: one way to show them, with larger type while presenting."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from viz.views import present


def chart(figure: go.Figure, *, bar: bool = True, **more: Any) -> Any:
    """Show a figure; returns what `st.plotly_chart` returns.

    Args:
        bar: whether Plotly's bar of buttons comes up when one points at the figure.
        more: for `st.plotly_chart`; `config` is added to the page's own.
    """
    config = {"displaylogo": False, **({} if bar else {"displayModeBar": False})}
    config |= more.pop("config", {})
    if present.presenting():
        figure = enlarged(figure, present.TIMES)
    return st.plotly_chart(figure, config=config, **more)


def enlarged(figure: go.Figure, times: float) -> go.Figure:
    """The figure with all its type, its height and its margins `times` as large."""
    drawn = figure.to_dict()
    _grow(drawn, times)
    layout = drawn["layout"]
    for measures, name in ((layout, "height"), *((layout.get("margin", {}), s) for s in "lrtb")):
        if measures.get(name) is not None:
            measures[name] *= times
    return go.Figure(drawn)


def _grow(part: Any, times: float) -> None:
    """Multiply the size of every font in a figure, or a part of one."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("font") and "size" in value:
                value["size"] = value["size"] * times
            _grow(value, times)
    elif isinstance(part, list | tuple):
        for one in part:
            _grow(one, times)
