"""Output to source: which source word did each output token come from, by four methods."""

from __future__ import annotations

import numpy as np
import streamlit as st

from headlight.model.analysis.attribution.sources import METHODS, Method, Sources

from ... import runtime, selection, theme
from ...figures.sources import sources_bars, sources_map
from ...figures.tokens import axis_labels, label
from ...markdown import plain
from ...page.background import result
from ...page.chart import chart, dark
from ...page.context import RunContext

BY_SLUG = {one.slug: one for one in METHODS}


def render(context: RunContext) -> None:
    """All methods for one token, one method for all tokens, and how well they agree."""
    st.caption(
        "Attention says where the heads look; leaving a word out says what the answer really "
        "depends on. Look for tokens where the two disagree: is attention an explanation?"
    )
    found: Sources | None = result(
        runtime.explaining(context.model, context.trace), "Work it out", at_once=True
    )
    if found is None:
        return
    tokens = axis_labels(context.trace.tgt_out)
    words = [label(word) for word in found.words]
    left, right = st.columns(2, gap="large")
    with left:
        row = _written(context)
        chart(
            sources_bars(
                [found.scores[one.slug][row] for one in METHODS],
                [_titled(one) for one in METHODS],
                words,
            ),
            key="sources-bars",
            bar=False,
        )
    with right:
        way = selection.choice("way", list(BY_SLUG), METHODS[0].slug)
        st.selectbox(
            "All tokens by",
            list(BY_SLUG),
            format_func=lambda slug: BY_SLUG[slug].title,
            **selection.widget("way"),
        )
        method = BY_SLUG[way]
        chart(
            sources_map(
                found.scores[way],
                tokens,
                words,
                title=_titled(method),
                signed=method.signed,
                dark=dark(),
            ),
            key="sources-map",
            bar=False,
        )
        st.caption(f"{plain(method.definition)} Source: {plain(method.source)}.")
    _agreement(context, found, row)


def _written(context: RunContext) -> int:
    """The row of the output token that is looked at."""
    tokens = context.trace.tgt_out
    names = [
        f"{i} {tokens.surface(i) if not tokens.special[i] else piece}"
        for i, piece in enumerate(tokens.pieces)
    ]
    rows = selection.positions(len(names))
    chosen = selection.choice("written", rows, "0")
    st.pills(
        "Token written",
        rows,
        format_func=lambda i: plain(names[int(i)]),
        required=True,
        wrap=True,
        **selection.widget("written"),
    )
    return int(chosen)


def _titled(method: Method) -> str:
    return f"{method.title}, {method.unit}"


def _agreement(context: RunContext, found: Sources, row: int) -> None:
    """Rank correlations with leaving a word out."""
    many = runtime.shipped_agreement(context.model)
    head = "| agreement with leaving a word out | this token | this sentence |"
    line = "|:--|--:|--:|"
    if many:
        head += f" {many['sentences']} sentences |"
        line += "--:|"
    rows = []
    for method in METHODS[1:]:
        cells = [
            f"{plain(method.title)}",
            _tau(float(found.tau[method.slug][row])),
            _tau(found.mean_tau(method.slug)),
        ]
        if many:
            known = many["tau"].get(method.slug)
            cells.append(_tau(float("nan") if known is None else float(known)))
        rows.append("| " + " | ".join(cells) + " |")
    st.markdown("\n".join([head, line, *rows]))
    st.caption(
        "Kendall's τ_b over the source words, signs aside: 1 is the same order, 0 no relation, "
        "−1 the reverse; mean over the tokens written. Jain & Wallace 2019 argue from low "
        "values of it that attention is not explanation; Wiegreffe & Pinter 2019 answer that it "
        "may still be one."
    )


def _tau(value: float) -> str:
    return "–" if np.isnan(value) else theme.number(value)
