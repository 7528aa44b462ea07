"""Plotly figures on a page: one way to show them, with larger type while presenting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ..figures.scale_fonts import scale_fonts
from . import present


def chart(figure: Any, *, bar: bool = True, tallest: int | None = None, **more: Any) -> Any:
    """Show a Plotly figure; returns what `st.plotly_chart` returns.

    Args:
        bar: whether Plotly's bar of buttons comes up when one points at the figure.
        tallest: pixels, of a figure that must be in sight as a whole while presenting.
        more: for `st.plotly_chart`; `config` is added to the page's own.
    """
    config = {"displaylogo": False, **({} if bar else {"displayModeBar": False})}
    config |= more.pop("config", {})
    if present.presenting():
        figure = scale_fonts(figure, present.TIMES, present.LEAST)
        if tallest is not None:
            figure.update_layout(height=min(figure.layout.height, tallest))
    return st.plotly_chart(figure, config=config, **more)


def dark() -> bool:
    """Whether the page is dark, for the ground of colour ramps."""
    return st.context.theme.type == "dark"


def whole(point: Any, name: str, place: int | None = None) -> int | None:
    """A whole number that a pressed point bears; None where the browser says something else.

    Args:
        name: of the field, such as "x".
        place: in the field, where that is a list.
    """
    said = point.get(name) if isinstance(point, Mapping) else None
    if place is not None:
        said = said[place] if isinstance(said, list) and said else None
    known = isinstance(said, int) and not isinstance(said, bool)
    if isinstance(said, float):
        known = said.is_integer()
    return int(said) if known else None  # type: ignore[arg-type]
