"""A figure with larger type, for a projector."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


def scale_fonts(figure: go.Figure, times: float) -> go.Figure:
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
