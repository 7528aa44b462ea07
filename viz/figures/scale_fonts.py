"""A figure with larger type, for a projector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

from .inked import LETTERS


def scale_fonts(figure: go.Figure, times: float, least: float = 0) -> go.Figure:
    """The figure with all its type, its height and its margins `times` as large.

    Args:
        least: pixels; no type is smaller. Type that is left to the page's theme is set to it, and
            numbers on cells go where that would not fit: they are still told under the pointer.
    """
    drawn = figure.to_dict()
    _grow(drawn, times, least)
    if least:
        drawn["data"] = [part for part in drawn["data"] if _fits(part)]
        for font in _fonts(drawn):
            font.setdefault("size", least)
    layout = drawn["layout"]
    for measures, name in ((layout, "height"), *((layout.get("margin", {}), s) for s in "lrtb")):
        if measures.get(name) is not None:
            measures[name] *= times
    return go.Figure(drawn)


def _grow(part: Any, times: float, least: float) -> None:
    """Multiply the size of every font in a figure, or a part of one."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("font") and "size" in value:
                value["size"] = max(value["size"] * times, least)
            _grow(value, times, least)
    elif isinstance(part, list | tuple):
        for one in part:
            _grow(one, times, least)


def _fits(part: dict[str, Any]) -> bool:
    """Whether the words on a map's cells, if these are any, still stand beside each other."""
    letters = (part.get("meta") or {}).get(LETTERS)
    if letters is None:
        return True
    columns = 1 + max(part["x"], default=0)
    return bool(columns * max(map(_width, part["text"]), default=0) <= letters)


def _width(word: str) -> float:
    """In letters; brackets take half of one."""
    return len(word) - sum(map(word.count, "()")) / 2


def _fonts(drawn: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fonts of all that is written: axes, colour bars, legend, notes, words at points."""
    layout = drawn["layout"]
    scene = layout.get("scene", {})
    for name in () if scene else ("xaxis", "yaxis"):
        layout.setdefault(name, {})
    axes = [one for name, one in layout.items() if name.startswith(("xaxis", "yaxis"))]
    axes += [scene[name] for name in ("xaxis", "yaxis", "zaxis") if name in scene]
    bars = [one["colorbar"] for one in drawn["data"] if "colorbar" in one]
    bars += [one["colorbar"] for name, one in layout.items() if name.startswith("coloraxis")]
    for one in axes + bars:
        yield one.setdefault("tickfont", {})
        yield one.setdefault("title", {}).setdefault("font", {})
    yield layout.setdefault("legend", {}).setdefault("font", {})
    for one in layout.get("annotations", ()):
        yield one.setdefault("font", {})
    for one in drawn["data"]:
        if "text" in one or "texttemplate" in one:
            yield one.setdefault("textfont", {})
