"""The study of one head: its weights as a Plotly figure, to zoom, to read and to keep."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ..components.lens.component import Selection
from ..figures import head_map
from .chart import chart, dark
from .words import head_name, plain


def render(trace: Trace, second: Trace | None, shown: Selection) -> None:
    """The head that the lens has selected, of both sentences where there are two."""
    st.caption(
        "The head selected above. Drag to zoom in, double-click to see it whole again; a cell says "
        "its weight, its score and its norm-weighted attention. The camera saves an SVG."
    )
    traces = [trace] if second is None else [trace, second]
    for column, one in zip(st.columns(len(traces)), traces, strict=True):
        with column:
            if second is not None:
                st.markdown(plain(one.source_text))
            _figure(one, shown)


def _figure(trace: Trace, shown: Selection) -> None:
    figure = head_map(
        trace,
        kind=shown.kind,
        layer=shown.layer,
        head=shown.head,
        dark=dark(),
    )
    figure.update_layout(dragmode="zoom")
    name = f"headlight-{shown.kind}-{head_name(shown.layer, shown.head).replace(' ', '')}"
    chart(
        figure,
        width=min(1100, 260 + 64 * len(trace.keys(shown.kind))),
        config={
            "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
            "toImageButtonOptions": {"format": "svg", "filename": name},
        },
    )
