"""Cut and paint: take edges out of a map, or give a row by hand, and let the model write again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from headlight.model import KINDS, Edits, Tokens, Trace
from headlight.model.run.arrays import Array

from ... import runtime, selection, theme
from ...figures.edited import difference_map, edited_map
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.chart import chart, dark
from ...page.context import RunContext
from ...page.head_choice import cell_in, head_in

NAME = "Cut and paint"
LOOK = (
    "One head's attention weights. A cut edge (✂) may not be used: its score becomes −∞ before the "
    "softmax, and the row shares itself out over what is left. A painted row (✎) has the weights "
    "that you gave it."
)
LOOK_FOR = "a cut that changes the word, and one that does not although the weight was large."

SCOPES = {"head": "this head", "layer": "all heads of the layer", "all": "all layers"}


def render(context: RunContext) -> None:
    """The head, what to do with its cells, both texts, and the maps before and after."""
    edits = edit_list.in_force(context.model)
    try:
        after = runtime.run(context.model, context.text, edits=edits) if edits else context.trace
    except ValueError as error:
        st.warning(plain(str(error)))
        edit_list.show(context.trace)
        return
    edit_list.show(after)
    kind, layer, head = _head(context)
    query, key = _place(context.trace, after, kind, layer, head)
    _tools(after, kind, layer, head, query, key)
    before_after.texts(context.trace, after)
    _maps(context.trace, after, kind, layer, head)
    if edits:
        before_after.losses(context.model, context.trace, edits, "cut-losses")


def _head(context: RunContext) -> tuple[str, int, int]:
    trace = context.trace
    kind, layer, head = head_in(context)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _buttons("Attention", "kind", [k for k in KINDS if trace.n_layers(k)], "{}")
        _buttons("Layer", "layer", selection.positions(trace.n_layers(kind)), "L{}")
        _buttons("Head", "head", selection.positions(len(trace.attention[kind][layer].z)), "H{}")
    return kind, layer, head


def _buttons(label: str, name: str, options: Sequence[str], say: str) -> None:
    st.segmented_control(
        label,
        options,
        format_func=lambda one: theme.KIND_SHORT.get(one, say.format(one)),
        required=True,
        **selection.widget(name),
    )


def _place(before: Trace, after: Trace, kind: str, layer: int, head: int) -> tuple[int, int]:
    """The cell: at first one with something to follow, in the run as trained."""
    start = cell_in(before, kind, (layer, head))
    query = selection.index("query", len(after.queries(kind)), start[0])
    key = selection.index("key", len(after.keys(kind)), start[1])
    return query, key


def _tools(trace: Trace, kind: str, layer: int, head: int, query: int, key: int) -> None:
    """Which cell, and what is done to it."""
    scope = selection.choice("scope", list(SCOPES), "head")
    at = (None if scope == "all" else layer, head if scope == "head" else None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _token("From (row)", "query", trace.queries(kind))
        _token("To (column)", "key", trace.keys(kind))
        st.selectbox(
            "In",
            list(SCOPES),
            format_func=SCOPES.__getitem__,
            **selection.widget("scope"),
            width=190,
        )
        for label, shortcut, edge in (
            ("Cut the edge", "x", (query, key)),
            ("Cut the row", None, (query, None)),
            ("Cut the column", None, (None, key)),
        ):
            st.button(
                label,
                icon=":material/content_cut:",
                on_click=edit_list.add,
                args=(Edits(cut={(kind, *at, *edge)}),),
                shortcut=shortcut,
            )
    record = trace.attention[kind][layer]
    allowed = record.mask[query, key] and (record.cut is None or not record.cut[head, query, key])
    weights = record.pattern[head, query]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Weight of this cell; the others of the row scale",
            0.0,
            1.0,
            round(float(weights[key]), 3),
            0.005,
            key=f"paint-{kind}-{layer}-{head}-{query}-{key}-{weights[key]:.3f}",
            on_change=_paint,
            args=(kind, layer, head, query, key, weights, f"{weights[key]:.3f}"),
            disabled=not allowed,
            width=420,
        )
        st.button(
            "Look only here",
            icon=":material/edit:",
            on_click=_set,
            args=((kind, layer, head, query), np.eye(len(weights))[key]),
            disabled=not allowed,
        )
        open_ = (
            record.mask[query]
            if record.cut is None
            else record.mask[query] & ~record.cut[head, query]
        )
        st.button(
            "Look everywhere alike",
            icon=":material/edit:",
            on_click=_set,
            args=((kind, layer, head, query), open_ / max(1, open_.sum())),
            disabled=not open_.any(),
        )
        st.button(
            "Switch the head off",
            icon=":material/power_settings_new:",
            on_click=edit_list.add,
            args=(Edits(ablate={(kind, layer, head)}),),
        )


def _token(label: str, name: str, tokens: Tokens) -> None:
    st.selectbox(
        label,
        selection.positions(len(tokens)),
        format_func=lambda i: f"{i} · {tokens.surface(int(i))}",
        **selection.widget(name),
        width=170,
    )


def _paint(
    kind: str, layer: int, head: int, query: int, key: int, weights: Array, shown: str
) -> None:
    """The slider was moved: the row's other weights share what is left, in proportion."""
    wanted = st.session_state[f"paint-{kind}-{layer}-{head}-{query}-{key}-{shown}"]
    _set((kind, layer, head, query), painted(weights, key, wanted))


def painted(weights: Array, key: int, wanted: float) -> Array:
    """A row that adds to 1 with `wanted` at `key`, the others scaled alike.

    Where nothing is left to scale, the cell takes the whole row.
    """
    row = weights.astype(np.float64)
    rest = row.sum() - row[key]
    if rest <= 0:
        whole: Array = np.eye(len(row))[key]
        return whole
    row *= (1 - wanted) / rest
    row[key] = wanted
    return row


def _set(row: tuple[str, int, int, int], weights: Array) -> None:
    edit_list.replace_row(row, Edits(set={row: weights}))


def _maps(before: Trace, after: Trace, kind: str, layer: int, head: int) -> None:
    """The head now, pressed to choose a cell, and how it differs from before."""
    left, right = st.columns(2, gap="large")
    with left:
        chart(
            edited_map(after, kind=kind, layer=layer, head=head, dark=dark()),
            key=f"cut-map-{kind}-{layer}-{head}",
            on_select=_chosen,
            selection_mode="points",
        )
    with right:
        if after.edits:
            chart(
                difference_map(before, after, kind=kind, layer=layer, head=head),
                key="cut-difference",
            )


def _chosen() -> None:
    """A cell of the map was pressed."""
    for name, event in st.session_state.items():
        if str(name).startswith("cut-map-") and event and event["selection"]["points"]:
            query, key = event["selection"]["points"][0]["customdata"][-2:]
            selection.update(query=int(query), key=int(key))
