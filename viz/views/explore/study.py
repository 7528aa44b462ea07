"""The study of one head: its weights as a Plotly figure, to zoom, to read and to keep."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ...components.lens.pool import starts as pooled
from ...figures import head_map
from ...labels import head_name
from ...markdown import plain
from ...page.chart import chart, dark


def render(trace: Trace, second: Trace | None, kind: str, layer: int, head: int) -> None:
    """The head that the lens has selected, of both sentences where there are two."""
    st.caption(
        "The head selected above. Drag to zoom in, double-click to see it whole again; point at a "
        "cell for its weight, score and norm-weighted attention. The camera button saves an SVG."
    )
    traces = [trace] if second is None else [trace, second]
    if kind == "encoder_self" and any(pooled(one.src) for one in traces):
        st.info("This map has a row and a column for every frame: too many to study here.")
        return
    for column, one in zip(st.columns(len(traces)), traces, strict=True):
        with column:
            at = min(layer, one.n_layers(kind) - 1), min(head, one.heads(kind) - 1)
            if second is not None and second.model != trace.model:
                st.markdown(f"{plain(one.model)}, {head_name(*at)}")
            elif second is not None:
                st.markdown(plain(one.source_text))
            _figure(one, kind, *at)


def _figure(trace: Trace, kind: str, layer: int, head: int) -> None:
    figure = head_map(
        trace,
        kind=kind,
        layer=layer,
        head=head,
        dark=dark(),
    )
    figure.update_layout(dragmode="zoom")
    name = f"headlight-{kind}-{head_name(layer, head).replace(' ', '')}"
    chart(
        figure,
        width=min(1100, 260 + 64 * len(trace.keys(kind))),
        config={
            "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
            "toImageButtonOptions": {"format": "svg", "filename": name},
        },
    )
