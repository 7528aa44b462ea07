"""Explore: every head of the three attentions, on the text that was just typed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from headlight.model import KINDS, Trace

from .. import address, state
from ..components.lens import lens
from ..components.lens.component import asked_to_compare
from ..components.palette import SWITCHES
from . import explore_compare, explore_files, explore_study
from .bench import Bench
from .present import stage

TITLE, ICON, PATH = "Explore", ":material/search:", "explore"


def render(bench: Bench) -> None:
    """The lens on the bench's trace, or on a saved run; folded below it, study and files.

    The folds are made first: what is opened in them decides what the lens shows.
    """
    above, below = stage(), st.container(key="explore-below")
    with below:
        study = st.expander(
            "Study this head: zoom in, exact values, a figure to keep",
            key=state.STUDY,
            on_change="rerun",
        )
        row = st.container(horizontal=True)
        with row:
            files = explore_files.take_along()
            opened = explore_files.open_saved()
    with above:
        trace = explore_files.shown(opened, bench)
    if trace is bench.trace and "inside" in bench.pages:
        with row:
            _follow(bench)
    with above:
        text = asked_to_compare()
        second = explore_compare.run(bench, trace, text)
        start = {"kind": "cross", "layer": trace.n_layers("cross") - 1, "head": 0}
        selection = lens(
            trace,
            selection={**start, **_from_link(trace)},
            compare=second,
            second=text,
            remember=True,
            follow=bool(study.open),
        )
    if study.open:
        with study:
            explore_study.render(trace, second, selection)
    if files.open:
        with files:
            explore_files.downloads(trace, second)


def _follow(bench: Bench) -> None:
    """To the numbers behind the pinned cell, which are those of the text above."""
    if st.button(
        "Follow a weight",
        icon=":material/conversion_path:",
        type="tertiary",
        help="Every number behind the pinned cell, step by step.",
    ):
        bench.open("inside", section="follow", **address.cell())


def _from_link(trace: Trace) -> Mapping[str, str]:
    """The head of the address; what the lens cannot show of a link is told of."""
    head = address.linked_head({kind: trace.n_layers(kind) for kind in KINDS}, trace.n_heads)
    for name, values in SWITCHES.items():
        address.linked(name, values)
    address.linked_number(state.THRESHOLD, 0, 1)
    kind = head.get(state.KIND, "cross")
    address.linked_pin(len(trace.queries(kind)), len(trace.keys(kind)))
    return head
