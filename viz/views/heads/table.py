"""The table of all heads with all measures: to sort, to open, to take along."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from headlight.model.analysis.heads.badges import BADGES
from headlight.model.analysis.heads.files import to_bytes
from headlight.model.analysis.heads.metrics import METRICS
from headlight.model.analysis.heads.table import HeadTable
from headlight.model.run.edits import Head

from ...markdown import plain
from ...page.context import RunContext
from .opening import full_name, open_head, picked

HEAD_WIDTH, SHARE_WIDTH, NUMBER_WIDTH = 120, 54, 62
"""Pixels of the table's columns: shares with short headings need less. All are seen at 1440."""


def all_heads(context: RunContext, atlas: HeadTable) -> None:
    """The table, the button that opens its chosen head, and what the badges mean."""
    heads = atlas.heads()
    there = [one for one in METRICS if atlas.has(one.slug)]
    shown: dict[str, list[Any]] = {"head": [full_name(head) for head in heads]}
    for one in there:
        shown[one.slug] = [_number(atlas.value(one.slug, head)) for head in heads]
    st.markdown("**All heads**")
    event = st.dataframe(
        shown,
        key="heads-table",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        placeholder="–",
        height=min(360, 38 + 35 * len(heads)),
        column_config={
            "head": st.column_config.TextColumn(pinned=True, width=HEAD_WIDTH),
            **{
                one.slug: st.column_config.NumberColumn(
                    one.heading,
                    format="%.3f",
                    width=SHARE_WIDTH if one.high == 1 and len(one.heading) < 7 else NUMBER_WIDTH,
                    help=f"**{plain(one.title)}**: {plain(one.definition)}",
                )
                for one in there
            },
        },
    )
    chosen = [heads[row] for row in picked(event) if row < len(heads)]
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen:
            _opener(context, chosen[0])
        name = f"heads-{atlas.model}"
        for label, suffix in (("CSV", ".csv"), ("Parquet", ".parquet")):
            st.download_button(
                label,
                partial(to_bytes, atlas, suffix),
                name + suffix,
                icon=":material/download:",
            )
    with st.expander("What the badges mean"):
        st.markdown(
            "Badges follow from the measures by these thresholds, and from nothing else:\n\n"
            + "\n".join(f"- **{plain(badge.title)}**: {plain(badge.rule)}" for badge in BADGES)
        )


def _opener(context: RunContext, head: Head) -> None:
    if st.button(f"Open {full_name(head)} in Explore", icon=":material/search:", type="primary"):
        open_head(context, head)


def _number(value: float) -> float | None:
    """As the table shows it; what rounds to zero is zero, or it would be shown as “-0.000”."""
    return None if np.isnan(value) else 0.0 if abs(value) < 0.0005 else value
