"""Every head over a finished training: any metric of patterns, measured on many sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from headlight.model.analysis.heads.metrics import get_metric
from headlight.model.training.emergence import FOLLOWED, ROWS, Aligner, Emergence

from ... import runtime, selection, theme
from ...components.static import style
from ...figures.emergence import emergence_lines
from ...labels import head_name, worded
from ...markdown import plain
from ...page.chart import chart
from ...page.context import RunContext

FIRST = "aer"
"""The metric that is shown until another is chosen."""
WORDS: Mapping[str, str] = {
    "writes": "the word about to be written",
    "reads": "the word just read",
}


def render(context: RunContext) -> None:
    """The heads of the shipped weights; nothing where they were not followed."""
    found = runtime.heads_over_training(context.model)
    if found is None:
        return
    st.subheader("Every head over this training")
    slugs = [one.slug for one in FOLLOWED]
    slug = selection.choice("measure", slugs, FIRST)
    st.selectbox(
        "Measured by",
        slugs,
        format_func=lambda name: get_metric(name).title,
        **selection.widget("measure"),
    )
    metric = get_metric(slug)
    st.html(style("training"))
    with st.container(key="heads-over-training"):
        columns = st.columns(len(metric.kinds))
    for column, kind in zip(columns, metric.kinds, strict=True):
        with column:
            st.markdown(f"**{theme.KIND_NAMES[kind]}**")
            _lines(found, slug, kind)
    st.caption(
        f"{plain(metric.definition)} Measured on {plain(found.what)}, with the right answer given "
        "at every step, so that all steps have the same rows. Each line is one head; look for the "
        "step at which a few of them leave the others."
    )
    if slug in ROWS:
        said = "\n".join(f"- {_said(one)}" for one in found.aligners)
        st.markdown(worded(said, context.model.reads))


def _lines(found: Emergence, slug: str, kind: str) -> None:
    if not np.isfinite(found.grid(slug, kind)).any():
        st.caption("Nothing to measure here.")
        return
    figure = emergence_lines(found, slug, kind)
    chart(figure, key=f"heads-over-training-{kind}", bar=False)


def _said(one: Aligner) -> str:
    """The best aligner of one framing, and since when it is one."""
    name = f"cross {head_name(one.layer, one.head)}"
    number = (
        f"alignment error {theme.number(one.error)} ± {theme.number(one.standard_error)} "
        f"(standard error), diagonal {theme.number(one.diagonal)}"
    )
    since = (
        "at the last step no aligner by the badge's rule"
        if one.step is None
        else f"an aligner by the badge's rule from step {one.step:,} on"
    )
    return (
        f"Best for {WORDS[one.row]}: **{name}**, {number}; {since}. It was chosen at the last step "
        "on one half of the sentences; the numbers are of the other half."
    )
