"""Explore: every head of the three attentions, on the text that was just typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from headlight.model import KINDS, Trace

from ... import runtime, selection
from ...components.lens import lens
from ...components.lens.layers import kept
from ...components.lens.pool import starts as pooled
from ...labels import worded
from ...page import edit_list
from ...page.context import RunContext
from ...page.head_choice import first_head, head_in
from ...page.present import stage
from . import compare, edited, files, study, times

TITLE, ICON, PATH = "Explore", ":material/search:", "explore"


def render(context: RunContext) -> None:
    """The lens on the text's trace, or on a saved run; folded below it, study and files.

    The folds are made first: what is opened in them decides what the lens shows.
    """
    above, below = stage(), st.container(key="explore-below")
    with below:
        lost = st.container()
        fold = st.expander(
            "Study this head: zoom in, exact values, a figure to keep",
            key="study",
            on_change=selection.redraw,
        )
        row = st.container(horizontal=True)
        with row:
            download = files.download()
            opened = files.open_saved()
    with above:
        trace = files.shown(opened, context)
    if trace is context.trace and "inside" in context.pages:
        with row:
            compare.choose(context)
            if not pooled(trace.src):  # a pinned cell stands for several there
                _follow(context)
                edited.tools(context)
            _matters(context)
    head = _selected(context, trace)
    with above:
        text = selection.text("compare").strip()
        second = compare.run(context, trace, text)
        if trace is context.trace and (changed := edited.run(context)) is not None:
            second = changed
            with lost:
                edited.lost(context, changed)
        start = dict(zip(("kind", "layer", "head"), first_head(context, trace), strict=True))
        pin = selection.current()["pin"]
        lens(
            trace,
            selection=start,
            heads=_first_heads(context, trace),
            pin=pin,
            compare=second,
            second=text,
            seconds=compare.seconds(context),
            follow=bool(fold.open),
            example=_example(context) if trace is context.trace else None,
            on_edit=edit_list.take if trace is context.trace and not pooled(trace.src) else None,
        )
    with below:
        times.render(trace)
    if fold.open:
        with fold:
            study.render(trace, second, *head)
    if download.open:
        with download:
            files.downloads(trace.model, *_again(context, opened, trace, second), head)


def _first_heads(context: RunContext, trace: Trace) -> dict[str, tuple[int, int]]:
    """(layer, head) to open of each kind that a link may name.

    Maps that are not kept are many and large: they are measured once their kind is chosen.
    """
    chosen = selection.current().chosen("kind")
    kinds = [one for one in KINDS if trace.n_layers(one) and (kept(trace, one) or one == chosen)]
    return {kind: first_head(context, trace, kind)[1:] for kind in kinds}


def _again(
    context: RunContext, opened: Any, trace: Trace, second: Trace | None
) -> tuple[Callable[[], Trace], files.Again]:
    """What gives the two traces later, when the page holds them no longer."""
    model = context.model
    own = trace is context.trace
    first = runtime.again(model, trace) if own else runtime.opened_again(opened.getvalue, trace)
    if second is None:
        return first, lambda: None
    other = model if second.digest == model.digest else runtime.get(second.model)
    return first, runtime.again(other, second)


def _example(context: RunContext) -> dict[str, object] | None:
    """The head that shows what the text's example is about; None where none does."""
    examples = context.model.task.examples if context.model.task is not None else ()
    example = next((one for one in examples if one.text == context.text), None)
    found = runtime.opening(context.model, context.trace)
    if example is None or (example.shows and found.basis != "example"):
        return None
    return {
        "kind": found.kind,
        "layer": found.layer,
        "head": found.head,
        "note": example.note,
    }


def _follow(context: RunContext) -> None:
    """To the numbers behind the pinned cell, which are those of the text above."""
    if st.button(
        "Follow a weight",
        icon=":material/conversion_path:",
        type="tertiary",
        help="Every number behind the pinned cell, step by step.",
    ):
        context.open("inside", section="follow")


def _matters(context: RunContext) -> None:
    """Beyond one head: what each output word comes from."""
    reads = context.model.reads
    if "heads" in context.pages and st.button(
        worded("Which {part} matters?", reads),
        icon=":material/help_center:",
        type="tertiary",
        help=worded(
            "Which {part}s of the {source} each output word depends on, by several methods.", reads
        ),
    ):
        context.open("heads", part="sources")


def _selected(context: RunContext, trace: Trace) -> tuple[str, int, int]:
    """(kind, layer, head); what this trace does not have of a link is told of."""
    kind, layer, head = head_in(context, trace)
    selection.cell("pin", len(trace.queries(kind)), len(trace.keys(kind)))
    return kind, layer, head
